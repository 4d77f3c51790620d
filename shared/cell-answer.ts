/** What one cell's question came to, on its way from the wire into a cell: the same in Excel and in Google Sheets. */
import { kindOfCode } from './error-codes.ts'
import { functionSpec, type FunctionName } from './functions.ts'
import { parseOptions } from './options.ts'
import type { Answer, AnswerError, Cell } from './protocol.ts'
import { isBlank } from './read-cell.ts'
import type { CellValue } from './tariff-code.ts'

export type CellAnswer = { value: Cell } | { table: Cell[][] } | { error: AnswerError }

const DAY_MS = 24 * 3600 * 1000
const CLASSIFICATION_MS = 30 * DAY_MS
// `fresh=1` asks again, but inserting a row recalculates the formula too, and must not pay again.
const FRESH_MS = 60_000

/** @returns null when the answer holds nothing, which the schema cannot tell. */
export function answerOf({ value, table, error }: Answer): CellAnswer | null {
  if (error) return { error }
  if (table) return { table }
  return value === undefined ? null : { value }
}

/**
 * How long an answer holds: a balance or an expert's case not at all, a classification for a month, a rate, a look-up or a refusal
 * for a day; our own trouble never.
 */
export function rememberMs(fn: FunctionName, args: readonly CellValue[], answer: CellAnswer): number {
  const { askedOf } = functionSpec(fn)
  if (askedOf === 'account' || askedOf === 'expert') return 0
  const isError = 'error' in answer
  const kind = isError ? kindOfCode(answer.error.code) : 'answer'
  if (kind !== 'answer' && kind !== 'input') return 0
  if (isFresh(fn, args)) return FRESH_MS
  return isError || askedOf !== 'classification' ? DAY_MS : CLASSIFICATION_MS
}

function isFresh(fn: FunctionName, args: readonly CellValue[]): boolean {
  const { required, optional } = functionSpec(fn)
  const options = args[required.length + optional.indexOf('options')]
  const parsed = typeof options === 'string' ? parseOptions(options) : {}
  return 'fresh' in parsed
}

/** Arguments left out at the end do not travel. */
export function trimArguments(fn: FunctionName, args: readonly CellValue[]): CellValue[] {
  const last = args.findLastIndex((arg) => arg !== null && arg !== '')
  return args.slice(0, Math.max(last + 1, functionSpec(fn).required.length))
}

/** A blank subject answers itself; HSPOINTS has none. */
export function isBlankCell(fn: FunctionName, args: readonly CellValue[]): boolean {
  return functionSpec(fn).required.length > 0 && isBlank(args[0] ?? null)
}
