/** Brings a database to the newest schema: the files of `migrations/` in order, each once, each in a transaction of its own. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { failure, FailureError } from '../shared/error-codes.ts'
import type { Database, Transaction } from './database.ts'

interface Migration {
  version: number
  name: string
  sql: string
}

/** Files are `NNNN-what.sql`, or `NNNN-what.sqlite.sql` and `NNNN-what.postgres.sql` where an engine needs words of its own. */
export function readMigrations(folder: string, engine: Database['engine']): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z-]+\.sql$/.test(name) || name.endsWith(`.${engine}.sql`))
    .sort()
    .map((name) => ({ version: Number(name.slice(0, 4)), name, sql: readFileSync(join(folder, name), 'utf8') }))
}

/** @throws {FailureError} `database-newer` when the database knows migrations that this program does not. */
export async function migrate(database: Database, folder: string, now: () => number): Promise<void> {
  const migrations = readMigrations(folder, database.engine)
  await alone(database, (tx) =>
    tx.run(
      'CREATE TABLE IF NOT EXISTS migration(version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)',
    ),
  )
  const applied = await database.all<{ version: number }>('SELECT version FROM migration ORDER BY version')
  const newest = migrations.at(-1)?.version ?? 0
  const found = applied.at(-1)?.version ?? 0
  if (found > newest) throw new FailureError(failure('database-newer', { found, known: newest }))

  const done = new Set(applied.map((row) => row.version))
  for (const migration of migrations) {
    if (done.has(migration.version)) continue
    await alone(database, async (tx) => {
      // Looked at again inside: another process may have been faster.
      if (await tx.get('SELECT version FROM migration WHERE version = $1', [migration.version])) return
      for (const statement of splitStatements(migration.sql)) await tx.run(statement)
      await tx.run('INSERT INTO migration(version, name, applied_at) VALUES($1, $2, $3)', [
        migration.version,
        migration.name,
        now(),
      ])
    })
  }
}

// Any number that nothing else on the database locks.
const MIGRATING = 7_461_726

/** SQLite's transactions are alone anyway; on PostgreSQL two that make the same table would fail each other. */
async function alone(database: Database, work: (tx: Transaction) => Promise<unknown>): Promise<void> {
  await database.transaction(
    async (tx) => {
      if (database.engine === 'postgres') await tx.get('SELECT pg_advisory_xact_lock($1)', [MIGRATING])
      await work(tx)
    },
    { repeatable: true },
  )
}

/** A statement ends with a semicolon at the end of a line, before a blank line or one that is not indented; a trigger's body is
 * indented, and its END belongs to it. What stands between dollar signs, such as a function's body, is one piece. */
export function splitStatements(sql: string): string[] {
  const bodies: string[] = []
  return sql
    .replaceAll(/^\s*--.*\n/gm, '')
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, (body) => `$body ${bodies.push(body) - 1}$`)
    .split(/;[ \t]*\n(?=\n|(?!END)\S|$)/)
    .map((statement) => statement.trim().replace(/;$/, ''))
    .filter((statement) => statement !== '')
    .map((statement) => statement.replaceAll(/\$body (\d+)\$/g, (_, at: string) => bodies[Number(at)]!))
}
