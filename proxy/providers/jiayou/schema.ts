/**
 * Replies of jiayou as its document prints them; only what is read here. Lists are kept unread: each item is checked by itself, so
 * that a bad one never fails its neighbours.
 */
import * as z from 'zod/mini'

// Money on the side: an odd figure must not cost the answers it came with. Databases behind PHP like to print numbers as text.
const amount = z.pipe(z.optional(z.unknown()), z.transform(readAmount))
const text = z.pipe(z.optional(z.unknown()), z.transform(readText))
const id = z.int().check(z.gte(0))

function readAmount(value: unknown): number | null {
  const read = typeof value === 'string' && /^\d{1,15}(?:\.\d+)?$/.test(value) ? Number(value) : value
  return typeof read === 'number' && Number.isFinite(read) && read >= 0 ? read : null
}

function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** Everything comes in this envelope; `code` is -1 for every error, whatever it is. */
export function envelope<Data>(data: z.ZodMiniType<Data>): z.ZodMiniType<{ code: 0; data: Data }> {
  return z.object({ code: z.literal(0), data })
}

export const refusal = z.object({ code: z.number(), message: text })

export const batchQueryData = z.object({
  results: z.array(z.unknown()),
  points_used: amount,
  balance: amount,
})

/** `hscode` is whatever came: to-answer.ts decides what is no code. */
export const batchQueryItem = z.object({ product_name: z.string(), hscode: z.optional(z.unknown()) })

export const submitData = z.object({
  batch_no: z.string().check(z.regex(/^[\w-]{1,64}$/)),
  total: amount,
  processed: amount,
  paused: amount,
  balance: amount,
  task_ids: z.array(id),
  paused_ids: z.array(id),
})

export const tasksData = z.object({
  tasks: z.object({
    items: z.array(z.unknown()),
    total: z.int().check(z.gte(0)),
    page: z.int().check(z.gte(1)),
    pages: z.int().check(z.gte(0)),
  }),
})

export const taskItem = z.object({
  id,
  batch_no: z.string(),
  product_name: z.string(),
  hscode: z.optional(z.unknown()),
  status: z.string(),
  points_deducted: amount,
  created_at: text,
  finished_at: text,
})

export const webhookEvent = z.object({
  event: z.literal('task.completed'),
  task_id: id,
  batch_no: z.string(),
  product_name: z.string(),
  hscode: z.optional(z.unknown()),
  status: z.enum(['success', 'failed']),
})

// The document prints no reply of the webhook calls: only what the other calls suggest is read, and none of it is relied on.
const webhookId = z.pipe(
  z.optional(z.unknown()),
  z.transform((value) => id.safeParse(value).data ?? null),
)
export const webhookCreated = z.looseObject({ id: webhookId, webhook_id: webhookId, secret: text })
export const webhookItem = z.object({
  id: webhookId,
  webhook_id: webhookId,
  webhook_url: text,
  url: text,
  status: z.optional(z.unknown()),
})
