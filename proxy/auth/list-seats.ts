/** The seats of a workspace as its owner and the operator see them; no token and no hash of one. */
import type { Database } from '../database.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Role } from './seat.ts'

export interface SeatEntry {
  id: string
  workspaceId: string
  name: string
  role: Role
  /** Points a day; null is without a limit. */
  dailyCapPoints: number | null
  /** Points spent or set aside today (UTC). */
  spentToday: number
  createdAt: number
  /** Start of the last day (UTC) it was used; null: never. */
  lastUsedAt: number | null
  spreadsheet: string | null
  revokedAt: number | null
}

/** Oldest first, revoked ones too. */
export async function listSeats(
  { database, ledger }: { database: Database; ledger: Pick<Ledger, 'spentTodayBySeat'> },
  workspaceId: string,
): Promise<SeatEntry[]> {
  const seats = await database.all<Omit<SeatEntry, 'spentToday'>>(
    `SELECT id, workspace_id AS "workspaceId", name, role, daily_cap_points AS "dailyCapPoints", created_at AS "createdAt",
       last_used_at AS "lastUsedAt", spreadsheet, revoked_at AS "revokedAt"
     FROM seat WHERE workspace_id = $1 ORDER BY created_at, id`,
    [workspaceId],
  )
  const spent = await ledger.spentTodayBySeat(workspaceId)
  return seats.map((seat) => ({ ...seat, spentToday: spent.get(seat.id) ?? 0 }))
}
