/** Pairing by one-time code: a code becomes a seat and its token; an owner makes codes; a seat can leave. */
import type { Request, Response } from 'express'
import * as z from 'zod/mini'
import { failure, isFailure } from '../../shared/error-codes.ts'
import { connectionCodeRequest, sessionRequest, type SessionReply } from '../../shared/protocol.ts'
import { addressOf, seatIn, type Authenticate } from '../auth/authenticate.ts'
import type { Seat, Seats } from '../auth/seats.ts'
import { languageOf, sendFailure } from '../errors.ts'
import { badRequest } from './bad-request.ts'

export interface SessionRouteDeps {
  seats: Seats
  authenticate: Authenticate
}

/** POST /v1/session {code, name?} → {token, seat, workspace}. The token is shown this once. */
export function redeemRoute({ seats, authenticate }: SessionRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(sessionRequest, request.body)
    if (!body.success) {
      sendFailure(response, badRequest(body.error, request.body), languageOf(request))
      return
    }
    // Before the code is looked at: past the limit a right guess is worth no more than a wrong one.
    const blocked = await authenticate.blocked(addressOf(request), response)
    if (blocked) {
      sendFailure(response, blocked, languageOf(request))
      return
    }
    const redeemed = await seats.redeemConnectionCode(body.data.code, body.data.name ?? null)
    if (isFailure(redeemed)) {
      const limited = await authenticate.failedTry(addressOf(request), response)
      sendFailure(response, limited ?? redeemed, languageOf(request))
      return
    }
    response.status(201).json({ token: redeemed.token, ...describeSeat(redeemed.seat) })
  }
}

/** GET /v1/session → {seat, workspace}. */
export function sessionRoute() {
  return (_request: Request, response: Response): void => {
    response.json(describeSeat(seatIn(response)))
  }
}

/** DELETE /v1/session: this seat ends here, or only its replaced token, where that is what asks. Not an owner's seat. */
export function leaveRoute({ seats }: SessionRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const seat = seatIn(response)
    if (seat.tokenEndsAt !== null) {
      await seats.endReplacedToken(seat.workspaceId, seat.id, seat.id)
      response.status(204).end()
      return
    }
    // A workspace without an owner could never get one again.
    if (seat.role === 'owner') {
      sendFailure(response, failure('not-allowed'), languageOf(request))
      return
    }
    await seats.revokeSeat(seat.workspaceId, seat.id, seat.id)
    response.status(204).end()
  }
}

/** POST /v1/session/codes {name?, role?, dailyCapPoints?} → {code, expiresAt}; owners only. */
export function createCodeRoute({ seats }: SessionRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const { workspaceId, id: actor } = seatIn(response)
    const body = z.safeParse(connectionCodeRequest, request.body ?? {})
    if (!body.success) {
      sendFailure(response, badRequest(body.error, request.body), languageOf(request))
      return
    }
    const { role = 'seat', name = 'seat', dailyCapPoints = null } = body.data
    const { code, expiresAt } = await seats.createConnectionCode({ workspaceId, role, name, dailyCapPoints }, actor)
    response.status(201).json({ code, expiresAt: new Date(expiresAt).toISOString() })
  }
}

export function describeSeat(seat: Seat): Omit<SessionReply, 'token'> {
  return {
    seat: { id: seat.id, name: seat.name, role: seat.role, dailyCapPoints: seat.dailyCapPoints },
    workspace: { id: seat.workspaceId, name: seat.workspaceName },
  }
}
