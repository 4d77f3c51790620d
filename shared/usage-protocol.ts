/** The ledger, read: the usage export (which days, and in which form), and its entries in pages. */
import * as z from 'zod/mini'
import { numberCursor, pageLimit } from './list-query.ts'

export const USAGE_DAYS_MAX = 400
export const USAGE_FORMATS = ['csv', 'jsonl'] as const
export type UsageFormat = (typeof USAGE_FORMATS)[number]

const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))

/** UTC days, both inclusive. */
export const usageQuery = z.strictObject({
  from: day,
  to: day,
  format: z._default(z.enum(USAGE_FORMATS), 'csv'),
})

/** Of the ledger's entries page by page; `before` is a version. */
export const entriesQuery = z.strictObject({ before: z.optional(numberCursor), limit: z.optional(pageLimit) })

/** A line of the export as JSON; a CSV has the same columns in the same order. */
export const usageLine = z.object({
  at: z.string(),
  kind: z.string(),
  points: z.int(),
  balanceAfter: z.int(),
  seatName: z.nullable(z.string()),
  seatId: z.nullable(z.string()),
  jobId: z.nullable(z.string()),
  held: z.nullable(z.int()),
  ref: z.string(),
})
export type UsageLine = z.infer<typeof usageLine>
