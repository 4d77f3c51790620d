/**
 * A question of the wire, read: the arguments as typed in the cell become one checked value, or the failure that the cell shows.
 */
import type { Country } from './country.ts'
import { failure, isFailure, type Failure } from './error-codes.ts'
import { functionSpec, isFunctionName, signature, type FunctionName, type ParameterName } from './functions.ts'
import type { Language } from './language.ts'
import { parseOptions, type Options } from './options.ts'
import {
  isBlank,
  readChoice,
  readCountry,
  readDay,
  readDescription,
  readImageAddress,
  readLanguage,
  readName,
  textOf,
} from './read-cell.ts'
import { CODE_STYLES, parseTariffCode, printTariffCode, type CellValue, type CodeStyle } from './tariff-code.ts'

export const DEFAULT_COUNTRY = 'CA'

export const INFO_FIELDS = [
  'provider',
  'edition',
  'at',
  'cached',
  'code',
  'score',
  'points',
  'agreement',
  'second',
] as const
export type InfoField = (typeof INFO_FIELDS)[number]

export const DETAIL_SECTIONS = [
  'elements',
  'regulatory',
  'inspection',
  'ciq',
  'rebate',
  'taxes',
  'agreements',
  'notes',
  'controls',
] as const
export type DetailSection = (typeof DETAIL_SECTIONS)[number]
export const TRADE_ROLES = ['exporter', 'importer'] as const
export type TradeRole = (typeof TRADE_ROLES)[number]
export const EXPERT_FIELDS = ['status', 'code', 'reason'] as const
export type ExpertField = (typeof EXPERT_FIELDS)[number]

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

export interface SearchAsk extends Asked<'HSSEARCH'> {
  keywords: string
  country: Country
}
export interface ExamplesAsk extends Asked<'HSEXAMPLES'> {
  keywords: string
}
export interface DetailAsk extends Asked<'HSDETAIL'> {
  code: CellValue
  country: Country
  /** null: every section. */
  section: DetailSection | null
}
export interface HazardAsk extends Asked<'HSHAZARD'> {
  /** Name or CAS number. */
  substance: string
}
export interface PortAsk extends Asked<'HSPORT'> {
  port: string
}
export interface CiqAsk extends Asked<'HSCIQ'> {
  code: CellValue
}
export interface TradeAsk extends Asked<'HSTRADE'> {
  /** Digits of an HS code, or the name of a product. */
  subject: { code: string } | { product: string }
  role: TradeRole
  /** ISO days; null: the default period, which ends with the month before this one. */
  from: string | null
  to: string | null
}
export interface ImageAsk extends Asked<'HSIMAGE'> {
  /** Public https address, as typed. */
  url: string
}
export interface ExpertAsk extends Asked<'HSEXPERT'> {
  form: string
  field: ExpertField
}
/** What reference works, trade data, pictures and experts are asked. */
export type LookupAsk =
  | SearchAsk
  | ExamplesAsk
  | DetailAsk
  | HazardAsk
  | PortAsk
  | CiqAsk
  | TradeAsk
  | ImageAsk
  | ExpertAsk

export type Ask = DescriptionAsk | CodeAsk | RateAsk | CheckAsk | FixAsk | FormatAsk | PointsAsk | LookupAsk

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
    default:
      return readLookupAsk(fn, value, options)
  }
}

function readLookupAsk(
  fn: LookupAsk['fn'],
  value: (parameter: ParameterName) => CellValue,
  options: Options,
): LookupAsk | Failure {
  switch (fn) {
    case 'HSSEARCH': {
      const keywords = readDescription(value('keywords'))
      if (isFailure(keywords)) return keywords
      const country = readCountry(value('country'), options.country ?? DEFAULT_COUNTRY)
      return isFailure(country) ? country : { fn, options, keywords, country }
    }
    case 'HSEXAMPLES': {
      const keywords = readDescription(value('keywords'))
      return isFailure(keywords) ? keywords : { fn, options, keywords }
    }
    case 'HSDETAIL': {
      if (isBlank(value('destination'))) return failure('bad-arguments', { fn, expected: signature(fn) })
      const country = readCountry(value('destination'), DEFAULT_COUNTRY)
      if (isFailure(country)) return country
      const section = readChoice(value('detail'), 'detail', DETAIL_SECTIONS, null)
      return isFailure(section) ? section : { fn, options, code: value('code'), country, section }
    }
    case 'HSHAZARD': {
      const substance = readName(value('substance'))
      return isFailure(substance) ? substance : { fn, options, substance }
    }
    case 'HSPORT': {
      const port = readName(value('port'))
      return isFailure(port) ? port : { fn, options, port }
    }
    case 'HSCIQ':
      return { fn, options, code: value('code') }
    case 'HSTRADE':
      return readTradeAsk(value, options)
    case 'HSIMAGE': {
      const url = readImageAddress(value('image'))
      return isFailure(url) ? url : { fn, options, url }
    }
    case 'HSEXPERT': {
      const form = String(value('form')).trim()
      if (!/^[\w-]{4,64}$/.test(form)) return failure('not-a-form', { value: form.slice(0, 40) })
      const field = readChoice(value('conclusion'), 'conclusion', EXPERT_FIELDS, 'status' as const)
      return isFailure(field) ? field : { fn, options, form, field }
    }
  }
}

function readTradeAsk(value: (parameter: ParameterName) => CellValue, options: Options): TradeAsk | Failure {
  const subject = readTradeSubject(value('product'), options.country ?? null)
  if (isFailure(subject)) return subject
  const role = readChoice(value('role'), 'role', TRADE_ROLES, 'exporter' as const)
  if (isFailure(role)) return role
  const from = readDay(value('from'))
  if (isFailure(from)) return from
  const to = readDay(value('to'))
  if (isFailure(to)) return to
  if (from !== null && to !== null && to < from) return failure('bad-period', { from, to })
  return { fn: 'HSTRADE', options, subject, role, from, to }
}

function readTradeSubject(value: CellValue, country: Country | null): TradeAsk['subject'] | Failure {
  const text = String(value).trim()
  if (typeof value === 'number') {
    const reading = parseTariffCode(value, country)
    if (isFailure(reading)) return reading
    // Trade data have no list of codes that could tell whether 6109.1 was 6109.10: a guess would be paid for.
    if (reading.certain) return asTradeCode(reading.digits, text)
    return failure('ambiguous-code', { value: text, candidates: printTariffCode(reading.digits, 'dots')! })
  }
  // Digits of a text are as they were typed, a beginning of codes or all of one.
  const digits = text.replaceAll(/[\s.]/g, '')
  if (/^\d+$/.test(digits)) return asTradeCode(digits, text)
  const product = readDescription(value)
  if (isFailure(product)) return product
  const reading = parseTariffCode(value, country)
  return isFailure(reading) && reading.failed === 'digits-lost' ? reading : { product }
}

// As many as the code of any country has in trade data.
const TRADE_DIGITS_MAX = 10

function asTradeCode(digits: string, typed: string): TradeAsk['subject'] | Failure {
  const fits = digits.length >= 2 && digits.length <= TRADE_DIGITS_MAX
  return fits ? { code: digits } : failure('not-a-code', { value: typed.slice(0, 40) })
}
