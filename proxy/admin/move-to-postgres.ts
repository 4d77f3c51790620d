/**
 * All data of a folder's SQLite to an empty PostgreSQL, once: what the schema lists, whatever tables that is. Nobody may write
 * meanwhile. The target's COMMIT decides: before it nothing has moved, after it the source is marked as moved.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FailureError } from '../../shared/error-codes.ts'
import { OPERATOR } from '../audit/audit.ts'
import {
  DatabaseAwayError,
  DiskFullError,
  type Database,
  type Rows,
  type SqlValue,
  type Transaction,
} from '../database.ts'
import { inspectLedger } from '../ledger/inspect-ledger.ts'
import { lockFolder } from '../lock-folder.ts'
import { markMoved, readMovedAt, refuseMoved, unmarkMoved } from '../moved-away.ts'
import { openDatabase } from '../open-database.ts'
import { readPostgresAddress } from '../postgres-address.ts'
import { openSqliteDatabase } from '../sqlite-database.ts'
import type { Print } from './command.ts'
import { countConnections } from './count-proxies.ts'
import { readTables, type Table } from './read-tables.ts'
import { refuse } from './workspaces.ts'

export interface MoveDeps {
  dataFolder: string
  databaseUrl: string
  migrations: string
  now: () => number
  print: Print
}

const ROWS_PER_INSERT_MAX = 500
// PostgreSQL takes 65,535 in one statement.
const PARAMETERS_MAX = 30_000
const TELL_EVERY_ROWS = 50_000
const SILENT = { warn: () => undefined, error: () => undefined }

/** @throws {FailureError} with a sentence of kind `start`, and then nothing has moved. */
export async function moveToPostgres(deps: MoveDeps): Promise<void> {
  const { dataFolder, databaseUrl, migrations, now } = deps
  if (!existsSync(join(dataFolder, 'tariffcell.sqlite'))) {
    throw refuse(`There is no data in ${dataFolder}: set DATA_DIR to the proxy's data folder.`)
  }
  const unlock = await lockFolder(dataFolder)
  try {
    const source = await openSource(deps)
    try {
      const target = await openDatabase({ databaseUrl, dataFolder: null, migrations, now, log: SILENT })
      try {
        await move(deps, source, target)
      } finally {
        await target.close()
      }
    } finally {
      await source.close()
    }
  } finally {
    unlock()
  }
}

async function openSource({ dataFolder, migrations, now }: MoveDeps): Promise<Database> {
  try {
    return await openDatabase({ databaseUrl: null, dataFolder, migrations, now, log: SILENT })
  } catch (error) {
    if (!(error instanceof FailureError) || error.failure.failed !== 'database-moved') throw error
    throw refuse(
      `The data in ${dataFolder} has moved to PostgreSQL already: start the proxy with this DATABASE_URL.`,
      error,
    )
  }
}

export interface MoveBackDeps extends Pick<MoveDeps, 'dataFolder' | 'print'> {
  /** Where it moved to; null: it is not known here. */
  databaseUrl: string | null
  /** Although others are at work there. */
  isForced: boolean
}

/** Back to the folder's own data, as it was when it moved. */
export async function moveBack({ dataFolder, databaseUrl, isForced, print }: MoveBackDeps): Promise<void> {
  const others = databaseUrl === null ? null : await countConnections(databaseUrl)
  if (others !== null && others > 0 && !isForced) {
    throw refuse(
      `Proxies or commands have ${others} connections to that PostgreSQL: what they do there is not in the folder. ` +
        'Stop them, or add --force.',
    )
  }
  if (others === null) print('Whether a proxy still runs on that PostgreSQL is not known: stop it yourself.')
  const unlock = await lockFolder(dataFolder)
  try {
    const source = await openSqliteDatabase(dataFolder)
    try {
      const movedAt = await readMovedAt(source)
      if (movedAt === null) throw refuse(`The data in ${dataFolder} has not moved.`)
      await unmarkMoved(source)
      print(`The data in ${dataFolder} is in use again, as it was on ${new Date(movedAt).toISOString()}.`)
      print('What was done on PostgreSQL since is not in it. Unset DATABASE_URL before you start the proxy.')
    } finally {
      await source.close()
    }
  } finally {
    unlock()
  }
}

async function move(deps: MoveDeps, source: Database, target: Database): Promise<void> {
  const { dataFolder, print, now } = deps
  const { shown } = readPostgresAddress(deps.databaseUrl)
  // A write transaction to the end: the command line could write beside us.
  await source.transaction(async (from) => {
    await refuseMoved(from, dataFolder)
    await refuseWrong(from, 'The ledger in the data folder')
    const tables = await readTables(from, target)
    const counts = await countRows(from, tables)
    const before = await countRows(target, tables)
    const rows = [...counts.values()].reduce((sum, count) => sum + count, 0)
    if ([...before.values()].some((count) => count > 0)) {
      await refuseUnlessSame(target, { shown, counts, before })
      print(`${shown} has these ${rows} rows already, of a move that was interrupted at its end.`)
    } else {
      await target.transaction((to) => copyAll(from, to, { tables, counts, at: now(), print }))
    }
    await markMoved(from, now())
    print(`${rows} rows of ${tables.length} tables are in ${shown} now.`)
  })
  print(`From now on set DATABASE_URL for the proxy and its commands. Credentials stay under the same key.`)
}

interface Copy {
  tables: readonly Table[]
  counts: ReadonlyMap<string, number>
  at: number
  print: Print
}

async function copyAll(from: Rows, to: Transaction, { tables, counts, at, print }: Copy): Promise<void> {
  // What the triggers would do for each row has been done, and is among the rows. (Only this transaction sees them off.)
  for (const { name } of tables) await to.run(`ALTER TABLE ${name} DISABLE TRIGGER USER`)
  for (const table of tables) await copyTable(from, to, table, print)
  const copied = await countRows(to, tables)
  for (const [name, count] of counts) {
    if (copied.get(name) !== count) throw new Error(`of ${count} rows of ${name} ${copied.get(name)} arrived`)
  }
  await to.run('SET CONSTRAINTS ALL IMMEDIATE')
  for (const { name } of tables) await to.run(`ALTER TABLE ${name} ENABLE TRIGGER USER`)
  await refuseWrong(to, 'The copied ledger')
  await to.run('INSERT INTO audit(id, at, workspace_id, actor, action, detail) VALUES($1, $2, $3, $4, $5, $6)', [
    MOVE_ID,
    at,
    '',
    OPERATOR,
    'database.move',
    printCounts(counts),
  ])
}

async function copyTable(from: Rows, to: Rows, { name, columns }: Table, print: Print): Promise<void> {
  const rowsPerInsert = Math.min(ROWS_PER_INSERT_MAX, Math.floor(PARAMETERS_MAX / columns.length))
  const select = `SELECT rowid AS "rowOfTable", ${columns.join(', ')} FROM ${name}
    WHERE rowid > $1 ORDER BY rowid LIMIT ${rowsPerInsert}`
  let after = Number.MIN_SAFE_INTEGER
  let copied = 0
  for (;;) {
    const rows = await from.all<Record<string, SqlValue> & { rowOfTable: number }>(select, [after])
    const last = rows.at(-1)
    if (!last) break
    const places = rows.map(
      (_, at) => `(${columns.map((__, column) => `$${at * columns.length + column + 1}`).join(', ')})`,
    )
    const values = rows.flatMap((row) => columns.map((column) => row[column]!))
    try {
      await to.run(`INSERT INTO ${name}(${columns.join(', ')}) VALUES ${places.join(', ')}`, values)
    } catch (error) {
      if (error instanceof DatabaseAwayError || error instanceof DiskFullError) throw error
      const which = `Rows ${rows[0]!.rowOfTable} to ${last.rowOfTable} of ${name}`
      throw refuse(`${which} cannot be moved: ${(error as Error).message}`, error)
    }
    after = last.rowOfTable
    copied += rows.length
    if (Math.floor(copied / TELL_EVERY_ROWS) > Math.floor((copied - rows.length) / TELL_EVERY_ROWS)) {
      print(`${name}: ${copied} rows so far`)
    }
  }
  print(`${name}: ${copied} rows`)
}

async function countRows(rows: Rows, tables: readonly Table[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const { name } of tables) {
    const row = await rows.get<{ count: number }>(`SELECT COUNT(*) AS count FROM ${name}`)
    counts.set(name, row!.count)
  }
  return counts
}

async function refuseWrong(rows: Rows, what: string): Promise<void> {
  const { violations } = await inspectLedger(rows)
  const [first] = violations
  if (first) throw refuse(`${what} does not add up (${violations.length}): ${first}`)
}

// One a database: who finds it in the target knows that the move was committed there.
const MOVE_ID = 'move-to-postgres'

function printCounts(counts: ReadonlyMap<string, number>): string {
  return JSON.stringify(Object.fromEntries(counts))
}

/** Filled by a move of these very rows whose end was cut off, it is as good as copied. */
async function refuseUnlessSame(
  target: Rows,
  {
    shown,
    counts,
    before,
  }: { shown: string; counts: ReadonlyMap<string, number>; before: ReadonlyMap<string, number> },
): Promise<void> {
  const done = await target.get<{ detail: string }>('SELECT detail FROM audit WHERE id = $1', [MOVE_ID])
  const isUnused = [...before].every(([name, count]) => count === counts.get(name)! + (name === 'audit' ? 1 : 0))
  if (done?.detail === printCounts(counts) && isUnused) return
  const [name, count] = [...before].find(([, rows]) => rows > 0)!
  throw refuse(`${shown} holds data already (${name}: ${count} rows). Give it an empty database.`)
}
