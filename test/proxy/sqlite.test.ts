import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { openSqlite } from '../../proxy/sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'sqlite-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('openSqlite', () => {
  test('what one connection wrote, the next one reads', async () => {
    const path = join(folder, 'kept.db')
    const writer = await openSqlite(path)
    writer.exec("create table line (code text); insert into line values ('0101')")
    writer.close()
    const reader = await openSqlite(path, { readOnly: true })
    expect(reader.prepare('select code from line').all()).toEqual([{ code: '0101' }])
    reader.close()
  })

  test('a read-only connection cannot write', async () => {
    const path = join(folder, 'locked.db')
    const writer = await openSqlite(path)
    writer.exec('create table line (code text)')
    writer.close()
    const reader = await openSqlite(path, { readOnly: true })
    expect(() => reader.exec("insert into line values ('0101')")).toThrow(/readonly/u)
    reader.close()
  })

  test('a file that is no database fails at the first statement', async () => {
    const path = join(folder, 'page.db')
    writeFileSync(path, '<html></html>'.repeat(100))
    const database = await openSqlite(path, { readOnly: true })
    expect(() => database.prepare('select 1 from sqlite_master').all()).toThrow()
    database.close()
  })
})
