/** What the database refuses by itself, whoever writes to it: each invariant of the ledger against plain SQL. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAudit } from '../../../proxy/audit/audit.ts'
import type { Hold } from '../../../proxy/ledger/ledger.ts'
import { ENGINES } from '../../hosts/test-database.ts'
import { openTestLedger, storeNothing, type TestLedger } from '../../hosts/test-ledger.ts'

describe.each(ENGINES)('on %s the database refuses', (engine) => {
  let bench: TestLedger
  let open: Hold
  let settled: Hold
  let before: unknown

  const tables = ['account', 'entry', 'hold', 'answer', 'audit']
  const everything = async (): Promise<unknown> => {
    const rows = await Promise.all(tables.map((table) => bench.database.all(`SELECT * FROM ${table}`)))
    return rows.map((table) => table.map((row) => JSON.stringify(row)).sort())
  }

  beforeEach(async () => {
    bench = await openTestLedger(null, engine)
    const { database, ledger, workspaceId, clock } = bench
    await bench.grant(100, 'g')
    settled = await bench.mustHold(10)
    await ledger.settle(settled, 7, async (tx) => {
      await tx.run(answerOf('paid', 7, settled.id))
    })
    open = await bench.mustHold(20)
    const audit = createAudit({ database, now: clock.now, newId: () => 'audit-1' })
    await database.transaction((tx) =>
      audit.recordIn(tx, { workspaceId, actor: 'operator', action: 'grant', detail: {} }),
    )
    before = await everything()
  })
  afterEach(async () => {
    // Whatever was tried left nothing behind.
    expect(await everything()).toEqual(before)
    expect(await bench.ledger.verify()).toEqual([])
    await bench.database.close()
  })

  const refused = async (...statements: string[]): Promise<void> => {
    for (const sql of statements) {
      await expect(bench.database.run(sql), sql).rejects.toThrow()
      if (engine !== 'sqlite') continue
      // SQLite's words that would rather skip a row, or delete what is in the way, than fail.
      for (const otherwise of ['IGNORE', 'REPLACE', 'FAIL']) {
        const words = sql.replace(/^(INSERT|UPDATE)/, `$1 OR ${otherwise}`)
        if (words !== sql) await bench.database.run(words).catch(() => 0)
      }
    }
  }
  const entryOf = (version: number, kind: string, points: number | string, after: number | string, ref: string) =>
    `INSERT INTO entry(workspace_id, version, kind, points, balance_after, ref, created_at)
     VALUES('${bench.workspaceId}', ${version}, '${kind}', ${points}, ${after}, '${ref}', 0)`
  const holdOf = (
    id: string,
    points: number | string,
    changes: { state?: string; settled?: number; seatId?: string } = {},
  ) =>
    `INSERT INTO hold(id, workspace_id, seat_id, day, points, settled, state, created_at, expires_at)
     VALUES('${id}', '${bench.workspaceId}', '${changes.seatId ?? bench.seatId}', '2026-11-22', ${points},
       ${changes.settled ?? 0}, '${changes.state ?? 'held'}', 0, 0)`
  const answerOf = (key: string, points: number, holdId: string | null, workspaceId = bench.workspaceId) =>
    `INSERT INTO answer(workspace_id, key_hash, provider, edition, reply, points, hold_id, answered_at)
     VALUES('${workspaceId}', '${key}', 'p', 'e', '{}', ${points}, ${holdId === null ? 'NULL' : `'${holdId}'`}, 0)`

  test('1: a balance that its entries do not add up to, or a chain with a gap', async () => {
    await refused(
      'UPDATE account SET posted = posted + 1',
      'UPDATE account SET posted = posted + 1, version = version + 1',
      'UPDATE account SET version = version + 1',
      entryOf(4, 'grant', 5, 98, 'x'),
      entryOf(3, 'grant', 5, 99, 'x'),
      entryOf(2, 'grant', 5, 98, 'x'),
      entryOf(3, 'usage', -5, 88, `hold:${open.id}`),
      entryOf(3, 'usage', -7, 86, `hold:${settled.id}`),
      entryOf(3, 'usage', -5, 88, 'no hold at all'),
      `INSERT INTO account(workspace_id, posted) SELECT 'new', 5`,
      `INSERT INTO account(workspace_id) VALUES('${bench.workspaceId}')`,
      'UPDATE account SET workspace_id = workspace_id || 1',
      'DELETE FROM account',
    )
  })

  test('2: a held sum that is not that of the open holds, and one that the balance does not cover', async () => {
    await refused(
      'UPDATE account SET held = held + 1',
      'UPDATE account SET held = 0',
      'UPDATE account SET held = -1',
      'UPDATE account SET held = posted + 1',
      holdOf('too-large', 74),
      holdOf('none', 0),
      holdOf('negative', -5),
      holdOf('resolved', 5, { state: 'released' }),
      holdOf('charged', 5, { state: 'settled', settled: 5 }),
      holdOf('of-a-stranger', 5, { seatId: bench.stranger.seatId }),
      entryOf(3, 'adjust', -74, 19, 'x'),
      entryOf(3, 'refund', -94, -1, 'x'),
    )
  })

  test('3: a second entry of one kind and ref, and a hold that resolves twice or otherwise than it was made', async () => {
    await refused(
      entryOf(3, 'grant', 5, 98, 'g'),
      holdOf(open.id, 5),
      holdOf(settled.id, 5),
      `UPDATE hold SET state = 'held' WHERE id = '${settled.id}'`,
      `UPDATE hold SET settled = 8 WHERE id = '${settled.id}'`,
      `UPDATE hold SET state = 'settled', settled = 21, resolved_at = 1 WHERE id = '${open.id}'`,
      `UPDATE hold SET state = 'settled', settled = -1, resolved_at = 1 WHERE id = '${open.id}'`,
      `UPDATE hold SET state = 'released' WHERE id = '${open.id}'`,
      `UPDATE hold SET points = 1 WHERE id = '${open.id}'`,
      `UPDATE hold SET day = '2026-11-23' WHERE id = '${open.id}'`,
      `UPDATE hold SET workspace_id = '${bench.stranger.workspaceId}' WHERE id = '${open.id}'`,
      `UPDATE hold SET seat_id = '${bench.stranger.seatId}' WHERE id = '${open.id}'`,
      `UPDATE hold SET id = 'other' WHERE id = '${open.id}'`,
      'DELETE FROM hold',
    )
  })

  test('4: an answer that costs points without a hold of its workspace that was settled for them', async () => {
    await refused(
      answerOf('unpaid', 1, null),
      answerOf('unpaid', 1, open.id),
      answerOf('unpaid', 8, settled.id),
      answerOf('unpaid', 1, settled.id, bench.stranger.workspaceId),
      `UPDATE answer SET hold_id = '${open.id}'`,
      'UPDATE answer SET hold_id = NULL',
      'UPDATE answer SET points = 8',
    )
  })

  test('5: an entry that goes the wrong way for its kind', async () => {
    await refused(
      entryOf(3, 'recharge', -5, 88, 'x'),
      entryOf(3, 'grant', -5, 88, 'x'),
      entryOf(3, 'refund', 5, 98, 'x'),
      entryOf(3, 'usage', 5, 98, 'x'),
    )
  })

  test('6: a changed or deleted entry or audit record', async () => {
    await refused(
      'UPDATE entry SET points = points + 1',
      "UPDATE entry SET ref = ref || '!'",
      'DELETE FROM entry',
      "UPDATE audit SET actor = 'nobody'",
      'DELETE FROM audit',
      `INSERT INTO audit(id, at, workspace_id, actor, action, detail) VALUES('audit-1', 0, '', '', '', '')`,
    )
    if (engine === 'postgres') {
      await refused(...['account', 'entry', 'hold', 'audit'].map((table) => `TRUNCATE ${table} CASCADE`))
    }
  })

  test('7: a part of a point', async () => {
    await refused(entryOf(3, 'grant', "'1.5'", "'94.5'", 'x'), holdOf('part', "'1.5'"))
    // PostgreSQL makes a whole number of a number before anybody sees it.
    if (engine === 'sqlite') await refused(entryOf(3, 'grant', 1.5, 94.5, 'x'), holdOf('part', 1.5))
  })
})

test.each(ENGINES)('on %s plain SQL that keeps the rules moves balances as the ledger does', async (engine) => {
  const bench = await openTestLedger(null, engine)
  const { database, ledger, workspaceId, seatId } = bench
  await database.run(
    "INSERT INTO entry(workspace_id, version, kind, points, balance_after, ref, created_at) VALUES($1, 1, 'grant', 50, 50, 'g', 0)",
    [workspaceId],
  )
  await database.run(
    `INSERT INTO hold(id, workspace_id, seat_id, day, points, state, created_at, expires_at)
     VALUES('h', $1, $2, '2026-11-22', 20, 'held', 0, 0)`,
    [workspaceId, seatId],
  )
  expect(await ledger.balance(workspaceId)).toEqual({ posted: 50, held: 20, spendable: 30 })
  await database.run("UPDATE hold SET state = 'settled', settled = 15, resolved_at = 7 WHERE id = 'h'")
  expect(await ledger.balance(workspaceId)).toEqual({ posted: 35, held: 0, spendable: 35 })
  expect(await ledger.entries(workspaceId, { before: null, limit: 1 })).toEqual([
    { version: 2, kind: 'usage', points: -15, balanceAfter: 35, ref: 'hold:h', createdAt: 7 },
  ])
  expect(await ledger.spentToday(seatId)).toBe(15)
  expect(await ledger.verify()).toEqual([])
  await database.close()
})

test.each(ENGINES)(
  'on %s a transaction that was refused goes on to nothing: the balance is as before',
  async (engine) => {
    const bench = await openTestLedger(null, engine)
    await bench.grant(10)
    const held = await bench.mustHold(5)
    const work = bench.ledger.settle(held, 5, async (tx) => {
      await storeNothing()
      await tx.run('UPDATE account SET posted = 1000')
    })
    await expect(work).rejects.toThrow('only an entry moves a balance')
    expect(await bench.ledger.balance(bench.workspaceId)).toEqual({ posted: 10, held: 5, spendable: 5 })
    await bench.database.close()
  },
)
