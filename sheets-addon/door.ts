/// <reference types="google-apps-script" />
/**
 * The one door through which the sidebar reaches what runs at Google. A formula cannot come in: it has no user interface to ask for.
 * What goes wrong for a person to know of comes back as a failure, because Google passes on nothing of an error but its text.
 */
import { FailureError, type Failure } from '../shared/error-codes.ts'
import { CONNECTION_DEEDS } from './connection-deeds.ts'

/** By name, what the sidebar may ask for. Arguments are checked where they are used. */
const DEEDS: Readonly<Record<string, (given: unknown) => unknown>> = { ...CONNECTION_DEEDS }

export type DoorReply = { value: unknown } | { failure: Failure }

/** @throws {Error} where no sidebar calls. */
export function paneCall(deed: unknown, given: unknown): DoorReply {
  SpreadsheetApp.getUi()
  const run = typeof deed === 'string' && Object.hasOwn(DEEDS, deed) ? DEEDS[deed] : undefined
  if (!run) throw new Error('There is no such thing to do.')
  try {
    return { value: run(given) ?? null }
  } catch (error) {
    if (error instanceof FailureError) return { failure: error.failure }
    throw error
  }
}
