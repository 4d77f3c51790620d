/**
 * The database seam: one portable SQL text, thin adapters. Parameters are `$1`, `$2`…; time is integer milliseconds.
 * SQLite runs in WAL with full fsync: an acknowledged transaction survives kill -9 and power loss.
 */
import { join } from 'node:path'
import { FailureError, failure } from '../shared/error-codes.ts'
import { openSqlite, type SqliteDatabase } from './sqlite.ts'

export type SqlValue = string | number | null

export interface Rows {
  all<Row>(sql: string, values?: readonly SqlValue[]): Promise<Row[]>
  get<Row>(sql: string, values?: readonly SqlValue[]): Promise<Row | undefined>
  /** @returns rows changed. */
  run(sql: string, values?: readonly SqlValue[]): Promise<number>
}

export interface Database extends Rows {
  readonly engine: 'sqlite'
  /** Runs alone, commits when `work` resolves, rolls back when it throws. Must not be nested. */
  transaction<Result>(work: (tx: Rows) => Promise<Result>): Promise<Result>
  /** Runs several statements as they stand; for migrations. */
  script(sql: string): Promise<void>
  close(): Promise<void>
}

/** The disk is full: nothing was written, and what was there is whole. */
export class DiskFullError extends FailureError {
  override name = 'DiskFullError'
  constructor(cause: unknown) {
    super(failure('disk-full'), { cause })
  }
}

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

function sqliteDatabase(connection: SqliteDatabase): Database {
  const statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>()
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
    all: <Row>(sql: string, values: readonly SqlValue[] = []) => attempt(() => prepared(sql).all(...values) as Row[]),
    get: <Row>(sql: string, values: readonly SqlValue[] = []) =>
      attempt(() => prepared(sql).get(...values) as Row | undefined),
    run: (sql, values = []) => attempt(() => prepared(sql).run(...values).changes),
  }
  const exclusive = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = tail.then(work)
    tail = result.catch(() => undefined)
    return result
  }

  return {
    engine: 'sqlite',
    all: (sql, values) => exclusive(() => direct.all(sql, values)),
    get: (sql, values) => exclusive(() => direct.get(sql, values)),
    run: (sql, values) => exclusive(() => direct.run(sql, values)),
    script: (sql) => exclusive(() => attempt(() => connection.exec(sql))),
    transaction: (work) =>
      exclusive(async () => {
        // IMMEDIATE: take the write lock now, or two processes could both read before either writes.
        await attempt(() => connection.exec('BEGIN IMMEDIATE'))
        try {
          const result = await work(direct)
          await attempt(() => connection.exec('COMMIT'))
          return result
        } catch (error) {
          rollBack(connection)
          throw error
        }
      }),
    close: () =>
      exclusive(async () => {
        statements.clear()
        connection.close()
      }),
  }
}

/** SQLite answers at once; an error becomes a rejection, and a full disk is told apart. */
async function attempt<Result>(work: () => Result): Promise<Result> {
  try {
    return work()
  } catch (error) {
    throw isDiskFull(error) ? new DiskFullError(error) : error
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
