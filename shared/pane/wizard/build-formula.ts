/** From what a person filled in to the formula, and to the values behind it. */
import { isFailure, type Failure } from '../../error-codes.ts'
import { functionSpec, type FunctionName, type ParameterName } from '../../functions.ts'
import { OPTION_KEYS, parseOptions, type OptionKey } from '../../options.ts'
import { printSheetName } from '../place.ts'

/** What stands in a field: nothing, a cell or range, a text, or a formula of the person's own. */
export type Given =
  | { kind: 'none' }
  | { kind: 'cell'; sheetName: string | null; cells: string }
  | { kind: 'text'; text: string }
  | { kind: 'formula'; text: string }

export interface Filled {
  fn: FunctionName
  given: Partial<Record<ParameterName, string>>
  options: Partial<Record<OptionKey, string>>
}

const CELLS = /^(?:('(?:[^']|'')+'|[\p{L}\d_.]+)!)?(\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?)$/iu

/** A text in quotes is that text, even where it looks like a cell; what begins with = is a formula. */
export function readGiven(typed: string): Given {
  const text = typed.trim()
  if (text === '') return { kind: 'none' }
  if (/^=./.test(text)) return { kind: 'formula', text: text.slice(1) }
  if (/^".+"$/s.test(text)) return { kind: 'text', text: text.slice(1, -1).replaceAll('""', '"') }
  const cells = CELLS.exec(text)
  if (!cells?.[2]) return { kind: 'text', text }
  const sheet = cells[1]
  const sheetName =
    sheet === undefined ? null : sheet.startsWith("'") ? sheet.slice(1, -1).replaceAll("''", "'") : sheet
  return { kind: 'cell', sheetName, cells: cells[2].toUpperCase() }
}

/** Parameters with a field of their own: options have a field each. */
export function fieldsOf(fn: FunctionName): { required: ParameterName[]; optional: ParameterName[] } {
  const { required, optional } = functionSpec(fn)
  return { required: [...required], optional: optional.filter((parameter) => parameter !== 'options') }
}

/** The first parameter that must be filled in and is not; null: there is none. */
export function missingIn({ fn, given }: Filled): ParameterName | null {
  return fieldsOf(fn).required.find((parameter) => readGiven(given[parameter] ?? '').kind === 'none') ?? null
}

/** `key=value;key=value` of what is filled in. @returns the failure of the first that is not valid. */
export function optionsText({ options }: Pick<Filled, 'options'>): string | Failure {
  const text = OPTION_KEYS.flatMap((key) => {
    // A semicolon would begin the next option.
    const value = (options[key] ?? '').replaceAll(/[;；]/g, ',').trim()
    return value === '' ? [] : [`${key}=${value}`]
  }).join(';')
  const read = parseOptions(text)
  return isFailure(read) ? read : text
}

/**
 * @param sheetName of the sheet it will stand on: cells of that sheet need no name before them.
 * @param options as {@link optionsText} gives them.
 */
export function buildFormula({ fn, given }: Filled, options: string, sheetName: string): string {
  const { required, optional } = fieldsOf(fn)
  const args = [...required, ...optional].map((parameter) => printGiven(readGiven(given[parameter] ?? ''), sheetName))
  if (options !== '') args.push(quote(options))
  while (args.at(-1) === null) args.pop()
  // Left out between two others, an argument is an empty text: what Excel hands over for nothing differs by platform.
  return `=${fn}(${args.map((arg) => arg ?? '""').join(',')})`
}

function printGiven(given: Given, sheetName: string): string | null {
  switch (given.kind) {
    case 'none':
      return null
    case 'formula':
      return given.text
    case 'text':
      return quote(given.text)
    case 'cell':
      return given.sheetName === null || given.sheetName === sheetName
        ? given.cells
        : `${printSheetName(given.sheetName)}!${given.cells}`
  }
}

// A text within a formula has at most so many characters in Excel.
const TEXT_CHARACTERS_MAX = 255

function quote(text: string): string {
  const parts: string[] = []
  for (let from = 0; from < text.length; from += TEXT_CHARACTERS_MAX)
    parts.push(`"${text.slice(from, from + TEXT_CHARACTERS_MAX).replaceAll('"', '""')}"`)
  return parts.length === 0 ? '""' : parts.join('&')
}

const OF_DESCRIPTIONS: readonly OptionKey[] = [
  'digits',
  'min',
  'material',
  'use',
  'gender',
  'category',
  'date',
  'lang',
  'provider',
  'fresh',
]
const OPTIONS_SHOWN: Partial<Record<FunctionName, readonly OptionKey[]>> = {
  HSALT: ['n', ...OF_DESCRIPTIONS],
  HSCOST: ['material', 'use', 'gender', 'category', 'provider', 'fresh'],
  HSINFO: ['country', 'material', 'use', 'gender', 'category', 'provider'],
  HSRATE: ['treatment', 'date', 'provider'],
  HSRATETEXT: ['treatment', 'date', 'provider'],
  HSRATES: ['date', 'provider'],
  HSSEARCH: ['n', 'lang', 'provider'],
  HSTRADE: ['n', 'country'],
  HSFORMAT: [],
  HSPOINTS: [],
  HSEXPERT: [],
  HSIMAGE: ['n'],
}

/** Options that make a difference to a function. */
export function optionsOf(fn: FunctionName): readonly OptionKey[] {
  const shown = OPTIONS_SHOWN[fn]
  if (shown) return shown
  const { askedOf } = functionSpec(fn)
  if (askedOf === 'classification') return OF_DESCRIPTIONS
  return askedOf === 'tariff' ? ['date', 'provider'] : ['fresh']
}
