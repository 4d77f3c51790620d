/** What happens to points and jobs, as events. Each is called in the transaction in which it happens. */
import type { Transaction } from '../database.ts'
import type { Charged, Credited } from '../ledger/ledger.ts'
import type { Outbox } from './outbox.ts'

export interface JobChanged {
  workspaceId: string
  jobId: string
  /** Only `done` and `paused` are told. */
  state: string
  /** Why it is paused, such as `no-points`. */
  reason: string | null
  /** Rows by what became of them. */
  counts: Readonly<Record<string, number>>
}

// About as many cells as a sheet has on one page.
const LOW_POINTS = 100
const LOW_SHARE_OF_RECHARGE = 0.1

export interface Events {
  creditedIn: (tx: Transaction, credited: Credited) => Promise<void>
  chargedIn: (tx: Transaction, charged: Charged) => Promise<void>
  jobChangedIn: (tx: Transaction, changed: JobChanged) => Promise<void>
}

export function createEvents(outbox: Outbox): Events {
  return {
    async creditedIn(tx: Transaction, credited: Credited): Promise<void> {
      const { workspaceId, kind, points, posted, entry } = credited
      if (kind !== 'recharge' && kind !== 'grant') return
      await outbox.emitIn(tx, { workspaceId, type: 'points.recharged', data: { kind, points, posted, entry } })
    },

    /** One event where both thresholds are passed at once: the lower says more. */
    async chargedIn(tx: Transaction, { workspaceId, before, after }: Charged): Promise<void> {
      if (!(await outbox.isWantedIn(tx, workspaceId, 'points.low'))) return
      const thresholds = [LOW_POINTS, Math.ceil((await lastRecharge(tx, workspaceId)) * LOW_SHARE_OF_RECHARGE)]
      const passed = thresholds.filter((threshold) => before >= threshold && after < threshold)
      if (passed.length === 0) return
      const data = { posted: after, threshold: Math.min(...passed) }
      await outbox.emitIn(tx, { workspaceId, type: 'points.low', data })
    },

    async jobChangedIn(tx: Transaction, { workspaceId, jobId, state, reason, counts }: JobChanged): Promise<void> {
      const told = { job: jobId, counts: { ...counts } }
      if (state === 'done') await outbox.emitIn(tx, { workspaceId, type: 'job.done', data: told })
      if (state === 'paused') await outbox.emitIn(tx, { workspaceId, type: 'job.paused', data: { ...told, reason } })
    },
  }
}

async function lastRecharge(tx: Transaction, workspaceId: string): Promise<number> {
  const row = await tx.get<{ points: number }>(
    `SELECT points FROM entry WHERE workspace_id = $1 AND kind IN ('recharge', 'grant')
     ORDER BY version DESC LIMIT 1`,
    [workspaceId],
  )
  return row?.points ?? 0
}
