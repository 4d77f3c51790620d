/** The wire of whoever runs a workspace: its seats, their tokens, what was changed. Strict, as `protocol.ts` is. */
import * as z from 'zod/mini'
import { pageLimit } from './list-query.ts'
import { DAILY_CAP_POINTS_MAX, dailyCap, givenName } from './protocol.ts'

export const OVERLAP_HOURS_MAX = 720
export const AUDIT_ENTRIES_PER_PAGE_MAX = 200

export const seatRequest = z.strictObject({
  name: givenName,
  /** `cell` is for WEBSERVICE and IMPORTDATA, whose token stands in an address. An owner is made at the command line. */
  role: z.enum(['seat', 'cell']),
  dailyCapPoints: z.optional(dailyCap),
})

/** A SHA-256 as base64url, of what only that spreadsheet's add-on knows. Its requests carry it in `Tariffcell-Spreadsheet`. */
const spreadsheetMark = z.string().check(z.regex(/^[\w-]{43}$/))

/** For the formulas of one spreadsheet: a token of role cell that is good there and nowhere else. */
export const sheetSeatRequest = z.strictObject({
  name: givenName,
  spreadsheet: spreadsheetMark,
  /** Everybody who edits the spreadsheet can spend by it. */
  dailyCapPoints: z.int().check(z.gte(0), z.lte(DAILY_CAP_POINTS_MAX)),
})

/** What is left out stays as it is. */
export const seatChanges = z.strictObject({
  name: z.optional(givenName),
  dailyCapPoints: z.optional(dailyCap),
})

export const sheetSeatQuery = z.strictObject({ spreadsheet: spreadsheetMark })
/** null: its formulas are not enabled, or with another workspace's points. */
export const sheetSeatReply = z.object({
  sheet: z.nullable(
    z.object({
      id: z.string(),
      dailyCapPoints: z.int(),
      /** Points its formulas spent or set aside today (UTC). */
      spentToday: z.int(),
    }),
  ),
})

export const rotateRequest = z.strictObject({
  /** How long the token before goes on working; 24 when left out, 0 when it is in the wrong hands. */
  overlapHours: z.optional(z.int().check(z.gte(0), z.lte(OVERLAP_HOURS_MAX))),
})

export const seatEntry = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['owner', 'seat', 'cell']),
  dailyCapPoints: z.nullable(z.int()),
  /** Points spent or set aside today (UTC). */
  spentToday: z.int(),
  createdAt: z.string(),
  /** The day (UTC), as 2026-03-01; null: never. */
  lastUsed: z.nullable(z.string()),
  /** The mark of the spreadsheet it answers; null: it asks from anywhere. */
  spreadsheet: z.nullable(z.string()),
  revokedAt: z.nullable(z.string()),
})
export type SeatEntryReply = z.infer<typeof seatEntry>
export const seatsReply = z.object({ seats: z.array(seatEntry) })

/** The token is shown this once. */
export const newSeatReply = z.object({ id: z.string(), token: z.string() })
export const rotateReply = z.object({
  token: z.string(),
  /** When the token before ends. */
  previousEndsAt: z.string(),
})

export const auditQuery = z.strictObject({
  /** `before` of the page above. */
  before: z.optional(z.string().check(z.regex(/^\d{1,15}\.[\w-]{1,64}$/))),
  limit: z.optional(pageLimit),
})
export const auditReply = z.object({
  entries: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      /** A seat's id, `operator` at the command line, or an outside service. */
      actor: z.string(),
      /** Thing and deed, such as `seat.create`. */
      action: z.string(),
      detail: z.record(z.string(), z.nullable(z.union([z.string(), z.number()]))),
    }),
  ),
  before: z.nullable(z.string()),
})
