/** Points bought online: our row first, then the service's page, then whatever it says of the payment (settle-payment.ts). */
import type { IncomingHttpHeaders } from 'node:http'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { FEN_PER_CNY, POINTS_PER_CNY, RECHARGE_CNY_MAX, RECHARGE_CNY_MIN } from '../../shared/recharge-protocol.ts'
import { countRecharges, type RechargeCounts } from './count-recharges.ts'
import { recordDispute } from './disputes.ts'
import type { PaymentEvent, PaymentService } from './payment-service.ts'
import { findPayment, findRecharge, listRecharges, readRecharge, readRequest, type Recharge } from './recharge-rows.ts'
import type { ReturnKeys } from './return-key.ts'
import { refuseEvent, settlePayment, settleRefund, type SettleDeps } from './settle-payment.ts'

export interface RechargesDeps extends SettleDeps {
  newId: () => string
  /** The first takes new recharges; the others those they have begun. */
  services: readonly PaymentService[]
  returnKeys: ReturnKeys
  /** How the payer's browser reaches this proxy, without a slash at the end. */
  returnAddress: () => string
}

const CURRENCY = 'CNY'
// Longer than the service's own timeouts and retries: this is the last bound.
const CALL_TIMEOUT_MS = 25_000
// Whoever looks at a page waits less long; our row is shown as it is then.
const LOOK_TIMEOUT_MS = 8000
// A page that is reloaded, or a pane that asks every second, asks the service no more often.
const LOOK_EVERY_MS = 3000
const SWEEP_AFTER_MS = 15 * 60_000
const GIVE_UP_AFTER_MS = 3 * 24 * 3600_000
// Of one sweep; the next goes on with those that were not asked about for longest.
const SWEEP_MAX = 500
const SILENT_PER_SWEEP_MAX = 3
const LISTED_MAX = 100

export type Recharges = ReturnType<typeof createRecharges>

export function createRecharges(deps: RechargesDeps) {
  const { database, audit, now, newId, services, returnKeys, returnAddress, log } = deps
  const closing = new AbortController()
  let sweeping: Promise<void> = Promise.resolve()

  const serviceOf = (name: string): PaymentService | undefined => services.find((service) => service.name === name)
  const within = (timeoutMs: number): AbortSignal => AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)])

  /** Asks the service how it stands, and acts on it. @returns false when it did not answer. */
  const look = async ({ service: name, serviceRef }: Recharge, timeoutMs: number): Promise<boolean> => {
    const service = serviceOf(name)
    if (!service || serviceRef === null) return false
    const status = await service.fetchStatus(serviceRef, within(timeoutMs))
    if (isFailure(status)) return false
    await settlePayment(deps, status, { service: name, eventId: null })
    return true
  }

  /** @returns whether it is this caller's turn to ask: one in so many milliseconds, of all processes. */
  const mayLook = async ({ id }: Recharge, everyMs: number): Promise<boolean> =>
    (await database.run("UPDATE recharge SET checked_at = $2 WHERE id = $1 AND state = 'open' AND checked_at <= $3", [
      id,
      now(),
      now() - everyMs,
    ])) === 1

  const upToDate = async (row: Recharge | undefined): Promise<Recharge | undefined> => {
    if (row?.state !== 'open' || row.serviceRef === null || !(await mayLook(row, LOOK_EVERY_MS))) return row
    await look(row, LOOK_TIMEOUT_MS)
    return readRecharge(database, row.workspaceId, row.id)
  }

  const insertOnce = async (
    payer: { workspaceId: string; seatId: string },
    { requestId, cny, service }: { requestId: string; cny: number; service: string },
  ): Promise<Recharge> => {
    const id = newId()
    const { workspaceId, seatId } = payer
    const [fen, points] = [cny * FEN_PER_CNY, cny * POINTS_PER_CNY]
    await database.transaction(
      async (tx) => {
        const added = await tx.run(
          `INSERT INTO recharge(id, workspace_id, seat_id, request_id, service, fen, currency, points, state, attempt,
             created_at, checked_at, refunded_fen, refunded_points, lost_points)
           VALUES($1, $2, $3, $4, $5, $6, $7, $8, 'open', 1, $9, 0, 0, 0, 0) ON CONFLICT DO NOTHING`,
          [id, workspaceId, seatId, requestId, service, fen, CURRENCY, points, now()],
        )
        if (added === 0) return
        const detail = { recharge: id, fen, points, service }
        await audit.recordIn(tx, { workspaceId, actor: seatId, action: 'recharge.open', detail })
      },
      { repeatable: true },
    )
    return (await readRequest(database, workspaceId, requestId))!
  }

  const openAt = async (service: PaymentService, row: Recharge): Promise<Recharge | Failure> => {
    const page = (name: string): string =>
      `${returnAddress()}/v1/points/${name}?recharge=${row.id}&key=${returnKeys.keyOf(row.id)}`
    const { id, fen, currency, points, attempt } = row
    const opened = await service.createCheckout(
      {
        rechargeId: id,
        key: attempt === 1 ? id : `${id}-${attempt}`,
        fen,
        currency,
        points,
        urls: { paid: page('return'), cancelled: page('cancelled') },
      },
      within(CALL_TIMEOUT_MS),
    )
    if (opened === 'refused') {
      // It would refuse the same key for a day. Should the page exist after all, nobody was ever given its address.
      const next = 'UPDATE recharge SET attempt = $2 + 1 WHERE id = $1 AND attempt = $2 AND service_ref IS NULL'
      await database.run(next, [id, attempt])
    }
    if (typeof opened === 'string') return failure('payment-unreachable')
    // An event may have brought the number before this reply; another attempt may have brought another one: then that is the one.
    await database.run(
      'UPDATE recharge SET service_ref = $2, url = $3 WHERE id = $1 AND (service_ref IS NULL OR service_ref = $2)',
      [id, opened.ref, opened.url],
    )
    const stored = await readRecharge(database, row.workspaceId, id)
    return stored?.url == null ? failure('payment-unreachable') : stored
  }

  /** Refunds may be told before the payment: then that is asked for first. */
  const receiveRefund = async (
    service: PaymentService,
    event: PaymentEvent & { kind: 'refund' },
  ): Promise<Failure | 'received'> => {
    const told = { service: service.name, eventId: event.id }
    const found =
      (await findPayment(database, service.name, event.paymentRef)) ??
      (event.rechargeId === null ? undefined : await findRecharge(database, event.rechargeId))
    if (!found || found.service !== service.name) {
      await refuseEvent(deps, told, event.paymentRef, 'payment')
      return 'received'
    }
    if (found.paidAt === null && !(await look(found, CALL_TIMEOUT_MS))) return failure('payment-unreachable')
    await settleRefund(deps, { ...event, rechargeId: found.id }, told)
    return 'received'
  }

  /** A dispute names its payment alone: one that we do not know yet the service is asked about. */
  const receiveDispute = async (
    service: PaymentService,
    { id, dispute }: PaymentEvent & { kind: 'dispute' },
  ): Promise<Failure | 'received'> => {
    const told = { service: service.name, eventId: id }
    const { paymentRef } = dispute
    let row = await findPayment(database, service.name, paymentRef)
    if (!row) {
      const rechargeId = (await service.fetchRechargeId?.(paymentRef, within(CALL_TIMEOUT_MS))) ?? null
      if (isFailure(rechargeId)) return rechargeId
      const unpaid = rechargeId === null ? undefined : await findRecharge(database, rechargeId)
      if (unpaid?.service === service.name && unpaid.paidAt === null) {
        if (!(await look(unpaid, CALL_TIMEOUT_MS))) return failure('payment-unreachable')
        row = await findPayment(database, service.name, paymentRef)
      }
    }
    if (row) await recordDispute(deps, row.id, dispute, told)
    else await refuseEvent(deps, told, paymentRef, 'payment')
    return 'received'
  }

  const sweepNow = async (): Promise<void> => {
    const rows = await database.all<{ id: string }>(
      "SELECT id FROM recharge WHERE state = 'open' AND created_at <= $1 ORDER BY checked_at, id LIMIT $2",
      [now() - SWEEP_AFTER_MS, SWEEP_MAX],
    )
    let silent = 0
    for (const { id } of rows) {
      if (closing.signal.aborted || silent === SILENT_PER_SWEEP_MAX) return
      const row = await findRecharge(database, id)
      if (!row) continue
      const isHopeless = row.createdAt <= now() - GIVE_UP_AFTER_MS
      if (isHopeless || row.serviceRef === null) {
        // Nobody was ever given the address of one without a number. A payment told later still counts: paid is paid.
        if (isHopeless) {
          await database.run("UPDATE recharge SET state = 'expired' WHERE id = $1 AND state = 'open'", [id])
        }
        continue
      }
      if (!(await mayLook(row, SWEEP_AFTER_MS))) continue
      if (!(await look(row, CALL_TIMEOUT_MS))) {
        silent++
        log.warn({ recharge: id, service: row.service }, 'a payment service did not say how a recharge stands')
      }
    }
  }

  return {
    /**
     * Opens a recharge and the page where it is paid; the same request id gives the same ones.
     * @returns the failure `checkout-unavailable`, `bad-amount`, `request-changed`, or `payment-unreachable`: then ask again.
     */
    async open(
      payer: { workspaceId: string; seatId: string },
      { requestId, cny }: { requestId: string; cny: number },
    ): Promise<Recharge | Failure> {
      const [first] = services
      if (!first) return failure('checkout-unavailable')
      if (!Number.isInteger(cny) || cny < RECHARGE_CNY_MIN || cny > RECHARGE_CNY_MAX) {
        return failure('bad-amount', { min: RECHARGE_CNY_MIN, max: RECHARGE_CNY_MAX })
      }
      const row = await insertOnce(payer, { requestId, cny, service: first.name })
      if (row.fen !== cny * FEN_PER_CNY) return failure('request-changed')
      if (row.url !== null || row.state !== 'open') return row
      const service = serviceOf(row.service)
      return service ? openAt(service, row) : failure('checkout-unavailable')
    },

    /** Newest first, at most 100. */
    list(workspaceId: string): Promise<Recharge[]> {
      return listRecharges(database, { workspaceId, limit: LISTED_MAX })
    },

    /** As it stands now: while it is open the service is asked, every few seconds at most. */
    async read(workspaceId: string, id: string): Promise<Recharge | Failure> {
      const row = await upToDate(await readRecharge(database, workspaceId, id))
      return row ?? failure('recharge-unknown', { id })
    },

    /** For who comes back from the payment page with the recharge's key. @returns undefined: wrong key, or no such recharge. */
    async readAsPayer(id: string, key: string): Promise<Recharge | undefined> {
      return returnKeys.fits(id, key) ? upToDate(await findRecharge(database, id)) : undefined
    },

    /**
     * Acts on a call to a service's webhook.
     * @returns a failure where the service is to call again; what is none of ours is `received` too, so that it does not.
     */
    async receive(name: string, rawBody: Uint8Array, headers: IncomingHttpHeaders): Promise<Failure | 'received'> {
      const service = serviceOf(name)
      if (!service) return failure('checkout-unavailable')
      const event = service.readEvent(rawBody, headers)
      if (isFailure(event)) return event
      const told = { service: name, eventId: event.id }
      switch (event.kind) {
        case 'checkout':
          await settlePayment(deps, event.status, told)
          return 'received'
        case 'refund':
          return receiveRefund(service, event)
        case 'dispute':
          return receiveDispute(service, event)
        case 'changed': {
          const row = await findPayment(database, name, event.paymentRef)
          // One that we do not know will be told by its checkout.
          return !row || (await look(row, CALL_TIMEOUT_MS)) ? 'received' : failure('payment-unreachable')
        }
        case 'foreign':
          await refuseEvent(deps, told, event.account, 'account')
          return 'received'
        default:
          return 'received'
      }
    },

    /** Asks about what has been open for a while, and gives up what has been open for days. One at a time in each process. */
    sweep(): Promise<void> {
      sweeping = sweeping.then(sweepNow, sweepNow)
      return sweeping
    },

    /** Of all workspaces. */
    counts(): Promise<RechargeCounts> {
      return countRecharges(database)
    },

    /** Names of the services whose webhooks are heard. */
    services: services.map(({ name }) => name),

    /** Ends what waits for a service. */
    async close(): Promise<void> {
      closing.abort()
      await sweeping.catch(() => {})
    },
  }
}
