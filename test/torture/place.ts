import { join } from 'node:path'
import type { Database } from '../../proxy/database.ts'
import { migrate } from '../../proxy/migrate.ts'
import { openPostgresDatabase } from '../../proxy/postgres-database.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import { openSqliteDatabase } from '../../proxy/sqlite-database.ts'

/** Where the tortured database lies. */
export type Place = { engine: 'sqlite'; folder: string } | { engine: 'postgres'; url: string }

const SILENT = { warn: () => undefined, error: () => undefined }

export async function openTortured(place: Place): Promise<Database> {
  const database =
    place.engine === 'sqlite'
      ? await openSqliteDatabase(place.folder)
      : await openPostgresDatabase(place.url, { log: SILENT })
  await migrate(database, join(rootFolder(), 'proxy', 'migrations'), Date.now)
  return database
}
