/// <reference lib="dom" />
/** The sidebar's side of the door: one call of google.script.run is one execution at Google, of which ten may run at once. */
import { failure, FailureError, FAILURES, type Failure } from '../../shared/error-codes.ts'
import type { Deed, Deeds, DoorReply } from '../door-protocol.ts'

export type Door = <Name extends Deed>(deed: Name, given: Deeds[Name][0]) => Promise<Deeds[Name][1]>

interface ScriptRun {
  withSuccessHandler(handler: (value: DoorReply) => void): ScriptRun
  withFailureHandler(handler: (error: Error) => void): ScriptRun
  paneCall(deed: string, given: unknown, version: string): void
}

declare const TARIFFCELL_DOOR: string

declare global {
  interface Window {
    google?: { script: { run: ScriptRun } }
  }
}

const CALLS_AT_ONCE_MAX = 8
// Google ends an execution after six minutes, and mostly says so.
const CALL_MS_MAX = 7 * 60_000

/** @throws {FailureError} what the other side says, or why it was not reached. */
export function createDoor(): Door {
  const waiting: (() => void)[] = []
  let running = 0

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running >= CALLS_AT_ONCE_MAX) await new Promise<void>((resolve) => waiting.push(resolve))
    running++
    try {
      return await work()
    } finally {
      running--
      waiting.shift()?.()
    }
  }

  return async (deed, given) => {
    const reply = await inTurn(() => call(deed, given))
    if ('failure' in reply) throw new FailureError(known(reply.failure))
    return reply.value as never
  }
}

/** One that this sidebar has no sentence for is of another version. */
function known(failed: Failure): Failure {
  return Object.hasOwn(FAILURES, failed.failed) ? failed : failure('sidebar-outdated')
}

function call(deed: string, given: unknown): Promise<DoorReply> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: Error): void => reject(new FailureError(failureOf(cause?.message ?? ''), { cause }))
    const timer = setTimeout(fail, CALL_MS_MAX)
    const settle =
      <Given>(then: (given: Given) => void) =>
      (given: Given): void => {
        clearTimeout(timer)
        then(given)
      }
    window
      .google!.script.run.withSuccessHandler(settle(resolve))
      .withFailureHandler(settle(fail))
      .paneCall(deed, given, TARIFFCELL_DOOR)
  })
}

/** Google says it in its own words, and by them alone. */
function failureOf(message: string): Failure {
  // With two accounts in one browser a sidebar calls as the other one.
  const isOther = /authorization is required|PERMISSION_DENIED|do not have permission/i.test(message)
  if (isOther) return failure('sheets-other-account')
  return failure('spreadsheet-busy', { detail: message.slice(0, 120) || 'Google Sheets' })
}
