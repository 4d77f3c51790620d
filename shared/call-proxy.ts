/** One bounded HTTP call to the proxy, and what its failures are called in a cell. */
import * as z from 'zod/mini'
import { failure, type Failure } from './error-codes.ts'
import type { Language } from './language.ts'
import { errorReply, type AnswerError } from './protocol.ts'
import type { Clock } from './clock.ts'
import { printFailure } from './print-failure.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export class TimeoutError extends Error {
  override name = 'TimeoutError'
}

/**
 * Runs `work` for at most `timeoutMs`.
 * @throws {TimeoutError} then, and aborts the signal, also when `work` itself takes no notice of it.
 */
export async function withTimeout<Result>(
  clock: Clock,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  let callOff!: () => void
  const timeout = new Promise<never>((_, reject) => {
    callOff = clock.schedule(() => {
      reject(new TimeoutError(`no answer within ${timeoutMs} ms`))
      controller.abort()
    }, timeoutMs)
  })
  try {
    return await Promise.race([work(controller.signal), timeout])
  } finally {
    callOff()
  }
}

/** What a call that came to no reply shows: the watchdog's words after a timeout, else "out of reach". */
export function connectionError(error: unknown, language: Language): AnswerError {
  return printFailure(failure(error instanceof TimeoutError ? 'proxy-timeout' : 'proxy-unreachable'), language)
}

/** The proxy's own words for a refusal; ours where something between us and it spoke instead. */
export async function refusalOf(response: Response, language: Language, now: number): Promise<AnswerError> {
  const parsed = z.safeParse(errorReply, parseJson(await response.text()))
  return parsed.success ? parsed.data.error : printFailure(failureOfStatus(response, now), language)
}

function failureOfStatus(response: Response, now: number): Failure {
  switch (response.status) {
    case 401:
      return failure('not-connected')
    case 402:
      return failure('no-points')
    case 403:
      return failure('not-allowed')
    case 408:
    case 504:
      return failure('proxy-timeout')
    case 413:
      return failure('too-large', { max: '1 MB' })
    case 425:
    case 429:
      return failure('too-many-requests', { seconds: Math.ceil((retryAfterMs(response, now) ?? 60_000) / 1000) })
    default:
      return failure(response.status >= 500 ? 'proxy-unreachable' : 'bad-reply')
  }
}

/** Retry-After, in seconds or as a date. */
export function retryAfterMs(response: Response, now: number): number | null {
  const header = response.headers.get('Retry-After')?.trim()
  if (!header) return null
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}

/** @returns undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
