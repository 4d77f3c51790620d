import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DiskFullError } from '../../proxy/database.ts'
import { openSqliteDatabase } from '../../proxy/sqlite-database.ts'
import { lockFolder } from '../../proxy/lock-folder.ts'
import { migrate, readMigrations } from '../../proxy/migrate.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import { openTestDatabase } from '../hosts/test-database.ts'

const MIGRATIONS = join(rootFolder(), 'proxy', 'migrations')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-db-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a transaction', () => {
  test('runs alone: concurrent increments lose nothing', async () => {
    const database = await openSqliteDatabase(null)
    await database.run('CREATE TABLE n(value BIGINT)')
    await database.run('INSERT INTO n VALUES(0)')
    await Promise.all(
      Array.from({ length: 50 }, () =>
        database.transaction(async (tx) => {
          const row = await tx.get<{ value: number }>('SELECT value FROM n')
          await new Promise((resolve) => setImmediate(resolve))
          await tx.run('UPDATE n SET value = $1', [row!.value + 1])
        }),
      ),
    )
    expect(await database.get('SELECT value FROM n')).toEqual({ value: 50 })
    await database.close()
  })

  test('that throws leaves nothing, and the next one works', async () => {
    const database = await openSqliteDatabase(null)
    await database.run('CREATE TABLE n(value BIGINT)')
    const failing = database.transaction(async (tx) => {
      await tx.run('INSERT INTO n VALUES(1)')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await database.all('SELECT * FROM n')).toEqual([])
    await database.run('INSERT INTO n VALUES(2)')
    await database.close()
  })
})

test('a full disk is told as such, and what was written before stays whole', async () => {
  const database = await openSqliteDatabase(folder)
  await database.run('CREATE TABLE t(text TEXT)')
  await database.run('INSERT INTO t VALUES($1)', ['kept'])
  // SQLite's own limit gives the very error of a full file system.
  const { page_count: pages } = (await database.get<{ page_count: number }>('PRAGMA page_count'))!
  await database.get(`PRAGMA max_page_count = ${pages}`)
  const big = 'x'.repeat(100_000)
  const write = database.transaction(async (tx) => {
    await tx.run('INSERT INTO t VALUES($1)', ['lost with the transaction'])
    await tx.run('INSERT INTO t VALUES($1)', [big])
  })
  await expect(write).rejects.toBeInstanceOf(DiskFullError)
  expect(await database.all('SELECT text FROM t')).toEqual([{ text: 'kept' }])
  await database.get('PRAGMA max_page_count = 100000')
  await database.run('INSERT INTO t VALUES($1)', [big])
  expect(await database.all('SELECT length(text) AS length FROM t')).toEqual([{ length: 4 }, { length: 100_000 }])
  await database.close()
})

describe('migrations', () => {
  test('run once, in order, and a second start changes nothing', async () => {
    const database = await openTestDatabase(folder)
    const applied = await database.all('SELECT version, name FROM migration ORDER BY version')
    expect(applied).toEqual(readMigrations(MIGRATIONS, 'sqlite').map(({ version, name }) => ({ version, name })))
    await migrate(database, MIGRATIONS, () => 1)
    expect(await database.all('SELECT version FROM migration WHERE applied_at = 1')).toEqual([])
    await database.close()
  })

  test('of a newer program are refused, and the file is left as it is', async () => {
    const database = await openTestDatabase(folder)
    await database.run("INSERT INTO migration VALUES(9999, '9999-future.sql', 0)")
    await expect(migrate(database, MIGRATIONS, () => 0)).rejects.toThrow('TC-605')
    await database.close()
  })

  test('that fail half way leave the schema as it was', async () => {
    const own = mkdtempSync(join(tmpdir(), 'tariffcell-migrations-'))
    writeFileSync(join(own, '0001-first.sql'), 'CREATE TABLE a(x TEXT);\nCREATE TABLE a(x TEXT);\n')
    const database = await openSqliteDatabase(null)
    await expect(migrate(database, own, () => 0)).rejects.toThrow(/already exists/)
    expect(await database.all("SELECT name FROM sqlite_master WHERE name = 'a'")).toEqual([])
    await database.close()
    rmSync(own, { recursive: true })
  })
})

describe('the lock of a data folder', () => {
  test('keeps a second proxy out, and opens when the first lets go', async () => {
    const unlock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toThrow('TC-601')
    unlock()
    const again = await lockFolder(folder)
    again()
  })

  test('says why a folder cannot be used', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    await expect(lockFolder(join(file, 'below'))).rejects.toThrow('TC-602')
    expect(readFileSync(file, 'utf8')).toBe('')
  })
})
