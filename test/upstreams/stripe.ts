/**
 * Stripe as this proxy uses it: checkout sessions, refunds and signed events, with idempotency keys that replay what was said first.
 * Source: docs.stripe.com/api, version 2026-10-28.endive. Money moves by the methods below, as a payer or the dashboard would do it.
 */
import { createHmac } from 'node:crypto'
import type { PaymentService } from '../../proxy/recharge/payment-service.ts'
import { createStripe } from '../../proxy/recharge/stripe/stripe.ts'
import { startSimulator, type SimulatedReply, type SimulatedRequest, type Simulator } from './simulator.ts'

export const STRIPE_KEY = 'sk_test_51SimulatedSecretKey0000'
export const STRIPE_WEBHOOK_SECRET = 'whsec_simulatedWebhookSecret0000'

export interface StripeSession {
  id: string
  object: 'checkout.session'
  status: 'open' | 'complete' | 'expired'
  payment_status: 'paid' | 'unpaid'
  amount_total: number
  currency: string
  metadata: Record<string, string>
  client_reference_id: string | null
  payment_intent: string | null
  url: string | null
  success_url: string
  cancel_url: string
}

export interface StripeEvent {
  id: string
  object: 'event'
  type: string
  /** Seconds since 1970. */
  created?: number
  account?: string
  data: { object: Record<string, unknown> }
}

interface Payment {
  id: string
  status: 'processing' | 'succeeded' | 'requires_payment_method'
  amount: number
  currency: string
  metadata: Record<string, string>
  refunds: { id: string; amount: number; status: string; metadata: Record<string, string> }[]
}

export interface Disputed {
  /** One of them, where a payment has several. */
  ref?: string
  status?: string
  amount?: number
  currency?: string
}

export interface Delivery {
  /** Tampered with on the way. */
  body?: string
  secret?: string
  /** When it was signed; now, when left out. */
  at?: number
  signature?: string | null
}

export interface StripeSimulator extends Simulator {
  sessions: Map<string, StripeSession>
  /** In the order they happened. */
  events: StripeEvent[]
  /** Does the next deeds, and answers 500: as the idempotency layer has it, also when they are asked for again. */
  breakAfter(times: number): void
  /** Idempotency keys are forgotten after a day. */
  forgetKeys(): void
  /** Before the reply to a new session goes out. */
  onSession: ((session: StripeSession) => Promise<void>) | null
  pay(sessionId: string): StripeEvent
  /** By Alipay or WeChat Pay: completed, and paid later or not. */
  payLater(sessionId: string): StripeEvent
  succeed(sessionId: string): StripeEvent
  fail(sessionId: string): StripeEvent
  expire(sessionId: string): StripeEvent
  /** At the dashboard. @returns its events, in Stripe's own order. */
  refund(sessionId: string, fen: number): StripeEvent[]
  refundedFen(sessionId: string): number
  /** By the payer's bank. @param deed as in the type of its event, such as `created`. */
  dispute(sessionId: string, deed: string, changes?: Disputed): StripeEvent
  /** @returns the call that tells of it. */
  sign(event: StripeEvent, changes?: Delivery): { body: string; headers: Record<string, string> }
  /** @returns the status of the reply. */
  deliver(url: string, event: StripeEvent, changes?: Delivery): Promise<number>
  /** As Stripe does: again until it is heard. @returns the statuses of the replies. */
  deliverUntilHeard(url: string, event: StripeEvent, attemptsMax?: number): Promise<number[]>
}

export async function startStripe(now: () => number): Promise<StripeSimulator> {
  const sessions = new Map<string, StripeSession>()
  const payments = new Map<string, Payment>()
  // Of the payment to come: its metadata are given apart from the session's.
  const paymentMetadata = new Map<string, Record<string, string>>()
  const replies = new Map<string, { body: string; reply: SimulatedReply }>()
  const events: StripeEvent[] = []
  // Number and when it was opened.
  const disputes = new Map<string, number>()
  let count = 0
  let broken = 0
  const next = (prefix: string): string => `${prefix}_test_${String(++count).padStart(24, '0')}`

  const sessionOf = (id: string): StripeSession => {
    const session = sessions.get(id)
    if (!session) throw new Error(`no session ${id}`)
    return session
  }
  const paymentOf = (id: string): Payment => payments.get(sessionOf(id).payment_intent ?? '')!

  const emit = (type: string, object: object): StripeEvent => {
    // A snapshot: what happens later does not change what was told.
    const event: StripeEvent = {
      id: next('evt'),
      object: 'event',
      type,
      created: Math.floor(now() / 1000),
      data: { object: structuredClone(object) as never },
    }
    events.push(event)
    return event
  }

  const answer = async (request: SimulatedRequest): Promise<SimulatedReply> => {
    if (request.headers.authorization !== `Bearer ${STRIPE_KEY}`) {
      return refusal(401, { message: `Invalid API Key provided: ${String(request.headers.authorization).slice(-4)}` })
    }
    const key = request.headers['idempotency-key']
    if (request.method !== 'POST' || typeof key !== 'string') return route(request)
    const body = request.body.toString()
    const before = replies.get(key)
    if (before && before.body !== body) {
      return refusal(400, { type: 'idempotency_error', message: 'Keys for idempotent requests can only be used once.' })
    }
    if (before) return before.reply
    const done = await route(request)
    const reply = broken > 0 ? serverError() : done
    broken = Math.max(0, broken - 1)
    replies.set(key, { body, reply })
    return reply
  }

  const route = async (request: SimulatedRequest): Promise<SimulatedReply> => {
    const [, , , , sessionId] = request.path.split('/')
    if (request.method === 'POST' && request.path === '/v1/checkout/sessions') return createSession(formOf(request))
    if (request.method === 'POST' && request.path === '/v1/refunds') return createRefund(formOf(request))
    if (request.path === '/v1/refunds') {
      const payment = payments.get(request.query.get('payment_intent') ?? '')
      return { json: { object: 'list', has_more: false, data: payment?.refunds.map(printRefund(payment)) ?? [] } }
    }
    const paid = /^\/v1\/payment_intents\/(\w+)$/.exec(request.path)?.[1]
    const asked = payments.get(paid ?? '')
    if (asked) return { json: printPayment(asked) }
    const session = request.path.startsWith('/v1/checkout/sessions/') ? sessions.get(sessionId ?? '') : undefined
    if (!session) return refusal(404, { code: 'resource_missing', message: `No such object: ${request.path}` })
    const payment = payments.get(session.payment_intent ?? '')
    const isExpanded = request.query.get('expand[0]') === 'payment_intent.latest_charge'
    return { json: isExpanded && payment ? { ...session, payment_intent: printPayment(payment) } : session }
  }

  const createSession = async (form: URLSearchParams): Promise<SimulatedReply> => {
    // Gone from this version; what it was takes a 400.
    if (form.has('payment_method_types[0]')) return refusal(400, { code: 'payment_method_types_no_longer_supported' })
    const item = 'line_items[0][price_data]'
    const session: StripeSession = {
      id: next('cs'),
      object: 'checkout.session',
      status: 'open',
      payment_status: 'unpaid',
      amount_total: Number(form.get(`${item}[unit_amount]`)) * Number(form.get('line_items[0][quantity]')),
      currency: form.get(`${item}[currency]`) ?? '',
      metadata: { recharge: form.get('metadata[recharge]') ?? '' },
      client_reference_id: form.get('client_reference_id'),
      payment_intent: null,
      url: null,
      success_url: form.get('success_url') ?? '',
      cancel_url: form.get('cancel_url') ?? '',
    }
    session.url = `https://checkout.stripe.test/c/pay/${session.id}`
    sessions.set(session.id, session)
    paymentMetadata.set(session.id, { recharge: form.get('payment_intent_data[metadata][recharge]') ?? '' })
    const reply = { json: structuredClone(session) }
    await simulator.onSession?.(session)
    return reply
  }

  const createRefund = (form: URLSearchParams): SimulatedReply => {
    const payment = payments.get(form.get('payment_intent') ?? '')
    const amount = Number(form.get('amount'))
    if (!payment) return refusal(404, { code: 'resource_missing', message: 'No such payment_intent' })
    if (amount > payment.amount - refundedOf(payment)) {
      return refusal(400, { code: 'charge_already_refunded', message: 'Charge has already been refunded.' })
    }
    return { json: addRefund(payment, amount, { refund: form.get('metadata[refund]') ?? '' }).json }
  }

  const addRefund = (payment: Payment, amount: number, metadata: Record<string, string>) => {
    const refund = { id: next('re'), amount, status: 'succeeded', metadata }
    payment.refunds.push(refund)
    const json = printRefund(payment)(refund)
    const told = [emit('refund.created', json), emit('charge.refunded', printCharge(payment))]
    return { json, told }
  }

  const startPayment = (session: StripeSession, status: Payment['status']): void => {
    const { amount_total: amount, currency } = session
    const metadata = paymentMetadata.get(session.id) ?? {}
    session.payment_intent = next('pi')
    session.status = 'complete'
    session.url = null
    session.payment_status = status === 'succeeded' ? 'paid' : 'unpaid'
    const id = session.payment_intent
    payments.set(id, { id, status, amount, currency, metadata, refunds: [] })
  }

  const simulator: StripeSimulator = Object.assign(await startSimulator(answer), {
    sessions,
    events,
    onSession: null,
    forgetKeys: () => replies.clear(),
    breakAfter: (times: number) => void (broken = times),
    pay(sessionId: string) {
      const session = sessionOf(sessionId)
      startPayment(session, 'succeeded')
      return emit('checkout.session.completed', session)
    },
    payLater(sessionId: string) {
      const session = sessionOf(sessionId)
      startPayment(session, 'processing')
      return emit('checkout.session.completed', session)
    },
    succeed(sessionId: string) {
      const session = sessionOf(sessionId)
      paymentOf(sessionId).status = 'succeeded'
      session.payment_status = 'paid'
      return emit('checkout.session.async_payment_succeeded', session)
    },
    fail(sessionId: string) {
      paymentOf(sessionId).status = 'requires_payment_method'
      return emit('checkout.session.async_payment_failed', sessionOf(sessionId))
    },
    expire(sessionId: string) {
      const session = sessionOf(sessionId)
      session.status = 'expired'
      session.url = null
      return emit('checkout.session.expired', session)
    },
    refund: (sessionId: string, fen: number) => addRefund(paymentOf(sessionId), fen, {}).told,
    refundedFen: (sessionId: string) => refundedOf(paymentOf(sessionId)),
    dispute(sessionId: string, deed: string, changes: Disputed = {}) {
      const { id, amount, currency } = paymentOf(sessionId)
      const { ref = id.replace('pi_', 'dp_'), status = 'needs_response' } = changes
      const openedAt = disputes.get(ref) ?? Math.floor(now() / 1000)
      disputes.set(ref, openedAt)
      return emit(`charge.dispute.${deed}`, {
        id: ref,
        object: 'dispute',
        amount: changes.amount ?? amount,
        currency: changes.currency ?? currency,
        charge: id.replace('pi_', 'ch_'),
        payment_intent: id,
        reason: 'fraudulent',
        status,
        created: openedAt,
        metadata: {},
      })
    },
    sign(event: StripeEvent, changes: Delivery = {}) {
      const body = JSON.stringify(event, null, 2)
      const seconds = Math.floor((changes.at ?? now()) / 1000)
      const mac = createHmac('sha256', changes.secret ?? STRIPE_WEBHOOK_SECRET)
        .update(`${seconds}.${body}`)
        .digest('hex')
      const signature = changes.signature === undefined ? `t=${seconds},v1=${mac},v0=none` : changes.signature
      const headers: Record<string, string> = signature === null ? {} : { 'stripe-signature': signature }
      return { body: changes.body ?? body, headers }
    },
    async deliver(url: string, event: StripeEvent, changes: Delivery = {}) {
      const { body, headers } = simulator.sign(event, changes)
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
      })
      await response.arrayBuffer()
      return response.status
    },
    async deliverUntilHeard(url: string, event: StripeEvent, attemptsMax = 5) {
      const statuses: number[] = []
      while (statuses.length < attemptsMax && !(statuses.at(-1)! < 300)) {
        statuses.push(await simulator.deliver(url, event))
      }
      return statuses
    },
  })
  return simulator
}

/** The proxy's own Stripe, pointed at a simulator. */
export function connectStripe(
  stripe: Simulator,
  deps: {
    now: () => number
    log?: Parameters<typeof createStripe>[0]['log']
    timeoutMs?: number
    webhookSecrets?: readonly string[]
  },
): Promise<PaymentService> {
  const { hostname, port } = new URL(stripe.url)
  return createStripe({
    secretKey: STRIPE_KEY,
    webhookSecrets: deps.webhookSecrets ?? [STRIPE_WEBHOOK_SECRET],
    now: deps.now,
    log: deps.log ?? { warn: () => {}, error: () => {} },
    server: { host: hostname, port: Number(port), protocol: 'http' },
    // Long, so that a loaded machine is not taken for a silent Stripe.
    timeoutMs: deps.timeoutMs ?? 20_000,
  })
}

function formOf(request: SimulatedRequest): URLSearchParams {
  return new URLSearchParams(request.body.toString())
}

function refundedOf({ refunds }: Payment): number {
  return refunds.reduce((sum, { amount }) => sum + amount, 0)
}

function printRefund({ id: payment, currency }: Payment) {
  return (refund: Payment['refunds'][number]) => ({ ...refund, object: 'refund', currency, payment_intent: payment })
}

function printCharge(payment: Payment): object {
  const { id, amount, currency, metadata } = payment
  const refunded = refundedOf(payment)
  return {
    id: id.replace('pi_', 'ch_'),
    object: 'charge',
    amount,
    amount_refunded: refunded,
    refunded: refunded === amount,
    currency,
    metadata,
    payment_intent: id,
  }
}

function printPayment(payment: Payment): object {
  const { id, status, amount, currency, metadata } = payment
  const charge = status === 'succeeded' ? printCharge(payment) : null
  return { id, object: 'payment_intent', status, amount, currency, metadata, latest_charge: charge }
}

function refusal(status: number, error: { type?: string; code?: string; message?: string }): SimulatedReply {
  return { status, json: { error: { type: 'invalid_request_error', ...error } } }
}

function serverError(): SimulatedReply {
  const error = { type: 'api_error', message: 'An unknown error occurred.' }
  return { status: 500, headers: { 'stripe-should-retry': 'false' }, json: { error } }
}
