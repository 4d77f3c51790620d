/** Whether a call to our webhook comes from jiayou, now, and for the first time. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { webhookEvent } from './schema.ts'
import { toTaskEvent, type TaskEvent } from './to-answer.ts'

export type WebhookVerdict =
  | { ok: true; event: TaskEvent }
  /** `seen`: to be answered with 2xx like a good one, and otherwise left alone; the others with 401 and 400. */
  | { ok: false; reason: 'unsigned' | 'forged' | 'stale' | 'unreadable' | 'seen' }

const WINDOW_SECONDS = 300

/**
 * The signature covers the body alone: whoever overheard a call may send it again under a fresh timestamp. So what was once handled
 * must also be known by its `event.key`.
 * @param rawBody the bytes as they came; JSON that was parsed and printed again has another signature.
 * @param headers names in lower case, as Node gives them.
 * @param secret of the webhook.
 * @param now milliseconds.
 * @param seen keys of events that were handled. Add `event.key` together with what the event changes, not before: a call that fails
 * half way is repeated, and must count then.
 */
export function verifyWebhook(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  secret: string,
  now: number,
  seen: Pick<ReadonlySet<string>, 'has'>,
): WebhookVerdict {
  const signature = /^sha256=([0-9a-f]{64})$/i.exec(only(headers['x-webhook-signature']))?.[1]
  if (signature === undefined || secret === '') return { ok: false, reason: 'unsigned' }
  const expected = createHmac('sha256', secret).update(rawBody).digest()
  if (!timingSafeEqual(Buffer.from(signature, 'hex'), expected)) return { ok: false, reason: 'forged' }
  const timestamp = only(headers['x-webhook-timestamp'])
  const ageSeconds = /^\d{1,12}$/.test(timestamp) ? now / 1000 - Number(timestamp) : Infinity
  if (Math.abs(ageSeconds) > WINDOW_SECONDS) return { ok: false, reason: 'stale' }
  const event = readWebhook(rawBody)
  if (!event) return { ok: false, reason: 'unreadable' }
  return seen.has(event.key) ? { ok: false, reason: 'seen' } : { ok: true, event }
}

/** What a call says, whoever made it. @returns null when it cannot be read. */
export function readWebhook(rawBody: Uint8Array): TaskEvent | null {
  const event = webhookEvent.safeParse(parse(rawBody)).data
  return event ? toTaskEvent(event) : null
}

/** A header that came twice is none: which of them holds is anybody's guess. */
function only(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : ''
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
