import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { createJsonClient, type JsonClient, type JsonRequest } from '../../../proxy/providers/fetch-json.ts'
import { failure } from '../../../shared/error-codes.ts'
import { CALL_FAULTS, everythingIn, providerErrorOf } from '../../upstreams/call-faults.ts'
import { startSimulator, type Simulator } from '../../upstreams/simulator.ts'

const SECRET = 'unmistakable-secret'
const schema = z.object({ good: z.literal(true) })

let simulator: Simulator
let client: JsonClient
beforeAll(async () => {
  simulator = await startSimulator(() => ({ json: { good: true } }))
  client = createJsonClient({
    provider: 'jiayou',
    baseUrl: `${simulator.url}/base/`,
    defaultHeaders: { 'x-api-key': SECRET },
  })
})
afterEach(() => simulator.faultAlways(null))
afterAll(async () => {
  await client.close()
  await simulator.close()
})

type Changes = Partial<JsonRequest<{ good: true }>>
const request = (changes: Changes = {}): Promise<{ good: true }> =>
  client.request({ method: 'GET', path: '/path', schema, signal: AbortSignal.timeout(8000), ...changes })
const lastRequest = () => simulator.requests.at(-1)!

describe('a request', () => {
  test('goes below the base address, with its query and its headers', async () => {
    await request({ query: { page: 2, batch: 'a b&c', left: undefined }, headers: { 'x-more': 'more' } })
    const { method, path, query, headers, body } = lastRequest()
    expect([method, path, [...query]]).toEqual([
      'GET',
      '/base/path',
      [
        ['page', '2'],
        ['batch', 'a b&c'],
      ],
    ])
    expect(headers).toMatchObject({ accept: 'application/json', 'x-api-key': SECRET, 'x-more': 'more' })
    expect(headers).not.toHaveProperty('content-type')
    expect(body).toHaveLength(0)
  })

  test('carries JSON, or a form whose every sign is encoded', async () => {
    await request({ method: 'POST', json: { text: '手' } })
    expect(lastRequest()).toMatchObject({ headers: { 'content-type': 'application/json' }, json: { text: '手' } })
    await request({ method: 'POST', form: { image: 'a+b/c==' } })
    expect(lastRequest().headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(lastRequest().body.toString()).toBe('image=a%2Bb%2Fc%3D%3D')
  })
})

describe('a fault', () => {
  test.each(CALL_FAULTS)('$title is named, and says whether it may have been done', async (one) => {
    const { fault, failed, mayHaveBeenDone, retryAfterMs = null, patienceMs = 8000 } = one
    const errorOf = (changes: Changes) => {
      simulator.fault(fault)
      return providerErrorOf(request({ ...changes, signal: AbortSignal.timeout(patienceMs) }))
    }
    const error = await errorOf({ method: 'POST', json: {} })
    expect(error).toMatchObject({ provider: 'jiayou', retryAfterMs, mayHaveBeenDone })
    expect(error.failure).toMatchObject({ failed, details: { provider: 'jiayou' } })
    expect(everythingIn(error)).not.toContain(SECRET)
    expect((await errorOf({ repeatable: true })).mayHaveBeenDone).toBe(false)
  })

  test('of a server that is not there was surely not done', async () => {
    const gone = await startSimulator(() => ({ json: null }))
    await gone.close()
    const lost = createJsonClient({ provider: 'jiayou', baseUrl: gone.url })
    const error = await providerErrorOf(
      lost.request({ method: 'POST', path: '/', json: {}, schema, signal: AbortSignal.timeout(8000) }),
    )
    expect(error).toMatchObject({ mayHaveBeenDone: false, failure: { failed: 'provider-busy' } })
    await lost.close()
  })

  test.each([
    ['2', 2000],
    ['0', 0],
    ['-5', 0],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['soon', null],
    [undefined, null],
  ])('with Retry-After %s is to be left alone for %s ms', async (retryAfter, retryAfterMs) => {
    simulator.fault({ kind: 'status', status: 429, ...(retryAfter === undefined ? {} : { retryAfter }) })
    expect(await providerErrorOf(request())).toMatchObject({ retryAfterMs })
  })

  test('that points elsewhere is not followed', async () => {
    const elsewhere = await startSimulator(() => ({ json: { good: true } }))
    simulator.fault({ kind: 'redirect', location: elsewhere.url })
    expect((await providerErrorOf(request())).failure.failed).toBe('upstream-unreadable')
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })
})

describe('a reply', () => {
  test('of another status than expected is no good one, be it a good JSON', async () => {
    simulator.fault({ kind: 'status', status: 201, body: '{"good":true}' })
    expect((await providerErrorOf(request())).failure.failed).toBe('provider-failed')
    simulator.fault({ kind: 'status', status: 201, body: '{"good":true}' })
    expect(await request({ status: 201 })).toEqual({ good: true })
  })

  test('that does not fit is named by where it does not, never by what stood there', async () => {
    simulator.fault({ kind: 'rewrite', rewrite: () => ({ good: SECRET }) })
    const error = await providerErrorOf(request())
    expect(error.failure).toMatchObject({
      failed: 'upstream-unreadable',
      details: { detail: expect.stringMatching(/^good: /) },
    })
    expect(everythingIn(error)).not.toContain(SECRET)
  })

  test('with a failure of its own is that failure, whatever its status', async () => {
    const named = failure('upstream-quota', { provider: 'jiayou' })
    const seen: unknown[] = []
    const readFailure: NonNullable<Changes['readFailure']> = (...given) => {
      seen.push(given)
      return named
    }
    expect((await providerErrorOf(request({ readFailure }))).failure).toBe(named)
    simulator.fault({ kind: 'status', status: 500, body: 'no JSON' })
    expect((await providerErrorOf(request({ readFailure }))).failure).toBe(named)
    expect(seen).toEqual([
      [200, { good: true }],
      [500, undefined],
    ])
  })
})

test('a signal that is already aborted sends nothing', async () => {
  const before = simulator.requests.length
  const error = await providerErrorOf(request({ signal: AbortSignal.abort() }))
  expect(error.failure.failed).toBe('provider-timeout')
  expect(simulator.requests).toHaveLength(before)
})
