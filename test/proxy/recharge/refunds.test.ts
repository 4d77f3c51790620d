import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRefunds, type Refunds } from '../../../proxy/recharge/refunds.ts'
import { openRechargeHouse, type Opened, type RechargeHouse } from '../../hosts/recharge-house.ts'
import { ENGINES, testIds } from '../../hosts/test-database.ts'

describe.each(ENGINES)('on %s', (engine) => {
  let open: RechargeHouse
  let refunds: Refunds
  let paid: Opened
  beforeEach(async () => {
    open = await openRechargeHouse(engine)
    const { house, services } = open
    refunds = createRefunds({
      ...house,
      now: house.clock.now,
      newId: testIds('refund'),
      log: house.answer.log,
      services,
    })
    paid = await open.checkout(10)
    await open.deliver(open.stripe.pay(paid.session))
  })
  afterEach(async () => {
    expect(await open.house.ledger.verify()).toEqual([])
    await open.close()
  })

  /** What Stripe tells of everything so far, all at once and twice. */
  async function tellAll(): Promise<void> {
    await Promise.all([...open.stripe.events, ...open.stripe.events].map((event) => open.deliver(event)))
  }

  test('all that is unspent goes back, once: the same call again and what Stripe tells of it change nothing', async () => {
    await open.spend(100)
    expect(await refunds.giveBack(paid.recharge.id)).toMatchObject({ points: 400, fen: 800, isByHand: false })
    expect(await refunds.giveBack(paid.recharge.id)).toMatchObject({ points: 0, fen: 0 })
    await tellAll()
    expect(open.stripe.refundedFen(paid.session)).toBe(800)
    expect(await open.house.balance()).toBe(0)
    expect(await open.read(paid.recharge.id)).toMatchObject({ state: 'paid', refundedPoints: 400 })
  })

  test('a number of points is how many have gone back in all, so that the same call again does nothing', async () => {
    expect(await refunds.giveBack(paid.recharge.id, 100)).toMatchObject({ points: 100, fen: 200 })
    expect(await refunds.giveBack(paid.recharge.id, 100)).toMatchObject({ points: 0 })
    expect(await refunds.giveBack(paid.recharge.id, 150)).toMatchObject({ points: 50, fen: 100 })
    expect(await refunds.giveBack(paid.recharge.id)).toMatchObject({ points: 350, fen: 700 })
    await tellAll()
    expect(open.stripe.refundedFen(paid.session)).toBe(1000)
    expect(await open.read(paid.recharge.id)).toMatchObject({ state: 'refunded', refundedPoints: 500 })
    expect(await open.house.balance()).toBe(0)
  })

  test('asked for 20 times at once goes back once', async () => {
    await Promise.allSettled(Array.from({ length: 20 }, () => refunds.giveBack(paid.recharge.id, 300)))
    await refunds.giveBack(paid.recharge.id, 300)
    expect(open.stripe.refundedFen(paid.session)).toBe(600)
    expect(await open.house.balance()).toBe(200)
  })

  test('what goes back here and at the dashboard is counted together', async () => {
    await refunds.giveBack(paid.recharge.id, 100)
    open.stripe.refund(paid.session, 300)
    await tellAll()
    expect(await open.house.balance()).toBe(250)
    expect(await open.read(paid.recharge.id)).toMatchObject({ refundedPoints: 250 })
  })

  test('a lost reply is finished by the next call, and gives nothing twice', async () => {
    open.stripe.faultAlways((request) => (request.method === 'POST' ? { kind: 'reset-after' } : null))
    expect(await refunds.giveBack(paid.recharge.id, 200)).toMatchObject({ failed: 'payment-unreachable' })
    expect(await open.house.balance()).toBe(300)
    open.stripe.faultAlways(null)
    // Days later Stripe knows the idempotency key no more: the refund is looked for.
    open.stripe.forgetKeys()
    expect(await refunds.giveBack(paid.recharge.id, 200)).toMatchObject({ points: 200, fen: 400 })
    await tellAll()
    expect(open.stripe.refundedFen(paid.session)).toBe(400)
    expect(await open.house.balance()).toBe(300)
  })

  test('while Stripe is down the points are kept from being spent, and the next call sends the money', async () => {
    open.stripe.faultAlways({ kind: 'reset' })
    expect(await refunds.giveBack(paid.recharge.id)).toMatchObject({ failed: 'payment-unreachable' })
    expect(await open.house.balance()).toBe(0)
    open.stripe.faultAlways(null)
    expect(await refunds.giveBack(paid.recharge.id)).toMatchObject({ points: 500 })
    expect(open.stripe.refundedFen(paid.session)).toBe(1000)
  })

  test('where Stripe says no the points return', async () => {
    open.stripe.faultAlways((request) =>
      request.method === 'POST'
        ? { kind: 'status', status: 400, body: '{"error":{"type":"invalid_request_error"}}' }
        : null,
    )
    expect(await refunds.giveBack(paid.recharge.id)).toMatchObject({ failed: 'payment-unreachable' })
    expect(await open.house.balance()).toBe(500)
    expect(await open.read(paid.recharge.id)).toMatchObject({ state: 'paid', refundedPoints: 0 })
    open.stripe.faultAlways(null)
    expect(await refunds.giveBack(paid.recharge.id)).toMatchObject({ points: 500 })
  })

  test('where Stripe says no because it all went back at the dashboard, the points go as well', async () => {
    const events = open.stripe.refund(paid.session, 1000)
    expect(await refunds.giveBack(paid.recharge.id)).toMatchObject({ failed: 'payment-unreachable' })
    for (const event of events) await open.deliver(event)
    expect(await open.house.balance()).toBe(0)
    expect(await open.read(paid.recharge.id)).toMatchObject({ state: 'refunded', refundedPoints: 500 })
  })

  test('of a recharge that is not paid, or unknown, is refused; so is one whose service is not set up', async () => {
    const unpaid = await open.checkout(10)
    for (const id of [unpaid.recharge.id, 'unknown']) {
      expect(await refunds.giveBack(id)).toMatchObject({ failed: 'recharge-unknown' })
    }
    const { house } = open
    const without = createRefunds({
      ...house,
      now: house.clock.now,
      newId: testIds(),
      log: house.answer.log,
      services: [],
    })
    expect(await without.giveBack(paid.recharge.id)).toMatchObject({ failed: 'checkout-unavailable' })
    expect(await house.balance()).toBe(500)
  })
})
