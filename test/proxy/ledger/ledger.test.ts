import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSeats } from '../../../proxy/auth/seats.ts'
import type { Database } from '../../../proxy/database.ts'
import { createLedger, type Hold, type Ledger } from '../../../proxy/ledger/ledger.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { openTestDatabase, testClock, testIds, type TestClock } from '../../hosts/test-database.ts'

interface Bench {
  database: Database
  ledger: Ledger
  clock: TestClock
  workspaceId: string
  seatId: string
}

async function openBench(folder: string | null = null): Promise<Bench> {
  const database = await openTestDatabase(folder)
  const clock = testClock()
  const newId = testIds()
  const ledger = createLedger({ database, now: clock.now, newId })
  const seats = createSeats({ database, ledger, now: clock.now, newId })
  const made = await seats.createFirstWorkspace('test')
  return {
    database,
    ledger,
    clock,
    workspaceId: made!.workspaceId,
    seatId: (await seats.ownerSeatId(made!.workspaceId))!,
  }
}

let bench: Bench
beforeEach(async () => {
  bench = await openBench()
})
afterEach(async () => {
  expect(await bench.ledger.verify()).toEqual([])
  await bench.database.close()
})

function grant(points: number, ref = `test:${points}`): Promise<'applied' | 'duplicate'> {
  return bench.ledger.credit({ workspaceId: bench.workspaceId, kind: 'grant', ref, points })
}
function hold(points: number, dailyCapPoints: number | null = null) {
  const { workspaceId, seatId } = bench
  return bench.ledger.hold({ workspaceId, seatId, dailyCapPoints, points, ttlMs: 1000 })
}
async function mustHold(points: number): Promise<Hold> {
  const held = await hold(points)
  if (isFailure(held)) throw new Error(held.failed)
  return held
}
const nothing = async (): Promise<void> => {}

describe('a hold', () => {
  test('sets points aside and gives back what was not used', async () => {
    await grant(100)
    const held = await mustHold(30)
    expect(await bench.ledger.balance(bench.workspaceId)).toEqual({ posted: 100, held: 30, spendable: 70 })
    expect(await bench.ledger.settle(held, 20, nothing)).toBe(true)
    expect(await bench.ledger.balance(bench.workspaceId)).toEqual({ posted: 80, held: 0, spendable: 80 })
    const [entry] = await bench.ledger.entries(bench.workspaceId, { before: null, limit: 1 })
    expect(entry).toMatchObject({ kind: 'usage', points: -20, balanceAfter: 80, ref: `hold:${held.id}` })
  })

  test('covers as many points as the balance has, and fails when it has none', async () => {
    await grant(7)
    expect(await hold(10)).toMatchObject({ points: 7 })
    expect(await hold(1)).toMatchObject({ failed: 'no-points' })
  })

  test('resolves once: settled, released and expired are final', async () => {
    await grant(10)
    const held = await mustHold(10)
    expect(await bench.ledger.release(held)).toBe(true)
    expect(await bench.ledger.release(held)).toBe(false)
    expect(await bench.ledger.settle(held, 5, nothing)).toBe(false)
    expect((await bench.ledger.balance(bench.workspaceId)).spendable).toBe(10)
    await expect(bench.database.run("UPDATE hold SET state = 'held'")).rejects.toThrow(/resolves once/)
  })

  test('nobody resolved expires, and a late answer is neither charged nor stored', async () => {
    await grant(10)
    const held = await mustHold(4)
    expect(await bench.ledger.expireHolds()).toBe(0)
    bench.clock.advance(1000)
    expect(await bench.ledger.expireHolds()).toBe(1)
    let stored = false
    const settled = await bench.ledger.settle(held, 4, async () => {
      stored = true
    })
    expect([settled, stored]).toEqual([false, false])
    expect((await bench.ledger.balance(bench.workspaceId)).spendable).toBe(10)
  })

  test('is not charged when storing the answers fails', async () => {
    await grant(10)
    const held = await mustHold(5)
    await expect(bench.ledger.settle(held, 5, () => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
    expect(await bench.ledger.balance(bench.workspaceId)).toEqual({ posted: 10, held: 5, spendable: 5 })
    expect(await bench.ledger.settle(held, 5, nothing)).toBe(true)
  })

  test('never passes the daily cap of its seat, which opens again the next day', async () => {
    await grant(100)
    expect(await hold(8, 10)).toMatchObject({ points: 8 })
    expect(await hold(8, 10)).toMatchObject({ points: 2 })
    expect(await hold(1, 10)).toMatchObject({ failed: 'daily-cap' })
    expect(await bench.ledger.spentToday(bench.seatId)).toBe(10)
    bench.clock.advance(24 * 3600_000)
    await bench.ledger.expireHolds()
    expect(await hold(8, 10)).toMatchObject({ points: 8 })
  })
})

describe('a credit', () => {
  test('counts once for its ref, however often and however concurrently it is given', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => grant(50, 'stripe:1')))
    expect(results.filter((result) => result === 'applied')).toHaveLength(1)
    expect((await bench.ledger.balance(bench.workspaceId)).posted).toBe(50)
  })

  test('of 200 holds of ten at once, exactly as many pass as 1,100 points cover', async () => {
    await grant(1100)
    const results = await Promise.all(Array.from({ length: 200 }, () => hold(10)))
    expect(results.filter((result) => !isFailure(result))).toHaveLength(110)
    expect((await bench.ledger.balance(bench.workspaceId)).spendable).toBe(0)
  })
})

describe('a balance', () => {
  test('is read once for all who ask in the same turn', async () => {
    await grant(50)
    const read = vi.spyOn(bench.database, 'get')
    const { ledger, workspaceId } = bench
    const balances = await Promise.all(Array.from({ length: 20 }, () => ledger.balance(workspaceId)))
    expect(balances.map(({ posted }) => posted)).toEqual(Array.from({ length: 20 }, () => 50))
    expect(read).toHaveBeenCalledTimes(1)
  })

  test('asked after a change shows it, also to who joins others in asking', async () => {
    await grant(50)
    const { ledger, workspaceId } = bench
    const others = ledger.balance(workspaceId)
    const held = mustHold(20)
    const seen = await held.then(() => ledger.balance(workspaceId))
    expect(seen).toEqual({ posted: 50, held: 20, spendable: 30 })
    await ledger.settle(await held, 20, nothing)
    expect((await ledger.balance(workspaceId)).spendable).toBe(30)
    await others
  })

  test('that could not be read is read anew when it is asked for again', async () => {
    vi.spyOn(bench.database, 'get').mockRejectedValueOnce(new Error('broken'))
    await expect(bench.ledger.balance(bench.workspaceId)).rejects.toThrow('broken')
    expect((await bench.ledger.balance(bench.workspaceId)).posted).toBe(0)
  })
})

describe('the database itself refuses', () => {
  test.each([
    ['a negative balance', 'UPDATE account SET posted = -1'],
    ['more held than posted', 'UPDATE account SET held = posted + 1'],
    ['a changed entry', 'UPDATE entry SET points = points + 1'],
    ['a deleted entry', 'DELETE FROM entry'],
    ['a second entry for one ref', 'INSERT INTO entry SELECT workspace_id, 99, kind, points, 1, ref, 0 FROM entry'],
  ])('%s', async (_, sql) => {
    await grant(5)
    await expect(bench.database.run(sql)).rejects.toThrow()
  })
})

test('verify names what does not add up', async () => {
  await grant(5)
  await bench.database.run('UPDATE account SET posted = 6')
  expect(await bench.ledger.verify()).toEqual([expect.stringContaining('posted 6, entries add up to 5')])
  await bench.database.run('UPDATE account SET posted = 5')
})

test('entries come newest first, page by page', async () => {
  for (let at = 1; at <= 5; at++) await grant(1, `g${at}`)
  const first = await bench.ledger.entries(bench.workspaceId, { before: null, limit: 2 })
  expect(first.map((entry) => entry.ref)).toEqual(['g5', 'g4'])
  const next = await bench.ledger.entries(bench.workspaceId, { before: first.at(-1)!.version, limit: 2 })
  expect(next.map((entry) => entry.ref)).toEqual(['g3', 'g2'])
})

test('any sequence of operations leaves a ledger that adds up and a balance that is never negative', async () => {
  const step = fc.record({
    kind: fc.constantFrom('credit', 'hold', 'settle', 'release', 'expire'),
    points: fc.integer({ min: 1, max: 30 }),
    pick: fc.nat(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const own = await openBench()
      const holds: Hold[] = []
      const { ledger, workspaceId, seatId, clock } = own
      for (const [at, { kind, points, pick }] of steps.entries()) {
        const chosen = holds[pick % Math.max(1, holds.length)]
        if (kind === 'credit') await ledger.credit({ workspaceId, kind: 'grant', ref: `c${at % 7}`, points })
        else if (kind === 'hold') {
          const held = await ledger.hold({ workspaceId, seatId, dailyCapPoints: null, points, ttlMs: points * 100 })
          if (!isFailure(held)) holds.push(held)
        } else if (kind === 'settle' && chosen) await ledger.settle(chosen, Math.min(points, chosen.points), nothing)
        else if (kind === 'release' && chosen) await ledger.release(chosen)
        else {
          clock.advance(500)
          await ledger.expireHolds()
        }
      }
      expect(await ledger.verify()).toEqual([])
      expect((await ledger.balance(workspaceId)).spendable).toBeGreaterThanOrEqual(0)
      await own.database.close()
    }),
    { numRuns: 25 },
  )
})

test('points outlive the process: what was acknowledged is there when the file is opened again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-ledger-'))
  try {
    const before = await openBench(folder)
    await before.ledger.credit({ workspaceId: before.workspaceId, kind: 'grant', ref: 'g', points: 9 })
    await before.database.close()
    const again = await openTestDatabase(folder)
    const ledger = createLedger({ database: again, now: Date.now, newId: testIds() })
    expect((await ledger.balance(before.workspaceId)).posted).toBe(9)
    await again.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe('a refund', () => {
  const refund = (points: number, ref = 'r') =>
    bench.database.transaction((tx) => bench.ledger.refundIn(tx, { workspaceId: bench.workspaceId, ref, points }))

  test('takes back what is unspent and not set aside, and says how much that was', async () => {
    await grant(100)
    await mustHold(30)
    expect(await refund(90)).toBe(70)
    expect(await bench.ledger.balance(bench.workspaceId)).toEqual({ posted: 30, held: 30, spendable: 0 })
    expect(await refund(5, 'other')).toBe(0)
    const [entry] = await bench.ledger.entries(bench.workspaceId, { before: null, limit: 1 })
    expect(entry).toMatchObject({ kind: 'refund', points: -70, balanceAfter: 30, ref: 'r' })
  })

  test('takes once for its ref, however often and however concurrently it is asked for', async () => {
    await grant(100)
    expect(await Promise.all(Array.from({ length: 20 }, () => refund(40)))).toEqual(
      Array.from({ length: 20 }, () => 40),
    )
    expect((await bench.ledger.balance(bench.workspaceId)).posted).toBe(60)
  })
})
