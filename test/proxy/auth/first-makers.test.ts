import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrate } from '../../../proxy/migrate.ts'
import { openPostgresDatabase } from '../../../proxy/postgres-database.ts'
import { rootFolder } from '../../../proxy/root-folder.ts'
import { openSqliteDatabase } from '../../../proxy/sqlite-database.ts'
import { ENGINES, makePostgresDatabase, SILENT } from '../../hosts/test-database.ts'

const MIGRATIONS = join(rootFolder(), 'proxy', 'migrations')

test.each(ENGINES)('seats made before know the first of their line afterwards, on %s', async (engine) => {
  const older = mkdtempSync(join(tmpdir(), 'tariffcell-older-'))
  for (const name of readdirSync(MIGRATIONS)) {
    if (name < '0020') copyFileSync(join(MIGRATIONS, name), join(older, name))
  }
  const database =
    engine === 'sqlite'
      ? await openSqliteDatabase(null)
      : await openPostgresDatabase((await makePostgresDatabase()).url, { log: SILENT })
  await migrate(database, older, () => 0)
  await database.script(`
    INSERT INTO workspace(id, name, created_at) VALUES('w', 'w', 0);
    INSERT INTO seat(id, workspace_id, name, role, token_hash, created_at, made_from) VALUES
      ('first', 'w', '', 'owner', '', 0, NULL), ('other', 'w', '', 'seat', '', 0, NULL),
      ('sidebar', 'w', '', 'seat', '', 0, 'first'), ('phone', 'w', '', 'seat', '', 0, 'sidebar'),
      ('sheet', 'w', '', 'cell', '', 0, 'phone'), ('theirs', 'w', '', 'cell', '', 0, 'other');
  `)
  await migrate(database, MIGRATIONS, () => 0)
  const rows = await database.all<{ id: string; first: string | null }>('SELECT id, made_first AS first FROM seat')
  expect(Object.fromEntries(rows.map(({ id, first }) => [id, first]))).toEqual({
    first: null,
    other: null,
    sidebar: 'first',
    phone: 'first',
    sheet: 'first',
    theirs: 'other',
  })
  await database.close()
  rmSync(older, { recursive: true })
})
