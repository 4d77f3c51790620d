import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLedger } from '../../../proxy/ledger/ledger.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { ENGINES, openTestDatabase, testIds } from '../../hosts/test-database.ts'
import { openTestLedger, storeNothing, type TestLedger } from '../../hosts/test-ledger.ts'

describe.each(ENGINES)('on %s', (engine) => {
  let bench: TestLedger
  beforeEach(async () => {
    bench = await openTestLedger(null, engine)
  })
  afterEach(async () => {
    expect(await bench.ledger.verify()).toEqual([])
    await bench.database.close()
  })

  describe('a hold', () => {
    test('sets points aside and gives back what was not used', async () => {
      await bench.grant(100)
      const held = await bench.mustHold(30)
      expect(await bench.ledger.balance(bench.workspaceId)).toEqual({ posted: 100, held: 30, spendable: 70 })
      expect(await bench.ledger.settle(held, 20, storeNothing)).toBe(true)
      expect(await bench.ledger.balance(bench.workspaceId)).toEqual({ posted: 80, held: 0, spendable: 80 })
      const [entry] = await bench.ledger.entries(bench.workspaceId, { before: null, limit: 1 })
      expect(entry).toMatchObject({ kind: 'usage', points: -20, balanceAfter: 80, ref: `hold:${held.id}` })
    })

    test('covers as many points as the balance has, and fails when it has none', async () => {
      await bench.grant(7)
      expect(await bench.hold(10)).toMatchObject({ points: 7 })
      expect(await bench.hold(1)).toMatchObject({ failed: 'no-points' })
    })

    test('resolves once: settled, released and expired are final', async () => {
      await bench.grant(10)
      const held = await bench.mustHold(10)
      expect(await bench.ledger.release(held)).toBe(true)
      expect(await bench.ledger.release(held)).toBe(false)
      expect(await bench.ledger.settle(held, 5, storeNothing)).toBe(false)
      expect((await bench.ledger.balance(bench.workspaceId)).spendable).toBe(10)
      await expect(bench.database.run("UPDATE hold SET state = 'held'")).rejects.toThrow(/resolves once/)
    })

    test('nobody resolved expires, and a late answer is neither charged nor stored', async () => {
      await bench.grant(10)
      const held = await bench.mustHold(4)
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
      await bench.grant(10)
      const held = await bench.mustHold(5)
      await expect(bench.ledger.settle(held, 5, () => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
      expect(await bench.ledger.balance(bench.workspaceId)).toEqual({ posted: 10, held: 5, spendable: 5 })
      expect(await bench.ledger.settle(held, 5, storeNothing)).toBe(true)
    })

    test('never passes the daily cap of its seat, which opens again the next day', async () => {
      await bench.grant(100)
      expect(await bench.hold(8, { dailyCapPoints: 10 })).toMatchObject({ points: 8 })
      expect(await bench.hold(8, { dailyCapPoints: 10 })).toMatchObject({ points: 2 })
      expect(await bench.hold(1, { dailyCapPoints: 10 })).toMatchObject({ failed: 'daily-cap' })
      expect(await bench.ledger.spentToday(bench.seatId)).toBe(10)
      bench.clock.advance(24 * 3600_000)
      await bench.ledger.expireHolds()
      expect(await bench.hold(8, { dailyCapPoints: 10 })).toMatchObject({ points: 8 })
    })
  })

  describe('a hold', () => {
    test('of 50 at once under a daily cap of 100, exactly ten of ten points pass', async () => {
      await bench.grant(1000)
      const results = await Promise.all(Array.from({ length: 50 }, () => bench.hold(10, { dailyCapPoints: 100 })))
      expect(results.filter((result) => !isFailure(result))).toHaveLength(10)
      expect(results.find(isFailure)).toMatchObject({ failed: 'daily-cap' })
      expect(await bench.ledger.spentToday(bench.seatId)).toBe(100)
    })

    test('that was not used up, or not at all, gives its part of the daily cap back', async () => {
      await bench.grant(100)
      await bench.ledger.settle(await bench.mustHold(10), 4, storeNothing)
      await bench.ledger.release(await bench.mustHold(10))
      expect(await bench.ledger.spentToday(bench.seatId)).toBe(4)
      expect(await bench.ledger.spentTodayBySeat(bench.workspaceId)).toEqual(new Map([[bench.seatId, 4]]))
    })

    test('asked for twice under one id is one hold, also at the same moment', async () => {
      await bench.grant(10)
      const { database, ledger, workspaceId, seatId } = bench
      const request = { workspaceId, seatId, dailyCapPoints: null, points: 4, ttlMs: 1000 }
      const holds = await Promise.all(
        Array.from({ length: 5 }, () => database.transaction((tx) => ledger.holdIn(tx, 'one-id', request))),
      )
      expect(holds).toEqual(holds.map(() => ({ id: 'one-id', workspaceId, points: 4, shortOf: null })))
      expect((await ledger.balance(workspaceId)).held).toBe(4)
    })

    test('of one workspace is nothing to another: not by its id, nor to be settled', async () => {
      await bench.grant(10)
      const { database, ledger, stranger } = bench
      const held = await bench.mustHold(4)
      const theirs = { ...stranger, dailyCapPoints: null, points: 4, ttlMs: 1000 }
      expect(await database.transaction((tx) => ledger.holdIn(tx, held.id, theirs))).toMatchObject({
        failed: 'request-changed',
      })
      const asTheirs = { ...held, workspaceId: stranger.workspaceId }
      expect(await database.transaction((tx) => ledger.settleIn(tx, asTheirs, 4))).toBe('gone')
      expect((await ledger.balance(bench.workspaceId)).held).toBe(4)
    })

    test('settled before says so to who repeats it, and charges once', async () => {
      await bench.grant(10)
      const held = await bench.mustHold(4)
      const settle = () => bench.database.transaction((tx) => bench.ledger.settleIn(tx, held, 3))
      const outcomes = await Promise.all([settle(), settle(), settle()])
      expect(outcomes.sort()).toEqual(['before', 'before', 'now'])
      expect((await bench.ledger.balance(bench.workspaceId)).posted).toBe(7)
    })

    test('is never settled for more than it holds', async () => {
      await bench.grant(10)
      const held = await bench.mustHold(4)
      await expect(bench.ledger.settle(held, 5, storeNothing)).rejects.toThrow('more used')
      await expect(bench.ledger.settle({ ...held, points: 9 }, 5, storeNothing)).rejects.toThrow()
      expect((await bench.ledger.balance(bench.workspaceId)).held).toBe(4)
    })

    test('that was extended does not expire with its first term', async () => {
      await bench.grant(10)
      const held = await bench.mustHold(4)
      bench.clock.advance(900)
      expect(await bench.ledger.extend(held.id, 1000)).toBe(true)
      bench.clock.advance(900)
      expect(await bench.ledger.expireHolds()).toBe(0)
      bench.clock.advance(100)
      expect(await bench.ledger.expireHolds()).toBe(1)
      expect(await bench.ledger.extend(held.id, 1000)).toBe(false)
    })

    test('of 600 late ones each expires once, whoever sweeps', async () => {
      await bench.grant(600)
      for (let at = 0; at < 600; at++) await bench.mustHold(1)
      bench.clock.advance(1000)
      const swept = await Promise.all([bench.ledger.expireHolds(), bench.ledger.expireHolds()])
      expect(swept[0] + swept[1]).toBe(600)
      expect(await bench.ledger.openHolds()).toBe(0)
      expect((await bench.ledger.balance(bench.workspaceId)).spendable).toBe(600)
    }, 90_000)
  })

  describe('a refund', () => {
    const refund = (points: number, ref: string) =>
      bench.database.transaction((tx) => bench.ledger.refundIn(tx, { workspaceId: bench.workspaceId, ref, points }))

    test('takes as many points as are unspent and not set aside', async () => {
      await bench.grant(50)
      await bench.ledger.settle(await bench.mustHold(20), 20, storeNothing)
      await bench.mustHold(10)
      expect(await refund(50, 'r1')).toBe(20)
      expect(await bench.ledger.balance(bench.workspaceId)).toEqual({ posted: 10, held: 10, spendable: 0 })
      expect(await refund(5, 'r2')).toBe(0)
    })

    test('counts once for its ref, however concurrently it is given', async () => {
      await bench.grant(50)
      const taken = await Promise.all(Array.from({ length: 5 }, () => refund(20, 'r1')))
      expect(taken).toEqual([20, 20, 20, 20, 20])
      expect((await bench.ledger.balance(bench.workspaceId)).posted).toBe(30)
    })
  })

  describe('a correction', () => {
    const adjust = (points: number, ref: string) =>
      bench.database.transaction((tx) => bench.ledger.adjustIn(tx, { workspaceId: bench.workspaceId, ref, points }))

    test('adds or takes, once for its ref', async () => {
      expect([await adjust(30, 'a'), await adjust(30, 'a')]).toEqual(['applied', 'duplicate'])
      expect([await adjust(-10, 'b'), await adjust(-10, 'b')]).toEqual(['applied', 'duplicate'])
      expect((await bench.ledger.balance(bench.workspaceId)).posted).toBe(20)
    })

    test('takes all or nothing, and nothing that is set aside', async () => {
      await bench.grant(30)
      await bench.mustHold(25)
      expect(await adjust(-6, 'a')).toMatchObject({ failed: 'no-points' })
      expect(await adjust(-5, 'a')).toBe('applied')
    })
  })

  describe('a credit', () => {
    test('counts once for its ref, however often and however concurrently it is given', async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => bench.grant(50, 'stripe:1')))
      expect(results.filter((result) => result === 'applied')).toHaveLength(1)
      expect((await bench.ledger.balance(bench.workspaceId)).posted).toBe(50)
    })

    test('of 200 holds of ten at once, exactly as many pass as 1,100 points cover', async () => {
      await bench.grant(1100)
      const results = await Promise.all(Array.from({ length: 200 }, () => bench.hold(10)))
      expect(results.filter((result) => !isFailure(result))).toHaveLength(110)
      expect((await bench.ledger.balance(bench.workspaceId)).spendable).toBe(0)
    })
  })

  describe('a balance', () => {
    test('is read once for all who ask in the same turn', async () => {
      await bench.grant(50)
      const read = vi.spyOn(bench.database, 'get')
      const { ledger, workspaceId } = bench
      const balances = await Promise.all(Array.from({ length: 20 }, () => ledger.balance(workspaceId)))
      expect(balances.map(({ posted }) => posted)).toEqual(Array.from({ length: 20 }, () => 50))
      expect(read).toHaveBeenCalledTimes(1)
    })

    test('asked after a change shows it, also to who joins others in asking', async () => {
      await bench.grant(50)
      const { ledger, workspaceId } = bench
      const others = ledger.balance(workspaceId)
      const held = bench.mustHold(20)
      const seen = await held.then(() => ledger.balance(workspaceId))
      expect(seen).toEqual({ posted: 50, held: 20, spendable: 30 })
      await ledger.settle(await held, 20, storeNothing)
      expect((await ledger.balance(workspaceId)).spendable).toBe(30)
      await others
    })

    test('that could not be read is read anew when it is asked for again', async () => {
      vi.spyOn(bench.database, 'get').mockRejectedValueOnce(new Error('broken'))
      await expect(bench.ledger.balance(bench.workspaceId)).rejects.toThrow('broken')
      expect((await bench.ledger.balance(bench.workspaceId)).posted).toBe(0)
    })
  })

  test('entries come newest first, page by page', async () => {
    for (let at = 1; at <= 5; at++) await bench.grant(1, `g${at}`)
    const first = await bench.ledger.entries(bench.workspaceId, { before: null, limit: 2 })
    expect(first.map((entry) => entry.ref)).toEqual(['g5', 'g4'])
    const next = await bench.ledger.entries(bench.workspaceId, { before: first.at(-1)!.version, limit: 2 })
    expect(next.map((entry) => entry.ref)).toEqual(['g3', 'g2'])
  })

  test('points outlive the process: what was acknowledged is there when the file is opened again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tariffcell-ledger-'))
    try {
      const before = await openTestLedger(folder, engine)
      await before.grant(9)
      await before.database.close()
      const again = await openTestDatabase(folder, engine)
      const ledger = createLedger({ database: again, now: Date.now, newId: testIds() })
      expect((await ledger.balance(before.workspaceId)).posted).toBe(9)
      await again.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
