/** Puts ①, ②, ③ and ⑪ together: for Excel, for the pane beside it, and for a page of our own. */
import type { FunctionName } from '../shared/functions.ts'
import type { AnswerError, PointsSummary } from '../shared/protocol.ts'
import { createBalance } from './balance.ts'
import { createBatcher, REMEMBERED_MAX, type Batcher } from './batcher.ts'
import { createKeptMemory, type KeptMemoryDeps } from './kept-memory.ts'
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
  /** Where answers are kept on this machine; left out, they last as long as the page. */
  kept?: Pick<KeptMemoryDeps, 'openShelf' | 'scope'>
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
  /** What the proxy told somebody else of this page: the points left, and from which data it answers. */
  tellPoints(points: { balance: number; dataVersion?: string | undefined }): void
  /** Those on this machine's disk too; resolves when they are gone. */
  forgetAnswers(): Promise<void>
}

export function createAddin({ session, fetch, clock, makeError, kept }: AddinDeps): Addin {
  const stoppedListeners = new Set<(error: AnswerError) => void>()
  const pointsListeners = new Set<(points: PointsSummary) => void>()
  const language = (): ReturnType<Session['language']> => session.language()
  const errors = createRecentErrors(clock)
  const balance = createBalance(clock)
  const memory = createKeptMemory({
    clock,
    inMemoryMax: REMEMBERED_MAX,
    ...(kept ?? { openShelf: null, scope: async () => null }),
  })
  const send = createProxyClient({
    baseUrl: () => session.baseUrl(),
    token: () => session.token(),
    fetch,
    clock,
    language,
    onPoints: (points) => {
      balance.said(points.balance)
      for (const listener of pointsListeners) listener(points)
    },
  })
  const batcher = createBatcher({
    send,
    clock,
    memory,
    language,
    random: Math.random,
    newRequestId: () => Math.random().toString(36).slice(2) + clock.now().toString(36),
    onStopped: (error) => {
      for (const listener of stoppedListeners) listener(error)
    },
  })
  // Another seat may be another workspace, with other approved codes; another language has other sentences.
  session.onChange(() => {
    // Who leaves this machine leaves nothing on it.
    if (session.token() === null) batcher.forgetAnswers()
    batcher.changeSeat()
    batcher.resume()
    balance.said(null)
  })
  return {
    functions: createSheetFunctions({ batcher, makeError, errors, language, balance }),
    session,
    batcher,
    recentErrors: () => errors.list(),
    onErrors: (listener) => errors.onChange(listener),
    onStopped: (listener) => listen(stoppedListeners, listener),
    onPoints: (listener) => listen(pointsListeners, listener),
    tellPoints(points) {
      balance.said(points.balance)
      if (points.dataVersion !== undefined && !memory.isOf(points.dataVersion)) batcher.forgetAnswers()
    },
    forgetAnswers() {
      batcher.forgetAnswers()
      return memory.written()
    },
  }
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
