/** Joins what the pane was given with the state that outlives its views: a view comes and goes, a run and a connection stay. */
import type { Language } from '../language.ts'
import type { AnswerError, SessionReply } from '../protocol.ts'
import type { z } from 'zod/mini'
import type { pointsReply } from '../protocol.ts'
import { observable, type Observable } from './observable.ts'
import type { PaneDeps } from './pane-deps.ts'
import { createProxyApi, isRefused, type ProxyApi } from './proxy-api.ts'
import { isViewId, type ViewId } from './view-ids.ts'

export type Points = z.infer<typeof pointsReply>

export type Connection =
  | { kind: 'none' }
  | { kind: 'connected'; seat: SessionReply['seat']; workspace: SessionReply['workspace'] }
  /** There is a token, and the proxy could not be asked about it. */
  | { kind: 'away'; error: AnswerError }
  | { kind: 'asking' }

export interface Pane extends PaneDeps {
  api: ProxyApi
  language: Observable<Language>
  connection: Observable<Connection>
  /** null: not known yet. */
  points: Observable<Points | null>
  /** Why cells are not sent just now, for the banner. */
  stopped: Observable<AnswerError | null>
  /** Why the spreadsheet keeps us waiting. */
  waiting: Observable<'editing' | 'busy' | null>
  view: Observable<ViewId>
  /** Asks the proxy who we are and what is left. */
  refresh(): Promise<void>
  /** Asks what is left, when something may have been spent or credited. */
  refreshPoints(): Promise<void>
  close(): void
}

const POINTS_EVERY_MS = 60_000

export function createPane(deps: PaneDeps, firstView: string | null = null): Pane {
  const { session, functions, host, clock } = deps
  const api = createProxyApi({ call: session.call, clock, language: () => session.language() })
  const language = observable(session.language())
  const connection = observable<Connection>(session.isConnected() ? { kind: 'asking' } : { kind: 'none' })
  const points = observable<Points | null>(null)
  const stopped = observable(functions.stoppedBy())
  const waiting = observable<'editing' | 'busy' | null>(null)
  const view = observable<ViewId>(isViewId(firstView) ? firstView : 'bulk')
  let isClosed = false
  let callOffLook: (() => void) | null = null

  async function refresh(): Promise<void> {
    if (!session.isConnected()) {
      connection.set({ kind: 'none' })
      points.set(null)
      return
    }
    const reply = await api.session()
    // Forgotten while this was on its way.
    if (isClosed || !session.isConnected()) return
    if (!isRefused(reply)) connection.set({ kind: 'connected', seat: reply.seat, workspace: reply.workspace })
    else if (isRevoked(reply.error)) await session.forget()
    else connection.set({ kind: 'away', error: reply.error })
    await refreshPoints()
  }

  async function refreshPoints(): Promise<void> {
    if (!session.isConnected()) return
    const reply = await api.points()
    if (isClosed || isRefused(reply) || !session.isConnected()) return
    points.set(reply)
    functions.tellPoints(reply)
  }

  function look(): void {
    callOffLook = clock.schedule(() => {
      const isAway = connection.get().kind === 'away'
      void (isAway ? refresh() : refreshPoints()).finally(() => !isClosed && look())
    }, POINTS_EVERY_MS)
  }

  const undo = [
    session.onChange(() => {
      language.set(session.language())
      stopped.set(functions.stoppedBy())
      if (session.isConnected() && connection.get().kind === 'none') connection.set({ kind: 'asking' })
      void refresh()
    }),
    functions.onStopped((error) => stopped.set(error)),
    functions.onPoints(({ balance, held }) => {
      points.update((before) => before && { ...before, balance, held, posted: balance + held })
      if (balance > 0 && stopped.get()) stopped.set(functions.stoppedBy())
    }),
    host.onWaiting((reason) => waiting.set(reason)),
  ]
  look()

  return {
    ...deps,
    api,
    language,
    connection,
    points,
    stopped,
    waiting,
    view,
    refresh,
    refreshPoints,
    close() {
      isClosed = true
      callOffLook?.()
      for (const takeOff of undo) takeOff()
    },
  }
}

/** The token is no longer good; anything else may pass. */
function isRevoked(error: AnswerError): boolean {
  return error.code === 'TC-401'
}
