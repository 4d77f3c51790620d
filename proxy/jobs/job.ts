/** A job as it stands: its line, and its rows counted by state. */
import type { Language } from '../../shared/language.ts'
import type { JobState, PauseReason } from '../../shared/jobs-protocol.ts'
import type { Rows, SqlValue, Transaction } from '../database.ts'

export interface Job {
  id: string
  workspaceId: string
  seatId: string
  /** Points a day of that seat; null is without a limit. */
  dailyCapPoints: number | null
  requestId: string
  name: string
  language: Language
  state: JobState
  /** Why it is paused; null where it is not. */
  reason: PauseReason | null
  rows: number
  blanks: number
  questions: number
  createdAt: number
  /** When it last began or went on, and the rows that were finished then; null before the first chunk. */
  startedAt: number | null
  startedRows: number
  /** When nothing of it was under way any more. */
  finishedAt: number | null
  /** Rows that ask something, by state. */
  counts: { open: number; paused: number; answered: number; failed: number; cancelled: number }
}

/** Which job, and whose: a foreign one is not found. */
export interface JobPlace {
  workspaceId: string
  jobId: string
}

type JobRow = Omit<Job, 'counts'> & Job['counts']

// An open row is called paused where nobody would take it up by itself: its chunk waits for points, or the whole job is paused.
const PAUSED = "(c.state = 'paused' OR (j.state = 'paused' AND c.state = 'queued'))"

const SELECT_JOB = `SELECT j.id, j.workspace_id AS "workspaceId", j.seat_id AS "seatId",
    (SELECT s.daily_cap_points FROM seat s WHERE s.id = j.seat_id) AS "dailyCapPoints",
    j.request_id AS "requestId", j.name, j.language, j.state, j.reason, j.row_count AS rows, j.blank_count AS blanks, j.question_count AS questions,
    j.created_at AS "createdAt", j.started_at AS "startedAt", j.started_rows AS "startedRows",
    j.finished_at AS "finishedAt",
    COALESCE(SUM(CASE WHEN ${PAUSED} THEN 0 ELSE c.open_rows END), 0) AS open,
    COALESCE(SUM(CASE WHEN ${PAUSED} THEN c.open_rows ELSE 0 END), 0) AS paused,
    COALESCE(SUM(c.answered_rows), 0) AS answered, COALESCE(SUM(c.failed_rows), 0) AS failed,
    COALESCE(SUM(c.cancelled_rows), 0) AS cancelled
  FROM job j LEFT JOIN job_chunk c ON c.job_id = j.id`

export async function selectJobs(rows: Rows, where: string, order: string, values: SqlValue[]): Promise<Job[]> {
  const found = await rows.all<JobRow>(`${SELECT_JOB} WHERE ${where} GROUP BY j.id ${order}`, values)
  return found.map(({ open, paused, answered, failed, cancelled, ...job }) => ({
    ...job,
    counts: { open, paused, answered, failed, cancelled },
  }))
}

export async function readJob(rows: Rows, { workspaceId, jobId }: JobPlace): Promise<Job | undefined> {
  const [job] = await selectJobs(rows, 'j.id = $1 AND j.workspace_id = $2', '', [jobId, workspaceId])
  return job
}

/** What a row is called, over `job_row r`, `job_question q`, `job_chunk c` and `job j`. */
export const ROW_STATE = `CASE WHEN r.question IS NULL THEN 'blank' WHEN q.state = 'open' AND ${PAUSED} THEN 'paused' ELSE q.state END`

/**
 * Makes whoever changes jobs of this workspace, or credits it, wait for the end of this transaction. First of all locks: whether
 * there are points and whether somebody waits for them must not change between the two looks.
 */
export async function lockTurn(tx: Transaction, workspaceId: string): Promise<void> {
  await tx.run('UPDATE job_turn SET turn = turn WHERE workspace_id = $1', [workspaceId])
}

/** Second of all locks. @returns how the job stands; undefined where there is none. */
export function lockJob(tx: Transaction, { workspaceId, jobId }: JobPlace): Promise<{ state: JobState } | undefined> {
  return tx.get('UPDATE job SET turn = turn WHERE id = $1 AND workspace_id = $2 RETURNING state', [jobId, workspaceId])
}

/** Counts the rows of a job's chunks anew. @param chunk null: of all of them. */
export async function recount(tx: Transaction, { workspaceId, jobId }: JobPlace, chunk: number | null): Promise<void> {
  const rowsOf = (state: string): string =>
    `(SELECT COALESCE(SUM(q.row_count), 0) FROM job_question q WHERE q.job_id = job_chunk.job_id
       AND q.workspace_id = job_chunk.workspace_id AND q.chunk = job_chunk.n AND q.state = '${state}')`
  await tx.run(
    `UPDATE job_chunk SET open_rows = ${rowsOf('open')}, answered_rows = ${rowsOf('answered')},
       failed_rows = ${rowsOf('failed')}, cancelled_rows = ${rowsOf('cancelled')}
     WHERE job_id = $1 AND workspace_id = $2${chunk === null ? '' : ' AND n = $3'}`,
    chunk === null ? [jobId, workspaceId] : [jobId, workspaceId, chunk],
  )
}
