/** The payment services that are set up: one today. */
import type { Secrets } from '../config.ts'
import type { FailureLog } from '../failure-of.ts'
import type { PaymentService } from './payment-service.ts'
import { createStripe } from './stripe/stripe.ts'

export interface PaymentServicesDeps {
  secrets: Pick<Secrets, 'stripeSecretKey' | 'stripeWebhookSecret'>
  now: () => number
  log: FailureLog
}

/** A service is set up by its key and the secret of its webhook together: with one alone it could take money and hear nothing of it. */
export async function openPaymentServices({ secrets, now, log }: PaymentServicesDeps): Promise<PaymentService[]> {
  const { stripeSecretKey: secretKey, stripeWebhookSecret: webhookSecret } = secrets
  if (secretKey === null && webhookSecret === null) return []
  if (secretKey === null || webhookSecret === null) {
    log.warn(
      { service: 'stripe' },
      'STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET go together: paying online is not set up',
    )
    return []
  }
  return [await createStripe({ secretKey, webhookSecret, now, log })]
}
