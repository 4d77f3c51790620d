import type { FormatAsk } from '../../shared/ask.ts'
import { failure, isFailure } from '../../shared/error-codes.ts'
import { parseTariffCode, printTariffCode, type CodeStyle } from '../../shared/tariff-code.ts'
import type { Country } from '../../shared/country.ts'
import type { Printable } from './print-answer.ts'

const COUNTRY_OF_STYLE: Partial<Record<CodeStyle, Country>> = { CA: 'CA', US: 'US', CN: 'CN', JP: 'JP' }

/** HSFORMAT: needs no tariff, only the digits. A code shorter than the digits asked for is an error, never padded. */
export function formatCode(ask: FormatAsk): Printable {
  const reading = parseTariffCode(ask.code, COUNTRY_OF_STYLE[ask.style] ?? null)
  if (isFailure(reading)) return { failed: reading, points: 0 }
  const printed = printTariffCode(reading.digits, ask.style)
  return printed === null
    ? {
        failed: failure('code-too-short', { digits: reading.digits, length: reading.digits.length, wanted: ask.style }),
        points: 0,
      }
    : { cells: { value: printed }, points: 0 }
}
