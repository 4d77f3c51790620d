import type { Rows } from '../database.ts'

const KEPT_MS = 30 * 24 * 3600_000
const ROWS_AT_ONCE = 1000

/** Takes away what was finished, or waits in vain, for 30 days. @returns how many. */
export async function sweepDeliveries(database: Rows, now: number): Promise<number> {
  let swept = 0
  for (const old of ['finished_at <= $1', "state = 'waiting' AND next_at <= $1"]) {
    for (;;) {
      const removed = await database.run(
        `DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery WHERE ${old} LIMIT ${ROWS_AT_ONCE})`,
        [now - KEPT_MS],
      )
      swept += removed
      if (removed < ROWS_AT_ONCE) break
    }
  }
  return swept
}
