import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CONNECTION_CODE_MINUTES, createSeats, type Seats } from '../../../proxy/auth/seats.ts'
import type { Database } from '../../../proxy/database.ts'
import { createLedger } from '../../../proxy/ledger/ledger.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { openTestDatabase, testClock, testIds, type TestClock } from '../../hosts/test-database.ts'

let database: Database
let seats: Seats
let clock: TestClock
let workspaceId: string
let ownerToken: string

beforeEach(async () => {
  database = await openTestDatabase()
  clock = testClock()
  const newId = testIds()
  seats = createSeats({ database, ledger: createLedger({ database, now: clock.now, newId }), now: clock.now, newId })
  const made = await seats.createFirstWorkspace('mine')
  workspaceId = made!.workspaceId
  ownerToken = made!.ownerToken
})
afterEach(() => database.close())

async function redeem(code: string) {
  const redeemed = await seats.redeemConnectionCode(code, 'sheet')
  return isFailure(redeemed) ? redeemed.failed : redeemed
}

describe('a token', () => {
  test('proves its seat and no other', async () => {
    expect(await seats.authenticate(ownerToken)).toMatchObject({ workspaceId, role: 'owner' })
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
    const everything = JSON.stringify([
      await database.all('SELECT * FROM seat'),
      await database.all('SELECT * FROM connection_code'),
    ])
    expect(everything).not.toContain(ownerToken)
    // The secret may hold an underscore of its own, so it is what follows the second one.
    const secret = ownerToken.split('_').slice(2).join('_')
    expect(secret).toHaveLength(43)
    expect(everything).not.toContain(secret)
    expect(everything).not.toContain(code)
    expect(everything).not.toContain(code.replaceAll('-', ''))
  })

  test('ends at once when its seat is revoked, though it was just used', async () => {
    const { id, token } = await seats.createSeat({ workspaceId, name: 'x', role: 'seat', dailyCapPoints: 5 })
    expect(await seats.authenticate(token)).toMatchObject({ id, dailyCapPoints: 5 })
    expect(await seats.revokeSeat('another-workspace', id)).toMatchObject({ failed: 'seat-unknown' })
    expect(await seats.authenticate(token)).not.toBeNull()
    expect(await seats.revokeSeat(workspaceId, id)).toBe('revoked')
    expect(await seats.revokeSeat(workspaceId, id)).toBe('before')
    expect(await seats.authenticate(token)).toBeNull()
  })
})

describe('a connection code', () => {
  test('becomes a seat once, with or without its dashes and in any case', async () => {
    const { code } = await seats.createConnectionCode({ workspaceId, role: 'cell', name: 'x' })
    const redeemed = await redeem(code.toLowerCase().replaceAll('-', ' '))
    expect(redeemed).toMatchObject({ seat: { workspaceId, role: 'cell', name: 'sheet' } })
    expect(typeof redeemed === 'object' && (await seats.authenticate(redeemed.token))).toMatchObject({ role: 'cell' })
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
})
