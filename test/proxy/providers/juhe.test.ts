import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPublicFetch, type FetchPublic } from '../../../proxy/fetch-public.ts'
import { connectTo } from '../../../proxy/public-client.ts'
import { createJuhe, juhe } from '../../../proxy/providers/juhe/index.ts'
import { ProviderError, type LookupInquiry, type Reply } from '../../../proxy/providers/provider.ts'
import type { ConnectedUpstream, Usage } from '../../../proxy/providers/upstream.ts'
import { failure, FAILURES, sentence, type FailureName } from '../../../shared/error-codes.ts'
import { createCertificate } from '../../upstreams/certificate.ts'
import { JUHE_TEST_KEY, startJuheSimulator, type JuheProduct, type JuheSimulator } from '../../upstreams/juhe.ts'
import { makeBitmap } from '../../upstreams/picture-bytes.ts'
import { startPictureHost } from '../../upstreams/picture-host.ts'

interface Documented {
  result: { data: JuheProduct[] }
  error_code: number
}

const documented = JSON.parse(
  readFileSync(new URL('../../fixtures/juhe/query.json', import.meta.url), 'utf8'),
) as Documented
const PHONE = { width: 240, height: 480 }
const patient = new AbortController().signal

let simulator: JuheSimulator
let upstream: ConnectedUpstream
let used: Usage[]
/** Everything that went into the log. */
let logged: unknown[]

beforeEach(async () => {
  simulator = await startJuheSimulator({ known: { '240 × 480': documented.result.data } })
  upstream = connect()
})
afterEach(async () => {
  await upstream.close()
  await simulator.close()
})

function connect(key = JUHE_TEST_KEY, fetchPicture: FetchPublic = neverFetch): ConnectedUpstream {
  used = []
  logged = []
  return createJuhe(fetchPicture).connect({
    credential: { key },
    baseUrl: simulator.url,
    now: () => Date.parse('2026-03-31T23:59:00Z'),
    log: { warn: (...entry) => void logged.push(entry) },
    onUsage: (usage) => void used.push(usage),
  })
}

const neverFetch: FetchPublic = () => Promise.resolve(failure('image-unreachable', { detail: 'not in this test' }))

function draw({ width, height } = PHONE, colour = '#336699'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: colour } })
    .png()
    .toBuffer()
}

function inquiry(picture: Uint8Array | null, options: LookupInquiry['ask']['options'] = {}, key = 'a'): LookupInquiry {
  const ask = { fn: 'HSIMAGE', options, url: 'https://pictures.example/a.jpg' } as const
  return picture === null ? { kind: 'lookup', key, ask } : { kind: 'lookup', key, ask, picture }
}

async function ask(one: LookupInquiry, signal = patient): Promise<Reply> {
  const replies = await upstream.provider.ask([one], signal)
  return replies.get(one.key)!
}

async function table(options: LookupInquiry['ask']['options'] = {}): Promise<unknown[][]> {
  const reply = await ask(inquiry(await draw(), options))
  if (!('kind' in reply) || reply.kind !== 'table') throw new Error(JSON.stringify(reply))
  return reply.table
}

/** The failure, whether it came as a reply or as the end of the call; and that no credential is in it. */
async function failureOf(run: () => Promise<unknown>): Promise<FailureName> {
  let told: unknown
  let name: FailureName
  try {
    const reply = (await run()) as Reply
    if (!('failed' in reply)) throw new Error(`answered: ${JSON.stringify(reply)}`)
    told = [reply, sentence(reply)]
    name = reply.failed
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    told = [error.message, error.failure, sentence(error.failure), String(error.cause), error.stack]
    name = error.failure.failed
  }
  expect(JSON.stringify([told, logged])).not.toContain(JUHE_TEST_KEY)
  return name
}

const askDrawn = async (signal = patient): Promise<Reply> => ask(inquiry(await draw()), signal)
const rewriteData = (rewrite: (data: JuheProduct[]) => unknown): void =>
  simulator.fault({
    kind: 'rewrite',
    rewrite: (reply): unknown => {
      const { result } = reply as Documented
      return { ...(reply as Documented), result: { ...result, data: rewrite(result.data) } }
    },
  })

describe('what the document shows', () => {
  test('a picture of a telephone gives kind, product and similarity, most alike first', async () => {
    expect(await table()).toEqual([
      ['手机', 'Apple iPhone X (A1865) 256GB', 0.8242081498230364],
      ['手机', 'Apple iPhone X (A1865) 64GB', 0.7997576930887583],
      ['手机', '小米9se 6G+128G', 0.6127404777834777],
    ])
    expect(used).toEqual([{ items: 1, charged: null, balance: null }])
  })

  test('one form post carries the key and the picture as bare URL-encoded base64', async () => {
    await table()
    const [request] = simulator.requests
    expect(request).toMatchObject({ method: 'POST', path: '/snapshop/query' })
    expect(request!.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
    expect([...request!.query]).toEqual([])
    const form = new URLSearchParams(request!.body.toString())
    expect([...form.keys()].toSorted()).toEqual(['image', 'key'])
    expect(form.get('key')).toBe(JUHE_TEST_KEY)
    expect(form.get('image')).toMatch(/^\/9j\/[A-Za-z0-9+/]+={0,2}$/)
    expect(simulator.pictures).toMatchObject([{ format: 'jpeg', ...PHONE }])
  })

  test('a BMP arrives as BMP', async () => {
    expect(await ask(inquiry(makeBitmap(100, 60)))).toMatchObject({ kind: 'table' })
    expect(simulator.pictures).toMatchObject([{ format: 'bmp', width: 100, height: 60 }])
  })

  test('the heaviest picture arrives within its limit', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
    const heavy = sharp({ create: { width: 2400, height: 2000, channels: 3, background: '#000000', noise } })
    expect(await ask(inquiry(await heavy.jpeg({ quality: 80 }).toBuffer()))).toMatchObject({ kind: 'table' })
    expect(simulator.pictures[0]!.base64Characters).toBeLessThanOrEqual(3_000_000)
  })

  const CODES: readonly (readonly [number, FailureName])[] = [
    [10001, 'upstream-key-refused'],
    [10002, 'upstream-key-refused'],
    [10003, 'upstream-key-refused'],
    [10004, 'upstream-key-refused'],
    [10005, 'upstream-key-refused'],
    [10007, 'upstream-key-refused'],
    [10008, 'upstream-key-refused'],
    [10009, 'upstream-key-refused'],
    [10011, 'upstream-quota'],
    [10012, 'upstream-quota'],
    [10013, 'upstream-quota'],
    [10014, 'provider-busy'],
    [10020, 'provider-busy'],
    [10021, 'provider-failed'],
    [254701, 'not-a-picture'],
    [254703, 'provider-busy'],
    [254704, 'no-match'],
    [254799, 'provider-failed'],
  ]
  test.each(CODES)('error_code %i under status 200 is %s', async (code, expected) => {
    simulator.fault({
      kind: 'rewrite',
      rewrite: (): unknown => ({ reason: 'hostile <b>reason</b>', result: null, error_code: code }),
    })
    expect(await failureOf(askDrawn)).toBe(expected)
    expect(JSON.stringify(logged)).not.toContain('hostile')
    // What concerns the picture is an answer; what concerns juhe ends the call, for the breaker to see.
    const ends = await askDrawnAgain(code)
    expect(ends).toBe(FAILURES[expected].kind === 'service')
  })

  async function askDrawnAgain(code: number): Promise<boolean> {
    simulator.fault({ kind: 'rewrite', rewrite: (): unknown => ({ error_code: code }) })
    return askDrawn().then(
      () => false,
      () => true,
    )
  }

  test('an error_code speaks before the status does', async () => {
    simulator.fault({ kind: 'status', status: 500, body: '{"error_code":10012}' })
    expect(await failureOf(askDrawn)).toBe('upstream-quota')
  })
})

describe('a table', () => {
  test('has three rows, or as many as `n` says', async () => {
    simulator.faultAlways(null)
    const picture = await draw({ width: 90, height: 90 })
    const rows = async (options: object): Promise<number> => {
      const reply = await ask(inquiry(picture, options))
      return 'kind' in reply && reply.kind === 'table' ? reply.table.length : 0
    }
    expect([await rows({}), await rows({ n: 1 }), await rows({ n: 50 })]).toEqual([3, 1, 5])
  })

  test('is sorted by similarity, whatever order came, and says nothing twice', async () => {
    const expected = await table()
    rewriteData((data) => [...data].reverse())
    expect(await table()).toEqual(expected)
    rewriteData((data) => [data[1], data[0], data[2], data[0], data[1]])
    expect(await table({ n: 9 })).toEqual(expected)
  })

  test('never holds a price or an address', async () => {
    expect(JSON.stringify(await table())).not.toMatch(/https?:|7299|6488|2799|360buyimg/)
  })

  test('leaves out a product that cannot be read, and keeps its neighbours', async () => {
    rewriteData(([first, second, third]) => [
      null,
      'text',
      { ...first, similarity: '0.82' },
      { ...first, similarity: 1.5 },
      { ...first, similarity: Number.NaN },
      { ...first, skuName: 12 },
      { ...first, skuName: ' <b></b> ' },
      { ...first, cid3Name: 7 },
      { ...second, cid3Name: null },
      third,
    ])
    expect((await table({ n: 9 })).map(([category, product]) => [category, product])).toEqual([
      ['', 'Apple iPhone X (A1865) 64GB'],
      ['手机', '小米9se 6G+128G'],
    ])
  })

  test('holds no formula, mark-up or control character', async () => {
    rewriteData(([first, second, third]) => [
      { ...first, skuName: '=HYPERLINK("http://evil.example","phone")', cid3Name: '+cmd|calc' },
      { ...second, skuName: '<script>alert(1)</script>phone\u0000\u202e', cid3Name: '<img src=x onerror=y>手机' },
      { ...third, skuName: 'x'.repeat(5000), cid3Name: 8 },
      { ...third, skuName: 'y'.repeat(5000), cid3Name: '' },
    ])
    const rows = await table({ n: 9 })
    expect(rows.slice(0, 2).map((row) => row.slice(0, 2))).toEqual([
      [`'+cmd|calc`, `'=HYPERLINK("http://evil.example","phone")`],
      ['手机', 'alert(1)phone'],
    ])
    expect(rows).toHaveLength(3)
    expect(String(rows[2]![1])).toHaveLength(500)
  })

  test('of nothing is no match; of nothing that can be read is said so', async () => {
    rewriteData(() => [])
    expect(await failureOf(askDrawn)).toBe('no-match')
    rewriteData(() => [{}, { skuName: 'phone' }])
    expect(await failureOf(askDrawn)).toBe('upstream-unreadable')
  })
})

describe('faults of the connection', () => {
  test.each([
    ['401', { kind: 'status', status: 401 }, 'upstream-key-refused'],
    ['429', { kind: 'status', status: 429, retryAfter: '7' }, 'provider-busy'],
    ['500', { kind: 'status', status: 500 }, 'provider-busy'],
    ['reset', { kind: 'reset' }, 'provider-busy'],
    ['reset after the deed', { kind: 'reset-after' }, 'provider-busy'],
    ['half a reply', { kind: 'truncated' }, 'upstream-unreadable'],
    ['a web page', { kind: 'html' }, 'upstream-unreadable'],
    ['no end', { kind: 'huge', bytes: 5_000_000 }, 'upstream-unreadable'],
    ['a bare text', { kind: 'rewrite', rewrite: (): unknown => 'success' }, 'upstream-unreadable'],
    ['no error_code', { kind: 'rewrite', rewrite: (): unknown => ({ result: { data: [] } }) }, 'upstream-unreadable'],
    [
      'a null error_code',
      { kind: 'rewrite', rewrite: (): unknown => ({ result: { data: [] }, error_code: null }) },
      'upstream-unreadable',
    ],
    ['no result', { kind: 'rewrite', rewrite: (): unknown => ({ error_code: 0 }) }, 'upstream-unreadable'],
    [
      'a result that is text',
      { kind: 'rewrite', rewrite: (): unknown => ({ error_code: 0, result: 'a' }) },
      'upstream-unreadable',
    ],
  ] as const)('%s is said as such, and the next picture is answered', async (_, fault, expected) => {
    simulator.fault(fault)
    expect(await failureOf(askDrawn)).toBe(expected)
    expect(used).toEqual([])
    expect(await table()).toHaveLength(3)
  })

  test.each([{ kind: 'timeout' }, { kind: 'timeout-after' }, { kind: 'drip', bytesPerSecond: 5 }] as const)(
    'patience ends with the signal ($kind)',
    async (fault) => {
      simulator.fault(fault)
      expect(await failureOf(() => askDrawn(AbortSignal.timeout(400)))).toBe('provider-timeout')
    },
  )

  test('how long to wait is handed on', async () => {
    simulator.fault({ kind: 'status', status: 429, retryAfter: '7' })
    await expect(askDrawn()).rejects.toMatchObject({ retryAfterMs: 7000, mayHaveBeenDone: false })
  })

  test('a redirect is not followed, and its target gets no key and no picture', async () => {
    const target = await startJuheSimulator()
    simulator.fault({ kind: 'redirect', location: `${target.url}/snapshop/query` })
    expect(await failureOf(askDrawn)).toBe('upstream-unreadable')
    expect(target.requests).toEqual([])
    await target.close()
  })

  test('a proxy that nobody listens at is told as busy, surely not done', async () => {
    await simulator.close()
    await expect(askDrawn()).rejects.toMatchObject({ failure: { failed: 'provider-busy' }, mayHaveBeenDone: false })
  })
})

describe('the picture behind an address', () => {
  test('is fetched, drawn anew and looked up', async () => {
    const certificate = createCertificate(['pictures.example'])
    const host = await startPictureHost(certificate)
    host.serve('/a.jpg', { kind: 'bytes', bytes: await draw() })
    const fetchPicture = createPublicFetch(
      {},
      {
        resolve: () => Promise.resolve(['93.184.215.14']),
        connectTo: () => {
          const connect = connectTo(['127.0.0.1'], { ca: certificate.cert })
          return (options, callback) => connect({ ...options, port: String(host.port) }, callback)
        },
      },
    )
    upstream = connect(JUHE_TEST_KEY, fetchPicture)
    expect(await ask(inquiry(null))).toMatchObject({ kind: 'table' })
    expect(JSON.stringify(host.requests)).not.toContain(JUHE_TEST_KEY)
    expect(simulator.pictures).toMatchObject([{ format: 'jpeg', ...PHONE }])
    await host.close()
  })

  test('and failing to be one, never reaches juhe', async () => {
    const page = Buffer.from('<html>not found</html>')
    const tries: FetchPublic[] = [
      () => Promise.resolve(failure('private-address', { value: 'inside.example' })),
      () => Promise.resolve(page),
    ]
    for (const fetchPicture of tries) {
      upstream = connect(JUHE_TEST_KEY, fetchPicture)
      expect(['private-address', 'not-a-picture']).toContain(await failureOf(() => ask(inquiry(null))))
    }
    expect(simulator.requests).toEqual([])
    expect(used).toEqual([])
  })

  test('is not fetched from inside by what ships', async () => {
    upstream = juhe.connect({
      credential: { key: JUHE_TEST_KEY },
      baseUrl: simulator.url,
      now: Date.now,
      log: { warn: () => {} },
      onUsage: () => {},
    })
    const inside = inquiry(null)
    const reply = await ask({ ...inside, ask: { fn: 'HSIMAGE', options: {}, url: 'https://127.0.0.1/a.jpg' } })
    expect(reply).toMatchObject({ failed: 'private-address' })
  })

  test('a bad picture leaves the one beside it alone', async () => {
    const good = inquiry(await draw(), {}, 'good')
    const replies = await upstream.provider.ask([inquiry(Buffer.from('no'), {}, 'bad'), good], patient)
    expect(replies.get('bad')).toMatchObject({ failed: 'not-a-picture' })
    expect(replies.get('good')).toMatchObject({ kind: 'table' })
  })
})

describe('the test of a key', () => {
  test('asks about a small grey square, and says that it cost a query', async () => {
    expect(await upstream.test(patient)).toMatch(/takes the key.*cost one/)
    expect(simulator.pictures).toMatchObject([{ format: 'jpeg', width: 48, height: 48 }])
    expect(used).toHaveLength(1)
  })

  test('is passed where the square is like nothing', async () => {
    simulator.fault({ kind: 'rewrite', rewrite: (): unknown => ({ error_code: 254704 }) })
    expect(await upstream.test(patient)).toMatch(/takes the key/)
  })

  test('fails for a wrong key, without repeating it', async () => {
    const wrong = 'a-key-that-nobody-gave-out'
    upstream = connect(wrong)
    const failed = await upstream.test(patient).catch((error: unknown) => error)
    expect(failed).toMatchObject({ failure: { failed: 'upstream-key-refused' } })
    expect(JSON.stringify([failed, String(failed), (failed as Error).stack, logged])).not.toContain(wrong)
  })
})

describe('what it is', () => {
  test('it could answer HSIMAGE and nothing else', () => {
    expect(juhe.couldAnswer({ kind: 'lookup', fn: 'HSIMAGE', country: null })).toBe(true)
    expect(juhe.couldAnswer({ kind: 'lookup', fn: 'HSPORT', country: null })).toBe(false)
    expect(juhe.couldAnswer({ kind: 'classify', fn: 'HSCODE', country: 'CA' })).toBe(false)
    expect(upstream.provider.answers(inquiry(null))).toBe(true)
  })

  test('it answers in Chinese, and nothing where another language was asked', () => {
    expect(upstream.provider.answers(inquiry(null, { lang: 'zh' }))).toBe(true)
    for (const lang of ['en', 'fr'] as const) expect(upstream.provider.answers(inquiry(null, { lang }))).toBe(false)
  })

  test('it answers nothing about another day', () => {
    expect(upstream.provider.answers(inquiry(null, { date: '2026-01-01' }))).toBe(false)
  })

  test('its answers are of the month they were asked in, in UTC', () => {
    expect(upstream.provider.edition(inquiry(null))).toBe('juhe, asked 2026-03')
  })

  test('its address is the documented one, and its key is one word', () => {
    expect(juhe.defaultUrl).toBe('http://apis.juhe.cn')
    const [key] = juhe.credentialFields
    expect(key).toMatchObject({ name: 'key', secret: true })
    expect([JUHE_TEST_KEY, 'two words', 'short', ''].map((text) => key!.pattern.test(text))).toEqual([
      true,
      false,
      false,
      false,
    ])
  })
})
