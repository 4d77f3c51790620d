/** The address of a failed cell, as the spreadsheet tells it: `Products!B2`, `'My rows'!$B$2:C9`. */
import type { Place } from '../spreadsheet-host.ts'

const ADDRESS =
  /^(?:'(?<quoted>(?:[^']|'')+)'|(?<bare>[^'!]+))!\$?(?<column>[A-Z]{1,3})\$?(?<row>\d{1,7})(?::\$?(?<lastColumn>[A-Z]{1,3})\$?(?<lastRow>\d{1,7}))?$/i

/** @returns a place by the name of its sheet; null where it is no address. */
export function readAddress(address: string): Place | null {
  const parts = ADDRESS.exec(address)?.groups
  if (!parts) return null
  const { quoted, bare, column = '', row = '', lastColumn = column, lastRow = row } = parts
  const first = { row: Number(row) - 1, column: readColumn(column) }
  const last = { row: Number(lastRow) - 1, column: readColumn(lastColumn) }
  if (first.row < 0 || last.row < first.row || last.column < first.column) return null
  return {
    sheet: quoted?.replaceAll("''", "'") ?? bare ?? '',
    ...first,
    rows: last.row - first.row + 1,
    columns: last.column - first.column + 1,
  }
}

/** A → 0, Z → 25, AA → 26. */
function readColumn(name: string): number {
  return Array.from(name.toUpperCase()).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}
