import type { Rows } from '../database.ts'
import type { Entry } from './ledger.ts'

export interface UsageEntry extends Entry {
  seatId: string | null
  seatName: string | null
  /** The bulk run it paid for; null: cells, or no usage. */
  jobId: string | null
  /** Points that were set aside for it; null: no usage. */
  held: number | null
}

const ENTRIES_A_PAGE = 500

/** @param period milliseconds since 1970, its end excluded. */
export async function* readUsage(
  rows: Rows,
  workspaceId: string,
  { from, to }: { from: number; to: number },
): AsyncGenerator<UsageEntry, void, void> {
  // Several proxies have several clocks: entries of one moment are told apart by their version.
  let last = { createdAt: from, version: 0 }
  for (;;) {
    const page = await rows.all<UsageEntry>(
      `SELECT e.version, e.kind, e.points, e.balance_after AS "balanceAfter", e.ref, e.created_at AS "createdAt",
         s.id AS "seatId", s.name AS "seatName", h.job_id AS "jobId", h.points AS held
       FROM entry e
       LEFT JOIN hold h ON e.kind = 'usage' AND h.id = SUBSTR(e.ref, 6)
       LEFT JOIN seat s ON s.id = h.seat_id
       WHERE e.workspace_id = $1 AND e.created_at < $2 AND (e.created_at, e.version) > ($3, $4)
       ORDER BY e.created_at, e.version LIMIT $5`,
      [workspaceId, to, last.createdAt, last.version, ENTRIES_A_PAGE],
    )
    yield* page
    if (page.length < ENTRIES_A_PAGE) return
    last = page.at(-1)!
  }
}
