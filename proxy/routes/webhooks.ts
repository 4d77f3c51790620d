/** /v1/webhooks, for owners: where a workspace is told its events, and the log of what was sent. */
import express, { Router, type Request, type RequestHandler, type Response } from 'express'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import * as z from 'zod/mini'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { noQuery } from '../../shared/list-query.ts'
import { deliveriesQuery, webhookChange, webhookRequest } from '../../shared/webhooks-protocol.ts'
import { seatIn } from '../auth/authenticate.ts'
import { languageOf, sendFailure } from '../errors.ts'
import type { Delivery, Owner, Webhook, Webhooks } from '../webhooks/webhooks.ts'
import { badRequest } from './bad-request.ts'
import { idIn } from './path-id.ts'
import { readQuery } from './read-query.ts'
import { withNewestToken } from './seats.ts'

export interface WebhooksRouterDeps {
  webhooks: Webhooks
  /** Lets owners alone through, and puts their seat in the response. */
  owner: RequestHandler[]
}

export const WEBHOOK_BODY_BYTES_MAX = 20_000
const DELIVERIES_PER_PAGE = 50
const DELIVERIES_PER_PAGE_MAX = 200
// Each makes this proxy call, or look up, somebody's server.
const CALLS_PER_MINUTE = 30

/** The guards stand at each route: what others mount under the same path, for calls from outside, has no seat. */
export function webhooksRouter({ webhooks, owner }: WebhooksRouterDeps): Router {
  const router = Router()
  const readJson = express.json({ limit: WEBHOOK_BODY_BYTES_MAX })
  const changing = [...owner, withNewestToken]
  const calling = [...changing, limitCalls()]

  router.get('/', owner, listRoute(webhooks))
  router.post('/', calling, readJson, createRoute(webhooks))
  router.patch('/:id', changing, readJson, changeRoute(webhooks))
  router.delete('/:id', changing, removeRoute(webhooks))
  router.post('/:id/rotate', calling, rotateRoute(webhooks))
  router.post('/:id/test', calling, pingRoute(webhooks))
  router.get('/:id/deliveries', owner, deliveriesRoute(webhooks))
  router.post('/deliveries/:id/resend', calling, resendRoute(webhooks))
  return router
}

/** GET → {webhooks}. */
function listRoute(webhooks: Webhooks) {
  return async (request: Request, response: Response): Promise<void> => {
    const query = readQuery(noQuery, request)
    if (isFailure(query)) return reply(request, response, query)
    const listed = await webhooks.list(seatIn(response).workspaceId)
    reply(request, response, { webhooks: listed.map(describeWebhook) })
  }
}

/** POST {url, events?} → 201 {webhook, secret}. The secret is shown this once. */
function createRoute(webhooks: Webhooks) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(webhookRequest, request.body)
    if (!body.success) return reply(request, response, badRequest(body.error, request.body))
    const { url, events = null } = body.data
    const made = await webhooks.create(ownerIn(response), { url, events })
    const shown = isFailure(made) ? made : { webhook: describeWebhook(made.webhook), secret: made.secret }
    reply(request, response, shown, 201)
  }
}

/** PATCH /:id {state?, events?} → {webhook}. */
function changeRoute(webhooks: Webhooks) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(webhookChange, request.body)
    if (!body.success) return reply(request, response, badRequest(body.error, request.body))
    const changed = await webhooks.change(ownerIn(response), idIn(request, 'id'), body.data)
    reply(request, response, isFailure(changed) ? changed : { webhook: describeWebhook(changed) })
  }
}

/** DELETE /:id → 204. */
function removeRoute(webhooks: Webhooks) {
  return async (request: Request, response: Response): Promise<void> => {
    const removed = await webhooks.remove(ownerIn(response), idIn(request, 'id'))
    if (isFailure(removed)) reply(request, response, removed)
    else response.status(204).end()
  }
}

/** POST /:id/rotate → {secret, oldSecretUntil}. */
function rotateRoute(webhooks: Webhooks) {
  return async (request: Request, response: Response): Promise<void> => {
    const rotated = await webhooks.rotate(ownerIn(response), idIn(request, 'id'))
    const shown = isFailure(rotated) ? rotated : { secret: rotated.secret, oldSecretUntil: printTime(rotated.oldUntil) }
    reply(request, response, shown)
  }
}

/** POST /:id/test → 202 {delivery}, a ping. */
function pingRoute(webhooks: Webhooks) {
  return async (request: Request, response: Response): Promise<void> => {
    const delivery = await webhooks.ping(ownerIn(response), idIn(request, 'id'))
    reply(request, response, isFailure(delivery) ? delivery : { delivery }, 202)
  }
}

/** GET /:id/deliveries?before=&limit= → {deliveries, before}, newest first. */
function deliveriesRoute(webhooks: Webhooks) {
  return async (request: Request, response: Response): Promise<void> => {
    const query = readQuery(deliveriesQuery, request)
    if (isFailure(query)) return reply(request, response, query)
    const limit = Math.min(Number(query.limit ?? DELIVERIES_PER_PAGE), DELIVERIES_PER_PAGE_MAX)
    const page = { limit, before: query.before ?? null }
    const listed = await webhooks.deliveries(seatIn(response).workspaceId, idIn(request, 'id'), page)
    if (isFailure(listed)) return reply(request, response, listed)
    const next = listed.length === limit ? (listed.at(-1)?.id ?? null) : null
    reply(request, response, { deliveries: listed.map(describeDelivery), before: next })
  }
}

/** POST /deliveries/:id/resend → 202 {delivery}. */
function resendRoute(webhooks: Webhooks) {
  return async (request: Request, response: Response): Promise<void> => {
    const delivery = await webhooks.resend(ownerIn(response), idIn(request, 'id'))
    reply(request, response, isFailure(delivery) ? delivery : { delivery }, 202)
  }
}

function limitCalls(): RequestHandler {
  const calls = new RateLimiterMemory({ points: CALLS_PER_MINUTE, duration: 60 })
  return async (request, response, next) => {
    try {
      await calls.consume(seatIn(response).workspaceId)
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error
      const seconds = Math.ceil(error.msBeforeNext / 1000)
      response.setHeader('Retry-After', seconds)
      return sendFailure(response, failure('too-many-requests', { seconds }), languageOf(request))
    }
    next()
  }
}

function reply(request: Request, response: Response, result: object | Failure, status = 200): void {
  if (isFailure(result)) sendFailure(response, result, languageOf(request))
  else response.status(status).json(result)
}

function ownerIn(response: Response): Owner {
  const { workspaceId, id } = seatIn(response)
  return { workspaceId, actor: id }
}

function describeWebhook({ id, url, events, state, disabledReason, createdAt }: Webhook): object {
  return { id, url, events, state, disabledReason, createdAt: printTime(createdAt) }
}

function describeDelivery(delivery: Delivery): object {
  const { id, event, messageId, state, attempts, lastStatus, lastTrouble, createdAt, lastAt, nextAt } = delivery
  return {
    id,
    event,
    messageId,
    state,
    attempts,
    lastStatus,
    lastTrouble,
    createdAt: printTime(createdAt),
    lastAt: printTime(lastAt),
    nextAt: state === 'waiting' ? printTime(nextAt) : null,
  }
}

function printTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
