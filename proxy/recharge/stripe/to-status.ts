/** Stripe's checkout sessions and events in our words. Only what is read stands in the schemas. */
import type Stripe from 'stripe'
import type { PaymentEvent, PaymentStatus } from '../payment-service.ts'

/** Key of our recharge's id in Stripe's metadata, of the session and of its payment. */
export const METADATA_KEY = 'recharge'

type Session = Stripe.Checkout.Session

/** @param session with or without its payment expanded: without, nothing is known of money given back. */
export function toStatus(session: Session): PaymentStatus {
  const payment = session.payment_intent
  return {
    ref: session.id,
    rechargeId: session.metadata?.[METADATA_KEY] ?? null,
    state: stateOf(session),
    fen: session.amount_total,
    currency: session.currency?.toUpperCase() ?? null,
    paymentRef: idOf(payment),
    refundedFen: refundedOf(payment),
  }
}

export function toEvent(event: Stripe.Event): PaymentEvent {
  const { id, account } = event
  // Events of connected accounts come to the same address, signed with the same secret.
  if (account) return { id, kind: 'foreign', account }
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return { id, kind: 'checkout', status: toStatus(event.data.object) }
    case 'checkout.session.expired':
      return { id, kind: 'checkout', status: { ...toStatus(event.data.object), state: 'expired' } }
    case 'checkout.session.async_payment_failed':
      return { id, kind: 'checkout', status: { ...toStatus(event.data.object), state: 'failed' } }
    case 'charge.refunded': {
      const charge = event.data.object
      const paymentRef = idOf(charge.payment_intent)
      if (paymentRef === null) return { id, kind: 'other' }
      const rechargeId = charge.metadata?.[METADATA_KEY] ?? null
      const currency = charge.currency.toUpperCase()
      return { id, kind: 'refund', paymentRef, rechargeId, refundedFen: charge.amount_refunded, currency }
    }
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed': {
      const paymentRef = idOf(event.data.object.payment_intent)
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

function idOf(thing: string | { id: string } | null): string | null {
  return typeof thing === 'object' ? (thing?.id ?? null) : thing
}
