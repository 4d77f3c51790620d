/** How recharging goes, in numbers, from the database: what the command line did counts too, and a restart forgets nothing. */
import type { Rows } from '../database.ts'

/** Recharges that ever came so far, but for the last two. */
export interface RechargeCounts {
  started: number
  paid: number
  /** Of which money went back, or is on its way. */
  refunded: number
  disputed: number
  /** What a payment service told that does not fit a recharge. */
  refused: number
  /** Disputes that are not decided. */
  openDisputes: number
}

export async function countRecharges(rows: Rows): Promise<RechargeCounts> {
  const counts = await rows.get<RechargeCounts>(
    `SELECT COUNT(*) AS started, COUNT(paid_at) AS paid, COUNT(CASE WHEN refunded_fen > 0 THEN 1 END) AS refunded,
       COUNT(disputed_at) AS disputed,
       (SELECT COUNT(*) FROM audit WHERE action = 'recharge.refused') AS refused,
       (SELECT COUNT(*) FROM dispute WHERE state = 'open') AS "openDisputes"
     FROM recharge`,
  )
  return counts!
}
