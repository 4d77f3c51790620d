/** SQLite in WAL with full fsync: an acknowledged transaction survives kill -9 and power loss. */
import { join } from 'node:path'
import {
  DatabaseAwayError,
  DiskFullError,
  refuseNul,
  type Database,
  type Rows,
  type SqlValue,
  type Topic,
  type Transaction,
} from './database.ts'
import { openSqlite, type SqliteDatabase } from './sqlite.ts'

const BUSY_TIMEOUT_MS = 5000

/** @param folder where `tariffcell.sqlite` lies; null keeps everything in memory. */
export async function openSqliteDatabase(folder: string | null): Promise<Database> {
  const path = folder === null ? ':memory:' : join(folder, 'tariffcell.sqlite')
  const connection = await openSqlite(path, { readOnly: false })
  connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  if (folder !== null) connection.exec('PRAGMA journal_mode = WAL')
  connection.exec('PRAGMA synchronous = FULL')
  connection.exec('PRAGMA foreign_keys = ON')
  return sqliteDatabase(connection)
}

type Handler = (payload: string | null) => void

function sqliteDatabase(connection: SqliteDatabase): Database {
  const statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>()
  const handlers = new Map<Topic, Set<Handler>>()
  // One connection: whatever comes while a transaction is open waits for its end.
  let tail: Promise<unknown> = Promise.resolve()

  const prepared = (sql: string): ReturnType<SqliteDatabase['prepare']> => {
    let statement = statements.get(sql)
    if (!statement) {
      statement = connection.prepare(sql.replaceAll(/\$(\d+)/g, '?$1'))
      statements.set(sql, statement)
    }
    return statement
  }
  const direct: Rows = {
    all: <Row>(sql: string, values: readonly SqlValue[] = []) =>
      given(values, () => prepared(sql).all(...values) as Row[]),
    get: <Row>(sql: string, values: readonly SqlValue[] = []) =>
      given(values, () => prepared(sql).get(...values) as Row | undefined),
    run: (sql, values = []) => given(values, () => prepared(sql).run(...values).changes),
  }
  const exclusive = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = tail.then(work)
    tail = result.catch(() => undefined)
    return result
  }
  const tell = (topic: Topic, payload: string): void => {
    for (const handler of handlers.get(topic) ?? []) handler(payload)
  }

  return {
    engine: 'sqlite',
    all: (sql, values) => exclusive(() => direct.all(sql, values)),
    get: (sql, values) => exclusive(() => direct.get(sql, values)),
    run: (sql, values) => exclusive(() => direct.run(sql, values)),
    script: (sql) => exclusive(() => attempt(() => connection.exec(sql))),
    transaction: (work) =>
      exclusive(async () => {
        const told: [Topic, string][] = []
        // As on PostgreSQL: a statement that failed ends the transaction, also where `work` goes on.
        const failures: unknown[] = []
        const remember = (error: unknown): never => {
          failures.push(error)
          throw error
        }
        const tx: Transaction = {
          all: <Row>(sql: string, values?: readonly SqlValue[]) => direct.all<Row>(sql, values).catch(remember),
          get: <Row>(sql: string, values?: readonly SqlValue[]) => direct.get<Row>(sql, values).catch(remember),
          run: (sql, values) => direct.run(sql, values).catch(remember),
          notify: async (topic, payload) => void told.push([topic, payload]),
        }
        // IMMEDIATE: take the write lock now, or two processes could both read before either writes.
        await attempt(() => connection.exec('BEGIN IMMEDIATE'))
        let result
        try {
          result = await work(tx)
          if (failures.length > 0) throw failures[0]
          await attempt(() => connection.exec('COMMIT'))
        } catch (error) {
          rollBack(connection)
          throw error
        }
        for (const [topic, payload] of told) tell(topic, payload)
        return result
      }),
    notify: async (topic, payload) => tell(topic, payload),
    listen(topic, handler) {
      const set = handlers.get(topic) ?? new Set<Handler>()
      handlers.set(topic, set.add(handler))
      return () => void set.delete(handler)
    },
    close: () =>
      exclusive(async () => {
        statements.clear()
        connection.close()
      }),
  }
}

function given<Result>(values: readonly SqlValue[], work: () => Result): Promise<Result> {
  return attempt(() => {
    refuseNul(values)
    return work()
  })
}

/** SQLite answers at once; an error becomes a rejection, and those that a person can do something about are told apart. */
async function attempt<Result>(work: () => Result): Promise<Result> {
  try {
    return work()
  } catch (error) {
    if (isDiskFull(error)) throw new DiskFullError(error)
    throw isBusy(error) ? new DatabaseAwayError(error) : error
  }
}

function rollBack(connection: SqliteDatabase): void {
  try {
    connection.exec('ROLLBACK')
  } catch (error) {
    // A full disk rolls back by itself, and then there is no transaction to end.
    if (!/no transaction is active/i.test(String(error))) throw error
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /disk is full|ENOSPC|disk I\/O error/i.test(error.message)
}

/** Another process holds the file for longer than we wait. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && /database is locked/i.test(error.message)
}
