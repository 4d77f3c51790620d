/// <reference types="google-apps-script" />
/** Places of the pane's contract as Google's ranges. Rows and columns count from 0 there and from 1 here; a sheet's grid has an end. */
import * as z from 'zod/mini'
import { failure, FailureError } from '../shared/error-codes.ts'
import { addressOf, intersect } from '../shared/pane/place.ts'
import type { Place } from '../shared/pane/spreadsheet-host.ts'

const index = z.int().check(z.gte(0), z.lte(20_000_000))
const count = z.int().check(z.gte(1), z.lte(20_000_000))

export const placeSchema = z.object({ sheet: z.string(), row: index, column: index, rows: count, columns: count })

// Of a spreadsheet, empty ones too.
const CELLS_MAX = 10_000_000

type Sheet = GoogleAppsScript.Spreadsheet.Sheet
type Range = GoogleAppsScript.Spreadsheet.Range

/** @param id or, as in the address of a failed cell, name. @throws {FailureError} `place-gone`. */
export function sheetOf(id: string): Sheet {
  const spreadsheet = SpreadsheetApp.getActiveSpreadsheet()
  const found = spreadsheet.getSheets().find((sheet) => String(sheet.getSheetId()) === id)
  const sheet = found ?? spreadsheet.getSheetByName(id)
  if (!sheet) throw new FailureError(failure('place-gone'))
  return sheet
}

/** What of a place the sheet's grid has; null: nothing. */
export function onGrid(sheet: Sheet, place: Place): Place | null {
  return intersect(place, {
    sheet: place.sheet,
    row: 0,
    column: 0,
    rows: sheet.getMaxRows(),
    columns: sheet.getMaxColumns(),
  })
}

export function rangeOn(sheet: Sheet, { row, column, rows, columns }: Omit<Place, 'sheet'>): Range {
  return sheet.getRange(row + 1, column + 1, rows, columns)
}

export function placeOf(range: Range): Place {
  return {
    sheet: String(range.getSheet().getSheetId()),
    row: range.getRow() - 1,
    column: range.getColumn() - 1,
    rows: range.getNumRows(),
    columns: range.getNumColumns(),
  }
}

/** Columns to fill may lie beside the grid's last one. @throws {FailureError} `spreadsheet-full`. */
export function growTo(sheet: Sheet, { row, column, rows, columns }: Omit<Place, 'sheet'>): void {
  const [maxRows, maxColumns] = [sheet.getMaxRows(), sheet.getMaxColumns()]
  const [moreRows, moreColumns] = [Math.max(0, row + rows - maxRows), Math.max(0, column + columns - maxColumns)]
  if (moreRows === 0 && moreColumns === 0) return
  // Counted, because Google says so in the person's language alone, and counts the cells of all sheets.
  const more = (maxRows + moreRows) * (maxColumns + moreColumns) - maxRows * maxColumns
  if (cellsOf(SpreadsheetApp.getActiveSpreadsheet()) + more > CELLS_MAX) {
    throw new FailureError(failure('spreadsheet-full'))
  }
  if (moreRows > 0) sheet.insertRowsAfter(maxRows, moreRows)
  if (moreColumns > 0) sheet.insertColumnsAfter(maxColumns, moreColumns)
}

function cellsOf(spreadsheet: GoogleAppsScript.Spreadsheet.Spreadsheet): number {
  const grids = spreadsheet.getSheets().filter(hasCells)
  return grids.reduce((sum, sheet) => sum + sheet.getMaxRows() * sheet.getMaxColumns(), 0)
}

/** Not where a sheet is a chart or shows a connected source. */
export function hasCells(sheet: Sheet): boolean {
  return sheet.getType() === SpreadsheetApp.SheetType.GRID
}

/** @throws {FailureError} `merged-cells`, with the address of the first of them. */
export function refuseMerged(range: Range): void {
  const [merged] = range.getMergedRanges()
  if (!merged) return
  const address = addressOf(merged.getSheet().getName(), placeOf(merged))
  throw new FailureError(failure('merged-cells', { address: address.slice(address.lastIndexOf('!') + 1) }))
}
