/// <reference types="office-js" />
/// <reference lib="dom" />
/**
 * Excel behind the pane's host contract. What Excel on the web can carry bounds every call: 5 MB a request and a reply, 5,000,000 cells a
 * reading, and 1,500 cells a write, above which Office.js splits the write and undoing fails.
 */
import type { Clock } from '../shared/clock.ts'
import { failure, FailureError } from '../shared/error-codes.ts'
import { NUMBER_FORMATS } from '../shared/pane/number-formats.ts'
import type {
  CellsAsTheyStand,
  Followed,
  Place,
  ReadOptions,
  SpreadsheetHost,
  WriteReport,
} from '../shared/pane/spreadsheet-host.ts'
import type { CellValue } from '../shared/tariff-code.ts'
import { excelCode, isGoneCode, isPayloadCode, TooManyCells } from './excel-failure.ts'
import { rangeOf } from './excel-ranges.ts'
import { readSelection } from './excel-selection.ts'
import { assertUnlocked, isLocked, releasing, restoreRows, writeRows } from './excel-write.ts'
import { readKept, writeKept } from './kept-parts.ts'
import { createPatience } from './sync-patiently.ts'

const CELLS_PER_WRITE = 1500
const ROWS_PER_READ = 10_000
// 20 bytes a cell are usual: 2 MB.
const CELLS_PER_READ = 100_000
// An object of Excel's for each.
const CELLS_PER_SPILLS = 500

export function createExcelHost({ clock, newId }: { clock: Clock; newId: () => string }): SpreadsheetHost {
  const patience = createPatience(clock)
  const selectionListeners = new Set<() => void>()
  // A workbook that was never saved has no address; its key is as good as this page.
  const unsavedKey = `unsaved-${newId()}`
  let listening: Promise<void> | null = null

  /** Kept up once begun: a listener costs nothing while nobody listens to it. */
  function listenToExcel(): Promise<void> {
    const changed = async (): Promise<void> => {
      for (const listener of selectionListeners) listener()
    }
    return patience.run(async (context) => {
      context.workbook.onSelectionChanged.add(changed)
      context.workbook.worksheets.onActivated.add(changed)
      await context.sync()
    })
  }

  return {
    kind: 'excel',
    cellsPerWrite: CELLS_PER_WRITE,

    selection: () => patience.run(readSelection),
    onSelection(listener) {
      selectionListeners.add(listener)
      // Without it the pane still reads the selection when a person asks for it; the next listener tries again.
      listening ??= listenToExcel().catch(() => {
        listening = null
      })
      return () => selectionListeners.delete(listener)
    },
    onWaiting: (listener) => patience.onWaiting(listener),

    async read(place, options = {}) {
      const rows: CellValue[][] = []
      await bySlices(place, readSize(place), options, async (slice) => {
        rows.push(
          ...(await patience.run(async (context) => {
            const range = rangeOf(context, slice).load('values')
            await context.sync()
            return assertRead<CellValue>(range.values)
          }, signalOf(options))),
        )
      })
      return rows
    },
    async readAsTheyStand(place, options = {}) {
      const cells: CellsAsTheyStand = { place, formulas: [], formats: [] }
      // Formulas, values and formats: three times as much.
      await bySlices(place, Math.ceil(readSize(place) / 3), options, async (slice) => {
        const read = await patience.run(async (context) => {
          const range = rangeOf(context, slice).load('formulas,values,numberFormat')
          await context.sync()
          return {
            formulas: asTyped(assertRead(range.formulas), assertRead(range.values), range.numberFormat),
            formats: assertRead<string>(range.numberFormat),
          }
        }, signalOf(options))
        cells.formulas.push(...read.formulas)
        cells.formats.push(...read.formats)
      })
      return cells
    },

    async spills(sheet, formulas, options = {}) {
      if (!Office.context.requirements.isSetSupported('ExcelApi', '1.12')) return null
      const spills: (Place | null)[] = []
      await bySlices({ row: 0, rows: formulas.length }, CELLS_PER_SPILLS, options, async ({ row, rows }) => {
        const some = formulas.slice(row, row + rows)
        spills.push(...(await patience.run((context) => readSpills(context, sheet, some), signalOf(options))))
      })
      return spills
    },

    async follow(place): Promise<Followed> {
      const context = new Excel.RequestContext()
      const range = await patience.run(
        async () => {
          const followed = rangeOf(context, place).track()
          await context.sync()
          return followed
        },
        { context },
      )
      return {
        place: () =>
          patience.run(
            async () => {
              range.load('address,rowIndex,columnIndex,rowCount,columnCount')
              const sheet = range.worksheet.load('id')
              try {
                await context.sync()
              } catch (error) {
                if (isGoneCode(excelCode(error))) return null
                throw error
              }
              if (range.address.includes('#REF!')) return null
              const { rowIndex: row, columnIndex: column, rowCount: rows, columnCount: columns } = range
              return { sheet: sheet.id, row, column, rows, columns }
            },
            { context },
          ),
        async release() {
          range.untrack()
          // The range may be gone, and with it what there is to let go of.
          await context.sync().catch(() => undefined)
        },
      }
    },

    async assertMayWrite({ sheet, column, rows }) {
      const [first, last] = [rows[0], rows.at(-1)]
      if (first === undefined || last === undefined) return
      const all = { sheet, row: first, rows: last - first + 1, column, columns: 1 }
      await bySlices(all, ROWS_PER_READ, {}, (slice) => {
        const some = rows.filter((row) => row >= slice.row && row < slice.row + slice.rows)
        return patience.run((context) => assertUnlocked(context, slice, some))
      })
    },
    async write(block) {
      const report: WriteReport = { written: [], changed: [] }
      const all = { row: 0, rows: block.rows.length }
      await bySlices(all, rowsPerWrite(block.columns.length), {}, async ({ row, rows }) => {
        const slice = block.rows.slice(row, row + rows)
        const { written, changed } = await patience.run((context) => writeRows(context, block, slice))
        report.written.push(...written)
        report.changed.push(...changed)
      })
      return report
    },
    async restore({ place, formulas, formats }, expected, options = {}) {
      const total = { restored: 0, changed: 0 }
      await bySlices(place, rowsPerWrite(place.columns), options, async (slice) => {
        const [from, to] = [slice.row - place.row, slice.row - place.row + slice.rows]
        const cells = { place: slice, formulas: formulas.slice(from, to), formats: formats.slice(from, to) }
        const done = await patience.run(
          (context) => restoreRows(context, cells, expected?.slice(from, to) ?? null),
          signalOf(options),
        )
        total.restored += done.restored
        total.changed += done.changed
      })
      return total
    },

    goTo: (place) =>
      patience.run(async (context) => {
        context.workbook.worksheets.getItem(place.sheet).activate()
        rangeOf(context, place).select()
        await context.sync()
      }),
    insertFormula: (formula) => patience.run((context) => insertFormula(context, formula)),

    kept: (name) => patience.run((context) => readKept(context, name)),
    keep: (name, text) => patience.run((context) => writeKept(context, name, text)),
    async workbookKey() {
      const { url } = Office.context.document
      return url ? await digest(url) : unsavedKey
    },
    ...(Office.context.requirements.isSetSupported('SharedRuntime', '1.1') ? { startup: STARTUP } : {}),
    openWindow(url) {
      const { requirements, ui } = Office.context
      if (requirements.isSetSupported('OpenBrowserWindowApi', '1.1')) ui.openBrowserWindow(url)
      else window.open(url, '_blank', 'noopener')
    },
  }
}

/** Kept by Excel in the workbook. */
const STARTUP = {
  get: async () => (await Office.addin.getStartupBehavior()) === Office.StartupBehavior.load,
  set: (isOn: boolean) =>
    Office.addin.setStartupBehavior(isOn ? Office.StartupBehavior.load : Office.StartupBehavior.none),
}

interface Rows {
  row: number
  rows: number
}

/**
 * Goes through rows from the top in slices, and halves them when Excel says that one is too much.
 * @throws {FailureError} when a single row is too much.
 */
async function bySlices<Part extends Rows>(
  all: Part,
  rowsMax: number,
  { signal, onProgress }: ReadOptions,
  work: (slice: Part) => Promise<void>,
): Promise<void> {
  let size = rowsMax
  for (let done = 0; done < all.rows;) {
    signal?.throwIfAborted()
    const rows = Math.min(size, all.rows - done)
    try {
      await work({ ...all, row: all.row + done, rows })
    } catch (error) {
      if (rows === 1 || !isTooMuch(error)) throw error
      size = Math.ceil(rows / 2)
      continue
    }
    done += rows
    onProgress?.(done)
  }
}

function isTooMuch(error: unknown): boolean {
  return error instanceof FailureError && isPayloadCode(excelCode(error.cause))
}

/** Excel answers null for a range with too many cells. */
function assertRead<Value>(matrix: Value[][] | null): Value[][] {
  if (matrix === null) throw new TooManyCells()
  return matrix
}

function readSize({ columns }: Place): number {
  return Math.max(1, Math.min(ROWS_PER_READ, Math.floor(CELLS_PER_READ / columns)))
}

function rowsPerWrite(columns: number): number {
  return Math.max(1, Math.floor(CELLS_PER_WRITE / Math.max(1, columns)))
}

function signalOf({ signal }: ReadOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {}
}

async function readSpills(
  context: Excel.RequestContext,
  sheetId: string,
  cells: readonly { row: number; column: number }[],
): Promise<(Place | null)[]> {
  const sheet = context.workbook.worksheets.getItem(sheetId)
  const [rows, columns] = [cells.map(({ row }) => row), cells.map(({ column }) => column)]
  const [top, left] = [Math.min(...rows), Math.min(...columns)]
  const around = sheet.getRangeByIndexes(top, left, Math.max(...rows) - top + 1, Math.max(...columns) - left + 1)
  around.load('hasSpill')
  await context.sync()
  // null where some of them do, whatever Excel's type says.
  if ((around.hasSpill as boolean | null) === false) return cells.map(() => null)
  const spills = cells.map(({ row, column }) => {
    const spill = sheet.getCell(row, column).getSpillingToRangeOrNullObject()
    return spill.load('rowIndex,columnIndex,rowCount,columnCount')
  })
  await context.sync()
  return spills.map((spill) => {
    if (spill.isNullObject || spill.rowCount * spill.columnCount === 1) return null
    const { rowIndex: row, columnIndex: column, rowCount: rows, columnCount: columns } = spill
    return { sheet: sheetId, row, column, rows, columns }
  })
}

/** A text that begins with = or an apostrophe was typed behind an apostrophe, which Excel does not tell. */
function asTyped(formulas: CellValue[][], values: CellValue[][], formats: string[][]): CellValue[][] {
  return formulas.map((line, down) =>
    line.map((formula, across) => {
      const isText = typeof formula === 'string' && /^[=']/.test(formula) && formula === values[down]?.[across]
      return isText && formats[down]?.[across] !== '@' ? `'${formula}` : formula
    }),
  )
}

/** @returns where it was written. */
async function insertFormula(context: Excel.RequestContext, formula: string): Promise<string> {
  const cell = context.workbook.getActiveCell().track()
  cell.load('address,numberFormat')
  cell.format.protection.load('locked')
  const sheet = cell.worksheet.load('name')
  sheet.protection.load('protected,options')
  await context.sync()
  return releasing(context, sheet, [cell], async () => {
    const { protected: isProtected, options } = sheet.protection
    const isText = cell.numberFormat[0]?.[0] === NUMBER_FORMATS.text
    const mayFormat = !isProtected || options?.allowFormatCells === true
    if ((isProtected && isLocked(cell)) || (isText && !mayFormat)) {
      throw new FailureError(failure('sheet-protected', { sheet: sheet.name }))
    }
    // In a cell of text it would stay the text it is.
    if (isText) cell.numberFormat = [[NUMBER_FORMATS.general]]
    cell.formulas = [[formula]]
    return cell.address
  })
}

/** Not the address itself: it holds names of people and of their customers, and goes into this browser's storage. */
async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(bytes.slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
