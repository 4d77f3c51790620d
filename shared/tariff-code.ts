/**
 * HS codes: read from whatever a cell holds, repair what a spreadsheet did to them, print.
 * A code is text of digits, never a number: chapter 2, heading 4, subheading 6, then the national tariff item (8 or 10 digits;
 * Japan 9; China also 13 with its three CIQ digits).
 */
import type { Country } from './country.ts'
import { failure, isFailure, type Failure } from './error-codes.ts'

export type CellValue = string | number | boolean | null

export type Repair =
  | 'separators' // dots, spaces, dashes taken out
  | 'full-width' // ０３０２ folded to 0302
  | 'letter-o' // the letter O read as a zero
  | 'prefix' // "HS", "HTSUS" taken off
  | 'leading-zero' // a zero lost at the front put back
  | 'trailing-zero' // 6109.1 read as 6109.10

/** One way to read a cell as a code. */
export interface CodeReading {
  /** Digits only. */
  digits: string
  repairs: Repair[]
  /** False when the reading holds only if the tariff knows this code. */
  certain: boolean
}

const DIGITS_BY_COUNTRY: Record<Country, readonly number[]> = {
  CA: [2, 4, 6, 8, 10],
  US: [2, 4, 6, 8, 10],
  JP: [2, 4, 6, 9],
  CN: [2, 4, 6, 8, 10, 13],
}
const DIGITS_ELSEWHERE = [2, 4, 6, 8, 10] as const
const DIGITS_ANYWHERE = [2, 4, 6, 8, 9, 10, 13] as const

/** Lengths a code of this country can have; the international ones and 9, 13 when no country is named. */
export function codeLengths(country: Country | null): readonly number[] {
  if (country === null) return DIGITS_ANYWHERE
  return DIGITS_BY_COUNTRY[country] ?? DIGITS_ELSEWHERE
}

/**
 * Reads a cell as a code.
 * @param country lengths differ by country; null when the person named none.
 * @returns one reading, or a failure that names what was lost and what it may have been.
 */
export function parseTariffCode(value: CellValue, country: Country | null): CodeReading | Failure {
  if (typeof value === 'number') return fromNumber(value, country)
  if (typeof value === 'string') return fromText(value, country)
  return failure('not-a-code', { value: String(value ?? '') })
}

function fromNumber(value: number, country: Country | null): CodeReading | Failure {
  if (!Number.isFinite(value) || value <= 0 || value >= 1e15) return failure('not-a-code', { value: String(value) })
  if (Number.isInteger(value)) return fromDigits(String(value), country, [], true)
  return fromDecimal(String(value), country)
}

/** 302.14 was typed as 0302.14, 6109.1 as 6109.10: a number keeps no zero at either end. */
function fromDecimal(text: string, country: Country | null): CodeReading | Failure {
  const [whole = '', fraction = ''] = text.split('.')
  if (whole.length < 3 || whole.length > 4 || fraction.length > 6) return failure('not-a-code', { value: text })
  const repairs: Repair[] = []
  if (whole.length === 3) repairs.push('leading-zero')
  let tail = fraction
  if (tail.length % 2 === 1 && country !== 'JP') {
    tail += '0'
    repairs.push('trailing-zero')
  }
  const reading = fromDigits(whole.padStart(4, '0') + tail, country, repairs, false)
  return isFailure(reading) ? reading : { ...reading, certain: false }
}

const PREFIX = /^(?:hts ?us|hts|hs|tariff|code|tarif|cn|ncm|taric)[\s:#.-]*(?:code|no|number|item)?[\s:#.]*(?=[\do])/i
const SCIENTIFIC = /^\d+(?:[.,]\d+)?e\+?\d+$/i
// 2021-01-01, with or without a time behind it: how Sheets hands over a date.
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})(?:t.*| \d.*)?$/i
// 01.01.21 or 1/2/2021: how a dot-date locale shows what was typed as 0101.21.
const SHOWN_DATE = /^(\d{1,2})[./](\d{1,2})[./](\d{2}|\d{4})$/
const SEPARATORS = /[\s.\-–—_/·,']/g

// Longer than any code with all its dots, prefixes and blanks; what is longer is not read any further.
const TEXT_CHARACTERS_MAX = 64

function fromText(value: string, country: Country | null): CodeReading | Failure {
  const repairs: Repair[] = []
  let text = value.trim()
  if (text.length > TEXT_CHARACTERS_MAX) return failure('not-a-code', { value: text.slice(0, 40) })
  const halfWidth = text.replaceAll(/[０-９．－　]/g, (character) =>
    character === '\u3000' ? ' ' : String.fromCodePoint(character.codePointAt(0)! - 0xfee0),
  )
  if (halfWidth !== text) repairs.push('full-width')
  text = halfWidth.replaceAll(/[\u200b-\u200d\ufeff]/g, '').trim()
  if (text === '') return failure('not-a-code', { value })

  if (SCIENTIFIC.test(text)) return failure('digits-lost', { value: text })
  const date = dateCandidate(text)
  if (date) return failure('looks-like-date', { value: text, candidate: date })

  const unprefixed = text.replace(PREFIX, '')
  if (unprefixed !== text) repairs.push('prefix')
  const joined = unprefixed.replaceAll(SEPARATORS, '')
  if (joined !== unprefixed) repairs.push('separators')
  const zeroed = /\d/.test(joined) ? joined.replaceAll(/[oO]/g, '0') : joined
  if (zeroed !== joined) repairs.push('letter-o')
  if (!/^\d+$/.test(zeroed)) return failure('not-a-code', { value: value.slice(0, 40) })
  return fromDigits(zeroed, country, repairs, true, unprefixed)
}

/** The code a date may have been: day, month and two-digit year side by side, as they were typed. */
function dateCandidate(text: string): string | null {
  const iso = ISO_DATE.exec(text)
  if (iso) return `${iso[3]}${iso[2]}.${iso[1]!.slice(2)}`
  const shown = SHOWN_DATE.exec(text)
  if (!shown) return null
  const [, first = '', second = '', year = ''] = shown
  // 01.02.2021 is how a locale prints a date; 6109.10.00 has four digits first and never comes here.
  if (Number(first) < 1 || Number(first) > 31 || Number(second) < 1 || Number(second) > 31) return null
  return `${first.padStart(2, '0')}${second.padStart(2, '0')}.${year.slice(-2)}`
}

function fromDigits(
  digits: string,
  country: Country | null,
  repairs: Repair[],
  certain: boolean,
  shown = digits,
): CodeReading | Failure {
  const lengths = codeLengths(country)
  if (digits.length > Math.max(...lengths)) {
    return failure('code-too-long', {
      digits,
      length: digits.length,
      country: country ?? 'HS',
      max: Math.max(...lengths),
    })
  }
  // Text that says "0101.2" was cut, not eaten from the front: only bare digits lose a leading zero.
  const bare = shown.trim() === digits
  const padded = `0${digits}`
  const fits = lengths.includes(digits.length)
  const fitsPadded =
    lengths.includes(padded.length) && !digits.startsWith('0') && (bare || repairs.includes('leading-zero'))

  // Eight digits in Japan, nine without a country: both ways of reading exist.
  if (country === null && fits && fitsPadded) {
    return digits.length === 9
      ? failure('needs-country', { digits, candidates: `${digits} (JP), ${padded} (CA, US, CN)` })
      : { digits, repairs, certain }
  }
  if (fits) return { digits, repairs, certain }
  if (fitsPadded) return { digits: padded, repairs: [...repairs, 'leading-zero'], certain }
  return failure('not-a-code', { value: shown.slice(0, 40) })
}

export type CodeLevel = 'chapter' | 'heading' | 'subheading' | 'tariff item'

export function codeLevel(digits: string): CodeLevel {
  if (digits.length === 2) return 'chapter'
  if (digits.length === 4) return 'heading'
  if (digits.length === 6) return 'subheading'
  return 'tariff item'
}

export const CODE_STYLES = ['dots', 'plain', 'CA', 'US', 'CN', 'JP', '2', '4', '6', '8', '10'] as const
export type CodeStyle = (typeof CODE_STYLES)[number]

/** Prints a code: `plain` digits; `dots` and the country styles as tariffs print them; a number cuts to that many digits.
 * @returns null when the code is shorter than the digits asked for: a code is never padded.
 */
export function printTariffCode(digits: string, style: CodeStyle): string | null {
  switch (style) {
    case 'plain':
      return digits
    case '2':
    case '4':
    case '6':
    case '8':
    case '10':
      return digits.length < Number(style) ? null : digits.slice(0, Number(style))
    case 'CN':
      return group(digits, [4, 4, 2, 3])
    case 'JP':
      return digits.length === 9
        ? `${digits.slice(0, 4)}.${digits.slice(4, 6)}-${digits.slice(6)}`
        : group(digits, [4, 2, 3])
    case 'dots':
      return digits.length === 9 ? group(digits, [4, 2, 3]) : group(digits, [4, 2, 2, 2, 3])
    case 'CA':
    case 'US':
      return group(digits, [4, 2, 2, 2])
  }
}

function group(digits: string, sizes: readonly number[]): string {
  const parts: string[] = []
  let at = 0
  for (const size of sizes) {
    if (at >= digits.length) break
    parts.push(digits.slice(at, at + size))
    at += size
  }
  if (at < digits.length) parts.push(digits.slice(at))
  return parts.join('.')
}
