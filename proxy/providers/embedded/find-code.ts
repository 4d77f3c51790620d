/** From what a cell holds to a code that exists: repairs that are not certain count only when the tariff knows the result. */
import type { Country } from '../../../shared/country.ts'
import { failure, isFailure, type Failure } from '../../../shared/error-codes.ts'
import { parseTariffCode, printTariffCode, type CellValue, type CodeReading } from '../../../shared/tariff-code.ts'
import { TariffBookError, type TariffBook } from '../../tariff/book.ts'
import type { Labels } from '../provider.ts'

/** @param country null: the code must exist in some tariff at hand, or in the HS itself. */
export function findCode(
  book: TariffBook,
  labels: Labels,
  value: CellValue,
  country: Country | null,
  date: string | undefined,
): CodeReading | Failure {
  const reading = parseTariffCode(value, country)
  if (isFailure(reading)) return reading
  if (codeExists(book, labels, reading.digits, country, date)) return reading
  if (!reading.certain) {
    const candidates = continuations(book, labels, String(value), reading, country, date)
    if (candidates.length > 0)
      return failure('ambiguous-code', { value: String(value), candidates: candidates.join(', ') })
  }
  return codeNotFound(book, reading.digits, country, date)
}

/** The 13 digits of a Chinese declaration are the ten of the tariff and three of the inspection. */
function tariffDigits(digits: string, country: Country): string {
  return country === 'CN' && digits.length === 13 ? digits.slice(0, 10) : digits
}

export function codeExists(
  book: TariffBook,
  labels: Labels,
  digits: string,
  country: Country | null,
  date?: string,
): boolean {
  if (country !== null) return book.find(country, tariffDigits(digits, country), date) !== null
  if (digits.length <= 6) return labels.label(digits, 'en') !== null
  return countriesWith(book, digits).length > 0
}

/** Countries whose newest tariff has this code. A damaged tariff has none. */
export function countriesWith(book: TariffBook, digits: string): Country[] {
  return book.countries().filter((country) => {
    try {
      return book.find(country, tariffDigits(digits, country)) !== null
    } catch (error) {
      if (error instanceof TariffBookError) return false
      throw error
    }
  })
}

/** 302.1 has lost a zero somewhere: whatever begins 0302.1 may have been meant. */
function continuations(
  book: TariffBook,
  labels: Labels,
  shown: string,
  reading: CodeReading,
  country: Country | null,
  date: string | undefined,
): string[] {
  if (!reading.repairs.includes('trailing-zero')) return []
  const stem = reading.digits.slice(0, -1)
  const parent = stem.slice(0, stem.length - (stem.length % 2))
  const found =
    country === null
      ? Array.from({ length: 10 }, (_, digit) => `${stem}${digit}`).filter((code) => labels.label(code, 'en') !== null)
      : book.children(country, parent, date).flatMap(({ code }) => (code.startsWith(stem) ? [code] : []))
  return shown === '' ? [] : found.map((code) => printTariffCode(code, 'dots') ?? code).slice(0, 8)
}

function codeNotFound(book: TariffBook, digits: string, country: Country | null, date: string | undefined): Failure {
  if (country === null) return failure('code-not-found', { code: digits, country: 'HS', edition: '2022', nearest: '' })
  const edition = book.edition(country, date)
  let above = digits
  while (above.length > 2) {
    above = above.slice(0, above.length - 1)
    const line = book.find(country, above, date)
    if (line) {
      const nearest = `Nearest above: ${printTariffCode(above, 'dots')}, ${line.childCount} below it (HSCHILDREN).`
      return failure('code-not-found', { code: digits, country, edition: edition.edition, nearest })
    }
  }
  return failure('code-not-found', { code: digits, country, edition: edition.edition, nearest: '' })
}
