/**
 * HSRATE, HSRATETEXT, HSRATES, HSUNIT: what a tariff prints for a code.
 * A code with several lines below it has a rate only where all of them have the same; otherwise the failure lists the rates.
 */
import type { Localised } from '../../../shared/language.ts'
import type { RateAsk } from '../../../shared/ask.ts'
import { claimableTreatments, treatmentWithoutMfn, type Country } from '../../../shared/country.ts'
import { compareDutyRates, fractionOf, parseDutyRate, type DutyRate } from '../../../shared/duty-rate.ts'
import { failure, isFailure, type Failure } from '../../../shared/error-codes.ts'
import type { Cell } from '../../../shared/protocol.ts'
import type { PublishedRate, TariffBook } from '../../tariff/book.ts'
import type { Reply } from '../provider.ts'

interface Rate {
  published: PublishedRate
  duty: DutyRate
}

const RATES_LISTED = 6
// A sentence cuts a detail that is longer, with what is said behind it.
const RATES_CHARACTERS_MAX = 120

export function rateNumber(book: TariffBook, digits: string, ask: RateAsk): Reply {
  const rate = uniformRate(book, digits, ask)
  if (isFailure(rate)) return rate
  const fraction = fractionOf(rate.duty)
  if (fraction !== null) return { kind: 'value', value: fraction }
  const { text } = rate.published
  if (rate.duty.kind === 'none') {
    return failure('no-rate', { country: ask.country, treatment: rate.published.treatment, code: digits })
  }
  if (rate.duty.kind === 'reference') return failure('rate-elsewhere', { text })
  if (rate.duty.kind === 'unparsed') return failure('rate-unparsed', { text })
  return failure('not-a-percentage', { text })
}

export function rateText(book: TariffBook, digits: string, ask: RateAsk): Reply {
  const rate = uniformRate(book, digits, ask)
  return isFailure(rate) ? rate : { kind: 'value', value: rate.published.text }
}

export function listRates(book: TariffBook, digits: string, ask: RateAsk): Reply {
  const { date, treatment: wanted } = ask.options
  const { edition } = book.edition(ask.country, date)
  const treatments = book.treatments(ask.country, date).map(({ id }) => id)
  const shown = wanted ? treatments.filter((id) => id === wanted) : forOrigin(ask, treatments)
  if (shown.length === 0) return unknownTreatment(ask, treatments)
  const table = shown.flatMap((treatment): Cell[][] => {
    const spread = book.ratesUnder(ask.country, digits, treatment, date).filter(({ text }) => text !== null)
    const [first] = spread
    if (!first || first.text === null) return []
    if (spread.length > 1) {
      const texts = spread.slice(0, RATES_LISTED).map(({ text, lineCount }) => `${text} (${lineCount})`)
      return [[treatment, '', `${texts.join(' | ')}${spread.length > RATES_LISTED ? ' | …' : ''}`, digits, edition]]
    }
    const source = book.rate(ask.country, first.example, treatment, date)
    const fraction = fractionOf(parseDutyRate(first.text, ask.country))
    return [[treatment, fraction ?? '', first.text, source?.from ?? digits, edition]]
  })
  return table.length === 0
    ? failure('no-rate', { country: ask.country, treatment: wanted ?? '', code: digits })
    : { kind: 'table', table }
}

export function unitOf(book: TariffBook, digits: string, ask: RateAsk): Reply {
  const { date } = ask.options
  const units = new Set<string>()
  for (const code of declarable(book, digits, ask)) {
    // Units stand on the line or, where it prints none, on the line above.
    for (let at = code; at.length >= 6; at = at.slice(0, -1)) {
      const line = book.find(ask.country, at, date)
      if (line && line.units.length > 0) {
        units.add(line.units.join(', '))
        break
      }
    }
  }
  if (units.size === 0) return failure('no-unit', { code: digits, country: ask.country })
  if (units.size > 1)
    return failure('rates-differ', { code: digits, rates: [...units].slice(0, RATES_LISTED).join('; ') })
  return { kind: 'value', value: [...units][0]! }
}

function declarable(book: TariffBook, digits: string, ask: RateAsk): string[] {
  const { date } = ask.options
  if (digits.length === 13) return [digits.slice(0, 10)]
  const below = book.declarableUnder(ask.country, digits, date)
  return below.length === 0 ? [digits] : below
}

/** The rate of every line at or below the code, if it is one rate. */
function uniformRate(book: TariffBook, digits: string, ask: RateAsk): Rate | Failure {
  const distinct = new Map<string, Rate>()
  let missing: Failure | null = null
  let lines = 0
  for (const code of declarable(book, digits, ask)) {
    const rate = rateOfLine(book, code, ask)
    lines++
    if (isFailure(rate)) missing = rate
    else distinct.set(rate.published.text, rate)
  }
  const [only] = distinct.values()
  if (!only) return missing ?? failure('no-rate', { country: ask.country, treatment: 'MFN', code: digits })
  if (distinct.size === 1 && missing === null) return only
  if (lines === 1 && missing !== null) return missing
  return failure('rates-differ', { code: digits, rates: printRates([...distinct.keys()], missing !== null) })
}

/** Whole rates, as many as a sentence shows of a detail, and how many more there are. */
function printRates(texts: readonly string[], someHaveNone: boolean): string | Localised {
  const none = someHaveNone ? ['none'] : []
  const shown: string[] = []
  for (const text of texts.slice(0, RATES_LISTED)) {
    if (shown.length > 0 && [...shown, text, ...none].join('; ').length > RATES_CHARACTERS_MAX) break
    shown.push(text)
  }
  const rates = [...shown, ...none].join('; ')
  const left = texts.length - shown.length
  if (left === 0) return rates
  return { en: `${rates} and ${left} more`, zh: `${rates}，另有 ${left} 种`, fr: `${rates} et ${left} de plus` }
}

function rateOfLine(book: TariffBook, code: string, ask: RateAsk): Rate | Failure {
  const { date, treatment } = ask.options
  const treatments = book.treatments(ask.country, date).map(({ id }) => id)
  if (treatment !== undefined) {
    if (!treatments.includes(treatment)) return unknownTreatment(ask, treatments)
    return printed(book, code, ask, treatment) ?? noRate(book, code, ask, treatment)
  }
  const outside = ask.origin === null ? null : treatmentWithoutMfn(ask.country, ask.origin)
  if (outside !== null) return read(book, code, ask, outside) ?? noRate(book, code, ask, outside)

  const base = baseRate(book, code, ask)
  const claims = ask.origin === null ? [] : claimableTreatments(ask.country, ask.origin)
  let best = base
  for (const claim of claims) {
    if (!treatments.includes(claim)) continue
    // Silence is not MFN: where the data does not tell what is printed, no rate is named.
    if (!book.isRateKnown(ask.country, code, claim, date)) {
      if (best && fractionOf(best.duty) === 0) return best
      return failure('rate-not-known', { treatment: claim, code, country: ask.country })
    }
    best = lower(best, read(book, code, ask, claim))
  }
  return best ?? noRate(book, code, ask, 'MFN')
}

/** What goods pay without any preference. */
function baseRate(book: TariffBook, code: string, ask: RateAsk): Rate | null {
  switch (ask.country) {
    case 'CN':
      // A provisional rate is applied in place of the MFN rate for as long as it is printed.
      return read(book, code, ask, 'PROV') ?? read(book, code, ask, 'MFN')
    case 'JP': {
      // The temporary rate stands in place of the general one; the WTO rate applies where it is lower. Brackets mark a rate
      // that another column replaces.
      const general = read(book, code, ask, 'TEMP') ?? read(book, code, ask, 'BASE')
      const wto = read(book, code, ask, 'WTO')
      if (!general || !wto) return general ?? wto
      if (isBracketed(wto)) return general
      if (isBracketed(general)) return wto
      const order = compareDutyRates(wto.duty, general.duty)
      return order !== null && order < 0 ? wto : general
    }
    default:
      return read(book, code, ask, 'MFN')
  }
}

/** The lower of two; a preference that cannot be compared with MFN is taken, because it exists to be claimed. */
function lower(current: Rate | null, other: Rate | null): Rate | null {
  if (!current || !other) return current ?? other
  const order = compareDutyRates(other.duty, current.duty)
  if (order === null) return isBracketed(other) ? current : other
  return order < 0 ? other : current
}

function isBracketed({ duty }: Rate): boolean {
  return 'bracketed' in duty
}

/** What is printed, be it only that the treatment does not apply ("N/A"). */
function printed(book: TariffBook, code: string, ask: RateAsk, treatment: string): Rate | null {
  const published = book.rate(ask.country, code, treatment, ask.options.date)
  return published && { published, duty: parseDutyRate(published.text, ask.country) }
}

/** A rate that applies. */
function read(book: TariffBook, code: string, ask: RateAsk, treatment: string): Rate | null {
  const rate = printed(book, code, ask, treatment)
  return rate?.duty.kind === 'none' ? null : rate
}

function noRate(book: TariffBook, code: string, ask: RateAsk, treatment: string): Failure {
  const details = { country: ask.country, treatment, code }
  return book.isRateKnown(ask.country, code, treatment, ask.options.date)
    ? failure('no-rate', details)
    : failure('rate-not-known', details)
}

function forOrigin(ask: RateAsk, treatments: readonly string[]): readonly string[] {
  if (ask.origin === null) return treatments
  const outside = treatmentWithoutMfn(ask.country, ask.origin)
  if (outside !== null) return treatments.filter((id) => id === outside)
  const claims = new Set([...baseTreatments(ask.country), ...claimableTreatments(ask.country, ask.origin)])
  return treatments.filter((id) => claims.has(id))
}

function baseTreatments(country: Country): string[] {
  if (country === 'CN') return ['MFN', 'PROV', 'VAT', 'CT']
  return country === 'JP' ? ['BASE', 'TEMP', 'WTO'] : ['MFN']
}

function unknownTreatment(ask: RateAsk, treatments: readonly string[]): Failure {
  return failure('unknown-treatment', {
    country: ask.country,
    value: ask.options.treatment ?? '',
    known: treatments.join(', '),
  })
}
