/** /v1/points/…: vouchers and recharges; /v1/webhooks/<payment service>: what it says of a payment. */
import express, { Router, type Request, type RequestHandler, type Response } from 'express'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import * as z from 'zod/mini'
import { failure, isFailure, sentence, type Failure } from '../../shared/error-codes.ts'
import { noQuery } from '../../shared/list-query.ts'
import { checkoutRequest, FEN_PER_CNY, redeemRequest, type recharge } from '../../shared/recharge-protocol.ts'
import { addressGroup } from '../auth/address-group.ts'
import { addressOf, seatIn } from '../auth/authenticate.ts'
import { createBoundedLimiter } from '../auth/bounded-limiter.ts'
import { languageOf, sendFailure } from '../errors.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Recharge } from '../recharge/recharge-rows.ts'
import type { Recharges } from '../recharge/recharges.ts'
import { PAGE_POLICY, printPage, printReturnPage } from '../recharge/return-page.ts'
import type { Vouchers } from '../recharge/vouchers.ts'
import { badRequest } from './bad-request.ts'
import type { Drain } from './drain.ts'
import { idIn } from './path-id.ts'
import { readQuery } from './read-query.ts'

export interface RechargeRouteDeps {
  vouchers: Pick<Vouchers, 'redeem'>
  recharges: Pick<Recharges, 'open' | 'list' | 'read' | 'readAsPayer' | 'receive' | 'services'>
  ledger: Pick<Ledger, 'balance'>
  drain: Drain
}

/** Who may pass: a seat that is known, and one that is not for single cells only. */
export interface Gates {
  seat: RequestHandler
  person: RequestHandler
}

// Answered in its code also where it is not set up.
const DOCUMENTED_SERVICES = ['stripe']
export const RECHARGE_BODY_BYTES_MAX = 16_000
const EVENT_BYTES_MAX = 256_000
// Who has more addresses than these is not slowed down by counting them.
const ADDRESSES_MAX = 20_000

/** To be used under /v1, before anything that asks for a seat: a payment service has none. */
export function rechargeRouter(deps: RechargeRouteDeps, { seat, person }: Gates): Router {
  const router = Router()
  const readJson = express.json({ limit: RECHARGE_BODY_BYTES_MAX })
  const tracked =
    (route: (request: Request, response: Response) => Promise<void>): RequestHandler =>
    (request, response) =>
      deps.drain.track(route(request, response))

  router.post('/points/redeem', seat, person, readJson, tracked(redeemVoucherRoute(deps)))
  router.post('/points/checkout', seat, person, readJson, tracked(checkoutRoute(deps)))
  router.get('/points/recharges', seat, person, listRechargesRoute(deps))
  router.get('/points/recharges/:id', seat, person, tracked(readRechargeRoute(deps)))
  router.get('/points/return', tracked(returnRoute(deps, { isBack: false })))
  router.get('/points/cancelled', tracked(returnRoute(deps, { isBack: true })))
  for (const service of new Set([...DOCUMENTED_SERVICES, ...deps.recharges.services])) {
    // The very bytes, whatever they say they are: the signature is over them.
    const readRaw = express.raw({ limit: EVENT_BYTES_MAX, type: () => true, inflate: false })
    router.post(`/webhooks/${service}`, readRaw, tracked(paymentEventRoute(deps, service)))
  }
  return router
}

/** POST /v1/points/redeem {code} → {points, balance, repeated}. */
function redeemVoucherRoute({ vouchers }: RechargeRouteDeps) {
  // In this process alone: with several, a guesser has as many tries more, of 2⁹⁰ codes.
  const ofWorkspace = new RateLimiterMemory({ points: 30, duration: 600 })
  const ofAddress = createBoundedLimiter({ points: 60, seconds: 600, keysMax: ADDRESSES_MAX })
  // Typing errors are told without the database; this many a minute are no person's.
  const typed = new RateLimiterMemory({ points: 120, duration: 60 })

  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(redeemRequest, request.body)
    if (!body.success) return reply(request, response, badRequest(body.error, request.body))
    const { workspaceId, id: seatId } = seatIn(response)
    const tries = [
      [typed, workspaceId],
      [ofWorkspace, workspaceId],
      [ofAddress, addressGroup(addressOf(request))],
    ] as const
    // Counted before the code is looked at, or a thousand guesses at once would all be heard; given back where it was none.
    const limited = await consumeAll(tries, response)
    if (limited) return reply(request, response, limited)
    const redeemed = await vouchers.redeem(body.data.code, { workspaceId, seatId })
    if (!isFailure(redeemed) || redeemed.failed === 'voucher-mistyped') {
      for (const [limiter, key] of tries) if (limiter !== typed) await limiter.reward(key)
    }
    reply(request, response, redeemed)
  }
}

/** POST /v1/points/checkout {requestId, cny} → {recharge, url}. */
function checkoutRoute({ recharges }: RechargeRouteDeps) {
  // Each new one is a page at the payment service.
  const opened = new RateLimiterMemory({ points: 60, duration: 600 })

  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(checkoutRequest, request.body)
    if (!body.success) return reply(request, response, badRequest(body.error, request.body))
    const { workspaceId, id: seatId } = seatIn(response)
    const limited = await consumeAll([[opened, workspaceId]], response)
    const row = limited ?? (await recharges.open({ workspaceId, seatId }, body.data))
    reply(
      request,
      response,
      isFailure(row) ? row : { recharge: describe(row), url: row.state === 'open' ? row.url : null },
    )
  }
}

/** GET /v1/points/recharges → {recharges}, newest first. */
function listRechargesRoute({ recharges }: RechargeRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const query = readQuery(noQuery, request)
    if (isFailure(query)) return reply(request, response, query)
    const rows = await recharges.list(seatIn(response).workspaceId)
    reply(request, response, { recharges: rows.map(describe) })
  }
}

/** GET /v1/points/recharges/:id → the recharge; the service is asked while it is open. */
function readRechargeRoute({ recharges }: RechargeRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const row = await recharges.read(seatIn(response).workspaceId, idIn(request, 'id'))
    reply(request, response, isFailure(row) ? row : describe(row))
  }
}

/** GET /v1/points/return?recharge=&key= and /v1/points/cancelled: where the payment page sends the payer's browser back to. */
function returnRoute({ recharges, ledger }: RechargeRouteDeps, { isBack }: { isBack: boolean }) {
  return async (request: Request, response: Response): Promise<void> => {
    const language = languageOf(request)
    response.setHeader('Vary', 'Accept-Language')
    response.setHeader('Content-Security-Policy', PAGE_POLICY)
    const row = await recharges.readAsPayer(oneText(request.query.recharge), oneText(request.query.key))
    if (!row) {
      // The same for an unknown one and for another's key, and nothing of what was asked.
      const said = sentence(failure('recharge-unknown', { id: '' }), language)
      response
        .status(404)
        .type('html')
        .send(printPage('Tariffcell', said, language))
      return
    }
    const { spendable } = await ledger.balance(row.workspaceId)
    response.type('html').send(printReturnPage(row, spendable, { language, isBack }))
  }
}

/** POST /v1/webhooks/<service> → 204; a failure where it is to call again. */
function paymentEventRoute({ recharges }: RechargeRouteDeps, service: string) {
  return async (request: Request, response: Response): Promise<void> => {
    const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const received = await recharges.receive(service, rawBody, request.headers)
    if (isFailure(received)) reply(request, response, received)
    else response.status(204).end()
  }
}

interface Limiter {
  /** @throws {RateLimiterRes} past the limit. */
  consume(key: string): Promise<unknown>
}

type Tries = readonly (readonly [limiter: Limiter, key: string])[]

async function consumeAll(tries: Tries, response: Response): Promise<Failure | null> {
  for (const [limiter, key] of tries) {
    try {
      await limiter.consume(key)
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error
      const seconds = Math.ceil(error.msBeforeNext / 1000)
      response.setHeader('Retry-After', seconds)
      return failure('too-many-requests', { seconds })
    }
  }
  return null
}

function reply(request: Request, response: Response, result: object | Failure): void {
  if (isFailure(result)) sendFailure(response, result, languageOf(request))
  else response.json(result)
}

function describe(row: Recharge): z.infer<typeof recharge> {
  const { id, state, fen, currency, points, refundedPoints, createdAt, paidAt } = row
  return {
    id,
    state,
    cny: fen / FEN_PER_CNY,
    currency,
    points,
    refundedPoints,
    createdAt: new Date(createdAt).toISOString(),
    paidAt: paidAt === null ? null : new Date(paidAt).toISOString(),
  }
}

function oneText(given: unknown): string {
  return typeof given === 'string' ? given.slice(0, 200) : ''
}
