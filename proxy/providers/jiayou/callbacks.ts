/** What jiayou calls when a task has ended: signed by a webhook's secret, or unsigned at the address named with a submit. */
import type { CallbackHeaders, CallbackVerdict, Connection, UpstreamWebhooks } from '../upstream.ts'
import type { JiayouWebhooks } from './webhooks.ts'
import { readWebhook, verifyWebhook } from './verify-webhook.ts'

export const SECRET_FIELDS = ['webhookSecret', 'webhookSecretBefore'] as const

// What was handled before is known by rows, in the transaction that handles it.
const NONE_SEEN: ReadonlySet<string> = new Set()

export function createCallbacks(webhooks: JiayouWebhooks, { credential }: Connection): UpstreamWebhooks {
  const secrets = SECRET_FIELDS.map((field) => credential[field] ?? '')
  return {
    secretFields: SECRET_FIELDS,
    verify(body, headers, now) {
      const verdicts = secrets.map((secret) => verify(body, headers, secret, now))
      // Whose signature fits knows best what is wrong.
      const fits = ({ ok, reason }: { ok: boolean; reason?: string }): boolean =>
        ok || (reason !== 'unsigned' && reason !== 'forged')
      return verdicts.find(fits) ?? verdicts[0]!
    },
    read(body) {
      const event = readWebhook(body)
      return event && { ticket: event.batchNo, key: event.key }
    },
    async create(url, secret, signal) {
      const { id } = await webhooks.create(url, secret, signal)
      return { id }
    },
    list: (signal) => webhooks.list(signal),
    toggle: (id, enabled, signal) => webhooks.toggle(id, enabled, signal),
    remove: (id, signal) => webhooks.delete(id, signal),
    logs: (signal) => webhooks.logs(signal),
  }
}

function verify(body: Uint8Array, headers: CallbackHeaders, secret: string, now: number): CallbackVerdict {
  const verdict = verifyWebhook(body, headers, secret, now, NONE_SEEN)
  if (verdict.ok) return { ok: true, event: { ticket: verdict.event.batchNo, key: verdict.event.key } }
  return { ok: false, reason: verdict.reason === 'seen' ? 'unreadable' : verdict.reason }
}
