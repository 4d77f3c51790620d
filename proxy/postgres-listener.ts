/**
 * One connection that hears what every process on the database tells. It comes back by itself after the database was away, and says
 * then that something may have been missed.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Topic } from './database.ts'
import type { FailureLog } from './failure-of.ts'
import { reasonOf } from './postgres-trouble.ts'

export const CHANNEL = 'tariffcell'

/** `pg` has these two, its types have not. */
type RefClient = Client & { ref(): void; unref(): void }

export interface ListenerDeps {
  newClient: () => Client
  /** Where the database is, for the log. */
  shown: string
  log: FailureLog
}

type Handler = (payload: string | null) => void

export interface Listener {
  /** @throws what `pg` says when the database is out of reach; try again with the same listener. */
  open(): Promise<void>
  listen(topic: Topic, handler: Handler): () => void
  /** When the database went away, as performance.now() tells it; null while it is there. */
  awaySince(): number | null
  close(): Promise<void>
}

const FIRST_PAUSE_MS = 100
const PAUSE_MS_MAX = 2000
// A connection can die without a word (a pulled cable, a firewall that forgets): then only asking tells.
const HEARTBEAT_EVERY_MS = 20_000

/** What one process tells another, as it goes over the wire. */
export function toMessage(topic: Topic, payload: string): string {
  return JSON.stringify([topic, payload])
}

export function createListener({ newClient, shown, log }: ListenerDeps): Listener {
  const handlers = new Map<Topic, Set<Handler>>()
  const closed = new AbortController()
  let client: RefClient | null = null
  let returning: Promise<void> | null = null
  let awaySince: number | null = null

  const tellAll = (): void => {
    for (const set of handlers.values()) for (const handler of set) handler(null)
  }

  const connect = async (): Promise<void> => {
    const fresh = newClient() as RefClient
    // Both come, in either order, and the second finds nothing to do.
    fresh.on('error', (error) => lost(fresh, error))
    fresh.on('end', () => lost(fresh, new Error('the connection ended')))
    fresh.on('notification', ({ payload }) => {
      const [topic, told] = JSON.parse(payload ?? '[]') as [Topic, string]
      for (const handler of handlers.get(topic) ?? []) handler(told)
    })
    try {
      await fresh.connect()
      await fresh.query(`LISTEN ${CHANNEL}`)
    } catch (error) {
      await fresh.end()
      throw error
    }
    // Listening alone is no reason for a process to go on.
    fresh.unref()
    client = fresh
    awaySince = null
  }

  const lost = (which: Client, error: Error): void => {
    if (which !== client) return
    client = null
    awaySince = performance.now()
    void which.end()
    if (closed.signal.aborted) return
    log.warn({ database: shown, reason: reasonOf(error) }, 'the database went away')
    returning = comeBack()
  }

  const comeBack = async (): Promise<void> => {
    for (let waitMs = FIRST_PAUSE_MS; !closed.signal.aborted; waitMs = Math.min(waitMs * 2, PAUSE_MS_MAX)) {
      try {
        await pause(waitMs * (0.5 + Math.random() / 2), undefined, { signal: closed.signal })
        await connect()
      } catch {
        // Still away, or closed meanwhile; every query says so where somebody waits for it.
        continue
      }
      log.warn({ database: shown }, 'the database is back')
      tellAll()
      return
    }
  }

  const heartbeat = setInterval(() => {
    const asked = client
    asked?.query('SELECT 1').catch((error: Error) => lost(asked, error))
  }, HEARTBEAT_EVERY_MS)
  heartbeat.unref()

  return {
    open: connect,
    listen(topic, handler) {
      const set = handlers.get(topic) ?? new Set<Handler>()
      handlers.set(topic, set.add(handler))
      return () => void set.delete(handler)
    },
    awaySince: () => awaySince,
    async close() {
      closed.abort()
      clearInterval(heartbeat)
      await returning
      const last = client
      client = null
      last?.ref()
      await last?.end()
    },
  }
}
