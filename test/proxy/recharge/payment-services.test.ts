import { expect, test } from 'vitest'
import { openPaymentServices } from '../../../proxy/recharge/payment-services.ts'
import { STRIPE_KEY, STRIPE_WEBHOOK_SECRET } from '../../upstreams/stripe.ts'

test.each([
  [null, null, [], 0],
  [STRIPE_KEY, null, [], 1],
  [null, STRIPE_WEBHOOK_SECRET, [], 1],
  [STRIPE_KEY, STRIPE_WEBHOOK_SECRET, ['stripe'], 0],
])('Stripe is set up by its key and its webhook’s secret together: %s %s', async (key, secret, names, warnings) => {
  const logged: object[] = []
  const log = {
    warn: (...said: unknown[]) => void logged.push(said),
    error: (...said: unknown[]) => void logged.push(said),
  }
  const secrets = { stripeSecretKey: key, stripeWebhookSecrets: secret === null ? [] : [secret] }
  const services = await openPaymentServices({ secrets, now: Date.now, log })
  expect(services.map(({ name }) => name)).toEqual(names)
  expect(logged).toHaveLength(warnings)
  expect(JSON.stringify(logged)).not.toMatch(/sk_test|whsec_/)
})
