/** The wire of webhooks: how they are kept, and what they are sent. Strict, as `protocol.ts` is. Events are thin: ids and counts. */
import * as z from 'zod/mini'
import { idCursor, pageLimit } from './list-query.ts'

export const WEBHOOKS_PER_WORKSPACE_MAX = 10
export const WEBHOOK_URL_CHARACTERS_MAX = 2000
/** After a rotation both secrets sign for so long. */
export const ROTATION_HOURS = 24
/** What Standard Webhooks recommends at most. */
export const EVENT_BYTES_MAX = 20_000

export const EVENT_TYPES = ['job.done', 'job.paused', 'points.low', 'points.recharged', 'ping'] as const
export type EventType = (typeof EVENT_TYPES)[number]

const eventType = z.enum(EVENT_TYPES)
const counts = z.record(z.string(), z.int())

/** What the body's `data` holds, by its `type`. */
export const EVENT_DATA = {
  'job.done': z.object({ job: z.string(), counts }),
  'job.paused': z.object({ job: z.string(), reason: z.nullable(z.string()), counts }),
  /** `posted` fell below `threshold`: 100 points, or a tenth of the last recharge; by a charge, a refund or a correction. Once for each time it falls. */
  'points.low': z.object({ posted: z.int(), threshold: z.int() }),
  /** `entry` is the version of the ledger entry, as in /v1/points/entries. */
  'points.recharged': z.object({
    kind: z.enum(['recharge', 'grant']),
    points: z.int(),
    posted: z.int(),
    entry: z.int(),
  }),
  ping: z.object({ webhook: z.string() }),
} as const satisfies Record<EventType, z.ZodMiniType>
export type EventData = { [Type in EventType]: z.infer<(typeof EVENT_DATA)[Type]> }

const events = z.nullable(z.array(eventType).check(z.minLength(1), z.maxLength(EVENT_TYPES.length)))

export const webhookRequest = z.strictObject({
  url: z.string().check(z.minLength(1), z.maxLength(WEBHOOK_URL_CHARACTERS_MAX)),
  /** Left out or null: all there are and will be. */
  events: z.optional(events),
})

export const webhookChange = z.strictObject({
  /** `active` lets one go on that was disabled; what waits for it goes on too. */
  state: z.optional(z.enum(['active', 'disabled'])),
  events: z.optional(events),
})

export const webhook = z.object({
  id: z.string(),
  url: z.string(),
  events: z.nullable(z.array(z.string())),
  state: z.enum(['active', 'disabled']),
  /** `asked`: by an owner · `gone`: the receiver answered 410 · `failing`: nothing arrived, for long or three times over. */
  disabledReason: z.nullable(z.enum(['asked', 'gone', 'failing'])),
  createdAt: z.string(),
})
export const webhooksReply = z.object({ webhooks: z.array(webhook) })
export const webhookReply = z.object({ webhook })
export const webhookCreatedReply = z.object({
  webhook,
  /** `whsec_` and 32 bytes in base64, shown this once. */
  secret: z.string(),
})
export const webhookRotatedReply = z.object({
  secret: z.string(),
  /** Until then the secret before signs too; null where it could not be read any more. */
  oldSecretUntil: z.nullable(z.string()),
})

export const webhookDelivery = z.object({
  id: z.string(),
  event: z.string(),
  /** The header `webhook-id`: the same at every attempt, so that the receiver can tell what it has. */
  messageId: z.string(),
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.int(),
  /** HTTP status of the last attempt. */
  lastStatus: z.nullable(z.int()),
  /** Why the last attempt had no reply: `unknown-name`, `slow`, `certificate`, `broken`, or `refused` for an address that is not called. */
  lastTrouble: z.nullable(z.string()),
  createdAt: z.string(),
  lastAt: z.nullable(z.string()),
  /** Null when it is finished. */
  nextAt: z.nullable(z.string()),
})
export const deliveriesQuery = z.strictObject({ before: z.optional(idCursor), limit: z.optional(pageLimit) })
export const webhookDeliveryReply = z.object({ delivery: z.string() })
export const webhookDeliveriesReply = z.object({
  deliveries: z.array(webhookDelivery),
  /** Id to continue below; null at the end. */
  before: z.nullable(z.string()),
})
