import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ENGINES } from '../../hosts/test-database.ts'
import { openTestLedger, type TestLedger } from '../../hosts/test-ledger.ts'

const GUARDED = ['account', 'entry', 'hold', 'answer']

describe.each(ENGINES)('on %s', (engine) => {
  let bench: TestLedger
  let holdId: string
  beforeEach(async () => {
    bench = await openTestLedger(null, engine)
    await bench.grant(100)
    const held = await bench.mustHold(10)
    holdId = held.id
    await bench.ledger.settle(held, 7, async (tx) => {
      await tx.run(
        `INSERT INTO answer(workspace_id, key_hash, provider, edition, reply, points, hold_id, answered_at)
         VALUES($1, 'key', 'p', 'e', '{}', 7, $2, 0)`,
        [bench.workspaceId, holdId],
      )
    })
    await bench.mustHold(20)
  })
  afterEach(async () => {
    // A PostgreSQL is emptied for the next test, not made anew.
    if (engine === 'postgres') {
      for (const table of GUARDED) await bench.database.run(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
    }
    await bench.database.close()
  })

  /** As a damaged database, or one whose guards somebody took away, might hold it. */
  const damage = async (...statements: string[]): Promise<string[]> => {
    for (const table of GUARDED) {
      if (engine === 'postgres') await bench.database.run(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
      else {
        const triggers = await bench.database.all<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1",
          [table],
        )
        for (const { name } of triggers) await bench.database.run(`DROP TRIGGER ${name}`)
      }
    }
    for (const sql of statements) await bench.database.run(sql)
    return bench.ledger.verify()
  }

  test('a ledger that adds up has no violations, and says how much was looked at', async () => {
    expect(await bench.ledger.inspect()).toEqual({ accounts: 2, entries: 2, holds: 2, violations: [] })
  })

  test.each([
    ['a balance', 'UPDATE account SET posted = posted + 1 WHERE posted > 0', [/posted 94, entries add up to 93/]],
    ['what is held', 'UPDATE account SET held = 5 WHERE posted > 0', [/held 5, open holds add up to 20/]],
    [
      'a version',
      'UPDATE account SET version = 9 WHERE posted > 0',
      [/version 9, last entry 2/, /7 entries are missing between 1 and 9/],
    ],
    ['the chain', 'UPDATE entry SET balance_after = 50 WHERE version = 2', [/the balance chain breaks at entry 2/]],
    [
      'a charge',
      'UPDATE hold SET settled = 6 WHERE settled = 7',
      [
        /entry 2 charges hold:\S+, which was not settled for it/,
        /hold \S+ is settled for 6, its entry says otherwise/,
        /seat \S+: 27 points on 2026-11-22, its holds add up to 26/,
        /answer key costs points, and hold \S+ did not pay them/,
      ],
    ],
    ['a day', 'UPDATE seat_day SET points = 3', [/seat \S+: 3 points on 2026-11-22, its holds add up to 27/]],
    ['a day that is gone', 'DELETE FROM seat_day', [/counts on no day of its seat/, /counts on no day of its seat/]],
    ['an answer', 'UPDATE answer SET hold_id = NULL', [/answer key costs points, and hold none did not pay them/]],
  ])('%s that does not add up is one sentence with its ids', async (_, sql, sentences) => {
    expect(await damage(sql)).toEqual(sentences.map((sentence) => expect.stringMatching(sentence)))
  })

  test('a seat of another workspace is named', async () => {
    const violations = await damage(`UPDATE hold SET seat_id = '${bench.stranger.seatId}' WHERE id = '${holdId}'`)
    expect(violations).toContain(`${bench.workspaceId}: hold ${holdId} is for another workspace's seat`)
  })

  test('a chain longer than one query is checked to its end', async () => {
    const { workspaceId, database } = bench
    await damage()
    await database.run(
      `INSERT INTO entry(workspace_id, version, kind, points, balance_after, ref, created_at)
       WITH RECURSIVE n(v) AS (SELECT 3 UNION ALL SELECT v + 1 FROM n WHERE v < 12000)
       SELECT $1, v, 'grant', 1, 91 + v - CASE WHEN v = 11000 THEN 1 ELSE 0 END, 'n' || v, 0 FROM n`,
      [workspaceId],
    )
    await database.run('UPDATE account SET posted = 12091, version = 12000 WHERE workspace_id = $1', [workspaceId])
    const { entries, violations } = await bench.ledger.inspect()
    expect(entries).toBe(12_000)
    expect(violations).toEqual([`${workspaceId}: the balance chain breaks at entry 11000`])
  })
})
