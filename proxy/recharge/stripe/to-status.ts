/** Stripe's checkout sessions and events in our words. */
import type { PaymentEvent, PaymentStatus } from '../payment-service.ts'
import { refund, refundedCharge, session, type Session } from './schema.ts'

/** Key of our recharge's id in Stripe's metadata, of the session and of its payment. */
export const METADATA_KEY = 'recharge'

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
  account?: string | undefined
  data: { object: unknown }
}): PaymentEvent {
  const { id, type, account, data } = event
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
    default:
      return { id, kind: 'other' }
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
