/** Text that others wrote, on its way into a spreadsheet: by a formula's answer, a paste or a CSV file. */
import type { Cell } from './protocol.ts'

// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f]/g
// East Asian Excel takes the full-width signs for the others.
const FORMULA_START = /^\s*[=+\-@＝＋－＠]\s*\S/
const PLAIN_NUMBER = /^[+-]?\d+(?:[.,]\d+)*\s?%?$/

/**
 * Text that a spreadsheet would run as a formula, at once or after a later paste, gets an apostrophe before it: what a spreadsheet itself
 * writes to say "text", and visible, so that nobody takes the changed text for the original. Numbers, codes and numbers as text stay as
 * they are.
 */
export function neutralise<Value extends Cell>(cell: Value): Value | string {
  if (typeof cell !== 'string') return cell
  const text = cell.replaceAll(CONTROL_CHARACTERS, '')
  return FORMULA_START.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text
}
