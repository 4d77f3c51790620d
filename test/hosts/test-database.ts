/** A migrated database of either engine, and ids and a clock that tests can read. */
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import type { Database } from '../../proxy/database.ts'
import { openPostgresDatabase } from '../../proxy/postgres-database.ts'
import { openSqliteDatabase } from '../../proxy/sqlite-database.ts'
import { migrate, readMigrations } from '../../proxy/migrate.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import { engineOfProject, MIGRATED, sharedPostgresUrl } from './shared-postgres.ts'

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

/**
 * Both that the seam stands on: `describe.each(ENGINES)('on %s', (engine) => …)`. What needs no engine named is run on both by the
 * projects of vitest.config.ts.
 */
export const ENGINES = ['sqlite', 'postgres'] as const
export type Engine = Database['engine']

const MIGRATIONS = join(rootFolder(), 'proxy', 'migrations')
export const SILENT = { warn: () => undefined, error: () => undefined }

/**
 * @param folder where it is kept, for a second one that opens it too; null: for this test alone, gone when it is closed.
 */
export async function openTestDatabase(folder: string | null = null, engine?: Engine): Promise<Database> {
  if ((engine ?? (await engineOfProject())) === 'sqlite') {
    const database = await openSqliteDatabase(folder)
    await migrate(database, MIGRATIONS, () => 0)
    return database
  }
  if (folder !== null) return openPostgres(await makeMigratedPostgres(nameOf(folder)))
  return lend(await takeClean())
}

/** A migrated database on the run's PostgreSQL, for what opens its own. */
export async function lendPostgres(): Promise<TestPostgres & { giveBack: () => Promise<void> }> {
  const one = await takeClean()
  let given: Promise<void> | null = null
  // A house may be closed twice; the next test may have it after the first.
  return { url: one.url, giveBack: () => (given ??= giveBack(one)) }
}

interface Clean {
  url: string
  /** To empty it by. */
  database: Database
}

/** Migrated and empty: to make a database, or only to connect to one, takes longer than most tests. */
const clean: Clean[] = []

async function takeClean(): Promise<Clean> {
  const one = clean.pop()
  if (one) return one
  const made = await makeMigratedPostgres()
  return { ...made, database: await openPostgres(made) }
}

async function giveBack(one: Clean): Promise<void> {
  await rinse(one.database)
  clean.push(one)
}

function openPostgres({ url }: TestPostgres): Promise<Database> {
  return openPostgresDatabase(url, { log: SILENT })
}

/** A database for one test: closed by it, emptied and kept for the next one. */
function lend(one: Clean): Database {
  const { database } = one
  const underWay = new Set<Promise<unknown>>()
  const ends = new Set<() => void>()
  let closed = false
  const track = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (closed) throw new Error('the database is closed')
    const result = work()
    underWay.add(result)
    try {
      return await result
    } finally {
      underWay.delete(result)
    }
  }
  return {
    engine: 'postgres',
    all: (sql, values) => track(() => database.all(sql, values)),
    get: (sql, values) => track(() => database.get(sql, values)),
    run: (sql, values) => track(() => database.run(sql, values)),
    script: (sql) => track(() => database.script(sql)),
    transaction: (work, options) => track(() => database.transaction(work, options)),
    notify: (topic, payload) => track(() => database.notify(topic, payload)),
    listen(topic, handler) {
      const end = database.listen(topic, handler)
      ends.add(end)
      return end
    },
    async close() {
      if (closed) return
      closed = true
      await Promise.allSettled(underWay)
      for (const end of ends) end()
      await giveBack(one)
    },
  }
}

export interface TestPostgres {
  /** For DATABASE_URL. */
  url: string
}

/** An empty database on the run's PostgreSQL, without a table; gone with the run. */
export function makePostgresDatabase(): Promise<TestPostgres> {
  return makeDatabase(randomName(), 'template1')
}

/** A migrated one, or the one that was made under this name. */
function makeMigratedPostgres(name: string = randomName()): Promise<TestPostgres> {
  return makeDatabase(name, MIGRATED)
}

async function makeDatabase(name: string, template: string): Promise<TestPostgres> {
  await asOperator(
    await sharedPostgresUrl('postgres'),
    `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`,
  ).catch((error: Error & { code?: string }) => {
    // duplicate_database, and what two at once make of it
    if (error.code !== '42P04' && error.code !== '23505') throw error
  })
  return { url: await sharedPostgresUrl(name) }
}

/**
 * Empties the tables of the migrations, and drops what a test made beside them. Row by row, and without triggers: TRUNCATE makes a new
 * file for each table and index, which takes ten times as long as the few rows of a test.
 */
async function rinse(database: Database): Promise<void> {
  await database.script((rinsing ??= rinsingOf(migratedTables())))
}

let rinsing: string | undefined

function rinsingOf(tables: readonly string[]): string {
  const kept = tables.map((name) => `'${name}'`).join(', ')
  const emptied = tables.filter((name) => name !== 'migration').map((name) => `DELETE FROM ${name};`)
  return `SET LOCAL session_replication_role = replica;
     DO $$ DECLARE name TEXT; BEGIN
       FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN (${kept}) LOOP
         EXECUTE 'DROP TABLE ' || quote_ident(name) || ' CASCADE';
       END LOOP;
     END $$;
     ${emptied.join(' ')}`
}

/** Names of the tables that have this column, in alphabetical order. */
export async function tablesWith(database: Database, column: string): Promise<string[]> {
  const tables = await database.all<{ name: string }>(
    database.engine === 'sqlite'
      ? "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = $1 WHERE m.type = 'table'"
      : 'SELECT table_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = $1',
    [column],
  )
  return tables.map(({ name }) => name).sort()
}

/** Lets no hold and no answer be stored any more. @returns what gives space again. */
export async function fillDisk(database: Database): Promise<() => Promise<void>> {
  if (database.engine === 'sqlite') {
    // SQLite's own limit gives the very error of a full file system.
    const { page_count: pages } = (await database.get<{ page_count: number }>('PRAGMA page_count'))!
    await database.get(`PRAGMA max_page_count = ${pages}`)
    return async () => void (await database.get('PRAGMA max_page_count = 1000000'))
  }
  await database.script(
    `CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
     CREATE TRIGGER disk_is_full BEFORE INSERT ON answer FOR EACH ROW EXECUTE FUNCTION disk_is_full();
     CREATE TRIGGER disk_is_full BEFORE INSERT ON hold FOR EACH ROW EXECUTE FUNCTION disk_is_full()`,
  )
  return () => database.script('DROP FUNCTION disk_is_full CASCADE')
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
