import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Reply } from '../../../proxy/providers/provider.ts'
import { JIAYOU_JWT, JIAYOU_KEY, JIAYOU_SECRET } from '../../upstreams/jiayou.ts'
import { startSimulator, type Fault } from '../../upstreams/simulator.ts'
import { classifyInquiry, openJiayouHouse, type JiayouHouse } from './jiayou-house.ts'

const PATIENT = new AbortController().signal

let house: JiayouHouse
beforeEach(async () => {
  house = await openJiayouHouse()
})
afterEach(() => house.close())

function ask(signal = PATIENT): Promise<Map<string, Reply>> {
  return house.connected.provider.ask([classifyInquiry('Cotton T-shirts')], signal)
}

describe('calls that fail', () => {
  const SHORT_MS = 300
  const short = (): AbortSignal => AbortSignal.timeout(SHORT_MS)
  const refusal = (message: string): string => JSON.stringify({ code: -1, message, data: [] })

  test.each<[string, Fault, string, { done: boolean; retryAfterMs?: number }]>([
    ['401', { kind: 'status', status: 401 }, 'upstream-key-refused', { done: false }],
    ['400', { kind: 'status', status: 400 }, 'provider-failed', { done: false }],
    ['405', { kind: 'status', status: 405 }, 'provider-failed', { done: false }],
    ['402', { kind: 'status', status: 402, body: '' }, 'upstream-no-points', { done: false }],
    ['429', { kind: 'status', status: 429, retryAfter: '7' }, 'provider-busy', { done: false, retryAfterMs: 7000 }],
    ['500', { kind: 'status', status: 500 }, 'provider-busy', { done: true }],
    ['200 with code -1', { kind: 'status', status: 200 }, 'provider-failed', { done: true }],
    [
      '200 with code -1 for lack of points',
      { kind: 'status', status: 200, body: refusal('积分不足') },
      'upstream-no-points',
      { done: true },
    ],
    [
      '402 for lack of points',
      { kind: 'status', status: 402, body: refusal('insufficient points') },
      'upstream-no-points',
      { done: false },
    ],
    [
      '500 for lack of points',
      { kind: 'status', status: 500, body: refusal('余额不足') },
      'upstream-no-points',
      { done: true },
    ],
    ['a reset', { kind: 'reset' }, 'provider-busy', { done: true }],
    ['a reset after the deed', { kind: 'reset-after' }, 'provider-busy', { done: true }],
    ['silence', { kind: 'timeout' }, 'provider-timeout', { done: true }],
    ['silence after the deed', { kind: 'timeout-after' }, 'provider-timeout', { done: true }],
    ['a slow drip', { kind: 'drip', bytesPerSecond: 20 }, 'provider-timeout', { done: true }],
    ['half of a reply', { kind: 'truncated' }, 'upstream-unreadable', { done: true }],
    ['a web page', { kind: 'html' }, 'upstream-unreadable', { done: true }],
    ['a reply without an envelope', { kind: 'rewrite', rewrite: () => [] }, 'upstream-unreadable', { done: true }],
    [
      'results that are no list',
      { kind: 'rewrite', rewrite: () => ({ code: 0, data: { results: {} } }) },
      'upstream-unreadable',
      { done: true },
    ],
  ])('%s is named, and tells no credential', async (_, fault, name, { done, retryAfterMs = null }) => {
    house.simulator.fault(fault)
    const signal = name === 'provider-timeout' ? short() : PATIENT
    const error = await house.fails(ask(signal))
    expect(error.failure.failed).toBe(name)
    expect(error.failure.details.provider).toBe('jiayou')
    expect(error.mayHaveBeenDone).toBe(done)
    expect(error.retryAfterMs).toBe(retryAfterMs)
    expect(house.usages).toEqual([])
    expectNoCredential()
    // Whatever it was, the next call is good again.
    expect([...(await ask()).values()]).toMatchObject([{ candidates: [{ code: '6109100012' }] }])
  })

  test('a reply without end is cut off', async () => {
    house.simulator.fault({ kind: 'huge', bytes: 5_000_000 })
    const error = await house.fails(ask())
    expect(error.failure.failed).toBe('upstream-unreadable')
  })

  test('a redirect is not followed, and its target learns nothing', async () => {
    const target = await startSimulator(() => ({ json: { code: 0 } }))
    house.simulator.fault({ kind: 'redirect', location: `${target.url}/api/api/batch-query` })
    const error = await house.fails(ask())
    expect(error.failure.failed).toBe('upstream-unreadable')
    expect(target.requests).toEqual([])
    expectNoCredential()
    await target.close()
  })

  test.each([200, 402] as const)('an empty account refused with %i is told as such', async (shortageStatus) => {
    const poor = await openJiayouHouse({ balance: 1, shortageStatus })
    const error = await poor.fails(
      poor.connected.provider.ask([classifyInquiry('Mug'), classifyInquiry('Jug')], PATIENT),
    )
    expect(error.failure.failed).toBe('upstream-no-points')
    expect(poor.simulator.pointsCharged).toBe(0)
    await poor.close()
  })

  function expectNoCredential(): void {
    expect(house.said.length).toBeGreaterThan(0)
    const said = house.said.join('\n')
    for (const secret of [JIAYOU_KEY, JIAYOU_SECRET, JIAYOU_JWT]) expect(said).not.toContain(secret)
  }
})
