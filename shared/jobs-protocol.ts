/** The wire of bulk jobs, beside the one of cells. Strict, as `protocol.ts` is. */
import * as z from 'zod/mini'
import { idCursor, numberCursor, pageLimit } from './list-query.ts'
import { answer, answerError, question } from './protocol.ts'

export const JOB_ROWS_MAX = 50_000
/** 50,000 rows of 512 characters, in JSON and mostly not in Chinese. */
export const JOB_BODY_BYTES_MAX = 32_000_000
export const JOB_ROWS_PER_PAGE_MAX = 1000
export const JOBS_PER_PAGE_MAX = 100
/** Days that the answers of a finished job can be read. */
export const JOB_DAYS_KEPT = 30

// PostgreSQL keeps no NUL in a text.
const line = (min: number, max: number) =>
  z.string().check(
    z.minLength(min),
    z.maxLength(max),
    z.refine((text) => !text.includes('\0')),
  )

/** A row's question; `id` is the client's own name of the row. */
export const jobQuestion = z.extend(question, { id: line(1, 64) })
export type JobQuestion = z.infer<typeof jobQuestion>

// Read one by one, so that 50,000 of them do not hold up everybody else.
const questions = z.array(z.unknown()).check(z.minLength(1))
const lang = z.optional(z.enum(['en', 'zh', 'fr']))

export const estimateRequest = z.strictObject({ questions, lang })
export const jobRequest = z.strictObject({
  /** The client's own id of this job: sent again, it makes no second one. */
  requestId: line(1, 64),
  name: z.optional(line(0, 120)),
  questions,
  /** Language of error sentences. */
  lang,
})
export const retryRequest = z.strictObject({
  /** Those too that would most likely fail again. */
  all: z.optional(z.boolean()),
})

/** What {@link estimateRequest} and {@link jobRequest} look like to who reads the documentation. */
const documentedQuestions = z.array(jobQuestion).check(z.minLength(1), z.maxLength(JOB_ROWS_MAX))
export const documentedEstimateRequest = z.extend(estimateRequest, { questions: documentedQuestions })
export const documentedJobRequest = z.extend(jobRequest, { questions: documentedQuestions })

/**
 * What a job would cost, by what is known now: rows = blanks + bad + duplicates + remembered + free + toPay.
 */
export const estimateReply = z.object({
  rows: z.int(),
  /** Rows that ask nothing. */
  blanks: z.int(),
  /** Rows that cannot be asked, and why the first of them cannot. */
  bad: z.int(),
  badRows: z.array(z.object({ id: z.string(), row: z.int(), error: answerError })),
  /** Rows that share what is looked up with a row before. */
  duplicates: z.int(),
  /** Look-ups that were paid before. */
  remembered: z.int(),
  /** Look-ups that cost nothing. */
  free: z.int(),
  toPay: z.int(),
  points: z.int(),
  /** The same in CNY. */
  cny: z.number(),
  /** Points that can be spent. */
  balance: z.int(),
  enough: z.boolean(),
  /** Points this connection may still spend today; null: without a limit. */
  dailyCapLeft: z.nullable(z.int()),
  /** Who would be asked what is not remembered. */
  byProvider: z.array(z.object({ provider: z.string(), questions: z.int(), points: z.int() })),
})
export type EstimateReply = z.infer<typeof estimateReply>

export const JOB_STATES = ['running', 'paused', 'cancelled', 'done'] as const
export type JobState = (typeof JOB_STATES)[number]

/** `person`: until somebody resumes it · `no-points`: until a recharge · `daily-cap`: until the next day, UTC · `seat-revoked`: until
 * somebody else resumes it, in whose name it then goes on. */
export const PAUSE_REASONS = ['person', 'no-points', 'daily-cap', 'seat-revoked'] as const
export type PauseReason = (typeof PAUSE_REASONS)[number]

export const ROW_STATES = ['blank', 'open', 'paused', 'answered', 'failed', 'cancelled'] as const
export type RowState = (typeof ROW_STATES)[number]

export const job = z.object({
  id: z.string(),
  requestId: z.string(),
  name: z.string(),
  state: z.enum(JOB_STATES),
  /** Why it is paused; null where it is not. `error` is the sentence for people where there is one. */
  paused: z.nullable(z.object({ reason: z.enum(PAUSE_REASONS), error: z.nullable(answerError) })),
  rows: z.int(),
  /** Different questions among the rows. */
  questions: z.int(),
  /** Rows by state. */
  counts: z.object({
    blank: z.int(),
    open: z.int(),
    paused: z.int(),
    answered: z.int(),
    failed: z.int(),
    cancelled: z.int(),
  }),
  /** Charged for it, and set aside for what is being asked. */
  points: z.object({ spent: z.int(), held: z.int() }),
  /** At the speed it has; null where it does not move or has only begun. */
  secondsLeft: z.nullable(z.int()),
  createdAt: z.string(),
  /** When nothing of it was under way any more. */
  finishedAt: z.nullable(z.string()),
  /** Until when its rows can be read; null while it is not finished. */
  rowsUntil: z.nullable(z.string()),
})
export type JobReply = z.infer<typeof job>

export const jobsQuery = z.strictObject({ before: z.optional(idCursor), limit: z.optional(pageLimit) })
/** `before`: where the next page begins; null at the end. */
export const jobsReply = z.object({ jobs: z.array(job), before: z.nullable(z.string()) })

export const jobRow = z.object({
  /** Place among the rows, from 0. */
  row: z.int(),
  id: z.string(),
  state: z.enum(ROW_STATES),
  /** Where the state is blank, answered, failed or cancelled. The first of equal rows bears the points. */
  answer: z.optional(answer),
})
export type JobRowReply = z.infer<typeof jobRow>
export const jobRowsQuery = z.strictObject({
  after: z.optional(numberCursor),
  limit: z.optional(pageLimit),
  state: z.optional(z.enum(ROW_STATES)),
})
/** `after`: the row to continue behind; null at the end. */
export const jobRowsReply = z.object({ rows: z.array(jobRow), after: z.nullable(z.int()) })
