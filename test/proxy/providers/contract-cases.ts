/** Every upstream over its simulator, with a credential that is easy to find again and questions it can and cannot answer. */
import sharp from 'sharp'
import { glopal } from '../../../proxy/providers/glopal/index.ts'
import { hsciq } from '../../../proxy/providers/hsciq/index.ts'
import { jiayou } from '../../../proxy/providers/jiayou/index.ts'
import { juhe } from '../../../proxy/providers/juhe/index.ts'
import type { ClassifyInquiry, Facts, Inquiry, LookupInquiry } from '../../../proxy/providers/provider.ts'
import { tradewind } from '../../../proxy/providers/tradewind/index.ts'
import type { Credential, Upstream, UpstreamName } from '../../../proxy/providers/upstream.ts'
import { parseAsk } from '../../../shared/ask.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { functionSpec } from '../../../shared/functions.ts'
import type { CellValue } from '../../../shared/tariff-code.ts'
import { startGlopalSimulator } from '../../upstreams/glopal.ts'
import { startHsciqSimulator } from '../../upstreams/hsciq.ts'
import { startJiayouSimulator } from '../../upstreams/jiayou.ts'
import { startJuheSimulator } from '../../upstreams/juhe.ts'
import type { Simulator } from '../../upstreams/simulator.ts'
import { startTradewindSimulator } from '../../upstreams/tradewind.ts'

export const NOW = Date.UTC(2026, 10, 22, 12)

export interface ContractCase {
  upstream: Upstream
  credential: Credential
  start(): Promise<Simulator>
  /** Answered with an answer. */
  good(simulator: Simulator): Promise<Inquiry[]>
  /** Nothing for this upstream. */
  foreign: Inquiry[]
  /** Status of a good reply. */
  status: number
}

const NO_FACTS: Facts = { material: '', use: '', gender: '', category: '' }

export function classify(description: string, country: string, more: Partial<ClassifyInquiry> = {}): Inquiry {
  const key = `classify ${country} ${description} ${JSON.stringify(more)}`
  return { kind: 'classify', key, description, country, facts: NO_FACTS, date: null, ...more }
}

/** What a cell with this function asks of a provider. */
export function cell(fn: string, ...args: CellValue[]): Inquiry {
  const ask = parseAsk(fn, args)
  if (typeof ask === 'symbol' || isFailure(ask)) throw new Error(`not a question: ${fn} ${args.join(' ')}`)
  const kind = functionSpec(ask.fn).askedOf === 'tariff' ? 'tariff' : 'lookup'
  return { kind, key: `${fn} ${args.join(' ')}`, ask } as Inquiry
}

async function picture(background: string, width: number): Promise<Inquiry> {
  const drawn = await sharp({ create: { width, height: 100, channels: 3, background } })
    .png()
    .toBuffer()
  return { ...(cell('HSIMAGE', `https://pictures.example/${width}.png`) as LookupInquiry), picture: drawn }
}

const IMAGE = cell('HSIMAGE', 'https://pictures.example/a.jpg')
const TRADE = cell('HSTRADE', '610910')
const RATE = cell('HSRATE', '6109100012', 'CA')
const DAY = '2025-07-01'

export const CASES: Readonly<Record<UpstreamName, ContractCase>> = {
  jiayou: {
    upstream: jiayou,
    credential: {
      key: `sk_${'5ec4e7'.repeat(5)}00`,
      secret: 'unmistakable-secret-of-jiayou',
      jwt: 'unmistakable.token.jiayou',
      webhookSecret: 'unmistakable-secret-of-its-webhook',
      webhookSecretBefore: 'unmistakable-secret-of-the-one-before',
    },
    start: () =>
      startJiayouSimulator({
        ...(CASES.jiayou.credential as { key: string; secret: string; jwt: string }),
        balance: 1e6,
        answers: { 'cotton t-shirt': '6109100011' },
      }),
    good: async () => [
      classify('cotton t-shirt', 'CA'),
      classify('steel bolt', 'CA'),
      classify('ceramic mug', 'CA', { facts: { ...NO_FACTS, use: 'coffee' } }),
    ],
    foreign: [classify('cotton t-shirt', 'US'), classify('cotton t-shirt', 'CA', { date: DAY }), RATE, TRADE, IMAGE],
    status: 200,
  },
  hsciq: {
    upstream: hsciq,
    credential: { key: 'unmistakable_key_of_hsciq' },
    start: () => startHsciqSimulator({ keys: { [CASES.hsciq.credential['key']!]: 'valid' } }),
    good: async (simulator) => [
      classify('bicycle', 'CN'),
      classify('umbrella', 'JP'),
      classify('plastic hose', 'US'),
      cell('HSDESC', '6109100000', 'CN', 'zh'),
      cell('HSUNIT', '610910010', 'JP'),
      cell('HSRATE', '6109100000', 'CN'),
      cell('HSRATE', '391732010', 'JP', 'VN'),
      cell('HSRATETEXT', '6109100004', 'US'),
      cell('HSRATES', '6109100000', 'CN'),
      cell('HSRATES', '6109100004', 'US'),
      cell('HSSEARCH', 'bicycle', 'US'),
      cell('HSSEARCH', 'bicycle', 'CN'),
      cell('HSEXAMPLES', 'bicycle'),
      cell('HSDETAIL', '6109100000', 'CN'),
      cell('HSDETAIL', '610910010', 'JP'),
      cell('HSHAZARD', 'acetone'),
      cell('HSPORT', 'Shanghai'),
      cell('HSCIQ', '8712002000'),
      ...(await concludedForm(simulator as Awaited<ReturnType<typeof startHsciqSimulator>>)),
    ],
    foreign: [classify('bicycle', 'CA'), classify('bicycle', 'CN', { date: DAY }), RATE, TRADE, IMAGE],
    status: 200,
  },
  glopal: {
    upstream: glopal,
    credential: {
      login: 'unmistakable-login',
      secret: 'unmistakable-secret-of-glopal',
      alias: 'unmistakable-alias',
    },
    start: () =>
      startGlopalSimulator({
        ...(CASES.glopal.credential as { login: string; secret: string; alias: string }),
        now: () => NOW,
      }),
    good: async () => [
      classify('Signature Handbag', 'CA'),
      classify('cotton t-shirt', 'US', { facts: { ...NO_FACTS, material: 'cotton', gender: 'women' } }),
      classify('ceramic mug', 'FR'),
    ],
    foreign: [RATE, TRADE, IMAGE],
    status: 200,
  },
  tradewind: {
    upstream: tradewind,
    credential: { key: 'tw_unmistakable_key' },
    start: () => startTradewindSimulator({ key: CASES.tradewind.credential['key']!, credits: 1e6 }),
    good: async () => [cell('HSTRADE', '610910'), cell('HSTRADE', 'pet'), cell('HSTRADE', 'coffee', 'importer')],
    foreign: [classify('coffee', 'CA'), RATE, IMAGE],
    status: 201,
  },
  juhe: {
    upstream: juhe,
    credential: { key: 'unmistakable0key0of0juhe' },
    start: () => startJuheSimulator({ keys: { [CASES.juhe.credential['key']!]: 'ok' } }),
    good: async () => [await picture('#336699', 120), await picture('#aa3311', 140)],
    foreign: [classify('coffee', 'CA'), RATE, TRADE],
    status: 200,
  },
}

async function concludedForm(simulator: Awaited<ReturnType<typeof startHsciqSimulator>>): Promise<Inquiry[]> {
  const connected = hsciq.connect({
    credential: CASES.hsciq.credential,
    baseUrl: simulator.url,
    now: () => NOW,
    log: { warn: () => {} },
    onUsage: () => {},
  })
  const draft = { productNameCn: '自行车', images: [] }
  const created = await connected.desk!.create(draft, AbortSignal.timeout(10_000))
  await connected.close()
  if (isFailure(created)) throw new Error(created.failed)
  simulator.conclude(created.form, '8712002000', 'A bicycle for adults')
  return (['status', 'code', 'reason'] as const).map((field) => cell('HSEXPERT', created.form, field))
}
