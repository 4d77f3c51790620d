/**
 * What a payment service does for a recharge: Stripe now, Alipay or WeChat Pay directly behind the same contract.
 * What is paid and what it is worth stands in our own row; a service only confirms. Every call ends by its signal.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Failure } from '../../shared/error-codes.ts'

export interface PaymentService {
  /** As in `recharge.service` and in the address of its webhook; never changed. */
  readonly name: string

  /** Opens a page where the recharge can be paid. The same key again opens no second one. */
  createCheckout(request: CheckoutRequest, signal: AbortSignal): Promise<Checkout | CheckoutTrouble>

  /** How a checkout stands. @returns the failure `payment-unreachable` when it could not be asked. */
  fetchStatus(ref: string, signal: AbortSignal): Promise<PaymentStatus | Failure>

  /**
   * The recharge that a payment was made for; left out by a service that tells it in every event.
   * @returns null when the service keeps none, or knows no such payment; the failure `payment-unreachable` when it could not be asked.
   */
  fetchRechargeId?(paymentRef: string, signal: AbortSignal): Promise<string | null | Failure>

  /**
   * What a call to our webhook says, once its signature is proved.
   * @param rawBody the very bytes that came: another spelling of the same JSON has another signature.
   * @returns the failure `bad-signature` for a call that is unsigned, wrongly signed, or too old.
   */
  readEvent(rawBody: Uint8Array, headers: IncomingHttpHeaders): PaymentEvent | Failure

  /** Gives money back; left out by a service that cannot. The same id again gives nothing twice. */
  refund?(request: RefundRequest, signal: AbortSignal): Promise<RefundOutcome>
}

export interface CheckoutRequest {
  rechargeId: string
  /** Names this attempt to the service. */
  key: string
  fen: number
  /** ISO, upper case. */
  currency: string
  points: number
  /** Where the payer comes back to. */
  urls: { paid: string; cancelled: string }
}

export interface Checkout {
  /** The service's number of it. */
  ref: string
  /** Where it is paid. */
  url: string
}

/** `silent`: no reply, the same key may be tried again · `refused`: it said no, and would say so again. */
export type CheckoutTrouble = 'silent' | 'refused'

export interface PaymentStatus {
  ref: string
  /** The recharge it was opened for, as the service keeps it; null when it keeps none. */
  rechargeId: string | null
  state: 'open' | 'paid' | 'expired' | 'failed'
  fen: number | null
  /** ISO, upper case. */
  currency: string | null
  /** The service's number of the payment. */
  paymentRef: string | null
  /** Given back of it so far, in all. */
  refundedFen: number
}

export type PaymentEvent = { id: string } & (
  | { kind: 'checkout'; status: PaymentStatus }
  /** Money went back. @see PaymentStatus */
  | { kind: 'refund'; paymentRef: string; rechargeId: string | null; refundedFen: number; currency: string }
  /** The payer's bank wants money back, or has decided. */
  | { kind: 'dispute'; dispute: PaymentDispute }
  /** Something changed about a payment that only its checkout tells. */
  | { kind: 'changed'; paymentRef: string }
  /** Of somebody else's account. */
  | { kind: 'foreign'; account: string }
  | { kind: 'other' }
)

/** How a dispute stood when the event happened. */
export interface PaymentDispute {
  /** The service's number of it. */
  ref: string
  paymentRef: string
  /** `won`: the money stays with the operator · `dropped`: it ended before it became a dispute. */
  state: 'open' | 'won' | 'lost' | 'dropped'
  /** In the smallest unit of its currency; not always what was paid. */
  amount: number
  /** ISO, upper case. */
  currency: string
  /** In the service's word. */
  reason: string
  /** Milliseconds since 1970, to the second. */
  openedAt: number
  /** When the event happened; likewise. */
  at: number
  /** What the event says has become of the operator's money; null: nothing. */
  money: 'withdrawn' | 'reinstated' | null
}

export interface RefundRequest {
  /** Names this refund to the service. */
  id: string
  paymentRef: string
  fen: number
}

/** `unknown`: no reply, ask again with the same id. */
export type RefundOutcome = 'done' | 'refused' | 'unknown'
