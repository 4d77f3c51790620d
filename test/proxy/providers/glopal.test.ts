import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cleanText } from '../../../proxy/providers/clean-text.ts'
import { glopal } from '../../../proxy/providers/glopal/index.ts'
import { printTimestamp, signLogin } from '../../../proxy/providers/glopal/sign.ts'
import type { ClassifyInquiry, Facts, Reply } from '../../../proxy/providers/provider.ts'
import type { ConnectedUpstream, Credential } from '../../../proxy/providers/upstream.ts'
import { rootFolder } from '../../../proxy/root-folder.ts'
import { CALL_FAULTS, everythingIn, providerErrorOf, recordingConnection } from '../../upstreams/call-faults.ts'
import { GLOPAL_CREDENTIAL, startGlopalSimulator, type GlopalSimulator } from '../../upstreams/glopal.ts'
import { startSimulator } from '../../upstreams/simulator.ts'

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(rootFolder(), 'test', 'fixtures', 'glopal', `${name}.json`), 'utf8'))

const NO_FACTS: Facts = { material: '', use: '', gender: '', category: '' }
const patient = (): AbortSignal => AbortSignal.timeout(15_000)

function inquiry(description: string, more: Partial<ClassifyInquiry> = {}): ClassifyInquiry {
  return { kind: 'classify', key: description, description, country: 'CA', facts: NO_FACTS, date: null, ...more }
}

let simulator: GlopalSimulator
let connection: ReturnType<typeof recordingConnection>
let upstream: ConnectedUpstream

function connect(credential: Credential = GLOPAL_CREDENTIAL, now: () => number = Date.now): ConnectedUpstream {
  connection = recordingConnection({ credential, baseUrl: simulator.url, now })
  upstream = glopal.connect(connection)
  return upstream
}

beforeEach(async () => {
  simulator = await startGlopalSimulator()
  connect()
})
afterEach(async () => {
  await simulator.close()
  await upstream.close()
})

const ask = (...inquiries: ClassifyInquiry[]): Promise<Map<string, Reply>> =>
  upstream.provider.ask(inquiries, patient())

/** The code a reply names, or the failure it is. */
function said(reply: Reply | undefined): unknown {
  if (reply === undefined) return undefined
  if ('failed' in reply) return reply.failed
  return reply.kind === 'classification' ? reply.candidates[0]?.code : reply
}

const sentProducts = (): Record<string, unknown>[] =>
  simulator.requests.flatMap(({ json }) => (json as { args: { products: Record<string, unknown>[] } }).args.products)

const rewriteProducts = (change: (products: Record<string, unknown>[]) => unknown[]): void =>
  simulator.fault({
    kind: 'rewrite',
    rewrite: (reply) => ({ error: 0, products: change((reply as { products: Record<string, unknown>[] }).products) }),
  })

describe('the signature', () => {
  test('every moment prints as the document wants it, whole seconds included', () => {
    const documented = /^[12]\d{9}\.\d{6}$/
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 1e12, max: 3e12 - 1 }),
          fc.integer({ min: 1e9, max: 3e9 - 1 }).map((seconds) => seconds * 1000),
          fc.double({ min: 1e12, max: 2.999e12, noNaN: true }),
        ),
        (epochMs) => {
          const printed = printTimestamp(epochMs)
          expect(printed).toMatch(documented)
          expect(Math.abs(Number(printed) - epochMs / 1000)).toBeLessThan(0.00001)
        },
      ),
    )
    expect(printTimestamp(1_680_010_295_000)).toBe('1680010295.000000')
    expect(printTimestamp(1_680_010_295_775.523)).toBe('1680010295.775523')
    expect(printTimestamp(1_680_010_295_001)).toBe('1680010295.001000')
  })

  test('is the HMAC-SHA256 of login@timestamp, in lower-case hexadecimal', () => {
    expect(signLogin('username', '1680010295.775523', 'sharedsecret')).toBe(
      'bab2fb3489476fafbe075e7506fdcb9343b348221292a4fc29ce7db5684111aa',
    )
  })

  test('two calls of one millisecond are not signed alike', async () => {
    const moment = Date.now()
    connect(GLOPAL_CREDENTIAL, () => moment)
    await ask(inquiry('cotton shirt'))
    await ask(inquiry('cotton shirt'))
    const signatures = simulator.requests.map(({ headers }) => headers['x-signature'])
    expect(new Set(signatures).size).toBe(2)
  })

  test('an alias goes with the login where there is one, and nowhere else', async () => {
    await ask(inquiry('cotton shirt'))
    expect(simulator.requests[0]!.headers).not.toHaveProperty('x-alias')
    await simulator.close()
    simulator = await startGlopalSimulator({ alias: 'sheet-team' })
    connect({ ...GLOPAL_CREDENTIAL, alias: 'sheet-team' })
    await ask(inquiry('cotton shirt'))
    expect(simulator.requests[0]!.headers['x-alias']).toBe('sheet-team')
  })

  test('a wrong secret, an unknown login and an unknown alias are a refused credential', async () => {
    for (const wrong of [{ secret: 'other' }, { login: 'somebody-else' }, { alias: 'nobody' }]) {
      connect({ ...GLOPAL_CREDENTIAL, ...wrong })
      const error = await providerErrorOf(ask(inquiry('cotton shirt')))
      expect(error.failure).toEqual({ failed: 'upstream-key-refused', details: { provider: 'glopal' } })
    }
  })

  test('a clock that is wrong is said to be wrong, on either side', async () => {
    for (const minutes of [-6, 6]) {
      connect(GLOPAL_CREDENTIAL, () => Date.now() + minutes * 60_000)
      expect((await providerErrorOf(ask(inquiry('cotton shirt')))).failure.failed).toBe('upstream-clock')
    }
    connect(GLOPAL_CREDENTIAL, () => Date.now() - 4 * 60_000)
    expect(said((await ask(inquiry('cotton shirt'))).get('cotton shirt'))).toMatch(/^\d{6}$/)
  })
})

describe('what is asked', () => {
  test('the document’s example is sent as the document has it, fact by fact', async () => {
    await ask(
      inquiry('Mini Handbag in Quilted Leather in Black', {
        facts: { material: '90% Calf (Leather) 10% Cotton', use: '', gender: 'women', category: 'Handbags' },
      }),
    )
    const documented = fixture('classify-request') as { args: { products: Record<string, unknown>[] } }
    expect(Object.keys(simulator.requests[0]!.json as object)).toEqual(Object.keys(documented))
    expect(sentProducts()).toEqual([
      {
        ...documented.args.products[0],
        // A cell has one text: it is title and description; and one category.
        title: 'Mini Handbag in Quilted Leather in Black',
        category: ['Handbags'],
      },
    ])
  })

  test('a gender is sent in the document’s form, and left out when it has none', async () => {
    const forms = { women: 'F', F: 'F', "Women's": 'F', 女士: 'F', men: 'M', m: 'M', Herren: undefined }
    for (const [gender, sent] of Object.entries({ ...forms, unisex: undefined, '': undefined })) {
      simulator.requests.length = 0
      await ask(inquiry('cotton shirt', { facts: { ...NO_FACTS, gender } }))
      expect(sentProducts()[0]!.gender, gender).toBe(sent)
    }
  })

  test('a use, which has no field, stands behind the description and never in the title', async () => {
    const reply = await ask(inquiry('glove', { facts: { ...NO_FACTS, use: 'ice hockey' } }))
    expect(sentProducts()).toEqual([{ title: 'glove', description: 'glove, ice hockey' }])
    expect(said(reply.get('glove'))).toMatch(/^\d{6}$/)
  })

  test('the same product is sent once and answers every country that asks for it', async () => {
    const replies = await ask(
      inquiry('mouse', { key: 'a', country: 'CA' }),
      inquiry('mouse', { key: 'b', country: 'JP' }),
      inquiry('lamp', { key: 'c' }),
    )
    expect(sentProducts().map(({ title }) => title)).toEqual(['mouse', 'lamp'])
    expect(replies.get('a')).toEqual(replies.get('b'))
    expect([...replies.keys()].sort()).toEqual(['a', 'b', 'c'])
    expect(connection.usage).toEqual([{ items: 2, charged: null, balance: null }])
  })

  test('nothing is sent when there is nothing to ask', async () => {
    expect((await ask()).size).toBe(0)
    expect(simulator.requests).toEqual([])
  })
})

describe('what is answered', () => {
  test('the document’s reply, with a cell’s one text as its title, becomes one subheading with its accuracy', async () => {
    const description = 'Mini Handbag in Quilted Leather in Black'
    simulator.fault({
      kind: 'rewrite',
      rewrite: () => {
        const reply = fixture('classify-reply') as { products: Record<string, unknown>[] }
        return { ...reply, products: reply.products.map((item) => ({ ...item, title: description })) }
      },
    })
    expect((await ask(inquiry(description))).get(description)).toEqual({
      kind: 'classification',
      candidates: [{ code: '420221', score: 0.9826 }],
      headings: [],
      lines: { count: 0, first: [] },
      words: [],
      vague: null,
      missing: null,
    })
  })

  test.each([
    [0.5, 0.5],
    [1, 1],
    [1.000001, null],
    [98.26, null],
    [0, null],
    [-0.2, null],
    ['0.9', null],
    [null, null],
    [undefined, null],
  ])('an accuracy of %j is a score of %j', async (accuracy, score) => {
    rewriteProducts((products) => products.map((product) => ({ ...product, accuracy })))
    expect((await ask(inquiry('shirt'))).get('shirt')).toMatchObject({ candidates: [{ score }] })
  })

  test('a product that fails is no match, and its neighbours are answered', async () => {
    simulator.answer('bad', { error: 17 })
    const replies = await ask(inquiry('shirt'), inquiry('bad'), inquiry('lamp'))
    expect(said(replies.get('bad'))).toBe('no-match')
    expect(said(replies.get('shirt'))).toMatch(/^\d{6}$/)
    expect(said(replies.get('lamp'))).toMatch(/^\d{6}$/)
    for (const error of [3, '3', true, { code: 3 }]) {
      rewriteProducts((products) => products.map((product) => ({ ...product, error })))
      expect(said((await ask(inquiry('shirt'))).get('shirt')), JSON.stringify(error)).toBe('no-match')
    }
  })

  test('what is no code of six digits is never shown as one, and touches no neighbour', async () => {
    const hostile: [unknown, string][] = [
      ['4202.21', '420221'],
      [420221, 'upstream-code-broken'],
      ['1234567890123', 'upstream-code-broken'],
      ['4202', 'upstream-code-broken'],
      ['=HYPERLINK("http://x","420221")', 'upstream-code-broken'],
      ['<b>420221</b>', 'upstream-code-broken'],
      ['4202\u000021', 'upstream-code-broken'],
      [{ code: '420221' }, 'upstream-code-broken'],
      ['', 'no-match'],
      [null, 'no-match'],
    ]
    for (const [code, expected] of hostile) {
      rewriteProducts(([first, ...others]) => [{ ...first, hs_code: code }, ...others])
      const replies = await ask(inquiry('shirt'), inquiry('lamp'))
      expect(said(replies.get('shirt')), String(code)).toBe(expected)
      expect(said(replies.get('lamp'))).toMatch(/^\d{6}$/)
      const reply = replies.get('shirt')!
      const shown = 'failed' in reply ? (reply.details.value ?? '') : ''
      expect(shown).toBe(cleanText(shown))
    }
  })

  test('items in another order go to the products they name', async () => {
    const expected = new Map([
      ['shirt', '610910'],
      ['lamp', '940521'],
      ['mouse', '847160'],
    ])
    for (const [title, hs_code] of expected) simulator.answer(title, { hs_code })
    rewriteProducts((products) => products.toReversed())
    const replies = await ask(...[...expected.keys()].map((title) => inquiry(title)))
    expect(new Map([...replies].map(([key, reply]) => [key, said(reply)]))).toEqual(expected)
  })

  test('a product left out of the reply is left out of the answer, never given its neighbour’s', async () => {
    simulator.answer('lamp', { hs_code: '940521' })
    rewriteProducts((products) => products.slice(1))
    const replies = await ask(inquiry('shirt'), inquiry('lamp'))
    expect([...replies.keys()]).toEqual(['lamp'])
    expect(said(replies.get('lamp'))).toBe('940521')
    expect(everythingIn(connection.logged)).not.toMatch(/shirt|lamp/)
  })

  test('products of one title and different material are told apart by order, while the order is whole', async () => {
    const leather = inquiry('belt', { key: 'leather', facts: { ...NO_FACTS, material: 'leather' } })
    const cotton = inquiry('belt', { key: 'cotton', facts: { ...NO_FACTS, material: 'cotton' } })
    const code = (hs_code: string) => (product: object) => ({ ...product, hs_code })
    rewriteProducts(([first, second, third]) => [
      code('420330')(first!),
      code('621710')(second!),
      code('940521')(third!),
    ])
    const inOrder = await ask(leather, cotton, inquiry('lamp'))
    expect([...inOrder].map(([key, reply]) => [key, said(reply)])).toEqual([
      ['leather', '420330'],
      ['cotton', '621710'],
      ['lamp', '940521'],
    ])
    rewriteProducts(([, second, third]) => [second!, code('940521')(third!)])
    const broken = await ask(leather, cotton, inquiry('lamp'))
    expect([...broken.keys()]).toEqual(['lamp'])
  })

  test('an item said twice alike counts once; two different answers to one product are none', async () => {
    rewriteProducts((products) => [products[0]!, ...products])
    expect(said((await ask(inquiry('shirt'), inquiry('lamp'))).get('shirt'))).toMatch(/^\d{6}$/)
    rewriteProducts((products) => [{ ...products[0]!, hs_code: '010121' }, ...products])
    const replies = await ask(inquiry('shirt'), inquiry('lamp'))
    expect(said(replies.get('shirt'))).toBe('upstream-unreadable')
    expect(said(replies.get('lamp'))).toMatch(/^\d{6}$/)
  })

  test('items of no form spoil no neighbour, and a stranger’s item answers nobody', async () => {
    const junk = [7, null, 'text', [], { title: 9, hs_code: '610910' }, { hs_code: '610910' }]
    rewriteProducts((products) => [...junk, ...products.slice(1), { title: 'stranger', hs_code: '610910' }])
    const replies = await ask(inquiry('shirt'), inquiry('lamp'))
    expect([...replies.keys()]).toEqual(['lamp'])
  })

  test('text that comes back with other blanks is still the same text', async () => {
    rewriteProducts((products) =>
      products.map((product) => ({ ...product, title: ' blue   cotton\tshirt ', description: null })),
    )
    expect((await ask(inquiry('blue cotton shirt'))).size).toBe(1)
  })
})

describe('a call that fails as a whole', () => {
  test.each(CALL_FAULTS)('$title: $failed', async ({ fault, failed, retryAfterMs = null, mayHaveBeenDone, ...of }) => {
    simulator.fault(fault)
    const signal = of.patienceMs === undefined ? patient() : AbortSignal.timeout(of.patienceMs)
    const error = await providerErrorOf(upstream.provider.ask([inquiry('shirt')], signal))
    expect(error).toMatchObject({ failure: { failed }, retryAfterMs, mayHaveBeenDone })
    expect(everythingIn([error, connection.logged])).not.toContain(GLOPAL_CREDENTIAL.secret)
    expect(everythingIn([error, connection.logged])).not.toContain(simulator.requests[0]!.headers['x-signature'])
    expect(said((await ask(inquiry('shirt'))).get('shirt'))).toMatch(/^\d{6}$/)
  })

  test('a page in place of JSON cannot be read', async () => {
    simulator.fault({ kind: 'html' })
    expect((await providerErrorOf(ask(inquiry('shirt')))).failure.failed).toBe('upstream-unreadable')
  })

  test('a redirect is not followed, and nobody else sees the signature', async () => {
    const elsewhere = await startSimulator(() => ({ json: {} }))
    simulator.fault({ kind: 'redirect', location: `${elsewhere.url}/tcc/classify` })
    expect((await providerErrorOf(ask(inquiry('shirt')))).failure.failed).toBe('upstream-unreadable')
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })

  test.each([
    [{ error: 3, products: [] }, 'provider-failed'],
    [{ error: 3, message: 'Invalid signature' }, 'upstream-key-refused'],
    [{ error: { code: 3, message: 'time stamp too old' } }, 'upstream-clock'],
    // The words of a product are the cell's own, and say nothing about the call.
    [{ error: 3, products: [{ title: 'login clock, expired timestamp' }] }, 'provider-failed'],
  ])('an error of the whole reply, %j, is %s', async (reply, failed) => {
    simulator.fault({ kind: 'rewrite', rewrite: () => reply })
    expect((await providerErrorOf(ask(inquiry('shirt')))).failure.failed).toBe(failed)
  })
})

describe('the upstream', () => {
  test('answers nothing about the codes of another day', () => {
    expect(upstream.provider.answers(inquiry('shirt', { date: '2026-01-01' }))).toBe(false)
  })

  test('classifies for any country and answers nothing else', () => {
    expect(upstream.provider.answers(inquiry('shirt', { country: 'BR' }))).toBe(true)
    const ask = { fn: 'HSPORT', options: {}, port: 'Shanghai' } as const
    expect(upstream.provider.answers({ kind: 'lookup', key: 'a', ask })).toBe(false)
    expect(glopal.couldAnswer({ kind: 'classify', fn: 'HSCODE', country: 'BR' })).toBe(true)
    expect(glopal.couldAnswer({ kind: 'lookup', fn: 'HSTRADE', country: null })).toBe(false)
    expect(upstream.provider.inquiriesPerCallMax).toBe(20)
  })

  test('dates its answers by the month they were asked in, UTC', () => {
    connect(GLOPAL_CREDENTIAL, () => Date.UTC(2026, 10, 30, 23, 59, 59))
    expect(upstream.provider.edition(inquiry('shirt'))).toBe('glopal, asked 2026-11')
  })

  test('a test of the credential classifies one product, and says that it may cost', async () => {
    expect(await upstream.test(patient())).toContain('charge')
    expect(simulator.books).toEqual({ calls: 1, classified: 1 })
    connect({ ...GLOPAL_CREDENTIAL, secret: 'wrong' })
    expect((await providerErrorOf(upstream.test(patient()))).failure.failed).toBe('upstream-key-refused')
  })

  test('takes credentials of the documented form only; an alias may be left out', () => {
    const fields = new Map(glopal.credentialFields.map((field) => [field.name, field]))
    expect(fields.get('login')!.pattern.test('client-01')).toBe(true)
    for (const login of ['ab', 'Client', 'a b c', '']) expect(fields.get('login')!.pattern.test(login)).toBe(false)
    expect(fields.get('alias')!.pattern.test('a'.repeat(51))).toBe(false)
    expect([...fields.values()].map(({ name, secret, optional = false }) => [name, secret, optional])).toEqual([
      ['login', false, false],
      ['secret', true, false],
      ['alias', false, true],
    ])
  })
})
