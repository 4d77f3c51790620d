/** Points as other rooms read them inside their own transactions. */
import type { Rows } from '../database.ts'

export interface JobPoints {
  /** Charged. */
  spent: number
  /** Set aside by open holds. */
  held: number
}

/** What bulk runs cost so far, by job; one that paid nothing is not in it. */
export async function readJobPoints(
  rows: Rows,
  workspaceId: string,
  jobIds: readonly string[],
): Promise<Map<string, JobPoints>> {
  if (jobIds.length === 0) return new Map()
  const marks = jobIds.map((_, at) => `$${at + 2}`).join(', ')
  const found = await rows.all<JobPoints & { id: string }>(
    `SELECT job_id AS id, COALESCE(SUM(settled), 0) AS spent,
       COALESCE(SUM(CASE WHEN state = 'held' THEN points ELSE 0 END), 0) AS held
     FROM hold WHERE workspace_id = $1 AND job_id IN (${marks}) GROUP BY job_id`,
    [workspaceId, ...jobIds],
  )
  return new Map(found.map(({ id, spent, held }) => [id, { spent, held }]))
}

/** Points that can be spent. */
export async function readSpendable(rows: Rows, workspaceId: string): Promise<number> {
  const account = await rows.get<{ spendable: number }>(
    'SELECT posted - held AS spendable FROM account WHERE workspace_id = $1',
    [workspaceId],
  )
  return account?.spendable ?? 0
}
