/** The contract, shown by a second service: one that counts in its own way, knows no metadata and cannot give money back. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PaymentService, PaymentStatus } from '../../../proxy/recharge/payment-service.ts'
import { createRefunds } from '../../../proxy/recharge/refunds.ts'
import { failure } from '../../../shared/error-codes.ts'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'
import { testIds } from '../../hosts/test-database.ts'

const SECRET = 'secret of the counter'

interface Order {
  state: PaymentStatus['state']
  fen: number
}

/** Answers a payment by a form with a signature, as Alipay does. */
function createCounter(orders: Map<string, Order>): PaymentService {
  const statusOf = (ref: string): PaymentStatus => {
    const { state, fen } = orders.get(ref)!
    return { ref, rechargeId: null, state, fen, currency: 'CNY', paymentRef: `trade-${ref}`, refundedFen: 0 }
  }
  return {
    name: 'counter',
    async createCheckout({ rechargeId, fen }) {
      const ref = `order-${rechargeId}`
      orders.set(ref, { state: 'open', fen })
      return { ref, url: `https://counter.test/${ref}` }
    },
    async fetchStatus(ref) {
      return orders.has(ref) ? statusOf(ref) : failure('payment-unreachable')
    },
    readEvent(rawBody) {
      const form = new URLSearchParams(Buffer.from(rawBody).toString())
      const order = form.get('order') ?? ''
      const [given, wanted] = [Buffer.from(form.get('sign') ?? ''), Buffer.from(sign(order))]
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return failure('bad-signature')
      return { id: `paid ${order}`, kind: 'checkout', status: { ...statusOf(order), state: 'paid' } }
    },
  }
}

function sign(order: string): string {
  return createHmac('sha256', SECRET).update(order).digest('hex')
}

let house: TestHouse
let proxy: TestProxy
let orders: Map<string, Order>
let service: PaymentService
beforeEach(async () => {
  orders = new Map()
  service = createCounter(orders)
  house = await openTestHouse({ providers: [], paymentServices: async () => [service] })
  proxy = await startTestProxy(house)
})
afterEach(async () => {
  expect(await house.ledger.verify()).toEqual([])
  await proxy.close()
  await house.close()
})

async function openOrder(): Promise<{ id: string; ref: string }> {
  const response = await proxy.post('/v1/points/checkout', { requestId: 'r', cny: 10 })
  const { recharge, url } = (await response.json()) as { recharge: { id: string }; url: string }
  return { id: recharge.id, ref: url.split('/').at(-1)! }
}
function tell(order: string, signature: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  return proxy.post('/v1/webhooks/counter', new URLSearchParams({ order, sign: signature }).toString(), headers)
}

describe('another payment service', () => {
  test('takes money through the same routes, webhook and ledger', async () => {
    const { id, ref } = await openOrder()
    expect((await tell(ref, sign('another'))).status).toBe(401)
    expect(await house.balance()).toBe(0)
    expect((await tell(ref, sign(ref))).status).toBe(204)
    expect((await tell(ref, sign(ref))).status).toBe(204)
    expect(await house.balance()).toBe(500)
    const [entry] = await house.ledger.entries(house.askers[0].workspaceId, { before: null, limit: 9 })
    expect(entry).toMatchObject({ kind: 'recharge', ref: `counter:${ref}` })
    expect(await (await proxy.get(`/v1/points/recharges/${id}`)).json()).toMatchObject({ state: 'paid' })
  })

  test('is asked how a payment stands, as Stripe is', async () => {
    const { id, ref } = await openOrder()
    orders.set(ref, { state: 'paid', fen: 1000 })
    expect(await (await proxy.get(`/v1/points/recharges/${id}`)).json()).toMatchObject({ state: 'paid', points: 500 })
  })

  test('that took another amount is not believed', async () => {
    const { ref } = await openOrder()
    orders.set(ref, { state: 'open', fen: 999 })
    expect((await tell(ref, sign(ref))).status).toBe(204)
    expect(await house.balance()).toBe(0)
  })

  test('that cannot give money back leaves that to the operator; the points go all the same', async () => {
    const { id, ref } = await openOrder()
    await tell(ref, sign(ref))
    const refunds = createRefunds({
      ...house,
      now: house.clock.now,
      newId: testIds('refund'),
      log: house.answer.log,
      services: [service],
    })
    expect(await refunds.giveBack(id, 200)).toMatchObject({ points: 200, fen: 400, isByHand: true })
    expect(await house.balance()).toBe(300)
  })

  test('leaves the webhook of one that is not set up to say so', async () => {
    expect((await proxy.post('/v1/webhooks/stripe', '{}', {})).status).toBe(409)
  })
})
