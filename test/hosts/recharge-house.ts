/** A proxy that takes money through a simulated Stripe, with two workspaces. */
import { expect } from 'vitest'
import type { PaymentService } from '../../proxy/recharge/payment-service.ts'
import type { z } from 'zod/mini'
import type { recharge } from '../../shared/recharge-protocol.ts'
import { connectStripe, startStripe, type StripeEvent, type StripeSimulator } from '../upstreams/stripe.ts'
import type { Engine } from './test-database.ts'
import { openTestHouse, type TestHouse } from './test-house.ts'
import { startTestProxy, type TestProxy } from './test-proxy.ts'

export type PrintedRecharge = z.infer<typeof recharge>

export interface Opened {
  recharge: PrintedRecharge
  url: string
  /** The session at Stripe. */
  session: string
}

export interface RechargeHouse {
  house: TestHouse
  proxy: TestProxy
  stripe: StripeSimulator
  services: readonly PaymentService[]
  /** Where Stripe sends its events. */
  webhook: string
  as(token: string): Record<string, string>
  checkout(cny?: number, requestId?: string, token?: string): Promise<Opened>
  read(id: string, token?: string): Promise<PrintedRecharge>
  deliver(event: StripeEvent): Promise<number>
  /** Actions written down of a kind, oldest first. */
  audited(action: string): Promise<{ workspaceId: string; actor: string; detail: Record<string, unknown> }[]>
  /** Takes so many points off the first workspace, as cells do. */
  spend(points: number): Promise<void>
  close(): Promise<void>
}

export async function openRechargeHouse(engine: Engine): Promise<RechargeHouse> {
  let stripe!: StripeSimulator
  let services: readonly PaymentService[] = []
  const house = await openTestHouse({
    providers: [],
    engine,
    async paymentServices(now) {
      stripe = await startStripe(now)
      services = [await connectStripe(stripe, { now })]
      return services
    },
  })
  const proxy = await startTestProxy(house)
  const webhook = `${proxy.url}/v1/webhooks/stripe`
  const as = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` })
  let requests = 0
  return {
    house,
    proxy,
    stripe,
    services,
    webhook,
    as,
    async checkout(cny = 10, requestId = `request ${++requests}`, token = house.ownerTokens[0]) {
      const response = await proxy.post('/v1/points/checkout', { requestId, cny }, as(token))
      expect(response.status).toBe(200)
      const opened = (await response.json()) as Opened
      return { ...opened, session: opened.url?.split('/').at(-1) ?? '' }
    },
    async read(id, token = house.ownerTokens[0]) {
      const response = await proxy.get(`/v1/points/recharges/${id}`, as(token))
      expect(response.status).toBe(200)
      return (await response.json()) as PrintedRecharge
    },
    deliver: (event) => stripe.deliver(webhook, event),
    async audited(action) {
      const entries = await house.audit.list({ limit: 1000 })
      return entries.filter((entry) => entry.action === action).reverse()
    },
    async spend(points) {
      const [{ workspaceId, seatId }] = house.askers
      const held = await house.ledger.hold({ workspaceId, seatId, dailyCapPoints: null, points, ttlMs: 1000 })
      if ('failed' in held) throw new Error(held.failed)
      await house.ledger.settle(held, points, async () => {})
    },
    async close() {
      await proxy.close()
      await house.close()
      await stripe.close()
    },
  }
}
