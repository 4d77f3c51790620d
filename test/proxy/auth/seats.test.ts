import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAudit } from '../../../proxy/audit/audit.ts'
import { listSeats } from '../../../proxy/auth/list-seats.ts'
import { MADE_SEATS_MAX } from '../../../proxy/auth/seat-rows.ts'
import { CONNECTION_CODE_MINUTES, createSeats, type Role, type Seats } from '../../../proxy/auth/seats.ts'
import type { Database } from '../../../proxy/database.ts'
import { createLedger, type Ledger } from '../../../proxy/ledger/ledger.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { ENGINES, openTestDatabase, testClock, testIds, type TestClock } from '../../hosts/test-database.ts'

const HOUR_MS = 3_600_000

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database
  let ledger: Ledger
  let seats: Seats
  let clock: TestClock
  let workspaceId: string
  let ownerToken: string

  beforeEach(async () => {
    database = await openTestDatabase(null, engine)
    clock = testClock()
    const newId = testIds()
    ledger = createLedger({ database, now: clock.now, newId })
    seats = createSeats({ database, ledger, now: clock.now, newId })
    const made = await seats.createFirstWorkspace('mine')
    workspaceId = made!.workspaceId
    ownerToken = made!.ownerToken
  })
  afterEach(async () => {
    await seats.close()
    await database.close()
  })

  const addSeat = (name = 'x', role: Role = 'seat', dailyCapPoints: number | null = null) =>
    seats.createSeat({ workspaceId, name, role, dailyCapPoints })

  async function rotate(id: string, overlapMs?: number): Promise<string> {
    const rotated = await seats.rotateSeat(workspaceId, id, overlapMs)
    if (isFailure(rotated)) throw new Error(rotated.failed)
    return rotated.token
  }

  /** Of these tokens, those that work now. */
  async function working(...tokens: string[]): Promise<number[]> {
    const found = await Promise.all(tokens.map((token) => seats.authenticate(token)))
    return found.flatMap((seat, at) => (seat ? [at] : []))
  }

  async function redeem(code: string) {
    const redeemed = await seats.redeemConnectionCode(code, 'sheet')
    return isFailure(redeemed) ? redeemed.failed : redeemed
  }

  describe('a token', () => {
    test('proves its seat and no other', async () => {
      expect(await seats.authenticate(ownerToken)).toMatchObject({ workspaceId, role: 'owner', tokenEndsAt: null })
      const last = ownerToken.at(-1) === 'A' ? 'B' : 'A'
      for (const wrong of [
        '',
        'tc_',
        `${ownerToken.slice(0, -1)}${last}`,
        `${ownerToken}x`,
        ownerToken.toUpperCase(),
        `tc_${'0'.repeat(8)}_${'a'.repeat(43)}`,
      ]) {
        expect(await seats.authenticate(wrong)).toBeNull()
      }
    })

    test('stands nowhere in the database, nor does a connection code', async () => {
      const { code } = await seats.createConnectionCode({ workspaceId, role: 'seat', name: 'x' })
      const newer = await rotate((await seats.ownerSeatId(workspaceId))!)
      const everything = JSON.stringify([
        await database.all('SELECT * FROM seat'),
        await database.all('SELECT * FROM connection_code'),
        await database.all('SELECT * FROM audit'),
      ])
      for (const token of [ownerToken, newer]) {
        expect(everything).not.toContain(token)
        // The secret may hold an underscore of its own, so it is what follows the second one.
        const secret = token.split('_').slice(2).join('_')
        expect(secret).toHaveLength(43)
        expect(everything).not.toContain(secret)
      }
      expect(everything).not.toContain(code)
      expect(everything).not.toContain(code.replaceAll('-', ''))
    })

    test('ends at once when its seat is revoked, though it was just used', async () => {
      const { id, token } = await addSeat('x', 'seat', 5)
      expect(await seats.authenticate(token)).toMatchObject({ id, dailyCapPoints: 5 })
      expect(await seats.revokeSeat('another-workspace', id)).toMatchObject({ failed: 'seat-unknown' })
      expect(await seats.authenticate(token)).not.toBeNull()
      expect(await seats.revokeSeat(workspaceId, id)).toBe('revoked')
      await heard()
      expect(await seats.authenticate(token)).toBeNull()
      expect(await seats.revokeSeat(workspaceId, id)).toBe('before')
    })
  })

  /** When the notices sent so far have arrived: one sent after them has. */
  async function heard(): Promise<void> {
    await new Promise<void>((resolve) => {
      const stop = database.listen('seats', (id) => {
        if (id !== 'nobody') return
        stop()
        resolve()
      })
      void database.notify('seats', 'nobody')
    })
  }

  describe('a token that is replaced', () => {
    test('works beside the new one until the overlap ends, and not a moment longer', async () => {
      const { id, token } = await addSeat()
      const newer = await rotate(id, HOUR_MS)
      await heard()
      expect(await seats.authenticate(newer)).toMatchObject({ id, tokenEndsAt: null })
      expect(await seats.authenticate(token)).toMatchObject({ id, tokenEndsAt: clock.now() + HOUR_MS })
      clock.advance(HOUR_MS - 1)
      expect(await working(token, newer)).toEqual([0, 1])
      clock.advance(1)
      expect(await working(token, newer)).toEqual([1])
    })

    test('works for a day where nothing is said, and not at all with an overlap of 0', async () => {
      const { id, token } = await addSeat()
      const second = await rotate(id)
      clock.advance(24 * HOUR_MS - 1)
      expect(await working(token, second)).toEqual([0, 1])
      const third = await rotate(id, 0)
      await heard()
      expect(await working(token, second, third)).toEqual([2])
    })

    test('ends at once when the next one is replaced too', async () => {
      const { id, token } = await addSeat()
      const second = await rotate(id)
      expect(await working(token, second)).toEqual([0, 1])
      const third = await rotate(id)
      await heard()
      expect(await working(token, second, third)).toEqual([1, 2])
    })

    test('can be ended before its time, and its seat stays', async () => {
      const { id, token } = await addSeat()
      const newer = await rotate(id)
      expect(await working(token, newer)).toEqual([0, 1])
      await seats.endReplacedToken(workspaceId, id, id)
      await heard()
      expect(await working(token, newer)).toEqual([1])
    })

    test('goes with its seat', async () => {
      const { id, token } = await addSeat()
      const newer = await rotate(id)
      await seats.revokeSeat(workspaceId, id)
      await heard()
      expect(await working(token, newer)).toEqual([])
      expect(await seats.rotateSeat(workspaceId, id)).toMatchObject({ failed: 'seat-unknown' })
    })

    test('of another workspace cannot be: the seat looks unknown', async () => {
      const { id, token } = await addSeat()
      expect(await seats.rotateSeat('another-workspace', id)).toEqual({ failed: 'seat-unknown', details: { id } })
      expect(await working(token)).toEqual([0])
    })
  })

  describe('a seat', () => {
    test('has its new limit and name at once, though its token was just used', async () => {
      const { id, token } = await addSeat('x', 'seat', 5)
      expect(await seats.authenticate(token)).toMatchObject({ dailyCapPoints: 5 })
      expect(await seats.changeSeat(workspaceId, id, { dailyCapPoints: 7 })).toBe('changed')
      await heard()
      expect(await seats.authenticate(token)).toMatchObject({ name: 'x', dailyCapPoints: 7 })
      await seats.changeSeat(workspaceId, id, { name: 'y', dailyCapPoints: null })
      await seats.renameWorkspace(workspaceId, 'ours')
      await heard()
      expect(await seats.authenticate(token)).toMatchObject({ name: 'y', dailyCapPoints: null, workspaceName: 'ours' })
      expect(await seats.changeSeat('another-workspace', id, { name: 'z' })).toMatchObject({ failed: 'seat-unknown' })
    })

    test('is listed with what it spent today and the day it was last used, which is written once a day', async () => {
      const { id, token } = await addSeat()
      await ledger.credit({ workspaceId, kind: 'grant', ref: 'r', points: 100 })
      const hold = await ledger.hold({ workspaceId, seatId: id, dailyCapPoints: null, points: 3, ttlMs: HOUR_MS })
      if (isFailure(hold)) throw new Error(hold.failed)
      await ledger.settle(hold, 2, async () => undefined)
      const entry = async () => (await listSeats({ database, ledger }, workspaceId)).find((seat) => seat.id === id)
      expect(await entry()).toMatchObject({ spentToday: 2, lastUsedAt: null, revokedAt: null })

      const today = Date.UTC(2026, 10, 22)
      await Promise.all([seats.authenticate(token), seats.authenticate(token)])
      await used()
      expect(await entry()).toMatchObject({ lastUsedAt: today })
      clock.advance(24 * HOUR_MS)
      await seats.authenticate(token)
      await used()
      expect(await entry()).toMatchObject({ spentToday: 0, lastUsedAt: today + 24 * HOUR_MS })
      // Behind the clock's back: written again that day, it would be noticed.
      await database.run('UPDATE seat SET last_used_at = 1 WHERE id = $1', [id])
      await seats.authenticate(token)
      await used()
      expect(await entry()).toMatchObject({ lastUsedAt: 1 })
    })

    test('shares its daily limit with what was made from it, also with what has ended: a new one is no new allowance', async () => {
      await ledger.credit({ workspaceId, kind: 'grant', ref: 'r', points: 100 })
      const desk = await addSeat('desk', 'seat', 10)
      const [first, other] = [await makeSheet(desk.id, 'one', 8), await makeSheet(desk.id, 'two', 8)]
      expect([await spend(first.id, 9, 8), await spend(first.id, 1, 8)]).toEqual([8, 'daily-cap 8'])
      expect(await ledger.leftToday(other.id, 8)).toBe(2)
      const anew = await makeSheet(desk.id, 'one', 8)
      expect([await spend(anew.id, 1, 8), await spend(desk.id, 5, 10), await spend(other.id, 1, 8)]).toEqual([
        1,
        1,
        'daily-cap 10',
      ])
      expect([await ledger.leftToday(other.id, 8), await ledger.leftToday(desk.id, 10)]).toEqual([0, 0])
      await seats.changeSeat(workspaceId, desk.id, { dailyCapPoints: null })
      expect([await ledger.leftToday(desk.id, null), await ledger.leftToday(other.id, 8)]).toEqual([null, 8])
    })

    test('shares the limit of each that it comes from, in the middle of the line too', async () => {
      await ledger.credit({ workspaceId, kind: 'grant', ref: 'r', points: 100 })
      const browser = await addSeat('browser')
      const sidebar = await seats.createSeat({
        workspaceId,
        name: 'sidebar',
        role: 'seat',
        dailyCapPoints: 10,
        madeFrom: browser.id,
      })
      const phone = await seats.createSeat({
        workspaceId,
        name: 'phone',
        role: 'seat',
        dailyCapPoints: 10,
        madeFrom: sidebar.id,
      })
      const [sheet, theirs] = [await makeSheet(sidebar.id, 'one', 8), await makeSheet(phone.id, 'two', 8)]
      expect([await spend(sheet.id, 6, 8), await spend(theirs.id, 6, 8), await spend(phone.id, 1, 10)]).toEqual([
        6,
        4,
        'daily-cap 10',
      ])
      expect(await spend((await makeSheet(phone.id, 'two', 8)).id, 1, 8)).toBe('daily-cap 10')
      expect(await spend(browser.id, 50, null)).toBe(50)
    })

    test('that is revoked ends with all that came from it; one that leaves by itself leaves that to go on', async () => {
      const [left, revoked, other] = [await addSeat(), await addSeat(), await addSeat()]
      const device = await seats.createSeat({
        workspaceId,
        name: 'x',
        role: 'seat',
        dailyCapPoints: null,
        madeFrom: revoked.id,
      })
      const sheets = [
        await makeSheet(left.id, '1'),
        await makeSheet(device.id, '2'),
        await makeSheet(revoked.id, '3'),
        await makeSheet(other.id, '4'),
      ]
      const tokens = [...sheets, device, other, revoked].map(({ token }) => token)
      await seats.revokeSeat(workspaceId, left.id, left.id)
      await seats.revokeSeat(workspaceId, device.id)
      await heard()
      expect(await working(...tokens)).toEqual([0, 2, 3, 5, 6])
      await seats.revokeSeat(workspaceId, revoked.id)
      await heard()
      expect(await working(...tokens)).toEqual([0, 3, 5])
      // Who left before takes along what was made, once an owner says so.
      expect([await seats.revokeSeat(workspaceId, left.id), await seats.revokeSeat(workspaceId, left.id)]).toEqual([
        'revoked',
        'before',
      ])
      await heard()
      expect(await working(...tokens)).toEqual([3, 5])
    })

    test('that has ended makes none, though its token is remembered elsewhere', async () => {
      const { id } = await addSeat()
      await seats.revokeSeat(workspaceId, id)
      const wanted = { workspaceId, name: 'x', spreadsheet: 'one', dailyCapPoints: 8 }
      expect(await seats.createSheetSeat(wanted, id)).toMatchObject({ failed: 'not-connected' })
      expect(await seats.sheetSeat(workspaceId, 'one')).toBeNull()
    })

    test('revoked at the moment in which it makes another leaves none behind', async () => {
      for (let round = 0; round < 5; round++) {
        const { id } = await addSeat()
        const wanted = { workspaceId, name: 'x', spreadsheet: `race ${round}`, dailyCapPoints: 8 }
        const made = seats.createSheetSeat(wanted, id)
        await Promise.all([made, seats.revokeSeat(workspaceId, id)])
        expect(await seats.sheetSeat(workspaceId, `race ${round}`)).toBeNull()
      }
    })

    describe('that makes others', () => {
      /** All but so many of those that may come from a seat, as rows. */
      async function fillLine(first: string, room: number): Promise<void> {
        const rows = Array.from(
          { length: MADE_SEATS_MAX - room },
          (_, at) =>
            `('${first} ${at}', '${workspaceId}', 'x', 'cell', '', 0, '${first} sheet ${at}', '${first}', '${first}')`,
        )
        await database.run(
          `INSERT INTO seat(id, workspace_id, name, role, token_hash, created_at, spreadsheet, made_from, made_first)
           VALUES ${rows.join(', ')}`,
        )
      }

      const seatMadeFrom = (madeFrom: string) =>
        seats.createSeat({ workspaceId, name: 'x', role: 'seat', dailyCapPoints: null, madeFrom })

      const tryToMake = async (maker: string, spreadsheet: string): Promise<string> => {
        const wanted = { workspaceId, name: 'x', spreadsheet, dailyCapPoints: 8 }
        const made = await seats.createSheetSeat(wanted, maker)
        return isFailure(made) ? made.failed : 'made'
      }

      test('has at most so many that live, however far down its line they are, and room again when one ends', async () => {
        const [first, other] = [await addSeat(), await addSeat()]
        const between = await seatMadeFrom(first.id)
        await fillLine(first.id, 2)
        expect([await tryToMake(between.id, 'one'), await tryToMake(between.id, 'two')]).toEqual([
          'made',
          'too-many-made-seats',
        ])
        expect(await tryToMake(first.id, 'two')).toBe('too-many-made-seats')
        // What it would have ended goes on.
        expect(await seats.sheetSeat(workspaceId, 'one')).not.toBeNull()
        expect([await tryToMake(other.id, 'two'), await tryToMake(between.id, 'one')]).toEqual(['made', 'made'])
        await seats.revokeSeat(workspaceId, `${first.id} 0`)
        expect(await tryToMake(between.id, 'three')).toBe('made')
      })

      test('of one that left by itself the others go on to count as its line', async () => {
        const first = await addSeat()
        const between = await seatMadeFrom(first.id)
        await fillLine(first.id, 1)
        await seats.revokeSeat(workspaceId, first.id, first.id)
        expect(await tryToMake(between.id, 'one')).toBe('too-many-made-seats')
      })

      test('makes no more than there is room for when many are made at the same moment', async () => {
        const { id } = await addSeat()
        await fillLine(id, 3)
        const tries = await Promise.all(Array.from({ length: 12 }, (_, at) => tryToMake(id, `race ${at}`)))
        expect(tries.filter((one) => one === 'made')).toHaveLength(3)
        expect(new Set(tries)).toEqual(new Set(['made', 'too-many-made-seats']))
      })

      test('is not counted in what an owner or the operator makes', async () => {
        const owner = (await seats.ownerSeatId(workspaceId))!
        await fillLine(owner, 0)
        expect(await tryToMake(owner, 'one')).toBe('too-many-made-seats')
        const wanted = { workspaceId, name: 'x', role: 'seat', dailyCapPoints: null } as const
        const made = [await seats.createSeat(wanted, owner), await seats.createSeat(wanted)]
        expect(await working(...made.map(({ token }) => token))).toEqual([0, 1])
        const { code } = await seats.createConnectionCode({ workspaceId, role: 'seat', name: 'x' }, owner)
        expect(await redeem(code)).toMatchObject({ seat: { role: 'seat' } })
      })

      test('is known by each as the first of its line', async () => {
        const first = await addSeat()
        const between = await seatMadeFrom(first.id)
        const sheet = await makeSheet(between.id, 'one')
        const found = await Promise.all([first, between, sheet].map(({ token }) => seats.authenticate(token)))
        expect(found.map((seat) => seat?.firstId)).toEqual([first.id, first.id, first.id])
      })
    })

    async function makeSheet(maker: string, spreadsheet: string, dailyCapPoints = 8) {
      const made = await seats.createSheetSeat({ workspaceId, name: 'x', spreadsheet, dailyCapPoints }, maker)
      if (isFailure(made)) throw new Error(made.failed)
      return made
    }

    /** @returns points that it may, or why it may not. */
    async function spend(seatId: string, points: number, dailyCapPoints: number | null): Promise<number | string> {
      const hold = await ledger.hold({ workspaceId, seatId, dailyCapPoints, points, ttlMs: HOUR_MS })
      return isFailure(hold) ? `${hold.failed} ${JSON.stringify(hold.details.cap)}` : hold.points
    }

    /** When the day is written. It hears no news any more, of which there is none here. */
    const used = () => seats.close()

    test('that is the last owner stays, also when two owners revoke each other at once', async () => {
      const owner = (await seats.ownerSeatId(workspaceId))!
      expect(await seats.revokeSeat(workspaceId, owner)).toMatchObject({ failed: 'last-owner' })
      const second = await addSeat('second', 'owner')
      const both = await Promise.all([
        seats.revokeSeat(workspaceId, owner, second.id),
        seats.revokeSeat(workspaceId, second.id, owner),
      ])
      expect(both.map((one) => (isFailure(one) ? one.failed : one)).sort()).toEqual(['last-owner', 'revoked'])
    })
  })

  describe('a connection code', () => {
    test('becomes a seat once, with or without its dashes and in any case', async () => {
      const { code } = await seats.createConnectionCode({ workspaceId, role: 'cell', name: 'x', dailyCapPoints: 9 })
      const redeemed = await redeem(code.toLowerCase().replaceAll('-', ' '))
      expect(redeemed).toMatchObject({ seat: { workspaceId, role: 'cell', name: 'sheet', dailyCapPoints: 9 } })
      const token = typeof redeemed === 'object' ? redeemed.token : ''
      expect(await seats.authenticate(token)).toMatchObject({ role: 'cell', dailyCapPoints: 9 })
      expect(await redeem(code)).toBe('code-used')
    })

    test('of twenty tries at once, one gets the seat', async () => {
      const { code } = await seats.createConnectionCode({ workspaceId, role: 'seat', name: 'x' })
      const tries = await Promise.all(Array.from({ length: 20 }, () => redeem(code)))
      expect(tries.filter((one) => one !== 'code-used')).toHaveLength(1)
    })

    test('is useless when it is late or made up', async () => {
      const { code } = await seats.createConnectionCode({ workspaceId, role: 'seat', name: 'x' })
      clock.advance(CONNECTION_CODE_MINUTES * 60_000)
      expect(await redeem(code)).toBe('code-used')
      expect(await redeem('AAAA-AAAA-AAAA')).toBe('code-used')
    })
  })

  test('the first workspace is made once', async () => {
    expect(await seats.createFirstWorkspace('again')).toBeNull()
    expect(await seats.firstWorkspaceId()).toBe(workspaceId)
    const { ownerToken: other } = await seats.createWorkspace('another')
    expect(await seats.authenticate(other)).toMatchObject({ workspaceName: 'another', role: 'owner' })
  })

  test('every change is written down once, with who made it, and nothing that did not happen is', async () => {
    const { id } = await seats.createSeat({ workspaceId, name: 'x', role: 'seat', dailyCapPoints: 5 }, 'owner-1')
    await seats.changeSeat(workspaceId, id, { name: 'y', dailyCapPoints: 5 }, 'owner-1')
    await seats.changeSeat(workspaceId, id, { name: 'y', dailyCapPoints: null }, 'owner-2')
    await seats.rotateSeat(workspaceId, id, 0, id)
    await seats.revokeSeat(workspaceId, id, 'owner-2')
    await seats.revokeSeat(workspaceId, id, 'owner-2')
    await seats.changeSeat(workspaceId, id, { name: 'z' }, 'owner-2')
    const { code } = await seats.createConnectionCode({ workspaceId, role: 'cell', name: 'c' }, 'owner-1')
    const redeemed = await redeem(code)
    await redeem(code)
    await seats.renameWorkspace(workspaceId, 'ours')
    await seats.renameWorkspace(workspaceId, 'ours')

    const made = typeof redeemed === 'object' ? redeemed.seat.id : ''
    const entries = await createAudit({ database, now: clock.now, newId: testIds() }).list({ workspaceId, limit: 100 })
    const told = entries.map(({ actor, action, detail }) => [action, actor, detail])
    expect(told).toHaveLength(9)
    expect(told).toEqual(
      expect.arrayContaining([
        ['workspace.create', 'operator', { name: 'mine', owner: await seats.ownerSeatId(workspaceId) }],
        ['seat.create', 'owner-1', { seat: id, name: 'x', role: 'seat', dailyCapPoints: 5 }],
        ['seat.rename', 'owner-1', { seat: id, from: 'x', to: 'y' }],
        ['seat.cap', 'owner-2', { seat: id, from: 5, to: null }],
        ['seat.rotate', id, { seat: id, previousEndsAt: new Date(clock.now()).toISOString() }],
        ['seat.revoke', 'owner-2', { seat: id }],
        ['code.create', 'owner-1', { role: 'cell', name: 'c', dailyCapPoints: null }],
        ['code.redeem', made, { seat: made, name: 'sheet', role: 'cell', dailyCapPoints: null }],
        ['workspace.rename', 'operator', { from: 'mine', to: 'ours' }],
      ]),
    )
  })

  test('pages of the audit hold every record once, though many were made in the same moment', async () => {
    for (let at = 0; at < 5; at++) await addSeat(`seat ${at}`)
    const audit = createAudit({ database, now: clock.now, newId: testIds() })
    const seen: string[] = []
    let before
    for (;;) {
      const page = await audit.list({ workspaceId, before, limit: 2 })
      seen.push(...page.map(({ id }) => id))
      before = page.at(-1)
      if (!before) break
    }
    expect(new Set(seen).size).toBe(6)
    expect(seen).toHaveLength(6)
    expect(await audit.list({ workspaceId: 'another-workspace', limit: 2 })).toEqual([])
    expect(await audit.list({ limit: 100 })).toHaveLength(6)
  })

  test('a transaction that is run again because its commit was lost does nothing twice and loses no token', async () => {
    const again: Database = {
      ...database,
      transaction: async (work, options) => {
        if (options?.repeatable) await database.transaction(work, options)
        return database.transaction(work, options)
      },
    }
    await database.run('DELETE FROM first_workspace')
    const newId = testIds('again')
    const twice = createSeats({ database: again, ledger, now: clock.now, newId })
    const first = (await twice.createFirstWorkspace('first'))!
    const seat = await twice.createSeat({ ...first, name: 'x', role: 'seat', dailyCapPoints: null })
    const rotated = await twice.rotateSeat(first.workspaceId, seat.id)
    const { code } = await twice.createConnectionCode({ ...first, role: 'seat', name: 'y' })
    const redeemed = await twice.redeemConnectionCode(code, null)
    if (isFailure(rotated) || isFailure(redeemed)) throw new Error('failed')
    await twice.changeSeat(first.workspaceId, seat.id, { name: 'z' })

    expect(await working(first.ownerToken, seat.token, rotated.token, redeemed.token)).toEqual([0, 1, 2, 3])
    const audit = await createAudit({ database, now: clock.now, newId }).list({ ...first, limit: 100 })
    expect(audit.map(({ action }) => action).sort()).toEqual([
      'code.create',
      'code.redeem',
      'seat.create',
      'seat.rename',
      'seat.rotate',
      'workspace.create',
    ])
    await twice.close()
  })
})

describe.each(ENGINES)('several processes on one %s', (engine) => {
  let folder: string
  const closing: (() => Promise<void>)[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tariffcell-seats-'))
  })
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()))
    rmSync(folder, { recursive: true })
  })

  async function openProcess(name: string): Promise<{ database: Database; seats: Seats }> {
    const database = await openTestDatabase(folder, engine)
    const { now } = testClock()
    const newId = testIds(name)
    const seats = createSeats({ database, ledger: createLedger({ database, now, newId }), now, newId })
    closing.push(async () => {
      await seats.close()
      await database.close()
    })
    return { database, seats }
  }

  test('that start at once make one first workspace, and its token works in all of them', async () => {
    const all: Awaited<ReturnType<typeof openProcess>>[] = []
    for (const name of ['a', 'b', 'c', 'd']) all.push(await openProcess(name))
    const begin = all.map(
      ({ seats }) =>
        () =>
          seats.createFirstWorkspace('mine'),
    )
    // In one process SQLite's connections would wait for each other for ever; its file lets them in one by one anyway.
    const made = engine === 'sqlite' ? await inTurn(begin) : await Promise.all(begin.map((one) => one()))
    const [only, ...more] = made.filter((one) => one !== null)
    expect(more).toEqual([])
    for (const { seats } of all) expect(await seats.authenticate(only!.ownerToken)).toMatchObject({ role: 'owner' })
    expect(await all[0]!.database.all('SELECT id FROM workspace')).toHaveLength(1)
  })

  test('know at once what became of a seat, where the database carries news', async () => {
    const [here, there] = [await openProcess('here'), await openProcess('there')]
    const { workspaceId } = (await here.seats.createFirstWorkspace('mine'))!
    const { id, token } = await here.seats.createSeat({ workspaceId, name: 'x', role: 'seat', dailyCapPoints: 1 })
    expect(await there.seats.authenticate(token)).toMatchObject({ dailyCapPoints: 1 })
    const news = new Promise<void>((resolve) => {
      there.database.listen('seats', () => resolve())
    })
    await here.seats.revokeSeat(workspaceId, id)
    if (engine === 'sqlite') {
      // Half a minute is what SQLite promises; the file carries no news.
      expect(await there.seats.authenticate(token)).not.toBeNull()
      return
    }
    await news
    expect(await there.seats.authenticate(token)).toBeNull()
  })
})

async function inTurn<Result>(works: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const results: Result[] = []
  for (const work of works) results.push(await work())
  return results
}
