/** What happens to points and jobs, as events. Each is called in the transaction in which it happens. */
import type { Transaction } from '../database.ts'
import type { LedgerDeps } from '../ledger/ledger.ts'
import type { Outbox } from './outbox.ts'

/** As much of a job as is told. */
export interface ChangedJob {
  id: string
  workspaceId: string
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

export interface Events extends Required<Pick<LedgerDeps, 'onCredited' | 'onTaken'>> {
  onJobChanged: (tx: Transaction, job: ChangedJob) => Promise<void>
}

export function createEvents(outbox: Outbox): Events {
  return {
    async onCredited(tx, { workspaceId, kind, points }) {
      if (kind !== 'recharge' && kind !== 'grant') return
      if (!(await outbox.isWantedIn(tx, workspaceId, 'points.recharged'))) return
      const { posted, version } = await readAccount(tx, workspaceId)
      await outbox.emitIn(tx, {
        workspaceId,
        type: 'points.recharged',
        data: { kind, points, posted, entry: version },
      })
    },

    /** One event where both thresholds are passed at once: the lower says more. */
    async onTaken(tx, { workspaceId, points }) {
      if (!(await outbox.isWantedIn(tx, workspaceId, 'points.low'))) return
      const { posted } = await readAccount(tx, workspaceId)
      const thresholds = [LOW_POINTS, Math.ceil((await lastRecharge(tx, workspaceId)) * LOW_SHARE_OF_RECHARGE)]
      const passed = thresholds.filter((threshold) => posted < threshold && posted + points >= threshold)
      if (passed.length === 0) return
      await outbox.emitIn(tx, { workspaceId, type: 'points.low', data: { posted, threshold: Math.min(...passed) } })
    },

    async onJobChanged(tx, { id: job, workspaceId, state, reason, counts }) {
      const data = { job, counts: { ...counts } }
      if (state === 'done') await outbox.emitIn(tx, { workspaceId, type: 'job.done', data })
      if (state === 'paused') await outbox.emitIn(tx, { workspaceId, type: 'job.paused', data: { ...data, reason } })
    },
  }
}

/** As this transaction leaves it: the ledger has it locked, so nothing else is between before and after. */
async function readAccount(tx: Transaction, workspaceId: string): Promise<{ posted: number; version: number }> {
  const account = await tx.get<{ posted: number; version: number }>(
    'SELECT posted, version FROM account WHERE workspace_id = $1',
    [workspaceId],
  )
  return account ?? { posted: 0, version: 0 }
}

async function lastRecharge(tx: Transaction, workspaceId: string): Promise<number> {
  const row = await tx.get<{ points: number }>(
    `SELECT points FROM entry WHERE workspace_id = $1 AND kind IN ('recharge', 'grant')
     ORDER BY version DESC LIMIT 1`,
    [workspaceId],
  )
  return row?.points ?? 0
}
