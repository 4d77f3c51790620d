/** The payment services that are set up: one today. */
import type { Secrets } from '../config.ts'
import type { FailureLog } from '../failure-of.ts'
import type { PaymentService } from './payment-service.ts'
import { createStripe } from './stripe/stripe.ts'

export interface PaymentServicesDeps {
  secrets: Pick<Secrets, 'stripeSecretKey' | 'stripeWebhookSecrets'>
  now: () => number
  log: FailureLog
}

/** A service is set up by its key and the secret of its webhook together: with one alone it could take money and hear nothing of it. */
export async function openPaymentServices({ secrets, now, log }: PaymentServicesDeps): Promise<PaymentService[]> {
  const { stripeSecretKey: secretKey, stripeWebhookSecrets: webhookSecrets } = secrets
  if (secretKey === null && webhookSecrets.length === 0) return []
  if (secretKey === null || webhookSecrets.length === 0) {
    log.warn(
      { service: 'stripe' },
      'STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET go together: paying online is not set up',
    )
    return []
  }
  return [await createStripe({ secretKey, webhookSecrets, now, log })]
}
