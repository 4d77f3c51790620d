/** The one database of a proxy, migrated: PostgreSQL where an address is given, else SQLite in the data folder. */
import { join } from 'node:path'
import { failure, FailureError } from '../shared/error-codes.ts'
import type { Database } from './database.ts'
import { makeFolder } from './make-folder.ts'
import { migrate } from './migrate.ts'
import { openSqliteDatabase } from './sqlite-database.ts'

export interface OpenDatabaseDeps {
  /** PostgreSQL's address; null keeps everything in SQLite. */
  databaseUrl: string | null
  /** Where SQLite's file lies; null keeps it in memory. */
  dataFolder: string | null
  /** Where the migrations lie. */
  migrations: string
  now: () => number
}

/** @throws {FailureError} with a sentence of kind `start` when it cannot be opened. */
export async function openDatabase({ dataFolder, migrations, now }: OpenDatabaseDeps): Promise<Database> {
  try {
    if (dataFolder !== null) makeFolder(dataFolder)
    const database = await openSqliteDatabase(dataFolder)
    await migrate(database, migrations, now)
    return database
  } catch (error) {
    if (error instanceof FailureError) throw error
    const file = join(dataFolder ?? '', 'tariffcell.sqlite')
    throw new FailureError(failure('database-broken', { file, detail: (error as Error).message }), { cause: error })
  }
}
