/**
 * Around every upstream: a circuit breaker, so that one that is down costs a cell nothing but a sentence, and retries of calls that
 * were surely not carried out, with jitter and as late as the upstream asks.
 */
import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  handleWhen,
  isBrokenCircuitError,
  retry,
  wrap,
  type IPolicy,
} from 'cockatiel'
import { FAILURES, failure } from '../../shared/error-codes.ts'
import { ProviderError } from './provider.ts'

export interface Breaker {
  /** Runs a call; its promise settles when `signal` is aborted at the latest. @throws {ProviderError} */
  run<Result>(call: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result>
  readonly state: 'closed' | 'open' | 'half-open'
}

export interface BreakerSettings {
  provider: string
  /** Calls that must fail in a row before it opens. */
  failuresInARow?: number
  openForMs?: number
  /** Tries of one call, the first included. */
  triesMax?: number
  /** First pause between tries; the next ones double, each between half and whole. */
  pauseMs?: number
  random?: () => number
}

// Longer than that nobody waits at a cell; the failure says when to come back.
const RETRY_AFTER_MAX_MS = 5000

export function createBreaker(settings: BreakerSettings): Breaker {
  const {
    provider,
    failuresInARow = 5,
    openForMs = 10_000,
    triesMax = 3,
    pauseMs = 200,
    random = Math.random,
  } = settings
  const circuit = circuitBreaker(handleWhen(isTrouble), {
    halfOpenAfter: openForMs,
    breaker: new ConsecutiveBreaker(failuresInARow),
  })
  const retries = retry(
    handleWhen((error) => isTrouble(error) && mayBeSentAgain(error)),
    {
      maxAttempts: triesMax - 1,
      backoff: new DelegateBackoff<RetryContext>(({ attempt, result }) => {
        const jittered = pauseMs * 2 ** (attempt - 1) * (0.5 + random() / 2)
        const asked = 'error' in result && result.error instanceof ProviderError ? result.error.retryAfterMs : null
        return Math.max(jittered, asked ?? 0)
      }),
    },
  )
  const policy: IPolicy = wrap(retries, circuit)
  let lastTrouble: ProviderError | null = null
  circuit.onFailure(({ reason }) => {
    // A refused wording that comes late opened nothing, and is no other cell's answer.
    if ('error' in reason && isTrouble(reason.error)) {
      lastTrouble = reason.error instanceof ProviderError ? reason.error : null
    }
  })
  return {
    async run(call, signal) {
      try {
        // Not the signal of the policy: a call that waited for the probe of another would get one that never aborts.
        return await untilAborted(signal, provider, () =>
          policy.execute(() => callUnlessAborted(call, signal, provider)),
        )
      } catch (error) {
        if (isBrokenCircuitError(error)) {
          // A refused key or an empty account is what a person must hear of, not that we stopped asking.
          if (lastTrouble && !FAILURES[lastTrouble.failure.failed].retryable) throw lastTrouble
          throw new ProviderError('left alone after several failures in a row', {
            provider,
            failure: failure('upstream-paused', { provider, seconds: Math.ceil(openForMs / 1000) }),
            mayHaveBeenDone: false,
            cause: error,
          })
        }
        throw error
      }
    },
    get state() {
      switch (circuit.state) {
        case CircuitState.HalfOpen:
          return 'half-open'
        case CircuitState.Open:
        case CircuitState.Isolated:
          return 'open'
        case CircuitState.Closed:
          return 'closed'
      }
    },
  }
}

/** Pauses and probes of others are waited for no longer than the caller waits. */
async function untilAborted<Result>(
  signal: AbortSignal,
  provider: string,
  work: () => Promise<Result>,
): Promise<Result> {
  if (signal.aborted) throw gaveUp(provider, false)
  let giveUp = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(gaveUp(provider, true))
  })
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

function callUnlessAborted<Result>(
  call: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
  provider: string,
): Promise<Result> {
  if (signal.aborted) throw gaveUp(provider, false)
  return call(signal)
}

function gaveUp(provider: string, mayHaveBeenDone: boolean): ProviderError {
  return new ProviderError('the caller gave up', {
    provider,
    failure: failure('provider-timeout', { provider }),
    mayHaveBeenDone,
  })
}

interface RetryContext {
  attempt: number
  result: { error: Error } | { value: unknown }
}

/** The upstream's trouble, not the question's: a refused wording says nothing about its health. */
function isTrouble(error: Error): boolean {
  return !(error instanceof ProviderError) || FAILURES[error.failure.failed].kind === 'service'
}

function mayBeSentAgain(error: Error): boolean {
  return (
    error instanceof ProviderError &&
    !error.mayHaveBeenDone &&
    FAILURES[error.failure.failed].retryable &&
    (error.retryAfterMs ?? 0) <= RETRY_AFTER_MAX_MS
  )
}
