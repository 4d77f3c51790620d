/** /v1/pairings: an add-on asks to be connected, and somebody who is connected says yes or no. It fetches its token by POST /v1/session. */
import { Router, type Request, type RequestHandler, type Response } from 'express'
import * as z from 'zod/mini'
import { isFailure } from '../../shared/error-codes.ts'
import { pairedSessionRequest, pairingRequest, type PairingReply } from '../../shared/pairing-protocol.ts'
import { addressOf, seatIn, type Authenticate } from '../auth/authenticate.ts'
import { matchCode, type Pairing, type Pairings } from '../auth/pairings.ts'
import { languageOf, sendFailure } from '../errors.ts'
import { badRequest } from './bad-request.ts'
import { idIn } from './path-id.ts'
import { withNewestToken } from './seats.ts'
import { describeSeat } from './session.ts'

export interface PairingsRouteDeps {
  pairings: Pairings
  authenticate: Pick<Authenticate, 'pairing' | 'pairingLook'>
}

export interface PairingGuards {
  /** Lets those through who may approve. */
  person: RequestHandler[]
  readJson: RequestHandler
}

const LOOK_AGAIN_SECONDS = 2

export function pairingsRouter(deps: PairingsRouteDeps, { person, readJson }: PairingGuards): Router {
  const router = Router()
  router.post('/', readJson, beginRoute(deps))
  router.get('/:challenge', ...person, readRoute(deps))
  router.post('/:challenge/approve', ...person, withNewestToken, decideRoute(deps, 'approved'))
  router.post('/:challenge/refuse', ...person, withNewestToken, decideRoute(deps, 'refused'))
  return router
}

/** POST {challenge, name?} → 201 {matchCode, expiresAt}. */
function beginRoute({ pairings, authenticate }: PairingsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(pairingRequest, request.body)
    if (!body.success) return sendFailure(response, badRequest(body.error, request.body), languageOf(request))
    const limited = await authenticate.pairing(addressOf(request), response)
    if (limited) return sendFailure(response, limited, languageOf(request))
    const begun = await pairings.begin(body.data.challenge, body.data.name ?? '')
    if (isFailure(begun)) return sendFailure(response, begun, languageOf(request))
    const { matchCode, expiresAt } = toReply(begun)
    response.status(201).json({ matchCode, expiresAt })
  }
}

/** GET /:challenge → what whoever is asked is shown. */
function readRoute({ pairings }: PairingsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const pairing = await pairings.read(idIn(request, 'challenge'), seatIn(response).workspaceId)
    if (isFailure(pairing)) sendFailure(response, pairing, languageOf(request))
    else response.json(toReply(pairing))
  }
}

/** POST /:challenge/approve, /:challenge/refuse → as it stands then; the second time too. */
function decideRoute({ pairings }: PairingsRouteDeps, decision: 'approved' | 'refused') {
  return async (request: Request, response: Response): Promise<void> => {
    const pairing = await pairings.decide(idIn(request, 'challenge'), decision, seatIn(response))
    if (isFailure(pairing)) sendFailure(response, pairing, languageOf(request))
    else response.json(toReply(pairing))
  }
}

/** POST /v1/session {pairing} → 202 {expiresAt} while it waits, then 201 {token, seat, workspace}. Other bodies are the next one's. */
export function redeemPairingRoute({ pairings, authenticate }: PairingsRouteDeps): RequestHandler {
  return async (request, response, next): Promise<void> => {
    const given: unknown = request.body
    if (typeof given !== 'object' || given === null || !Object.hasOwn(given, 'pairing')) return next()
    const body = z.safeParse(pairedSessionRequest, given)
    if (!body.success) return sendFailure(response, badRequest(body.error, given), languageOf(request))
    const limited = await authenticate.pairingLook(addressOf(request), response)
    if (limited) return sendFailure(response, limited, languageOf(request))
    const redeemed = await pairings.redeem(body.data.pairing)
    if (isFailure(redeemed)) return sendFailure(response, redeemed, languageOf(request))
    if ('waiting' in redeemed) {
      response.setHeader('Retry-After', LOOK_AGAIN_SECONDS)
      response.status(202).json({ expiresAt: toReply(redeemed.waiting).expiresAt })
      return
    }
    response.status(201).json({ token: redeemed.token, ...describeSeat(redeemed.seat) })
  }
}

function toReply({ challenge, name, state, expiresAt }: Pairing): PairingReply {
  return { matchCode: matchCode(challenge), name, state, expiresAt: new Date(expiresAt).toISOString() }
}
