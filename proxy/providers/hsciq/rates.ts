/**
 * HSRATE, HSRATETEXT, HSRATES from the detail of a code: the same choice as the tariffs in the house make, on what HSCIQ prints.
 * Where the reply does not tell what a preference is, no rate is named: silence is not MFN, and a blank is not 0.
 */
import type { RateAsk } from '../../../shared/ask.ts'
import { claimableTreatments, treatmentWithoutMfn, type Country } from '../../../shared/country.ts'
import { compareDutyRates, fractionOf, parseDutyRate, type DutyRate } from '../../../shared/duty-rate.ts'
import { failure, isFailure, type Failure } from '../../../shared/error-codes.ts'
import type { Cell } from '../../../shared/protocol.ts'
import type { Reply } from '../provider.ts'
import { AGREEMENT_ORIGINS } from './agreement-origins.ts'
import { isTreatment, printedRates, type PrintedRate } from './treatments.ts'
import type { CodeDetail } from './schema.ts'

interface Rate extends PrintedRate {
  duty: DutyRate
}

/** What is known of one code in one country. */
interface RateSheet {
  country: Country
  code: string
  rates: readonly PrintedRate[]
  /** The reply says which of China's agreements have a rate, be it none. */
  listsAgreements: boolean
}

export function readRateSheet(detail: CodeDetail, country: Country, code: string): RateSheet {
  const china = detail.Extensions?.Cn
  return {
    country,
    code,
    rates: printedRates(detail, country),
    listsAgreements: china?.Ct != null || china?.Rcep != null,
  }
}

export function rateNumber(sheet: RateSheet, ask: RateAsk): Reply {
  const rate = chooseRate(sheet, ask)
  if (isFailure(rate)) return rate
  const fraction = fractionOf(rate.duty)
  if (fraction !== null) return { kind: 'value', value: fraction }
  switch (rate.duty.kind) {
    case 'none':
      return failure('no-rate', { country: sheet.country, treatment: rate.treatment, code: sheet.code })
    case 'reference':
      return failure('rate-elsewhere', { text: rate.text })
    case 'unparsed':
      return failure('rate-unparsed', { text: rate.text })
    default:
      return failure('not-a-percentage', { text: rate.text })
  }
}

export function rateText(sheet: RateSheet, ask: RateAsk): Reply {
  const rate = chooseRate(sheet, ask)
  return isFailure(rate) ? rate : { kind: 'value', value: rate.text }
}

/** Rows of treatment, rate, text, printed at, edition. */
export function listRates(sheet: RateSheet, ask: RateAsk, edition: string): Reply {
  const { treatment: wanted } = ask.options
  const { country, code, rates } = sheet
  const shown = rates.filter(
    (rate) =>
      rate.text !== '' && (wanted === undefined ? isForOrigin(rate, country, ask.origin) : rate.treatment === wanted),
  )
  if (shown.length === 0 && wanted !== undefined) return notPrinted(sheet, wanted)
  if (shown.length === 0) return failure('no-rate', { country, treatment: '', code })
  return {
    kind: 'table',
    table: shown.map(({ treatment, text }): Cell[] => [
      treatment,
      fractionOf(parseDutyRate(text, country)) ?? '',
      text,
      code,
      edition,
    ]),
  }
}

function isForOrigin({ treatment, origins }: PrintedRate, country: Country, origin: Country | null): boolean {
  if (origin === null) return true
  if (origins !== undefined) return origins === null || origins.includes(origin)
  const outside = treatmentWithoutMfn(country, origin)
  if (outside !== null) return treatment === outside
  return BASE_TREATMENTS[country]!.includes(treatment) || claimableTreatments(country, origin).includes(treatment)
}

const BASE_TREATMENTS: Readonly<Record<Country, readonly string[]>> = {
  CN: ['MFN', 'PROV', 'VAT', 'CT'],
  JP: ['BASE', 'TEMP', 'WTO'],
  US: ['MFN'],
}

function chooseRate(sheet: RateSheet, ask: RateAsk): Rate | Failure {
  const { country, code } = sheet
  const { treatment } = ask.options
  if (treatment !== undefined) return printed(sheet, treatment) ?? notPrinted(sheet, treatment)
  const outside = ask.origin === null ? null : treatmentWithoutMfn(country, ask.origin)
  if (outside !== null) return applied(sheet, outside) ?? notPrinted(sheet, outside)

  const base = baseRate(sheet)
  if (ask.origin === null || ask.origin === country) return base ?? notPrinted(sheet, BASE_TREATMENTS[country]![0]!)
  const claims = claimsOf(sheet, ask.origin)
  if (claims === null) {
    if (base && fractionOf(base.duty) === 0) return base
    return failure('rate-not-known', { treatment: country === 'CN' ? '协定' : 'EPA', code, country })
  }
  return claims.reduce(lower, base) ?? notPrinted(sheet, BASE_TREATMENTS[country]![0]!)
}

/** Preferences an origin can claim. @returns null when the reply leaves open whether there is one. */
function claimsOf(sheet: RateSheet, origin: Country): Rate[] | null {
  const { country, rates, listsAgreements } = sheet
  if (country === 'CN') {
    if (!listsAgreements) return AGREEMENT_ORIGINS.has(origin) ? null : []
    const agreements = rates.filter(({ origins }) => origins !== undefined)
    if (agreements.some(({ origins }) => origins === null)) return null
    return agreements.flatMap((rate) => (rate.origins?.includes(origin) ? [readRate(rate, country)] : []))
  }
  const claims = claimableTreatments(country, origin)
  if (claims.length === 0) return []
  // One column holds all American programmes. Japan's agreements are keys of their own, left out where nothing is printed: a reply
  // with none of them says nothing about agreements.
  const isListed = rates.some(({ treatment }) =>
    country === 'US' ? treatment === 'SPECIAL' : treatment.startsWith('EPA-'),
  )
  return isListed ? claims.flatMap((claim) => applied(sheet, claim) ?? []) : null
}

/** What goods pay without any preference. */
function baseRate(sheet: RateSheet): Rate | null {
  switch (sheet.country) {
    case 'CN':
      // A provisional rate is applied in place of the MFN rate for as long as it is printed.
      return applied(sheet, 'PROV') ?? applied(sheet, 'MFN')
    case 'JP': {
      // The temporary rate stands in place of the general one; the WTO rate applies where it is lower. Brackets mark a rate that
      // another column replaces.
      const general = applied(sheet, 'TEMP') ?? applied(sheet, 'BASE')
      const wto = applied(sheet, 'WTO')
      if (!general || !wto) return general ?? wto
      if (isBracketed(wto)) return general
      if (isBracketed(general)) return wto
      const order = compareDutyRates(wto.duty, general.duty)
      return order !== null && order < 0 ? wto : general
    }
    default:
      return applied(sheet, 'MFN')
  }
}

/** The lower of two; a preference that cannot be compared with the base is taken, because it exists to be claimed. */
function lower(current: Rate | null, other: Rate): Rate | null {
  if (!current) return other
  const order = compareDutyRates(other.duty, current.duty)
  if (order === null) return isBracketed(other) || other.duty.kind === 'none' ? current : other
  return order < 0 ? other : current
}

function isBracketed({ duty }: Rate): boolean {
  return 'bracketed' in duty
}

/** What is printed, be it only that the treatment does not apply ("N/A"). */
function printed({ rates, country }: RateSheet, treatment: string): Rate | null {
  const rate = rates.find((each) => each.treatment === treatment)
  return rate && rate.text !== '' ? readRate(rate, country) : null
}

/** A rate that applies. */
function applied(sheet: RateSheet, treatment: string): Rate | null {
  const rate = printed(sheet, treatment)
  return rate?.duty.kind === 'none' ? null : rate
}

function readRate(rate: PrintedRate, country: Country): Rate {
  return { ...rate, duty: parseDutyRate(rate.text, country) }
}

/** A blank is no rate; a column the reply does not have is not known. */
function notPrinted({ rates, country, code }: RateSheet, treatment: string): Failure {
  if (!isTreatment(country, treatment)) {
    const known = rates.filter(({ text }) => text !== '').map((rate) => rate.treatment)
    return failure('unknown-treatment', { country, value: treatment, known: known.join(', ') || '–' })
  }
  const details = { country, treatment, code }
  const isProgramme = country === 'US' && !['MFN', 'SPECIAL', 'COL2', 'ADD'].includes(treatment)
  const column = isProgramme ? 'SPECIAL' : treatment
  const isTold = rates.some((rate) => rate.treatment === column)
  return failure(isTold ? 'no-rate' : 'rate-not-known', details)
}
