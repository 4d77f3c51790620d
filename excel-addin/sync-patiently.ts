/// <reference types="office-js" />
/**
 * Excel takes nothing while somebody types in a cell, and little while it is busy. What is asked of it then is asked again, from its
 * beginning, and the pane is told why it waits.
 *
 * Office.js can wait for the end of the typing by itself (`delayForCellEdit`), but then nobody is told why nothing happens, a write that
 * was called off happens all the same, and what its guards saw is as old as the typing was long. So we try again each second instead.
 */
import { pause, type Clock } from '../shared/clock.ts'
import { failure, FailureError } from '../shared/error-codes.ts'
import { excelCode, toFailure } from './excel-failure.ts'

export type WaitingReason = 'editing' | 'busy'

export interface Patience {
  /**
   * @param work is begun again when Excel could not take it, so it must be able to.
   * @param options.context to go on with; without one the work has a context of its own.
   * @throws {FailureError} when Excel refuses for good, or the wait is over.
   */
  run<Result>(work: (context: Excel.RequestContext) => Promise<Result>, options?: RunOptions): Promise<Result>
  onWaiting(listener: (reason: WaitingReason | null) => void): () => void
}

export interface RunOptions {
  signal?: AbortSignal
  context?: Excel.RequestContext
}

const EDIT_TRY_MS = 1000
/** Somebody who left a cell open and went home: what was found is kept, and the run says so. */
const EDIT_MS_MAX = 30 * 60_000
/** How often each is tried again, with a longer pause each time. */
const BUSY_TRIES: Partial<Record<string, number>> = {
  ActivityLimitReached: 7,
  ServiceNotAvailable: 7,
  // Rows were inserted into a range between two replies: what was meant for it no longer fits, and does from the beginning.
  InvalidArgument: 1,
}
const BUSY_TRY_MS = 500
/** Longer than a reply normally takes: then the pane says that it waits. */
const BUSY_AFTER_MS = 4000
const REPLY_MS_MAX = 3 * 60_000

export function createPatience(clock: Clock): Patience {
  const listeners = new Set<(reason: WaitingReason | null) => void>()
  const waits = new Map<object, WaitingReason>()
  let told: WaitingReason | null = null

  function tell(): void {
    const reasons = [...waits.values()]
    const reason = reasons.includes('editing') ? 'editing' : (reasons[0] ?? null)
    if (reason === told) return
    told = reason
    for (const listener of listeners) listener(reason)
  }

  return {
    onWaiting(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async run(work, { signal, context = new Excel.RequestContext() } = {}) {
      const me = {}
      const wait = (reason: WaitingReason): void => {
        waits.set(me, reason)
        tell()
      }
      const began = clock.now()
      let busyTries = 0
      try {
        for (;;) {
          signal?.throwIfAborted()
          const callOff = clock.schedule(() => wait('busy'), BUSY_AFTER_MS)
          try {
            return await orTooLate(clock, work(context))
          } catch (error) {
            const code = excelCode(error)
            if (code === 'InvalidOperationInCellEditMode' && clock.now() - began < EDIT_MS_MAX) {
              wait('editing')
              await orAborted(pause(clock, EDIT_TRY_MS), signal)
            } else if (code !== null && busyTries < (BUSY_TRIES[code] ?? 0)) {
              wait('busy')
              await orAborted(pause(clock, BUSY_TRY_MS * 2 ** busyTries++), signal)
            } else {
              throw toFailure(error)
            }
          } finally {
            callOff()
          }
        }
      } finally {
        waits.delete(me)
        tell()
      }
    },
  }
}

async function orTooLate<Result>(clock: Clock, work: Promise<Result>): Promise<Result> {
  let callOff: () => void = () => undefined
  const tooLate = new Promise<never>((_, reject) => {
    const error = (): FailureError => new FailureError(failure('spreadsheet-busy', { detail: 'no reply' }))
    callOff = clock.schedule(() => reject(error()), REPLY_MS_MAX)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    callOff()
  }
}

async function orAborted(waited: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return waited
  let stopListening: () => void = () => undefined
  const aborted = new Promise<void>((resolve) => {
    const onAbort = (): void => resolve()
    signal.addEventListener('abort', onAbort, { once: true })
    stopListening = () => signal.removeEventListener('abort', onAbort)
  })
  await Promise.race([waited, aborted])
  stopListening()
}
