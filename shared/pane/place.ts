/** Arithmetic of places on a sheet, and how they are written. */
import type { Place } from './spreadsheet-host.ts'

/** @returns null when they share no cell. Both are taken to be on the same sheet. */
export function intersect(one: Place, other: Place): Place | null {
  const row = Math.max(one.row, other.row)
  const column = Math.max(one.column, other.column)
  const rows = Math.min(one.row + one.rows, other.row + other.rows) - row
  const columns = Math.min(one.column + one.columns, other.column + other.columns) - column
  return rows > 0 && columns > 0 ? { sheet: one.sheet, row, column, rows, columns } : null
}

/** 0 → A, 25 → Z, 26 → AA. */
export function columnName(column: number): string {
  let name = ''
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26))
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name
  return name
}

/** A, A1, a1 → 0; Z9 → 25. */
export function columnOf(address: string): number {
  const letters = /^[A-Z]*/.exec(address.toUpperCase())?.[0] ?? ''
  return Array.from(letters).reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

// Q1 and FY2026 are cells, R and R1C1 are cells in another notation: as names of sheets they stand in quotes.
const LIKE_A_CELL = /^(?:[A-Z]{1,3}\d+|R\d*(?:C\d*)?|C\d*)$/i

/** As formulas name a sheet: in quotes where it could be read as anything else. */
export function printSheetName(name: string): string {
  const isPlain = /^[\p{L}_][\p{L}\d_]*$/u.test(name) && !LIKE_A_CELL.test(name)
  return isPlain ? name : `'${name.replaceAll("'", "''")}'`
}

/** As `Products!A2:C9`. */
export function addressOf(sheetName: string, { row, column, rows, columns }: Omit<Place, 'sheet'>): string {
  const first = `${columnName(column)}${row + 1}`
  const last = `${columnName(column + columns - 1)}${row + rows}`
  return `${printSheetName(sheetName)}!${first === last ? first : `${first}:${last}`}`
}
