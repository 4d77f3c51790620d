/** ③ What every request under /v1 meets first, in Express and before it: headers, origin, and whether new work is taken. */
import type { Request, Response } from 'express'
import { failure } from '../shared/error-codes.ts'
import { languageOf, sendFailure } from './errors.ts'
import type { Drain } from './routes/drain.ts'

export interface GuardDeps {
  allowedOrigins: readonly string[]
  drain: Pick<Drain, 'draining'>
}

/** @returns whether the request goes on; one that does not is answered already. */
export type Guard = (request: Request, response: Response) => boolean

export function createGuard({ allowedOrigins, drain }: GuardDeps): Guard {
  const allowed = new Set(allowedOrigins)
  return (request, response) => {
    // The few headers that mean something on a JSON reply; the pages get the full set.
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Referrer-Policy', 'no-referrer')
    return passOrigin(allowed, request, response) && refuseWhileDraining(drain, request, response)
  }
}

/** Known origins only, and no cookies anywhere: a page elsewhere can neither read nor spend. */
function passOrigin(allowed: ReadonlySet<string>, request: Request, response: Response): boolean {
  const { origin } = request.headers
  if (origin === undefined) return true
  response.setHeader('Vary', 'Origin')
  if (allowed.has(origin)) {
    response.setHeader('Access-Control-Allow-Origin', origin)
    response.setHeader('Access-Control-Expose-Headers', 'Retry-After')
  }
  if (request.method !== 'OPTIONS') return true
  if (allowed.has(origin)) {
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PATCH, DELETE')
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type')
    response.setHeader('Access-Control-Max-Age', '86400')
  }
  response.status(204).end()
  return false
}

function refuseWhileDraining(drain: Pick<Drain, 'draining'>, request: Request, response: Response): boolean {
  if (!drain.draining) return true
  response.setHeader('Connection', 'close')
  response.setHeader('Retry-After', '2')
  sendFailure(response, failure('draining'), languageOf(request))
  return false
}
