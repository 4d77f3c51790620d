/**
 * Formulas to values, and back. What stood there is kept in the workbook before anything is written over, so that a crash between
 * the two loses nothing; a cell that holds anything else than its frozen value is nobody's to write over.
 */
import type { Clock } from '../../clock.ts'
import { failure, FailureError } from '../../error-codes.ts'
import type { FunctionName } from '../../functions.ts'
import type { CellValue } from '../../tariff-code.ts'
import { findEmptyColumn } from '../empty-column.ts'
import { isErrorShown } from '../errors/shown-error.ts'
import { observable } from '../observable.ts'
import { addressOf } from '../place.ts'
import type { ProxyApi } from '../proxy-api.ts'
import { NEVER_HELD, type Followed, type Place, type Selection, type SpreadsheetHost } from '../spreadsheet-host.ts'
import { createStoppable } from '../stoppable.ts'
import { askSources, cellsAskedOf, type Filled } from './ask-sources.ts'
import { printFrozen, readFrozen, type FrozenBatch, type FrozenCell, type Spill } from './frozen-list.ts'
import { callsIn, isErrorText, mayFillOthers, namesIn } from './read-formula.ts'

export type Scope = 'selection' | 'all'

export interface FoundFormulas {
  sheetName: string
  address: string
  /** Of our functions, in the order of the catalogue. */
  perFunction: ReadonlyMap<FunctionName, number>
  freezable: number
  /** They show an error or wait for an answer, and stay formulas. */
  unanswered: number
  /** They may fill other cells too, which this spreadsheet cannot tell, and stay formulas. */
  filling: number
}

export interface FreezeReport {
  kind: 'frozen' | 'unfrozen'
  cells: number
  /** Left alone: they hold something else now. */
  changed: number
  /** The first of these. */
  changedAt: readonly string[]
  /** Formulas that stay, because they show no value. */
  unanswered: number
  wasStopped: boolean
}

export interface FreezerDeps {
  host: SpreadsheetHost
  api: Pick<ProxyApi, 'answers' | 'estimate'>
  clock: Pick<Clock, 'now'>
  newId: () => string
}

/** How a note beside is worded; `null` where only the day is known. */
export interface NoteWords {
  header: string
  note: (source: { provider: string; edition: string } | null, day: string) => string
}

export type Freezer = ReturnType<typeof createFreezer>

const KEPT_AS = 'frozen'
const ROWS_MAX = 50_000
const ADDRESSES_NAMED = 5

export function createFreezer({ host, api, clock, newId }: FreezerDeps) {
  const found = observable<FoundFormulas | null>(null)
  const frozen = observable<readonly FrozenBatch[]>([])
  const progress = observable<{ done: number; total: number } | null>(null)
  const report = observable<FreezeReport | null>(null)
  let looked: { followed: Followed; sheetName: string; endColumn: number; headerRow: number | null } | null = null
  const stoppable = createStoppable(() => progress.set(null))

  async function load(): Promise<void> {
    frozen.set(readFrozen(await host.kept(KEPT_AS)))
  }

  /** Reads what is kept anew each time: another window may have frozen something meanwhile. */
  async function change(how: (batches: FrozenBatch[]) => FrozenBatch[]): Promise<void> {
    const batches = how(readFrozen(await host.kept(KEPT_AS)))
    await host.keep(KEPT_AS, printFrozen(batches))
    frozen.set(batches)
  }

  async function find({ place, region, sheetName }: Selection, scope: Scope, signal: AbortSignal): Promise<void> {
    const wanted = scope === 'all' ? (region?.place ?? null) : place
    found.set(null)
    report.set(null)
    if (!wanted || !region) throw new FailureError(failure('nothing-selected'))
    if (wanted.rows > ROWS_MAX) {
      throw new FailureError(failure('too-many-rows-selected', { count: wanted.rows, max: ROWS_MAX }))
    }
    await looked?.followed.release()
    const headerRow = region.hasHeaders ? region.place.row : null
    const endColumn = region.place.column + region.place.columns
    looked = { followed: await host.follow(wanted), sheetName, endColumn, headerRow }
    const scan = await scanPlace(wanted, signal)
    found.set({
      sheetName,
      address: addressOf(sheetName, wanted),
      perFunction: namesIn(scan.formulas),
      freezable: scan.cells.filter(hasFormula).length,
      unanswered: scan.unanswered,
      filling: scan.filling,
    })
  }

  async function scanPlace(place: Place, signal: AbortSignal): Promise<Scan> {
    const onProgress = (done: number): void => progress.set({ done, total: place.rows })
    const { formulas, formats } = await host.readAsTheyStand(place, { signal, onProgress })
    const values = await host.read(place, { signal })
    const scan: Scan = { values, cells: [], spills: [], formulas: [], unanswered: 0, filling: 0 }
    const ours: FrozenCell[] = []
    for (const [down, row] of formulas.entries()) {
      for (const [across, formula] of row.entries()) {
        const format = formats[down]?.[across] ?? 'General'
        if (typeof formula !== 'string' || format === '@' || callsIn(formula).length === 0) continue
        const value = values[down]?.[across] ?? ''
        ours.push({
          row: place.row + down,
          column: place.column + across,
          formula,
          format,
          value,
          source: -1,
          isNote: false,
        })
      }
    }
    const spills = await host.spills(place.sheet, ours, { signal })
    for (const [at, cell] of ours.entries()) {
      const spill = spills?.[at] ?? null
      // A spreadsheet may tell a formula of every cell that it filled.
      if (spill === 'filled') continue
      scan.formulas.push(cell.formula)
      const cells = spill ? await readSpill(spill, cell, { place, values, formats }, signal) : [cell]
      if (cells.some(({ value }) => isError(value))) scan.unanswered++
      else if (!spills && mayFillOthers(cell.formula)) scan.filling++
      else {
        scan.cells.push(...cells)
        if (spill) scan.spills.push(boxOf(spill))
      }
    }
    return scan
  }

  /** A formula's own cell, and those that it filled. @param seen what was read already; the rest is read now. */
  async function readSpill(spill: Place, first: FrozenCell, seen: Seen, signal: AbortSignal): Promise<FrozenCell[]> {
    const isSeen =
      spill.row + spill.rows <= seen.place.row + seen.place.rows &&
      spill.column + spill.columns <= seen.place.column + seen.place.columns
    const { place, values, formats } = isSeen
      ? seen
      : {
          place: spill,
          values: await host.read(spill, { signal }),
          formats: (await host.readAsTheyStand(spill, { signal })).formats,
        }
    return Array.from({ length: spill.rows * spill.columns }, (_, at): FrozenCell => {
      const [row, column] = [spill.row + Math.floor(at / spill.columns), spill.column + (at % spill.columns)]
      if (isFirstOf(spill, { row, column })) return first
      const value = values[row - place.row]?.[column - place.column] ?? ''
      const format = formats[row - place.row]?.[column - place.column] ?? 'General'
      return { row, column, formula: '', format, value, source: -1, isNote: false }
    })
  }

  async function freeze(notes: NoteWords | null, signal: AbortSignal): Promise<void> {
    const place = await looked?.followed.place()
    if (!looked) return
    if (!place) throw new FailureError(failure('place-gone'))
    const { sheetName } = looked
    const scan = await scanPlace(place, signal)
    const at = clock.now()
    const { cells, spills } = scan
    const batch: FrozenBatch = { id: newId(), at, sheet: place.sheet, sheetName, sources: [], cells, spills }
    await nameSources(batch, place, scan.values, signal)
    if (notes) batch.cells = [...batch.cells, ...(await planNotes(batch, place, notes, signal))]
    if (batch.cells.length === 0) return
    await assertMayWrite(batch)
    signal.throwIfAborted()
    await change((batches) => [batch, ...batches])
    const done = await exchange(batch, 'freeze', signal)
    const reached = new Set(done.written)
    const left = withCells(
      batch,
      batch.cells.filter((cell) => reached.has(cell)),
    )
    await change((batches) => batches.flatMap((one) => (one.id !== batch.id ? [one] : left ? [left] : [])))
    found.set(null)
    tell('frozen', batch, done, scan.unanswered)
  }

  async function nameSources(
    batch: FrozenBatch,
    place: Place,
    values: CellValue[][],
    signal: AbortSignal,
  ): Promise<void> {
    const reader = await readerOf(place, values, batch.cells, signal)
    const filled = batch.cells.map((cell) => filledBy(cell, batch))
    const numbers = new Map<string, number>()
    for (const [at, source] of (await askSources(api, filled, reader, signal)).entries()) {
      if (!source) continue
      const key = JSON.stringify(source)
      const number = numbers.get(key) ?? batch.sources.push(source) - 1
      numbers.set(key, number)
      batch.cells[at] = { ...batch.cells[at]!, source: number }
    }
  }

  /** Values of cells that formulas name: of the place itself as they were read, others of the sheet are read now. */
  async function readerOf(place: Place, values: CellValue[][], cells: readonly FrozenCell[], signal: AbortSignal) {
    const isInside = (row: number, column: number): boolean =>
      row >= place.row &&
      row < place.row + place.rows &&
      column >= place.column &&
      column < place.column + place.columns
    const spans = new Map<number, { first: number; last: number }>()
    for (const { row, column } of cells.flatMap(({ formula }) => cellsAskedOf(formula))) {
      if (isInside(row, column)) continue
      const { first = row, last = row } = spans.get(column) ?? {}
      spans.set(column, { first: Math.min(first, row), last: Math.min(Math.max(last, row), first + ROWS_MAX) })
    }
    const outside = new Map<number, { first: number; values: CellValue[][] }>()
    for (const [column, { first, last }] of spans) {
      const span = { sheet: place.sheet, row: first, column, rows: last - first + 1, columns: 1 }
      outside.set(column, { first, values: await host.read(span, { signal }) })
    }
    return (row: number, column: number): CellValue => {
      if (isInside(row, column)) return values[row - place.row]?.[column - place.column] ?? null
      const span = outside.get(column)
      return span?.values[row - span.first]?.[0] ?? null
    }
  }

  /** A note is a frozen cell that was empty before: what puts formulas back takes it away. */
  async function planNotes(
    batch: FrozenBatch,
    place: Place,
    notes: NoteWords,
    signal: AbortSignal,
  ): Promise<FrozenCell[]> {
    const byRow = new Map<number, Set<string>>()
    const day = new Date(batch.at).toISOString().slice(0, 10)
    for (const { row, source } of batch.cells) {
      const texts = byRow.get(row) ?? new Set()
      byRow.set(row, texts.add(notes.note(batch.sources[source] ?? null, day)))
    }
    if (byRow.size === 0 || !looked) return []
    const { endColumn, headerRow } = looked
    const top = headerRow === null ? place.row : Math.min(headerRow, place.row)
    const beside = { ...place, row: top, rows: place.row + place.rows - top, column: endColumn }
    const column = await findEmptyColumn(host, beside, signal)
    const note = (row: number, value: string): FrozenCell => {
      return { row, column, formula: '', format: 'General', value, source: -1, isNote: true }
    }
    const header = headerRow === null || byRow.has(headerRow) ? [] : [note(headerRow, notes.header)]
    return [...header, ...[...byRow].map(([row, texts]) => note(row, [...texts].join(' | ')))]
  }

  /** Said before anything is written over. @throws {FailureError} `sheet-protected` */
  async function assertMayWrite({ sheet, cells }: FrozenBatch): Promise<void> {
    const rowsOf = new Map<number, number[]>()
    for (const { row, column } of cells) {
      const rows = rowsOf.get(column)
      if (rows) rows.push(row)
      else rowsOf.set(column, [row])
    }
    for (const [column, rows] of rowsOf) {
      await host.assertMayWrite({ sheet, column, rows: rows.sort((one, other) => one - other) })
    }
  }

  /** Writes values in the place of formulas, or formulas in the place of values. @returns which cells were. */
  async function exchange(
    { sheet, cells, spills }: FrozenBatch,
    to: 'freeze' | 'unfreeze',
    signal: AbortSignal,
  ): Promise<Exchanged> {
    const done: Exchanged = { written: [], changed: [], wasStopped: false }
    const apart = cells.filter((cell) => !spills.some((spill) => isIn(spill, cell)))
    let reached = 0
    for (const spill of spills) {
      if (signal.aborted) {
        done.wasStopped = true
        return done
      }
      progress.set({ done: reached, total: cells.length })
      reached += await exchangeSpill({ sheet, ...spill }, cells, to, done, signal)
    }
    for (const block of blocksOf(apart, host.cellsPerWrite)) {
      if (signal.aborted) {
        done.wasStopped = true
        break
      }
      progress.set({ done: reached, total: cells.length })
      reached += block.length
      const [first, last] = [block[0]!, block.at(-1)!]
      const place = { sheet, row: first.row, column: first.column, rows: last.row - first.row + 1, columns: 1 }
      const now = await host.read(place, { signal })
      const held = ({ row }: FrozenCell): CellValue => now[row - place.row]?.[0] ?? ''
      // A note is new, all other cells show the same before and after.
      const before = (cell: FrozenCell): CellValue => (cell.isNote && to === 'freeze' ? '' : (cell.value ?? ''))
      const same = block.filter((cell) => held(cell) === before(cell))
      done.changed.push(...block.filter((cell) => held(cell) !== before(cell)))
      if (same.length === 0) continue
      const byRow = new Map(same.map((cell) => [cell.row, cell]))
      const rows = Array.from({ length: place.rows }, (_, at) => byRow.get(place.row + at))
      await host.restore(
        {
          place,
          formulas: rows.map((cell) => [(to === 'freeze' ? cell?.value : cell?.formula) ?? '']),
          formats: rows.map((cell) => [(to === 'freeze' ? frozenFormat(cell) : cell?.format) ?? 'General']),
        },
        rows.map((cell) => [cell ? before(cell) : NEVER_HELD]),
      )
      done.written.push(...same)
    }
    return done
  }

  /**
   * All that a formula filled, or none of it: with a single cell changed the formula would not fill the others. The host is told to
   * expect anything, because what it writes over the formula empties the rest before it gets there.
   * @returns cells dealt with.
   */
  async function exchangeSpill(
    place: Place,
    cells: readonly FrozenCell[],
    to: 'freeze' | 'unfreeze',
    done: Exchanged,
    signal: AbortSignal,
  ): Promise<number> {
    const now = await host.read(place, { signal })
    const group = cells
      .filter((cell) => isIn(place, cell))
      .sort((one, other) => one.row - other.row || one.column - other.column)
    const isSame = group.every(
      ({ row, column, value }) => (now[row - place.row]?.[column - place.column] ?? '') === (value ?? ''),
    )
    if (isSame) {
      const lines = Array.from({ length: place.rows }, (_, at) =>
        group.slice(at * place.columns, (at + 1) * place.columns),
      )
      await host.restore(
        {
          place,
          formulas: lines.map((line) => line.map(({ value, formula }) => (to === 'freeze' ? value : formula) ?? '')),
          formats: lines.map((line) =>
            line.map((cell) => (to === 'freeze' ? frozenFormat(cell) : cell.format) ?? 'General'),
          ),
        },
        null,
      )
    }
    const reached = isSame ? done.written : done.changed
    reached.push(...group)
    return group.length
  }

  async function unfreeze(id: string, signal: AbortSignal): Promise<void> {
    await load()
    const batch = frozen.get().find((one) => one.id === id)
    if (!batch) return
    report.set(null)
    await assertMayWrite(batch)
    const done = await exchange(batch, 'unfreeze', signal)
    const back = new Set(done.written.map(({ row, column }) => `${row} ${column}`))
    await change((batches) =>
      batches.flatMap((one) => {
        if (one.id !== id) return [one]
        const left = withCells(
          one,
          one.cells.filter(({ row, column }) => !back.has(`${row} ${column}`)),
        )
        return left?.cells.some(hasFormula) ? [left] : []
      }),
    )
    tell('unfrozen', batch, done, 0)
  }

  function tell(kind: FreezeReport['kind'], { sheetName }: FrozenBatch, done: Exchanged, unanswered: number): void {
    const changed = done.changed.filter(hasFormula)
    report.set({
      kind,
      cells: done.written.filter(hasFormula).length,
      changed: changed.length,
      changedAt: changed
        .slice(0, ADDRESSES_NAMED)
        .map(({ row, column }) => addressOf(sheetName, { row, column, rows: 1, columns: 1 })),
      unanswered,
      wasStopped: done.wasStopped,
    })
  }

  return {
    found,
    /** Newest first. */
    frozen,
    progress,
    report,
    load,
    find: (selection: Selection, scope: Scope) => stoppable.run((signal) => find(selection, scope, signal)),
    /** @param notes words for a column beside; null: none. */
    freeze: (notes: NoteWords | null) => stoppable.run((signal) => freeze(notes, signal)),
    /** Puts formulas back where the frozen value still stands; the others stay on the list. */
    unfreeze: (id: string) => stoppable.run((signal) => unfreeze(id, signal)),
    /** Takes a batch off the list: its values stay, its formulas are gone. */
    forget: (id: string) => change((batches) => batches.filter((one) => one.id !== id)),
    stop: () => stoppable.stop(),
  }
}

interface Seen {
  place: Place
  values: CellValue[][]
  formats: string[][]
}

interface Scan {
  values: CellValue[][]
  cells: FrozenCell[]
  spills: Spill[]
  /** All of ours, those that stay too. */
  formulas: string[]
  unanswered: number
  filling: number
}

interface Exchanged {
  written: FrozenCell[]
  changed: FrozenCell[]
  wasStopped: boolean
}

/** Neither a note nor filled by a formula beside it. */
export function hasFormula({ formula }: FrozenCell): boolean {
  return formula !== ''
}

function isIn(spill: Spill, { row, column }: FrozenCell): boolean {
  return (
    row >= spill.row && row < spill.row + spill.rows && column >= spill.column && column < spill.column + spill.columns
  )
}

function isFirstOf(spill: Spill, { row, column }: Pick<FrozenCell, 'row' | 'column'>): boolean {
  return row === spill.row && column === spill.column
}

/** The formula that a cell's value comes from, its own or that of the cell which filled it. */
function filledBy(cell: FrozenCell, { cells, spills }: FrozenBatch): Filled {
  const spill = spills.find((one) => isIn(one, cell))
  if (!spill) return { formula: cell.formula, rows: 1, columns: 1, down: 0, across: 0 }
  const first = cells.find((one) => isFirstOf(spill, one))
  return {
    formula: first?.formula ?? '',
    rows: spill.rows,
    columns: spill.columns,
    down: cell.row - spill.row,
    across: cell.column - spill.column,
  }
}

function boxOf({ row, column, rows, columns }: Place): Spill {
  return { row, column, rows, columns }
}

/** @returns the batch with these of its cells, and what they fill; null: with none. */
function withCells(batch: FrozenBatch, cells: FrozenCell[]): FrozenBatch | null {
  const spills = batch.spills.filter((spill) => cells.some((cell) => isFirstOf(spill, cell)))
  return cells.length > 0 ? { ...batch, cells, spills } : null
}

function isError(value: CellValue): boolean {
  return isErrorText(value) || (typeof value === 'string' && isErrorShown(value))
}

/** A text stays text: 0101.21 is no number, and what begins with = no formula. */
function frozenFormat(cell: FrozenCell | undefined): string | undefined {
  return typeof cell?.value === 'string' ? '@' : cell?.format
}

/** Cells of one column each, over at most so many rows: gaps between them cost no call. */
function blocksOf(cells: readonly FrozenCell[], rowsMax: number): FrozenCell[][] {
  const blocks: FrozenCell[][] = []
  for (const cell of [...cells].sort((a, b) => a.column - b.column || a.row - b.row)) {
    const block = blocks.at(-1)
    const first = block?.[0]
    if (block && first && first.column === cell.column && cell.row - first.row < rowsMax) block.push(cell)
    else blocks.push([cell])
  }
  return blocks
}
