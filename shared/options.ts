/**
 * `[options]`, the last parameter of every sheet function: one text, `key=value;key=value`, one vocabulary for all of them.
 * Parameters are never added later, options are.
 */
import { parseCountry, type Country } from './country.ts'
import { failure, isFailure, type Failure } from './error-codes.ts'
import { isLanguage, LANGUAGES, type Language } from './language.ts'

export interface Options {
  /** Depth to force: 6, 8 or 10. */
  digits?: 6 | 8 | 10
  /** Lowest score shown, 0–1; 0 always names the best guess. */
  min?: number
  material?: string
  use?: string
  gender?: string
  category?: string
  provider?: string
  /** Ask again, past every memory; charged where asking is. */
  fresh?: boolean
  /** ISO date the tariff is read for. */
  date?: string
  treatment?: string
  /** Rows of a spilled table. */
  n?: number
  lang?: Language
  /** Country of import, for functions without a country parameter. */
  country?: Country
}

export type OptionKey = keyof Options

type Reader = (value: string, options: Options) => string | null

// Each reader stores its value, or says what it expected.
const READERS: Record<OptionKey, Reader> = {
  digits: (value, options) => {
    if (value !== '6' && value !== '8' && value !== '10') return 'Use 6, 8 or 10.'
    options.digits = Number(value) as 6 | 8 | 10
    return null
  },
  min: (value, options) => {
    const min = Number(value.replace(',', '.'))
    if (value === '' || !(min >= 0 && min <= 1)) return 'Use a number from 0 to 1.'
    options.min = min
    return null
  },
  material: (value, options) => text('material', value, options),
  use: (value, options) => text('use', value, options),
  gender: (value, options) => text('gender', value, options),
  category: (value, options) => text('category', value, options),
  provider: (value, options) => {
    if (!/^[a-z]{2,20}$/i.test(value)) return 'Use the name of a provider, such as embedded.'
    options.provider = value.toLowerCase()
    return null
  },
  fresh: (value, options) => {
    if (value !== '0' && value !== '1') return 'Use 1 to ask again.'
    if (value === '1') options.fresh = true
    return null
  },
  date: (value, options) => {
    if (!isIsoDay(value)) return 'Use a date such as 2026-03-01.'
    options.date = value
    return null
  },
  treatment: (value, options) => {
    if (!/^[a-z0-9+*-]{1,16}$/i.test(value)) return 'Use a tariff treatment such as MFN or UST.'
    options.treatment = value.toUpperCase()
    return null
  },
  n: (value, options) => {
    const n = Number(value)
    if (!Number.isInteger(n) || n < 1 || n > 50) return 'Use a whole number from 1 to 50.'
    options.n = n
    return null
  },
  lang: (value, options) => {
    const language = value.toLowerCase()
    if (!isLanguage(language)) return `Use ${LANGUAGES.join(', ')}.`
    options.lang = language
    return null
  },
  country: (value, options) => {
    const country = parseCountry(value)
    if (isFailure(country)) return 'Use a two-letter ISO code such as CA.'
    options.country = country
    return null
  },
}

export const OPTION_KEYS = Object.keys(READERS) as OptionKey[]

const FACT_CHARACTERS_MAX = 80

function text(key: 'material' | 'use' | 'gender' | 'category', value: string, options: Options): string | null {
  if (value === '' || value.length > FACT_CHARACTERS_MAX) return `Use 1 to ${FACT_CHARACTERS_MAX} characters.`
  options[key] = value
  return null
}

/** A day of the calendar, as 2026-03-01. */
export function isIsoDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

/** @returns the options, or the failure of the first key that is unknown or badly filled. */
export function parseOptions(source: string): Options | Failure {
  const options: Options = {}
  for (const part of source.split(/[;；]/)) {
    if (part.trim() === '') continue
    const at = part.search(/[=＝]/)
    const key = (at < 0 ? part : part.slice(0, at)).trim().toLowerCase()
    const value = at < 0 ? '' : part.slice(at + 1).trim()
    const failed = readOption(key, value, options)
    if (isFailure(failed)) return failed
  }
  return options
}

function readOption(key: string, value: string, options: Options): Failure | null {
  if (!Object.hasOwn(READERS, key)) return failure('unknown-option', { value: key, known: OPTION_KEYS.join(', ') })
  const expected = READERS[key as OptionKey](value, options)
  return expected === null ? null : failure('bad-option', { key, value, expected })
}

/** The same options always print the same: keys in alphabetical order. */
export function printOptions(options: Options): string {
  return Object.entries(options)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value === true ? '1' : String(value)}`)
    .join(';')
}
