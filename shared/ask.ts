/**
 * A question of the wire, read: the arguments as typed in the cell become one checked value, or the failure that the cell shows.
 */
import { parseCountry, type Country } from './country.ts'
import { failure, isFailure, type Failure } from './error-codes.ts'
import {
  functionSpec,
  isFunctionName,
  PARAMETERS,
  signature,
  type FunctionName,
  type ParameterName,
} from './functions.ts'
import { isLanguage, LANGUAGES, type Language } from './language.ts'
import { parseOptions, type Options } from './options.ts'
import { CODE_STYLES, type CellValue, type CodeStyle } from './tariff-code.ts'

export const DESCRIPTION_CHARACTERS_MAX = 512
export const DEFAULT_COUNTRY = 'CA'

export const INFO_FIELDS = ['provider', 'edition', 'at', 'cached', 'code', 'score', 'points'] as const
export type InfoField = (typeof INFO_FIELDS)[number]

interface Asked<Name extends FunctionName> {
  fn: Name
  options: Options
}

export interface DescriptionAsk extends Asked<'HSCODE' | 'HSALT' | 'HSCONF' | 'HSWHY' | 'HSCOST' | 'HSINFO'> {
  description: string
  country: Country
  field: InfoField | null
}
export interface CodeAsk extends Asked<'HSDESC' | 'HSPATH' | 'HSCHILDREN'> {
  code: CellValue
  country: Country
  language: Language
}
export interface RateAsk extends Asked<'HSRATE' | 'HSRATETEXT' | 'HSRATES' | 'HSUNIT'> {
  code: CellValue
  country: Country
  origin: Country | null
}
export interface CheckAsk extends Asked<'HSCHECK'> {
  code: CellValue
  country: Country
  description: string | null
}
export interface FixAsk extends Asked<'HSFIX'> {
  code: CellValue
  country: Country | null
}
export interface FormatAsk extends Asked<'HSFORMAT'> {
  code: CellValue
  style: CodeStyle
}
export type PointsAsk = Asked<'HSPOINTS'>

export type Ask = DescriptionAsk | CodeAsk | RateAsk | CheckAsk | FixAsk | FormatAsk | PointsAsk

/** The cell it asks about is empty: the answer is an empty text, free, for every function. */
export const BLANK = Symbol('blank')

/** @param args scalars as they stand in the cells; missing ones at the end may be left out. */
export function parseAsk(fn: string, args: readonly CellValue[]): Ask | Failure | typeof BLANK {
  const name = fn.toUpperCase()
  if (!isFunctionName(name)) return failure('unknown-function', { value: fn.slice(0, 40) })
  const spec = functionSpec(name)
  const parameters = [...spec.required, ...spec.optional]
  if (args.length > parameters.length || args.length < spec.required.length) {
    return failure('bad-arguments', { fn: name, expected: signature(name) })
  }
  const given = new Map<ParameterName, CellValue>(parameters.map((parameter, at) => [parameter, args[at] ?? null]))
  const subject = spec.required[0]
  if (subject && isBlank(given.get(subject) ?? null)) return BLANK

  const options = parseOptions(textOf(given.get('options') ?? null))
  if (isFailure(options)) return options
  return readAsk(name, given, options)
}

function readAsk(fn: FunctionName, given: ReadonlyMap<ParameterName, CellValue>, options: Options): Ask | Failure {
  const value = (parameter: ParameterName): CellValue => given.get(parameter) ?? null
  switch (fn) {
    case 'HSCODE':
    case 'HSALT':
    case 'HSCONF':
    case 'HSWHY':
    case 'HSCOST':
    case 'HSINFO': {
      const description = readDescription(value('description'))
      if (isFailure(description)) return description
      const country = readCountry(value('country'), options.country ?? DEFAULT_COUNTRY)
      if (isFailure(country)) return country
      const field = readChoice(value('field'), 'field', INFO_FIELDS, null)
      if (isFailure(field)) return field
      return { fn, options, description, country, field }
    }
    case 'HSDESC':
    case 'HSPATH':
    case 'HSCHILDREN': {
      const country = readCountry(value('country'), options.country ?? DEFAULT_COUNTRY)
      if (isFailure(country)) return country
      const language = readLanguage(value('language'), options)
      if (isFailure(language)) return language
      return { fn, options, code: value('code'), country, language }
    }
    case 'HSRATE':
    case 'HSRATETEXT':
    case 'HSRATES':
    case 'HSUNIT': {
      if (isBlank(value('destination'))) return failure('bad-arguments', { fn, expected: signature(fn) })
      const country = readCountry(value('destination'), DEFAULT_COUNTRY)
      if (isFailure(country)) return country
      const origin = isBlank(value('origin')) ? null : readCountry(value('origin'), '')
      if (isFailure(origin)) return origin
      return { fn, options, code: value('code'), country, origin }
    }
    case 'HSCHECK': {
      const country = readCountry(value('country'), options.country ?? DEFAULT_COUNTRY)
      if (isFailure(country)) return country
      const description = isBlank(value('description')) ? null : readDescription(value('description'))
      if (isFailure(description)) return description
      return { fn, options, code: value('code'), country, description }
    }
    case 'HSFIX': {
      const country = isBlank(value('country')) ? null : readCountry(value('country'), '')
      if (isFailure(country)) return country
      return { fn, options, code: value('value'), country }
    }
    case 'HSFORMAT': {
      const style = readChoice(value('style'), 'style', CODE_STYLES, 'dots')
      if (isFailure(style)) return style
      return { fn, options, code: value('code'), style }
    }
    case 'HSPOINTS':
      return { fn, options }
  }
}

/** An empty cell arrives as null, as "" or, from some Excel hosts, as a lone 0 for a description; codes are never 0 either. */
export function isBlank(value: CellValue): boolean {
  return value === null || value === 0 || (typeof value === 'string' && value.trim() === '')
}

function textOf(value: CellValue): string {
  return isBlank(value) ? '' : String(value)
}

function readCountry(value: CellValue, fallback: Country): Country | Failure {
  return isBlank(value) ? fallback : parseCountry(String(value))
}

function readLanguage(value: CellValue, options: Options): Language | Failure {
  if (isBlank(value)) return options.lang ?? 'en'
  const language = String(value).trim().toLowerCase()
  return isLanguage(language)
    ? language
    : failure('unknown-choice', {
        value: language.slice(0, 40),
        what: PARAMETERS.language.shown,
        known: LANGUAGES.join(', '),
      })
}

function readChoice<Choice extends string, Fallback>(
  value: CellValue,
  what: ParameterName,
  choices: readonly Choice[],
  fallback: Fallback,
): Choice | Fallback | Failure {
  if (isBlank(value)) return fallback
  const wanted = String(value).trim().toLowerCase()
  const found = choices.find((choice) => choice.toLowerCase() === wanted)
  return (
    found ??
    failure('unknown-choice', { value: wanted.slice(0, 40), what: PARAMETERS[what].shown, known: choices.join(', ') })
  )
}

const DATE_TEXT = /^(?:\d{4}-\d{1,2}-\d{1,2}(?:[t ].*)?|\d{1,2}[./]\d{1,2}[./](?:\d{2}|\d{4}))$/i
const NUMBER_TEXT = /^[\s\d.,%+\-()/]*\d[\s\d.,%+\-()/]*$/
// What a DDE payload or a pasted formula begins with; "-20 °C freezer bags" and "+size t-shirt" are goods.
const FORMULA_TEXT = /^(?:[=@\t\r]|[+-].*[|!(])/s
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000e-\u001f\u007f]/

function readDescription(value: CellValue): string | Failure {
  if (typeof value !== 'string') return failure('number-not-text', { value: String(value) })
  if (value.length > DESCRIPTION_CHARACTERS_MAX * 4) {
    return failure('text-too-long', { length: value.length, max: DESCRIPTION_CHARACTERS_MAX })
  }
  if (CONTROL_CHARACTERS.test(value)) return failure('control-characters')
  const description = normaliseDescription(value)
  if (description.length > DESCRIPTION_CHARACTERS_MAX) {
    return failure('text-too-long', { length: description.length, max: DESCRIPTION_CHARACTERS_MAX })
  }
  if (FORMULA_TEXT.test(description)) return failure('looks-like-formula')
  if (DATE_TEXT.test(description)) return failure('date-not-text', { value: description.slice(0, 40) })
  if (NUMBER_TEXT.test(description)) return failure('number-not-text', { value: description.slice(0, 40) })
  if (!/\p{L}/u.test(description)) return failure('no-words', { value: description.slice(0, 40) })
  return description
}

/** NFC, full-width ASCII folded, zero-width characters out, white space collapsed; case kept.
 * Not NFKC: it would turn 10⁵ Pa into 105 Pa.
 */
export function normaliseDescription(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\uff01-\uff5e]/g, (character) => String.fromCodePoint(character.codePointAt(0)! - 0xfee0))
    .replaceAll(/[\u200b-\u200d\ufeff]/g, '')
    .replaceAll(/[\s\u3000]+/g, ' ')
    .trim()
}
