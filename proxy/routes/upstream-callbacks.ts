/** /v1/webhooks/jiayou: where jiayou says that a task has ended. No token: it signs its calls, or was given an address of its own. */
import express, { Router, type Request, type Response } from 'express'
import type { RateLimiterRes } from 'rate-limiter-flexible'
import { failure, type Failure } from '../../shared/error-codes.ts'
import { addressGroup } from '../auth/address-group.ts'
import { addressOf } from '../auth/authenticate.ts'
import { createBoundedLimiter, type BoundedLimiter } from '../auth/bounded-limiter.ts'
import { languageOf, sendFailure } from '../errors.ts'
import type { CallbackOutcome, UpstreamCallbacks } from '../upstream-callbacks.ts'

const BODY_BYTES_MAX = 64_000
const TOKEN_CHARACTERS_MAX = 100
// Of one address. A good call never counts.
const REFUSED_PER_MINUTE = 60
const ADDRESSES_MAX = 20_000

type AnyRequest = Request | Request<{ token: string }>

interface RouteDeps {
  callbacks: UpstreamCallbacks
  /** Calls of an address that were refused. */
  refused: BoundedLimiter
}

export function jiayouCallbacksRouter(callbacks: UpstreamCallbacks): Router {
  const router = Router()
  const refused = createBoundedLimiter({ points: REFUSED_PER_MINUTE, seconds: 60, keysMax: ADDRESSES_MAX })
  const deps = { callbacks, refused }
  // As they came, whatever they say they are; compressed ones are not signed by anybody.
  const readBytes = express.raw({ limit: BODY_BYTES_MAX, type: () => true, inflate: false })
  router.post('/', readBytes, signedRoute(deps))
  router.post('/:token', readBytes, unsignedRoute(deps))
  return router
}

function signedRoute(deps: RouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    await reply(deps, request, response, await deps.callbacks.signed('jiayou', bytesOf(request), request.headers))
  }
}

function unsignedRoute(deps: RouteDeps) {
  return async (request: Request<{ token: string }>, response: Response): Promise<void> => {
    // A signature costs nothing to check; a token is looked up.
    const limited = tooOften(response, await deps.refused.get(addressGroup(addressOf(request))))
    if (limited) return sendFailure(response, limited, languageOf(request))
    const token = request.params.token.slice(0, TOKEN_CHARACTERS_MAX)
    await reply(deps, request, response, await deps.callbacks.unsigned('jiayou', token, bytesOf(request)))
  }
}

async function reply(
  { refused }: RouteDeps,
  request: AnyRequest,
  response: Response,
  outcome: CallbackOutcome,
): Promise<void> {
  const failed = failureOf(outcome)
  if (failed === null) return void response.status(204).end()
  const guessed = failed.failed === 'bad-signature' ? await refused.penalty(addressGroup(addressOf(request))) : null
  sendFailure(response, tooOften(response, guessed) ?? failed, languageOf(request))
}

/** @returns null for a call that is good, counted before, or about work that is not ours: none of these is to be repeated. */
function failureOf(outcome: CallbackOutcome): Failure | null {
  switch (outcome) {
    case 'heard':
    case 'seen':
    case 'unknown':
      return null
    case 'unsigned':
    case 'forged':
    case 'stale':
      return failure('bad-signature')
    case 'unreadable':
      return failure('bad-request', { detail: 'this is not the end of a task' })
  }
}

function bytesOf(request: AnyRequest): Uint8Array {
  const body: unknown = request.body
  return Buffer.isBuffer(body) ? body : new Uint8Array()
}

function tooOften(response: Response, state: RateLimiterRes | null): Failure | null {
  if (!state || state.consumedPoints <= REFUSED_PER_MINUTE) return null
  const seconds = Math.ceil(state.msBeforeNext / 1000)
  response.setHeader('Retry-After', seconds)
  return failure('too-many-requests', { seconds })
}
