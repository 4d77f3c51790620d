/** The wire of vouchers and recharges, beside the one of cells. Strict, as `protocol.ts` is. */
import * as z from 'zod/mini'

export const POINTS_PER_CNY = 50
export const FEN_PER_CNY = 100
export const RECHARGE_CNY_MIN = 1
export const RECHARGE_CNY_MAX = 50_000

export const redeemRequest = z.strictObject({
  /** As it is typed: any case, with or without dashes. */
  code: z.string().check(z.minLength(1), z.maxLength(100)),
})
export const redeemReply = z.object({
  /** Points the voucher was worth. */
  points: z.int(),
  /** What can be spent now. */
  balance: z.int(),
  /** This seat redeemed it before; nothing was added now. */
  repeated: z.boolean(),
})

export const checkoutRequest = z.strictObject({
  /** The client's own id; sending it again opens nothing twice. */
  requestId: z.string().check(z.regex(/^[ -~]{1,64}$/)),
  /** Whole CNY, 1 to 50,000. */
  cny: z.number(),
})

export const rechargeStates = ['open', 'paid', 'expired', 'failed', 'refunded'] as const
export type RechargeState = (typeof rechargeStates)[number]

export const recharge = z.object({
  id: z.string(),
  /** `open` until the payment service says how it ended. A part given back leaves it `paid`. */
  state: z.enum(rechargeStates),
  cny: z.int(),
  currency: z.string(),
  points: z.int(),
  /** Points taken back because money went back. */
  refundedPoints: z.int(),
  createdAt: z.string(),
  paidAt: z.nullable(z.string()),
})
export const checkoutReply = z.object({
  recharge,
  /** Where it is paid; null once it is no longer open. */
  url: z.nullable(z.string()),
})
export const rechargesReply = z.object({
  /** Newest first. */
  recharges: z.array(recharge),
})
