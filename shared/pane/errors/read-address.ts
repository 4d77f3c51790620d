/** The address of a failed cell, as the spreadsheet tells it: `Products!B2`, `'My rows'!$B$2:C9`. */
import { columnOf } from '../place.ts'
import type { Place } from '../spreadsheet-host.ts'

const ADDRESS =
  /^(?:'(?<quoted>(?:[^']|'')+)'|(?<bare>[^'!]+))!\$?(?<column>[A-Z]{1,3})\$?(?<row>\d{1,7})(?::\$?(?<lastColumn>[A-Z]{1,3})\$?(?<lastRow>\d{1,7}))?$/i

/** @returns a place by the name of its sheet; null where it is no address. */
export function readAddress(address: string): Place | null {
  const parts = ADDRESS.exec(address)?.groups
  if (!parts) return null
  const { quoted, bare, column = '', row = '', lastColumn = column, lastRow = row } = parts
  const first = { row: Number(row) - 1, column: columnOf(column) }
  const last = { row: Number(lastRow) - 1, column: columnOf(lastColumn) }
  if (first.row < 0 || last.row < first.row || last.column < first.column) return null
  return {
    sheet: quoted?.replaceAll("''", "'") ?? bare ?? '',
    ...first,
    rows: last.row - first.row + 1,
    columns: last.column - first.column + 1,
  }
}
