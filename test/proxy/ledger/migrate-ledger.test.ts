import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../proxy/database.ts'
import { createLedger } from '../../../proxy/ledger/ledger.ts'
import { migrate } from '../../../proxy/migrate.ts'
import { openPostgresDatabase } from '../../../proxy/postgres-database.ts'
import { rootFolder } from '../../../proxy/root-folder.ts'
import { openSqliteDatabase } from '../../../proxy/sqlite-database.ts'
import { ENGINES, makePostgresDatabase, SILENT, testClock, testIds, type Engine } from '../../hosts/test-database.ts'

const MIGRATIONS = join(rootFolder(), 'proxy', 'migrations')

let older: string
beforeEach(() => {
  older = mkdtempSync(join(tmpdir(), 'tariffcell-older-'))
  for (const name of readdirSync(MIGRATIONS)) {
    if (name < '0006') copyFileSync(join(MIGRATIONS, name), join(older, name))
  }
})
afterEach(() => rmSync(older, { recursive: true }))

async function openEmpty(engine: Engine): Promise<Database> {
  if (engine === 'sqlite') return openSqliteDatabase(null)
  return openPostgresDatabase((await makePostgresDatabase()).url, { log: SILENT })
}

describe.each(ENGINES)('on %s', (engine) => {
  test('a ledger from before the guards keeps its points, and its open holds go on', async () => {
    const database = await openEmpty(engine)
    await migrate(database, older, () => 0)
    await database.script(`
      INSERT INTO workspace(id, name, created_at) VALUES('w', 'w', 0);
      INSERT INTO seat(id, workspace_id, name, role, token_hash, created_at) VALUES('s', 'w', 's', 'owner', '', 0);
      INSERT INTO account(workspace_id, posted, held, version) VALUES('w', 93, 20, 2);
      INSERT INTO entry VALUES('w', 1, 'grant', 100, 100, 'g', 0), ('w', 2, 'usage', -7, 93, 'hold:settled', 0);
      INSERT INTO hold(id, workspace_id, seat_id, day, points, settled, state, created_at, expires_at) VALUES
        ('settled', 'w', 's', '2026-11-22', 10, 7, 'settled', 0, 0), ('open', 'w', 's', '2026-11-22', 20, 0, 'held', 0, 0),
        ('other', 'w', 's', '2026-11-21', 5, 0, 'expired', 0, 0);
      INSERT INTO answer VALUES('w', 'k', 'p', 'e', '{}', 7, 'settled', 0);
    `)
    await migrate(database, MIGRATIONS, () => 0)
    const ledger = createLedger({ database, now: testClock().now, newId: testIds() })
    expect(await ledger.verify()).toEqual([])
    expect(await ledger.balance('w')).toEqual({ posted: 93, held: 20, spendable: 73 })
    expect(await ledger.spentToday('s')).toBe(27)
    expect(await ledger.settle({ id: 'open', workspaceId: 'w', points: 20, shortOf: null }, 5, async () => {})).toBe(
      true,
    )
    expect(await ledger.balance('w')).toEqual({ posted: 88, held: 0, spendable: 88 })
    expect(await ledger.verify()).toEqual([])
    await database.close()
  })
})
