/** One PostgreSQL for all the tests of a run. Each database is made for one test, and goes with the run. */
import { join } from 'node:path'
import { migrate } from '../../proxy/migrate.ts'
import { openPostgresDatabase } from '../../proxy/postgres-database.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import { madeOnce, type Made } from './once-a-run.ts'
import { startPostgresServer } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What the tests of this project run on; SQLite where it is left out. */
    engine?: 'sqlite' | 'postgres'
  }
}

/** Migrated and empty, to be copied: all migrations take longer than most tests. */
export const MIGRATED = 'migrated'

export async function makeSharedPostgres(): Promise<Made> {
  const server = await startPostgresServer()
  await server.createDatabase(MIGRATED)
  const log = { warn: () => undefined, error: () => undefined }
  const database = await openPostgresDatabase(server.urlOf(MIGRATED), { log })
  await migrate(database, join(rootFolder(), 'proxy', 'migrations'), () => 0)
  // Nobody may be in a database that is copied.
  await database.close()
  return { place: server.urlOf('DATABASE'), remove: () => server.close() }
}

/** From a test: address of a database of the run's server, which need not be there yet. */
export async function sharedPostgresUrl(database: string): Promise<string> {
  return (await madeOnce('postgres')).replace(/DATABASE$/, database)
}

/** What `vitest.config.ts` runs the tests on that name no engine. */
export async function engineOfProject(): Promise<'sqlite' | 'postgres'> {
  // The hosts serve demo and bench as well.
  if (process.env.VITEST === undefined) return 'sqlite'
  const { inject } = await import('vitest')
  return inject('engine') ?? 'sqlite'
}
