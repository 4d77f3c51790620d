/** One bounded HTTP call to the proxy, and what its failures are called in a cell. */
import { failure } from './error-codes.ts'
import type { Language } from './language.ts'
import type { AnswerError } from './protocol.ts'
import { readRefusal } from './refusal.ts'
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

/** {@link readRefusal} of a reply whose body was not read yet. */
export async function refusalOf(response: Response, language: Language, now: number): Promise<AnswerError> {
  const { status } = response
  return readRefusal(
    { status, text: await response.text(), retryAfter: response.headers.get('Retry-After') },
    language,
    now,
  )
}
