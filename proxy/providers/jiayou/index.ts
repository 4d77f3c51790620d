/** jiayou: product names → Canadian tariff items, ten digits, without score or rate. */
import type { Inquiry, Provider, Reply } from '../provider.ts'
import type { Connection, Upstream } from '../upstream.ts'
import { createBulk } from './bulk.ts'
import { createCallbacks } from './callbacks.ts'
import { CALL_TIMEOUT_MS } from './call.ts'
import { createJiayouClient, type JiayouClient } from './client.ts'
import { NAMES_MAX } from './product-name.ts'
import { JIAYOU } from './to-answer.ts'
import { COUNTRY, isAnswerable, toNames } from './to-names.ts'

export { createJiayouClient, type JiayouClient } from './client.ts'
export { verifyWebhook, type WebhookVerdict } from './verify-webhook.ts'

// Four calls carry what 2,000 cells ask; the window lets the cells of one fill travel together.
const CALLS_IN_FLIGHT_MAX = 4
const GATHER_WINDOW_MS = 25
const WEBHOOK_SECRET = /^[\u0021-\u007e]{16,128}$/

export const jiayou: Upstream = {
  name: JIAYOU,
  credentialFields: [
    {
      name: 'key',
      secret: true,
      pattern: /^sk_[0-9a-f]{32}$/i,
      expected: 'sk_ and 32 hexadecimal digits',
    },
    {
      name: 'secret',
      secret: true,
      pattern: /^[\u0021-\u007e]{6,}$/,
      expected: 'the secret shown once when the key was made, without spaces, at least 6 characters',
    },
    {
      name: 'jwt',
      secret: true,
      pattern: /^[\w-]+\.[\w-]+\.[\w-]+$/,
      expected: 'a sign-in token, three parts joined by dots; only for managing webhooks',
      optional: true,
    },
    {
      name: 'webhookSecret',
      secret: true,
      pattern: WEBHOOK_SECRET,
      expected: '16 to 128 characters without spaces, as npm run admin -- webhooks jiayou create makes it',
      optional: true,
      made: true,
    },
    {
      name: 'webhookSecretBefore',
      secret: true,
      pattern: WEBHOOK_SECRET,
      expected: 'the one before it, while both are in use',
      optional: true,
      made: true,
    },
  ],
  defaultUrl: 'https://hscode.proxy.jiayouexp.com',
  couldAnswer: ({ kind, country }) => kind === 'classify' && country === COUNTRY,
  connect(connection) {
    const client = createJiayouClient(connection)
    return {
      provider: createProvider(client, connection),
      webhooks: createCallbacks(client.webhooks, connection),
      async test(signal) {
        const { total } = await client.tasks({ limit: 1 }, signal)
        return `The key is accepted; ${total} tasks so far.`
      },
      close: () => client.close(),
    }
  },
}

function createProvider(client: JiayouClient, connection: Connection): Provider {
  return {
    name: JIAYOU,
    inquiriesPerCallMax: NAMES_MAX,
    callsInFlightMax: CALLS_IN_FLIGHT_MAX,
    timeoutMs: CALL_TIMEOUT_MS,
    gatherWindowMs: GATHER_WINDOW_MS,
    answers: isAnswerable,
    // It prints no edition: what it says is held good for the month it was asked in.
    edition: () => `${JIAYOU}, asked ${new Date(connection.now()).toISOString().slice(0, 7)}`,
    ask: (inquiries, signal) => ask(client, inquiries, signal),
    bulk: createBulk(client, connection),
  }
}

async function ask(
  client: JiayouClient,
  inquiries: readonly Inquiry[],
  signal: AbortSignal,
): Promise<Map<string, Reply>> {
  const { names, asked, refused } = toNames(inquiries)
  const replies = new Map(refused)
  if (names.size === 0) return replies
  const { byName } = await client.batchQuery([...names.values()], signal)
  for (const { key, name } of asked) {
    const reply = byName.get(name)
    if (reply) replies.set(key, reply)
  }
  return replies
}
