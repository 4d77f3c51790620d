/** Cells as they come: blank or not, and what a description, a name, a country, a day or an address in one must be. */
import { parseCountry, type Country } from './country.ts'
import { failure, type Failure } from './error-codes.ts'
import { PARAMETERS, type ParameterName } from './functions.ts'
import { isLanguage, LANGUAGES, type Language, type Localised } from './language.ts'
import { isIsoDay, type Options } from './options.ts'
import type { CellValue } from './tariff-code.ts'

export const DESCRIPTION_CHARACTERS_MAX = 512

/** An empty cell arrives as null, as "" or, from some Excel hosts, as a lone 0 for a description; codes are never 0 either. */
export function isBlank(value: CellValue): boolean {
  return value === null || value === 0 || (typeof value === 'string' && value.trim() === '')
}

export function textOf(value: CellValue): string {
  return isBlank(value) ? '' : String(value)
}

export function readCountry(value: CellValue, fallback: Country): Country | Failure {
  return isBlank(value) ? fallback : parseCountry(String(value))
}

export function readLanguage(value: CellValue, options: Options): Language | Failure {
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

export function readChoice<Choice extends string, Fallback>(
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

/** A name that may be a number with dashes, such as a CAS number or a port code. */
export function readName(value: CellValue): string | Failure {
  const text = String(value)
  if (CONTROL_CHARACTERS.test(text)) return failure('control-characters')
  const name = normaliseDescription(text)
  if (name.length > NAME_CHARACTERS_MAX) {
    return failure('text-too-long', { length: name.length, max: NAME_CHARACTERS_MAX })
  }
  return FORMULA_TEXT.test(name) ? failure('looks-like-formula') : name
}

/** The day a cell holds, as a date serial or as text; null when it is empty. */
export function readDay(value: CellValue): string | null | Failure {
  if (isBlank(value)) return null
  const text =
    typeof value === 'number'
      ? dayOfSerial(value)
      : String(value)
          .trim()
          .replace(/^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/, padDay)
  return text !== null && isIsoDay(text) ? text : failure('bad-date', { value: String(value).slice(0, 40) })
}

function padDay(_: string, year: string, month: string, day: string): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** Spreadsheets count days from 1899-12-30. */
function dayOfSerial(serial: number): string | null {
  const date = new Date(Date.UTC(1899, 11, 30) + Math.floor(serial) * 86_400_000)
  return serial < 1 || Number.isNaN(date.getTime()) ? null : date.toISOString().slice(0, 10)
}

export function readImageAddress(value: CellValue): string | Failure {
  const text = String(value).trim()
  const refused = failure('bad-image-address', { value: text.slice(0, 60) })
  if (text.length > ADDRESS_CHARACTERS_MAX || !/^https?:\/\/[^\s/?#]+/i.test(text)) return refused
  // oxlint-disable-next-line no-control-regex -- finding control characters is the point
  return /[\s\u0000-\u001f\u007f]/.test(text) ? refused : text
}

const NAME_CHARACTERS_MAX = 80
const ADDRESS_CHARACTERS_MAX = 2000

const DATE_TEXT = /^(?:\d{4}-\d{1,2}-\d{1,2}(?:[t ].*)?|\d{1,2}[./]\d{1,2}[./](?:\d{2}|\d{4}))$/i
const NUMBER_TEXT = /^[\s\d.,%+\-()/]*\d[\s\d.,%+\-()/]*$/
// What a DDE payload or a pasted formula begins with; "-20 °C freezer bags" and "+size t-shirt" are goods.
const FORMULA_TEXT = /^(?:[=@\t\r]|[+-].*[|!(])/s
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000e-\u001f\u007f]/

// In the place of a text, in a sentence.
const NOTHING: Localised = { en: 'an empty text', zh: '空白文本', fr: 'un texte vide' }

export function readDescription(value: CellValue): string | Failure {
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
  if (!/\p{L}/u.test(description)) return failure('no-words', { value: description.slice(0, 40) || NOTHING })
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
