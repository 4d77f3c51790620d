/** /v1/seats, /v1/audit: what an owner sees and changes in the own workspace. POST /v1/session/rotate: a seat's own token. */
import { Router, type Request, type RequestHandler, type Response } from 'express'
import * as z from 'zod/mini'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { noQuery } from '../../shared/list-query.ts'
import {
  AUDIT_ENTRIES_PER_PAGE_MAX,
  auditQuery,
  rotateRequest,
  seatChanges,
  seatRequest,
  sheetSeatQuery,
  sheetSeatRequest,
  type SeatEntryReply,
} from '../../shared/seats-protocol.ts'
import type { Audit } from '../audit/audit.ts'
import { seatIn, type Authenticate } from '../auth/authenticate.ts'
import { listSeats, type SeatEntry } from '../auth/list-seats.ts'
import type { Seats } from '../auth/seats.ts'
import type { Database } from '../database.ts'
import { languageOf, sendFailure } from '../errors.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { badRequest } from './bad-request.ts'
import { idIn } from './path-id.ts'
import { readQuery } from './read-query.ts'

export interface SeatsRouteDeps {
  database: Database
  ledger: Pick<Ledger, 'spentToday' | 'spentTodayBySeat'>
  seats: Seats
  audit: Pick<Audit, 'list'>
  authenticate: Pick<Authenticate, 'makingSheet'>
}

const ENTRIES_PER_PAGE = 50
const HOUR_MS = 3_600_000

/** Only owners come here. */
export function seatsRouter(deps: SeatsRouteDeps, readJson: RequestHandler): Router {
  const router = Router()
  router.get('/', listRoute(deps))
  router.post('/', withNewestToken, readJson, createRoute(deps))
  router.patch('/:seat', withNewestToken, readJson, changeRoute(deps))
  router.delete('/:seat', withNewestToken, revokeRoute(deps))
  router.post('/:seat/rotate', withNewestToken, readJson, rotateRoute(deps))
  return router
}

/** GET → {seats}: revoked ones too. */
function listRoute(deps: SeatsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const query = readQuery(noQuery, request)
    if (isFailure(query)) return sendFailure(response, query, languageOf(request))
    const seats = await listSeats(deps, seatIn(response).workspaceId)
    response.json({ seats: seats.map(toReply) })
  }
}

/** POST {name, role, dailyCapPoints?} → 201 {id, token}. The token is shown this once. */
function createRoute({ seats }: SeatsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = read(seatRequest, request.body)
    if (isFailure(body)) return sendFailure(response, body, languageOf(request))
    const { workspaceId, id: actor } = seatIn(response)
    const { name, role, dailyCapPoints = null } = body
    response.status(201).json(await seats.createSeat({ workspaceId, name, role, dailyCapPoints }, actor))
  }
}

/** PATCH /:seat {name?, dailyCapPoints?} → the seat as it is listed. */
function changeRoute(deps: SeatsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = read(seatChanges, request.body)
    if (isFailure(body)) return sendFailure(response, body, languageOf(request))
    const { workspaceId, id: actor } = seatIn(response)
    const id = idIn(request, 'seat')
    const changed = await deps.seats.changeSeat(workspaceId, id, body, actor)
    if (isFailure(changed)) return sendFailure(response, changed, languageOf(request))
    const seats = await listSeats(deps, workspaceId)
    response.json(seats.filter((seat) => seat.id === id).map(toReply)[0])
  }
}

/** DELETE /:seat → 204, the second time too. */
function revokeRoute({ seats }: SeatsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const { workspaceId, id: actor } = seatIn(response)
    const revoked = await seats.revokeSeat(workspaceId, idIn(request, 'seat'), actor)
    if (isFailure(revoked)) sendFailure(response, revoked, languageOf(request))
    else response.status(204).end()
  }
}

/** POST /:seat/rotate {overlapHours?} → {token, previousEndsAt}. */
function rotateRoute({ seats }: SeatsRouteDeps) {
  return (request: Request, response: Response): Promise<void> =>
    rotate(seats, idIn(request, 'seat'), request, response)
}

/** POST {overlapHours?} → {token, previousEndsAt}: the own token, replaced. */
export function rotateOwnRoute({ seats }: Pick<SeatsRouteDeps, 'seats'>) {
  return (request: Request, response: Response): Promise<void> => rotate(seats, seatIn(response).id, request, response)
}

/**
 * POST /v1/session/sheet {name, spreadsheet, dailyCapPoints} → 201 {id, token}: for the formulas of one spreadsheet, in place of the one
 * it had. Nobody makes one that may spend more a day than they do, nor several that may together.
 */
export function createSheetSeatRoute({ seats, authenticate }: Pick<SeatsRouteDeps, 'seats' | 'authenticate'>) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = read(sheetSeatRequest, request.body)
    if (isFailure(body)) return sendFailure(response, body, languageOf(request))
    const limited = await authenticate.makingSheet(seatIn(response), response)
    if (limited) return sendFailure(response, limited, languageOf(request))
    const { workspaceId, id: actor, dailyCapPoints: own } = seatIn(response)
    const dailyCapPoints = Math.min(body.dailyCapPoints, own ?? Infinity)
    const made = await seats.createSheetSeat({ ...body, workspaceId, dailyCapPoints }, actor)
    if (isFailure(made)) sendFailure(response, made, languageOf(request))
    else response.status(201).json(made)
  }
}

/** GET /v1/session/sheet?spreadsheet= → {sheet}: what the formulas of a spreadsheet may spend, and have. */
export function sheetSeatRoute({ seats, ledger }: Pick<SeatsRouteDeps, 'seats' | 'ledger'>) {
  return async (request: Request, response: Response): Promise<void> => {
    const query = readQuery(sheetSeatQuery, request)
    if (isFailure(query)) return sendFailure(response, query, languageOf(request))
    const seat = await seats.sheetSeat(seatIn(response).workspaceId, query.spreadsheet)
    response.setHeader('Cache-Control', 'no-store')
    response.json({ sheet: seat && { ...seat, spentToday: await ledger.spentToday(seat.id) } })
  }
}

/** GET ?before=&limit= → {entries, before}: newest first. */
export function auditRoute({ audit }: Pick<SeatsRouteDeps, 'audit'>) {
  return async (request: Request, response: Response): Promise<void> => {
    const query = readQuery(auditQuery, request)
    if (isFailure(query)) return sendFailure(response, query, languageOf(request))
    const limit = Math.min(Number(query.limit ?? ENTRIES_PER_PAGE), AUDIT_ENTRIES_PER_PAGE_MAX)
    const [at, id] = query.before?.split('.') ?? []
    const before = at === undefined || id === undefined ? undefined : { at: Number(at), id }
    const entries = await audit.list({ workspaceId: seatIn(response).workspaceId, before, limit })
    const last = entries.at(-1)
    response.json({
      entries: entries.map(({ id, at, actor, action, detail }) => ({
        id,
        at: new Date(at).toISOString(),
        actor,
        action,
        detail,
      })),
      before: last && entries.length === limit ? `${last.at}.${last.id}` : null,
    })
  }
}

/** A token that was replaced goes on asking, and changes nothing: it may be the one that got into the wrong hands. */
export const withNewestToken: RequestHandler = (request, response, next) => {
  if (seatIn(response).tokenEndsAt === null) next()
  else sendFailure(response, failure('not-allowed'), languageOf(request))
}

async function rotate(seats: Seats, seatId: string, request: Request, response: Response): Promise<void> {
  // Nothing in the body is the usual way.
  const body = read(rotateRequest, request.body ?? {})
  if (isFailure(body)) return sendFailure(response, body, languageOf(request))
  const { workspaceId, id: actor } = seatIn(response)
  const overlapMs = body.overlapHours === undefined ? undefined : body.overlapHours * HOUR_MS
  const rotated = await seats.rotateSeat(workspaceId, seatId, overlapMs, actor)
  if (isFailure(rotated)) return sendFailure(response, rotated, languageOf(request))
  const { token, previousEndsAt } = rotated
  response.json({ token, previousEndsAt: new Date(previousEndsAt).toISOString() })
}

function read<Schema extends z.core.$ZodType>(schema: Schema, given: unknown): z.infer<Schema> | Failure {
  const parsed = z.safeParse(schema, given)
  return parsed.success ? parsed.data : badRequest(parsed.error, given)
}

function toReply(seat: SeatEntry): SeatEntryReply {
  const { id, name, role, dailyCapPoints, spentToday, createdAt, lastUsedAt, spreadsheet, revokedAt } = seat
  return {
    id,
    name,
    role,
    dailyCapPoints,
    spentToday,
    createdAt: new Date(createdAt).toISOString(),
    lastUsed: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString().slice(0, 10),
    spreadsheet,
    revokedAt: revokedAt === null ? null : new Date(revokedAt).toISOString(),
  }
}
