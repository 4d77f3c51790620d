/** HSCIQ: reference work for the Chinese, the Japanese and the American tariff, and experts who classify by hand. */
import type { CodeAsk, LookupAsk, RateAsk } from '../../../shared/ask.ts'
import type { Country } from '../../../shared/country.ts'
import { isFailure, type Failure } from '../../../shared/error-codes.ts'
import { parseTariffCode, type CellValue } from '../../../shared/tariff-code.ts'
import { readCode } from '../clean-text.ts'
import { noProvider } from '../no-provider.ts'
import { countryOf, functionOf, type ClassifyInquiry, type Inquiry, type Provider, type Reply } from '../provider.ts'
import type { Upstream } from '../upstream.ts'
import { createHsciqClient, HSCIQ, type HsciqClient, type HsciqTool } from './client.ts'
import { askExpert, createDesk } from './desk.ts'
import { toDetailTable } from './detail-table.ts'
import { listRates, rateNumber, rateText, readRateSheet } from './rates.ts'
import { codeDetail, page, type CodeDetail, type Page } from './schema.ts'
import {
  brokenCode,
  NO_MATCH,
  toCiqTable,
  toClassification,
  toExampleTable,
  toHazardTable,
  toName,
  toPortTable,
  toSearchTable,
  toUnit,
} from './to-answer.ts'
import { toKeywordsWithFacts } from './to-keywords.ts'
import { HSCIQ_COUNTRIES } from './treatments.ts'

export { createHsciqClient, type HsciqClient } from './client.ts'

const OF_A_COUNTRY = ['HSCODE', 'HSDESC', 'HSRATE', 'HSRATETEXT', 'HSRATES', 'HSUNIT', 'HSSEARCH', 'HSDETAIL']
const OF_NO_COUNTRY = ['HSEXAMPLES', 'HSHAZARD', 'HSPORT', 'HSCIQ', 'HSEXPERT']

const ROWS_SHOWN = 10
/** Several lines of one subheading count as one candidate: asked for more than the ten wanted. */
const CODES_SEARCHED = 30

export const hsciq: Upstream = {
  name: HSCIQ,
  credentialFields: [
    {
      name: 'key',
      secret: true,
      // The document says nothing of its form; a header takes visible ASCII only.
      pattern: /^[\x21-\x7e]{8,200}$/,
      expected: 'the API key of your HSCIQ account: 8 to 200 letters, digits and signs, no spaces',
    },
  ],
  defaultUrl: 'https://www.hsciq.com',
  couldAnswer: ({ kind, fn, country }) => covers(kind === 'classify' ? 'HSCODE' : fn, country),
  connect(connection) {
    const client = createHsciqClient(connection)
    const provider: Provider = {
      name: HSCIQ,
      inquiriesPerCallMax: 1,
      callsInFlightMax: 4,
      timeoutMs: 30_000,
      gatherWindowMs: 0,
      answers: (inquiry) =>
        covers(functionOf(inquiry), countryOf(inquiry)) &&
        isOfToday(inquiry) &&
        hasKeywords(inquiry) &&
        isInLanguage(inquiry),
      // It prints no edition, so what it says is remembered for a month.
      edition: () => `${HSCIQ}, asked ${new Date(connection.now()).toISOString().slice(0, 7)}`,
      async ask(inquiries, signal) {
        const replies = new Map<string, Reply>()
        for (const inquiry of inquiries) {
          replies.set(inquiry.key, await answer(client, inquiry, provider.edition(inquiry), signal))
        }
        return replies
      },
    }
    return {
      provider,
      async test(signal) {
        const tools = await client.listTools(signal)
        return `${tools.length} tools: ${tools.filter((tool) => /^\w{1,40}$/.test(tool)).join(', ')}`
      },
      desk: createDesk(client, connection),
      close: () => client.close(),
    }
  },
}

function covers(fn: string, country: Country | null): boolean {
  if (OF_NO_COUNTRY.includes(fn)) return true
  return OF_A_COUNTRY.includes(fn) && country !== null && HSCIQ_COUNTRIES.includes(country)
}

/** It knows the tariff of today only. */
function isOfToday(inquiry: Inquiry): boolean {
  return inquiry.kind === 'classify' ? inquiry.date === null : inquiry.ask.options.date === undefined
}

/** Its words are Chinese. Where no language was asked they are better than nothing; a description of goods is always in one. */
function isInLanguage(inquiry: Inquiry): boolean {
  if (inquiry.kind === 'classify') return true
  const { ask } = inquiry
  if (ask.fn === 'HSDESC') return ask.language === 'zh'
  const { lang } = ask.options
  return lang === undefined || lang === 'zh' || !isInWords(ask)
}

function isInWords(ask: Exclude<Inquiry, ClassifyInquiry>['ask']): boolean {
  switch (ask.fn) {
    case 'HSSEARCH':
    case 'HSEXAMPLES':
    case 'HSDETAIL':
    case 'HSHAZARD':
    case 'HSCIQ':
      return true
    case 'HSUNIT':
      // The Japanese and the American tariff print theirs in signs.
      return ask.country === 'CN'
    case 'HSEXPERT':
      return ask.field === 'reason'
    default:
      return false
  }
}

function hasKeywords(inquiry: Inquiry): boolean {
  return inquiry.kind !== 'classify' || toKeywordsWithFacts(inquiry.description, inquiry.facts) !== null
}

async function answer(client: HsciqClient, inquiry: Inquiry, edition: string, signal: AbortSignal): Promise<Reply> {
  switch (inquiry.kind) {
    case 'classify': {
      const keywords = toKeywordsWithFacts(inquiry.description, inquiry.facts)
      return keywords === null
        ? notAnswered('HSCODE', inquiry.country)
        : classify(client, keywords, inquiry.country, signal)
    }
    case 'tariff':
      return readTariff(client, inquiry.ask as CodeAsk | RateAsk, edition, signal)
    case 'lookup':
      return lookUp(client, inquiry.ask, signal)
  }
}

async function classify(client: HsciqClient, keywords: string, country: Country, signal: AbortSignal): Promise<Reply> {
  const found = await search(client, 'search_code', keywords, CODES_SEARCHED, codeSearch(country), signal)
  return isFailure(found) ? found : toClassification(found)
}

/** What failed, an expired code, is filtered out there. */
function codeSearch(country: Country): Record<string, unknown> {
  return { country, filterFailureCode: true }
}

async function readTariff(
  client: HsciqClient,
  ask: CodeAsk | RateAsk,
  edition: string,
  signal: AbortSignal,
): Promise<Reply> {
  const found = await detailOf(client, ask.code, ask.country, signal)
  if (isFailure(found)) return found
  const { detail, digits } = found
  switch (ask.fn) {
    case 'HSDESC':
      return toName(detail, digits)
    case 'HSUNIT':
      return toUnit(detail, ask.country, digits)
    case 'HSRATE':
      return rateNumber(readRateSheet(detail, ask.country, digits), ask)
    case 'HSRATETEXT':
      return rateText(readRateSheet(detail, ask.country, digits), ask)
    case 'HSRATES':
      return listRates(readRateSheet(detail, ask.country, digits), ask, edition)
    case 'HSPATH':
    case 'HSCHILDREN':
      return notAnswered(ask.fn, ask.country)
  }
}

async function lookUp(client: HsciqClient, ask: LookupAsk, signal: AbortSignal): Promise<Reply> {
  const rows = ask.options.n ?? ROWS_SHOWN
  switch (ask.fn) {
    case 'HSSEARCH': {
      const found = await search(client, 'search_code', ask.keywords, rows, codeSearch(ask.country), signal)
      return isFailure(found) ? found : toSearchTable(found, ask.country, rows)
    }
    case 'HSEXAMPLES': {
      const found = await search(client, 'search_instance', ask.keywords, rows, {}, signal)
      return isFailure(found) ? found : toExampleTable(found, rows)
    }
    case 'HSHAZARD': {
      const found = await search(client, 'search_unified', ask.substance, rows, { unifiedType: 'hazardous' }, signal)
      return isFailure(found) ? found : toHazardTable(found, rows)
    }
    case 'HSPORT': {
      const found = await search(client, 'search_unified', ask.port, rows, { unifiedType: 'port' }, signal)
      return isFailure(found) ? found : toPortTable(found, rows)
    }
    case 'HSCIQ': {
      const digits = tariffDigits(ask.code, 'CN')
      if (isFailure(digits)) return digits
      const found = await search(client, 'search_unified', digits, rows, { unifiedType: 'ciq' }, signal)
      return isFailure(found) ? found : toCiqTable(found, digits, rows)
    }
    case 'HSDETAIL': {
      const found = await detailOf(client, ask.code, ask.country, signal)
      return isFailure(found) ? found : toDetailTable(found.detail, ask)
    }
    case 'HSEXPERT':
      return askExpert(client, ask, signal)
    case 'HSTRADE':
    case 'HSIMAGE':
      return notAnswered(ask.fn, null)
  }
}

function search(
  client: HsciqClient,
  tool: HsciqTool,
  keywords: string,
  pageSize: number,
  more: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Page | Failure> {
  return client.call({
    tool,
    arguments: { keywords, ...more, pageIndex: 1, pageSize },
    schema: page,
    notFound: NO_MATCH,
    asked: `“${keywords}”`,
    repeatable: true,
    signal,
  })
}

async function detailOf(
  client: HsciqClient,
  value: CellValue,
  country: Country,
  signal: AbortSignal,
): Promise<{ detail: CodeDetail; digits: string } | Failure> {
  const digits = tariffDigits(value, country)
  if (isFailure(digits)) return digits
  const detail = await client.call({
    tool: 'get_code_detail',
    arguments: { country, code: digits },
    schema: codeDetail,
    notFound: NO_MATCH,
    asked: digits,
    repeatable: true,
    signal,
  })
  if (isFailure(detail)) return detail
  // The rate of another code, or of this one elsewhere, is worse than none.
  if (readCode(detail.Code) !== digits) return brokenCode(detail.Code)
  return detail.Country === undefined || detail.Country === country ? { detail, digits } : brokenCode(detail.Country)
}

/** The 13 digits of a Chinese declaration are the ten of the tariff and three of the inspection. */
function tariffDigits(value: CellValue, country: Country): string | Failure {
  const reading = parseTariffCode(value, country)
  if (isFailure(reading)) return reading
  return country === 'CN' ? reading.digits.slice(0, 10) : reading.digits
}

function notAnswered(fn: string, country: Country | null): Failure {
  return noProvider(fn, country)
}
