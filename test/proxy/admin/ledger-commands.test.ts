import { mkdtempSync, rmSync } from 'node:fs'
import { EventEmitter } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runAdmin } from '../../../proxy/admin/run-admin.ts'
import { openTestLedger, storeNothing, type TestLedger } from '../../hosts/test-ledger.ts'

let folder: string
let bench: TestLedger
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-admin-'))
  bench = await openTestLedger(folder)
})
afterEach(async () => {
  await bench.database.close()
  rmSync(folder, { recursive: true })
})

async function admin(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const code = await runAdmin(argv, {
    environment: { DATA_DIR: folder },
    stdin: new PassThrough().end(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    loadUpstreams: () => Promise.resolve([]),
  })
  return { code, stdout, stderr }
}

const audited = () =>
  bench.database.all(
    "SELECT workspace_id, actor, action, detail FROM audit WHERE action LIKE 'points.%' ORDER BY at, id",
  )

describe('a grant', () => {
  test('is audited when it adds points, and not when it was there before', async () => {
    for (let at = 0; at < 2; at++) await admin('grant', 'own', '500', '--ref', 'invoice 1')
    expect(await audited()).toEqual([
      {
        workspace_id: bench.workspaceId,
        actor: 'operator',
        action: 'points.grant',
        detail: '{"points":500,"ref":"invoice 1"}',
      },
    ])
  })
})

describe('a correction', () => {
  test('adds or takes points, once for its reference, and is audited', async () => {
    expect((await admin('adjust', 'own', '30', '--ref', 'a')).stdout).toContain('30 points added. It has 30')
    expect((await admin('adjust', 'own', '-10', '--ref', 'b')).stdout).toContain('10 points taken. It has 20')
    const again = await admin('adjust', 'own', '-10', '--ref', 'b')
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toContain('nothing changed')
    expect(await bench.ledger.balance(bench.workspaceId)).toMatchObject({ posted: 20 })
    expect(await audited()).toHaveLength(2)
  })

  test('is understood before and behind its options, and where the shell was told that options end', async () => {
    await admin('grant', 'own', '50', '--ref', 'g')
    for (const [at, argv] of [
      ['--ref', 'r0', 'own', '-5'],
      ['own', '-5', '--ref', 'r1'],
      ['--ref', 'r2', '--', 'own', '-5'],
      ['--ref', '-7', 'own', '-5'],
    ].entries()) {
      const { code, stdout } = await admin('adjust', ...argv)
      expect([code, stdout]).toEqual([0, `own: 5 points taken. It has ${45 - 5 * at} points to spend.\n`])
    }
    expect((await bench.ledger.entries(bench.workspaceId, { before: null, limit: 1 }))[0]).toMatchObject({ ref: '-7' })
  })

  test('that would take more than can be spent takes nothing', async () => {
    await admin('grant', 'own', '50', '--ref', 'g')
    await bench.mustHold(30)
    const { code, stdout, stderr } = await admin('adjust', 'own', '-21', '--ref', 'r')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toBe('TC-610 Nothing was taken: own has only 20 points to spend.\n')
    expect(await audited()).toHaveLength(1)
  })

  test.each(['0', '-0', '1.5', '--5', 'ten', ''])('of "%s" points is refused', async (points) => {
    expect((await admin('adjust', 'own', '--ref', 'r', '--', points)).code).toBe(1)
  })

  test('under a reference that stands for another one is refused', async () => {
    await admin('adjust', 'own', '30', '--ref', 'r')
    for (const operands of [
      ['own', '-30'],
      ['stranger', '30'],
    ]) {
      const { code, stderr } = await admin('adjust', ...operands, '--ref', 'r')
      expect([code, stderr]).toEqual([1, expect.stringContaining('stands for another correction, of 30 points')])
    }
  })
})

test('entries lists the ledger of one workspace', async () => {
  await bench.grant(100, 'invoice 1')
  await bench.ledger.settle(await bench.mustHold(10), 7, storeNothing)
  const { stdout } = await admin('entries', 'own')
  expect(stdout).toMatch(
    /^no\. +at +kind +points +balance +ref\n +1 .* grant +100 +100 +invoice 1\n +2 .* usage +-7 +93 +hold:/,
  )
  expect((await admin('entries', 'stranger')).stdout).toBe('This workspace has no entries yet.\n')
  expect(JSON.parse((await admin('entries', 'own', '--json')).stdout)).toMatchObject([{ points: 100 }, { points: -7 }])
})

describe('ledger verify', () => {
  test('says what it looked at when everything adds up', async () => {
    await bench.grant(100)
    await bench.mustHold(10)
    expect(await admin('ledger', 'verify')).toEqual({
      code: 0,
      stdout: '2 accounts, 1 entries and 1 holds looked at.\nThe ledger adds up.\n',
      stderr: '',
    })
  })

  test('prints each violation and exits with 1 when something does not', async () => {
    await bench.grant(100)
    await bench.database.run('DROP TRIGGER account_moves_by_entries')
    await bench.database.run('UPDATE account SET posted = 7 WHERE workspace_id = $1', [bench.workspaceId])
    const violation = `${bench.workspaceId}: posted 7, entries add up to 100`
    const { code, stdout, stderr } = await admin('ledger', 'verify')
    expect([code, stderr]).toEqual([1, 'TC-610 The ledger does not add up in 1 place.\n'])
    expect(stdout).toContain(`${violation}\n`)
    const asJson = await admin('ledger', 'verify', '--json')
    expect([asJson.code, JSON.parse(asJson.stdout)]).toEqual([
      1,
      { accounts: 2, entries: 1, holds: 0, violations: [violation] },
    ])
  })
})

describe('usage export', () => {
  const days = ['--from', '2026-11-22', '--to', '2026-11-22']

  test('prints the entries of some days as CSV or as JSON lines', async () => {
    await bench.grant(100, 'g')
    const { code, stdout } = await admin('usage', 'export', 'own', ...days)
    expect(code).toBe(0)
    expect(parse(stdout, { bom: true, columns: true })).toMatchObject([{ kind: 'grant', points: '100', ref: 'g' }])
    const lines = await admin('usage', 'export', 'own', ...days, '--jsonl')
    expect(JSON.parse(lines.stdout)).toMatchObject({ kind: 'grant', points: 100, ref: 'g' })
  })

  test('of days that are none is refused', async () => {
    for (const wrong of [[], ['--from', '2026-11-22'], ['--from', '2026-11-31', '--to', '2026-12-01']]) {
      expect((await admin('usage', 'export', 'own', ...wrong)).stderr).toMatch(
        /^TC-610 Nothing was exported: .*days such as 2026-11-30/,
      )
    }
  })

  test('waits for a slow reader, and ends with one that has gone', async () => {
    for (let at = 0; at < 500; at++) await bench.grant(1, `g${at}`)
    const reader = Object.assign(new EventEmitter(), {
      writes: 0,
      destroyed: false,
      write() {
        reader.writes++
        setImmediate(() => {
          if (reader.writes === 2) reader.destroyed = true
          reader.emit(reader.destroyed ? 'close' : 'drain')
        })
        return false
      },
    })
    const code = await runAdmin(['usage', 'export', 'own', ...days], {
      environment: { DATA_DIR: folder },
      stdin: new PassThrough().end(),
      stdout: reader,
      stderr: { write: () => true },
      loadUpstreams: () => Promise.resolve([]),
    })
    expect([code, reader.writes]).toEqual([0, 2])
    expect(reader.listenerCount('drain') + reader.listenerCount('close')).toBe(0)
  })
})
