import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSecrets } from '../../../proxy/config.ts'
import type { CheckoutRequest } from '../../../proxy/recharge/payment-service.ts'
import { connectStripe, startStripe, STRIPE_KEY, type StripeSimulator } from '../../upstreams/stripe.ts'

const ASKED: CheckoutRequest = {
  rechargeId: 'recharge-1',
  key: 'recharge-1',
  fen: 1000,
  currency: 'CNY',
  points: 500,
  urls: { paid: 'https://hs.example/paid', cancelled: 'https://hs.example/cancelled' },
}
const PATIENT = AbortSignal.any([])

let stripe: StripeSimulator
let logged: object[]
const log = {
  warn: (details: object, message: string) => void logged.push({ details, message }),
  error: (details: object, message: string) => void logged.push({ details, message }),
}
beforeEach(async () => {
  logged = []
  stripe = await startStripe(Date.now)
})
afterEach(async () => {
  expect(JSON.stringify(logged)).not.toContain(STRIPE_KEY.slice(-4))
  await stripe.close()
})

test('a Stripe that never answers is waited for so long and no longer', async () => {
  const service = await connectStripe(stripe, { now: Date.now, log, timeoutMs: 50 })
  stripe.faultAlways({ kind: 'timeout' })
  expect(await service.createCheckout(ASKED, PATIENT)).toBe('silent')
  expect(await service.fetchStatus('cs_1', PATIENT)).toMatchObject({ failed: 'payment-unreachable' })
  expect(await service.refund!({ id: 'r', paymentRef: 'pi_1', fen: 1 }, PATIENT)).toBe('unknown')
  // Twice each: bounded retries.
  expect(stripe.requests).toHaveLength(6)
})

test('a wait ends with its signal, before the call does', async () => {
  const service = await connectStripe(stripe, { now: Date.now, log })
  stripe.faultAlways({ kind: 'timeout' })
  const stop = new AbortController()
  const waiting = service.fetchStatus('cs_1', stop.signal)
  stop.abort()
  expect(await waiting).toMatchObject({ failed: 'payment-unreachable' })
  expect(await service.createCheckout(ASKED, stop.signal)).toBe('silent')
})

test('what is not Stripe’s answer is none: a page, a stranger’s JSON, half a reply, a redirect', async () => {
  const service = await connectStripe(stripe, { now: Date.now, log })
  for (const fault of [
    { kind: 'html' },
    { kind: 'rewrite', rewrite: () => ({ hello: 'there' }) },
    { kind: 'rewrite', rewrite: () => ({ id: 'cs_1', object: 'checkout.session', payment_status: 5 }) },
    { kind: 'truncated' },
    { kind: 'redirect', location: 'http://127.0.0.1:9/' },
  ] as const) {
    stripe.faultAlways(fault)
    expect(typeof (await service.createCheckout(ASKED, PATIENT)), fault.kind).toBe('string')
    expect(await service.fetchStatus('cs_1', PATIENT)).toMatchObject({ failed: 'payment-unreachable' })
  }
})

test('a refusal is told from a silence: only the first asks for a new key', async () => {
  const service = await connectStripe(stripe, { now: Date.now, log })
  for (const [status, outcome] of [
    [400, 'refused'],
    [401, 'refused'],
    [409, 'silent'],
    [429, 'silent'],
    [500, 'refused'],
  ] as const) {
    stripe.faultAlways({
      kind: 'status',
      status,
      body: JSON.stringify({ error: { type: 'api_error', message: STRIPE_KEY } }),
    })
    expect(await service.createCheckout(ASKED, PATIENT), String(status)).toBe(outcome)
  }
})

test('while a webhook’s secret is replaced, calls that either signed are believed, and no others', async () => {
  const { stripeWebhookSecrets: webhookSecrets } = readSecrets({ STRIPE_WEBHOOK_SECRET: ' whsec_old , whsec_new,' })
  const service = await connectStripe(stripe, { now: Date.now, log, webhookSecrets })
  const body = Buffer.from(JSON.stringify({ id: 'evt_1', object: 'event', type: 'customer.created', data: {} }))
  const readSigned = (bytes: Buffer, ...secrets: string[]) => {
    const seconds = Math.floor(Date.now() / 1000)
    const signatures = secrets.map((secret) => {
      const mac = createHmac('sha256', secret).update(`${seconds}.`).update(bytes).digest('hex')
      return `v1=${mac}`
    })
    return service.readEvent(bytes, { 'stripe-signature': [`t=${seconds}`, ...signatures].join(',') })
  }
  // Stripe signs with both for as long as it keeps the old one.
  for (const secrets of [['whsec_old'], ['whsec_new'], ['whsec_new', 'whsec_old'], ['whsec_other', 'whsec_new']]) {
    expect(readSigned(body, ...secrets), secrets.join()).toEqual({ id: 'evt_1', kind: 'other' })
  }
  for (const secret of ['whsec_older', 'whsec_old,whsec_new', ' whsec_old ', '']) {
    expect(readSigned(body, secret), secret).toMatchObject({ failed: 'bad-signature' })
  }
  expect(() => readSigned(Buffer.from('{'), 'whsec_new')).toThrow(SyntaxError)
})

test('a key that Stripe does not know is logged without the key', async () => {
  stripe.faultAlways({
    kind: 'status',
    status: 401,
    body: JSON.stringify({
      error: { type: 'invalid_request_error', message: `Invalid API Key provided: ${STRIPE_KEY}` },
    }),
  })
  const service = await connectStripe(stripe, { now: Date.now, log })
  await service.createCheckout(ASKED, PATIENT)
  expect(logged).toMatchObject([{ details: { doing: 'checkout', statusCode: 401 } }])
})
