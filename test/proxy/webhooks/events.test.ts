/** What becomes an event, and that it becomes one exactly when it becomes true. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isFailure } from '../../../shared/error-codes.ts'
import { EVENT_BYTES_MAX, EVENT_DATA, type EventType } from '../../../shared/webhooks-protocol.ts'
import { ENGINES, openTestDatabase } from '../../hosts/test-database.ts'
import { openWebhookHouse, type WebhookHouse } from '../../hosts/webhook-house.ts'

describe.each(ENGINES)('on %s', (engine) => {
  let house: WebhookHouse
  beforeEach(async () => {
    house = await openWebhookHouse({ database: await openTestDatabase(null, engine) })
    await house.add('http://127.0.0.1:9/')
  })
  afterEach(() => house.close())

  interface Event {
    type: EventType
    timestamp: string
    data: object
  }

  /** Every event so far, oldest first; each as its schema has it. */
  async function events(): Promise<Event[]> {
    const rows = await house.database.all<{ body: string }>('SELECT body FROM webhook_delivery ORDER BY created_at, id')
    return rows.map(({ body }) => {
      const event = JSON.parse(body) as Event
      expect(EVENT_DATA[event.type].parse(event.data)).toEqual(event.data)
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(EVENT_BYTES_MAX)
      return event
    })
  }

  const credit = (points: number, ref: string, kind: 'grant' | 'recharge' = 'recharge') =>
    house.ledger.credit({ workspaceId: house.workspaces[0], kind, ref, points })

  async function spend(points: number): Promise<void> {
    const hold = await house.ledger.hold({
      workspaceId: house.workspaces[0],
      seatId: house.seats[0],
      dailyCapPoints: null,
      points,
      ttlMs: 60_000,
    })
    if (isFailure(hold)) throw new Error(hold.failed)
    expect(await house.ledger.settle(hold, points, async () => {})).toBe(true)
  }

  const lows = async () => (await events()).filter(({ type }) => type === 'points.low').map(({ data }) => data)

  describe('points.recharged', () => {
    test('tells of a recharge and of a grant, once for each reference', async () => {
      await credit(500, 'paid')
      await credit(500, 'paid')
      await credit(20, 'gift', 'grant')
      expect(await events()).toMatchObject([
        { type: 'points.recharged', data: { kind: 'recharge', points: 500, posted: 500, entry: 1 } },
        { type: 'points.recharged', data: { kind: 'grant', points: 20, posted: 520, entry: 2 } },
      ])
    })

    test('holds no reference, which may be a voucher or a name', async () => {
      await credit(5, 'voucher:secret')
      expect(JSON.stringify(await events())).not.toContain('secret')
    })

    test('of twenty equal credits at once is one', async () => {
      await Promise.all(Array.from({ length: 20 }, () => credit(5, 'same')))
      expect(await events()).toHaveLength(1)
    })

    test('is not told to another workspace', async () => {
      await house.ledger.credit({ workspaceId: house.workspaces[1], kind: 'grant', ref: 'other', points: 5 })
      expect(await events()).toEqual([])
    })
  })

  describe('points.low', () => {
    test('tells when fewer than 100 are left, once for each time', async () => {
      await credit(150, 'a')
      await spend(50)
      expect(await lows()).toEqual([])
      await spend(1)
      await spend(10)
      expect(await lows()).toEqual([{ posted: 99, threshold: 100 }])
      await credit(100, 'b')
      await spend(100)
      expect(await lows()).toEqual([
        { posted: 99, threshold: 100 },
        { posted: 89, threshold: 100 },
      ])
    })

    test('tells when less than a tenth of the last recharge is left, however much that is', async () => {
      await credit(30, 'small')
      await spend(27)
      expect(await lows()).toEqual([])
      await spend(1)
      expect(await lows()).toEqual([{ posted: 2, threshold: 3 }])
      await credit(50_000, 'large')
      await spend(45_002)
      expect(await lows()).toHaveLength(1)
      await spend(1)
      expect((await lows()).at(-1)).toEqual({ posted: 4999, threshold: 5000 })
      await spend(4999)
      // Past both at once is one event.
      expect((await lows()).at(-1)).toEqual({ posted: 0, threshold: 100 })
      expect(await lows()).toHaveLength(3)
    })

    test('of charges at once is told by one of them', async () => {
      await credit(104, 'a')
      await Promise.all(Array.from({ length: 8 }, () => spend(1)))
      expect(await lows()).toEqual([{ posted: 99, threshold: 100 }])
    })

    test.each(['refund', 'adjust'] as const)('tells of points taken by a %s, once for its reference', async (kind) => {
      const take = (points: number, ref: string) =>
        house.database.transaction(async (tx): Promise<unknown> => {
          const taken = { workspaceId: house.workspaces[0], ref }
          return kind === 'refund'
            ? house.ledger.refundIn(tx, { ...taken, points })
            : house.ledger.adjustIn(tx, { ...taken, points: -points })
        })
      await credit(150, 'a')
      await take(50, 'first')
      expect(await lows()).toEqual([])
      await take(1, 'second')
      await take(1, 'second')
      await take(9, 'third')
      expect(await lows()).toEqual([{ posted: 99, threshold: 100 }])
      await take(90, 'last')
      expect((await lows()).at(-1)).toEqual({ posted: 0, threshold: 15 })
    })

    test('of a refund that took only what was left is told for what it took', async () => {
      await credit(120, 'a')
      await spend(10)
      const { workspaces, database, ledger } = house
      const refund = { workspaceId: workspaces[0], ref: 'all', points: 120 }
      expect(await database.transaction((tx) => ledger.refundIn(tx, refund))).toBe(110)
      expect(await lows()).toEqual([{ posted: 0, threshold: 12 }])
    })

    test('is not told of a refund and a correction that took nothing', async () => {
      const { workspaces, database, ledger } = house
      await credit(5, 'a')
      await spend(5)
      const before = await lows()
      const nothing = { workspaceId: workspaces[0], ref: 'none' }
      expect(await database.transaction((tx) => ledger.refundIn(tx, { ...nothing, points: 5 }))).toBe(0)
      await database.transaction((tx) => ledger.adjustIn(tx, { ...nothing, points: -5 }))
      expect(await lows()).toEqual(before)
    })

    test('is never told of a charge that was undone', async () => {
      await credit(120, 'a')
      const hold = await house.ledger.hold({
        workspaceId: house.workspaces[0],
        seatId: house.seats[0],
        dailyCapPoints: null,
        points: 100,
        ttlMs: 60_000,
      })
      if (isFailure(hold)) throw new Error(hold.failed)
      const failing = house.ledger.settle(hold, 100, async () => {
        throw new Error('the disk is full')
      })
      await expect(failing).rejects.toThrow('the disk is full')
      expect(await lows()).toEqual([])
    })
  })

  describe('a job', () => {
    const change = (state: string, reason: string | null = null) =>
      house.database.transaction((tx) =>
        house.events.onJobChanged(tx, {
          id: 'job-1',
          workspaceId: house.workspaces[0],
          state,
          reason,
          counts: { rows: 50_000, done: 49_990, failed: 10 },
        }),
      )

    test('tells when it is done and when it pauses, with counts and no rows', async () => {
      await change('paused', 'no-points')
      await change('running')
      await change('done')
      expect(await events()).toMatchObject([
        { type: 'job.paused', data: { job: 'job-1', reason: 'no-points', counts: { rows: 50_000 } } },
        { type: 'job.done', data: { job: 'job-1', counts: { rows: 50_000, done: 49_990, failed: 10 } } },
      ])
    })
  })
})
