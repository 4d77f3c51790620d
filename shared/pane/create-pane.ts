/** Joins what the pane was given with the state that outlives its views: a view comes and goes, a run and a connection stay. */
import type { Language } from '../language.ts'
import type { AnswerError, SessionReply } from '../protocol.ts'
import type { z } from 'zod/mini'
import type { pointsReply } from '../protocol.ts'
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
import { createProxyApi, isRefused, type ProxyApi } from './proxy-api.ts'
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
  bulk: Bulk
  review: Review
  doctor: CodeDoctor
  freezer: Freezer
  /** Asks the proxy who we are and what is left. */
  refresh: () => Promise<void>
  /** Asks what is left, when something may have been spent or credited. */
  refreshPoints: () => Promise<void>
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
  let isClosed = false
  let callOffLook: (() => void) | null = null

  async function refresh(): Promise<void> {
    if (!session.isConnected()) {
      connection.set({ kind: 'none' })
      points.set(null)
      // Bought by a workspace that who connects next may not belong to.
      pictureLook.set(null)
      tradeLook.set(null)
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

  function credited(): void {
    functions.resume()
    stopped.set(functions.stoppedBy())
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
  const bulk = createBulk({
    host,
    api,
    store: deps.store,
    clock,
    newId: deps.newId,
    language,
    onConnection(listener) {
      const takeOff = [connection.subscribe(listener), points.subscribe(listener)]
      return () => takeOff.forEach((one) => one())
    },
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
    doctor: createCodeDoctor({ host, api, language: () => language.get() }),
    freezer: createFreezer({ host, api, clock, newId: deps.newId }),
    refresh,
    refreshPoints,
    credited,
    checkout,
    expertDraft: createExpertDraft({ api, newId: deps.newId, language: () => session.language() }),
    wizardDraft: observable<Filled | null>(null),
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

/** The token is no longer good; anything else may pass. */
function isRevoked(error: AnswerError): boolean {
  return error.code === 'TC-401'
}
