/** From HSCIQ's names of rate columns to the treatments that the tariffs in the house have, in the same order. */
import type { Country } from '../../../shared/country.ts'
import { parseSpecialRates } from '../../tariff/importers/special-rates.ts'
import { cleanText } from '../clean-text.ts'
import { originsOf } from './agreement-origins.ts'
import type { CodeDetail } from './schema.ts'

export const HSCIQ_COUNTRIES: readonly Country[] = ['CN', 'JP', 'US']

export interface PrintedRate {
  treatment: string
  /** As printed; '' where the column is there and nothing stands in it. */
  text: string
  /** For China's agreements, which are no treatment of the tariff in the house: who can claim it, null when the key does not tell. */
  origins?: readonly Country[] | null
}

/** Key without case and separators → treatment. Only some are in the document, "such as"; the others are those of search_code. */
const CHINA: Readonly<Record<string, string>> = {
  mfnimportrate: 'MFN',
  generalimportrate: 'GEN',
  provisionalimportrate: 'PROV',
  vatrate: 'VAT',
  consumptionrate: 'CT',
  consumptiontaxrate: 'CT',
}
const JAPAN: Readonly<Record<string, string>> = {
  general: 'BASE',
  temporary: 'TEMP',
  wto: 'WTO',
  gsp: 'GSP',
  ldc: 'LDC',
  singapore: 'EPA-SG',
  mexico: 'EPA-MX',
  malaysia: 'EPA-MY',
  chile: 'EPA-CL',
  thailand: 'EPA-TH',
  indonesia: 'EPA-ID',
  brunei: 'EPA-BN',
  asean: 'EPA-ASEAN',
  philippines: 'EPA-PH',
  switzerland: 'EPA-CH',
  vietnam: 'EPA-VN',
  india: 'EPA-IN',
  peru: 'EPA-PE',
  australia: 'EPA-AU',
  mongolia: 'EPA-MN',
  cptpp: 'EPA-CPTPP',
  eu: 'EPA-EU',
  uk: 'EPA-UK',
  // One column of the schedule for ASEAN, Australia and New Zealand.
  rcepaustralia: 'EPA-RCEP-ASEAN',
  rcepasean: 'EPA-RCEP-ASEAN',
  rcepchina: 'EPA-RCEP-CN',
  rcepkorea: 'EPA-RCEP-KR',
  us: 'EPA-US',
}
const UNITED_STATES: Readonly<Record<string, string>> = {
  generalrateofduty: 'MFN',
  specialrateofduty: 'SPECIAL',
  column2rateofduty: 'COL2',
}

/** Whether the tariff of a country has such a treatment, printed for a code or not. */
export function isTreatment(country: Country, treatment: string): boolean {
  switch (country) {
    case 'CN':
      return Object.values(CHINA).includes(treatment)
    case 'JP':
      return Object.values(JAPAN).includes(treatment)
    default:
      return (
        treatment === 'ADD' || Object.values(UNITED_STATES).includes(treatment) || /^[A-Z]{1,2}[+*]?$/.test(treatment)
      )
  }
}

// The document names no provisional rate for China, yet it replaces the MFN rate: any import key that sounds like one is taken for it.
const SOUNDS_PROVISIONAL = /^(?!.*(?:export|出口)).*(?:provis|temp|tentativ|interim|暂定)/i

/**
 * Every rate a code's detail has, once a treatment. A treatment that is missing here is one the reply tells nothing of; one with an
 * empty text is printed as blank, which is never 0.
 */
export function printedRates(detail: CodeDetail, country: Country): PrintedRate[] {
  const { Taxes, Extensions } = detail
  switch (country) {
    case 'CN': {
      const agreements = [
        ...Object.entries(Extensions?.Cn?.Ct ?? {}).map(([key, value]) => agreementRate(key, value, '')),
        ...Object.entries(Extensions?.Cn?.Rcep ?? {}).map(([key, value]) => agreementRate(key, value, 'RCEP ')),
      ]
      return [...inOrder([Taxes], CHINA, SOUNDS_PROVISIONAL), ...agreements.filter(({ text }) => text !== '')]
    }
    case 'JP':
      return inOrder([Taxes, Extensions?.Jp?.AgreementRates], JAPAN)
    default: {
      const [base, special, columnTwo] = ['MFN', 'SPECIAL', 'COL2'].map((wanted) =>
        inOrder([Taxes], UNITED_STATES).filter(({ treatment }) => treatment === wanted),
      )
      const programmes = (special ?? []).flatMap(({ text }) =>
        parseSpecialRates(text).flatMap(({ rate, programmes }) =>
          // What was cut out of the middle of a clean text may begin as a formula does.
          programmes.map((treatment): PrintedRate => ({ treatment, text: rateText(rate) })),
        ),
      )
      const sorted = programmes.toSorted((a, b) => (a.treatment < b.treatment ? -1 : 1))
      const additional = rateText(Extensions?.Us?.AdditionalDuties)
      return [
        ...(base ?? []),
        ...(special ?? []),
        ...sorted,
        ...(columnTwo ?? []),
        ...(additional === '' ? [] : [{ treatment: 'ADD', text: additional }]),
      ]
    }
  }
}

function inOrder(
  columns: readonly (Readonly<Record<string, unknown>> | null | undefined)[],
  treatments: Readonly<Record<string, string>>,
  provisional?: RegExp,
): PrintedRate[] {
  const texts = new Map<string, string>()
  for (const [key, value] of columns.flatMap((column) => Object.entries(column ?? {}))) {
    const folded = key.toLowerCase().replaceAll(/[^a-z\d]/g, '')
    const known = Object.hasOwn(treatments, folded) ? treatments[folded] : undefined
    const treatment = known ?? (provisional?.test(key) ? 'PROV' : undefined)
    if (treatment === undefined) continue
    const text = rateText(value)
    // A blank never hides what another key prints for the same treatment.
    if (text !== '' || !texts.has(treatment)) texts.set(treatment, texts.get(treatment) || text)
  }
  const order = [...new Set(Object.values(treatments))]
  return order.flatMap((treatment) => {
    const text = texts.get(treatment)
    return text === undefined ? [] : [{ treatment, text }]
  })
}

function agreementRate(key: string, value: unknown, prefix: string): PrintedRate {
  return { treatment: cleanText(`${prefix}${cleanText(key)}`), text: rateText(value), origins: originsOf(key) }
}

/** @returns '' for what only marks an empty place: a dash, a slash. */
export function rateText(value: unknown): string {
  const text = cleanText(value)
  return /^'?[-–—/]*$/.test(text) ? '' : text
}
