import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runAdmin } from '../../../proxy/admin/run-admin.ts'
import { createAudit } from '../../../proxy/audit/audit.ts'
import { createCredentials } from '../../../proxy/credentials/credentials.ts'
import { openMasterKey } from '../../../proxy/credentials/master-key.ts'
import type { Database, Rows } from '../../../proxy/database.ts'
import { createLedger } from '../../../proxy/ledger/ledger.ts'
import { lockFolder } from '../../../proxy/lock-folder.ts'
import { unmarkMoved } from '../../../proxy/moved-away.ts'
import { openDatabase } from '../../../proxy/open-database.ts'
import { DEPLOYMENT } from '../../../proxy/providers/upstream.ts'
import { rootFolder } from '../../../proxy/root-folder.ts'
import { openSqliteDatabase } from '../../../proxy/sqlite-database.ts'
import { TEST_PASSWORD } from '../../hosts/postgres-server.ts'
import { spawnProgram } from '../../hosts/proxy-process.ts'
import { fakeProvider } from '../../hosts/fake-provider.ts'
import { makePostgresDatabase, SILENT } from '../../hosts/test-database.ts'
import { openTestHouse, question } from '../../hosts/test-house.ts'

const MIGRATIONS = join(rootFolder(), 'proxy', 'migrations')

let folder: string
let url: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-move-'))
  url = (await makePostgresDatabase()).url
  await fillFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A folder as a proxy leaves it: answers paid for, a hold that was open when it stopped, points, seats, a credential. */
async function fillFolder(): Promise<void> {
  const house = await openTestHouse({ providers: [fakeProvider()], points: 1000, folder, engine: 'sqlite' })
  await house.ask(Array.from({ length: 60 }, (_, at) => question('HSCODE', `Hemd aus Baumwolle Nr. ${at} 男士衬衫 🇨🇦`)))
  const [{ workspaceId, seatId }] = house.askers
  await house.ledger.hold({ workspaceId, seatId, dailyCapPoints: null, points: 7, ttlMs: 1000 })
  await house.seats.createConnectionCode({ workspaceId, role: 'seat', name: 'O’Neill; DROP TABLE seat' })
  await credentialsOf(house.database).set(DEPLOYMENT, 'jiayou', { key: 'the key', secret: 'the secret' }, null)
  await house.close()
}

function credentialsOf(database: Database) {
  const masterKey = openMasterKey({ folder, setting: null })
  return createCredentials({ database, masterKey, now: Date.now, newId: () => 'audit-1' })
}

async function move(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const code = await runAdmin(['move-to-postgres', ...argv], {
    environment: { DATA_DIR: folder, DATABASE_URL: url },
    stdin: new PassThrough().end(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    loadUpstreams: () => Promise.resolve([]),
  })
  expect(stdout + stderr).not.toContain(encodeURIComponent(TEST_PASSWORD))
  expect(stdout + stderr).not.toContain(TEST_PASSWORD)
  return { code, stdout, stderr }
}

function openTarget(): Promise<Database> {
  return openDatabase({ databaseUrl: url, dataFolder: null, migrations: MIGRATIONS, now: () => 0, log: SILENT })
}

function openFolder(): Promise<Database> {
  return openDatabase({ databaseUrl: null, dataFolder: folder, migrations: MIGRATIONS, now: () => 0, log: SILENT })
}

async function tablesOf(sqlite: Rows): Promise<string[]> {
  const rows = await sqlite.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migration', 'moved') AND name NOT LIKE 'sqlite%'",
  )
  return rows.map(({ name }) => name)
}

/** Every row of every table, in an order of its own. */
async function everything(rows: Rows, tables: readonly string[]): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const table of tables) {
    const found = await rows.all<Record<string, unknown>>(`SELECT * FROM ${table}`)
    all[table] = found
      .map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
      .filter((row) => !row.includes('database.move'))
      .sort()
  }
  return all
}

async function withTarget<Result>(look: (target: Database) => Promise<Result>): Promise<Result> {
  const target = await openTarget()
  try {
    return await look(target)
  } finally {
    await target.close()
  }
}

async function isEmpty(): Promise<boolean> {
  return withTarget(async (target) => (await target.all('SELECT id FROM workspace')).length === 0)
}

describe('what moves to PostgreSQL', () => {
  test('is every row of every table, and the ledger adds up there', async () => {
    const source = await openSqliteDatabase(folder)
    const tables = await tablesOf(source)
    const before = await everything(source, tables)
    await source.close()
    expect(before).toMatchObject({ hold: { length: 2 }, answer: { length: 60 }, credential: { length: 1 } })

    const { code, stdout, stderr } = await move()
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^answer: 60 rows$/m)
    expect(stdout).toMatch(/^\d+ rows of \d+ tables are in 127\.0\.0\.1:\d+\/\w+ now\.$/m)
    await withTarget(async (target) => {
      expect(await everything(target, tables)).toEqual(before)
      const ledger = createLedger({ database: target, now: Date.now, newId: () => 'x' })
      expect(await ledger.verify()).toEqual([])
      expect(await ledger.expireHolds()).toBe(1)
      expect(await ledger.verify()).toEqual([])
      expect(await credentialsOf(target).read(DEPLOYMENT, 'jiayou')).toMatchObject({
        credential: { key: 'the key', secret: 'the secret' },
      })
      const audit = createAudit({ database: target, now: Date.now, newId: () => 'x' })
      expect(await audit.list({ limit: 1 })).toMatchObject([{ action: 'database.move', actor: 'operator' }])
    })
  })

  test('is guarded there as it was here', async () => {
    expect((await move()).code).toBe(0)
    await withTarget(async (target) => {
      for (const sql of [
        'UPDATE entry SET points = points + 1',
        'DELETE FROM entry',
        'TRUNCATE entry CASCADE',
        'UPDATE account SET posted = posted + 1',
        "UPDATE hold SET state = 'held' WHERE state = 'settled'",
      ]) {
        await expect(target.run(sql), sql).rejects.toThrow()
      }
    })
  })

  test('leaves a folder that refuses to be used, until it is undone', async () => {
    expect((await move()).code).toBe(0)
    await expect(openFolder()).rejects.toThrow(/^TC-616 The data in .* moved to PostgreSQL on \d{4}-\d\d-\d\d\./)
    expect((await move()).stderr).toMatch(/^TC-610 .* has moved to PostgreSQL already: start the proxy/)
    const undone = await move('--undo')
    expect([undone.code, undone.stderr]).toEqual([0, ''])
    const again = await openFolder()
    expect(await again.get('SELECT COUNT(*) AS count FROM answer')).toEqual({ count: 60 })
    await again.close()
    expect(await move('--undo')).toMatchObject({ code: 1, stderr: expect.stringContaining('has not moved') as string })
  })
})

test('it is not undone while a proxy is connected there, unless it is forced', async () => {
  expect((await move()).code).toBe(0)
  const proxy = await openDatabase({
    databaseUrl: url,
    dataFolder: null,
    migrations: MIGRATIONS,
    now: Date.now,
    log: SILENT,
  })
  const refused = await move('--undo')
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^TC-610 .*Stop them, or add --force/) as string,
  })
  await expect(openFolder()).rejects.toThrow('TC-616')
  expect((await move('--undo', '--force')).code).toBe(0)
  await proxy.close()
  await (await openFolder()).close()
})

describe('nothing moves', () => {
  test('while a proxy runs', async () => {
    const unlock = await lockFolder(folder)
    expect(await move()).toMatchObject({ code: 1, stderr: expect.stringMatching(/^TC-601/) as string })
    unlock()
    expect(await isEmpty()).toBe(true)
  })

  test('to a database that holds data', async () => {
    await withTarget((target) => target.run("INSERT INTO workspace(id, name, created_at) VALUES('w-9', 'other', 0)"))
    const { code, stderr } = await move()
    expect(code).toBe(1)
    expect(stderr).toMatch(/^TC-610 127\.0\.0\.1:\d+\/\w+ holds data already \(workspace: 1 rows\)/)
    await (await openFolder()).close()
  })

  test('without an address, from a folder without data, or to nowhere', async () => {
    const to = url
    url = ''
    expect((await move()).stderr).toMatch(/^TC-610 Set DATABASE_URL/)
    url = to.replace(/\/[^/]+$/, '/nowhere')
    expect((await move()).stderr).toMatch(/^TC-615 .*\/nowhere: database "nowhere" does not exist/)
    url = to
    const home = folder
    folder = join(home, 'empty')
    expect((await move()).stderr).toMatch(/^TC-610 There is no data in/)
    folder = home
  })

  test('when there is a table that only one of the two has', async () => {
    const source = await openSqliteDatabase(folder)
    await source.run('CREATE TABLE forgotten(id TEXT PRIMARY KEY)')
    await source.close()
    expect((await move()).stderr).toMatch(/^TC-610 Not on both databases: forgotten\.id\. Nothing was moved\./)
    expect(await isEmpty()).toBe(true)
  })

  test('when one row cannot, and all of it once that row is mended', async () => {
    const source = await openSqliteDatabase(folder)
    // SQLite lets a number's column hold anything.
    await source.run("UPDATE workspace SET created_at = 'soon' WHERE name = 'two'")
    await source.close()
    expect((await move()).stderr).toMatch(/^TC-610 Rows \d+ to \d+ of workspace cannot be moved: invalid input syntax/)
    expect(await isEmpty()).toBe(true)
    const mended = await openFolder()
    await mended.run("UPDATE workspace SET created_at = 0 WHERE name = 'two'")
    await mended.close()
    expect((await move()).code).toBe(0)
  })

  test('when the ledger does not add up', async () => {
    const source = await openSqliteDatabase(folder)
    await source.script('DROP TRIGGER account_moves_by_entries; UPDATE account SET posted = posted + 1')
    await source.close()
    expect((await move()).stderr).toMatch(/^TC-610 The ledger in the data folder does not add up \(\d+\): /)
    expect(await isEmpty()).toBe(true)
  })
})

describe('a move that was interrupted', () => {
  test('in the middle, by a kill, has moved nothing and runs again', async () => {
    const environment = { DATA_DIR: folder, DATABASE_URL: url }
    const child = await spawnProgram('proxy/admin/admin.ts', ['move-to-postgres'], environment)
    await once(child.stdout!, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const { code, stderr } = await move()
    expect([code, stderr]).toEqual([0, ''])
    expect(await isEmpty()).toBe(false)
  }, 90_000)

  test('after the data was there and before the folder knew it is only marked the second time', async () => {
    expect((await move()).code).toBe(0)
    const source = await openSqliteDatabase(folder)
    await unmarkMoved(source)
    await source.close()
    const again = await move()
    expect([again.code, again.stderr]).toEqual([0, ''])
    expect(again.stdout).toContain('of a move that was interrupted at its end')
    await expect(openFolder()).rejects.toThrow('TC-616')
  })

  test('there is not taken for whole once either side went on', async () => {
    expect((await move()).code).toBe(0)
    await move('--undo')
    const folderAgain = await openFolder()
    await folderAgain.run("INSERT INTO workspace(id, name, created_at) VALUES('w-9', 'later', 0)")
    await folderAgain.close()
    expect((await move()).stderr).toMatch(/^TC-610 .* holds data already/)
  })
})
