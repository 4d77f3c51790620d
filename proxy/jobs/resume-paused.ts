/** What waited for points goes on: in the transaction that credits them. */
import type { Transaction } from '../database.ts'
import { lockTurn, type JobPlace } from './job.ts'

type Reason = 'no-points' | 'daily-cap'

/** Of a whole workspace. A job that a person paused stays paused, and what waits in it is ready for when it goes on. */
export async function resumePausedIn(tx: Transaction, workspaceId: string): Promise<void> {
  await lockTurn(tx, workspaceId)
  const waiting = await tx.all<{ jobId: string }>(
    `SELECT DISTINCT job_id AS "jobId" FROM job_chunk
     WHERE workspace_id = $1 AND state = 'paused' AND reason = 'no-points' ORDER BY job_id`,
    [workspaceId],
  )
  for (const { jobId } of waiting) await resumeChunksIn(tx, { workspaceId, jobId }, 'no-points')
}

/** Of one job. The workspace's turn must be locked. */
export async function resumeChunksIn(tx: Transaction, { workspaceId, jobId }: JobPlace, reason: Reason): Promise<void> {
  await tx.run(
    `UPDATE job SET started_at = NULL, state = CASE WHEN reason = $3 THEN 'running' ELSE state END,
       reason = CASE WHEN reason = $3 THEN NULL ELSE reason END
     WHERE id = $1 AND workspace_id = $2`,
    [jobId, workspaceId, reason],
  )
  await tx.run(
    `UPDATE job_chunk SET state = 'queued', reason = NULL, due_at = 0, tries = 0
     WHERE job_id = $1 AND workspace_id = $2 AND state = 'paused' AND reason = $3`,
    [jobId, workspaceId, reason],
  )
  await tx.notify('jobs', jobId)
}
