/**
 * TradeWind's customs calls as its document describes them: a bearer key, 201 for a good POST, everything wrapped twice, credits by
 * the fraction. The form of a refusal is not described: it is the same wrapper with `error` filled, chosen here.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from '../../proxy/root-folder.ts'
import { startSimulator, type SimulatedReply, type SimulatedRequest, type Simulator } from './simulator.ts'

export interface TradewindOptions {
  key?: string
  /** Credits at the start. */
  credits?: number
  creditsPerCall?: number
  /** Whether the list of countries, which costs nothing, wants a key all the same. */
  countriesNeedKey?: boolean
  port?: number
}

export interface TradewindBooks {
  /** Calls that were paid. */
  paid: number
  credits: number
}

export interface TradewindSimulator extends Simulator {
  readonly books: TradewindBooks
  /** This product is traded nowhere. */
  forget(product: string): void
}

export const TRADEWIND_CREDENTIAL = { key: 'tw_test_0123456789abcdef' } as const

const EXAMPLE_PRODUCT = 'pet'
const DAY = /^\d{4}-\d{2}-\d{2}$/
const LISTED_MAX = 10

// Number, Chinese name, English name where there is one, weight in world trade.
const COUNTRIES: readonly (readonly [number, string, string | null, string, number])[] = [
  [140, '中国', 'China', 'cn', 4000],
  [41, '越南', 'Vietnam', 'vn', 1200],
  [167, '印度', 'India', 'in', 700],
  [226, '泰国', 'Thailand', 'th', 500],
  [72, '中国香港', null, 'hk', 450],
  [25, '韩国', 'Korea', 'kr', 420],
  [75, '美国', 'the United States', 'us', 900],
  [119, '中国台湾', null, 'tw', 300],
  [112, '土耳其', 'Turkey', 'tr', 250],
  [107, '印度尼西亚', 'Indonesia', 'id', 240],
  [301, '德国', 'Germany', 'de', 600],
  [302, '日本', 'Japan', 'jp', 380],
  [303, '意大利', 'Italy', 'it', 330],
  [304, '墨西哥', 'Mexico', 'mx', 310],
  [305, '巴西', 'Brazil', 'br', 200],
  [306, '加拿大', 'Canada', 'ca', 190],
]

export async function startTradewindSimulator(options: TradewindOptions = {}): Promise<TradewindSimulator> {
  const settings = {
    ...TRADEWIND_CREDENTIAL,
    credits: 100,
    creditsPerCall: 0.14,
    countriesNeedKey: false,
    ...options,
  }
  const books: TradewindBooks = { paid: 0, credits: settings.credits }
  const forgotten = new Set<string>()
  let count = 0
  const wrap = (status: number, data: unknown, charged: number, error: object | null = null): SimulatedReply => ({
    status,
    json: {
      success: error === null,
      request_id: `req_${(++count).toString(36).padStart(12, '0')}`,
      data,
      meta: { billing: { credits_charged: charged, byok_used: false } },
      error,
    },
  })
  const refuse = (status: number, code: string): SimulatedReply =>
    wrap(status, null, 0, { code, message: `Simulated: ${code}` })

  const simulator = await startSimulator(
    (request) => {
      const signedIn = request.headers.authorization === `Bearer ${settings.key}`
      switch (`${request.method} ${request.path}`) {
        case 'GET /api/customs/reference/countries':
          if (settings.countriesNeedKey && !signedIn) return refuse(401, 'UNAUTHORIZED')
          return wrap(200, inner({ list: COUNTRIES.map(([id, name, en]) => ({ id, name, en })) }), 0)
        case 'POST /api/customs/analytics/world-regions': {
          if (!signedIn) return refuse(401, 'UNAUTHORIZED')
          const question = readQuestion(request)
          if (question === null) return refuse(400, 'VALIDATION_ERROR')
          if (books.credits < settings.creditsPerCall) return refuse(402, 'INSUFFICIENT_CREDITS')
          books.credits = Number((books.credits - settings.creditsPerCall).toFixed(6))
          books.paid++
          const page = forgotten.has(question.subject)
            ? { total: 0, list: [], qty: '0', tradeCount: 0 }
            : regions(question)
          return wrap(201, inner(page), settings.creditsPerCall)
        }
        default:
          return refuse(404, 'NOT_FOUND')
      }
    },
    options.port === undefined ? {} : { port: options.port },
  )
  return Object.assign(simulator, { books, forget: (product: string) => void forgotten.add(product) })
}

/** The reply of the source behind it. */
function inner(data: object): object {
  return { code: 1, msg: 'Success', time: '1776239021', data }
}

interface Question {
  role: 'exporter' | 'importer'
  subject: string
  /** What its answer depends on. */
  seed: string
}

function readQuestion({ json }: SimulatedRequest): Question | null {
  const body = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>
  const { type, start_time: from, end_time: to, product = '', hscode = '' } = body
  if (type !== 'exporter' && type !== 'importer') return null
  if (typeof from !== 'string' || typeof to !== 'string' || !DAY.test(from) || !DAY.test(to) || to < from) return null
  if (typeof product !== 'string' || typeof hscode !== 'string') return null
  return { role: type, subject: product || hscode, seed: `${type} ${product} ${hscode}` }
}

function regions({ role, subject, seed }: Question): object {
  if (subject === EXAMPLE_PRODUCT && role === 'exporter') return exampleRegions()
  const counted = COUNTRIES.map((country) => {
    const chance = number(`${seed} ${country[0]}`)
    return { country, chance, trades: 1 + Math.floor((country[4] * (20 + (chance % 80))) / 10) }
  }).sort((a, b) => b.trades - a.trades)
  const tradeCount = counted.reduce((sum, { trades }) => sum + trades, 0)
  const list = counted.slice(0, LISTED_MAX).map(({ country: [id, name, en, icon], chance, trades }) => ({
    [`${role}_country_id`]: id,
    amount: '0.00',
    qty: String(trades * 977),
    tradeCount: trades,
    sellerCount: 1 + (chance % trades),
    sellerCountryId: null,
    buyerCount: 1 + ((chance >>> 8) % trades),
    buyerCountryId: null,
    name,
    icon: `http://icons.example/${icon}.png`,
    weight: `${trades * 31}.748`,
    tradePercent: Math.round((trades / tradeCount) * 10_000) / 100,
    en,
  }))
  return { total: counted.length, list, qty: String(tradeCount * 977), tradeCount }
}

function exampleRegions(): object {
  const file = join(rootFolder(), 'test', 'fixtures', 'tradewind', 'world-regions-reply.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { data: { data: object } }).data.data
}

function number(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE()
}
