/** As much of a formula as freezing needs: which of our functions it calls, with what, and whether it fills other cells too. */
import { FUNCTION_NAMES, functionSpec, isFunctionName, type FunctionName } from '../../functions.ts'
import type { CellValue } from '../../tariff-code.ts'
import { columnOf } from '../place.ts'

export interface FunctionCall {
  fn: FunctionName
  /** As written, without the spaces around them. */
  args: string[]
}

export type Argument =
  | { value: CellValue }
  | { cell: { row: number; column: number } }
  | { range: { row: number; column: number; rows: number; columns: number } }

// A name, and what may stand before it: Excel writes _xldudf_ there when it was saved where the add-in was missing.
const CALL = /(?:_xldudf_)?([A-Z][A-Z0-9._]*)\s*\(/iy
const NAME_CHARACTER = /[\w.]/

/** Calls of our functions, nested ones too, in the order they stand. Texts and sheet names in quotes are passed over. */
export function callsIn(formula: string): FunctionCall[] {
  return placesOfCalls(formula).map(({ fn, argsAt }) => ({ fn, args: splitArguments(formula, argsAt) }))
}

/** The formula with something before the name of each of these calls. */
export function withPrefixedCalls(formula: string, prefix: string): string {
  let prefixed = ''
  let done = 0
  for (const { nameAt } of placesOfCalls(formula)) {
    prefixed += formula.slice(done, nameAt) + prefix
    done = nameAt
  }
  return prefixed + formula.slice(done)
}

function placesOfCalls(formula: string): { fn: FunctionName; nameAt: number; argsAt: number }[] {
  const places: { fn: FunctionName; nameAt: number; argsAt: number }[] = []
  if (!formula.startsWith('=')) return places
  let at = 1
  while (at < formula.length) {
    const afterQuote = skipQuoted(formula, at)
    if (afterQuote > at) {
      at = afterQuote
      continue
    }
    CALL.lastIndex = at
    const match = NAME_CHARACTER.test(formula[at - 1] ?? '') ? null : CALL.exec(formula)
    const name = match?.[1]?.toUpperCase() ?? ''
    if (match && isFunctionName(name)) places.push({ fn: name, nameAt: at, argsAt: CALL.lastIndex })
    // On to what stands between the brackets: calls are nested.
    at = match ? CALL.lastIndex : at + 1
  }
  return places
}

/** @returns where the quoted part that begins here ends, or `at` where none does. */
function skipQuoted(formula: string, at: number): number {
  const quote = formula[at]
  if (quote !== '"' && quote !== "'") return at
  let end = at + 1
  while (end < formula.length) {
    if (formula[end] !== quote) end++
    else if (formula[end + 1] === quote) end += 2
    else return end + 1
  }
  return formula.length
}

function splitArguments(formula: string, from: number): string[] {
  const args: string[] = []
  let depth = 0
  let start = from
  for (let at = from; at < formula.length; at = Math.max(at + 1, skipQuoted(formula, at))) {
    const character = formula[at]
    if (character === ')' && depth === 0) {
      const last = formula.slice(start, at).trim()
      return args.length === 0 && last === '' ? [] : [...args, last]
    }
    if (character === '(' || character === '{' || character === '[') depth++
    else if (character === ')' || character === '}' || character === ']') depth--
    // Where numbers have a comma, arguments are set apart by semicolons.
    else if ((character === ',' || character === ';') && depth === 0) {
      args.push(formula.slice(start, at).trim())
      start = at + 1
    }
  }
  return [...args, formula.slice(start).trim()]
}

/** A text, a number, a truth value, nothing, or cells of the same sheet; null: something that would have to be calculated. */
export function readArgument(text: string): Argument | null {
  if (text === '') return { value: null }
  if (/^"(?:[^"]|"")*"$/.test(text)) return { value: text.slice(1, -1).replaceAll('""', '"') }
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return { value: Number(text) }
  if (/^(?:TRUE|FALSE)$/i.test(text)) return { value: text.toUpperCase() === 'TRUE' }
  const cells = /^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/i.exec(text)
  if (!cells) return null
  const [row, column] = [Number(cells[2]) - 1, columnOf(cells[1]!)]
  if (cells[3] === undefined) return { cell: { row, column } }
  const [rows, columns] = [Number(cells[4]) - row, columnOf(cells[3]) + 1 - column]
  return rows > 0 && columns > 0 ? { range: { row, column, rows, columns } } : null
}

// What makes one value out of a table.
const TAKES_ONE = /^=\s*(?:@|(?:_xlfn\.)?(?:INDEX|SINGLE|TEXTJOIN|ROWS|COUNTA?)\s*\()/i

/**
 * Whether its result may fill cells beside its own. Written over by one value, such a formula would take theirs with it.
 * A range as an argument fills as many cells as the range has; a sum over it is one.
 */
export function mayFillOthers(formula: string): boolean {
  if (TAKES_ONE.test(formula)) return false
  return callsIn(formula).some(({ fn, args }) => {
    const { shape } = functionSpec(fn)
    return shape === 'table' || (shape === 'value' && args.some(isRange))
  })
}

function isRange(argument: string): boolean {
  const outsideTexts = argument.replaceAll(/"(?:[^"]|"")*"/g, '')
  // A1:A9, A2#, {1,2}, Products[Name]; Products[@Name] is one cell.
  return /[:{#]/.test(outsideTexts) || /\[(?!@|#This Row)/i.test(outsideTexts)
}

/** Of those that our functions call, in the order of the catalogue. */
export function namesIn(formulas: Iterable<string>): Map<FunctionName, number> {
  const counts = new Map<FunctionName, number>()
  for (const formula of formulas) {
    for (const fn of new Set(callsIn(formula).map((call) => call.fn))) counts.set(fn, (counts.get(fn) ?? 0) + 1)
  }
  return new Map(FUNCTION_NAMES.flatMap((fn) => (counts.has(fn) ? [[fn, counts.get(fn)!] as const] : [])))
}

/** What a spreadsheet shows where there is no value: #N/A, #VALUE!, #BUSY!, #GETTING_DATA. */
export function isErrorText(value: CellValue): boolean {
  return typeof value === 'string' && /^#[A-Z][A-Z0-9/_ ]*[!?]?$/.test(value)
}
