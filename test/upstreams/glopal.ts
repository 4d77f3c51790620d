/**
 * Glopal as its document describes it: one call, signed; every product answered by itself with what was asked given back.
 * What the document leaves open (words of an error, how far clocks may part) is chosen here and can be set.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { startSimulator, type SimulatedReply, type SimulatedRequest, type Simulator } from './simulator.ts'

export interface GlopalOptions {
  login?: string
  secret?: string
  /** The one alias it knows; null: any alias is refused. */
  alias?: string | null
  /** How far the time of a signature may be from its own, in seconds. */
  clockWindowSeconds?: number
  now?: () => number
  /** Codes it chooses from for texts it has no answer to. */
  codes?: readonly string[]
  port?: number
}

export interface GlopalAnswer {
  /** 0 unless this product could not be classified. */
  error?: number
  hs_code?: string
  accuracy?: number
}

export interface GlopalBooks {
  calls: number
  /** Products classified, those with an error aside. */
  classified: number
}

export interface GlopalSimulator extends Simulator {
  readonly books: GlopalBooks
  /** Says what a title is answered with. */
  answer(title: string, answer: GlopalAnswer): void
}

export const GLOPAL_CREDENTIAL = { login: 'tariffcell-test', secret: 'a-shared-secret-for-tests' } as const

interface SentProduct {
  title?: unknown
  description?: unknown
  category?: unknown
  materials?: unknown
  gender?: unknown
}

const EXAMPLE_TITLE = 'Signature Handbag'
const FORMS = {
  'x-login': /^[a-z0-9-]{3,255}$/,
  'x-signature': /^[0-9a-f]{64}$/,
  'x-timestamp': /^[12]\d{9}\.\d{6}$/,
} as const

export async function startGlopalSimulator(options: GlopalOptions = {}): Promise<GlopalSimulator> {
  const settings = {
    ...GLOPAL_CREDENTIAL,
    alias: null,
    clockWindowSeconds: 300,
    now: Date.now,
    codes: SUBHEADINGS,
    ...options,
  }
  const books: GlopalBooks = { calls: 0, classified: 0 }
  const answers = new Map<string, GlopalAnswer>([[EXAMPLE_TITLE, { hs_code: '420221', accuracy: 0.9826 }]])

  const classify = (product: SentProduct): object => {
    const { title = null, description = null } = product
    const text = `${asText(title)} ${asText(description)}`.trim()
    if (text === '') return { error: 1, title, description }
    const known = answers.get(asText(title))
    if (known?.error) return { error: known.error, title, description }
    books.classified++
    const chance = seed(text)
    return {
      error: 0,
      title,
      description,
      accuracy: known?.accuracy ?? Math.round(4000 + (chance % 6000)) / 10_000,
      hs_code: known?.hs_code ?? settings.codes[chance % settings.codes.length],
      hs_code_description: 'Words of the nomenclature',
      category: ['Simulated', 'Category'],
      source: 'model.base',
    }
  }

  const simulator = await startSimulator(
    (request) => {
      const refusal = refuse(request, settings)
      if (refusal) return refusal
      const products = productsOf(request.json)
      if (products === null) return refused(400, 'args.products must be a list of at least one product')
      books.calls++
      return { json: { error: 0, products: products.map(classify) } }
    },
    options.port === undefined ? {} : { port: options.port },
  )
  // Not spread: the ground's own members must stay live.
  return Object.assign(simulator, {
    books,
    answer: (title: string, answer: GlopalAnswer) => void answers.set(title, answer),
  })
}

interface Gate {
  login: string
  secret: string
  alias: string | null
  clockWindowSeconds: number
  now: () => number
}

function refuse(request: SimulatedRequest, gate: Gate): SimulatedReply | null {
  if (request.path !== '/tcc/classify') return refused(404, 'Not found')
  if (request.method !== 'POST') return refused(405, 'Method not allowed')
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return refused(400, 'JSON is expected')
  for (const [name, form] of Object.entries(FORMS)) {
    if (!form.test(String(request.headers[name] ?? ''))) return refused(400, `Header ${name} is missing or malformed`)
  }
  const timestamp = String(request.headers['x-timestamp'])
  const expected = createHmac('sha256', gate.secret).update(`${gate.login}@${timestamp}`).digest()
  const signature = Buffer.from(String(request.headers['x-signature']), 'hex')
  if (request.headers['x-login'] !== gate.login || !timingSafeEqual(expected, signature)) {
    return refused(401, 'Unauthorized: wrong signature')
  }
  if (Math.abs(Number(timestamp) - gate.now() / 1000) > gate.clockWindowSeconds) {
    return refused(401, 'Unauthorized: timestamp is outside of the window')
  }
  const alias = request.headers['x-alias']
  if (alias !== undefined && alias !== gate.alias) return refused(403, 'Forbidden: unknown alias')
  return null
}

function refused(status: number, message: string): SimulatedReply {
  return { status, json: { error: status, message } }
}

function productsOf(json: unknown): SentProduct[] | null {
  const { args } = (typeof json === 'object' && json !== null ? json : {}) as { args?: { products?: unknown } }
  const products = args?.products
  if (!Array.isArray(products) || products.length === 0) return null
  return products.every((product) => typeof product === 'object' && product !== null)
    ? (products as SentProduct[])
    : null
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function seed(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE()
}

const SUBHEADINGS = (
  '010420 020110 030214 040891 071010 071239 091011 120110 160416 190120 220210 270300 282710 293623 300610 330749 ' +
  '382211 390610 392410 420221 420292 441019 480256 510220 600191 610910 610990 611020 620342 640399 670300 690721 ' +
  '731021 732393 842833 845110 847160 847130 850760 851762 871200 871493 900410 940161 950300 961900'
).split(' ')
