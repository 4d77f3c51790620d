/**
 * What an operator gives back of a recharge. First its points are taken, so that they cannot be spent meanwhile; then the service
 * gives the money back, under an id of our own; and only where it says no the points return. What it did not answer is asked again
 * by the next call for this recharge.
 */
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { OPERATOR } from '../audit/audit.ts'
import type { Transaction } from '../database.ts'
import type { PaymentService, RefundOutcome } from './payment-service.ts'
import { findRecharge, lockRecharge, type Recharge } from './recharge-rows.ts'
import { settlePayment, type SettleDeps } from './settle-payment.ts'

export interface RefundsDeps extends SettleDeps {
  newId: () => string
  services: readonly PaymentService[]
}

export interface Refund {
  id: string
  workspaceId: string
  rechargeId: string
  points: number
  fen: number
}

export interface GivenBack {
  recharge: Recharge
  /** By this call; 0 when all that was wanted had gone back before, or nothing is unspent. */
  points: number
  fen: number
  /** The service has no way to give it back: the operator does so by hand. */
  isByHand: boolean
}

const CALL_TIMEOUT_MS = 40_000
const REFUND_COLUMNS = 'id, workspace_id AS "workspaceId", recharge_id AS "rechargeId", points, fen'

export type Refunds = ReturnType<typeof createRefunds>

export function createRefunds(deps: RefundsDeps) {
  const { database, ledger, audit, now, newId, services } = deps

  /** Takes the points and writes down what is to be sent. @returns undefined when there is nothing to take. */
  const beginIn = async (
    tx: Transaction,
    id: string,
    row: Recharge,
    pointsInAll: number,
  ): Promise<Refund | undefined> => {
    const { workspaceId } = row
    const left = row.points - row.refundedPoints - row.lostPoints
    const wanted = Math.min(pointsInAll - row.refundedPoints - row.lostPoints, left)
    if (wanted < 1) return undefined
    const points = await ledger.refundIn(tx, { workspaceId, ref: `refund:${id}`, points: wanted })
    if (points < 1) return undefined
    // All of the points are all of the money, whatever was rounded before.
    const fen = Math.min(Math.floor((points * row.fen) / row.points), row.fen - row.refundedFen)
    await tx.run(
      `UPDATE recharge SET refunded_fen = refunded_fen + $2, refunded_points = refunded_points + $3,
         state = CASE WHEN refunded_fen + $2 = fen THEN 'refunded' ELSE state END WHERE id = $1`,
      [row.id, fen, points],
    )
    await tx.run(
      `INSERT INTO refund(id, workspace_id, recharge_id, points, fen, state, created_at)
       VALUES($1, $2, $3, $4, $5, 'sending', $6)`,
      [id, workspaceId, row.id, points, fen, now()],
    )
    const detail = { recharge: row.id, refund: id, points, fen }
    await audit.recordIn(tx, { workspaceId, actor: OPERATOR, action: 'recharge.refund', detail })
    return { id, workspaceId, rechargeId: row.id, points, fen }
  }

  const begin = (row: Recharge, pointsInAll: number): Promise<Refund | undefined> => {
    const id = newId()
    return database.transaction(
      async (tx) => {
        const locked = await lockRecharge(tx, row.id)
        // One at a time: another operator's, or one whose reply was lost.
        const open = await tx.get<Refund>(
          `SELECT ${REFUND_COLUMNS} FROM refund WHERE recharge_id = $1 AND state = 'sending'`,
          [row.id],
        )
        return open ?? beginIn(tx, id, locked!, pointsInAll)
      },
      { repeatable: true },
    )
  }

  /** Writes down how it ended; where the service said no, the points return. */
  const end = (refund: Refund, outcome: Exclude<RefundOutcome, 'unknown'>): Promise<void> =>
    database.transaction(
      async (tx) => {
        const { id, workspaceId, rechargeId, points, fen } = refund
        await lockRecharge(tx, rechargeId)
        const ended = await tx.run("UPDATE refund SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'sending'", [
          id,
          outcome === 'done' ? 'done' : 'failed',
          now(),
        ])
        if (ended === 0 || outcome === 'done') return
        await tx.run(
          `UPDATE recharge SET refunded_fen = refunded_fen - $2, refunded_points = refunded_points - $3, state = 'paid'
           WHERE id = $1`,
          [rechargeId, fen, points],
        )
        await ledger.creditIn(tx, { workspaceId, kind: 'adjust', ref: `refund:${id}`, points })
        const detail = { recharge: rechargeId, refund: id, points }
        await audit.recordIn(tx, { workspaceId, actor: OPERATOR, action: 'recharge.refund-refused', detail })
      },
      { repeatable: true },
    )

  /** The service said no, perhaps because the money went back another way: that is looked up, so that its points are not kept. */
  const undo = async (service: PaymentService, row: Recharge, refund: Refund): Promise<void> => {
    const status = await service.fetchStatus(row.serviceRef ?? '', AbortSignal.timeout(CALL_TIMEOUT_MS))
    if (isFailure(status)) return
    await end(refund, 'refused')
    await settlePayment(deps, status, { service: service.name, eventId: null })
  }

  const send = (service: PaymentService, row: Recharge, refund: Refund): Promise<RefundOutcome> => {
    if (!service.refund || row.paymentRef === null) return Promise.resolve('done')
    const { id, fen } = refund
    return service.refund({ id, paymentRef: row.paymentRef, fen }, AbortSignal.timeout(CALL_TIMEOUT_MS))
  }

  return {
    /**
     * Gives back what is unspent of a recharge.
     * @param pointsInAll what is to have gone back of it when this is done, earlier refunds included: the same call again does nothing.
     * @returns the failure `recharge-unknown`, also for one that was not paid; `checkout-unavailable` where its service is not set
     * up here; `payment-unreachable` where the service did not answer, or said no: nothing is lost, and the same call goes on.
     */
    async giveBack(rechargeId: string, pointsInAll: number = Number.MAX_SAFE_INTEGER): Promise<GivenBack | Failure> {
      const row = await findRecharge(database, rechargeId)
      if (!row || row.paidAt === null) return failure('recharge-unknown', { id: rechargeId.slice(0, 64) })
      const service = services.find(({ name }) => name === row.service)
      if (!service) return failure('checkout-unavailable')
      const isByHand = !service.refund || row.paymentRef === null
      let given = { points: 0, fen: 0 }
      // Twice where an earlier one is finished first.
      for (let round = 0; round < 2; round++) {
        const refund = await begin(row, pointsInAll)
        if (!refund) break
        const outcome = await send(service, row, refund)
        if (outcome === 'refused') await undo(service, row, refund)
        if (outcome !== 'done') return failure('payment-unreachable')
        await end(refund, 'done')
        given = { points: given.points + refund.points, fen: given.fen + refund.fen }
      }
      return { recharge: (await findRecharge(database, rechargeId))!, ...given, isByHand }
    },
  }
}
