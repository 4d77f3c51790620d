/** Jobs and their rows as they stand on the wire. */
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { JobReply, JobRowReply } from '../../shared/jobs-protocol.ts'
import type { Language } from '../../shared/language.ts'
import { printFailure } from '../../shared/print-failure.ts'
import type { Answer } from '../../shared/protocol.ts'
import type { Job } from '../jobs/job.ts'
import { JOB_KEPT_MS, type JobRow, type JobWithPoints } from '../jobs/jobs.ts'

export function printJob({ job, points }: JobWithPoints, now: number, language: Language): JobReply {
  const failed = pauseFailure(job)
  return {
    id: job.id,
    requestId: job.requestId,
    name: job.name,
    state: job.state,
    paused: job.reason === null ? null : { reason: job.reason, error: failed ? printFailure(failed, language) : null },
    rows: job.rows,
    questions: job.questions,
    counts: { blank: job.blanks, ...job.counts },
    points,
    secondsLeft: secondsLeft(job, now),
    createdAt: printTime(job.createdAt),
    finishedAt: job.finishedAt === null ? null : printTime(job.finishedAt),
    rowsUntil: job.finishedAt === null ? null : printTime(job.finishedAt + JOB_KEPT_MS),
  }
}

function pauseFailure({ reason, dailyCapPoints }: Job): Failure | null {
  switch (reason) {
    case null:
    case 'person':
      return null
    case 'no-points':
      return failure('no-points')
    case 'daily-cap':
      return failure('daily-cap', { cap: dailyCapPoints ?? 0 })
    case 'seat-revoked':
      return failure('not-connected')
  }
}

/** At the speed since it last began or went on. */
function secondsLeft({ state, counts, startedAt, startedRows }: Job, now: number): number | null {
  const rows = counts.answered + counts.failed - startedRows
  if (state !== 'running' || startedAt === null || rows <= 0) return null
  return Math.ceil(((now - startedAt) / 1000 / rows) * counts.open)
}

export function printRow({ n, rowId, state, answer, isFirst }: JobRow, language: Language): JobRowReply {
  const printed = { row: n, id: rowId, state }
  switch (state) {
    case 'blank':
      return { ...printed, answer: { id: rowId, value: '', points: 0 } }
    case 'cancelled':
      return { ...printed, answer: { id: rowId, error: printFailure(failure('row-cancelled'), language), points: 0 } }
    case 'answered':
    case 'failed': {
      const said = JSON.parse(answer ?? '{}') as Omit<Answer, 'id'>
      // The first of equal rows bears the price of the question.
      return { ...printed, answer: { id: rowId, ...said, points: isFirst ? said.points : 0 } }
    }
    case 'open':
    case 'paused':
      return printed
  }
}

function printTime(at: number): string {
  return new Date(at).toISOString()
}
