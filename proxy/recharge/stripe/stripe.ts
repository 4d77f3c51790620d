/**
 * Stripe Checkout in CNY: card, Alipay, WeChat Pay. Its package is loaded only where a key is set: it takes a quarter of a second.
 * Source: docs.stripe.com/api of the version below; the package's own, so that its types tell the truth.
 */
import { failure, type Failure } from '../../../shared/error-codes.ts'
import type { FailureLog } from '../../failure-of.ts'
import type { CheckoutTrouble, PaymentService, RefundOutcome } from '../payment-service.ts'
import {
  payment as paymentSchema,
  refund as refundSchema,
  refunds,
  session as sessionSchema,
  type Refund,
} from './schema.ts'
import { METADATA_KEY, toEvent, toStatus } from './to-status.ts'

export interface StripeDeps {
  secretKey: string
  /** A call that one of them signed is believed; none: no call is. */
  webhookSecrets: readonly string[]
  now: () => number
  log: FailureLog
  /** A server in Stripe's place, for tests. */
  server?: { host: string; port: number; protocol: 'http' }
  /** Milliseconds of one request. */
  timeoutMs?: number
}

const API_VERSION = '2026-10-28.endive'
const TIMEOUT_MS = 8000
const RETRIES_MAX = 1
const TOLERANCE_SECONDS = 300

export async function createStripe(deps: StripeDeps): Promise<PaymentService> {
  const { secretKey, webhookSecrets, now, log, server = {}, timeoutMs = TIMEOUT_MS } = deps
  const { default: StripeClient } = await import('stripe')
  const client = new StripeClient(secretKey, {
    apiVersion: API_VERSION,
    timeout: timeoutMs,
    maxNetworkRetries: RETRIES_MAX,
    telemetry: false,
    ...server,
  })

  /** What went wrong, without Stripe's message: that repeats a part of the key. */
  const describe = (error: unknown, doing: string): CheckoutTrouble => {
    if (!(error instanceof StripeClient.errors.StripeError)) {
      log.warn({ doing, error: error instanceof Error ? error.name : 'unknown' }, 'Stripe did not answer')
      return 'silent'
    }
    const { type, code, statusCode, requestId } = error
    log.warn({ doing, type, code, statusCode, requestId }, 'Stripe did not do what it was asked')
    // In use, or too many at once: it was not looked at, and the same key may come again.
    const isForLater = statusCode === undefined || statusCode === 409 || statusCode === 429
    return isForLater ? 'silent' : 'refused'
  }

  return {
    name: 'stripe',

    async createCheckout({ rechargeId, key, fen, currency, points, urls }, signal) {
      const metadata = { [METADATA_KEY]: rechargeId }
      try {
        const session = await until(
          signal,
          client.checkout.sessions.create(
            {
              mode: 'payment',
              // Those of them that the account has switched on; the older list of fixed ones is gone from this version.
              allowed_payment_method_types: ['card', 'alipay', 'wechat_pay'],
              payment_method_options: { wechat_pay: { client: 'web' } },
              line_items: [
                {
                  quantity: 1,
                  price_data: {
                    currency: currency.toLowerCase(),
                    unit_amount: fen,
                    product_data: { name: `Tariffcell: ${points} points` },
                  },
                },
              ],
              // What is paid must be what our row says.
              adaptive_pricing: { enabled: false },
              client_reference_id: rechargeId,
              metadata,
              payment_intent_data: { metadata },
              success_url: urls.paid,
              cancel_url: urls.cancelled,
            },
            { idempotencyKey: key },
          ),
        )
        const { id: ref, url } = sessionSchema.parse(session)
        return url ? { ref, url } : 'refused'
      } catch (error) {
        return describe(error, 'checkout')
      }
    },

    async fetchStatus(ref, signal) {
      try {
        const expand = ['payment_intent.latest_charge']
        return toStatus(sessionSchema.parse(await until(signal, client.checkout.sessions.retrieve(ref, { expand }))))
      } catch (error) {
        describe(error, 'status')
        return failure('payment-unreachable')
      }
    },

    async fetchRechargeId(paymentRef, signal) {
      try {
        const payment = await until(signal, client.paymentIntents.retrieve(paymentRef))
        return paymentSchema.parse(payment).metadata?.[METADATA_KEY] ?? null
      } catch (error) {
        if (error instanceof StripeClient.errors.StripeError && error.statusCode === 404) return null
        describe(error, 'payment')
        return failure('payment-unreachable')
      }
    },

    readEvent(rawBody, headers) {
      const signature = headers['stripe-signature']
      if (typeof signature !== 'string' || isFromTheFuture(signature, now())) return unproved()
      const bytes = Buffer.from(rawBody)
      for (const secret of webhookSecrets) {
        let event
        try {
          event = client.webhooks.constructEvent(bytes, signature, secret, TOLERANCE_SECONDS, undefined, now())
        } catch (error) {
          // JSON is read once the signature is proved: then it is a surprise. All before is nobody, also where the package throws
          // plain errors over an odd signature.
          if (error instanceof SyntaxError) throw error
          continue
        }
        return toEvent(event)
      }
      return unproved()
    },

    async refund({ id, paymentRef, fen }, signal): Promise<RefundOutcome> {
      try {
        // Looked for first: Stripe forgets an idempotency key after a day, and a refund whose reply was lost may be older.
        const known = await until(signal, client.refunds.list({ payment_intent: paymentRef, limit: 100 }))
        const before = refunds.parse(known).data.find(({ metadata }) => metadata?.refund === id)
        if (before) return outcomeOf(before)
        const made = await until(
          signal,
          client.refunds.create(
            { payment_intent: paymentRef, amount: fen, metadata: { refund: id } },
            { idempotencyKey: `refund-${id}` },
          ),
        )
        return outcomeOf(refundSchema.parse(made))
      } catch (error) {
        const isTold = describe(error, 'refund') === 'refused'
        // A 5xx may come after the deed: only a plain no is one.
        const status = error instanceof StripeClient.errors.StripeError ? (error.statusCode ?? 500) : 500
        return isTold && status < 500 ? 'refused' : 'unknown'
      }
    },
  }
}

function outcomeOf({ status }: Refund): RefundOutcome {
  return status === 'failed' || status === 'canceled' ? 'refused' : 'done'
}

function unproved(): Failure {
  return failure('bad-signature')
}

/** Stripe's own check looks back only; a clock that runs ahead would let a call be repeated for longer. */
function isFromTheFuture(signature: string, at: number): boolean {
  const seconds = Number(/(?:^|,)t=(\d+)/.exec(signature)?.[1] ?? 0)
  return seconds > at / 1000 + TOLERANCE_SECONDS
}

/** The package's calls take no signal: the wait ends, and the call by its own timeout. */
async function until<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  let onAbort = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
