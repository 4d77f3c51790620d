/// <reference types="google-apps-script" />
/** What Google Sheets hands a formula: text, numbers, booleans, dates as objects, errors as their text; one cell or rows of them. */
import { isErrorShown } from '../shared/pane/errors/shown-error.ts'
import type { ArgumentValue } from '../shared/spread.ts'
import type { CellValue } from '../shared/tariff-code.ts'
import { isDate } from './cell-values.ts'

/** @param timeZone of the spreadsheet, in which its days begin; asked for only where there is a date. */
export function readArgument(argument: unknown, timeZone: () => string): ArgumentValue {
  if (!Array.isArray(argument)) return readCell(argument, timeZone)
  return argument.map((row: unknown) =>
    Array.isArray(row) ? row.map((cell: unknown) => readCell(cell, timeZone)) : [readCell(row, timeZone)],
  )
}

function readCell(cell: unknown, timeZone: () => string): CellValue {
  switch (typeof cell) {
    case 'string':
      // The same letters typed in two ways are one question.
      return cell.normalize('NFC')
    case 'number':
    case 'boolean':
      return cell
    case 'object':
      return isDate(cell) ? Utilities.formatDate(cell, timeZone(), 'yyyy-MM-dd') : null
    default:
      return null
  }
}

/** @returns what the first cell shows that holds an error, Google's or ours; null: none does. */
export function errorInCell(args: readonly CellValue[]): string | null {
  const found = args.find((arg): arg is string => typeof arg === 'string' && isErrorShown(arg))
  return found ?? null
}
