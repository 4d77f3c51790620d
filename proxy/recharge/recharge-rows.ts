/** The rows of `recharge`, read. What changes one stands in recharges.ts, settle-payment.ts and refunds.ts. */
import type { RechargeState } from '../../shared/recharge-protocol.ts'
import type { Rows, Transaction } from '../database.ts'

export interface Recharge {
  id: string
  workspaceId: string
  seatId: string
  service: string
  /** The service's number of the checkout. */
  serviceRef: string | null
  /** The service's number of the payment. */
  paymentRef: string | null
  fen: number
  currency: string
  points: number
  state: RechargeState
  url: string | null
  attempt: number
  createdAt: number
  checkedAt: number
  paidAt: number | null
  /** Given back or on its way back, in all. */
  refundedFen: number
  /** Taken back from the account for it. */
  refundedPoints: number
  /** Spent before they could be taken back. */
  lostPoints: number
  /** When its first dispute was told. */
  disputedAt: number | null
}

export const RECHARGE_COLUMNS = `id, workspace_id AS "workspaceId", seat_id AS "seatId", service,
  service_ref AS "serviceRef", payment_ref AS "paymentRef", fen, currency, points, state, url, attempt,
  created_at AS "createdAt", checked_at AS "checkedAt", paid_at AS "paidAt", refunded_fen AS "refundedFen",
  refunded_points AS "refundedPoints", lost_points AS "lostPoints", disputed_at AS "disputedAt"`

export function readRecharge(rows: Rows, workspaceId: string, id: string): Promise<Recharge | undefined> {
  return rows.get<Recharge>(`SELECT ${RECHARGE_COLUMNS} FROM recharge WHERE id = $1 AND workspace_id = $2`, [
    id,
    workspaceId,
  ])
}

export function readRequest(rows: Rows, workspaceId: string, requestId: string): Promise<Recharge | undefined> {
  return rows.get<Recharge>(`SELECT ${RECHARGE_COLUMNS} FROM recharge WHERE request_id = $1 AND workspace_id = $2`, [
    requestId,
    workspaceId,
  ])
}

/** Of whichever workspace: for the operator, and for who comes with the recharge's own key. */
export function findRecharge(rows: Rows, id: string): Promise<Recharge | undefined> {
  return rows.get<Recharge>(`SELECT ${RECHARGE_COLUMNS} FROM recharge WHERE id = $1`, [id])
}

/** By the service's number of the payment, as only the service knows it. */
export function findPayment(rows: Rows, service: string, paymentRef: string): Promise<Recharge | undefined> {
  return rows.get<Recharge>(`SELECT ${RECHARGE_COLUMNS} FROM recharge WHERE service = $1 AND payment_ref = $2`, [
    service,
    paymentRef,
  ])
}

/** Newest first. @param workspaceId undefined: of all. */
export function listRecharges(
  rows: Rows,
  { workspaceId, limit }: { workspaceId?: string | undefined; limit: number },
): Promise<Recharge[]> {
  return rows.all<Recharge>(
    `SELECT ${RECHARGE_COLUMNS} FROM recharge WHERE workspace_id = $1 OR $2 = 1 ORDER BY created_at DESC, id LIMIT $3`,
    [workspaceId ?? '', workspaceId === undefined ? 1 : 0, limit],
  )
}

/** Reads a row and keeps it from others to the end of the transaction. */
export function lockRecharge(tx: Transaction, id: string): Promise<Recharge | undefined> {
  return tx.get<Recharge>(`UPDATE recharge SET checked_at = checked_at WHERE id = $1 RETURNING ${RECHARGE_COLUMNS}`, [
    id,
  ])
}
