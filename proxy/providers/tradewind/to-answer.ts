/** TradeWind's regions, read and printed as the table of HSTRADE. */
import * as z from 'zod/mini'
import { failure, type Failure } from '../../../shared/error-codes.ts'
import type { Language, Localised } from '../../../shared/language.ts'
import type { Cell } from '../../../shared/protocol.ts'
import { cleanText } from '../clean-text.ts'
import type { Reply } from '../provider.ts'
import { bill, countryRow, readFigure, regionRow, wrapper, type WorldRegionsReply } from './schema.ts'

export const TRADEWIND = 'tradewind'
export const ROWS_SHOWN = 10

/** A country's part in the trade of one product. Counts are null where the reply has no number. */
export interface TradeRegion {
  /** Chinese name. */
  name: string
  /** English name; the Chinese one where there is none. */
  en: string
  /** Part of all trades, 0–1: by count, never by value. */
  share: number
  trades: number
  sellers: number | null
  buyers: number | null
}

export interface WorldRegions {
  /** The countries with most trades, most first; TradeWind lists ten. */
  regions: TradeRegion[]
  /** Trades of all countries, listed or not; null when the reply does not say. */
  trades: number | null
  /** Rows of the reply that could not be read. */
  unread: number
}

export interface TradeCountry {
  id: string
  name: string
  en: string
}

export function readRegions(reply: WorldRegionsReply): WorldRegions {
  const found = reply.data.data
  const { list: rows, tradeCount: trades = null } = found && 'list' in found ? found : { list: [] }
  const regions = new Map<string, TradeRegion>()
  let unread = 0
  for (const row of rows ?? []) {
    const region = readRegion(row, trades)
    if (region === null) unread++
    // A country that comes twice counts once.
    else if (!regions.has(region.name)) regions.set(region.name, region)
  }
  return { regions: [...regions.values()].sort((a, b) => b.trades - a.trades), trades, unread }
}

/** Credits one call cost; null when the reply does not say. */
export function readCharge({ meta }: WorldRegionsReply): number | null {
  const read = z.safeParse(bill, meta)
  return read.success ? read.data.billing.credits_charged : null
}

function readRegion(row: unknown, allTrades: number | null): TradeRegion | null {
  const read = z.safeParse(regionRow, row)
  if (!read.success) return null
  const { tradeCount = null, tradePercent = null, sellerCount = null, buyerCount = null } = read.data
  const names = readNames(read.data)
  if (names === null || tradeCount === null) return null
  const percent = tradePercent ?? (allTrades ? (100 * tradeCount) / allTrades : null)
  if (percent === null || percent > 100) return null
  return { ...names, share: round(percent / 100), trades: tradeCount, sellers: sellerCount, buyers: buyerCount }
}

// The upstream gives these no English name.
const NAMELESS = new Map([
  ['中国香港', 'Hong Kong'],
  ['香港', 'Hong Kong'],
  ['中国台湾', 'Taiwan'],
  ['台湾', 'Taiwan'],
  ['中国澳门', 'Macao'],
  ['澳门', 'Macao'],
])

/**
 * "the United States" loses its article: a country in a cell is then one that the other functions understand. What stood behind the
 * article may be a formula, so that it is cleaned once more.
 */
function readNames(row: { name?: string | null | undefined; en?: string | null | undefined }) {
  const chinese = cleanText(row.name)
  const english = cleanText(cleanText(row.en).replace(/^the /i, ''))
  if (chinese === '' && english === '') return null
  return { name: chinese || english, en: english || (NAMELESS.get(chinese) ?? chinese) }
}

const OTHER: Localised = { en: 'other', zh: '其他', fr: 'autres' }

/**
 * Rows of country, share, trades, sellers, buyers, and a last one for all other countries. Sellers and buyers of the others are not
 * known: one that trades with several countries is counted in each.
 */
export function toTable({ regions, trades }: WorldRegions, shown: number, language: Language): Reply {
  if (regions.length === 0) return failure('no-match', { provider: TRADEWIND })
  const rows = regions.slice(0, shown)
  const table = rows.map((region): Cell[] => [
    language === 'zh' ? region.name : region.en,
    region.share,
    region.trades,
    region.sellers ?? '',
    region.buyers ?? '',
  ])
  const restShare = round(Math.max(0, 1 - sum(rows.map(({ share }) => share))))
  const rest = trades === null ? null : trades - sum(rows.map((region) => region.trades))
  // Nothing is left to others; a total below its parts says nothing about them.
  if (rest === 0 || (rest === null && restShare === 0)) return { kind: 'table', table }
  const restTrades = rest === null || rest < 0 ? '' : rest
  return { kind: 'table', table: [...table, [OTHER[language], restShare, restTrades, '', '']] }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

// Percentages have two decimals; more than six of a share are noise of the division.
function round(share: number): number {
  return Number(share.toFixed(6))
}

/** @returns an empty list where the reply has none that is understood. */
export function readCountries(data: unknown): TradeCountry[] {
  return listIn(data, 3).flatMap((row) => {
    const read = z.safeParse(countryRow, row)
    if (!read.success) return []
    const names = readNames(read.data)
    const id = cleanText(read.data.id)
    return names === null || id === '' ? [] : [{ id, ...names }]
  })
}

function listIn(data: unknown, depth: number): unknown[] {
  if (Array.isArray(data)) return data
  if (depth === 0 || typeof data !== 'object' || data === null) return []
  const { list, data: inner } = data as { list?: unknown; data?: unknown }
  return listIn(list ?? inner, depth - 1)
}

// The document shows no error but its place: `error`, null in a good reply. Its code is matched by what such codes usually say.
const ABOUT_CREDITS = /credit|balance|insufficient|payment/i
const ABOUT_KEY = /auth|api_?key|token|forbidden/i
const ABOUT_PACE = /rate|too_?many|throttl/i

/**
 * @param key of the credential: a refusal may repeat it in the place of a code.
 * @returns null where the status alone must say it, and for a good reply.
 */
export function readRefusal(status: number, body: unknown, key: string): Failure | null {
  // A page in place of JSON, with the status of one: nothing was done.
  if (status === 200 && body === undefined) {
    return failure('upstream-unreadable', { provider: TRADEWIND, detail: 'no JSON' })
  }
  const code = errorCode(body)
  const named = code === null ? null : failureOfCode(code)
  if (status < 300) return code === null ? null : (named ?? failure('provider-failed', { provider: TRADEWIND }))
  if (status === 400 || status === 422) {
    return (
      named ??
      failure('wording-refused', { provider: TRADEWIND, detail: isShown(code, key) ? code : `status ${status}` })
    )
  }
  return status === 403 && named?.failed === 'upstream-no-points' ? named : null
}

function isShown(code: string | null, key: string): code is string {
  return code !== null && code !== '' && (key === '' || !code.includes(key))
}

function failureOfCode(code: string): Failure | null {
  if (ABOUT_CREDITS.test(code)) return failure('upstream-no-points', { provider: TRADEWIND })
  if (ABOUT_KEY.test(code)) return failure('upstream-key-refused', { provider: TRADEWIND })
  if (ABOUT_PACE.test(code)) return failure('provider-busy', { provider: TRADEWIND })
  return null
}

/** The code of a refusal, empty when it has none that is a plain word; null when it is no refusal. Its sentences are not read: they may repeat the key. */
function errorCode(body: unknown): string | null {
  const read = z.safeParse(wrapper, body)
  if (!read.success) return null
  const { success, error, data } = read.data
  const refused = success === false || (error !== undefined && error !== null)
  if (refused) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : error
    return typeof code === 'string' && /^[A-Za-z][\w-]{2,39}$/.test(code) ? code : ''
  }
  // The source behind it failed, inside a wrapper that says all is well.
  if (typeof data !== 'object' || data === null || !('code' in data)) return null
  return readFigure(data.code) === 1 ? null : ''
}
