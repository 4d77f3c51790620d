/** Joins what the pane was given with the state that outlives its views: a view comes and goes, a run and a connection stay. */
import type { z } from 'zod/mini'
import { FAILURES } from '../error-codes.ts'
import type { Language } from '../language.ts'
import type { AnswerError, pointsReply, SessionReply } from '../protocol.ts'
import type { Bulk } from './bulk/bulk-runs.ts'
import { createBulk } from './bulk/create-bulk.ts'
import { browserLocks } from './bulk/hold-run.ts'
import { createCodeDoctor, type CodeDoctor } from './doctor/code-doctor.ts'
import { createFreezer, type Freezer } from './freeze/freezer.ts'
import { observable, type Observable } from './observable.ts'
import { createReview, type Review } from './review/create-review.ts'
import type { PaneDeps } from './pane-deps.ts'
import { createExpertDraft, type ExpertDraft } from './desk/expert-draft.ts'
import type { PictureLook } from './picture/picture-look.ts'
import { createCheckout, type Checkout } from './points/checkout.ts'
import { createProxyApi, isRefused, type ProxyApi, type Reply } from './proxy-api.ts'
import type { TradeLook } from './trade/trade-look.ts'
import { isViewId, type ViewId } from './view-ids.ts'
import type { Filled } from './wizard/build-formula.ts'

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
  /** Raised when another workspace is connected: what a view shows of the one before goes. */
  workspaces: Observable<number>
  bulk: Bulk
  review: Review
  doctor: CodeDoctor
  freezer: Freezer
  /** Asks the proxy who we are and what is left. */
  refresh: () => Promise<void>
  /** Asks what is left, when something may have been spent or credited. */
  refreshPoints: () => Promise<void>
  /** Cells that are calculated from now on are sent again. */
  resume: () => void
  /** Points came in: what was paused for want of them goes on. */
  credited: () => void
  checkout: Checkout
  expertDraft: ExpertDraft
  /** The formula that is being filled in; null: no function is chosen. */
  wizardDraft: Observable<Filled | null>
  /** The latest look-ups: they may have cost a point. */
  pictureLook: Observable<PictureLook | null>
  tradeLook: Observable<TradeLook | null>
  close(): void
}

const POINTS_EVERY_MS = 60_000
const NOT_CONNECTED = FAILURES['not-connected'].code

export function createPane(deps: PaneDeps, firstView: string | null = null): Pane {
  const { session, functions, host, clock } = deps
  const api = createProxyApi({ call: session.call, clock, language: () => session.language() })
  const language = observable(session.language())
  const connection = observable<Connection>(session.isConnected() ? { kind: 'asking' } : { kind: 'none' })
  const points = observable<Points | null>(null)
  const stopped = observable(functions.stoppedBy())
  const waiting = observable<'editing' | 'busy' | null>(null)
  const view = observable<ViewId>(isViewId(firstView) ? firstView : 'bulk')
  const pictureLook = observable<PictureLook | null>(null)
  const tradeLook = observable<TradeLook | null>(null)
  const workspaces = observable(0)
  let workspaceId: string | null = null
  /** The workspace that was last told, and in which turn. */
  let told: { turn: number; workspace: SessionReply['workspace'] } | null = null
  /** Raised when the session changes: a reply that was asked before says nothing about the seat that is connected now. */
  let turn = 0
  let isClosed = false
  let callOffLook: (() => void) | null = null

  async function refresh(): Promise<void> {
    if (!session.isConnected()) {
      connection.set({ kind: 'none' })
      points.set(null)
      return
    }
    const mine = turn
    const reply = await api.session()
    if (isClosed || mine !== turn) return
    if (isRefused(reply)) return refused(reply.error)
    told = { turn, workspace: reply.workspace }
    enter(reply.workspace.id)
    connection.set({ kind: 'connected', seat: reply.seat, workspace: reply.workspace })
    await refreshPoints()
  }

  /** Whose points would be spent by a call that is made now. */
  async function workspace(): Promise<Reply<SessionReply['workspace']>> {
    while (told?.turn !== turn) {
      const mine = turn
      const reply = await api.session()
      if (isRefused(reply)) return reply
      told = { turn: mine, workspace: reply.workspace }
    }
    return told.workspace
  }

  async function refused(error: AnswerError): Promise<void> {
    // The token is no longer good; anything else may pass.
    if (error.code === NOT_CONNECTED) await session.forget()
    else connection.set({ kind: 'away', error })
  }

  /** What was written, bought or opened for one workspace is not shown to another. */
  function enter(id: string): void {
    const isAnother = workspaceId !== null && workspaceId !== id
    workspaceId = id
    if (!isAnother) return
    points.set(null)
    pictureLook.set(null)
    tradeLook.set(null)
    checkout.forget()
    expertDraft.forget()
    workspaces.update((count) => count + 1)
  }

  async function refreshPoints(): Promise<void> {
    if (!session.isConnected()) return
    const mine = turn
    const reply = await api.points()
    if (isClosed || mine !== turn) return
    if (isRefused(reply)) {
      if (reply.error.code === NOT_CONNECTED) await session.forget()
      return
    }
    points.set(reply)
    functions.tellPoints(reply)
  }

  function resume(): void {
    functions.resume()
    stopped.set(functions.stoppedBy())
  }

  function credited(): void {
    resume()
    void refreshPoints()
  }

  const checkout = createCheckout({
    api,
    clock,
    newId: deps.newId,
    openWindow: (url) => host.openWindow(url),
    onPaid: credited,
  })

  function look(): void {
    callOffLook = clock.schedule(() => {
      const isAway = connection.get().kind === 'away'
      void (isAway ? refresh() : refreshPoints()).finally(() => !isClosed && look())
    }, POINTS_EVERY_MS)
  }

  const expertDraft = createExpertDraft({ api, newId: deps.newId, language: () => session.language() })

  const undo = [
    session.onChange(() => {
      turn++
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
  const bulk = createBulk({
    host,
    api,
    store: deps.store,
    shelf: deps.shelf,
    clock,
    newId: deps.newId,
    language,
    onConnection(listener) {
      const takeOff = [connection.subscribe(listener), points.subscribe(listener)]
      return () => takeOff.forEach((one) => one())
    },
    workspace,
    refresh,
    refreshPoints,
    balance: () => points.get()?.balance ?? null,
    locks: browserLocks(),
  })
  const review = createReview({ bulk, api })

  return {
    ...deps,
    api,
    language,
    connection,
    points,
    stopped,
    waiting,
    view,
    bulk,
    review,
    doctor: createCodeDoctor({ host, api, shelf: deps.shelf, language: () => language.get() }),
    freezer: createFreezer({ host, api, clock, newId: deps.newId }),
    refresh,
    refreshPoints,
    resume,
    credited,
    checkout,
    expertDraft,
    wizardDraft: observable<Filled | null>(null),
    workspaces,
    pictureLook,
    tradeLook,
    close() {
      isClosed = true
      review.close()
      bulk.close()
      checkout.close()
      callOffLook?.()
      for (const takeOff of undo) takeOff()
    },
  }
}
