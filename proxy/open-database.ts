/** The one database of a proxy, migrated: PostgreSQL where an address is given, else SQLite in the data folder. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { failure, FailureError } from '../shared/error-codes.ts'
import { DatabaseAwayError, type Database } from './database.ts'
import type { FailureLog } from './failure-of.ts'
import { makeFolder } from './make-folder.ts'
import { migrate } from './migrate.ts'
import { readPostgresAddress } from './postgres-address.ts'
import { refuseMoved } from './moved-away.ts'
import { openPostgresDatabase } from './postgres-database.ts'
import { reasonOf } from './postgres-trouble.ts'
import { openSqliteDatabase } from './sqlite-database.ts'

export interface OpenDatabaseDeps {
  /** PostgreSQL's address; null keeps everything in SQLite. */
  databaseUrl: string | null
  /** Where SQLite's file lies; null keeps it in memory. */
  dataFolder: string | null
  /** Where the migrations lie. */
  migrations: string
  now: () => number
  log: FailureLog
}

// A migration of a large table takes what it takes, and another proxy that starts waits for it.
const MIGRATION_TIMEOUT_MS = 600_000

const OPEN_ATTEMPTS_MAX = 5
const OPEN_AGAIN_AFTER_MS = 100

/** @throws {FailureError} with a sentence of kind `start` when it cannot be opened. */
export async function openDatabase(deps: OpenDatabaseDeps): Promise<Database> {
  return deps.databaseUrl === null ? openInFolder(deps) : openPostgres(deps, deps.databaseUrl)
}

async function openInFolder({ dataFolder, migrations, now }: OpenDatabaseDeps): Promise<Database> {
  for (let attempts = 1; ; attempts++) {
    try {
      if (dataFolder !== null) makeFolder(dataFolder)
      return await openMigrated(() => openUnmoved(dataFolder), migrations, now)
    } catch (error) {
      if (error instanceof FailureError) throw error
      const { message } = error as Error
      // Another process makes it at this very moment.
      if (attempts < OPEN_ATTEMPTS_MAX && /locked/.test(message)) {
        await pause(OPEN_AGAIN_AFTER_MS)
        continue
      }
      const file = join(dataFolder ?? '', 'tariffcell.sqlite')
      throw new FailureError(failure('database-broken', { file, detail: message }), { cause: error })
    }
  }
}

async function openUnmoved(folder: string | null): Promise<Database> {
  const database = await openSqliteDatabase(folder)
  try {
    await refuseMoved(database, folder ?? '')
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

async function openMigrated(open: () => Promise<Database>, migrations: string, now: () => number): Promise<Database> {
  const database = await open()
  try {
    await migrate(database, migrations, now)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

async function openPostgres({ migrations, now, log }: OpenDatabaseDeps, url: string): Promise<Database> {
  const { shown } = readPostgresAddress(url)
  try {
    const patient = { connectionsMax: 1, statementTimeoutMs: MIGRATION_TIMEOUT_MS, lockTimeoutMs: MIGRATION_TIMEOUT_MS }
    const migrated = await openMigrated(() => openPostgresDatabase(url, { log, ...patient }), migrations, now)
    await migrated.close()
    return await openPostgresDatabase(url, { log })
  } catch (error) {
    if (error instanceof FailureError && !(error instanceof DatabaseAwayError)) throw error
    const cause = error instanceof DatabaseAwayError ? error.cause : error
    const detail = `${shown}: ${reasonOf(cause)}`
    throw new FailureError(failure('database-unreachable', { detail }), { cause: error })
  }
}
