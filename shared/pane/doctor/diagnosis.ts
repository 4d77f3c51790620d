/** What is wrong with a cell of a code column, and what proves its repair. */
import type { Country } from '../../country.ts'
import type { AnswerError } from '../../protocol.ts'
import { printTariffCode, type CellValue, type CodeStyle, type Repair } from '../../tariff-code.ts'

/** `number`: the cell holds a number, which keeps no zeros. `blanks`: spaces around it. `style`: whole, and written unlike the others. */
export type RepairReason = Repair | 'number' | 'blanks' | 'style'

export interface FoundCode {
  /** Digits only, in the tariff. */
  digits: string
  /** Edition of the tariff that has it. */
  edition: string
}

export type Diagnosis =
  | (FoundCode & { kind: 'fine' })
  | (FoundCode & {
      kind: 'repair'
      reasons: readonly RepairReason[]
      /** The other way to read the cell, and whether the tariff has that too; null: there is none. */
      rival: { digits: string; exists: boolean } | null
      /** False: a person should look at it before it is done. */
      isSure: boolean
    })
  /** In the tariff, and fewer than six digits. A code is never made longer. */
  | (FoundCode & { kind: 'short' })
  /** A code of these countries, and not of the one asked about. */
  | { kind: 'elsewhere'; countries: readonly Country[]; error: AnswerError }
  | { kind: 'not-found'; error: AnswerError }
  | { kind: 'hopeless'; error: AnswerError }

export const WRITING_STYLES = ['plain', 'dots'] as const
export type WritingStyle = (typeof WRITING_STYLES)[number]

const COUNTRY_STYLES: Readonly<Record<Country, CodeStyle>> = { CA: 'CA', US: 'US', CN: 'CN', JP: 'JP' }

/** A code as this country's tariff prints it, or its digits. */
export function writeCode(digits: string, style: WritingStyle, country: Country): string {
  if (style === 'plain') return digits
  return printTariffCode(digits, COUNTRY_STYLES[country] ?? 'dots') ?? digits
}

/** Whether a text is a whole code as one writes it: digits, or digits with the dots of some tariff. */
export function isWellWritten(value: CellValue, digits: string): boolean {
  if (typeof value !== 'string') return false
  return [digits, ...(['dots', 'CN', 'JP'] as const).map((style) => printTariffCode(digits, style))].includes(value)
}

/** Whether most of these codes are written with dots. */
export function usualStyle(values: Iterable<{ value: CellValue; cells: number; diagnosis: Diagnosis }>): WritingStyle {
  let balance = 0
  for (const { value, cells, diagnosis } of values) {
    if (diagnosis.kind !== 'fine' || typeof value !== 'string') continue
    balance += value.includes('.') ? cells : -cells
  }
  return balance > 0 ? 'dots' : 'plain'
}
