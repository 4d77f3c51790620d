/**
 * A recharge under way: opened at the proxy, paid on a page outside, looked for until it ended. It outlives the view, because whoever
 * pays comes back to whatever part of the pane.
 */
import type { z } from 'zod/mini'
import type { Clock } from '../../clock.ts'
import type { AnswerError } from '../../protocol.ts'
import type { recharge } from '../../recharge-protocol.ts'
import { observable, type Observable } from '../observable.ts'
import { isRefused, type ProxyApi } from '../proxy-api.ts'

export type Recharge = z.infer<typeof recharge>

export type CheckoutState =
  | { kind: 'none' }
  | { kind: 'opening'; cny: number }
  | { kind: 'refused'; error: AnswerError }
  /** `isWatched`: looked for by itself; else only when a person asks. */
  | { kind: 'open'; recharge: Recharge; url: string; isWatched: boolean }
  | { kind: 'ended'; recharge: Recharge }

export interface CheckoutDeps {
  api: Pick<ProxyApi, 'checkout' | 'recharge'>
  clock: Clock
  newId: () => string
  openWindow: (url: string) => void
  /** Points came in. */
  onPaid: () => void
}

export interface Checkout {
  state: Observable<CheckoutState>
  /** Pressed twice for one amount, it is one recharge and one page. */
  open(cny: number): Promise<void>
  /** Asks how it stands now, and watches on: the person came back. */
  look(): Promise<void>
  /** It is another workspace's: nothing is shown of it, and it is looked for no more. */
  forget(): void
  close(): void
}

export const LOOK_EVERY_MS = 5000
/** A quarter of an hour; a payment page is open longer, and coming back to the pane looks again. */
export const LOOKS_MAX = 180

export function createCheckout({ api, clock, newId, openWindow, onPaid }: CheckoutDeps): Checkout {
  const state = observable<CheckoutState>({ kind: 'none' })
  /** Kept until its recharge has ended, so that a second press, also after a lost reply, opens nothing twice. */
  let request: { id: string; cny: number } | null = null
  let callOff: (() => void) | null = null
  let looks = 0
  let looking: Promise<void> | null = null
  let isClosed = false

  async function open(cny: number): Promise<void> {
    if (state.get().kind === 'opening') return
    callOff?.()
    if (request?.cny !== cny) request = { id: newId(), cny }
    state.set({ kind: 'opening', cny })
    const mine = request
    const opened = await api.checkout(mine.id, cny)
    if (isClosed || mine !== request) return
    if (isRefused(opened)) {
      state.set({ kind: 'refused', error: opened.error })
      return
    }
    const { recharge, url } = opened
    if (url === null || !isWebPage(url)) {
      end(recharge)
      return
    }
    state.set({ kind: 'open', recharge, url, isWatched: true })
    openWindow(url)
    watchAnew()
  }

  function watchAnew(): void {
    looks = 0
    lookLater()
  }

  function lookLater(): void {
    callOff?.()
    callOff = clock.schedule(() => void lookOnce().then(() => goOn()), LOOK_EVERY_MS)
  }

  function goOn(): void {
    const current = state.get()
    if (isClosed || current.kind !== 'open') return
    if (++looks < LOOKS_MAX) lookLater()
    else state.set({ ...current, isWatched: false })
  }

  async function look(): Promise<void> {
    const current = state.get()
    if (current.kind !== 'open') return
    await lookOnce()
    const after = state.get()
    if (isClosed || after.kind !== 'open') return
    state.set({ ...after, isWatched: true })
    watchAnew()
  }

  /** One at a time. A refusal says nothing of the payment: it is looked at again. */
  function lookOnce(): Promise<void> {
    looking ??= ask().finally(() => {
      looking = null
    })
    return looking
  }

  async function ask(): Promise<void> {
    const current = state.get()
    if (current.kind !== 'open') return
    const found = await api.recharge(current.recharge.id)
    if (isClosed || isRefused(found) || found.state === 'open') return
    // Another amount was opened while this was asked.
    const now = state.get()
    if (now.kind === 'open' && now.recharge.id === found.id) end(found)
  }

  function end(ended: Recharge): void {
    callOff?.()
    request = null
    state.set({ kind: 'ended', recharge: ended })
    if (ended.state === 'paid') onPaid()
  }

  return {
    state,
    open,
    look,
    forget() {
      callOff?.()
      request = null
      state.set({ kind: 'none' })
    },
    close() {
      isClosed = true
      callOff?.()
    },
  }
}

function isWebPage(url: string): boolean {
  return /^https?:\/\//.test(url)
}
