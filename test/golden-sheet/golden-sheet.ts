/**
 * The golden sheet: cells of every function and what they show, in golden-sheet.ndjson, a cell a line. Every host is held to the same
 * lines. Expectations are written down, never calculated while a test runs; remake-golden-sheet.ts says how they change.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FunctionName } from '../../shared/functions.ts'
import type { Cell } from '../../shared/protocol.ts'

export interface GoldenCall {
  /** What the cell is there for. */
  about: string
  fn: FunctionName
  /** As they stand in the cells: a number is one, an empty text is an empty cell. */
  args: (string | number)[]
}

/** A value, a table that spills, or the code of the failure; how a failure is shown is the host's. */
export type GoldenRow = GoldenCall & ({ shows: Cell | Cell[][] } | { fails: string })

export const GOLDEN_SHEET = join(import.meta.dirname, 'golden-sheet.ndjson')

export function readGoldenSheet(): GoldenRow[] {
  const lines = readFileSync(GOLDEN_SHEET, 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as GoldenRow)
}

/** What a column of descriptions can hold: the rows that ask HSCODE about a text, or an empty cell, and say no more. */
export function goldenColumn(rows: readonly GoldenRow[]): { goods: string[]; rows: GoldenRow[] } {
  const column = rows.filter(({ fn, args: [text, ...more] }) => {
    return fn === 'HSCODE' && more.length === 0 && typeof text === 'string' && (text === '' || /^\s*\p{L}/u.test(text))
  })
  return { goods: column.map(({ args }) => String(args[0])), rows: column }
}

/** The formula, for a title. */
export function printFormula({ fn, args }: GoldenCall): string {
  return `=${fn}(${args.map((arg) => JSON.stringify(arg)).join(',')})`
}

/** What a cell of Excel or of the playground shows for a failure: it lies in what was typed, or there is no answer. */
export function errorValue(code: string): '#VALUE!' | '#N/A' {
  return code.startsWith('TC-1') ? '#VALUE!' : '#N/A'
}

/** One of these for each row, under its formula: what is compared, so that a difference names its cell. */
export function byFormula<Of>(rows: readonly GoldenRow[], of: readonly Of[]): Record<string, Of> {
  return Object.fromEntries(rows.map((row, at) => [printFormula(row), of[at]!]))
}
