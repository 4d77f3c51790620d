import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listDisputes, moneyOf } from '../../../proxy/recharge/disputes.ts'
import { openRechargeHouse, type Opened, type RechargeHouse } from '../../hosts/recharge-house.ts'
import { ENGINES } from '../../hosts/test-database.ts'
import type { StripeEvent } from '../../upstreams/stripe.ts'

describe.each(ENGINES)('on %s', (engine) => {
  let open: RechargeHouse
  let paid: Opened
  beforeEach(async () => {
    open = await openRechargeHouse(engine)
    paid = await open.checkout(10)
    await open.deliver(open.stripe.pay(paid.session))
  })
  afterEach(async () => {
    expect(await open.house.ledger.verify()).toEqual([])
    await open.close()
  })

  const disputes = (workspaceId?: string) => listDisputes(open.house.database, { workspaceId, limit: 100 })
  /** How they ended, and where the money is. */
  const standing = async () => (await disputes()).map((one) => [one.state, moneyOf(one)])
  const warnings = () => open.house.logged.filter(({ message }) => message.includes('is disputed'))
  /** One event after the other happens, a second apart. */
  function happen(...deeds: [deed: string, status: string][]): StripeEvent[] {
    return deeds.map(([deed, status]) => {
      open.house.clock.advance(1000)
      return open.stripe.dispute(paid.session, deed, { status })
    })
  }
  const LOST: [string, string][] = [
    ['created', 'needs_response'],
    ['funds_withdrawn', 'needs_response'],
    ['closed', 'lost'],
  ]
  const WON: [string, string][] = [
    ['created', 'needs_response'],
    ['funds_withdrawn', 'needs_response'],
    ['funds_reinstated', 'won'],
    ['closed', 'won'],
  ]

  test('a dispute is written down beside its recharge, said once, and moves no points', async () => {
    const [created] = happen(['created', 'needs_response'])
    expect(await open.deliver(created!)).toBe(204)
    const { workspaceId } = open.house.askers[0]
    expect(await disputes(workspaceId)).toMatchObject([
      {
        service: 'stripe',
        rechargeId: paid.recharge.id,
        state: 'open',
        amount: 1000,
        currency: 'CNY',
        reason: 'fraudulent',
        openedAt: open.house.clock.now(),
        points: 500,
        correctedPoints: null,
      },
    ])
    expect(await disputes(open.house.askers[1].workspaceId)).toEqual([])
    expect(await open.house.database.all('SELECT disputed_at AS at FROM recharge')).toEqual([
      { at: open.house.clock.now() },
    ])
    expect(await open.audited('recharge.dispute')).toMatchObject([
      { workspaceId, actor: 'stripe', detail: { recharge: paid.recharge.id, state: 'open', money: 'untouched' } },
    ])
    expect(warnings()).toMatchObject([{ level: 'warn', details: { recharge: paid.recharge.id, state: 'open' } }])
    expect(await open.house.balance()).toBe(500)
    expect(await open.read(paid.recharge.id)).toMatchObject({ state: 'paid', refundedPoints: 0 })
  })

  test('told 20 times at once, by one event and by others of the same, it is one', async () => {
    const [created] = happen(['created', 'needs_response'])
    const told = Array.from({ length: 20 }, (_, at) => ({ ...created!, id: `${created!.id}-${at % 10}` }))
    expect(await Promise.all(told.map((event) => open.deliver(event)))).toEqual(told.map(() => 204))
    expect(await disputes()).toHaveLength(1)
    expect(await open.audited('recharge.dispute')).toHaveLength(1)
    expect(warnings()).toHaveLength(1)
  })

  test.each([
    ['lost', LOST, ['lost', 'withdrawn']],
    ['won', WON, ['won', 'reinstated']],
  ] as const)('in whatever order its course is told, one that is %s ends as it ended', async (_, deeds, end) => {
    for (const order of ordersOf(happen(...deeds))) {
      await open.house.database.run('DELETE FROM dispute')
      await open.house.database.run('DELETE FROM inbox')
      for (const event of order) expect(await open.deliver(event)).toBe(204)
      expect(await standing(), order.map(({ type }) => type).join()).toEqual([end])
    }
    expect(await open.house.balance()).toBe(500)
  })

  test('all of its course within one second ends as it ended, in whatever order it is told', async () => {
    const events = LOST.map(([deed, status]) => open.stripe.dispute(paid.session, deed, { status }))
    for (const order of ordersOf(events)) {
      await open.house.database.run('DELETE FROM dispute')
      await open.house.database.run('DELETE FROM inbox')
      for (const event of order) await open.deliver(event)
      expect(await standing()).toEqual([['lost', 'withdrawn']])
    }
  })

  test('a lost one that is appealed is open again, and may be won', async () => {
    for (const event of happen(...LOST)) await open.deliver(event)
    const [appealed, won] = happen(['updated', 'appeal_under_review'], ['funds_reinstated', 'won'])
    await open.deliver(appealed!)
    expect(await standing()).toEqual([['open', 'withdrawn']])
    await open.deliver(won!)
    expect(await standing()).toEqual([['won', 'reinstated']])
  })

  test.each([
    ['warning_under_review', 'open'],
    ['warning_closed', 'dropped'],
    ['prevented', 'dropped'],
    ['heard_of_next_year', 'open'],
  ])('the state %s is %s', async (status, state) => {
    await open.deliver(open.stripe.dispute(paid.session, 'updated', { status }))
    expect(await standing()).toEqual([[state, 'untouched']])
  })

  test('news that changes nothing is not said again', async () => {
    for (const event of happen(['created', 'needs_response'], ['updated', 'under_review'])) await open.deliver(event)
    expect(await open.audited('recharge.dispute')).toHaveLength(1)
    expect(warnings()).toHaveLength(1)
  })

  test('two of one payment are two, each for the amount and currency that its bank says', async () => {
    await open.deliver(open.stripe.dispute(paid.session, 'created', { ref: 'dp_one', amount: 400 }))
    await open.deliver(open.stripe.dispute(paid.session, 'created', { ref: 'dp_two', amount: 55, currency: 'eur' }))
    expect(await disputes()).toMatchObject([
      { ref: 'dp_one', amount: 400, currency: 'CNY' },
      { ref: 'dp_two', amount: 55, currency: 'EUR' },
    ])
  })

  test('a correction under its number is shown with it', async () => {
    await open.deliver(open.stripe.dispute(paid.session, 'created', { ref: 'dp_one' }))
    const { workspaceId } = open.house.askers[0]
    await open.house.database.transaction((tx) =>
      open.house.ledger.adjustIn(tx, { workspaceId, ref: 'dp_one', points: -300 }),
    )
    expect(await disputes()).toMatchObject([{ ref: 'dp_one', points: 500, correctedPoints: -300 }])
  })

  describe('of a payment that nobody told us of', () => {
    let untold: Opened
    beforeEach(async () => {
      untold = await open.checkout(20)
      open.stripe.pay(untold.session)
    })

    test('the payment is asked for first, and credited', async () => {
      expect(await open.deliver(open.stripe.dispute(untold.session, 'created'))).toBe(204)
      expect(await disputes()).toMatchObject([{ rechargeId: untold.recharge.id, amount: 2000 }])
      expect(await open.house.balance()).toBe(1500)
    })

    test('while Stripe is down it is to be told again, and counts then', async () => {
      const event = open.stripe.dispute(untold.session, 'created')
      open.stripe.faultAlways({ kind: 'reset' })
      expect(await open.deliver(event)).toBe(502)
      expect(await disputes()).toEqual([])
      open.stripe.faultAlways(null)
      expect(await open.deliver(event)).toBe(204)
      expect(await disputes()).toHaveLength(1)
    })
  })

  test.each([
    ['another shop’s', { payment_intent: 'pi_of_another_shop' }, 'payment'],
    ['no payment of ours', { payment_intent: null }, null],
  ] as const)('of %s is heard, and nothing is done', async (_, changes, reason) => {
    const event = open.stripe.dispute(paid.session, 'created')
    expect(await open.deliver({ ...event, data: { object: { ...event.data.object, ...changes } } })).toBe(204)
    expect(await disputes()).toEqual([])
    const refused = await open.audited('recharge.refused')
    expect(refused.map(({ detail }) => detail.reason)).toEqual(reason === null ? [] : [reason])
  })

  test('metrics count recharges by how far they came, and what is for the operator to see', async () => {
    const { stripe, house } = open
    const metrics = async () =>
      (await (await open.proxy.get('/metrics')).text())
        .split('\n')
        .filter((line) => /^tariffcell_(recharges|payment_events|disputes)/.test(line))
    const numbers = (to: Record<string, number>, refused: number, openDisputes: number) => [
      ...Object.entries(to).map(([name, count]) => `tariffcell_recharges{to="${name}"} ${count}`),
      `tariffcell_payment_events_refused ${refused}`,
      `tariffcell_disputes_open ${openDisputes}`,
    ]
    expect(await metrics()).toEqual(numbers({ started: 1, paid: 1, refunded: 0, disputed: 0 }, 0, 0))
    const [other] = [await open.checkout(20), await open.checkout(30)]
    await open.deliver(stripe.pay(other.session))
    for (const event of stripe.refund(other.session, 1000)) await open.deliver(event)
    const event = stripe.dispute(paid.session, 'created')
    await open.deliver(event)
    const foreign = { ...event, id: 'evt_foreign', data: { object: { ...event.data.object, payment_intent: 'pi_x' } } }
    for (let times = 0; times < 2; times++) await open.deliver(foreign)
    expect(await metrics()).toEqual(numbers({ started: 3, paid: 2, refunded: 1, disputed: 1 }, 1, 1))
    house.clock.advance(1000)
    await open.deliver(stripe.dispute(paid.session, 'closed', { status: 'won' }))
    expect(await metrics()).toEqual(numbers({ started: 3, paid: 2, refunded: 1, disputed: 1 }, 1, 0))
  })

  test('whose object is not as Stripe has it is a fault of ours, to be told again', async () => {
    const event = open.stripe.dispute(paid.session, 'created')
    expect(await open.deliver({ ...event, data: { object: { ...event.data.object, amount: 'much' } } })).toBe(500)
    expect(await open.deliver(event)).toBe(204)
    expect(await disputes()).toHaveLength(1)
  })
})

/** Every order of some events. */
function ordersOf(events: readonly StripeEvent[]): StripeEvent[][] {
  if (events.length < 2) return [[...events]]
  return events.flatMap((first, at) => ordersOf(events.toSpliced(at, 1)).map((rest) => [first, ...rest]))
}
