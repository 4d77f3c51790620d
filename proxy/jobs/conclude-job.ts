/** What a job's chunks say of the job: done when none is left, paused when all that are left wait for the same thing. */
import type { PauseReason } from '../../shared/jobs-protocol.ts'
import type { Transaction } from '../database.ts'
import { readJob, type Job, type JobPlace } from './job.ts'

export interface ConcludeDeps {
  now: () => number
  /** Told in the transaction that finishes or pauses a job. */
  onJobChanged?: ((tx: Transaction, job: Job) => Promise<void>) | undefined
}

/** The job's row must be locked: of two chunks that end at once, the later one sees the other's end. */
export async function concludeJob(deps: ConcludeDeps, tx: Transaction, place: JobPlace): Promise<void> {
  const { workspaceId, jobId } = place
  const left = await tx.all<{ state: string; reason: 'no-points' | 'daily-cap' | null }>(
    `SELECT state, reason FROM job_chunk WHERE job_id = $1 AND workspace_id = $2 AND state <> 'done' GROUP BY state, reason`,
    [jobId, workspaceId],
  )
  if (left.length === 0) {
    const finished = await tx.run(
      `UPDATE job SET state = CASE WHEN state = 'cancelled' THEN 'cancelled' ELSE 'done' END, reason = NULL, finished_at = $3
       WHERE id = $1 AND workspace_id = $2 AND finished_at IS NULL`,
      [jobId, workspaceId, deps.now()],
    )
    if (finished === 1) await tellChanged(deps, tx, place)
    return
  }
  if (left.some(({ state }) => state !== 'paused')) return
  // A recharge sets more going than the next day does.
  const reason = left.some(({ reason }) => reason === 'no-points') ? 'no-points' : 'daily-cap'
  if (await pauseRunning(tx, place, reason)) await tellChanged(deps, tx, place)
}

/** @returns whether it was running. */
export async function pauseRunning(
  tx: Transaction,
  { workspaceId, jobId }: JobPlace,
  reason: PauseReason,
): Promise<boolean> {
  const paused = await tx.run(
    "UPDATE job SET state = 'paused', reason = $3 WHERE id = $1 AND workspace_id = $2 AND state = 'running'",
    [jobId, workspaceId, reason],
  )
  return paused === 1
}

export async function tellChanged(deps: ConcludeDeps, tx: Transaction, place: JobPlace): Promise<void> {
  const job = await readJob(tx, place)
  if (job) await deps.onJobChanged?.(tx, job)
}
