/** jiayou: product names → Canadian tariff items, ten digits, without score or rate. */
import { failure } from '../../../shared/error-codes.ts'
import type { ClassifyInquiry, Inquiry, Provider, Reply } from '../provider.ts'
import type { Connection, Upstream } from '../upstream.ts'
import { CALL_TIMEOUT_MS } from './call.ts'
import { createJiayouClient, type JiayouClient } from './client.ts'
import { NAME_CHARACTERS_MAX, nameKey, NAMES_MAX, productName } from './product-name.ts'
import { JIAYOU } from './to-answer.ts'

export { createJiayouClient, type JiayouClient } from './client.ts'
export { verifyWebhook, type WebhookVerdict } from './verify-webhook.ts'

const COUNTRY = 'CA'
// Four calls carry what 2,000 cells ask; the window lets the cells of one fill travel together.
const CALLS_IN_FLIGHT_MAX = 4
const GATHER_WINDOW_MS = 25

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
  ],
  defaultUrl: 'https://hscode.proxy.jiayouexp.com',
  couldAnswer: ({ kind, country }) => kind === 'classify' && country === COUNTRY,
  connect(connection) {
    const client = createJiayouClient(connection)
    return {
      provider: createProvider(client, connection),
      async test(signal) {
        const { total } = await client.tasks({ limit: 1 }, signal)
        return `The key is accepted; ${total} tasks so far.`
      },
      close: () => client.close(),
    }
  },
}

function createProvider(client: JiayouClient, { now }: Connection): Provider {
  return {
    name: JIAYOU,
    inquiriesPerCallMax: NAMES_MAX,
    callsInFlightMax: CALLS_IN_FLIGHT_MAX,
    timeoutMs: CALL_TIMEOUT_MS,
    gatherWindowMs: GATHER_WINDOW_MS,
    answers: isAnswerable,
    // It prints no edition: what it says is held good for the month it was asked in.
    edition: () => `${JIAYOU}, asked ${new Date(now()).toISOString().slice(0, 7)}`,
    ask: (inquiries, signal) => ask(client, inquiries, signal),
  }
}

/** It knows no dates, so a question about another day's tariff is not for it. */
function isAnswerable(inquiry: Inquiry): inquiry is ClassifyInquiry {
  return inquiry.kind === 'classify' && inquiry.country === COUNTRY && inquiry.date === null
}

async function ask(
  client: JiayouClient,
  inquiries: readonly Inquiry[],
  signal: AbortSignal,
): Promise<Map<string, Reply>> {
  const replies = new Map<string, Reply>()
  const names = new Map<string, string>()
  const asked: { key: string; name: string }[] = []
  for (const inquiry of inquiries) {
    if (!isAnswerable(inquiry)) continue
    const name = productName(inquiry)
    if (name === '' || name.length > NAME_CHARACTERS_MAX) {
      replies.set(inquiry.key, refusedName(name))
      continue
    }
    asked.push({ key: inquiry.key, name: nameKey(name) })
    // It removes duplicates itself, by rules of its own: it gets none.
    if (!names.has(nameKey(name))) names.set(nameKey(name), name)
  }
  if (names.size === 0) return replies
  const { byName } = await client.batchQuery([...names.values()], signal)
  for (const { key, name } of asked) {
    const reply = byName.get(name)
    if (reply) replies.set(key, reply)
  }
  return replies
}

function refusedName(name: string): Reply {
  return name === ''
    ? failure('no-words', { value: '""' })
    : failure('text-too-long', { length: name.length, max: NAME_CHARACTERS_MAX })
}
