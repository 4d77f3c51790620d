import { expect, test } from 'vitest'
import { createCheckout, LOOK_EVERY_MS, LOOKS_MAX, type Recharge } from '../../../../shared/pane/points/checkout.ts'
import { createFakeClock } from '../../../excel-addin/fake-clock.ts'

const REFUSAL = { error: { code: 'TC-500', message: 'TC-500 away', retryable: true } }

function recharge(changes: Partial<Recharge> = {}): Recharge {
  return {
    id: 'r1',
    state: 'open',
    cny: 50,
    currency: 'cny',
    points: 2500,
    refundedPoints: 0,
    createdAt: '2026-11-22T12:00:00.000Z',
    paidAt: null,
    ...changes,
  }
}

function openCheckout() {
  const clock = createFakeClock()
  const opened: string[] = []
  const requested: [string, number][] = []
  let ids = 0
  let paid = 0
  let found: Recharge | typeof REFUSAL = recharge()
  let lost = false
  let looks = 0
  const checkout = createCheckout({
    api: {
      async checkout(requestId, cny) {
        requested.push([requestId, cny])
        if (lost) return REFUSAL
        return { recharge: recharge({ cny }), url: 'https://pay.example/1' }
      },
      async recharge() {
        looks++
        return found
      },
    },
    clock,
    newId: () => `id ${++ids}`,
    openWindow: (url) => void opened.push(url),
    onPaid: () => paid++,
  })
  return {
    checkout,
    clock,
    opened,
    requested,
    paid: () => paid,
    looks: () => looks,
    findFromNow: (one: Recharge | typeof REFUSAL) => void (found = one),
    lose: (isLost: boolean) => void (lost = isLost),
  }
}

test('pressed twice at once, one recharge and one page are opened', async () => {
  const { checkout, requested, opened } = openCheckout()
  await Promise.all([checkout.open(50), checkout.open(50)])
  expect(requested).toEqual([['id 1', 50]])
  expect(opened).toEqual(['https://pay.example/1'])
})

test('after a lost reply the same amount is asked for under the same id, another amount under another', async () => {
  const { checkout, requested, lose } = openCheckout()
  lose(true)
  await checkout.open(50)
  expect(checkout.state.get()).toMatchObject({ kind: 'refused', error: { code: 'TC-500' } })
  lose(false)
  await checkout.open(50)
  await checkout.open(10)
  expect(requested.map(([id]) => id)).toEqual(['id 1', 'id 1', 'id 2'])
})

test('a payment is noticed by itself, once, and the next recharge is another', async () => {
  const { checkout, clock, paid, findFromNow, requested } = openCheckout()
  await checkout.open(50)
  await clock.advance(LOOK_EVERY_MS)
  expect(checkout.state.get().kind).toBe('open')
  findFromNow(recharge({ state: 'paid' }))
  await clock.advance(3 * LOOK_EVERY_MS)
  expect(checkout.state.get()).toMatchObject({ kind: 'ended', recharge: { state: 'paid' } })
  expect(paid()).toBe(1)
  await checkout.open(50)
  expect(requested.map(([id]) => id)).toEqual(['id 1', 'id 2'])
})

test('an expired or failed payment ends the wait and credits nothing', async () => {
  const { checkout, clock, paid, findFromNow } = openCheckout()
  await checkout.open(50)
  findFromNow(recharge({ state: 'expired' }))
  await clock.advance(LOOK_EVERY_MS)
  expect(checkout.state.get()).toMatchObject({ kind: 'ended', recharge: { state: 'expired' } })
  expect(paid()).toBe(0)
})

test('a proxy that is away does not end the wait', async () => {
  const { checkout, clock, findFromNow, paid } = openCheckout()
  await checkout.open(50)
  findFromNow(REFUSAL)
  await clock.advance(2 * LOOK_EVERY_MS)
  findFromNow(recharge({ state: 'paid' }))
  await clock.advance(LOOK_EVERY_MS)
  expect(paid()).toBe(1)
})

test('it stops looking after a quarter of an hour, and goes on when a person comes back', async () => {
  const { checkout, clock, looks, findFromNow, paid } = openCheckout()
  await checkout.open(50)
  await clock.advance((LOOKS_MAX + 10) * LOOK_EVERY_MS)
  expect(looks()).toBe(LOOKS_MAX)
  expect(checkout.state.get()).toMatchObject({ kind: 'open', isWatched: false })
  await checkout.look()
  expect(checkout.state.get()).toMatchObject({ kind: 'open', isWatched: true })
  findFromNow(recharge({ state: 'paid' }))
  await checkout.look()
  expect(paid()).toBe(1)
  expect(clock.waiting).toBe(0)
})

test('a closed pane looks no more', async () => {
  const { checkout, clock, looks } = openCheckout()
  await checkout.open(50)
  checkout.close()
  await clock.advance(10 * LOOK_EVERY_MS)
  expect(looks()).toBe(0)
})
