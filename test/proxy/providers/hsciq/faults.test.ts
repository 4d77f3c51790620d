import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ProviderError } from '../../../../proxy/providers/provider.ts'
import { HSCIQ_KEY } from '../../../upstreams/hsciq.ts'
import type { Fault } from '../../../upstreams/simulator.ts'
import { startSimulator } from '../../../upstreams/simulator.ts'
import { openHsciq, type OpenHsciq } from './open-hsciq.ts'

let house: OpenHsciq
beforeAll(async () => {
  house = await openHsciq({ keys: { [HSCIQ_KEY]: 'valid', 'expired-key': 'expired', 'revoked-key': 'revoked' } })
})
afterEach(() => house.simulator.faultAlways(null))
afterAll(() => house.close())

const failed = (name: string, details: object = {}) => ({ failed: name, details: expect.objectContaining(details) })

/** How the call as a whole fails. Neither the error nor the log may hold the key. */
async function troubleOf(call: () => Promise<unknown>, key = HSCIQ_KEY): Promise<ProviderError> {
  const error = await call().then(
    (value) => Promise.reject(new Error(`no trouble: ${JSON.stringify(value)}`)),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ProviderError)) throw error
  const everything = JSON.stringify([error, error.message, error.stack, error.failure, error.cause, house.logged])
  expect(everything).not.toContain(key)
  expect(error.provider).toBe('hsciq')
  return error
}

const refusal = (status: number, error: string): Fault => ({
  kind: 'status',
  status,
  body: JSON.stringify({ ok: false, error, message: `about ${HSCIQ_KEY}` }),
})

describe('an error by name', () => {
  test.each([
    [401, 'missing_api_key', 'upstream-key-refused'],
    [401, 'invalid_api_key', 'upstream-key-refused'],
    [401, 'api_key_expired', 'upstream-key-refused'],
    [401, 'api_key_revoked', 'upstream-key-refused'],
    [429, 'daily_quota_exceeded', 'upstream-quota'],
    [429, 'daily_guilei_quota_exceeded', 'upstream-quota'],
    [500, 'internal_error', 'provider-busy'],
    [503, 'something_new', 'provider-busy'],
  ])('%i %s fails the call: %s', async (status, error, failure) => {
    house.simulator.fault(refusal(status, error))
    expect((await troubleOf(() => house.classify('bicycle'))).failure).toEqual(failed(failure, { provider: 'hsciq' }))
  })

  test.each([
    [400, 'forbidden_keyword', 'wording-refused'],
    [400, 'invalid_params', 'provider-failed'],
    [400, 'unknown_tool', 'provider-failed'],
    [400, 'something_new', 'provider-failed'],
    [404, 'nothing_here', 'no-match'],
  ])('%i %s answers this question alone: %s', async (status, error, failure) => {
    house.simulator.fault(refusal(status, error))
    const reply = await house.classify('bicycle')
    expect(reply).toEqual(failed(failure, { provider: 'hsciq' }))
    expect(JSON.stringify(reply)).not.toContain(HSCIQ_KEY)
  })

  test('counts inside HTTP 200 as well, with a name or without', async () => {
    const ok = (reply: object): Fault => ({ kind: 'rewrite', rewrite: () => ({ ok: false, ...reply }) })
    house.simulator.fault(ok({ error: 'daily_quota_exceeded', data: { items: [{ Code: '3926909090' }] } }))
    expect((await troubleOf(() => house.classify('bicycle'))).failure).toEqual(failed('upstream-quota'))
    house.simulator.fault(ok({ error: 'forbidden_keyword' }))
    expect(await house.classify('bicycle')).toEqual(failed('wording-refused'))
    house.simulator.fault(ok({ data: { items: [{ Code: '3926909090' }] } }))
    expect(await house.classify('bicycle')).toEqual(failed('provider-failed'))
    house.simulator.fault(ok({ error: 'invalid_api_key' }))
    expect((await troubleOf(() => house.connected.test(AbortSignal.timeout(10_000)))).failure).toEqual(
      failed('upstream-key-refused'),
    )
  })

  test('of a forbidden wording quotes the keywords that were sent, not what HSCIQ says of them', async () => {
    expect(await house.classify('contraband, wrapped')).toEqual(failed('wording-refused', { detail: '“contraband”' }))
  })
})

describe('a key', () => {
  test('that is wrong, expired or revoked is refused, by a test as by a question', async () => {
    for (const key of ['wrong-key-of-somebody', 'expired-key', 'revoked-key']) {
      const other = await openHsciq({ keys: { 'expired-key': 'expired', 'revoked-key': 'revoked' }, key })
      const asked = await troubleOf(() => other.classify('bicycle'), key)
      expect(asked.failure).toEqual(failed('upstream-key-refused', { provider: 'hsciq' }))
      const tested = await troubleOf(() => other.connected.test(AbortSignal.timeout(10_000)), key)
      expect(tested.failure).toEqual(failed('upstream-key-refused'))
      expect(other.usage).toEqual([])
      await other.close()
    }
  })

  test('travels in its header and nowhere else', async () => {
    await house.classify('bicycle')
    const { headers, path, query, body } = house.simulator.requests.at(-1)!
    expect(headers['x-api-key']).toBe(HSCIQ_KEY)
    expect(`${path}?${query.toString()}${body.toString()}`).not.toContain(HSCIQ_KEY)
  })
})

describe('a fault', () => {
  test.each<[string, Fault, string]>([
    ['401', { kind: 'status', status: 401 }, 'upstream-key-refused'],
    ['429', { kind: 'status', status: 429 }, 'provider-busy'],
    ['500', { kind: 'status', status: 500 }, 'provider-busy'],
    ['502', { kind: 'status', status: 502, body: '<html>' }, 'provider-busy'],
    ['404 of another server', { kind: 'status', status: 404, body: 'Not Found' }, 'provider-failed'],
    ['reset', { kind: 'reset' }, 'provider-busy'],
    ['HTML page', { kind: 'html' }, 'upstream-unreadable'],
    ['truncated JSON', { kind: 'truncated' }, 'upstream-unreadable'],
    ['huge body', { kind: 'huge', bytes: 5_000_000 }, 'upstream-unreadable'],
    [
      'reply to another tool',
      { kind: 'rewrite', rewrite: (reply) => ({ ...(reply as object), toolName: 'search_unified' }) },
      'upstream-unreadable',
    ],
    [
      'items that are no list',
      { kind: 'rewrite', rewrite: () => ({ ok: true, data: { items: {} } }) },
      'upstream-unreadable',
    ],
    ['no data at all', { kind: 'rewrite', rewrite: () => ({ ok: true }) }, 'upstream-unreadable'],
  ])('%s fails the call: %#', async (_, fault, failure) => {
    house.simulator.fault(fault)
    expect((await troubleOf(() => house.classify('bicycle'))).failure).toEqual(failed(failure, { provider: 'hsciq' }))
    expect(await house.classify('bicycle')).toMatchObject({ kind: 'classification' })
  })

  test.each<[string, Fault]>([
    ['silence', { kind: 'timeout' }],
    ['silence after the deed', { kind: 'timeout-after' }],
    ['slow drip', { kind: 'drip', bytesPerSecond: 20 }],
  ])('%s ends with the caller’s patience', async (_, fault) => {
    house.simulator.fault(fault)
    const error = await troubleOf(() => house.classify('bicycle', 'CN', AbortSignal.timeout(150)))
    expect(error.failure).toEqual(failed('provider-timeout', { provider: 'hsciq' }))
  })

  test('that says when to come back hands that on', async () => {
    house.simulator.fault({ kind: 'status', status: 429, retryAfter: '7' })
    expect((await troubleOf(() => house.classify('bicycle'))).retryAfterMs).toBe(7000)
  })

  test('that points elsewhere is not followed, and the key goes nowhere else', async () => {
    const elsewhere = await startSimulator(() => ({ json: { ok: true } }))
    house.simulator.fault({ kind: 'redirect', location: `${elsewhere.url}/mcp/tools/call` })
    expect((await troubleOf(() => house.classify('bicycle'))).failure).toEqual(failed('upstream-unreadable'))
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })

  test('of a look-up changes nothing there, so that it may be sent again', async () => {
    for (const fault of [{ kind: 'reset' }, { kind: 'truncated' }, { kind: 'status', status: 500 }] as const) {
      house.simulator.fault(fault)
      expect((await troubleOf(() => house.classify('bicycle'))).mayHaveBeenDone).toBe(false)
    }
  })

  test('is nobody else’s: of two questions at once the other is answered', async () => {
    house.simulator.faultAlways(({ json }) => (JSON.stringify(json).includes('bicycle') ? { kind: 'reset' } : null))
    const [lost, kept] = await Promise.allSettled([house.classify('bicycle'), house.classify('umbrella')])
    expect(lost.status).toBe('rejected')
    expect(kept).toMatchObject({ status: 'fulfilled', value: { candidates: [{ code: '6601990000' }] } })
  })
})

describe('hostile items', () => {
  test('are cleaned or left out, in whatever order and however often they come', async () => {
    house.simulator.fault({
      kind: 'rewrite',
      rewrite: () => ({
        ok: true,
        toolName: 'search_code',
        data: {
          items: [
            { Code: '8712001510', Name: '+cmd|calc', GeneralRateofDuty: '@SUM(1)' },
            { Code: '8712001510', Name: 'twice', GeneralRateofDuty: '11%' },
            { Code: '1234567890123', Name: 'thirteen digits' },
            { Code: '12345678901234', Name: 'too long' },
            { Code: 8712001510, Name: 'a number' },
            { Code: '=8712001510', Name: 'a formula' },
            { Name: '\u202Ename without a code\u0007' },
            { Code: '0302.14', Name: `x\u0000<a href="javascript:1">${'y'.repeat(2000)}` },
          ],
        },
      }),
    })
    const reply = (await house.ask('HSSEARCH', 'bicycle', 'US')) as { table: string[][] }
    expect(reply.table.map(([code]) => code)).toEqual(['8712001510', '8712001510', '1234567890123', '030214'])
    expect(reply.table[0]).toEqual(['8712001510', "'+cmd|calc", "'@SUM(1)"])
    // oxlint-disable-next-line no-control-regex -- finding control characters is the point
    expect(JSON.stringify(reply)).not.toMatch(/[\u0000-\u001f\u202e<>]/)
    expect(reply.table.at(-1)![1]!.length).toBeLessThanOrEqual(500)
  })
})
