/**
 * PostgreSQL behind the database seam: a bounded pool for queries, one connection that listens. Any number of processes share it.
 * It may go away and come back: what surely was not done is done again for a few seconds, everything else is a DatabaseAwayError.
 */
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import {
  refuseNul,
  type Database,
  type Rows,
  type SqlValue,
  type Topic,
  type Transaction,
  type TransactionOptions,
} from './database.ts'
import type { FailureLog } from './failure-of.ts'
import { readPostgresAddress } from './postgres-address.ts'
import { CHANNEL, createListener, toMessage } from './postgres-listener.ts'
import {
  CommitLostError,
  endsConnection,
  isRefusal,
  reasonOf,
  toSeamError,
  troubleOf,
  UnsentError,
} from './postgres-trouble.ts'

export interface PostgresOptions {
  log: FailureLog
  /** Connections for queries; one more listens. */
  connectionsMax?: number
  /** How long the database may be away, or in the way, before somebody who waits is told. */
  patienceMs?: number
  /** What one statement may take. */
  statementTimeoutMs?: number
  /** What it may wait for a row or a lock that another one has. */
  lockTimeoutMs?: number
}

const CONNECTIONS_MAX = 10
const PATIENCE_MS = 4000
const STATEMENT_TIMEOUT_MS = 30_000
const LOCK_TIMEOUT_MS = 3000
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000
// Past the server's own limit: then it is the line to it that is dead.
const LINE_GRACE_MS = 3000
const FIRST_PAUSE_MS = 20
const PAUSE_MS_MAX = 500
const ATTEMPTS_MAX = 30
// Distinct statement texts that stay prepared on each connection; there are far fewer, but a list of keys makes one for each length.
const PREPARED_MAX = 500

/** @throws {FailureError} `bad-setting` for an address that is none, {@link DatabaseAwayError} when the database is out of reach. */
export async function openPostgresDatabase(address: string, options: PostgresOptions): Promise<Database> {
  const { url, shown } = readPostgresAddress(address)
  const {
    log,
    statementTimeoutMs = STATEMENT_TIMEOUT_MS,
    lockTimeoutMs = LOCK_TIMEOUT_MS,
    patienceMs = PATIENCE_MS,
  } = options
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: 'tariffcell',
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
    connectionTimeoutMillis: patienceMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + LINE_GRACE_MS,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  }
  // Made here rather than from the pool's options: those lie open in the pool, and the address holds the password.
  class OwnClient extends pg.Client {
    constructor() {
      super(config)
    }
  }
  const pool = new pg.Pool({
    Client: OwnClient,
    max: options.connectionsMax ?? CONNECTIONS_MAX,
    connectionTimeoutMillis: patienceMs,
    // What waits for an answer keeps the process going, not a connection that waits for questions.
    allowExitOnIdle: true,
  })
  // An idle connection that breaks is none of anybody's; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ database: shown, reason: reasonOf(error) }, 'a database connection ended'))
  const listener = createListener({ newClient: () => new OwnClient(), shown, log })
  const patience = createPatience(patienceMs, () => listener.awaySince())
  try {
    await patience.run(() => reached(listener.open()), wasNotDone)
  } catch (error) {
    await Promise.all([listener.close(), pool.end()])
    throw toSeamError(error)
  }
  return postgresDatabase({ pool, listener, patience })
}

interface Parts {
  pool: pg.Pool
  listener: ReturnType<typeof createListener>
  patience: Patience
}

function postgresDatabase({ pool, listener, patience }: Parts): Database {
  const prepare = createPrepare()
  const underWay = new Set<Promise<unknown>>()
  let closed = false
  /** What begins before `close` is finished by it, as with SQLite. */
  const track = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (closed) throw new Error('the database is closed')
    const result = work()
    underWay.add(result)
    try {
      return await result
    } catch (error) {
      throw toSeamError(error)
    } finally {
      underWay.delete(result)
    }
  }

  const rows = rowsOver((sql, values) => {
    refuseNul(values)
    const isRead = /^\s*SELECT\b/i.test(sql)
    return track(() =>
      patience.run(
        () => withConnection(pool, ({ client }) => client.query(prepare(sql, values))),
        (error) => wasNotDone(error) || (isRead && troubleOf(error) === 'lost'),
      ),
    )
  })
  const transaction = async <Result>(
    work: (tx: Transaction) => Promise<Result>,
    { repeatable = false }: TransactionOptions = {},
  ): Promise<Result> => {
    let duplicates = 0
    const mayRepeat = (error: unknown): boolean => {
      if (error instanceof CommitLostError) return repeatable
      const cause = error instanceof RolledBackError ? error.cause : error
      // What it looked for and did not find may be there now: seen from the start, it is no surprise any more.
      if (troubleOf(cause) === 'duplicate') return duplicates++ === 0
      return wasNotDone(cause) || troubleOf(cause) === 'lost'
    }
    try {
      return await patience.run(() => withConnection(pool, (held) => runTransaction(held, prepare, work)), mayRepeat)
    } catch (error) {
      throw error instanceof RolledBackError ? error.told : error
    }
  }

  return {
    engine: 'postgres',
    ...rows,
    transaction: (work, options) => track(() => transaction(work, options)),
    script: (sql) => track(() => withConnection(pool, async ({ client }) => void (await client.query(sql)))),
    notify: (topic, payload) => tell(rows, topic, payload),
    listen: (topic, handler) => listener.listen(topic, handler),
    async close() {
      closed = true
      patience.end()
      await Promise.allSettled(underWay)
      await Promise.all([listener.close(), pool.end()])
    },
  }
}

/** A transaction that a statement's failure ended. */
class RolledBackError extends Error {
  override name = 'RolledBackError'
  /** What its caller is told: what `work` made of it, or the failure itself where `work` would have gone on. */
  readonly told: unknown
  constructor(cause: unknown, told: unknown) {
    super('rolled back', { cause })
    this.told = told
  }
}

interface HeldConnection {
  client: pg.PoolClient
  /** It is not to be used again. */
  broken: boolean
}

/** @throws {UnsentError} when there is no connection to be had. */
async function withConnection<Result>(pool: pg.Pool, work: (held: HeldConnection) => Promise<Result>): Promise<Result> {
  const client = await reached(pool.connect())
  const held = { client, broken: false }
  const onError = (): void => {
    held.broken = true
  }
  // The pool listens to idle connections only, and an error that nobody listens to ends the process.
  client.on('error', onError)
  try {
    return await work(held)
  } catch (error) {
    if (endsConnection(error)) held.broken = true
    throw error
  } finally {
    client.release(held.broken)
    client.off('error', onError)
  }
}

async function reached<Result>(connecting: Promise<Result>): Promise<Result> {
  try {
    return await connecting
  } catch (error) {
    throw new UnsentError(error)
  }
}

/** One attempt, from BEGIN to COMMIT. */
async function runTransaction<Result>(
  held: HeldConnection,
  prepare: Prepare,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const { client } = held
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
  // The first failure is kept: the server does nothing for a transaction after it.
  const state: { failed: Error | null; over: boolean; tail: Promise<unknown> } = {
    failed: null,
    over: false,
    tail: Promise.resolve(),
  }
  const attempt = async (sql: string, values: readonly SqlValue[]): Promise<pg.QueryResult> => {
    if (state.over) throw new Error('a statement after the end of its transaction')
    if (state.failed) throw toSeamError(state.failed)
    try {
      return await client.query(prepare(sql, values))
    } catch (error) {
      state.failed = error as Error
      throw toSeamError(error)
    }
  }
  const rows = rowsOver((sql, values) => {
    refuseNul(values)
    // One after the other, though `work` may ask for several at once.
    const result = state.tail.then(() => attempt(sql, values))
    state.tail = result.catch(() => undefined)
    return result
  })

  let result: Result
  try {
    result = await work({ ...rows, notify: (topic, payload) => tell(rows, topic, payload) })
  } catch (error) {
    await endUndone(held, state)
    throw state.failed ? new RolledBackError(state.failed, error) : error
  }
  await state.tail
  if (state.failed) {
    await endUndone(held, state)
    throw new RolledBackError(state.failed, state.failed)
  }
  state.over = true
  await commit(client)
  return result
}

async function endUndone(
  held: HeldConnection,
  state: { failed: Error | null; over: boolean; tail: Promise<unknown> },
): Promise<void> {
  await state.tail
  state.over = true
  if (state.failed && endsConnection(state.failed)) {
    held.broken = true
    return
  }
  try {
    await held.client.query('ROLLBACK')
  } catch {
    // Its end undoes it as well.
    held.broken = true
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  let command
  try {
    command = (await client.query('COMMIT')).command
  } catch (error) {
    throw endsConnection(error) ? new CommitLostError(error) : error
  }
  // The server says ROLLBACK, and no error, where it had given the transaction up.
  if (command !== 'COMMIT') throw new Error(`COMMIT ended in ${command}`)
}

/** Nothing of it was done, and it may go through in a moment. */
function wasNotDone(error: unknown): boolean {
  const trouble = troubleOf(error)
  return trouble === 'conflict' || trouble === 'stale' || (trouble === 'unsent' && !isRefusal(error))
}

async function tell(rows: Rows, topic: Topic, payload: string): Promise<void> {
  await rows.all('SELECT pg_notify($1, $2)', [CHANNEL, toMessage(topic, payload)])
}

function rowsOver(statement: (sql: string, values: readonly SqlValue[]) => Promise<pg.QueryResult>): Rows {
  return {
    all: async <Row>(sql: string, values: readonly SqlValue[] = []) => (await statement(sql, values)).rows as Row[],
    get: async <Row>(sql: string, values: readonly SqlValue[] = []) =>
      (await statement(sql, values)).rows[0] as Row | undefined,
    run: async (sql, values = []) => (await statement(sql, values)).rowCount ?? 0,
  }
}

interface Patience {
  /** Runs `attempt` again, after a growing pause, for as long as `mayRepeat` of its error and the time is not up. */
  run<Result>(attempt: () => Promise<Result>, mayRepeat: (error: unknown) => boolean): Promise<Result>
  /** From now on nothing is tried again. */
  end(): void
}

/** @param awaySince when the database went away: who comes late to that need not wait as long again. */
function createPatience(patienceMs: number, awaySince: () => number | null): Patience {
  const ended = new AbortController()
  return {
    async run(attempt, mayRepeat) {
      const giveUpAt = (awaySince() ?? performance.now()) + patienceMs
      let limitMs = FIRST_PAUSE_MS
      for (let attempts = 1; ; attempts++) {
        try {
          return await attempt()
        } catch (error) {
          // Jitter, or those who were in each other's way would meet again.
          const waitMs = Math.random() * limitMs
          const isLast = attempts >= ATTEMPTS_MAX || ended.signal.aborted || performance.now() + waitMs > giveUpAt
          if (isLast || !mayRepeat(error)) throw error
          limitMs = Math.min(limitMs * 2, PAUSE_MS_MAX)
          await pause(waitMs, undefined, { signal: ended.signal }).catch(() => undefined)
        }
      }
    },
    end: () => ended.abort(),
  }
}

type Prepare = (sql: string, values: readonly SqlValue[]) => pg.QueryConfig

/** A name for each text: the server reads and plans it once a connection. */
function createPrepare(): Prepare {
  const names = new Map<string, string>()
  return (text, values) => {
    let name = names.get(text)
    if (name === undefined && names.size < PREPARED_MAX) {
      name = `s${names.size}`
      names.set(text, name)
    }
    return { text, values: [...values], ...(name === undefined ? {} : { name }) }
  }
}

const BOOL = 16
const INT8 = 20
const NUMERIC = 1700

/** For these connections alone: `pg` gives int8, and what SUM makes of it, as text; SQLite gives 1 and 0 for a truth. */
function parserOf(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === INT8 || oid === NUMERIC) return toNumber
  if (oid === BOOL) return (text) => (text === 't' ? 1 : 0)
  return pg.types.getTypeParser(oid, format) as (text: string) => unknown
}

function toNumber(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError(`${text} is no exact number here`)
  return value
}
