/** A migrated database in memory or in a folder of its own, and ids and a clock that tests can read. */
import { join } from 'node:path'
import type { Database } from '../../proxy/database.ts'
import { openSqliteDatabase } from '../../proxy/sqlite-database.ts'
import { migrate } from '../../proxy/migrate.ts'
import { rootFolder } from '../../proxy/root-folder.ts'

export interface TestClock {
  now: () => number
  advance(milliseconds: number): void
}

export function testClock(start = Date.UTC(2026, 10, 22, 12)): TestClock {
  let time = start
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds
    },
  }
}

/** `seat-0001`, `seat-0002`…: eight characters and more, as real ids have. */
export function testIds(prefix = 'test'): () => string {
  let count = 0
  return () => `${prefix}-${String(++count).padStart(6, '0')}`
}

export async function openTestDatabase(folder: string | null = null): Promise<Database> {
  const database = await openSqliteDatabase(folder)
  await migrate(database, join(rootFolder(), 'proxy', 'migrations'), () => 0)
  return database
}
