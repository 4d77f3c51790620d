/** Stripe's checkout sessions and events in our words. */
import type { PaymentDispute, PaymentEvent, PaymentStatus } from '../payment-service.ts'
import { dispute, refund, refundedCharge, session, type Session, type StripeDispute } from './schema.ts'

/** Key of our recharge's id in Stripe's metadata, of the session and of its payment. */
export const METADATA_KEY = 'recharge'

// All others, those that Stripe may yet add too, are for the operator to look at.
const DISPUTE_ENDS: ReadonlyMap<string, PaymentDispute['state']> = new Map([
  ['won', 'won'],
  ['lost', 'lost'],
  ['warning_closed', 'dropped'],
  ['prevented', 'dropped'],
])
const DISPUTED_MONEY: ReadonlyMap<string, PaymentDispute['money']> = new Map([
  ['charge.dispute.funds_withdrawn', 'withdrawn'],
  ['charge.dispute.funds_reinstated', 'reinstated'],
])

/** @param given with or without its payment expanded: without, nothing is known of money given back. */
export function toStatus(given: Session): PaymentStatus {
  const { id, metadata, amount_total: fen, currency, payment_intent: payment } = given
  return {
    ref: id,
    rechargeId: metadata?.[METADATA_KEY] ?? null,
    state: stateOf(given),
    fen: fen ?? null,
    currency: currency?.toUpperCase() ?? null,
    paymentRef: idOf(payment),
    refundedFen: refundedOf(payment),
  }
}

/** @throws for one whose kind is read and whose content cannot be. */
export function toEvent(event: {
  id: string
  type: string
  /** Seconds since 1970. */
  created?: number
  account?: string | undefined
  data: { object: unknown }
}): PaymentEvent {
  const { id, type, created = 0, account, data } = event
  // Events of connected accounts come to the same address, signed with the same secret.
  if (account) return { id, kind: 'foreign', account }
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return { id, kind: 'checkout', status: toStatus(session.parse(data.object)) }
    case 'checkout.session.expired':
      return { id, kind: 'checkout', status: { ...toStatus(session.parse(data.object)), state: 'expired' } }
    case 'checkout.session.async_payment_failed':
      return { id, kind: 'checkout', status: { ...toStatus(session.parse(data.object)), state: 'failed' } }
    case 'charge.refunded': {
      const { payment_intent, metadata, currency, amount_refunded: refundedFen } = refundedCharge.parse(data.object)
      const paymentRef = idOf(payment_intent)
      if (paymentRef === null) return { id, kind: 'other' }
      const rechargeId = metadata?.[METADATA_KEY] ?? null
      return { id, kind: 'refund', paymentRef, rechargeId, refundedFen, currency: currency.toUpperCase() }
    }
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed': {
      const paymentRef = idOf(refund.parse(data.object).payment_intent)
      return paymentRef === null ? { id, kind: 'other' } : { id, kind: 'changed', paymentRef }
    }
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated': {
      const told = toDispute(dispute.parse(data.object), { type, at: created * 1000 })
      return told ? { id, kind: 'dispute', dispute: told } : { id, kind: 'other' }
    }
    default:
      return { id, kind: 'other' }
  }
}

/** @returns null for one of a payment without a number, which is none of ours. */
function toDispute(given: StripeDispute, { type, at }: { type: string; at: number }): PaymentDispute | null {
  const { id: ref, status, amount, currency, reason, created, payment_intent: payment } = given
  const paymentRef = idOf(payment)
  if (paymentRef === null) return null
  return {
    ref,
    paymentRef,
    state: DISPUTE_ENDS.get(status) ?? 'open',
    amount,
    currency: currency.toUpperCase(),
    reason,
    openedAt: created * 1000,
    at,
    money: DISPUTED_MONEY.get(type) ?? null,
  }
}

/** Completed is not paid: Alipay and WeChat Pay may still be on their way. */
function stateOf({ status, payment_status, payment_intent }: Session): PaymentStatus['state'] {
  if (payment_status === 'paid') return 'paid'
  if (status === 'expired') return 'expired'
  const payment = typeof payment_intent === 'object' ? payment_intent?.status : undefined
  const isGivenUp = payment === 'canceled' || payment === 'requires_payment_method'
  return status === 'complete' && isGivenUp ? 'failed' : 'open'
}

function refundedOf(payment: Session['payment_intent']): number {
  const charge = typeof payment === 'object' ? payment?.latest_charge : null
  return typeof charge === 'object' ? (charge?.amount_refunded ?? 0) : 0
}

function idOf(thing: string | { id: string } | null | undefined): string | null {
  return typeof thing === 'string' ? thing : (thing?.id ?? null)
}
