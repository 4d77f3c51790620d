/** Writes a new job, whole or not at all. */
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { Language } from '../../shared/language.ts'
import type { SqlValue, Transaction } from '../database.ts'
import { breathe, ROWS_PER_SLICE } from './breathe.ts'
import { chunkOf, type JobPlan } from './plan-job.ts'

export interface NewJob {
  id: string
  workspaceId: string
  seatId: string
  requestId: string
  requestHash: string
  name: string
  language: Language
  plan: JobPlan
  createdAt: number
}

/** Jobs of a workspace that may be unfinished at once. */
export const OPEN_JOBS_MAX = 20
// Few enough values for one statement on every engine, and few different statements.
const ROWS_PER_INSERT = 100

/**
 * @returns the id of the job: an earlier one where the request came before; or the failure `request-changed`, `too-many-jobs`.
 */
export async function createJobIn(tx: Transaction, job: NewJob): Promise<string | Failure> {
  // The workspace's turn first: of equal requests at once the first one makes the job, the others find it.
  await tx.run(
    'INSERT INTO job_turn(workspace_id) VALUES($1) ON CONFLICT(workspace_id) DO UPDATE SET turn = job_turn.turn',
    [job.workspaceId],
  )
  const before = await tx.get<{ id: string; requestHash: string }>(
    'SELECT id, request_hash AS "requestHash" FROM job WHERE workspace_id = $1 AND request_id = $2',
    [job.workspaceId, job.requestId],
  )
  if (before) return before.requestHash === job.requestHash ? before.id : failure('request-changed')
  const tooMany = await refuseTooMany(tx, job.workspaceId)
  if (tooMany) return tooMany

  const { plan } = job
  const isDone = plan.questions.length === 0
  await tx.run(
    `INSERT INTO job(id, workspace_id, seat_id, request_id, request_hash, name, language, state, row_count, blank_count,
       question_count, created_at, finished_at)
     VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      job.id,
      job.workspaceId,
      job.seatId,
      job.requestId,
      job.requestHash,
      job.name,
      job.language,
      isDone ? 'done' : 'running',
      plan.rows.length,
      plan.blanks,
      plan.questions.length,
      job.createdAt,
      isDone ? job.createdAt : null,
    ],
  )
  await insertChunks(tx, job)
  await insertSlices(
    tx,
    'job_question(job_id, workspace_id, n, chunk, fn, args, first_row, row_count, state)',
    plan.questions,
    ({ fn, args, firstRow, rows }, n) => [
      job.id,
      job.workspaceId,
      n,
      chunkOf(n),
      fn,
      JSON.stringify(args),
      firstRow,
      rows,
      'open',
    ],
  )
  await insertSlices(tx, 'job_row(job_id, workspace_id, n, row_id, question)', plan.rows, ({ id, question }, n) => [
    job.id,
    job.workspaceId,
    n,
    id,
    question,
  ])
  await tx.notify('jobs', job.id)
  return job.id
}

export async function refuseTooMany(tx: Transaction, workspaceId: string): Promise<Failure | null> {
  const open = await tx.get<{ n: number }>(
    'SELECT COUNT(*) AS n FROM job WHERE workspace_id = $1 AND finished_at IS NULL',
    [workspaceId],
  )
  const count = open?.n ?? 0
  return count >= OPEN_JOBS_MAX ? failure('too-many-jobs', { count, max: OPEN_JOBS_MAX }) : null
}

async function insertChunks(tx: Transaction, { id, workspaceId, plan }: NewJob): Promise<void> {
  const rows: number[] = []
  for (const [n, question] of plan.questions.entries()) rows[chunkOf(n)] = (rows[chunkOf(n)] ?? 0) + question.rows
  await insertSlices(tx, 'job_chunk(job_id, workspace_id, n, state, open_rows)', rows, (count, n) => [
    id,
    workspaceId,
    n,
    'queued',
    count,
  ])
}

async function insertSlices<Item>(
  tx: Transaction,
  into: string,
  items: readonly Item[],
  valuesOf: (item: Item, at: number) => SqlValue[],
): Promise<void> {
  for (let from = 0; from < items.length; from += ROWS_PER_INSERT) {
    if (from % ROWS_PER_SLICE === 0) await breathe()
    const values = items.slice(from, from + ROWS_PER_INSERT).map((item, at) => valuesOf(item, from + at))
    let mark = 0
    const marks = values.map((row) => `(${row.map(() => `$${++mark}`).join(', ')})`).join(', ')
    await tx.run(`INSERT INTO ${into} VALUES${marks}`, values.flat())
  }
}
