/**
 * What payers' banks ask back, written down beside the recharge. Whose the money is in the end is between the bank and the operator,
 * and what the points are worth then is the operator's to say: nothing here moves points.
 */
import type { Database, Rows, Transaction } from '../database.ts'
import { acceptOnce } from '../inbox.ts'
import type { PaymentDispute } from './payment-service.ts'
import { lockRecharge } from './recharge-rows.ts'
import type { SettleDeps, Told } from './settle-payment.ts'

export interface Dispute {
  service: string
  /** The service's number of it. */
  ref: string
  workspaceId: string
  rechargeId: string
  state: PaymentDispute['state']
  /** In the smallest unit of its currency. */
  amount: number
  currency: string
  reason: string
  openedAt: number
  toldAt: number
  withdrawnAt: number | null
  reinstatedAt: number | null
}

/** `untouched`: the bank has not taken it, or not yet. */
export type DisputedMoney = 'untouched' | 'withdrawn' | 'reinstated'

/** A dispute with what an operator decides by. */
export interface ListedDispute extends Dispute {
  /** Of the recharge. */
  fen: number
  points: number
  refundedPoints: number
  /** Points of the correction whose reference is the dispute's number; null: none yet. */
  correctedPoints: number | null
}

const DISPUTE_COLUMNS = `d.service, d.service_ref AS ref, d.workspace_id AS "workspaceId", d.recharge_id AS "rechargeId", d.state,
  d.amount, d.currency, d.reason, d.opened_at AS "openedAt", d.told_at AS "toldAt", d.withdrawn_at AS "withdrawnAt",
  d.reinstated_at AS "reinstatedAt"`

/** Writes down what a service tells of a dispute, once for each event. @returns it, when something is other than it was; else null. */
export async function recordDispute(
  { database, audit, log, now }: SettleDeps,
  rechargeId: string,
  dispute: PaymentDispute,
  { service, eventId }: Told & { eventId: string },
): Promise<Dispute | null> {
  const changed = await database.transaction(
    async (tx) => {
      if (!(await acceptOnce(tx, { source: service, eventId, at: now() }))) return null
      // Whoever else tells of this dispute waits here.
      const row = (await lockRecharge(tx, rechargeId))!
      const before = await findDispute(tx, service, dispute.ref)
      const { workspaceId } = row
      const after: Dispute = { service, ref: dispute.ref, workspaceId, rechargeId, ...merge(before, dispute) }
      await store(tx, after)
      if (row.disputedAt === null) {
        await tx.run('UPDATE recharge SET disputed_at = $2 WHERE id = $1', [rechargeId, now()])
      }
      if (before && !isOther(before, after)) return null
      const { ref, state, amount, currency, reason } = after
      const detail = { recharge: rechargeId, dispute: ref, state, money: moneyOf(after), amount, currency, reason }
      await audit.recordIn(tx, { workspaceId, actor: service, action: 'recharge.dispute', detail })
      return after
    },
    { repeatable: true },
  )
  if (changed) {
    const { ref, state } = changed
    const details = { service, recharge: rechargeId, dispute: ref, state, money: moneyOf(changed) }
    log.warn(details, 'a payment is disputed: its points stay as they are until the operator decides')
  }
  return changed
}

/** Last opened first. @param workspaceId undefined: of all. */
export function listDisputes(
  rows: Rows,
  { workspaceId, limit }: { workspaceId?: string | undefined; limit: number },
): Promise<ListedDispute[]> {
  return rows.all<ListedDispute>(
    `SELECT ${DISPUTE_COLUMNS}, r.fen, r.points, r.refunded_points AS "refundedPoints", e.points AS "correctedPoints"
     FROM dispute d JOIN recharge r ON r.id = d.recharge_id
       LEFT JOIN entry e ON e.kind = 'adjust' AND e.ref = d.service_ref AND e.workspace_id = d.workspace_id
     WHERE d.workspace_id = $1 OR $2 = 1 ORDER BY d.opened_at DESC, d.service_ref LIMIT $3`,
    [workspaceId ?? '', workspaceId === undefined ? 1 : 0, limit],
  )
}

export function moneyOf({ withdrawnAt, reinstatedAt }: Pick<Dispute, 'withdrawnAt' | 'reinstatedAt'>): DisputedMoney {
  // Told in the same second, it is back: it was taken before.
  if (reinstatedAt !== null && reinstatedAt >= (withdrawnAt ?? 0)) return 'reinstated'
  return withdrawnAt === null ? 'untouched' : 'withdrawn'
}

function findDispute(rows: Pick<Database, 'get'>, service: string, ref: string): Promise<Dispute | undefined> {
  return rows.get<Dispute>(`SELECT ${DISPUTE_COLUMNS} FROM dispute d WHERE d.service = $1 AND d.service_ref = $2`, [
    service,
    ref,
  ])
}

/**
 * Events come in any order, and each shows how the dispute stood when it happened: the newest counts. A lost one may be appealed, so
 * an end is no end for good; only of the same second it is.
 */
function merge(
  before: Dispute | undefined,
  told: PaymentDispute,
): Omit<Dispute, 'service' | 'ref' | 'workspaceId' | 'rechargeId'> {
  const isNewer =
    before === undefined || told.at > before.toldAt || (told.at === before.toldAt && before.state === 'open')
  const { state, amount, currency, reason } = isNewer ? told : before
  return {
    state,
    amount,
    currency,
    reason,
    openedAt: before?.openedAt ?? told.openedAt,
    toldAt: isNewer ? told.at : before.toldAt,
    withdrawnAt: later(before?.withdrawnAt ?? null, told.money === 'withdrawn' ? told.at : null),
    reinstatedAt: later(before?.reinstatedAt ?? null, told.money === 'reinstated' ? told.at : null),
  }
}

function later(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}

function isOther(before: Dispute, after: Dispute): boolean {
  return before.state !== after.state || before.amount !== after.amount || moneyOf(before) !== moneyOf(after)
}

async function store(tx: Transaction, dispute: Dispute): Promise<void> {
  const { service, ref, workspaceId, rechargeId, state, amount, currency, reason } = dispute
  await tx.run(
    `INSERT INTO dispute(service, service_ref, workspace_id, recharge_id, state, amount, currency, reason, opened_at, told_at,
       withdrawn_at, reinstated_at)
     VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT(service, service_ref) DO UPDATE SET state = excluded.state, amount = excluded.amount,
       currency = excluded.currency, reason = excluded.reason, told_at = excluded.told_at,
       withdrawn_at = excluded.withdrawn_at, reinstated_at = excluded.reinstated_at`,
    [
      service,
      ref,
      workspaceId,
      rechargeId,
      state,
      amount,
      currency,
      reason,
      dispute.openedAt,
      dispute.toldAt,
      dispute.withdrawnAt,
      dispute.reinstatedAt,
    ],
  )
}
