/** Whether a code can be approved: it must be one of its country's tariff, six digits or more. */
import type { Country } from '../../shared/country.ts'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { parseTariffCode, type CellValue, type CodeReading } from '../../shared/tariff-code.ts'
import { codeExists, findCode } from '../providers/embedded/find-code.ts'
import type { Labels } from '../providers/provider.ts'
import { TariffBookError, type TariffBook } from '../tariff/book.ts'

const DIGITS_MIN = 6

export type CodeCheck = ReturnType<typeof createCodeCheck>

export function createCodeCheck({ book, labels, now }: { book: TariffBook; labels: Labels; now: () => number }) {
  const isInternational = (digits: string): boolean => labels.label(digits.slice(0, 6), 'en') !== null

  /** No tariff of that country here: the international digits at least must be real. */
  const findInternational = (value: CellValue, country: Country): CodeReading | Failure => {
    const reading = parseTariffCode(value, country)
    if (isFailure(reading) || isInternational(reading.digits)) return reading
    return failure('code-not-found', { code: reading.digits, country, edition: 'HS 2022', nearest: '' })
  }

  const find = (value: CellValue, country: Country): CodeReading | Failure => {
    try {
      return findCode(book, labels, value, country, new Date(now()).toISOString().slice(0, 10))
    } catch (error) {
      if (error instanceof TariffBookError) return findInternational(value, country)
      throw error
    }
  }

  return {
    /** Reads a code as HSFIX does. @returns its digits and what was repaired; else why it is none. */
    read(value: CellValue, country: Country): CodeReading | Failure {
      const found = find(value, country)
      if (isFailure(found) || found.digits.length >= DIGITS_MIN) return found
      const { digits } = found
      return failure('code-too-short', { digits, length: digits.length, wanted: DIGITS_MIN })
    },

    /** Whether the tariff of a day has a code; where there is no tariff of that country, whether the HS has it. */
    exists(code: string, country: Country, date: string): boolean {
      try {
        return codeExists(book, labels, code, country, date)
      } catch (error) {
        if (error instanceof TariffBookError) return error.code === 'country-unknown' && isInternational(code)
        throw error
      }
    },
  }
}
