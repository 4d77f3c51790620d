/**
 * The provider in the house: classifier and tariff book, no network, free. It answers everything the other providers answer,
 * to six digits for every country and to the national line where a tariff is at hand.
 */
import { failure, isFailure, type Failure } from '../../../shared/error-codes.ts'
import type { Classifier } from '../../classifier/classify.ts'
import { TariffBookError, type TariffBook } from '../../tariff/book.ts'
import { noProvider } from '../no-provider.ts'
import {
  countryOf,
  EMBEDDED_NAME,
  type Classification,
  type ClassifyInquiry,
  type Inquiry,
  type Labels,
  type LookupInquiry,
  type Provider,
  type Reply,
  type TariffInquiry,
} from '../provider.ts'
import { checkCode } from './check-code.ts'
import { describeCode, listChildren, listPath } from './describe-code.ts'
import { findCode } from './find-code.ts'
import { listRates, rateNumber, rateText, unitOf } from './rates.ts'
import { searchCodes } from './search-codes.ts'

export interface EmbeddedDeps {
  classifier: Classifier
  book: TariffBook
  labels: Labels
  /** Edition of lexicon and model together, e.g. `HS2022 3f0c1a`. */
  lexiconEdition: string
  log: { error(details: object, message: string): void }
  now: () => number
}

// One call is one turn of the event loop: about 15 ms of classifying, so that cached cells of others pass in between.
const INQUIRIES_PER_CALL = 40
const LINES_NAMED = 4

export function createEmbedded(deps: EmbeddedDeps): Provider {
  return {
    name: EMBEDDED_NAME,
    inquiriesPerCallMax: INQUIRIES_PER_CALL,
    callsInFlightMax: 1,
    timeoutMs: 30_000,
    gatherWindowMs: 0,
    answers: (inquiry) => inquiry.kind !== 'lookup' || inquiry.ask.fn === 'HSSEARCH',
    edition: (inquiry) => editionOf(deps, inquiry),
    async ask(inquiries) {
      const replies = new Map<string, Reply>()
      for (const inquiry of inquiries) replies.set(inquiry.key, answerOne(deps, inquiry))
      await new Promise((resolve) => setImmediate(resolve))
      return replies
    },
  }
}

function editionOf({ book, lexiconEdition, now }: EmbeddedDeps, inquiry: Inquiry): string {
  const country = countryOf(inquiry)
  const tariff = country === null ? null : tariffEdition(book, country, dateOf(inquiry, now))
  if (inquiry.kind === 'tariff' && tariff !== null) return tariff
  return tariff === null ? lexiconEdition : `${lexiconEdition} / ${tariff}`
}

function tariffEdition(book: TariffBook, country: string, date: string): string | null {
  try {
    const { edition, effectiveFrom } = book.edition(country, date)
    return `${edition} (${country}, from ${effectiveFrom})`
  } catch (error) {
    // No tariff of that country: the classifier still answers to six digits.
    if (error instanceof TariffBookError) return null
    throw error
  }
}

/** The tariff of the day asked for. Not the newest: an edition imported before it is in force must not answer for today. */
function dateOf(inquiry: Inquiry, now: () => number): string {
  const asked = inquiry.kind === 'classify' ? inquiry.date : inquiry.ask.options.date
  return asked ?? new Date(now()).toISOString().slice(0, 10)
}

function answerOne(deps: EmbeddedDeps, inquiry: Inquiry): Reply {
  try {
    switch (inquiry.kind) {
      case 'classify':
        return classify(deps, inquiry)
      case 'tariff':
        return readTariff(deps, inquiry)
      case 'lookup':
        return lookUp(deps, inquiry)
    }
  } catch (error) {
    if (error instanceof TariffBookError) return bookFailure(deps, inquiry, error)
    deps.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'the embedded provider failed')
    return failure('provider-failed', { provider: EMBEDDED_NAME })
  }
}

function bookFailure({ book, now }: EmbeddedDeps, inquiry: Inquiry, error: TariffBookError): Failure {
  const country = countryOf(inquiry) ?? ''
  switch (error.code) {
    case 'country-unknown':
      return failure('no-tariff', { country, known: book.countries().join(', ') || '–' })
    case 'edition-unavailable':
      return failure('no-edition', {
        country,
        date: dateOf(inquiry, now),
        oldest: book.editions(country).at(-1)?.effectiveFrom ?? '–',
      })
    case 'tariff-unavailable':
      return failure('tariff-unavailable', { country })
  }
}

function classify({ classifier, book, now }: EmbeddedDeps, inquiry: ClassifyInquiry): Classification {
  const date = dateOf(inquiry, now)
  const found = classifier.classify(inquiry.description, inquiry.facts)
  const [best] = found.candidates
  const lines = best ? nationalLines(book, inquiry.country, best.code, date) : []
  return {
    kind: 'classification',
    candidates: found.candidates.map(({ code, score }) => {
      const below = code === best?.code ? lines : nationalLines(book, inquiry.country, code, date)
      // A single line below a subheading is as certain as the subheading.
      return { code: below.length === 1 ? below[0]! : code, score }
    }),
    headings: found.headings,
    lines: { count: lines.length, first: lines.slice(0, LINES_NAMED) },
    words: found.words,
    vague: found.vague,
    missing: found.missing,
  }
}

function nationalLines(book: TariffBook, country: string, code: string, date: string): string[] {
  try {
    return book.declarableUnder(country, code, date)
  } catch (error) {
    if (error instanceof TariffBookError) return []
    throw error
  }
}

function lookUp(deps: EmbeddedDeps, inquiry: LookupInquiry): Reply {
  const { ask } = inquiry
  if (ask.fn !== 'HSSEARCH') return noProvider(ask.fn, countryOf(inquiry))
  return searchCodes(deps, ask, dateOf(inquiry, deps.now))
}

function readTariff(deps: EmbeddedDeps, inquiry: TariffInquiry): Reply {
  const { book, labels } = deps
  const options = { ...inquiry.ask.options, date: dateOf(inquiry, deps.now) }
  const ask: TariffInquiry['ask'] = { ...inquiry.ask, options }
  if (ask.fn === 'HSCHECK') return checkCode(deps, ask)
  const found = findCode(book, labels, ask.code, ask.country, ask.options.date)
  if (isFailure(found)) return found
  switch (ask.fn) {
    case 'HSFIX':
      return { kind: 'value', value: found.digits }
    case 'HSDESC':
      return describeCode(deps, found.digits, ask)
    case 'HSPATH':
      return listPath(deps, found.digits, ask)
    case 'HSCHILDREN':
      return listChildren(deps, found.digits, ask)
    case 'HSRATE':
      return rateNumber(book, found.digits, ask)
    case 'HSRATETEXT':
      return rateText(book, found.digits, ask)
    case 'HSRATES':
      return listRates(book, found.digits, ask)
    case 'HSUNIT':
      return unitOf(book, found.digits, ask)
  }
}
