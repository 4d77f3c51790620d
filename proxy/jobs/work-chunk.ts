/**
 * One chunk, answered as cells are: the same path, prices and memory. Its answers are written as they come. A question that failed is
 * that question's answer; what fails for a passing reason is left open, to be tried again.
 */
import { failure, FAILURES, FailureError, isFailure, type FailureName } from '../../shared/error-codes.ts'
import { printFailure } from '../../shared/print-failure.ts'
import type { Answer } from '../../shared/protocol.ts'
import { printBatch, type AnswerDeps, type Asker } from '../answer/answer-batch.ts'
import type { buyAnswers } from '../answer/buy-answers.ts'
import { failureOf } from '../failure-of.ts'
import type { ChunkAnswer, ChunkQuestion, Chunks, Claim, Verdict } from './chunks.ts'

export type Buy = typeof buyAnswers

export interface WorkChunkDeps {
  answer: AnswerDeps
  chunks: Pick<Chunks, 'openQuestions' | 'write'>
  /** How what is not remembered is asked and paid for. */
  buy: Buy
  /** Told of rows whose answer was written. */
  onRows?: ((rows: number) => void) | undefined
  random: () => number
  /** Pauses before a chunk is tried again after a provider's passing trouble; after the last one its questions have failed. */
  pausesMs: readonly number[]
}

const ANSWERS_PER_WRITE = 100
// Somebody else is asking the same, or an upstream is still at it.
const LOOK_AGAIN_MS = 5000
// Far above what one visit takes: what waits for longer is left alone meanwhile, and come back for.
const CHUNK_MS_MAX = 2 * 3600_000

/** @returns how it ended; null when the lease was lost on the way. */
export async function workChunk(deps: WorkChunkDeps, claim: Claim): Promise<Verdict | null> {
  const questions = await deps.chunks.openQuestions(claim)
  const writer = createWriter(deps, claim)
  const isLastTry = claim.tries >= deps.pausesMs.length
  const ending: Ending = { short: null, again: false, isTry: false, pausedMs: 0, pendingMs: null }
  const byId = new Map(questions.map((question) => [question.id, question]))
  try {
    await inTime(
      askAll(deps, claim, questions, ending, (id, answer) => {
        const question = byId.get(id)
        if (question && isFinal(answer, isLastTry, ending)) writer.add({ n: question.n, rows: question.rows, answer })
      }),
    )
    if (!(await writer.finish())) return null
  } catch (error) {
    // A bug, or a database that went away: to be tried again, and said to those who wait when it stays.
    const failed = failureOf(deps.answer.log, error)
    if (isLastTry) {
      const answer = { error: printFailure(failed, claim.language), points: 0 }
      const open = await deps.chunks.openQuestions(claim)
      await deps.chunks.write(
        claim,
        open.map(({ n, rows }) => ({ n, rows, answer })),
      )
      return { kind: 'worked' }
    }
    ending.again = true
    ending.isTry = true
  }
  if (ending.short) return { kind: 'short', reason: ending.short }
  if (!ending.again) return { kind: 'worked' }
  if (!ending.isTry) return { kind: 'again', afterMs: ending.pendingMs ?? LOOK_AGAIN_MS, isTry: false }
  const pauseMs = (deps.pausesMs[claim.tries] ?? 0) * (0.5 + deps.random() / 2)
  return { kind: 'again', afterMs: Math.max(pauseMs, ending.pausedMs), isTry: true }
}

interface Ending {
  short: 'no-points' | 'daily-cap' | null
  again: boolean
  /** Whether something went wrong, or is only not there yet. */
  isTry: boolean
  /** How long an upstream is left alone by its breaker. */
  pausedMs: number
  /** After how long the first of what is pending is worth a look; null: nobody said. */
  pendingMs: number | null
}

/** Whether a question is done with this answer. What it is left open for is noted in `ending`. */
function isFinal({ error }: Omit<Answer, 'id'>, isLastTry: boolean, ending: Ending): boolean {
  const failed = error ? NAMES.get(error.code) : undefined
  if (failed === undefined) return true
  if (failed === 'no-points' || failed === 'daily-cap') {
    ending.short ??= failed
    return false
  }
  if (failed === 'pending') {
    ending.again = true
    return false
  }
  const { kind, retryable } = FAILURES[failed]
  if (kind !== 'service' || !retryable || isLastTry) return true
  ending.again = true
  ending.isTry = true
  return false
}

const NAMES: ReadonlyMap<string, FailureName> = new Map(
  Object.entries(FAILURES).map(([name, { code }]) => [code, name as FailureName]),
)

async function askAll(
  deps: WorkChunkDeps,
  claim: Claim,
  questions: readonly ChunkQuestion[],
  ending: Ending,
  onAnswer: (id: string, answer: Omit<Answer, 'id'>) => void,
): Promise<void> {
  const asker: Asker = {
    workspaceId: claim.workspaceId,
    seatId: claim.seatId,
    dailyCapPoints: claim.dailyCapPoints,
    maySpend: true,
    jobId: claim.jobId,
    // fresh=1 means newer than the job: what this job bought before its worker died is, and is not paid again.
    freshSince: claim.jobCreatedAt,
  }
  const buy: Buy = (buyDeps, buyer, wanted, fill) =>
    deps.buy(buyDeps, buyer, wanted, (at, outcome) => {
      if (isFailure(outcome) && outcome.failed === 'upstream-paused') {
        ending.pausedMs = Math.max(ending.pausedMs, Number(outcome.details.seconds ?? 0) * 1000)
      }
      if (isFailure(outcome) && outcome.failed === 'pending') {
        const { seconds } = outcome.details
        const pendingMs = seconds === undefined ? LOOK_AGAIN_MS : Number(seconds) * 1000
        ending.pendingMs = Math.min(ending.pendingMs ?? pendingMs, pendingMs)
      }
      fill(at, outcome)
    })
  await printBatch(
    deps.answer,
    asker,
    questions,
    { language: claim.language, deadlineMs: null, buy },
    (id, { answer }) => onAnswer(id, answer),
  )
}

/** @throws {FailureError} when it takes longer than anything a chunk waits for. */
async function inTime(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new FailureError(failure('overloaded'))), CHUNK_MS_MAX)
    timer.unref()
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Writes answers behind one another, a bounded number in each transaction. */
function createWriter({ chunks, onRows }: WorkChunkDeps, claim: Claim) {
  let waiting: ChunkAnswer[] = []
  let written: Promise<boolean> = Promise.resolve(true)
  const flush = (): void => {
    const some = waiting
    waiting = []
    if (some.length === 0) return
    written = written.then(async (holdsLease) => {
      if (!holdsLease || !(await chunks.write(claim, some))) return false
      onRows?.(some.reduce((rows, answer) => rows + answer.rows, 0))
      return true
    })
    // Said again by finish().
    written.catch(() => undefined)
  }
  return {
    add(answer: ChunkAnswer): void {
      waiting.push(answer)
      if (waiting.length >= ANSWERS_PER_WRITE) flush()
    },
    /** @returns false when the lease was lost. */
    finish(): Promise<boolean> {
      flush()
      return written
    },
  }
}
