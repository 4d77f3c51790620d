import { hash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAudit } from '../../../proxy/audit/audit.ts'
import { createPairings, matchCode, PAIRINGS_MAX, type Pairings } from '../../../proxy/auth/pairings.ts'
import { MADE_SEATS_MAX } from '../../../proxy/auth/seat-rows.ts'
import { createSeats, type Seat, type Seats } from '../../../proxy/auth/seats.ts'
import type { Database } from '../../../proxy/database.ts'
import { createLedger } from '../../../proxy/ledger/ledger.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { PAIRING_MINUTES } from '../../../shared/pairing-protocol.ts'
import { ENGINES, openTestDatabase, testClock, testIds, type TestClock } from '../../hosts/test-database.ts'

const LIFE_MS = PAIRING_MINUTES * 60_000

interface Process {
  database: Database
  seats: Seats
  pairings: Pairings
}

function openProcess(database: Database, { now }: TestClock, name: string): Process {
  const newId = testIds(name)
  const audit = createAudit({ database, now, newId })
  const seats = createSeats({ database, ledger: createLedger({ database, now, newId }), now, newId })
  return { database, seats, pairings: createPairings({ database, audit, now, newId }) }
}

function newSecret(): { secret: string; challenge: string } {
  const secret = randomBytes(32).toString('base64url')
  return { secret, challenge: hash('sha256', secret, 'base64url') }
}

const outcome = (reply: object): unknown => (isFailure(reply) ? reply.failed : reply)

describe.each(ENGINES)('on %s', (engine) => {
  let clock: TestClock
  let open: Process
  let owner: Seat
  let stranger: Seat

  beforeEach(async () => {
    clock = testClock()
    open = openProcess(await openTestDatabase(null, engine), clock, 'test')
    owner = await ownerOf('mine')
    stranger = await ownerOf('another')
  })
  afterEach(async () => {
    await open.seats.close()
    await open.database.close()
  })

  async function ownerOf(name: string): Promise<Seat> {
    const { ownerToken } = await open.seats.createWorkspace(name)
    return (await open.seats.authenticate(ownerToken))!
  }

  async function person(dailyCapPoints: number | null): Promise<Seat> {
    const { workspaceId } = owner
    const { token } = await open.seats.createSeat({ workspaceId, name: 'desk', role: 'seat', dailyCapPoints })
    return (await open.seats.authenticate(token))!
  }

  async function begin(): Promise<{ secret: string; challenge: string }> {
    const made = newSecret()
    expect(await open.pairings.begin(made.challenge, 'Google Sheets')).toMatchObject({ state: 'open' })
    return made
  }

  const read = async (challenge: string, by = owner) => outcome(await open.pairings.read(challenge, by.workspaceId))
  const decide = async (challenge: string, decision: 'approved' | 'refused', by = owner) =>
    outcome(await open.pairings.decide(challenge, decision, by))
  const redeem = async (secret: string) => outcome(await open.pairings.redeem(secret))

  test('a pairing waits, is approved, and becomes a seat of who approved, once', async () => {
    const { secret, challenge } = await begin()
    expect(await redeem(secret)).toMatchObject({ waiting: { challenge, expiresAt: clock.now() + LIFE_MS } })
    expect(await read(challenge)).toMatchObject({ name: 'Google Sheets', state: 'open' })
    expect(await decide(challenge, 'approved')).toMatchObject({ state: 'approved' })

    const redeemed = await open.pairings.redeem(secret)
    if (isFailure(redeemed) || 'waiting' in redeemed) throw new Error('not redeemed')
    const { workspaceId } = owner
    expect(redeemed.seat).toMatchObject({
      workspaceId,
      role: 'seat',
      name: 'owner · Google Sheets',
      dailyCapPoints: null,
    })
    expect(await open.seats.authenticate(redeemed.token)).toMatchObject({ id: redeemed.seat.id, role: 'seat' })
    await used()
    expect(await redeem(secret)).toBe('pairing-used')
    expect(await read(challenge)).toMatchObject({ state: 'used' })
  })

  /** When it is written that a token was used. */
  const used = () => open.seats.close()

  describe('a reply that was lost', () => {
    async function redeemed(secret: string): Promise<{ seat: Seat; token: string }> {
      const made = await open.pairings.redeem(secret)
      if (isFailure(made) || 'waiting' in made) throw new Error('not redeemed')
      return made
    }

    test('comes again as it was, with the same token of the same seat', async () => {
      const { secret, challenge } = await begin()
      await decide(challenge, 'approved')
      const first = await redeemed(secret)
      expect(await redeemed(secret)).toEqual(first)
      expect(await open.database.all("SELECT id FROM seat WHERE name = 'owner · Google Sheets'")).toHaveLength(1)
      expect(await open.seats.authenticate(first.token)).toMatchObject({ id: first.seat.id })
    })

    test('comes no more once its token was used, its seat has ended or another token has its place, or when the time is over', async () => {
      const all = []
      for (let at = 0; at < 4; at++) {
        const { secret, challenge } = await begin()
        await decide(challenge, 'approved')
        all.push({ secret, ...(await redeemed(secret)) })
      }
      const [inUse, left, replaced, late] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0], (typeof all)[0]]
      await open.seats.authenticate(inUse.token)
      await used()
      await open.seats.revokeSeat(owner.workspaceId, left.seat.id, left.seat.id)
      await open.seats.rotateSeat(owner.workspaceId, replaced.seat.id)
      for (const { secret } of [inUse, left, replaced]) expect(await redeem(secret)).toBe('pairing-used')
      expect(await redeem(late.secret)).toMatchObject({ token: late.token })
      clock.advance(LIFE_MS)
      expect(await redeem(late.secret)).toBe('pairing-expired')
    })

    test('is made of what no one place holds, and not to be made again once the pairing is swept', async () => {
      const [one, other] = [await begin(), await begin()]
      for (const { challenge } of [one, other]) await decide(challenge, 'approved')
      const { token } = await redeemed(one.secret)
      await redeemed(other.secret)
      // Neither from the secret with the salt of another, nor from all that the database holds.
      await open.database.run(
        'UPDATE pairing SET token_salt = (SELECT token_salt FROM pairing WHERE challenge = $2) WHERE challenge = $1',
        [one.challenge, other.challenge],
      )
      expect(await redeem(one.secret)).toBe('pairing-used')
      clock.advance(LIFE_MS)
      await open.pairings.sweep()
      expect(await open.database.all('SELECT * FROM pairing')).toEqual([])
      expect(await open.seats.authenticate(token)).not.toBeNull()
    })
  })

  test('neither the secret nor the token stands in the database', async () => {
    const { secret, challenge } = await begin()
    await decide(challenge, 'approved')
    const redeemed = await open.pairings.redeem(secret)
    if (isFailure(redeemed) || 'waiting' in redeemed) throw new Error('not redeemed')
    const tables = ['pairing', 'seat', 'audit'].map((name) => open.database.all(`SELECT * FROM ${name}`))
    const everything = JSON.stringify(await Promise.all(tables))
    expect(everything).toContain(challenge)
    for (const hidden of [secret, redeemed.token]) expect(everything).not.toContain(hidden)
  })

  test('of twenty who fetch it at once, all get one token', async () => {
    const { secret, challenge } = await begin()
    await decide(challenge, 'approved')
    const tries = await Promise.all(Array.from({ length: 20 }, () => redeem(secret)))
    const [token, ...more] = new Set(tries.map((one) => (one as { token?: string }).token))
    expect([token, more]).toEqual([expect.stringMatching(/^tc_/), []])
    const seats = await open.database.all("SELECT id FROM seat WHERE name = 'owner · Google Sheets'")
    expect(seats).toHaveLength(1)
  })

  test('the challenge, which the browser and its address hold, fetches nothing', async () => {
    const { challenge } = await begin()
    await decide(challenge, 'approved')
    expect(await redeem(challenge)).toBe('pairing-expired')
  })

  test('what was refused stays refused', async () => {
    const { secret, challenge } = await begin()
    expect(await decide(challenge, 'refused')).toMatchObject({ state: 'refused' })
    expect(await redeem(secret)).toBe('pairing-refused')
    expect(await decide(challenge, 'approved')).toBe('pairing-refused')
    expect(await decide(challenge, 'refused')).toMatchObject({ state: 'refused' })
  })

  test('of two who decide at once, approving and refusing, one is heard', async () => {
    const { secret, challenge } = await begin()
    const both = await Promise.all([decide(challenge, 'approved'), decide(challenge, 'refused')])
    expect(both.filter((one) => typeof one === 'object')).toHaveLength(1)
    const isApproved = typeof both[0] === 'object'
    expect(both[isApproved ? 1 : 0]).toBe(isApproved ? 'pairing-used' : 'pairing-refused')
    expect(await redeem(secret)).toEqual(isApproved ? expect.objectContaining({ seat: expect.anything() }) : both[0])
  })

  test('another workspace may take one that is open, and learns nothing of one that was decided', async () => {
    const [open, decided] = [await begin(), await begin()]
    await decide(decided.challenge, 'approved')
    expect(await read(decided.challenge, stranger)).toBe('pairing-expired')
    for (const decision of ['approved', 'refused'] as const)
      expect(await decide(decided.challenge, decision, stranger)).toBe('pairing-expired')
    expect(await read(open.challenge, stranger)).toMatchObject({ state: 'open' })
    await decide(open.challenge, 'approved', stranger)
    expect(await redeem(open.secret)).toMatchObject({ seat: { workspaceId: stranger.workspaceId } })
    expect(await redeem(decided.secret)).toMatchObject({ seat: { workspaceId: owner.workspaceId } })
  })

  test('ends with its time, whether somebody approved it or not, and is swept', async () => {
    const [waiting, approved] = [await begin(), await begin()]
    await decide(approved.challenge, 'approved')
    clock.advance(LIFE_MS - 1)
    expect(await redeem(waiting.secret)).toMatchObject({ waiting: {} })
    clock.advance(1)
    const { challenge } = waiting
    expect([await redeem(waiting.secret), await redeem(approved.secret)]).toEqual([
      'pairing-expired',
      'pairing-expired',
    ])
    expect([await read(challenge), await decide(challenge, 'approved')]).toEqual(['pairing-expired', 'pairing-expired'])
    const young = await begin()
    await open.pairings.sweep()
    expect(await open.database.all('SELECT challenge FROM pairing')).toEqual([{ challenge: young.challenge }])
  })

  test('its seat may spend no more a day than who approved it, by the limit they have when it is fetched', async () => {
    const seat = await person(5)
    const [first, second] = [await begin(), await begin()]
    for (const { challenge } of [first, second]) await decide(challenge, 'approved', seat)
    expect(await redeem(first.secret)).toMatchObject({ seat: { name: 'desk · Google Sheets', dailyCapPoints: 5 } })
    await open.seats.changeSeat(owner.workspaceId, seat.id, { dailyCapPoints: 2 })
    expect(await redeem(second.secret)).toMatchObject({ seat: { dailyCapPoints: 2 } })
  })

  test('its seat shares the daily limit of who approved it, and ends when that one is revoked', async () => {
    const seat = await person(5)
    const { secret, challenge } = await begin()
    await decide(challenge, 'approved', seat)
    const made = await open.pairings.redeem(secret)
    if (isFailure(made) || 'waiting' in made) throw new Error('it was not fetched')
    expect(await open.database.get('SELECT made_from AS "from" FROM seat WHERE id = $1', [made.seat.id])).toEqual({
      from: seat.id,
    })
    await open.seats.revokeSeat(owner.workspaceId, seat.id)
    expect(await open.seats.authenticate(made.token)).toBeNull()
  })

  test('is not approved, and not fetched either, once so many came from who approves', async () => {
    const seat = await person(null)
    const [approved, open_] = [await begin(), await begin()]
    await decide(approved.challenge, 'approved', seat)
    const values = Array.from(
      { length: MADE_SEATS_MAX },
      (_, at) => `('made ${at}', '${seat.workspaceId}', 'x', 'seat', '', 0, '${seat.id}', '${seat.id}')`,
    )
    await open.database.run(
      `INSERT INTO seat(id, workspace_id, name, role, token_hash, created_at, made_from, made_first) VALUES ${values.join(', ')}`,
    )
    expect([await redeem(approved.secret), await decide(open_.challenge, 'approved', seat)]).toEqual([
      'too-many-made-seats',
      'too-many-made-seats',
    ])
    // It was approved before, and hears so.
    expect(await decide(approved.challenge, 'approved', seat)).toMatchObject({ state: 'approved' })
    expect(await decide(open_.challenge, 'refused', seat)).toMatchObject({ state: 'refused' })
    await open.seats.revokeSeat(seat.workspaceId, 'made 0')
    expect(await redeem(approved.secret)).toMatchObject({ seat: { firstId: seat.id } })
  })

  test('its name says whose it is, however long that is, within what names may have', async () => {
    const { workspaceId } = owner
    const long = { workspaceId, name: 'm'.repeat(80), role: 'seat', dailyCapPoints: null } as const
    const nameless = { ...long, name: '' }
    const names: string[] = []
    for (const wanted of [long, nameless]) {
      const by = (await open.seats.authenticate((await open.seats.createSeat(wanted)).token))!
      const { secret, challenge } = await begin()
      await decide(challenge, 'approved', by)
      const redeemed = await open.pairings.redeem(secret)
      if (isFailure(redeemed) || 'waiting' in redeemed) throw new Error('not redeemed')
      names.push(redeemed.seat.name)
    }
    expect(names).toEqual(['m'.repeat(80), 'Google Sheets'])
  })

  test('its name in lists says that it is a seat where what asked gave none', async () => {
    const { secret, challenge } = newSecret()
    expect(await open.pairings.begin(challenge, '')).toMatchObject({ name: '' })
    await decide(challenge, 'approved')
    expect(await redeem(secret)).toMatchObject({ seat: { name: 'owner · seat' } })
  })

  test('what somebody approved who was revoked since is not made', async () => {
    const seat = await person(null)
    const { secret, challenge } = await begin()
    await decide(challenge, 'approved', seat)
    await open.seats.revokeSeat(owner.workspaceId, seat.id)
    expect(await redeem(secret)).toBe('pairing-refused')
  })

  test('begun again, as after a reply that was lost, it is the same one', async () => {
    const { challenge } = await begin()
    clock.advance(1000)
    expect(await open.pairings.begin(challenge, 'another name')).toMatchObject({
      name: 'Google Sheets',
      expiresAt: clock.now() - 1000 + LIFE_MS,
    })
  })

  test('so many may wait and no more, and there is room again when they have ended', async () => {
    await fill('open', 1000)
    expect(outcome(await open.pairings.begin(newSecret().challenge, 'x'))).toBe('too-many-pairings')
    clock.advance(1000)
    await begin()
  })

  test.each(['approved', 'refused', 'used'] as const)(
    'what is %s waits no more, and takes nobody’s place',
    async (state) => {
      await fill(state, 1000)
      await begin()
    },
  )

  async function fill(state: string, leftMs: number): Promise<void> {
    const decided = state === 'open' ? 'NULL, NULL, NULL' : `'${owner.workspaceId}', '${owner.id}', 'made'`
    const endsAt = clock.now() + leftMs
    const rows = Array.from({ length: PAIRINGS_MAX }, (_, at) => `('${at}', 'x', '${state}', ${endsAt}, ${decided})`)
    await open.database.run(
      `INSERT INTO pairing(challenge, name, state, expires_at, workspace_id, decided_by, seat_id) VALUES ${rows.join(', ')}`,
    )
  }

  test('is written down once: who approved, who refused, what seat it became', async () => {
    const [approved, refused] = [await begin(), await begin()]
    await decide(approved.challenge, 'approved')
    await decide(approved.challenge, 'approved')
    await decide(refused.challenge, 'refused')
    const redeemed = await open.pairings.redeem(approved.secret)
    await redeem(approved.secret)
    if (isFailure(redeemed) || 'waiting' in redeemed) throw new Error('not redeemed')
    const audit = createAudit({ database: open.database, now: clock.now, newId: testIds() })
    const { workspaceId, id: ownerId } = owner
    const entries = await audit.list({ workspaceId, limit: 100 })
    const told = entries
      .filter(({ action }) => action.startsWith('pairing.'))
      .map(({ actor, action, detail }) => [action, actor, detail])
    const name = 'Google Sheets'
    const { id } = redeemed.seat
    expect(told).toHaveLength(3)
    expect(told).toEqual(
      expect.arrayContaining([
        ['pairing.approve', ownerId, { name, code: matchCode(approved.challenge) }],
        ['pairing.refuse', ownerId, { name, code: matchCode(refused.challenge) }],
        [
          'pairing.redeem',
          id,
          { seat: id, name: `owner · ${name}`, role: 'seat', dailyCapPoints: null, approvedBy: ownerId },
        ],
      ]),
    )
  })

  test('a transaction that is run again because its commit was lost makes one seat, and its token works', async () => {
    const { database } = open
    const again: Database = {
      ...database,
      transaction: async (work, options) => {
        if (options?.repeatable) await database.transaction(work, options)
        return database.transaction(work, options)
      },
    }
    const { pairings } = openProcess(again, clock, 'again')
    const { secret, challenge } = await begin()
    expect(outcome(await pairings.decide(challenge, 'approved', owner))).toMatchObject({ state: 'approved' })
    const redeemed = await pairings.redeem(secret)
    if (isFailure(redeemed) || 'waiting' in redeemed) throw new Error('not redeemed')
    expect(await open.seats.authenticate(redeemed.token)).toMatchObject({ name: 'owner · Google Sheets' })
    const written = await database.all("SELECT action FROM audit WHERE action LIKE 'pairing.%' ORDER BY action")
    expect(written).toEqual([{ action: 'pairing.approve' }, { action: 'pairing.redeem' }])
  })
})

test.each(ENGINES)('each step may be another process’s, on %s', async (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-pairings-'))
  const clock = testClock()
  const all: Process[] = []
  for (const name of ['a', 'b', 'c']) all.push(openProcess(await openTestDatabase(folder, engine), clock, name))
  const [one, two, three] = all as [Process, Process, Process]
  const { ownerToken } = await one.seats.createWorkspace('mine')
  const { secret, challenge } = newSecret()
  await one.pairings.begin(challenge, 'x')
  await two.pairings.decide(challenge, 'approved', (await two.seats.authenticate(ownerToken))!)
  const redeemed = await three.pairings.redeem(secret)
  if (isFailure(redeemed) || 'waiting' in redeemed) throw new Error('not redeemed')
  expect(await two.pairings.redeem(secret)).toEqual(redeemed)
  expect(await one.seats.authenticate(redeemed.token)).toMatchObject({ role: 'seat' })
  await one.seats.close()
  expect(outcome(await two.pairings.redeem(secret))).toBe('pairing-used')
  for (const { seats, database } of all) {
    await seats.close()
    await database.close()
  }
  rmSync(folder, { recursive: true })
})

test('match codes of different challenges differ, and read well', () => {
  const codes = Array.from({ length: 500 }, () => matchCode(newSecret().challenge))
  for (const code of codes) expect(code).toMatch(/^[2-9A-HJKMNP-Z]{3}-[2-9A-HJKMNP-Z]{3}$/)
  expect(new Set(codes).size).toBeGreaterThan(495)
})
