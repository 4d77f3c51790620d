/// <reference lib="dom" />
/** What stands between this page and the proxy: whether it is paired, whether anybody answers, how many points are left. */
import * as z from 'zod/mini'
import { refusalOf } from '../../shared/call-proxy.ts'
import type { Session } from '../../excel-addin/session.ts'
import { pointsReply } from '../../shared/protocol.ts'

export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'connected'; balance: number }
  | { kind: 'unreachable' }
  /** `refusal` is the sentence that says why a code or a token was not taken; null when none was given. */
  | { kind: 'not-connected'; refusal: string | null }

export interface Connection {
  readonly state: ConnectionState
  /** Pairs with a one-time code. */
  connect(code: string): Promise<void>
  /** Asks the proxy whether the token holds and what is left. */
  refresh(): Promise<void>
  /** The proxy answered a cell, and said how many points are left. */
  answered(balance: number): void
  /** The proxy did not answer a cell: looks for it until it is back. */
  lost(): void
}

export interface ConnectionDeps {
  session: Session
  fetch: typeof fetch
  onChange: (state: ConnectionState, before: ConnectionState) => void
}

const SEAT_NAME = 'Playground'
const REQUEST_TIMEOUT_MS = 10_000
const LOOK_FIRST_MS = 1_000
const LOOK_LAST_MS = 30_000

export function createConnection({ session, fetch, onChange }: ConnectionDeps): Connection {
  let state: ConnectionState =
    session.token() === null ? { kind: 'not-connected', refusal: null } : { kind: 'connecting' }
  let isPairing = false
  let timer: ReturnType<typeof setTimeout> | null = null
  let pauseMs = LOOK_FIRST_MS

  // The pane, on another page of this browser, connects and disconnects the same seat.
  session.onChange(() => {
    if (isPairing) return
    if (session.token() !== null) void refresh()
    else if (state.kind !== 'not-connected') become({ kind: 'not-connected', refusal: null })
  })

  function become(next: ConnectionState): void {
    const before = state
    state = next
    onChange(next, before)
  }

  async function refresh(): Promise<void> {
    const token = session.token()
    if (token === null) return
    const reply = await readPoints(token)
    // Paired anew while this was on its way: it speaks of another token.
    if (session.token() !== token) return
    if (reply === 'unreachable') lost()
    else if ('balance' in reply) become({ kind: 'connected', balance: reply.balance })
    else {
      become({ kind: 'not-connected', refusal: reply.refusal })
      void session.forget()
    }
  }

  async function readPoints(token: string): Promise<{ balance: number } | { refusal: string } | 'unreachable'> {
    try {
      const reply = await fetch(`${session.baseUrl()}/v1/points`, {
        headers: { Authorization: `Bearer ${token}`, 'Accept-Language': session.language() },
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      })
      if (reply.status === 401) return { refusal: (await refusalOf(reply, session.language(), Date.now())).message }
      return reply.ok ? z.parse(pointsReply, await reply.json()) : 'unreachable'
    } catch {
      return 'unreachable'
    }
  }

  function lost(): void {
    if (state.kind === 'not-connected') return
    become({ kind: 'unreachable' })
    if (timer !== null) return
    timer = setTimeout(() => {
      timer = null
      void refresh()
    }, pauseMs)
    // Only an answered cell shortens the pause again: a proxy can be there and still answer no cell.
    pauseMs = Math.min(pauseMs * 2, LOOK_LAST_MS)
  }

  return {
    get state() {
      return state
    },
    refresh,
    lost,
    answered: (balance) => {
      // Asked before this browser was disconnected.
      if (session.token() === null) return
      pauseMs = LOOK_FIRST_MS
      become({ kind: 'connected', balance })
    },
    connect: async (code) => {
      become({ kind: 'connecting' })
      isPairing = true
      const reply = await session.connect(code, { name: SEAT_NAME })
      isPairing = false
      // The link opened a second time: its code is used, the token it gave still holds.
      if ('error' in reply && session.token() === null) {
        become({ kind: 'not-connected', refusal: reply.error.message })
      } else await refresh()
    },
  }
}

/** Takes the connection code out of the page's address, where it would end up in bookmarks and screenshots. */
export function takeCodeFromAddress(location: Location, history: History): string | null {
  const address = new URL(location.href)
  const code = address.searchParams.get('code')
  if (code === null) return null
  address.searchParams.delete('code')
  history.replaceState(null, '', address.pathname + address.search + address.hash)
  return code
}
