/// <reference types="google-apps-script" />
/**
 * What the sidebar does to the spreadsheet: the pane's host contract (shared/pane/spreadsheet-host.ts), a piece of at most some thousand
 * cells a call. Who writes or restores rows holds the document's lock, so that two sidebars never fill one row.
 */
import * as z from 'zod/mini'
import { failure, FailureError } from '../shared/error-codes.ts'
import { headersOf } from '../shared/pane/headers.ts'
import { NUMBER_FORMATS } from '../shared/pane/number-formats.ts'
import { addressOf, intersect, printSheetName } from '../shared/pane/place.ts'
import type { CellsAsTheyStand, NumberFormat, Place, Selection, WriteReport } from '../shared/pane/spreadsheet-host.ts'
import type { CellValue } from '../shared/tariff-code.ts'
import { entryOf, valueOf } from './cell-values.ts'
import { locked } from './locked.ts'
import { refuseProtected } from './protection.ts'
import { growTo, hasCells, onGrid, placeOf, placeSchema, rangeOn, refuseMerged, sheetOf } from './sheet-places.ts'

type Sheet = GoogleAppsScript.Spreadsheet.Sheet
type Range = GoogleAppsScript.Spreadsheet.Range

/** Asked row by row, which takes a millisecond each. */
const HIDDEN_ROWS_LOOKED_AT = 2000

const row = z.int().check(z.gte(0))
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
const formats = ['text', 'general', 'percent', 'number', 'date'] as const satisfies readonly NumberFormat[]

export const blockSchema = z.object({
  sheet: z.string(),
  columns: z.array(z.object({ column: row, format: z.enum(formats) })).check(z.minLength(1)),
  guardColumns: z.array(row),
  rows: z.array(z.object({ row, guard: z.array(cell), values: z.array(cell) })).check(z.minLength(1)),
})
type Block = z.infer<typeof blockSchema>

export const restoreSchema = z.object({
  place: placeSchema,
  formulas: z.array(z.array(cell)),
  formats: z.array(z.array(z.string())),
  expected: z.nullable(z.array(z.array(cell))),
})

export const columnSchema = z.object({ sheet: z.string(), column: row, rows: z.array(row) })

export function readSelection(): Selection {
  const spreadsheet = SpreadsheetApp.getActiveSpreadsheet()
  const sheet = spreadsheet.getActiveSheet()
  if (!hasCells(sheet)) return nothingSelected(sheet.getName())
  const areas = sheet.getActiveRangeList()?.getRanges() ?? []
  const first = areas[0] ?? sheet.getActiveCell()
  const used = placeOf(sheet.getDataRange())
  // An empty sheet answers its first cell.
  const isEmpty = sheet.getLastRow() === 0
  const place = isEmpty ? null : intersect(placeOf(first), used)
  const table = place && filterPlaceOf(sheet)
  const whole = table && place && intersect(place, table) ? table : used
  return {
    sheetName: sheet.getName(),
    address:
      areas.length > 1
        ? areas.map((area) => area.getA1Notation()).join(',')
        : addressOf(sheet.getName(), place ?? placeOf(first)),
    place,
    region: place && {
      place: whole,
      table: null,
      ...headersOf(rangeOn(sheet, { ...whole, rows: 1 }).getValues()[0] ?? [], whole.rows),
    },
    areas: Math.max(1, areas.length),
    hasMergedCells: place !== null && rangeOn(sheet, place).getMergedRanges().length > 0,
    hiddenRows: place ? countHidden(sheet, place) : 0,
  }
}

function nothingSelected(sheetName: string): Selection {
  const nothing = { place: null, region: null, areas: 1, hasMergedCells: false, hiddenRows: 0 }
  return { sheetName, address: printSheetName(sheetName), ...nothing }
}

/** The nearest thing to a table: what somebody put a filter on. */
function filterPlaceOf(sheet: Sheet): Place | null {
  const filter = sheet.getFilter()
  return filter && placeOf(filter.getRange())
}

function countHidden(sheet: Sheet, place: Place): number {
  let hidden = 0
  // Each row asked is a call: not where nothing filters.
  const isFiltered = sheet.getFilter() !== null || sheet.getSlicers().length > 0
  const last = place.row + Math.min(place.rows, HIDDEN_ROWS_LOOKED_AT)
  for (let at = place.row; at < last; at++) {
    if (sheet.isRowHiddenByUser(at + 1) || (isFiltered && sheet.isRowHiddenByFilter(at + 1))) hidden++
  }
  return hidden
}

export function read(place: Place): CellValue[][] {
  const sheet = sheetOf(place.sheet)
  return fitted(place, onGrid(sheet, place), '', (range) => valuesOf(range))
}

export function readAsTheyStand(place: Place): CellsAsTheyStand {
  const sheet = sheetOf(place.sheet)
  const grid = onGrid(sheet, place)
  return {
    place,
    formulas: fitted<CellValue>(place, grid, '', (range) => {
      const formulas = range.getFormulas()
      return valuesOf(range).map((line, down) =>
        line.map((value, across) => formulas[down]?.[across] || asInFormulaBar(value)),
      )
    }),
    formats: fitted(place, grid, NUMBER_FORMATS.general, (range) =>
      range.getNumberFormats().map((line) => line.map(plainFormat)),
    ),
  }

  function plainFormat(format: string): string {
    return format === AUTOMATIC ? NUMBER_FORMATS.general : format
  }
}

/** A text that looks like a formula, or like the mark of a text, has the mark before it. */
function asInFormulaBar(value: CellValue): CellValue {
  return typeof value === 'string' && /^[=']/.test(value) ? `'${value}` : value
}

/** What Google calls the format of a cell that nobody gave one. */
const AUTOMATIC = '0.###############'

function valuesOf(range: Range): CellValue[][] {
  const timeZone = SpreadsheetApp.getActiveSpreadsheet().getSpreadsheetTimeZone()
  return range.getValues().map((line) => line.map((value: unknown) => valueOf(value, timeZone)))
}

/** Cells beside the grid are as empty ones. */
function fitted<Value>(
  place: Place,
  grid: Place | null,
  empty: Value,
  readRange: (range: Range) => Value[][],
): Value[][] {
  const cells = grid ? readRange(rangeOn(sheetOf(place.sheet), grid)) : []
  return Array.from({ length: place.rows }, (_, down) =>
    Array.from({ length: place.columns }, (_, across) => cells[down]?.[across] ?? empty),
  )
}

export function assertMayWrite({ sheet: id, column, rows }: z.infer<typeof columnSchema>): void {
  const sheet = sheetOf(id)
  refuseProtected(
    sheet,
    runsOf(rows).map(([first, count]) => ({ sheet: id, row: first, rows: count, column, columns: 1 })),
  )
}

export function write(block: Block): WriteReport {
  return locked(() => {
    const sheet = sheetOf(block.sheet)
    const same = sameRows(sheet, block)
    const byRow = new Map(block.rows.filter(({ row: at }) => same.has(at)).map((one) => [one.row, one]))
    const places = runsOf([...byRow.keys()]).flatMap(([first, rows]) =>
      runsOf(block.columns.map(({ column }) => column)).map(([column, columns]) => {
        return { sheet: block.sheet, row: first, rows, column, columns }
      }),
    )
    // Before the grid grows: that too is refused on a protected sheet, in Google's words.
    refuseProtected(sheet, places)
    for (const place of places) growTo(sheet, place)
    for (const place of places) refuseMerged(rangeOn(sheet, place))
    for (const place of places) {
      const columns = block.columns
        .map(({ column, format }, at) => ({ column, format, at }))
        .filter(({ column }) => column >= place.column && column < place.column + place.columns)
        .sort((one, other) => one.column - other.column)
      const rows = Array.from({ length: place.rows }, (_, down) => byRow.get(place.row + down)!)
      const range = rangeOn(sheet, place)
      range.setNumberFormats(rows.map(() => columns.map(({ format }) => NUMBER_FORMATS[format])))
      range.setValues(
        rows.map(({ values }) => columns.map(({ at, format }) => entryOf(values[at] ?? null, format === 'text'))),
      )
    }
    SpreadsheetApp.flush()
    const rows = block.rows.map(({ row: at }) => at)
    return { written: rows.filter((at) => same.has(at)), changed: rows.filter((at) => !same.has(at)) }
  })
}

/** Rows that still hold what was worked on. */
function sameRows(sheet: Sheet, { rows, guardColumns }: Block): Set<number> {
  const [first, last] = [rows[0]!.row, rows[rows.length - 1]!.row]
  const held = guardColumns.map((column) =>
    read({ sheet: String(sheet.getSheetId()), row: first, rows: last - first + 1, column, columns: 1 }),
  )
  const isSame = ({ row: at, guard }: Block['rows'][number]): boolean =>
    guardColumns.every((_, nth) => (held[nth]?.[at - first]?.[0] ?? '') === (guard[nth] ?? ''))
  return new Set(rows.filter(isSame).map(({ row: at }) => at))
}

export function restore({ place, formulas, formats: wanted, expected }: z.infer<typeof restoreSchema>): {
  restored: number
  changed: number
} {
  return locked(() => {
    const sheet = sheetOf(place.sheet)
    const shown = expected && read(place)
    const isHeld = (down: number, across: number): boolean =>
      !shown || !expected || (shown[down]?.[across] ?? '') === (expected[down]?.[across] ?? '')
    let restored = 0
    const pieces: { place: Place; entries: CellValue[][]; formats: string[][] }[] = []
    for (let across = 0; across < place.columns; across++) {
      const rows = Array.from({ length: place.rows }, (_, down) => down).filter((down) => isHeld(down, across))
      restored += rows.length
      for (const [first, count] of runsOf(rows)) {
        const pick = <Value>(matrix: Value[][], none: Value): Value[][] =>
          Array.from({ length: count }, (_, down) => [matrix[first + down]?.[across] ?? none])
        pieces.push({
          place: { ...place, row: place.row + first, rows: count, column: place.column + across, columns: 1 },
          entries: pick<CellValue>(formulas, ''),
          formats: pick(wanted, NUMBER_FORMATS.general),
        })
      }
    }
    refuseProtected(
      sheet,
      pieces.map((piece) => piece.place),
    )
    for (const piece of pieces) putBack(sheet, piece)
    SpreadsheetApp.flush()
    return { restored, changed: place.rows * place.columns - restored }
  })
}

/** A text such as 0101.21 in a cell of another format becomes a number when it is written, and stays a text when it gets that format later. */
function putBack(
  sheet: Sheet,
  { place, entries, formats: wanted }: { place: Place; entries: CellValue[][]; formats: string[][] },
): void {
  growTo(sheet, place)
  const range = rangeOn(sheet, place)
  const isPlainText = (value: CellValue): boolean => typeof value === 'string' && value !== '' && !value.startsWith('=')
  range.setNumberFormats(
    wanted.map((line, down) =>
      line.map((format, across) => (isPlainText(entries[down]![across]!) ? NUMBER_FORMATS.text : format)),
    ),
  )
  range.setValues(entries.map((line) => line.map((value) => value ?? '')))
  range.setNumberFormats(wanted)
}

export function goTo(place: Place): void {
  const sheet = sheetOf(place.sheet)
  const grid = onGrid(sheet, place)
  SpreadsheetApp.getActiveSpreadsheet().setActiveSheet(sheet)
  if (grid) sheet.setActiveRange(rangeOn(sheet, grid))
}

export function insertFormula(formula: string): string {
  const sheet = SpreadsheetApp.getActiveSheet()
  if (!hasCells(sheet)) throw new FailureError(failure('no-cell-there', { sheet: sheet.getName() }))
  const cellThere = sheet.getActiveCell()
  const place = placeOf(cellThere)
  refuseProtected(sheet, [place])
  if (formula.startsWith('=')) {
    // In a cell of text it would stay the text it is.
    if (cellThere.getNumberFormat() === NUMBER_FORMATS.text) cellThere.setNumberFormat(NUMBER_FORMATS.general)
    cellThere.setFormula(forEveryLocale(formula))
  } else {
    cellThere.setValue(formula)
  }
  SpreadsheetApp.flush()
  return addressOf(sheet.getName(), place)
}

/** Google takes semicolons between arguments everywhere, and shows its locale's own; commas only where numbers have a point. */
function forEveryLocale(formula: string): string {
  return formula.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|,/g, (found) => (found === ',' ? ';' : found))
}

/** 3, 4, 5, 9 → [3, 3 of them], [9, 1 of them]. */
export function runsOf(numbers: readonly number[]): [first: number, count: number][] {
  const runs: [number, number][] = []
  for (const at of [...numbers].sort((one, other) => one - other)) {
    const run = runs[runs.length - 1]
    if (run && run[0] + run[1] === at) run[1]++
    else runs.push([at, 1])
  }
  return runs
}
