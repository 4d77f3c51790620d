import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isFailure } from '../../../shared/error-codes.ts'
import { jiayou } from '../../../proxy/providers/jiayou/index.ts'
import type { ClassifyInquiry, Reply } from '../../../proxy/providers/provider.ts'
import { JIAYOU_JWT, JIAYOU_KEY, JIAYOU_SECRET } from '../../upstreams/jiayou.ts'
import { classifyInquiry, fixture, openJiayouHouse, type JiayouHouse } from './jiayou-house.ts'

const DOCUMENTED = ['Fresh Atlantic Salmon', 'Cotton T-shirts', 'Wireless Bluetooth Mouse']
const PATIENT = new AbortController().signal

let house: JiayouHouse
beforeEach(async () => {
  house = await openJiayouHouse()
})
afterEach(() => house.close())

function ask(inquiries: readonly ClassifyInquiry[], signal = PATIENT): Promise<Map<string, Reply>> {
  return house.connected.provider.ask(inquiries, signal)
}

/** Description → code, or the name of the failure; null where there is no entry. */
async function codes(...descriptions: string[]): Promise<(string | null)[]> {
  const replies = await ask(descriptions.map((description) => classifyInquiry(description)))
  return descriptions.map((description) => outcome(replies.get(`key of ${description}`)))
}

function outcome(reply: Reply | undefined): string | null {
  if (reply === undefined) return null
  if (isFailure(reply)) return reply.failed
  return reply.kind === 'classification' ? reply.candidates[0]!.code : reply.kind
}

/** Changes what the next look-up answers, item by item. */
function rewriteResults(rewrite: (results: Record<string, unknown>[]) => unknown[]): void {
  house.simulator.fault({
    kind: 'rewrite',
    rewrite(reply) {
      const { data, ...envelope } = reply as { data: { results: Record<string, unknown>[] } }
      return { ...envelope, data: { ...data, results: rewrite(data.results) } }
    },
  })
}

describe('what jiayou answers', () => {
  test('the documented reply gives the documented codes, and its points and balance are believed', async () => {
    house.simulator.fault({ kind: 'rewrite', rewrite: () => fixture('batch-query') })
    expect(await codes(...DOCUMENTED)).toEqual(['0302110000', '6109100012', '3924900010'])
    expect(house.usages).toEqual([{ items: 3, charged: 3, balance: 97 }])
  })

  test('a code comes without a score, because jiayou gives none', async () => {
    const replies = await ask([classifyInquiry('Cotton T-shirts')])
    expect(replies.get('key of Cotton T-shirts')).toEqual({
      kind: 'classification',
      candidates: [{ code: '6109100012', score: null }],
      headings: [],
      lines: { count: 0, first: [] },
      words: [],
      vague: null,
      missing: null,
    })
  })

  test('the request is the documented one', async () => {
    await codes('Cotton T-shirts')
    const [request] = house.simulator.requests
    expect([request!.method, request!.path]).toEqual(['POST', '/api/api/batch-query'])
    expect(request!.json).toEqual({ products: ['Cotton T-shirts'] })
    expect(request!.headers).toMatchObject({
      'x-api-key': JIAYOU_KEY,
      'x-api-secret': JIAYOU_SECRET,
      'content-type': 'application/json',
    })
    expect(request!.headers.authorization).toBeUndefined()
  })

  test('a base address written as in the document reaches the same path', async () => {
    const other = await openJiayouHouse({}, { baseUrl: `${house.simulator.url}/api` })
    await other.connected.test(PATIENT)
    expect(house.simulator.requests.map(({ path }) => path)).toEqual(['/api/api/tasks'])
    await other.close()
  })

  test('whatever remembered rows cost, the reply of jiayou says it', async () => {
    await codes('Cotton T-shirts')
    await codes('Cotton T-shirts', 'Wool socks')
    const free = await openJiayouHouse({ chargesCacheHits: false })
    await free.connected.provider.ask([classifyInquiry('Mug')], PATIENT)
    await free.connected.provider.ask([classifyInquiry('Mug')], PATIENT)
    expect(house.usages.map(({ charged }) => charged)).toEqual([1, 2])
    expect(free.usages).toEqual([
      { items: 1, charged: 1, balance: 99 },
      { items: 1, charged: 0, balance: 99 },
    ])
    expect(free.simulator.balance).toBe(99)
    await free.close()
  })

  test('odd figures of points cost no answer', async () => {
    house.simulator.fault({
      kind: 'rewrite',
      rewrite: (reply) => ({
        code: 0,
        data: { ...(reply as { data: object }).data, points_used: { much: true }, balance: '97' },
      }),
    })
    expect(await codes('Cotton T-shirts')).toEqual(['6109100012'])
    expect(house.usages).toEqual([{ items: 1, charged: null, balance: 97 }])
  })
})

describe('what is asked', () => {
  test('facts stand in the product name, always in the same order', async () => {
    const facts = { category: 'apparel', gender: 'men', use: '', material: 'cotton' }
    await ask([classifyInquiry('T-shirt', { facts })])
    expect(house.simulator.requests[0]!.json).toEqual({
      products: ['T-shirt; material: cotton; gender: men; category: apparel'],
    })
  })

  test('the same goods with other facts are another question', async () => {
    const facts = { material: 'wool', use: '', gender: '', category: '' }
    const replies = await ask([classifyInquiry('Socks'), classifyInquiry('Socks', { key: 'wool', facts })])
    expect(replies.size).toBe(2)
    expect(house.simulator.pointsCharged).toBe(2)
  })

  test('a name that facts make longer than 512 characters is not cut, not sent and not charged; its neighbour is answered', async () => {
    const facts = { material: 'm'.repeat(300), use: '', gender: '', category: '' }
    const replies = await ask([
      classifyInquiry('d'.repeat(300), { key: 'long', facts }),
      classifyInquiry('Cotton T-shirts'),
    ])
    expect(replies.get('long')).toEqual({ failed: 'text-too-long', details: { length: 612, max: 512 } })
    expect(outcome(replies.get('key of Cotton T-shirts'))).toBe('6109100012')
    expect(house.simulator.pointsCharged).toBe(1)
  })

  test('512 characters are sent', async () => {
    expect(await codes('d'.repeat(512))).toEqual([expect.stringMatching(/^\d{10}$/)])
  })

  test('half a character does not spoil the request', async () => {
    expect(await codes('Mug \ud83d', 'Cotton T-shirts')).toEqual([expect.stringMatching(/^\d{10}$/), '6109100012'])
    expect(house.simulator.requests[0]!.json).toEqual({ products: ['Mug', 'Cotton T-shirts'] })
  })

  test('500 names travel in one call', async () => {
    const rich = await openJiayouHouse({ balance: 500 })
    const inquiries = Array.from({ length: 500 }, (_, at) => classifyInquiry(`Goods ${at}`))
    const replies = await rich.connected.provider.ask(inquiries, PATIENT)
    expect(rich.connected.provider.inquiriesPerCallMax).toBe(500)
    expect(replies.size).toBe(500)
    expect(rich.simulator.requests).toHaveLength(1)
    await rich.close()
  })

  test('nothing to ask is no call', async () => {
    expect((await ask([])).size).toBe(0)
    expect(house.simulator.requests).toHaveLength(0)
  })

  test('only Canadian classification of today is for jiayou', () => {
    const { provider } = house.connected
    expect(provider.answers(classifyInquiry('Mug'))).toBe(true)
    expect(provider.answers(classifyInquiry('Mug', { country: 'US' }))).toBe(false)
    expect(provider.answers(classifyInquiry('Mug', { date: '2026-01-01' }))).toBe(false)
    expect(jiayou.couldAnswer({ kind: 'classify', fn: 'HSCODE', country: 'CA' })).toBe(true)
    expect(jiayou.couldAnswer({ kind: 'classify', fn: 'HSCODE', country: 'CN' })).toBe(false)
    expect(jiayou.couldAnswer({ kind: 'tariff', fn: 'HSRATE', country: 'CA' })).toBe(false)
  })

  test('its answers are remembered for the month in UTC', () => {
    expect(house.connected.provider.edition(classifyInquiry('Mug'))).toBe('jiayou, asked 2026-11')
  })
})

describe('matching', () => {
  test('names that are the same are sent once and answered each', async () => {
    const replies = await ask([
      classifyInquiry('Cotton T-shirts', { key: 'a' }),
      classifyInquiry('Fresh Atlantic Salmon', { key: 'b' }),
      classifyInquiry('cotton  t-shirts', { key: 'c' }),
    ])
    expect(['a', 'b', 'c'].map((key) => outcome(replies.get(key)))).toEqual(['6109100012', '0302110000', '6109100012'])
    expect(house.simulator.pointsCharged).toBe(2)
  })

  test('the order of the reply means nothing', async () => {
    rewriteResults((results) => results.toReversed())
    expect(await codes(...DOCUMENTED)).toEqual(['0302110000', '6109100012', '3924900010'])
  })

  test('a name in another case or with other white space is still its name', async () => {
    rewriteResults((results) =>
      results.map((item) => ({ ...item, product_name: `  ${String(item.product_name).toUpperCase()}\t` })),
    )
    expect(await codes(...DOCUMENTED)).toEqual(['0302110000', '6109100012', '3924900010'])
  })

  test('a name that is missing has no entry, and shifts nobody', async () => {
    rewriteResults(([, ...rest]) => rest)
    expect(await codes(...DOCUMENTED)).toEqual([null, '6109100012', '3924900010'])
    expect(house.logged).toEqual([{ provider: 'jiayou', asked: 3, missing: 1, strangers: 0, contradictions: 0 }])
  })

  test('an item that came twice counts once; one that contradicts itself does not count', async () => {
    rewriteResults((results) => [...results, results[0]!, { ...results[1]!, hscode: '6110200011' }])
    expect(await codes(...DOCUMENTED)).toEqual(['0302110000', null, '3924900010'])
  })

  test('names nobody asked about, and names like __proto__, are let be', async () => {
    rewriteResults((results) => [
      { product_name: '__proto__', hscode: '6109100012' },
      { product_name: 7, hscode: '6109100012' },
      null,
      'text',
      ...results,
    ])
    expect(await codes(...DOCUMENTED, 'constructor')).toEqual([
      '0302110000',
      '6109100012',
      '3924900010',
      expect.stringMatching(/^\d{10}$/),
    ])
  })
})

describe('bad items', () => {
  test('a name it finds nothing for is no-match, whatever its error says, and the neighbours are answered', async () => {
    house.simulator.failFor('Unobtainium')
    rewriteResults((results) => results.map((item) => ({ ...item, error: '=HYPERLINK("http://x")' })))
    const replies = await ask([classifyInquiry('Unobtainium'), classifyInquiry('Cotton T-shirts')])
    expect(replies.get('key of Unobtainium')).toEqual({ failed: 'no-match', details: { provider: 'jiayou' } })
    expect(outcome(replies.get('key of Cotton T-shirts'))).toBe('6109100012')
  })

  test.each([
    ['a number', 302110000, '302110000'],
    ['thirteen digits', '6109100012999', '6109100012999'],
    ['six digits', '610910', '610910'],
    ['nine digits, its zero lost', '302110000', '302110000'],
    ['a formula', '=1+1', "'=1+1"],
    ['mark-up', '<b>6109100012</b><script>x</script>', '6109100012x'],
    ['control characters', '61091000\u000012', '61091000 12'],
    ['a list', ['6109100012'], ''],
    ['an object', { code: '6109100012' }, ''],
    ['true', true, ''],
  ])('%s in place of a code is said to be none, and the neighbours are answered', async (_, hscode, value) => {
    rewriteResults(([first, ...rest]) => [{ ...first, hscode }, ...rest])
    const replies = await ask(DOCUMENTED.map((description) => classifyInquiry(description)))
    expect(replies.get(`key of ${DOCUMENTED[0]!}`)).toEqual({
      failed: 'upstream-code-broken',
      details: { provider: 'jiayou', value },
    })
    expect(outcome(replies.get(`key of ${DOCUMENTED[1]!}`))).toBe('6109100012')
  })

  test('null, an absent code and blanks are no-match; a code with dots is its digits', async () => {
    rewriteResults(([first, second, third]) => [
      { ...first, hscode: null },
      { product_name: second!.product_name },
      { ...third, hscode: '3924.90.00.10' },
    ])
    expect(await codes(...DOCUMENTED)).toEqual(['no-match', 'no-match', '3924900010'])
  })
})

describe('the credential', () => {
  const field = (name: string): RegExp => jiayou.credentialFields.find((one) => one.name === name)!.pattern

  test('a key is sk_ and 32 hexadecimal digits', () => {
    expect(JIAYOU_KEY).toMatch(field('key'))
    for (const wrong of ['', 'sk_123', `pk_${'a'.repeat(32)}`, `sk_${'g'.repeat(32)}`, `sk_${'a'.repeat(33)}`]) {
      expect(wrong).not.toMatch(field('key'))
    }
  })

  test('a secret is never empty and holds nothing that ends a header; the token and what webhooks need may be left out', () => {
    expect(JIAYOU_SECRET).toMatch(field('secret'))
    expect('').not.toMatch(field('secret'))
    expect('a\r\nx: y').not.toMatch(field('secret'))
    expect(JIAYOU_JWT).toMatch(field('jwt'))
    expect(jiayou.credentialFields.filter(({ optional }) => optional).map(({ name }) => name)).toEqual([
      'jwt',
      'webhookSecret',
      'webhookSecretBefore',
    ])
  })

  test('testing it costs nothing', async () => {
    expect(await house.connected.test(PATIENT)).toContain('0 tasks')
    expect(house.simulator.requests.map(({ method, query }) => `${method} ${query.get('limit')}`)).toEqual(['GET 1'])
    expect(house.simulator.pointsCharged).toBe(0)
  })

  test('a wrong one is refused', async () => {
    const wrong = await openJiayouHouse({ secret: 'another' })
    const error = await wrong.fails(wrong.connected.test(PATIENT))
    expect(error.failure.failed).toBe('upstream-key-refused')
    await wrong.close()
  })
})
