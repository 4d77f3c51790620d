/** Puts ①, ②, ③ and ⑪ together: for Excel, for the pane beside it, and for a page of our own. */
import type { FunctionName } from '../shared/functions.ts'
import type { AnswerError, PointsSummary } from '../shared/protocol.ts'
import { createBatcher, type Batcher } from './batcher.ts'
import type { Fetch } from '../shared/call-proxy.ts'
import type { Clock } from '../shared/clock.ts'
import { createSheetFunctions, type SheetFunction } from './functions.ts'
import { createProxyClient } from './proxy-client.ts'
import { createRecentErrors, type RecentError } from './recent-errors.ts'
import type { Session } from './session.ts'
import type { MakeCellError } from './to-cell.ts'

export interface AddinDeps {
  session: Session
  fetch: Fetch
  clock: Clock
  makeError: MakeCellError
}

export interface Addin {
  functions: Record<FunctionName, SheetFunction>
  session: Session
  batcher: Batcher
  /** Newest first, at most 50. */
  recentErrors(): RecentError[]
  /** Told after that list has changed. @returns what takes it off. */
  onErrors(listener: () => void): () => void
  /** Told once when cells stop being sent (not connected, no points), until the batcher is resumed. @returns what takes it off. */
  onStopped(listener: (error: AnswerError) => void): () => void
  /** Told the points left after each reply. @returns what takes it off. */
  onPoints(listener: (points: PointsSummary) => void): () => void
}

export function createAddin({ session, fetch, clock, makeError }: AddinDeps): Addin {
  const stoppedListeners = new Set<(error: AnswerError) => void>()
  const pointsListeners = new Set<(points: PointsSummary) => void>()
  const language = (): ReturnType<Session['language']> => session.language()
  const errors = createRecentErrors(clock)
  const send = createProxyClient({
    baseUrl: () => session.baseUrl(),
    token: () => session.token(),
    fetch,
    clock,
    language,
    onPoints: (points) => {
      for (const listener of pointsListeners) listener(points)
    },
  })
  const batcher = createBatcher({
    send,
    clock,
    language,
    random: Math.random,
    newRequestId: () => Math.random().toString(36).slice(2) + clock.now().toString(36),
    onStopped: (error) => {
      for (const listener of stoppedListeners) listener(error)
    },
  })
  // Another seat may be another workspace, with other approved codes; another language has other sentences.
  session.onChange(() => {
    batcher.forgetAnswers()
    batcher.resume()
  })
  return {
    functions: createSheetFunctions({ batcher, makeError, errors, language }),
    session,
    batcher,
    recentErrors: () => errors.list(),
    onErrors: (listener) => errors.onChange(listener),
    onStopped: (listener) => listen(stoppedListeners, listener),
    onPoints: (listener) => listen(pointsListeners, listener),
  }
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
