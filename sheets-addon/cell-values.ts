/// <reference types="google-apps-script" />
/** Values between the pane, which knows texts, numbers and truth values, and Google, which also has dates and reads what is written. */
import type { CellValue } from '../shared/tariff-code.ts'

const DAY_MS = 86_400_000
/** Spreadsheets count days from here. */
const EPOCH_MS = Date.UTC(1899, 11, 30)

/** A date as the number it is: days, in the spreadsheet's time zone. */
export function valueOf(given: unknown, timeZone: string): CellValue {
  switch (typeof given) {
    case 'string':
    case 'number':
    case 'boolean':
      return given
    default:
      return isDate(given) ? serialOf(given, timeZone) : ''
  }
}

/** Not `instanceof`: the date may come from another realm. */
export function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]'
}

function serialOf(date: Date, timeZone: string): number {
  const local = Utilities.formatDate(date, timeZone, "yyyy-MM-dd'T'HH:mm:ss'Z'")
  return (Date.parse(local) - EPOCH_MS) / DAY_MS
}

const PLAIN_NUMBER = /^[+-]?\d+(?:\.\d+)?$/
// A formula, an apostrophe that would vanish, a number, a date, a truth value.
const TAKEN_FOR_MORE = /^\s*(?:[=+\-@'#＝＋－＠$€£¥]|[\d.]|true$|false$)/i

/**
 * What is handed to Google so that a cell ends up holding a value, and not what Google makes of it: it reads what is written as if it were
 * typed. A text is never a formula, and stays the text it is; '' empties a cell.
 */
export function entryOf(value: CellValue, isTextCell: boolean): string | number | boolean {
  if (typeof value !== 'string') return value ?? ''
  if (isTextCell) return /^[=']/.test(value) ? `'${value}` : value
  return TAKEN_FOR_MORE.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value
}
