/** The mark a SQLite database bears once its data went to a PostgreSQL: what is written here after that would be lost. */
import { failure, FailureError } from '../shared/error-codes.ts'
import type { Rows } from './database.ts'

/** @throws {FailureError} `database-moved`. */
export async function refuseMoved(rows: Rows, folder: string): Promise<void> {
  const movedAt = await readMovedAt(rows)
  if (movedAt === null) return
  const date = new Date(movedAt).toISOString().slice(0, 10)
  throw new FailureError(failure('database-moved', { folder, date }))
}

/** @returns milliseconds since 1970; null when the data is here. */
export async function readMovedAt(rows: Rows): Promise<number | null> {
  const table = await rows.get("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'moved'")
  if (!table) return null
  const row = await rows.get<{ at: number }>('SELECT at FROM moved')
  return row?.at ?? null
}

export async function markMoved(rows: Rows, at: number): Promise<void> {
  await rows.run('CREATE TABLE IF NOT EXISTS moved(at BIGINT NOT NULL)')
  await rows.run('INSERT INTO moved(at) VALUES($1)', [at])
}

export async function unmarkMoved(rows: Rows): Promise<void> {
  await rows.run('DROP TABLE IF EXISTS moved')
}
