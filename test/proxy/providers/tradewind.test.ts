import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LookupInquiry, Reply } from '../../../proxy/providers/provider.ts'
import { createTradewindClient } from '../../../proxy/providers/tradewind/client.ts'
import { tradewind } from '../../../proxy/providers/tradewind/index.ts'
import type { ConnectedUpstream, Credential } from '../../../proxy/providers/upstream.ts'
import { rootFolder } from '../../../proxy/root-folder.ts'
import { parseAsk, type TradeAsk } from '../../../shared/ask.ts'
import { parseCountry } from '../../../shared/country.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import type { Cell } from '../../../shared/protocol.ts'
import type { CellValue } from '../../../shared/tariff-code.ts'
import { CALL_FAULTS, everythingIn, providerErrorOf, recordingConnection } from '../../upstreams/call-faults.ts'
import { startSimulator } from '../../upstreams/simulator.ts'
import { startTradewindSimulator, TRADEWIND_CREDENTIAL, type TradewindSimulator } from '../../upstreams/tradewind.ts'

type Row = Record<string, unknown>
interface Page {
  list: unknown[]
  tradeCount: unknown
}
interface Wrapped {
  data: { data: Page }
}

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(rootFolder(), 'test', 'fixtures', 'tradewind', `${name}.json`), 'utf8'))

const NOVEMBER = Date.UTC(2026, 10, 22)
const patient = (): AbortSignal => AbortSignal.timeout(15_000)

/** HSTRADE as it stands in a cell. */
function inquiry(...args: CellValue[]): LookupInquiry {
  const ask = parseAsk('HSTRADE', args)
  if (typeof ask === 'symbol' || isFailure(ask) || ask.fn !== 'HSTRADE') throw new Error('not a question')
  return { kind: 'lookup', key: 'the question', ask }
}

let simulator: TradewindSimulator
let connection: ReturnType<typeof recordingConnection>
let upstream: ConnectedUpstream

function connect(credential: Credential = TRADEWIND_CREDENTIAL, now: () => number = () => NOVEMBER): ConnectedUpstream {
  connection = recordingConnection({ credential, baseUrl: simulator.url, now })
  upstream = tradewind.connect(connection)
  return upstream
}

beforeEach(async () => {
  simulator = await startTradewindSimulator()
  connect()
})
afterEach(async () => {
  await simulator.close()
  await upstream.close()
})

async function ask(...args: CellValue[]): Promise<Reply | undefined> {
  return (await upstream.provider.ask([inquiry(...args)], patient())).get('the question')
}

async function table(...args: CellValue[]): Promise<Cell[][]> {
  const reply = await ask(...args)
  if (reply === undefined || 'failed' in reply || reply.kind !== 'table') throw new Error(everythingIn(reply))
  return reply.table
}

const rewritePage = (change: (page: Page) => object): void =>
  simulator.fault({
    kind: 'rewrite',
    rewrite: (reply) => {
      const wrapped = reply as Wrapped
      return { ...wrapped, data: { ...wrapped.data, data: change(wrapped.data.data) } }
    },
  })
const rewriteFirst = (change: Row): void =>
  rewritePage(({ list: [first, ...others], ...page }) => ({
    ...page,
    list: [{ ...(first as Row), ...change }, ...others],
  }))

describe('the document’s example', () => {
  test('is asked as the document asks it', async () => {
    await ask('pet', 'exporter', '2024-04-19', '2025-04-18')
    const [request] = simulator.requests
    expect(request!.json).toEqual(fixture('world-regions-request'))
    expect(request!.headers.authorization).toBe(`Bearer ${TRADEWIND_CREDENTIAL.key}`)
  })

  test('gives its ten countries by number of trades, and all others in one row', async () => {
    expect(await table('pet')).toEqual([
      ['China', 0.5309, 675879, 26662, 115601],
      ['Vietnam', 0.1376, 175179, 4535, 5541],
      ['India', 0.0443, 56444, 3918, 6193],
      ['Thailand', 0.0277, 35276, 896, 1263],
      ['Hong Kong', 0.0249, 31679, 2277, 2315],
      ['Korea', 0.0224, 28505, 1523, 1883],
      ['United States', 0.0207, 26412, 2451, 1921],
      ['Taiwan', 0.0132, 16789, 1010, 1294],
      ['Turkey', 0.0113, 14446, 1947, 3840],
      ['Indonesia', 0.0107, 13620, 417, 1397],
      // 1,273,129 trades in all; 1 − 0.8437.
      ['other', 0.1563, 198900, '', ''],
    ])
  })

  test('tells what it charged, by the fraction', async () => {
    await ask('pet')
    expect(connection.usage).toEqual([{ items: 1, charged: 0.14, balance: null }])
  })
})

describe('the table', () => {
  test('shares add up to one, and trades to all of them, however many rows are shown', async () => {
    const all = await table('shoes')
    for (const n of [1, 3, 9, 10, 50]) {
      const rows = await table('shoes', '', '', '', `n=${n}`)
      expect(rows.length).toBe(Math.min(n, 10) + 1)
      expect(rows.reduce((sum, [, share]) => sum + Number(share), 0)).toBeCloseTo(1, 5)
      const trades = (of: Cell[][]): number => of.reduce((sum, row) => sum + Number(row[2]), 0)
      expect(trades(rows)).toBe(trades(all))
    }
  })

  test('is in Chinese where Chinese is asked for, in English names otherwise', async () => {
    const chinese = await table('pet', '', '', '', 'lang=zh')
    expect([chinese[0]![0], chinese[4]![0], chinese.at(-1)![0]]).toEqual(['中国', '中国香港', '其他'])
    const french = await table('pet', '', '', '', 'lang=fr')
    expect([french[0]![0], french[4]![0], french.at(-1)![0]]).toEqual(['China', 'Hong Kong', 'autres'])
  })

  test('names countries so that the other functions understand them', async () => {
    for (const [country] of (await table('pet')).slice(0, -1))
      expect(parseCountry(String(country))).toMatch(/^[A-Z]{2}$/)
  })

  test('a formula behind the article of a name stays text', async () => {
    rewriteFirst({ name: '', en: 'the =HYPERLINK("http://evil.example","x")' })
    expect((await table('pet'))[0]![0]).toBe('\'=HYPERLINK("http://evil.example","x")')
    rewriteFirst({ name: '', en: 'The <b> </b>@SUM(1)' })
    expect((await table('pet'))[0]![0]).toBe("'@SUM(1)")
  })

  test('has one form for those that sell and those that buy', async () => {
    const rows = await table('610910', 'importer')
    expect(simulator.requests[0]!.json).toMatchObject({ type: 'importer', hscode: '610910', product: '' })
    expect(rows.length).toBe(11)
    expect(rows[0]).toEqual([
      expect.any(String),
      expect.any(Number),
      expect.any(Number),
      expect.any(Number),
      expect.any(Number),
    ])
  })

  test('never holds an amount, an icon or another address', async () => {
    expect(JSON.stringify(await table('shoes'))).not.toMatch(/http|icons|0\.00"/)
  })

  test('numbers that come as text are numbers', async () => {
    rewritePage(({ list, ...page }) => ({
      ...page,
      tradeCount: String(page.tradeCount),
      list: (list as Row[]).map((row) => ({
        ...row,
        tradeCount: String(row.tradeCount),
        sellerCount: String(row.sellerCount),
        tradePercent: String(row.tradePercent),
      })),
    }))
    const rows = await table('pet')
    expect(rows[0]).toEqual(['China', 0.5309, 675879, 26662, 115601])
    expect(rows.at(-1)).toEqual(['other', 0.1563, 198900, '', ''])
  })

  test('rows in another order are put in order; a country that comes twice counts once', async () => {
    const expected = await table('pet')
    rewritePage((page) => ({ ...page, list: page.list.toReversed() }))
    expect(await table('pet')).toEqual(expected)
    rewritePage((page) => ({ ...page, list: [...page.list, ...page.list] }))
    expect(await table('pet')).toEqual(expected)
  })

  test('a row that cannot be read counts among the others and spoils no neighbour', async () => {
    const expected = await table('pet')
    const broken: Row[] = [
      { tradeCount: 'many' },
      { tradeCount: '1,234' },
      { tradeCount: -3 },
      { tradeCount: null },
      { name: null, en: null },
      { name: 7 },
      { name: '<b></b>', en: ' ' },
      { tradePercent: 675_879 },
    ]
    for (const change of broken) {
      connection.logged.length = 0
      rewriteFirst(change)
      const rows = await table('pet')
      expect(rows.slice(0, -1), JSON.stringify(change)).toEqual(expected.slice(1, -1))
      expect(rows.at(-1)).toEqual(['other', 0.6872, 874779, '', ''])
      expect(connection.logged).toEqual([[{ provider: 'tradewind', unread: 1 }, expect.any(String)]])
    }
    rewritePage((page) => ({ ...page, list: [1, 'text', null, [], ...page.list] }))
    expect(await table('pet')).toEqual(expected)
  })

  test('what a row does not say of sellers and buyers is empty, and its share follows from its trades', async () => {
    rewriteFirst({ sellerCount: null, buyerCount: 'x', tradePercent: null })
    expect((await table('pet'))[0]).toEqual(['China', 0.53088, 675879, '', ''])
  })

  test('names reach the cell as plain text', async () => {
    const hostile: [unknown, string][] = [
      ['=HYPERLINK("http://x")', `'=HYPERLINK("http://x")`],
      ['<img src=x onerror=alert(1)>Peru', 'Peru'],
      ['Pe\u0000ru\u202e', 'Pe ru'],
      ['x'.repeat(5000), `${'x'.repeat(499)}…`],
    ]
    for (const [en, shown] of hostile) {
      rewriteFirst({ en })
      expect((await table('pet'))[0]![0]).toBe(shown)
    }
    rewriteFirst({ en: null, name: 'constructor' })
    expect((await table('pet'))[0]![0]).toBe('constructor')
  })

  test('the others’ trades stay empty where the total is missing or too small, and there is no row where nothing is left', async () => {
    for (const tradeCount of [null, 'n/a', 5]) {
      rewritePage((page) => ({ ...page, tradeCount }))
      expect((await table('pet')).at(-1)).toEqual(['other', 0.1563, '', '', ''])
    }
    rewritePage((page) => ({ ...page, tradeCount: 1_074_229 }))
    expect((await table('pet')).map(([country]) => country)).not.toContain('other')
  })

  test.each([[{ total: 0, list: [], tradeCount: 0 }], [null], [[]]])(
    'nothing traded, as %j, is no match',
    async (page) => {
      simulator.forget('unobtainium')
      expect(await ask('unobtainium')).toEqual({ failed: 'no-match', details: { provider: 'tradewind' } })
      rewritePage(() => page as object)
      expect(await ask('pet')).toEqual({ failed: 'no-match', details: { provider: 'tradewind' } })
    },
  )

  test('a bill that cannot be read spoils no answer', async () => {
    for (const meta of [undefined, null, 'free', { billing: null }, { billing: { credits_charged: 'a bit' } }]) {
      simulator.fault({ kind: 'rewrite', rewrite: (reply) => ({ ...(reply as object), meta }) })
      expect((await table('pet')).length).toBe(11)
      expect(connection.usage.at(-1)).toEqual({ items: 1, charged: null, balance: null })
    }
    simulator.fault({
      kind: 'rewrite',
      rewrite: (reply) => ({ ...(reply as object), meta: { billing: { credits_charged: '0.28' } } }),
    })
    await ask('pet')
    expect(connection.usage.at(-1)!.charged).toBe(0.28)
  })
})

describe('the period of a question', () => {
  test('is read from the clock of the connection, in UTC, and days in a cell are sent as they are', async () => {
    connect(TRADEWIND_CREDENTIAL, () => Date.UTC(2025, 11, 31, 23, 59, 59))
    await ask('pet')
    await ask('pet', '', 45292, '2024-06-30')
    expect(simulator.requests.map(({ json }) => json)).toMatchObject([
      { start_time: '2024-12-01', end_time: '2025-11-30' },
      { start_time: '2024-01-01', end_time: '2024-06-30' },
    ])
  })

  test('that lies ahead is refused before anything is sent', async () => {
    expect(await ask('pet', '', '2027-01-01')).toMatchObject({ failed: 'future-period' })
    expect(simulator.requests).toEqual([])
  })
})

describe('a call that fails as a whole', () => {
  test.each(CALL_FAULTS)('$title: $failed', async ({ fault, failed, retryAfterMs = null, mayHaveBeenDone, ...of }) => {
    simulator.fault(fault)
    const signal = of.patienceMs === undefined ? patient() : AbortSignal.timeout(of.patienceMs)
    const error = await providerErrorOf(upstream.provider.ask([inquiry('pet')], signal))
    expect(error).toMatchObject({ failure: { failed }, retryAfterMs, mayHaveBeenDone })
    expect(everythingIn([error, connection.logged])).not.toContain(TRADEWIND_CREDENTIAL.key)
    expect((await table('pet')).length).toBe(11)
  })

  test('a page in place of JSON cannot be read', async () => {
    simulator.fault({ kind: 'html' })
    expect((await providerErrorOf(ask('pet'))).failure.failed).toBe('upstream-unreadable')
  })

  test('a good reply with another status than the document’s is none', async () => {
    simulator.fault({ kind: 'status', status: 200, body: JSON.stringify(fixture('world-regions-reply')) })
    expect((await providerErrorOf(ask('pet'))).failure.failed).toBe('provider-failed')
  })

  test('a redirect is not followed, and nobody else sees the key', async () => {
    const elsewhere = await startSimulator(() => ({ json: {} }))
    simulator.fault({ kind: 'redirect', location: `${elsewhere.url}/api/customs/analytics/world-regions` })
    expect((await providerErrorOf(ask('pet'))).failure.failed).toBe('upstream-unreadable')
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })

  test('a key that is not known is refused', async () => {
    connect({ key: 'tw_test_another-key' })
    const error = await providerErrorOf(ask('pet'))
    expect(error.failure).toEqual({ failed: 'upstream-key-refused', details: { provider: 'tradewind' } })
    expect(everythingIn([error, connection.logged])).not.toContain('tw_test_another-key')
  })

  test('credits that are used up are an empty account, and what was paid before was answered', async () => {
    await simulator.close()
    simulator = await startTradewindSimulator({ credits: 0.3 })
    connect()
    await ask('pet')
    await ask('pet')
    expect((await providerErrorOf(ask('pet'))).failure.failed).toBe('upstream-no-points')
    expect(simulator.books).toEqual({ paid: 2, credits: 0.02 })
  })

  test.each([
    [201, { success: false, error: { code: 'INSUFFICIENT_CREDITS' } }, 'upstream-no-points'],
    [201, { success: false, error: { code: 'INVALID_API_KEY' } }, 'upstream-key-refused'],
    [201, { success: false, error: 'TOO_MANY_REQUESTS' }, 'provider-busy'],
    [201, { success: false, data: null }, 'provider-failed'],
    [201, { success: true, data: { code: 0, msg: 'fail' } }, 'provider-failed'],
    [403, { success: false, error: { code: 'CREDITS_EXHAUSTED' } }, 'upstream-no-points'],
    [400, { success: false, error: { code: 'VALIDATION_ERROR' } }, 'wording-refused'],
    [400, {}, 'wording-refused'],
    [422, { error: { code: 'INSUFFICIENT_BALANCE' } }, 'upstream-no-points'],
    [503, { success: false, error: { code: 'UNAUTHORIZED' } }, 'provider-busy'],
  ])('status %i with %j is %s', async (status, body, failed) => {
    simulator.fault({ kind: 'status', status, body: JSON.stringify(body) })
    expect((await providerErrorOf(ask('pet'))).failure.failed).toBe(failed)
  })

  test('a refusal that repeats the key does not bring it to a cell', async () => {
    const error = { code: `bad ${TRADEWIND_CREDENTIAL.key}`, message: TRADEWIND_CREDENTIAL.key }
    simulator.fault({ kind: 'status', status: 400, body: JSON.stringify({ success: false, error }) })
    const thrown = await providerErrorOf(ask('pet'))
    expect(everythingIn([thrown, connection.logged])).not.toContain(TRADEWIND_CREDENTIAL.key)
  })
})

describe('the client', () => {
  test('lists the countries, those without an English name too, and pays nothing for it', async () => {
    const client = createTradewindClient(connection)
    const countries = await client.countries(patient())
    expect(countries).toContainEqual({ id: '140', name: '中国', en: 'China' })
    expect(countries).toContainEqual({ id: '72', name: '中国香港', en: 'Hong Kong' })
    expect(simulator.books.paid).toBe(0)
    expect(connection.usage).toEqual([])
    await client.close()
  })

  test('finds the list of countries wherever it stands, and leaves out what is none', async () => {
    const client = createTradewindClient(connection)
    const list = [{ id: 140, name: '中国', en: 'China' }, { id: null, name: '某国' }, 'text', { id: 9 }]
    for (const data of [list, { list }, { data: list }, { data: { list } }, { data: { data: { list } } }]) {
      simulator.fault({ kind: 'rewrite', rewrite: () => ({ success: true, data }) })
      const found = await client.countries(patient())
      expect(found.length, JSON.stringify(data)).toBe(1)
    }
    simulator.fault({ kind: 'rewrite', rewrite: () => ({ success: true, data: 'none' }) })
    expect(await client.countries(patient())).toEqual([])
    await client.close()
  })
})

describe('the upstream', () => {
  test('answers questions about trade and nothing else', () => {
    expect(upstream.provider.answers(inquiry('pet'))).toBe(true)
    const port = { fn: 'HSPORT', options: {}, port: 'Shanghai' } as const
    expect(upstream.provider.answers({ kind: 'lookup', key: 'a', ask: port })).toBe(false)
    expect(tradewind.couldAnswer({ kind: 'lookup', fn: 'HSTRADE', country: null })).toBe(true)
    expect(tradewind.couldAnswer({ kind: 'classify', fn: 'HSCODE', country: 'CA' })).toBe(false)
    expect(upstream.provider.edition(inquiry('pet'))).toBe('tradewind, asked 2026-11')
  })

  test('answers nothing about the tariff of another day', () => {
    expect(upstream.provider.answers(inquiry('pet', '', '', '', 'date=2026-01-01'))).toBe(false)
  })

  test('a test of the key asks what needs one, and says that it costs', async () => {
    expect(await upstream.test(patient())).toContain('credit')
    expect(simulator.books.paid).toBe(1)
    connect({ key: 'tw_test_another-key' })
    expect((await providerErrorOf(upstream.test(patient()))).failure.failed).toBe('upstream-key-refused')
  })

  test('keys with blanks or of a few characters are refused before they are kept', () => {
    const [field] = tradewind.credentialFields
    expect(field).toMatchObject({ name: 'key', secret: true })
    for (const key of ['', 'short', 'two words of it', 'tab\tinside-it']) expect(field!.pattern.test(key)).toBe(false)
    expect(field!.pattern.test(TRADEWIND_CREDENTIAL.key)).toBe(true)
  })
})

// The question as `inquiry` reads it is the one a cell asks.
test('a code in a cell is asked as a code, words as a product', () => {
  expect((inquiry(30211).ask as TradeAsk).subject).toEqual({ code: '030211' })
  expect((inquiry('pet bed').ask as TradeAsk).subject).toEqual({ product: 'pet bed' })
})
