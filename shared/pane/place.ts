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

/** A, A1 → 0; Z9 → 25. */
export function columnOf(address: string): number {
  const letters = /^[A-Z]*/.exec(address)?.[0] ?? ''
  return Array.from(letters).reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

/** As `Products!A2:C9`. */
export function addressOf(sheetName: string, { row, column, rows, columns }: Omit<Place, 'sheet'>): string {
  const sheet = /^\w+$/.test(sheetName) ? sheetName : `'${sheetName.replaceAll("'", "''")}'`
  const first = `${columnName(column)}${row + 1}`
  const last = `${columnName(column + columns - 1)}${row + rows}`
  return `${sheet}!${first === last ? first : `${first}:${last}`}`
}
