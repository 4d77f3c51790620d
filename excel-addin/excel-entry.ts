/** What is handed to Excel so that a cell ends up holding a value, and not what Excel makes of it. */
import type { CellValue } from '../shared/tariff-code.ts'

const PLAIN_NUMBER = /^[+-]?\d+(?:\.\d+)?$/
// A formula, an apostrophe that would vanish, a date, a fraction, a truth value.
const TAKEN_FOR_MORE = /^\s*(?:[=+\-@'#＝＋－＠]|\d|true$|false$)/i

/** `null` would leave a cell as it is, so an empty one is ''. A text is never a formula, and stays the text it is. */
export function entryOf(value: CellValue, isTextCell: boolean): string | number | boolean {
  if (typeof value !== 'string') return value ?? ''
  if (isTextCell) return value.startsWith("'") ? `'${value}` : value
  return TAKEN_FOR_MORE.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value
}
