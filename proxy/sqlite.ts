import type { DatabaseSyncInstance } from '@photostructure/sqlite'

export type SqliteDatabase = DatabaseSyncInstance

/** Opens a SQLite file through the `node:sqlite` API: the built-in module where Node has it without a flag (from 22.13), the npm
 * package with the same API on Node 20.
 * @param path a file, created if missing unless readOnly; `:memory:` for none.
 * @throws when the file cannot be opened. A file that is no database fails at the first statement.
 */
export async function openSqlite(path: string, { readOnly = false } = {}): Promise<SqliteDatabase> {
  const { DatabaseSync } = await import('node:sqlite').catch(() => import('@photostructure/sqlite'))
  return new DatabaseSync(path, { readOnly })
}
