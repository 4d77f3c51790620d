/**
 * What no event announces: points that came back from a hold, a new day for a seat's cap or a higher one, finished jobs whose days
 * are over.
 */
import type { Database } from '../database.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { lockTurn, type JobPlace } from './job.ts'
import { JOB_KEPT_MS } from './jobs.ts'
import { resumeChunksIn, resumePausedIn } from './resume-paused.ts'

export interface SweepJobsDeps {
  database: Database
  ledger: Pick<Ledger, 'leftToday'>
  now: () => number
}

const PLACES_PER_SWEEP = 100
const ROWS_PER_DELETE = 1000
// A retry that began at the last moment is long over by then.
const DELETED_LATER_MS = 3600_000

/** A hold that was not used up, or expired, gave points back after others had been told there are none. */
export async function resumeCovered({ database }: SweepJobsDeps): Promise<void> {
  const covered = await database.all<{ workspaceId: string }>(
    `SELECT DISTINCT c.workspace_id AS "workspaceId" FROM job_chunk c JOIN account a ON a.workspace_id = c.workspace_id
     WHERE c.state = 'paused' AND c.reason = 'no-points' AND a.posted - a.held > 0 LIMIT $1`,
    [PLACES_PER_SWEEP],
  )
  for (const { workspaceId } of covered) await database.transaction((tx) => resumePausedIn(tx, workspaceId))
}

/** Jobs whose seat may spend again: another day has begun, or its cap was raised. */
export async function resumeUncapped({ database, ledger }: SweepJobsDeps): Promise<void> {
  const capped = await database.all<JobPlace & { seatId: string; cap: number | null }>(
    `SELECT DISTINCT c.job_id AS "jobId", c.workspace_id AS "workspaceId", j.seat_id AS "seatId", s.daily_cap_points AS cap
     FROM job_chunk c JOIN job j ON j.id = c.job_id JOIN seat s ON s.id = j.seat_id
     WHERE c.state = 'paused' AND c.reason = 'daily-cap' LIMIT $1`,
    [PLACES_PER_SWEEP],
  )
  for (const { seatId, cap, ...place } of capped) {
    if ((await ledger.leftToday(seatId, cap)) === 0) continue
    await database.transaction(async (tx) => {
      await lockTurn(tx, place.workspaceId)
      await resumeChunksIn(tx, place, 'daily-cap')
    })
  }
}

/** Deletes rows and answers of jobs whose days are over, a bounded number in each transaction; the line of the job stays. */
export async function emptyOldJobs({ database, now }: SweepJobsDeps): Promise<void> {
  const old = await database.all<{ jobId: string; workspaceId: string; rows: number }>(
    `SELECT id AS "jobId", workspace_id AS "workspaceId", row_count AS rows FROM job
     WHERE emptied_at IS NULL AND finished_at IS NOT NULL AND finished_at <= $1 ORDER BY finished_at LIMIT $2`,
    [now() - JOB_KEPT_MS - DELETED_LATER_MS, PLACES_PER_SWEEP],
  )
  for (const { jobId, workspaceId, rows } of old) {
    for (let from = 0; from < rows; from += ROWS_PER_DELETE) {
      await database.transaction(async (tx) => {
        for (const table of ['job_row', 'job_question']) {
          await tx.run(`DELETE FROM ${table} WHERE job_id = $1 AND workspace_id = $2 AND n >= $3 AND n < $4`, [
            jobId,
            workspaceId,
            from,
            from + ROWS_PER_DELETE,
          ])
        }
      })
    }
    await database.run('UPDATE job SET emptied_at = $3 WHERE id = $1 AND workspace_id = $2', [
      jobId,
      workspaceId,
      now(),
    ])
  }
}
