/**
 * The wire between add-ins and proxy. Schemas are strict: an unknown field is refused, so that a misspelt one is noticed.
 * `zod/mini` in this import form keeps the Sheets bundle at 18 KB instead of 450.
 */
import * as z from 'zod/mini'

export const QUESTIONS_PER_BATCH_MAX = 500
export const DEADLINE_MS_MAX = 55_000

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** One cell's question. `args` as in the cell, scalars only: the add-in spreads a range into questions. A bad one fails alone. */
export const question = z.strictObject({
  id: z.string().check(z.minLength(1), z.maxLength(64)),
  fn: z.string().check(z.maxLength(40)),
  args: z.array(scalar).check(z.maxLength(8)),
})
export type Question = z.infer<typeof question>

export const answersRequest = z.strictObject({
  /** The client's own id of this batch; a retry repeats it. */
  requestId: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  questions: z.array(question).check(z.minLength(1), z.maxLength(QUESTIONS_PER_BATCH_MAX)),
  /** After so many milliseconds unanswered questions come back `pending` and go on in the background. */
  deadlineMs: z.optional(z.int().check(z.gte(1), z.lte(DEADLINE_MS_MAX))),
  /** Language of error sentences. */
  lang: z.optional(z.enum(['en', 'zh', 'fr'])),
  /** Only in `text/plain` bodies, for Excel's JavaScript-only runtime, which can send no header. */
  token: z.optional(z.string().check(z.maxLength(200))),
})
export type AnswersRequest = z.infer<typeof answersRequest>

const cell = z.union([z.string(), z.number(), z.boolean()])
export type Cell = z.infer<typeof cell>

export const answerError = z.object({ code: z.string(), message: z.string(), retryable: z.boolean() })
export type AnswerError = z.infer<typeof answerError>

export const answerSource = z.object({
  /** Who answered: `embedded`, an upstream's name, or `memory`. */
  provider: z.string(),
  /** Edition of the data it answered from. */
  edition: z.string(),
  cached: z.boolean(),
  /** ISO time the answer was first given. */
  at: z.string(),
})
export type AnswerSource = z.infer<typeof answerSource>

/** Exactly one of `value`, `table`, `error`, `pending`. */
export const answer = z.object({
  id: z.string(),
  value: z.optional(cell),
  table: z.optional(z.array(z.array(cell))),
  error: z.optional(answerError),
  pending: z.optional(z.literal(true)),
  source: z.optional(answerSource),
  /** Points this answer cost, charged already. */
  points: z.int(),
})
export type Answer = z.infer<typeof answer>

export const pointsSummary = z.object({
  /** What can be spent: posted less held. */
  balance: z.int(),
  held: z.int(),
  /** Points spent by this batch; absent outside a batch. */
  spent: z.optional(z.int()),
})
export type PointsSummary = z.infer<typeof pointsSummary>

export const answersReply = z.object({
  requestId: z.optional(z.string()),
  answers: z.array(answer),
  points: pointsSummary,
})
export type AnswersReply = z.infer<typeof answersReply>

/** Last line of an NDJSON reply. */
export const answersDone = z.object({ done: z.literal(true), points: pointsSummary })

export const errorReply = z.object({ error: answerError })

export const DAILY_CAP_POINTS_MAX = 1_000_000_000

export const NAME_CHARACTERS_MAX = 80

/** What a seat or a workspace is called: one line, shown in lists and terminals. */
export const shownName = z.string().check(z.maxLength(NAME_CHARACTERS_MAX), z.regex(/^\P{Cc}*$/u))

export const givenName = shownName.check(z.minLength(1))

/** Points a seat may spend a day; null: no limit of its own. */
export const dailyCap = z.nullable(z.int().check(z.gte(0), z.lte(DAILY_CAP_POINTS_MAX)))

export const sessionRequest = z.strictObject({
  /** One-time connection code, with or without its dash. */
  code: z.string().check(z.minLength(4), z.maxLength(40)),
  /** What the seat is called in lists: a person, a sheet, a machine. */
  name: z.optional(shownName),
})

export const sessionReply = z.object({
  token: z.optional(z.string()),
  seat: z.object({
    id: z.string(),
    name: z.string(),
    role: z.enum(['owner', 'seat', 'cell']),
    dailyCapPoints: z.nullable(z.int()),
  }),
  workspace: z.object({ id: z.string(), name: z.string() }),
})
export type SessionReply = z.infer<typeof sessionReply>

export const connectionCodeRequest = z.strictObject({
  name: z.optional(shownName),
  role: z.optional(z.enum(['seat', 'cell'])),
  /** Of the seat it makes. */
  dailyCapPoints: z.optional(dailyCap),
})
export const connectionCodeReply = z.object({ code: z.string(), expiresAt: z.string() })

export const pointsReply = z.object({
  balance: z.int(),
  held: z.int(),
  posted: z.int(),
  /** Points that this seat spent or set aside since 00:00 UTC. */
  spentToday: z.int(),
  /** What it may spend a day, and what is left of that; null: without a limit. */
  dailyCap: z.nullable(z.int()),
  capLeft: z.nullable(z.int()),
  /** Whether points can be paid for online here; left out by proxies that do not say. */
  canPay: z.optional(z.boolean()),
  /** Changes when the same questions may be answered another way: other tariffs, other upstreams, other approved codes. */
  dataVersion: z.optional(z.string()),
})

export const ledgerEntry = z.object({
  version: z.int(),
  kind: z.string(),
  points: z.int(),
  balanceAfter: z.int(),
  ref: z.string(),
  at: z.string(),
})
export const entriesReply = z.object({ entries: z.array(ledgerEntry), before: z.nullable(z.int()) })
