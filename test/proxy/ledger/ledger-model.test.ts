/** Random operations against a model of the ledger that fits on a page: the same answers, the same balance, on both engines. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSeats } from '../../../proxy/auth/seats.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { ENGINES } from '../../hosts/test-database.ts'
import { openTestLedger, storeNothing, type TestLedger } from '../../hosts/test-ledger.ts'

interface ModelHold {
  points: number
  state: 'held' | 'settled' | 'released' | 'expired'
  expiresAt: number
  day: string
}

interface Model {
  posted: number
  holds: Map<string, ModelHold>
  /** Points by kind and ref. */
  entries: Map<string, number>
  spent: Map<string, number>
}

const operation = fc.record({
  kind: fc.constantFrom('credit', 'hold', 'hold', 'settle', 'settle', 'release', 'extend', 'sweep', 'refund', 'adjust'),
  points: fc.integer({ min: 1, max: 40 }),
  // Few enough that they meet.
  id: fc.integer({ min: 1, max: 9 }),
  cap: fc.option(fc.integer({ min: 0, max: 60 })),
  minutes: fc.constantFrom(0, 0, 1, 30, 24 * 60),
})
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never

describe.each(ENGINES)('on %s', (engine) => {
  let bench: TestLedger
  beforeAll(async () => {
    bench = await openTestLedger(null, engine)
  })
  afterAll(() => bench.database.close())

  let run = 0
  const openWorkspace = async (): Promise<{ workspaceId: string; seatId: string }> => {
    const { database, ledger, clock } = bench
    let made = 0
    const newId = (): string => `run-${run}-${++made}`
    const seats = createSeats({ database, ledger, now: clock.now, newId })
    const { workspaceId } = await seats.createWorkspace('model')
    return { workspaceId, seatId: (await seats.ownerSeatId(workspaceId))! }
  }

  test('any operations in any order do what the model does, and leave a ledger that adds up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async (operations) => {
        run++
        const own = await openWorkspace()
        const model: Model = { posted: 0, holds: new Map(), entries: new Map(), spent: new Map() }
        for (const one of operations) {
          bench.clock.advance(one.minutes * 60_000)
          const [did, expected] = [await act(bench, own, one), foretell(model, bench.clock.now(), one)]
          expect(did, JSON.stringify(one)).toEqual(expected)
          const held = heldIn(model)
          expect(await bench.ledger.balance(own.workspaceId)).toEqual({
            posted: model.posted,
            held,
            spendable: model.posted - held,
          })
          expect(await bench.ledger.spentToday(own.seatId)).toBe(model.spent.get(dayOf(bench.clock.now())) ?? 0)
        }
        expect(await bench.ledger.verify()).toEqual([])
      }),
      { numRuns: engine === 'sqlite' ? 60 : 12 },
    )
  }, 120_000)

  async function act({ database, ledger }: TestLedger, own: { workspaceId: string; seatId: string }, one: Operation) {
    const { workspaceId } = own
    const { kind, points, id: number, cap } = one
    const id = `run-${run}-hold-${number}`
    const ref = `run-${run}-ref-${number}`
    switch (kind) {
      case 'credit':
        return ledger.credit({ workspaceId, kind: 'grant', ref, points })
      case 'hold': {
        const request = { ...own, dailyCapPoints: cap, points, ttlMs: 60_000 }
        const held = await database.transaction((tx) => ledger.holdIn(tx, id, request))
        return isFailure(held) ? held.failed : held.points
      }
      case 'settle': {
        const row = await database.get<{ points: number }>('SELECT points FROM hold WHERE id = $1', [id])
        if (!row) return 'gone'
        const hold = { id, workspaceId, points: row.points, shortOf: null }
        return database.transaction(async (tx) => {
          await storeNothing()
          return ledger.settleIn(tx, hold, Math.min(points, row.points))
        })
      }
      case 'release':
        return ledger.release({ id })
      case 'extend':
        return ledger.extend(id, 45 * 60_000)
      case 'sweep':
        // Holds of earlier runs may be late as well.
        await ledger.expireHolds()
        return null
      case 'refund':
        return database.transaction((tx) => ledger.refundIn(tx, { workspaceId, ref, points }))
      case 'adjust': {
        const request = { workspaceId, ref, points: points % 2 === 0 ? points : -points }
        const adjusted = await database.transaction((tx) => ledger.adjustIn(tx, request))
        return isFailure(adjusted) ? adjusted.failed : adjusted
      }
    }
  }
})

function foretell(model: Model, now: number, { kind, points, id: number, cap }: Operation): unknown {
  const id = String(number)
  const hold = model.holds.get(id)
  const spendable = model.posted - heldIn(model)
  const today = dayOf(now)
  const enter = (entryKind: string, change: number): void => {
    model.entries.set(`${entryKind} ${number}`, change)
    model.posted += change
  }
  const resolve = (state: ModelHold['state'], used = 0): void => {
    hold!.state = state
    model.spent.set(hold!.day, model.spent.get(hold!.day)! - (hold!.points - used))
    model.posted -= used
  }
  switch (kind) {
    case 'credit':
      if (model.entries.has(`grant ${number}`)) return 'duplicate'
      enter('grant', points)
      return 'applied'
    case 'hold': {
      if (hold) return hold.points
      const capLeft = cap === null ? Number.POSITIVE_INFINITY : cap - (model.spent.get(today) ?? 0)
      if (capLeft < 1) return 'daily-cap'
      const covered = Math.min(points, spendable, capLeft)
      if (covered < 1) return 'no-points'
      model.holds.set(id, { points: covered, state: 'held', expiresAt: now + 60_000, day: today })
      model.spent.set(today, (model.spent.get(today) ?? 0) + covered)
      return covered
    }
    case 'settle':
      if (hold?.state !== 'held') return hold?.state === 'settled' ? 'before' : 'gone'
      resolve('settled', Math.min(points, hold.points))
      return 'now'
    case 'release':
      if (hold?.state !== 'held') return false
      resolve('released')
      return true
    case 'extend':
      if (hold?.state !== 'held') return false
      hold.expiresAt = now + 45 * 60_000
      return true
    case 'sweep':
      for (const late of model.holds.values()) {
        if (late.state !== 'held' || late.expiresAt > now) continue
        late.state = 'expired'
        model.spent.set(late.day, model.spent.get(late.day)! - late.points)
      }
      return null
    case 'refund': {
      const before = model.entries.get(`refund ${number}`)
      if (before !== undefined) return -before
      const taken = Math.min(points, spendable)
      if (taken > 0) enter('refund', -taken)
      return taken
    }
    case 'adjust': {
      if (model.entries.has(`adjust ${number}`)) return 'duplicate'
      const change = points % 2 === 0 ? points : -points
      if (-change > spendable) return 'no-points'
      enter('adjust', change)
      return 'applied'
    }
  }
}

function heldIn({ holds }: Model): number {
  return [...holds.values()].reduce((sum, { state, points }) => sum + (state === 'held' ? points : 0), 0)
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
