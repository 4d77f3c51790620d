/** A migrated database of either engine, and ids and a clock that tests can read. */
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import type { Database } from '../../proxy/database.ts'
import { openPostgresDatabase } from '../../proxy/postgres-database.ts'
import { openSqliteDatabase } from '../../proxy/sqlite-database.ts'
import { migrate, readMigrations } from '../../proxy/migrate.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import { sharedPostgresUrl } from './shared-postgres.ts'

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

/** Both that the seam stands on: `describe.each(ENGINES)('on %s', (engine) => …)`. */
export const ENGINES = ['sqlite', 'postgres'] as const
export type Engine = Database['engine']

const MIGRATIONS = join(rootFolder(), 'proxy', 'migrations')
export const SILENT = { warn: () => undefined, error: () => undefined }

/**
 * @param folder where it is kept, for a second one that opens it too; null: for this test alone, gone when it is closed.
 */
export async function openTestDatabase(folder: string | null = null, engine: Engine = 'sqlite'): Promise<Database> {
  if (engine === 'sqlite') {
    const database = await openSqliteDatabase(folder)
    await migrate(database, MIGRATIONS, () => 0)
    return database
  }
  const name = folder === null ? (clean.pop() ?? (await makePostgresDatabase()).name) : nameOf(folder)
  const { url } = await (folder === null ? addressOf(name) : makePostgresDatabase(name))
  const database = await openPostgresDatabase(url, { log: SILENT })
  await migrate(database, MIGRATIONS, () => 0)
  if (folder !== null) return database
  return {
    ...database,
    async close() {
      await database.close()
      await rinse(url)
      clean.push(name)
    },
  }
}

/** Migrated and emptied: making a database takes longer than most tests. */
const clean: string[] = []

export interface TestPostgres {
  name: string
  /** For DATABASE_URL. */
  url: string
}

/** An empty database on the run's PostgreSQL, or the one that was made under this name; gone with the run. */
export async function makePostgresDatabase(name: string = randomName()): Promise<TestPostgres> {
  await asOperator(await sharedPostgresUrl('postgres'), `CREATE DATABASE ${name}`).catch(
    (error: Error & { code?: string }) => {
      // duplicate_database, and what two at once make of it
      if (error.code !== '42P04' && error.code !== '23505') throw error
    },
  )
  return addressOf(name)
}

async function addressOf(name: string): Promise<TestPostgres> {
  return { name, url: await sharedPostgresUrl(name) }
}

/** Empties the tables of the migrations, and drops what a test made beside them. */
async function rinse(url: string): Promise<void> {
  const kept = migratedTables().map((name) => `'${name}'`)
  await asOperator(
    url,
    `SET session_replication_role = replica;
     DO $$ DECLARE name TEXT; BEGIN
       FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN (${kept.join(', ')}) LOOP
         EXECUTE 'DROP TABLE ' || quote_ident(name) || ' CASCADE';
       END LOOP;
     END $$;
     TRUNCATE ${migratedTables()
       .filter((name) => name !== 'migration')
       .join(', ')} CASCADE`,
  )
}

function migratedTables(): string[] {
  const texts = readMigrations(MIGRATIONS, 'postgres').map(({ sql }) => sql)
  return ['migration', ...texts.flatMap((sql) => [...sql.matchAll(/^CREATE TABLE (\w+)/gm)].map(([, name]) => name!))]
}

/** On a connection of its own, with every right. */
export async function asOperator(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

function randomName(): string {
  return `test_${randomBytes(8).toString('hex')}`
}

function nameOf(folder: string): string {
  return `test_${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`
}
