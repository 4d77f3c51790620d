/** Failures of a whole request and their HTTP form. Failures of one cell travel inside a 200. */
import type { NextFunction, Request, Response } from 'express'
import { failure, FailureError, isFailure, type Failure, type FailureName } from '../shared/error-codes.ts'
import { isLanguage, type Language } from '../shared/language.ts'
import { printFailure } from '../shared/print-failure.ts'
import { failureOf, type FailureLog } from './failure-of.ts'

const STATUS: Partial<Record<FailureName, number>> = {
  'bad-batch': 400,
  'bad-request': 400,
  'not-connected': 401,
  'needs-token': 401,
  'no-points': 402,
  'not-allowed': 403,
  'token-in-address': 403,
  'not-found': 404,
  'code-used': 404,
  'pairing-expired': 404,
  'form-unknown': 404,
  'job-unknown': 404,
  'memory-unknown': 404,
  'recharge-unknown': 404,
  'webhook-unknown': 404,
  'seat-unknown': 404,
  'voucher-unknown': 404,
  'bad-signature': 401,
  'job-state': 409,
  'request-changed': 409,
  'checkout-unavailable': 409,
  'too-many-webhooks': 409,
  'too-many-made-seats': 409,
  'webhook-disabled': 409,
  'last-owner': 409,
  'pairing-refused': 409,
  'pairing-used': 409,
  'too-many-jobs': 429,
  'too-many-pairings': 429,
  'payment-unreachable': 502,
  'database-away': 503,
  pending: 409,
  'confirm-needed': 409,
  'no-provider': 409,
  'upstream-key-refused': 502,
  'upstream-unreadable': 502,
  'upstream-quota': 502,
  'upstream-no-points': 502,
  'outcome-unknown': 502,
  'provider-failed': 502,
  'provider-busy': 503,
  'upstream-paused': 503,
  'provider-timeout': 504,
  'too-large': 413,
  'too-many-requests': 429,
  bug: 500,
  draining: 503,
  overloaded: 503,
  'disk-full': 507,
}

/** Sends the failure of a whole request as `{error: {code, message, retryable}}`. */
export function sendFailure(response: Response, failed: Failure, language: Language = 'en'): void {
  response.status(STATUS[failed.failed] ?? 400).json({ error: printFailure(failed, language) })
}

/** The reader's language: the first of ours that `Accept-Language` names. */
export function languageOf(request: Request): Language {
  if (request.headers['accept-language'] === undefined) return 'en'
  const wanted = request.acceptsLanguages('en', 'zh', 'fr')
  return typeof wanted === 'string' && isLanguage(wanted) ? wanted : 'en'
}

/** Last in line: whatever a route threw becomes one coded sentence; the log has the rest. */
export function createErrorHandler(log: FailureLog) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) {
      next(error)
      return
    }
    sendFailure(response, requestFailure(error) ?? failureOf(log, error), languageOf(request))
  }
}

function sizeOf(bytes: number): string {
  return bytes < 1e6 ? `${Math.floor(bytes / 1000)} kB` : `${Math.floor(bytes / 1e6)} MB`
}

function limitOf(error: Error): number {
  return 'limit' in error ? Number(error.limit) : 0
}

/** What body-parser says of a bad body: `{type, status, limit}` on the error. */
function requestFailure(error: unknown): Failure | null {
  if (error instanceof FailureError) return error.failure
  if (isFailure(error)) return error
  // A path such as /v1/seats/%E0 that no text is behind.
  if (error instanceof URIError) return failure('not-found')
  if (!(error instanceof Error)) return null
  switch ('type' in error ? error.type : undefined) {
    case 'entity.too.large':
      return failure('too-large', { max: sizeOf(limitOf(error)) })
    case 'entity.parse.failed':
      return failure('bad-request', { detail: 'the body is not JSON' })
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return failure('bad-request', { detail: 'the body must be UTF-8' })
    case 'request.aborted':
    case 'request.size.invalid':
      return failure('bad-request', { detail: 'the body ended early' })
    default:
      // Compressed bodies that do not unpack come so, without a type.
      return 'status' in error && error.status === 400
        ? failure('bad-request', { detail: 'the body cannot be read' })
        : null
  }
}
