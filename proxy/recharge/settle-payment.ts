/**
 * Brings our row to what the service says of it: the one way a payment becomes points. Webhook, success page, polling and sweep all
 * come here, in any order and at the same time; each deed is done once, and only for the amount and currency on our own row.
 */
import type { Audit } from '../audit/audit.ts'
import type { Database, Transaction } from '../database.ts'
import type { FailureLog } from '../failure-of.ts'
import { acceptOnce } from '../inbox.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { PaymentStatus } from './payment-service.ts'
import { lockRecharge, RECHARGE_COLUMNS, type Recharge } from './recharge-rows.ts'

export interface SettleDeps {
  database: Database
  ledger: Pick<Ledger, 'creditIn' | 'refundIn'>
  audit: Pick<Audit, 'recordIn'>
  now: () => number
  log: FailureLog
}

/** An event's id where the service told us; null where we asked. */
export interface Told {
  service: string
  eventId: string | null
}

/** `refused`: it does not fit our row, and nothing was done. */
export type Settlement = 'paid' | 'nothing' | 'refused'

export async function settlePayment(deps: SettleDeps, status: PaymentStatus, told: Told): Promise<Settlement> {
  const settled = await deps.database.transaction(
    async (tx): Promise<Settlement | Refusal> => {
      if (!(await isNew(deps, tx, told))) return 'nothing'
      const row = await lockByRef(tx, status, told.service)
      if (status.state === 'paid') {
        const reason = mismatch(row, status)
        if (reason === null && row) return fulfil(deps, tx, row, status)
        return refuseIn(deps, tx, told, { row, ref: status.ref, reason: reason ?? 'checkout' })
      }
      if (row && status.state !== 'open') await close(tx, row, status.state)
      return 'nothing'
    },
    { repeatable: true },
  )
  return sayRefusal(deps, settled)
}

export interface Refunded {
  rechargeId: string
  paymentRef: string
  /** In all, so that a late and a repeated event change nothing. */
  refundedFen: number
  currency: string
}

/** Takes back the points of money that went back: those that are not spent. */
export async function settleRefund(deps: SettleDeps, refunded: Refunded, told: Told): Promise<Settlement> {
  const { rechargeId, paymentRef, refundedFen, currency } = refunded
  const settled = await deps.database.transaction(
    async (tx): Promise<Settlement | Refusal> => {
      if (!(await isNew(deps, tx, told))) return 'nothing'
      const row = await lockRecharge(tx, rechargeId)
      const isOurs = row?.service === told.service && row.paymentRef === paymentRef
      if (!row || !isOurs || row.currency !== currency) {
        return refuseIn(deps, tx, told, { row, ref: paymentRef, reason: isOurs ? 'currency' : 'payment' })
      }
      await takeBack(deps, tx, row, refundedFen)
      return 'nothing'
    },
    { repeatable: true },
  )
  return sayRefusal(deps, settled)
}

/** Writes down an event that is none of ours, once. */
export async function refuseEvent(deps: SettleDeps, told: Told, ref: string, reason: string): Promise<Settlement> {
  const refused = await deps.database.transaction(
    async (tx): Promise<Settlement | Refusal> =>
      (await isNew(deps, tx, told)) ? refuseIn(deps, tx, told, { row: undefined, ref, reason }) : 'nothing',
    { repeatable: true },
  )
  return sayRefusal(deps, refused)
}

interface Refusal {
  service: string
  ref: string
  /** What does not fit: `checkout`, `recharge`, `amount`, `currency`, `payment`, `account`. */
  reason: string
}

function sayRefusal({ log }: SettleDeps, settled: Settlement | Refusal): Settlement {
  if (typeof settled === 'string') return settled
  log.warn(settled, 'what a payment service says does not fit our recharge: nothing was done')
  return 'refused'
}

async function isNew({ now }: SettleDeps, tx: Transaction, { service, eventId }: Told): Promise<boolean> {
  return eventId === null || acceptOnce(tx, { source: service, eventId, at: now() })
}

/** Our row: by the checkout's number, or by the recharge it names while the reply with that number is not stored yet. */
function lockByRef(
  tx: Transaction,
  { ref, rechargeId }: PaymentStatus,
  service: string,
): Promise<Recharge | undefined> {
  return tx.get<Recharge>(
    `UPDATE recharge SET checked_at = checked_at
     WHERE service = $1 AND (service_ref = $2 OR (service_ref IS NULL AND id = $3)) RETURNING ${RECHARGE_COLUMNS}`,
    [service, ref, rechargeId],
  )
}

/** @returns what does not fit; null when all does. */
function mismatch(row: Recharge | undefined, { rechargeId, fen, currency }: PaymentStatus): string | null {
  if (!row) return 'checkout'
  if (rechargeId !== null && rechargeId !== row.id) return 'recharge'
  if (fen !== row.fen) return 'amount'
  return currency === row.currency ? null : 'currency'
}

/** Paid is paid, also where we had given up on it: the money is there. */
async function fulfil(deps: SettleDeps, tx: Transaction, row: Recharge, status: PaymentStatus): Promise<Settlement> {
  const { ledger, audit, now } = deps
  const isNewlyPaid = row.paidAt === null
  if (isNewlyPaid) {
    const { id, workspaceId, service, points, fen, currency } = row
    await tx.run("UPDATE recharge SET state = 'paid', paid_at = $2, service_ref = $3, payment_ref = $4 WHERE id = $1", [
      id,
      now(),
      status.ref,
      status.paymentRef,
    ])
    const ref = `${service}:${status.ref}`
    const credited = await ledger.creditIn(tx, { workspaceId, kind: 'recharge', ref, points })
    if (credited === 'duplicate') throw new Error(`recharge ${id} was credited before it was paid`)
    const detail = { recharge: id, points, fen, currency }
    await audit.recordIn(tx, { workspaceId, actor: service, action: 'recharge.paid', detail })
  }
  if (status.refundedFen > 0) await takeBack(deps, tx, row, status.refundedFen)
  return isNewlyPaid ? 'paid' : 'nothing'
}

/** An end without money. A recharge that was paid stays paid, in whatever order the events come. */
async function close(tx: Transaction, { id }: Recharge, state: 'expired' | 'failed'): Promise<void> {
  await tx.run("UPDATE recharge SET state = $2 WHERE id = $1 AND state = 'open'", [id, state])
}

/**
 * @param row locked, and paid.
 * @param givenBackFen given back in all. Only what is beyond what the row knows takes points, so that the order does not matter.
 */
async function takeBack(deps: SettleDeps, tx: Transaction, row: Recharge, givenBackFen: number): Promise<void> {
  const { ledger, audit } = deps
  const { id, workspaceId, service } = row
  const refundedFen = Math.min(givenBackFen, row.fen)
  if (refundedFen <= row.refundedFen) return
  const points = worthOf(row, refundedFen) - worthOf(row, row.refundedFen)
  const taken =
    points < 1 ? 0 : await ledger.refundIn(tx, { workspaceId, ref: `${service}:${id}:${refundedFen}`, points })
  await tx.run(
    `UPDATE recharge SET refunded_fen = $2, refunded_points = refunded_points + $3, lost_points = lost_points + $4,
       state = CASE WHEN $2 = fen THEN 'refunded' ELSE state END WHERE id = $1`,
    [id, refundedFen, taken, points - taken],
  )
  const detail = { recharge: id, fen: refundedFen - row.refundedFen, points: taken, lost: points - taken }
  await audit.recordIn(tx, { workspaceId, actor: service, action: 'recharge.refund', detail })
}

/** Points of a part of the money: whole ones, and all of them for all of it. */
function worthOf({ fen, points }: Recharge, part: number): number {
  return Math.floor((part * points) / fen)
}

async function refuseIn(
  { audit }: SettleDeps,
  tx: Transaction,
  { service, eventId }: Told,
  { row, ref, reason }: { row: Recharge | undefined; ref: string; reason: string },
): Promise<Refusal> {
  // What we asked ourselves is asked again and again; only what came to us is written down, once.
  if (eventId !== null) {
    const detail = { ref, reason, event: eventId, recharge: row?.id ?? null }
    const workspaceId = row?.workspaceId ?? ''
    await audit.recordIn(tx, { workspaceId, actor: service, action: 'recharge.refused', detail })
  }
  return { service, ref, reason }
}
