/**
 * Bulk runs as people see them: made, read, paused, resumed, cancelled, retried. Every query carries its workspace. The runner
 * (runner.ts) works through them.
 */
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { JOB_DAYS_KEPT, type JobQuestion, type JobState, type RowState } from '../../shared/jobs-protocol.ts'
import type { Language } from '../../shared/language.ts'
import type { Audit } from '../audit/audit.ts'
import type { Database, Transaction } from '../database.ts'
import { readJobPoints, type JobPoints } from '../ledger/read-points.ts'
import { concludeJob, tellChanged, type ConcludeDeps } from './conclude-job.ts'
import { createJobIn, refuseTooMany } from './create-job.ts'
import { lockJob, lockTurn, readJob, recount, ROW_STATE, selectJobs, type Job, type JobPlace } from './job.ts'
import { ACTION_WORDS, STATE_WORDS, type JobAction } from './phrases.ts'
import { hashRequest, planJob } from './plan-job.ts'

export interface JobsDeps extends ConcludeDeps {
  database: Database
  audit: Pick<Audit, 'recordIn'>
  newId: () => string
}

export interface JobRequest {
  workspaceId: string
  seatId: string
  requestId: string
  name: string
  /** Of error sentences; null: `reader`, which is no part of the request. */
  language: Language | null
  reader: Language
  questions: readonly JobQuestion[]
}

/** Who changes a job: a seat of its workspace, or the operator. */
export interface JobActor {
  /** As it stands in the audit. */
  name: string
  /** In whose name the job goes on when the seat that made it is gone. */
  seatId: string | null
}

export interface JobRow {
  n: number
  rowId: string
  state: RowState
  /** JSON of the wire's answer but for its id; null where there is none. */
  answer: string | null
  /** Whether it is the first of equal rows. */
  isFirst: boolean
}

export interface JobWithPoints {
  job: Job
  points: JobPoints
}

export const JOB_KEPT_MS = JOB_DAYS_KEPT * 24 * 3600_000

export type Jobs = ReturnType<typeof createJobs>

export function createJobs(deps: JobsDeps) {
  const { database, audit, now, newId } = deps

  const withPoints = async (jobs: readonly Job[]): Promise<JobWithPoints[]> => {
    const [first] = jobs
    if (!first) return []
    const points = await readJobPoints(
      database,
      first.workspaceId,
      jobs.map(({ id }) => id),
    )
    return jobs.map((job) => ({ job, points: points.get(job.id) ?? { spent: 0, held: 0 } }))
  }

  /** One deed on one job, with its locks before it and its traces behind it. */
  const change = (
    place: JobPlace,
    actor: JobActor,
    action: JobAction,
    work: (tx: Transaction, state: JobState) => Promise<Failure | null>,
  ): Promise<Job | Failure> =>
    database.transaction(async (tx) => {
      await lockTurn(tx, place.workspaceId)
      const locked = await lockJob(tx, place)
      if (!locked) return failure('job-unknown', { job: place.jobId })
      const refused = await work(tx, locked.state)
      if (refused) return refused
      await audit.recordIn(tx, {
        workspaceId: place.workspaceId,
        actor: actor.name,
        action: `job.${action}`,
        detail: { job: place.jobId },
      })
      await tx.notify('jobs', place.jobId)
      return (await readJob(tx, place))!
    })

  return {
    /** Makes a job once for each request id. @returns whether this call made it; or `request-changed`, `too-many-jobs`. */
    async create(request: JobRequest): Promise<{ job: Job; isNew: boolean } | Failure> {
      const { workspaceId, seatId, requestId, name, language, reader, questions } = request
      const plan = await planJob(questions)
      const id = newId()
      const requestHash = await hashRequest({ name, language, questions })
      const createdAt = now()
      return database.transaction(
        async (tx) => {
          const made = await createJobIn(tx, {
            id,
            workspaceId,
            seatId,
            requestId,
            requestHash,
            name,
            language: language ?? reader,
            plan,
            createdAt,
          })
          if (isFailure(made)) return made
          const place = { workspaceId, jobId: made }
          if (made === id) {
            const detail = { job: id, rows: plan.rows.length, questions: plan.questions.length }
            await audit.recordIn(tx, { workspaceId, actor: seatId, action: 'job.create', detail })
            if (plan.questions.length === 0) await tellChanged(deps, tx, place)
          }
          return { job: (await readJob(tx, place))!, isNew: made === id }
        },
        { repeatable: true },
      )
    },

    /** @returns the failure `job-unknown` for one of another workspace too. */
    async get(place: JobPlace): Promise<JobWithPoints | Failure> {
      const job = await readJob(database, place)
      if (!job) return failure('job-unknown', { job: place.jobId })
      return (await withPoints([job]))[0]!
    },

    /** Newest first. @param before the job to continue behind. */
    async list(workspaceId: string, page: { before: string | null; limit: number }): Promise<JobWithPoints[]> {
      const last =
        page.before === null
          ? undefined
          : await database.get<{ createdAt: number }>(
              'SELECT created_at AS "createdAt" FROM job WHERE id = $1 AND workspace_id = $2',
              [page.before, workspaceId],
            )
      if (page.before !== null && !last) return []
      const createdAt = last?.createdAt ?? Number.MAX_SAFE_INTEGER
      return withPoints(
        await selectJobs(
          database,
          'j.workspace_id = $1 AND (j.created_at < $2 OR (j.created_at = $2 AND j.id < $3))',
          'ORDER BY j.created_at DESC, j.id DESC LIMIT $4',
          [workspaceId, createdAt, page.before ?? '', page.limit],
        ),
      )
    },

    /** In the rows' order. @param page `after`: the row to continue behind, -1 for the beginning. */
    async rows(
      { workspaceId, jobId }: JobPlace,
      page: { after: number; limit: number; state: RowState | null },
    ): Promise<JobRow[]> {
      const rows = await database.all<Omit<JobRow, 'isFirst'> & { isFirst: number }>(
        `SELECT n, "rowId", state, answer, "isFirst" FROM (
           SELECT r.n, r.row_id AS "rowId", ${ROW_STATE} AS state, q.answer,
             CASE WHEN q.first_row = r.n THEN 1 ELSE 0 END AS "isFirst"
           FROM job_row r JOIN job j ON j.id = r.job_id
             LEFT JOIN job_question q ON q.job_id = r.job_id AND q.n = r.question
             LEFT JOIN job_chunk c ON c.job_id = q.job_id AND c.n = q.chunk
           WHERE r.job_id = $1 AND r.workspace_id = $2 AND r.n > $3) AS named
         WHERE state = $4 OR $5 = 1 ORDER BY n LIMIT $6`,
        [jobId, workspaceId, page.after, page.state ?? '', page.state === null ? 1 : 0, page.limit],
      )
      return rows.map((row) => ({ ...row, isFirst: row.isFirst === 1 }))
    },

    /** No chunk is begun any more; those under way are finished, because they are paid. */
    pause: (place: JobPlace, actor: JobActor) =>
      change(place, actor, 'pause', async (tx, state) => {
        if (state === 'done' || state === 'cancelled') return refused(state, 'pause')
        const before = await readJob(tx, place)
        if (before?.reason === 'person') return null
        await tx.run("UPDATE job SET state = 'paused', reason = 'person' WHERE id = $1 AND workspace_id = $2", [
          place.jobId,
          place.workspaceId,
        ])
        await tellChanged(deps, tx, place)
        return null
      }),

    /** Goes on with all that is paused, whatever it was paused for. */
    resume: (place: JobPlace, actor: JobActor) =>
      change(place, actor, 'resume', async (tx, state) => {
        if (state === 'done' || state === 'cancelled') return refused(state, 'resume')
        await takeOver(tx, place, actor)
        await tx.run(
          `UPDATE job SET state = 'running', reason = NULL, started_at = NULL WHERE id = $1 AND workspace_id = $2`,
          [place.jobId, place.workspaceId],
        )
        await tx.run(
          `UPDATE job_chunk SET state = 'queued', reason = NULL, due_at = 0, tries = 0, attempts = 0
           WHERE job_id = $1 AND workspace_id = $2 AND state IN ('paused', 'queued')`,
          [place.jobId, place.workspaceId],
        )
        return null
      }),

    /** Asks nothing more. Chunks under way are finished: their answers are paid, and shown. */
    cancel: (place: JobPlace, actor: JobActor) =>
      change(place, actor, 'cancel', async (tx, state) => {
        if (state === 'cancelled') return null
        if (state === 'done') return refused(state, 'cancel')
        await tx.run("UPDATE job SET state = 'cancelled', reason = NULL WHERE id = $1 AND workspace_id = $2", [
          place.jobId,
          place.workspaceId,
        ])
        await cancelIdleChunks(tx, place)
        await concludeJob(deps, tx, place)
        return null
      }),

    /** Asks again what failed for a passing reason, or all that failed; and what was cancelled. */
    retry: (place: JobPlace, actor: JobActor, isAll: boolean) =>
      change(place, actor, 'retry', async (tx, state) => {
        const { jobId, workspaceId } = place
        const finishedAt = (await readJob(tx, place))?.finishedAt ?? null
        const tooMany = finishedAt === null ? null : await refuseTooMany(tx, workspaceId)
        if (tooMany) return tooMany
        // Past its days its answers may be deleted at any moment.
        const isOver = finishedAt !== null && finishedAt + JOB_KEPT_MS <= now()
        const reopened = isOver
          ? 0
          : await tx.run(
              `UPDATE job_question SET state = 'open', retryable = 0, answer = NULL, finished_at = NULL
               WHERE job_id = $1 AND workspace_id = $2
                 AND (state = 'cancelled' OR (state = 'failed' AND (retryable = 1 OR $3 = 1)))`,
              [jobId, workspaceId, isAll ? 1 : 0],
            )
        if (reopened === 0) return refused(state, 'retry')
        await takeOver(tx, place, actor)
        await tx.run(
          `UPDATE job SET finished_at = NULL, started_at = NULL,
             state = CASE WHEN state = 'paused' THEN 'paused' ELSE 'running' END
           WHERE id = $1 AND workspace_id = $2`,
          [jobId, workspaceId],
        )
        await recount(tx, place, null)
        await tx.run(
          `UPDATE job_chunk SET state = 'queued', due_at = 0, tries = 0, attempts = 0
           WHERE job_id = $1 AND workspace_id = $2 AND state = 'done' AND open_rows > 0`,
          [jobId, workspaceId],
        )
        return null
      }),

    /** Of all workspaces; for metrics. */
    async load(): Promise<{ open: number; queued: number; leased: number; paused: number }> {
      const open = await database.get<{ n: number }>('SELECT COUNT(*) AS n FROM job WHERE finished_at IS NULL')
      const chunks = await database.all<{ state: 'queued' | 'leased' | 'paused'; n: number }>(
        "SELECT state, COUNT(*) AS n FROM job_chunk WHERE state IN ('queued', 'leased', 'paused') GROUP BY state",
      )
      const of = (state: string): number => chunks.find((chunk) => chunk.state === state)?.n ?? 0
      return { open: open?.n ?? 0, queued: of('queued'), leased: of('leased'), paused: of('paused') }
    },
  }
}

function refused(state: JobState, action: JobAction): Failure {
  return failure('job-state', { state: STATE_WORDS[state], action: ACTION_WORDS[action] })
}

/** What nobody works on is asked no more. The job must be locked. */
export async function cancelIdleChunks(tx: Transaction, place: JobPlace): Promise<void> {
  const { jobId, workspaceId } = place
  await tx.run(
    `UPDATE job_question SET state = 'cancelled' WHERE job_id = $1 AND workspace_id = $2 AND state = 'open'
       AND chunk IN (SELECT n FROM job_chunk WHERE job_id = $1 AND state IN ('queued', 'paused'))`,
    [jobId, workspaceId],
  )
  await tx.run(
    `UPDATE job_chunk SET state = 'done', reason = NULL
     WHERE job_id = $1 AND workspace_id = $2 AND state IN ('queued', 'paused')`,
    [jobId, workspaceId],
  )
  await recount(tx, place, null)
}

/** A job whose seat was revoked goes on in the name of whoever sets it going again: a person, or the workspace's owner. */
async function takeOver(tx: Transaction, { jobId, workspaceId }: JobPlace, actor: JobActor): Promise<void> {
  const revoked = await tx.get(
    `SELECT 1 AS one FROM job j JOIN seat s ON s.id = j.seat_id
     WHERE j.id = $1 AND j.workspace_id = $2 AND s.revoked_at IS NOT NULL`,
    [jobId, workspaceId],
  )
  if (!revoked) return
  const owner = await tx.get<{ id: string }>(
    `SELECT id FROM seat WHERE workspace_id = $1 AND role = 'owner' AND revoked_at IS NULL ORDER BY created_at, id LIMIT 1`,
    [workspaceId],
  )
  const seatId = actor.seatId ?? owner?.id
  if (seatId !== undefined) {
    await tx.run('UPDATE job SET seat_id = $3 WHERE id = $1 AND workspace_id = $2', [jobId, workspaceId, seatId])
  }
}
