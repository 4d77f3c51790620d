/**
 * What is read of Stripe's objects. Checked although its package has types: that package takes any JSON for an answer that holds no
 * `error`, also a stranger's, and a webhook speaks in the version its endpoint was made with.
 */
import * as z from 'zod/mini'

const metadata = z.nullish(z.record(z.string(), z.string()))

const charge = z.object({ amount_refunded: z.int() })

export const payment = z.object({
  id: z.string(),
  metadata,
  status: z.nullish(z.string()),
  latest_charge: z.nullish(z.union([z.string(), charge])),
})

/** A thing, or its id where it is not expanded. */
const paymentOrId = z.nullish(z.union([z.string(), payment]))

export const session = z.object({
  id: z.string(),
  object: z.literal('checkout.session'),
  status: z.nullish(z.string()),
  payment_status: z.string(),
  amount_total: z.nullish(z.int()),
  currency: z.nullish(z.string()),
  metadata,
  payment_intent: paymentOrId,
  url: z.nullish(z.string()),
})
export type Session = z.infer<typeof session>

export const refundedCharge = z.object({
  object: z.literal('charge'),
  amount_refunded: z.int(),
  currency: z.string(),
  metadata,
  payment_intent: paymentOrId,
})

export const refund = z.object({
  object: z.literal('refund'),
  status: z.nullish(z.string()),
  metadata,
  payment_intent: paymentOrId,
})
export type Refund = z.infer<typeof refund>

export const dispute = z.object({
  id: z.string(),
  object: z.literal('dispute'),
  status: z.string(),
  amount: z.int(),
  currency: z.string(),
  reason: z.string(),
  /** Seconds since 1970. */
  created: z.int(),
  payment_intent: paymentOrId,
})
export type StripeDispute = z.infer<typeof dispute>

export const refunds = z.object({ data: z.array(refund) })
