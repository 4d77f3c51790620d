/**
 * From damaged cells to diagnoses. Repairs are those of HSFIX, and each is proved: the tariff has the result, and has not what else
 * the cell may have been; where it has both, or a zero is put back at the end, a person says yes first.
 */
import { TARIFF_COUNTRIES, type Country } from '../../country.ts'
import { failure, isFailure } from '../../error-codes.ts'
import type { Language } from '../../language.ts'
import { printFailure } from '../../print-failure.ts'
import type { AnswerError } from '../../protocol.ts'
import { codeLengths, parseTariffCode, printTariffCode, type CellValue, type CodeReading } from '../../tariff-code.ts'
import { isRefused, type Reply } from '../proxy-api.ts'
import type { TariffAnswer, TariffQuestion } from './ask-tariff.ts'
import { isWellWritten, type Diagnosis, type RepairReason } from './diagnosis.ts'

export interface DiagnoseDeps {
  ask: (questions: readonly TariffQuestion[]) => Promise<Reply<TariffAnswer[]>>
  language: () => Language
}

/** @param values different ones, none blank. @returns a diagnosis for each, in order; a refusal when the tariff could not be asked. */
export async function diagnose(
  deps: DiagnoseDeps,
  values: readonly CellValue[],
  country: Country,
): Promise<Reply<Diagnosis[]>> {
  const open = values.map((value) => ({ value, reading: parseTariffCode(value, country) }))
  const first = await deps.ask(open.flatMap(({ value, reading }) => (isFailure(reading) ? [] : bothOf(value, country))))
  if (isRefused(first)) return first

  const replies = first.values()
  const looked = open.map(({ value, reading }): Look => {
    if (isFailure(reading)) return { value, reading: null, error: printFailure(reading, deps.language()) }
    const [fixed, checked] = [replies.next().value!, replies.next().value!]
    if ('error' in fixed) return { value, reading, error: fixed.error }
    const status = 'value' in checked ? checked.value : ''
    return { value, reading: { ...reading, digits: fixed.value }, edition: fixed.edition, status }
  })
  const doubts = looked.map((look) => ('error' in look ? elsewhere(look, country) : rivals(look, country)))
  const second = await deps.ask(doubts.flat())
  if (isRefused(second)) return second

  let at = 0
  return looked.map((look, index) => {
    const questions = doubts[index]!
    const answers = second.slice(at, (at += questions.length))
    const existing = questions.filter((_question, number) => isKnown(answers[number]!))
    return 'error' in look ? concludeUnknown(look.error, existing) : concludeKnown(deps, look, questions, existing)
  })
}

interface UnknownLook {
  value: CellValue
  /** null: it cannot be read as a code of this country. */
  reading: CodeReading | null
  error: AnswerError
}
interface KnownLook {
  value: CellValue
  /** Its digits are in the tariff. */
  reading: CodeReading
  edition: string
  /** What HSCHECK says. */
  status: string
}
type Look = UnknownLook | KnownLook

function bothOf(value: CellValue, country: Country): TariffQuestion[] {
  return [
    { fn: 'HSFIX', value, country },
    { fn: 'HSCHECK', value, country },
  ]
}

// More digits than these are a country's own.
const INTERNATIONAL_DIGITS = 6

function elsewhere({ value }: UnknownLook, country: Country): TariffQuestion[] {
  return TARIFF_COUNTRIES.filter((other) => other !== country).flatMap((other): TariffQuestion[] => {
    const reading = parseTariffCode(value, other)
    const isNational = !isFailure(reading) && reading.certain && reading.digits.length > INTERNATIONAL_DIGITS
    return isNational ? [{ fn: 'HSCHECK', value: reading.digits, country: other }] : []
  })
}

/** What else the cell may have been. A code never lost a zero at the end as a whole number, and may have as text or after a point. */
function rivals({ reading }: KnownLook, country: Country): TariffQuestion[] {
  const { digits, repairs } = reading
  const check = (rival: string): TariffQuestion => ({ fn: 'HSCHECK', value: rival, country })
  if (repairs.includes('trailing-zero')) {
    return Array.from({ length: 9 }, (_, last) => check(`${digits.slice(0, -1)}${last + 1}`))
  }
  if (!repairs.includes('leading-zero')) return []
  const rival = `${digits.slice(1)}0`
  return codeLengths(country).includes(rival.length) ? [check(rival)] : []
}

function isKnown(answer: TariffAnswer): boolean {
  return 'value' in answer && answer.value !== 'NOT-FOUND' && answer.value !== 'WRONG-COUNTRY'
}

// The sentence of HSFIX for a code that the tariff does not have; every other one says that it is no code, or none for sure.
const CODE_NOT_FOUND = 'TC-210'

function concludeUnknown(error: AnswerError, existing: readonly TariffQuestion[]): Diagnosis {
  if (existing.length > 0) return { kind: 'elsewhere', countries: existing.map(({ country }) => country), error }
  return { kind: error.code === CODE_NOT_FOUND ? 'not-found' : 'hopeless', error }
}

function concludeKnown(
  { language }: DiagnoseDeps,
  { value, reading, edition, status }: KnownLook,
  questions: readonly TariffQuestion[],
  existing: readonly TariffQuestion[],
): Diagnosis {
  const { digits, repairs } = reading
  const found = { digits, edition }
  const lostAtEnd = repairs.includes('trailing-zero')
  if (lostAtEnd && existing.length > 0) {
    const candidates = [digits, ...existing.map(({ value: rival }) => String(rival))]
      .map((code) => printTariffCode(code, 'dots') ?? code)
      .join(', ')
    return {
      kind: 'hopeless',
      error: printFailure(failure('ambiguous-code', { value: String(value), candidates }), language()),
    }
  }
  const reasons = reasonsOf(value, reading)
  if (reasons.length === 0 || isWellWritten(value, digits)) {
    return { kind: status === 'SHORT' ? 'short' : 'fine', ...found }
  }
  const [rival] = lostAtEnd ? [] : questions
  const isRivalKnown = existing.length > 0
  return {
    kind: 'repair',
    ...found,
    reasons,
    rival: rival ? { digits: String(rival.value), exists: isRivalKnown } : null,
    // A whole number keeps the zeros at its end, so its other reading is no danger; a text may have lost either.
    isSure: !lostAtEnd && !(isRivalKnown && typeof value === 'string'),
  }
}

function reasonsOf(value: CellValue, { repairs }: CodeReading): RepairReason[] {
  if (typeof value === 'number') return ['number', ...repairs]
  if (repairs.length > 0) return repairs
  return String(value).trim() === value ? [] : ['blanks']
}
