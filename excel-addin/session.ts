/**
 * Who this seat is: the proxy's address and the seat's token, in the browser's storage on this machine.
 * Never in the workbook: a file that is shared would share the token with it.
 */
import * as z from 'zod/mini'
import { failure } from '../shared/error-codes.ts'
import { isLanguage, type Language } from '../shared/language.ts'
import { sessionReply, type AnswerError, type SessionReply } from '../shared/protocol.ts'
import { connectionError, refusalOf, withTimeout, type Fetch } from '../shared/call-proxy.ts'
import { parseJson } from '../shared/parse-json.ts'
import type { Clock } from '../shared/clock.ts'
import { printFailure } from '../shared/print-failure.ts'
import { keepInMemoryToo, type Store } from './store.ts'

export interface SessionDeps {
  store: Store
  /** `Office.context.partitionKey`, or nothing in a page of our own. Read each time: Office sets it after we were loaded. */
  partitionKey: () => string
  /** The proxy that served this page. */
  defaultBaseUrl: string
  /** Of the host, until the person chose another. */
  defaultLanguage: () => Language
  fetch: Fetch
  clock: Clock
}

export interface Session {
  /** Without a slash at the end. */
  baseUrl(): string
  /** null: not connected. */
  token(): string | null
  language(): Language
  setLanguage(language: Language): void
  /**
   * Trades a one-time connection code for a token.
   * @param name what the seat is called in the owner's list.
   * @returns the seat, or the error to show beside the form.
   */
  connect(code: string, options?: { baseUrl?: string; name?: string }): Promise<SessionReply | { error: AnswerError }>
  /** Ends the token at the proxy where it can be reached, and here in any case. */
  forget(): Promise<void>
  /** Called after every connect, forget and change of language, on another page of this browser too. @returns what takes the listener off. */
  onChange(listener: () => void): () => void
  /**
   * A request with this seat's token. `path` begins with /v1/. Not connected, it goes without and is refused.
   * @throws where it cannot be sent, and where another seat is connected by the time of the reply: what one asked is not for the next.
   */
  call(path: string, init: RequestInit): Promise<Response>
}

const stored = z.object({ baseUrl: z.optional(z.string()), token: z.optional(z.string()) })
type Stored = z.infer<typeof stored>

const CONNECTION_KEY = 'tariffcell.connection'
const LANGUAGE_KEY = 'tariffcell.language'
const TIMEOUT_MS = 20_000

/** The storage entry of a connection, for hosts that are connected by other means than a code. */
export function connectionEntry(connection: { baseUrl: string; token: string }, partitionKey = ''): [string, string] {
  return [partitionKey + CONNECTION_KEY, JSON.stringify(connection)]
}

export function createSession(deps: SessionDeps): Session {
  const store = keepInMemoryToo(deps.store)
  const listeners = new Set<() => void>()
  const keyed = (name: string): string => deps.partitionKey() + name

  function read(): Stored {
    const parsed = z.safeParse(stored, parseJson(store.getItem(keyed(CONNECTION_KEY)) ?? ''))
    return parsed.success ? parsed.data : {}
  }
  function baseUrl(): string {
    return trimSlash(read().baseUrl ?? deps.defaultBaseUrl)
  }
  function language(): Language {
    const chosen = store.getItem(keyed(LANGUAGE_KEY)) ?? ''
    return isLanguage(chosen) ? chosen : deps.defaultLanguage()
  }
  function changed(): void {
    for (const listener of listeners) listener()
  }
  // The playground and the pane beside it are one seat: what one of them does with its token is done for both.
  deps.store.onOtherPage?.((key) => {
    if (key === null || key === keyed(CONNECTION_KEY) || key === keyed(LANGUAGE_KEY)) changed()
  })

  return {
    baseUrl,
    language,
    token: () => read().token ?? null,
    setLanguage(chosen) {
      store.setItem(keyed(LANGUAGE_KEY), chosen)
      changed()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async call(path, init) {
      const { token } = read()
      const headers = new Headers(init.headers)
      if (token !== undefined) headers.set('Authorization', `Bearer ${token}`)
      const response = await deps.fetch(`${baseUrl()}${path}`, { ...init, headers })
      if (read().token !== token) throw new Error('another seat is connected by now')
      return response
    },

    async connect(code, options = {}) {
      const address = trimSlash(options.baseUrl ?? baseUrl())
      const body = { code: code.trim(), ...(options.name === undefined ? {} : { name: options.name }) }
      const reply = await redeem(deps, address, body, language())
      if ('error' in reply) return reply
      const [key, value] = connectionEntry({ baseUrl: address, token: reply.token }, deps.partitionKey())
      store.setItem(key, value)
      changed()
      return reply
    },

    async forget() {
      const { token } = read()
      const address = baseUrl()
      store.removeItem(keyed(CONNECTION_KEY))
      changed()
      if (token === undefined) return
      try {
        await withTimeout(deps.clock, TIMEOUT_MS, (signal) =>
          deps.fetch(`${address}/v1/session`, {
            method: 'DELETE',
            headers: { Authorization: `Bearer ${token}` },
            signal,
          }),
        )
      } catch {
        // Out of reach: the token is gone from this machine all the same, and its owner can revoke it.
      }
    },
  }
}

async function redeem(
  { clock, fetch }: SessionDeps,
  baseUrl: string,
  body: { code: string; name?: string },
  language: Language,
): Promise<(SessionReply & { token: string }) | { error: AnswerError }> {
  try {
    return await withTimeout(clock, TIMEOUT_MS, async (signal) => {
      const response = await fetch(`${baseUrl}/v1/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Accept-Language': language },
        body: JSON.stringify(body),
        signal,
      })
      if (!response.ok) return { error: await refusalOf(response, language, clock.now()) }
      const reply = z.safeParse(sessionReply, parseJson(await response.text()))
      if (!reply.success || reply.data.token === undefined) {
        return { error: printFailure(failure('bad-reply'), language) }
      }
      return { ...reply.data, token: reply.data.token }
    })
  } catch (error) {
    return { error: connectionError(error, language) }
  }
}

function trimSlash(url: string): string {
  return url.trim().replace(/\/+$/, '')
}
