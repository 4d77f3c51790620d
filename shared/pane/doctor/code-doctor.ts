/**
 * Looks at a column of codes and repairs it. What was found and what was done outlives the view, and so does the way back.
 *
 * Diagnoses belong to values, not to rows: rows may be sorted, inserted and deleted between looking and repairing. A cell is only
 * written when it still holds the value that was looked at.
 */
import type { Country } from '../../country.ts'
import { failure, FailureError } from '../../error-codes.ts'
import type { Language } from '../../language.ts'
import type { CellValue } from '../../tariff-code.ts'
import { findEmptyColumn } from '../empty-column.ts'
import { observable } from '../observable.ts'
import type { PaneShelf } from '../pane-deps.ts'
import { isRefused, type ProxyApi, type Refused } from '../proxy-api.ts'
import {
  NEVER_HELD,
  type CellsAsTheyStand,
  type Followed,
  type Place,
  type RowsToWrite,
  type SpreadsheetHost,
} from '../spreadsheet-host.ts'
import { createStoppable } from '../stoppable.ts'
import { askTariff } from './ask-tariff.ts'
import { diagnose } from './diagnose.ts'
import { usualStyle, writeCode, type Diagnosis, type WritingStyle } from './diagnosis.ts'
import { printKeptRepair, readKeptRepair } from './kept-repair.ts'
import { readColumn, type ColumnCell } from './read-column.ts'

export interface ColumnToExamine {
  /** One column, without its header. */
  place: Place
  /** What the person calls it. */
  name: string
  country: Country
  /** Where the table or the used part ends: a column beside goes behind it. */
  endColumn: number
  /** Its header, and what a column beside is to be called; null: there is none. */
  header: { row: number; text: string; beside: string } | null
}

/** A value of the column, and all cells that hold it. */
export interface Finding {
  key: string
  value: CellValue
  diagnosis: Diagnosis
  cells: number
  /** Of them: results of formulas, which are not written over. */
  formulas: number
  /** On the sheet, of the first of them. */
  firstRow: number
}

export interface Examination extends ColumnToExamine {
  cells: number
  blanks: number
  findings: readonly Finding[]
}

export interface Choice {
  /** Values to be repaired, by their key. */
  ticked: ReadonlySet<string>
  style: WritingStyle
  /** Rewrites whole codes too, where they are not written in this style. */
  unify: boolean
  target: 'in-place' | 'beside'
}

/** What one finding becomes under a choice; null: it stays. */
export type Rewriting = { finding: Finding; after: string } | null

export interface Repaired {
  cells: number
  /** Left alone, because they hold something else now. */
  changed: number
  /** Left alone, because formulas make them. */
  formulas: number
  /** The column that was filled, as `G`'s number. */
  column: number
  wasStopped: boolean
  /** null until it was undone. */
  undone: { restored: number; changed: number } | null
}

export interface Progress {
  of: 'reading' | 'asking' | 'writing' | 'undoing'
  done: number
  total: number
}

export interface CodeDoctorDeps {
  host: SpreadsheetHost
  shelf: PaneShelf
  api: Pick<ProxyApi, 'answers'>
  language: () => Language
}

export type CodeDoctor = ReturnType<typeof createCodeDoctor>

const ROWS_MAX = 50_000

export function createCodeDoctor({ host, shelf, api, language }: CodeDoctorDeps) {
  const examination = observable<Examination | null>(null)
  const choice = observable<Choice>({ ticked: new Set(), style: 'plain', unify: false, target: 'in-place' })
  const progress = observable<Progress | null>(null)
  const repaired = observable<Repaired | null>(null)
  let followed: Followed | null = null
  let wayBack: WayBack | null = null
  let isRecalled = false
  const stoppable = createStoppable(() => progress.set(null))

  const shelfName = async (): Promise<string> => `undo.doctor.${await host.workbookKey()}`

  async function keepWayBack(report: Repaired, { before, expected }: WayBack): Promise<void> {
    const name = await shelfName()
    await shelf.clear(name)
    await shelf.add(name, printKeptRepair({ report, before, expected }))
  }

  /** Once a pane: what another pane repaired and can be undone stands there as if this one had done it. */
  async function recall(): Promise<void> {
    if (isRecalled) return
    isRecalled = true
    const kept = readKeptRepair((await shelf.read(await shelfName()))[0] ?? '')
    if (!kept || wayBack || repaired.get() || examination.get()) return
    const { report, before, expected } = kept
    try {
      wayBack = { before, expected, followed: await host.follow(before.place) }
    } catch (thrown) {
      if (!(thrown instanceof FailureError) || thrown.failure.failed !== 'place-gone') throw thrown
      return shelf.clear(await shelfName())
    }
    repaired.set(report)
  }

  async function examine(column: ColumnToExamine, signal: AbortSignal): Promise<Refused | void> {
    const { place, country } = column
    if (place.rows > ROWS_MAX) {
      throw new FailureError(failure('too-many-rows-selected', { count: place.rows, max: ROWS_MAX }))
    }
    examination.set(null)
    repaired.set(null)
    await followed?.release()
    followed = await host.follow(place)
    const cells = await readColumn(host, place, {
      signal,
      onProgress: (done) => progress.set({ of: 'reading', done, total: place.rows }),
    })
    const found = gatherValues(cells, place.row)
    let asked = 0
    const diagnoses = await diagnose(
      {
        language,
        ask: (questions) => {
          const total = asked + questions.length
          const onAsked = (more: number): void => progress.set({ of: 'asking', done: (asked += more), total })
          return askTariff({ api, language, signal, onAsked }, questions)
        },
      },
      found.map(({ value }) => value),
      country,
    )
    if (isRefused(diagnoses)) return diagnoses
    const findings = found.map((one, at): Finding => ({ ...one, diagnosis: diagnoses[at]! }))
    choice.update((before) => ({ ...before, style: usualStyle(findings), unify: false, ticked: sureOnes(findings) }))
    examination.set({ ...column, cells: cells.length, blanks: cells.filter(isBlank).length, findings })
  }

  async function repair(signal: AbortSignal): Promise<Refused | void> {
    const now = examination.get()
    const place = await followed?.place()
    if (!now) return
    if (!place) throw new FailureError(failure('place-gone'))
    const cells = await readColumn(host, place, { signal })
    const target = choice.get().target === 'in-place' ? place.column : await emptyColumn(now, place, signal)
    const { block, report } = planWriting(now, choice.get(), { ...place, target }, cells)
    const header = target === place.column ? null : now.header
    // The header moves with the rows below it; where it did not, its guard leaves it alone.
    const above = header ? now.place.row - header.row : 0
    if (header) {
      const [row, guard] = [place.row - above, [header.text, '']]
      block.rows.unshift({ row, guard, values: [header.beside] })
    }
    await host.assertMayWrite({ sheet: place.sheet, column: target, rows: block.rows.map(({ row }) => row) })
    const targetPlace = { ...place, row: place.row - above, rows: place.rows + above, column: target }
    await wayBack?.followed?.release()
    wayBack = { before: await host.readAsTheyStand(targetPlace, { signal }), expected: [], followed: null }
    wayBack.expected = wayBack.before.formulas.map(() => [NEVER_HELD])
    wayBack.followed = await host.follow(targetPlace)
    const rowsPerWrite = Math.max(1, host.cellsPerWrite)
    let isThrough = false
    try {
      for (let from = 0; from < block.rows.length && !signal.aborted; from += rowsPerWrite) {
        progress.set({ of: 'writing', done: from, total: block.rows.length })
        const rows = block.rows.slice(from, from + rowsPerWrite)
        const { written, changed } = await host.write({ ...block, rows })
        report.cells += written.filter((row) => row >= place.row).length
        report.changed += changed.filter((row) => row >= place.row).length
        const byRow = new Map(rows.map(({ row, values }) => [row, values]))
        for (const row of written) wayBack.expected[row - targetPlace.row] = [byRow.get(row)?.[0] ?? NEVER_HELD]
      }
      isThrough = true
    } finally {
      // What was written before something failed can be undone too; where nothing was, the choice still stands.
      if (isThrough || report.cells > 0) {
        const done = { ...report, wasStopped: signal.aborted }
        // Before it is said to be done: whoever closes the pane then can undo it in the next one.
        if (report.cells > 0) await keepWayBack(done, wayBack)
        repaired.set(done)
        examination.set(null)
      }
    }
  }

  async function emptyColumn(now: Examination, place: Place, signal: AbortSignal): Promise<number> {
    const shift = place.column - now.place.column
    return findEmptyColumn(host, { ...place, column: now.endColumn + shift }, signal)
  }

  async function undo(signal: AbortSignal): Promise<Refused | void> {
    const report = repaired.get()
    if (!report || !wayBack) return
    const place = await wayBack.followed?.place()
    if (!place) throw new FailureError(failure('place-gone'))
    const { before, expected } = alignRows(
      wayBack,
      (await host.read(place, { signal })).map((row) => row[0] ?? ''),
    )
    const written = wayBack.expected.filter(([value]) => value !== NEVER_HELD).length
    const rowsPerWrite = Math.max(1, host.cellsPerWrite)
    let restored = 0
    for (let from = 0; from < before.formulas.length; from += rowsPerWrite) {
      progress.set({ of: 'undoing', done: from, total: before.formulas.length })
      const to = from + rowsPerWrite
      const slice = expected.slice(from, to)
      if (slice.every(([value]) => value === NEVER_HELD)) continue
      const rows = { ...place, row: place.row + from, rows: slice.length }
      const cells = { place: rows, formulas: before.formulas.slice(from, to), formats: before.formats.slice(from, to) }
      restored += (await host.restore(cells, slice)).restored
    }
    await wayBack.followed?.release()
    wayBack = null
    await shelf.clear(await shelfName())
    // The header of a column beside is put back too, and counts for nobody.
    repaired.set({ ...report, undone: { restored: Math.min(restored, report.cells), changed: written - restored } })
  }

  return {
    examination,
    choice,
    progress,
    repaired,
    /** Asks the tariff about every different value of the column: free. */
    examine: (column: ColumnToExamine) => stoppable.run((signal) => examine(column, signal)),
    repair: () => stoppable.run(repair),
    /** Puts back what was there, where the cell still shows what was written. */
    undo: () => stoppable.run(undo),
    stop: () => stoppable.stop(),
    recall,
    /** Back to choosing a column. */
    leave(): void {
      examination.set(null)
      repaired.set(null)
    },
    tick(keys: readonly string[], isTicked: boolean): void {
      choice.update((before) => {
        const ticked = new Set(before.ticked)
        for (const key of keys) {
          if (isTicked) ticked.add(key)
          else ticked.delete(key)
        }
        return { ...before, ticked }
      })
    },
  }
}

function isBlank({ value }: ColumnCell): boolean {
  return typeof value === 'string' && value.trim() === ''
}

function keyOf({ value }: Pick<ColumnCell, 'value'>): string {
  return `${typeof value} ${String(value)}`
}

function gatherValues(cells: readonly ColumnCell[], firstRow: number): Omit<Finding, 'diagnosis'>[] {
  const found = new Map<string, Omit<Finding, 'diagnosis'>>()
  for (const [at, cell] of cells.entries()) {
    if (isBlank(cell)) continue
    const key = keyOf(cell)
    const known = found.get(key)
    if (known) {
      known.cells++
      known.formulas += cell.isFormula ? 1 : 0
    } else {
      const { value, isFormula } = cell
      found.set(key, { key, value, cells: 1, formulas: isFormula ? 1 : 0, firstRow: firstRow + at })
    }
  }
  return [...found.values()]
}

function sureOnes(findings: readonly Finding[]): Set<string> {
  return new Set(
    findings.flatMap(({ key, diagnosis }) => (diagnosis.kind === 'repair' && diagnosis.isSure ? [key] : [])),
  )
}

/** What a value is to be, under this choice. */
export function rewrite(finding: Finding, { style, unify, ticked }: Choice, country: Country): Rewriting {
  const { diagnosis, value, key } = finding
  if (diagnosis.kind === 'repair')
    return ticked.has(key) ? { finding, after: writeCode(diagnosis.digits, style, country) } : null
  if (!unify || (diagnosis.kind !== 'fine' && diagnosis.kind !== 'short')) return null
  const after = writeCode(diagnosis.digits, style, country)
  return after === value ? null : { finding, after }
}

/** How many cells a choice would write, and how many it leaves alone because formulas make them. */
export function countWriting({ findings, country }: Examination, choice: Choice): { cells: number; formulas: number } {
  const rewritten = findings.filter((finding) => textFor(finding, choice, country) !== null)
  const cells = rewritten.reduce((sum, finding) => sum + finding.cells, 0)
  const formulas = rewritten.reduce((sum, finding) => sum + finding.formulas, 0)
  return choice.target === 'beside' ? { cells, formulas: 0 } : { cells: cells - formulas, formulas }
}

/** Beside, whole codes are written too, so that the new column is complete. */
function textFor(finding: Finding, choice: Choice, country: Country): string | null {
  const rewriting = rewrite(finding, choice, country)
  if (rewriting) return rewriting.after
  const { diagnosis, value } = finding
  const isWhole = diagnosis.kind === 'fine' || diagnosis.kind === 'short'
  return choice.target === 'beside' && isWhole ? String(value) : null
}

function planWriting(
  now: Examination,
  choice: Choice,
  place: Place & { target: number },
  cells: readonly ColumnCell[],
): { block: RowsToWrite; report: Omit<Repaired, 'wasStopped'> } {
  const texts = new Map(now.findings.map((finding) => [finding.key, textFor(finding, choice, now.country)]))
  const report = { cells: 0, changed: 0, formulas: 0, column: place.target, undone: null }
  const isBeside = place.target !== place.column
  const rows: RowsToWrite['rows'] = []
  for (const [at, cell] of cells.entries()) {
    const text = texts.get(keyOf(cell))
    if (text === undefined || text === null) continue
    if (cell.isFormula && !isBeside) report.formulas++
    else rows.push({ row: place.row + at, guard: isBeside ? [cell.held, ''] : [cell.held], values: [text] })
  }
  // Beside, the target is guarded too: a cell that was filled meanwhile is nobody's to write over.
  const guardColumns = isBeside ? [place.column, place.target] : [place.column]
  const block: RowsToWrite = {
    sheet: place.sheet,
    columns: [{ column: place.target, format: 'text' }],
    guardColumns,
    rows,
  }
  return { block, report }
}

interface WayBack {
  before: CellsAsTheyStand
  /** What was written, row by row; {@link NEVER_HELD} where nothing was. */
  expected: CellValue[][]
  followed: Followed | null
}

/** Rows that were inserted or deleted in one block since: what stands above and below it is put back in its new place. */
function alignRows({ before, expected }: WayBack, now: readonly CellValue[]): Omit<WayBack, 'followed'> {
  const missing = now.length - expected.length
  if (missing === 0) return { before, expected }
  const fits = (at: number): boolean => [NEVER_HELD, now[at]].includes(expected[at]?.[0])
  let above = 0
  while (above < Math.min(now.length, expected.length) && fits(above)) above++
  const origin = (at: number): number | null => (at < above ? at : at - missing >= above ? at - missing : null)
  const rowsOf = <Cell>(rows: Cell[][], none: Cell): Cell[][] =>
    now.map((_, at) => {
      const from = origin(at)
      return (from === null ? undefined : rows[from]) ?? [none]
    })
  return {
    before: {
      place: before.place,
      formulas: rowsOf<CellValue>(before.formulas, ''),
      formats: rowsOf<string>(before.formats, 'General'),
    },
    expected: rowsOf<CellValue>(expected, NEVER_HELD),
  }
}
