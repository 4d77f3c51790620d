import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DiskFullError, type Database } from '../../proxy/database.ts'
import { openSqliteDatabase } from '../../proxy/sqlite-database.ts'
import { lockFolder } from '../../proxy/lock-folder.ts'
import { migrate, readMigrations, splitStatements } from '../../proxy/migrate.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import { runProgram } from '../hosts/proxy-process.ts'
import { ENGINES, makePostgresDatabase, openTestDatabase } from '../hosts/test-database.ts'

const MIGRATIONS = join(rootFolder(), 'proxy', 'migrations')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-db-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe.each(ENGINES)('a database on %s', (engine) => {
  let database: Database
  beforeEach(async () => {
    database = await openTestDatabase(null, engine)
    await database.run('CREATE TABLE n(id BIGINT PRIMARY KEY, value BIGINT, text TEXT)')
    await database.run('INSERT INTO n(id, value) VALUES(1, 0)')
  })
  afterEach(() => database.close())

  describe('gives', () => {
    test('whole numbers as numbers, also counted, summed, and as large as they may be', async () => {
      const largest = Number.MAX_SAFE_INTEGER
      await database.run('INSERT INTO n(id, value) VALUES(2, $1), (3, $2)', [largest, -largest])
      expect(await database.get('SELECT value FROM n WHERE id = 2')).toEqual({ value: largest })
      expect(
        await database.get(
          `SELECT COUNT(*) AS count, SUM(value) AS sum, MIN(value) AS least, COALESCE(SUM(value), 0) AS filled,
             SUM(CASE WHEN id > 1 THEN 1 ELSE 0 END) AS counted FROM n`,
        ),
      ).toEqual({ count: 3, sum: 0, least: -largest, filled: 0, counted: 2 })
      await database.run('INSERT INTO n(id, value) VALUES(4, 7)')
      await expect(database.get('SELECT SUM(value) AS sum FROM n WHERE id IN (2, 4)')).rejects.toThrow(RangeError)
    })

    test('a truth as 1 or 0, nothing as null, and no row as undefined', async () => {
      expect(await database.get('SELECT id = 1 AS yes, id = 2 AS no, text AS unset FROM n')).toEqual({
        yes: 1,
        no: 0,
        unset: null,
      })
      expect(await database.get('SELECT id FROM n WHERE id = 9')).toBeUndefined()
      expect(await database.all('SELECT id FROM n WHERE id = 9')).toEqual([])
    })

    test('how many rows changed, and what they have become', async () => {
      expect(await database.run('INSERT INTO n(id) VALUES(2), (3)')).toBe(2)
      expect(await database.run('UPDATE n SET value = 5 WHERE id > $1', [1])).toBe(2)
      expect(await database.run('DELETE FROM n WHERE id = 9')).toBe(0)
      expect(await database.run('INSERT INTO n(id) VALUES(2) ON CONFLICT DO NOTHING')).toBe(0)
      expect(
        await database.all('UPDATE n SET value = value + $1 WHERE id > 1 RETURNING value AS "newValue"', [1]),
      ).toEqual([{ newValue: 6 }, { newValue: 6 }])
    })

    test('texts back as they were given, large, odd or empty', async () => {
      const texts = [
        '',
        ' ',
        'x'.repeat(3_000_000),
        '男士棉质T恤衫',
        '🇨🇦 ¼ ﬁ e\u0301 \u200B\uFEFF',
        "'; DROP TABLE n; --",
        '$1 ?1 \\',
        '\u0001\u007F',
      ]
      for (const text of texts) {
        await database.run('UPDATE n SET text = $1 WHERE id = 1', [text])
        const row = await database.get<{ text: string }>('SELECT text FROM n WHERE id = 1')
        expect(row!.text === text, JSON.stringify(text.slice(0, 40))).toBe(true)
      }
    })

    test('a text with U+0000 back to who asked, with a code, and nothing of it is kept', async () => {
      await expect(database.run('UPDATE n SET text = $1', ['a\u0000b'])).rejects.toThrow('TC-131')
      const inside = database.transaction((tx) => tx.run('UPDATE n SET text = $1', ['a\u0000b']))
      await expect(inside).rejects.toThrow('TC-131')
      expect(await database.get('SELECT text FROM n')).toEqual({ text: null })
    })
  })

  describe('in a transaction', () => {
    test('that guards its writes, concurrent ones lose nothing', async () => {
      await Promise.all(
        Array.from({ length: 50 }, () =>
          database.transaction(async (tx) => {
            const row = await tx.get<{ value: number }>('UPDATE n SET value = value WHERE id = 1 RETURNING value')
            await new Promise((resolve) => setImmediate(resolve))
            await tx.run('UPDATE n SET value = $1 WHERE id = 1', [row!.value + 1])
          }),
        ),
      )
      expect(await database.get('SELECT value FROM n')).toEqual({ value: 50 })
    })

    test('a guard in the WHERE lets exactly as many through as there is', async () => {
      await database.run('UPDATE n SET value = 7')
      const taken = await Promise.all(
        Array.from({ length: 20 }, () => database.run('UPDATE n SET value = value - 1 WHERE id = 1 AND value >= 1')),
      )
      expect(taken.filter((rows) => rows === 1)).toHaveLength(7)
    })

    test('that throws nothing is left, and the next one works', async () => {
      const failing = database.transaction(async (tx) => {
        await tx.run('INSERT INTO n(id) VALUES(2)')
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await database.all('SELECT id FROM n')).toEqual([{ id: 1 }])
      expect(await database.transaction((tx) => tx.run('INSERT INTO n(id) VALUES(2)'))).toBe(1)
    })

    test('of which a statement failed nothing is kept, though the work went on', async () => {
      const swallowing = database.transaction(async (tx) => {
        await tx.run('INSERT INTO n(id) VALUES(2)')
        await tx.run('INSERT INTO nowhere(id) VALUES(3)').catch(() => undefined)
        return 'done'
      })
      await expect(swallowing).rejects.toThrow(/nowhere/)
      expect(await database.all('SELECT id FROM n')).toEqual([{ id: 1 }])
    })

    test('its own failure is told as the work tells it', async () => {
      const telling = database.transaction((tx) =>
        tx.run('INSERT INTO n(id) VALUES(1)').catch(() => Promise.reject(new Error('there is one already'))),
      )
      await expect(telling).rejects.toThrow('there is one already')
    })

    test('several statements may be asked for at once', async () => {
      const both = database.transaction(async (tx) =>
        Promise.all([
          tx.run('UPDATE n SET value = 1'),
          tx.get('SELECT id FROM n'),
          tx.run('INSERT INTO n(id) VALUES(2)'),
        ]),
      )
      expect(await both).toEqual([1, { id: 1 }, 1])
    })

    test('a row that another one inserted since it was looked for is found when the work is run again', async () => {
      const add = (): Promise<string> =>
        database.transaction(async (tx) => {
          if (await tx.get('SELECT id FROM n WHERE id = 77')) return 'was there'
          await new Promise((resolve) => setImmediate(resolve))
          await tx.run('INSERT INTO n(id) VALUES(77)')
          return 'added'
        })
      const results = await Promise.all(Array.from({ length: 8 }, add))
      expect(results.filter((result) => result === 'added')).toHaveLength(1)
    })

    test('many more at once than there are connections all come through', async () => {
      await Promise.all(
        Array.from({ length: 200 }, (_, at) =>
          database.transaction((tx) => tx.run('INSERT INTO n(id) VALUES($1)', [100 + at])),
        ),
      )
      expect(await database.get('SELECT COUNT(*) AS count FROM n')).toEqual({ count: 201 })
    })
  })

  describe('told of a topic', () => {
    test('a listener hears what is told, until it ends; other topics it does not hear', async () => {
      const heard = collector()
      const end = database.listen('points', heard.handler)
      await database.notify('seats', 'seat-1')
      await database.notify('points', 'w-1')
      await heard.until(1)
      end()
      const later = collector()
      database.listen('points', later.handler)
      await database.notify('points', 'w-2')
      await later.until(1)
      expect([heard.all, later.all]).toEqual([['w-1'], ['w-2']])
    })

    test('it hears of a transaction when that has committed, and never of one that was rolled back', async () => {
      const heard = collector()
      database.listen('jobs', heard.handler)
      const lost = database.transaction(async (tx) => {
        await tx.notify('jobs', 'rolled back')
        throw new Error('no')
      })
      await expect(lost).rejects.toThrow('no')
      let before: (string | null)[] = []
      await database.transaction(async (tx) => {
        await tx.notify('jobs', 'job-1')
        await tx.run('UPDATE n SET value = 5')
        before = [...heard.all]
      })
      await heard.until(1)
      expect(before).toEqual([])
      expect(heard.all).toEqual(['job-1'])
    })
  })

  test('everything begun before it is closed is finished, and nothing begins after it', async () => {
    const own = await openTestDatabase(null, engine)
    await own.run('CREATE TABLE kept(id BIGINT)')
    let finished = 0
    const writes = Array.from({ length: 30 }, () =>
      own.transaction((tx) => tx.run('INSERT INTO kept VALUES(1)')).then(() => finished++),
    )
    await own.close()
    expect(finished).toBe(30)
    await Promise.all(writes)
    await expect(own.get('SELECT 1 AS one')).rejects.toThrow()
  })
})

function collector() {
  const all: (string | null)[] = []
  let check = (): void => {}
  return {
    all,
    handler: (payload: string | null): void => {
      all.push(payload)
      check()
    },
    until: (count: number): Promise<void> =>
      new Promise((resolve) => {
        check = () => {
          if (all.length >= count) resolve()
        }
        check()
      }),
  }
}

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

describe.each(ENGINES)('migrations on %s', (engine) => {
  let database: Database
  beforeEach(async () => {
    database = await openTestDatabase(null, engine)
  })
  afterEach(() => database.close())

  test('run once, in order, and a second start changes nothing', async () => {
    const applied = await database.all('SELECT version, name FROM migration ORDER BY version')
    expect(applied).toEqual(readMigrations(MIGRATIONS, engine).map(({ version, name }) => ({ version, name })))
    await migrate(database, MIGRATIONS, () => 1)
    expect(await database.all('SELECT version FROM migration WHERE applied_at = 1')).toEqual([])
  })

  test('of a newer program are refused, and the database is left as it is', async () => {
    await database.run("INSERT INTO migration VALUES(9999, '9999-future.sql', 0)")
    await expect(migrate(database, MIGRATIONS, () => 0)).rejects.toThrow('TC-605')
    await database.run('DELETE FROM migration WHERE version = 9999')
  })

  test('that fail half way leave the schema as it was', async () => {
    const own = join(folder, 'migrations')
    mkdirSync(own)
    writeFileSync(join(own, '9000-first.sql'), 'CREATE TABLE a(x TEXT);\nCREATE TABLE a(x TEXT);\n')
    await expect(migrate(database, own, () => 0)).rejects.toThrow(/already exists/)
    await expect(database.all('SELECT x FROM a')).rejects.toThrow()
    expect(await database.all('SELECT name FROM migration WHERE version = 9000')).toEqual([])
  })

  test('of three processes that start at once are applied once', async () => {
    // As a start leaves it that was killed before its first migration.
    writeFileSync(join(folder, 'tariffcell.sqlite'), '')
    const environment: Record<string, string> =
      engine === 'sqlite'
        ? { DATA_DIR: folder }
        : { DATA_DIR: folder, DATABASE_URL: (await makePostgresDatabase()).url }
    const runs = await Promise.all(
      [1, 2, 3].map(() => runProgram('proxy/admin/admin.ts', ['credentials', 'list', '--json'], environment)),
    )
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([1, 2, 3].map(() => [0, '']))
  }, 120_000)
})

describe('the files of migrations', () => {
  test('serve both engines: each number once, and where one has words of its own the other has too', () => {
    const [sqlite, postgres] = ENGINES.map((engine) => readMigrations(MIGRATIONS, engine).map(({ version }) => version))
    expect(sqlite).toEqual(postgres)
    expect(new Set(sqlite).size).toBe(sqlite!.length)
  })

  test('are split into statements, triggers and the bodies of functions whole', () => {
    const sql = `-- A comment; with a semicolon.
CREATE TABLE a(
  -- inside
  x TEXT DEFAULT ';'
);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.x = '$1' THEN RAISE EXCEPTION 'no'; END IF;

  RETURN NEW;
END;
$$;

CREATE FUNCTION g() RETURNS TEXT LANGUAGE sql AS $body$ SELECT '$$;'; $body$;
CREATE TRIGGER t BEFORE UPDATE ON a
BEGIN
  SELECT 1;
END;
CREATE INDEX i ON a(x)`
    const statements = splitStatements(sql)
    expect(statements.map((statement) => statement.replaceAll(/\s+/g, ' ').slice(0, 17))).toEqual([
      'CREATE TABLE a( x',
      'CREATE FUNCTION f',
      'CREATE FUNCTION g',
      'CREATE TRIGGER t ',
      'CREATE INDEX i ON',
    ])
    expect(statements[1]).toMatch(/RETURN NEW;\nEND;\n\$\$$/)
    expect(statements[2]).toContain("SELECT '$$;'; $body$")
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
