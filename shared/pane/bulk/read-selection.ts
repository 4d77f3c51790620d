/** What the person selected, as a bulk run can work on it, or what stands in the way. */
import { failure, FailureError } from '../../error-codes.ts'
import type { CellValue } from '../../tariff-code.ts'
import { addressOf, columnName } from '../place.ts'
import type { Selection, SpreadsheetHost } from '../spreadsheet-host.ts'
import type { Beside } from './output-columns.ts'

export interface Picked {
  sheet: string
  sheetName: string
  /** Of what is selected. */
  address: string
  /** Rows of the region below its headers. */
  firstRow: number
  rows: number
  /** null: the region has none. */
  headerRow: number | null
  /** Selected rows among those; null where only headers are. */
  selected: { row: number; rows: number } | null
  hiddenRows: number
  /** Columns of the region: as named, or as lettered. */
  columns: { column: number; name: string }[]
  headers: string[]
  sample: CellValue[][]
  beside: Beside
}

const SAMPLE_ROWS = 100
const COLUMNS_LOOKED_AT_RIGHT = 24

/** @throws {FailureError} what stands in the way. */
export async function readSelection(host: SpreadsheetHost): Promise<Picked> {
  const selection = await host.selection()
  const { place, region } = selection
  if (selection.areas > 1) throw new FailureError(failure('several-areas', { count: selection.areas }))
  if (!place || !region) throw new FailureError(failure('nothing-selected'))
  if (selection.hasMergedCells) throw new FailureError(failure('merged-cells', { address: selection.address }))
  const head = region.hasHeaders ? 1 : 0
  const firstRow = region.place.row + head
  const rows = region.place.rows - head
  if (rows < 1) throw new FailureError(failure('nothing-selected'))

  const below = { ...region.place, row: firstRow, rows: Math.min(rows, SAMPLE_ROWS) }
  const firstFree = region.place.column + region.place.columns
  const [sample, right] = await Promise.all([
    host.read(below),
    host.read({
      ...region.place,
      rows: Math.min(region.place.rows, SAMPLE_ROWS),
      column: firstFree,
      columns: COLUMNS_LOOKED_AT_RIGHT,
    }),
  ])
  return {
    sheet: region.place.sheet,
    sheetName: selection.sheetName,
    address: selection.address,
    firstRow,
    rows,
    headerRow: region.hasHeaders ? region.place.row : null,
    selected: selectedRows(selection, firstRow, rows),
    hiddenRows: selection.hiddenRows,
    columns: region.headers.map((name, at) => ({
      column: region.place.column + at,
      name: name.trim() || columnName(region.place.column + at),
    })),
    headers: region.headers,
    sample,
    beside: { firstColumn: region.place.column, headers: region.headers, right },
  }
}

function selectedRows({ place }: Selection, firstRow: number, rows: number): Picked['selected'] {
  if (!place) return null
  const row = Math.max(place.row, firstRow)
  const end = Math.min(place.row + place.rows, firstRow + rows)
  return end > row ? { row, rows: end - row } : null
}

/** Name of the rows for headings, such as `Products!B2:B500`. */
export function titleOf(picked: Pick<Picked, 'sheetName' | 'firstRow' | 'rows'>, column: number): string {
  return addressOf(picked.sheetName, { row: picked.firstRow, rows: picked.rows, column, columns: 1 })
}
