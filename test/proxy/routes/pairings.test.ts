import { hash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { pairingBegunReply, pairingReply } from '../../../shared/pairing-protocol.ts'
import { sessionReply } from '../../../shared/protocol.ts'
import { fakeProvider } from '../../hosts/fake-provider.ts'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'

let house: TestHouse
let proxy: TestProxy
beforeEach(async () => {
  house = await openTestHouse({ providers: [fakeProvider()], points: 100 })
  proxy = await startTestProxy(house)
})
afterEach(async () => {
  await proxy.close()
  await house.close()
})

const secret = randomBytes(32).toString('base64url')
const challenge = hash('sha256', secret, 'base64url')

interface Reply {
  status: number
  json: unknown
  /** Of a failure. */
  code: string | null
  retryAfter: string | null
}

async function call(method: string, path: string, body?: unknown, token?: string, headers = {}): Promise<Reply> {
  const response = await fetch(proxy.url + path, {
    method,
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect(response.headers.get('cache-control')).toBe('no-store')
  const json = (await response.json()) as { error?: { code: string } }
  return {
    status: response.status,
    json,
    code: json.error?.code ?? null,
    retryAfter: response.headers.get('retry-after'),
  }
}

const begin = (name = 'Google Sheets') => call('POST', '/v1/pairings', { challenge, name })
const poll = () => call('POST', '/v1/session', { pairing: secret })
const decide = (deed: 'approve' | 'refuse', token = house.ownerTokens[0]) =>
  call('POST', `/v1/pairings/${challenge}/${deed}`, undefined, token)

async function seatToken(role: 'seat' | 'cell', dailyCapPoints: number | null = null) {
  const { workspaceId } = house.askers[0]
  return house.seats.createSeat({ workspaceId, name: 'desk', role, dailyCapPoints })
}

test('an add-on asks without a token, a person approves, and the secret fetches a token that works', async () => {
  const begun = await begin()
  expect(begun.status).toBe(201)
  const { matchCode, expiresAt } = z.parse(pairingBegunReply, begun.json)
  expect(await poll()).toMatchObject({ status: 202, json: { expiresAt }, retryAfter: '2' })

  const shown = await call('GET', `/v1/pairings/${challenge}`, undefined, house.ownerTokens[0])
  expect(z.parse(pairingReply, shown.json)).toEqual({ matchCode, name: 'Google Sheets', state: 'open', expiresAt })
  const approved = await decide('approve')
  expect([approved.status, z.parse(pairingReply, approved.json).state]).toEqual([200, 'approved'])
  expect(JSON.stringify([shown.json, approved.json])).not.toContain('tc_')

  const fetched = await poll()
  expect(fetched.status).toBe(201)
  // As after a reply that was lost on its way.
  expect(await poll()).toEqual(fetched)
  const { token, seat, workspace } = z.parse(sessionReply, fetched.json)
  expect([seat.role, workspace.id]).toEqual(['seat', house.askers[0].workspaceId])
  const session = await call('GET', '/v1/session', undefined, token)
  expect(z.parse(sessionReply, session.json).seat).toEqual(seat)
  await house.seats.close()
  expect(await poll()).toMatchObject({ status: 409, code: 'TC-452' })
})

test('two looks at the same moment get one token', async () => {
  await begin()
  await decide('approve')
  const both = await Promise.all([poll(), poll()])
  expect(both.map(({ status }) => status)).toEqual([201, 201])
  expect(both[0].json).toEqual(both[1].json)
})

test('what is refused, unknown or late is said by its name', async () => {
  expect(await poll()).toMatchObject({ status: 404, code: 'TC-450' })
  await begin()
  await decide('refuse')
  expect(await poll()).toMatchObject({ status: 409, code: 'TC-451' })
  expect(await decide('approve')).toMatchObject({ status: 409, code: 'TC-451' })
  house.clock.advance(10 * 60_000)
  expect(await poll()).toMatchObject({ status: 404, code: 'TC-450' })
  expect(await decide('approve')).toMatchObject({ status: 404, code: 'TC-450' })
})

describe('who approves', () => {
  test('is a person with the newest token: no token of role cell, none that was replaced, none at all', async () => {
    await begin()
    const cell = await seatToken('cell')
    expect(await decide('approve', cell.token)).toMatchObject({ status: 403, code: 'TC-403' })
    const { id, token } = await seatToken('seat')
    await house.seats.rotateSeat(house.askers[0].workspaceId, id)
    for (const deed of ['approve', 'refuse'] as const)
      expect(await decide(deed, token)).toMatchObject({ status: 403, code: 'TC-403' })
    expect(await call('POST', `/v1/pairings/${challenge}/approve`)).toMatchObject({ status: 401, code: 'TC-401' })
    expect(await call('GET', `/v1/pairings/${challenge}`)).toMatchObject({ status: 401, code: 'TC-401' })
    expect(await poll()).toMatchObject({ status: 202 })
  })

  test('gives on no more than they may spend a day', async () => {
    await begin()
    await decide('approve', (await seatToken('seat', 7)).token)
    expect((await poll()).json).toMatchObject({
      seat: { dailyCapPoints: 7, role: 'seat', name: 'desk · Google Sheets' },
    })
  })

  test('spends the points of their own workspace, and of no other', async () => {
    await begin()
    await decide('approve', house.ownerTokens[1])
    expect((await poll()).json).toMatchObject({ workspace: { id: house.askers[1].workspaceId } })
  })
})

test('one address begins so many, and no other has fewer for it; looks, of which there are many more, go on', async () => {
  await proxy.close()
  proxy = await startTestProxy(house, { trustedProxies: ['loopback'] })
  let begun = 0
  const beginFrom = async (address: string): Promise<Reply> => {
    const body = { challenge: hash('sha256', String(begun++), 'base64url') }
    return call('POST', '/v1/pairings', body, undefined, { 'X-Forwarded-For': address })
  }
  const [one, other] = ['198.51.100.1', '198.51.100.2']
  for (let at = 0; at < 30; at++) expect((await beginFrom(one)).status).toBe(201)
  const refused = await beginFrom(one)
  expect([refused.status, refused.code, Number(refused.retryAfter) > 60]).toEqual([429, 'TC-429', true])
  expect((await beginFrom(other)).status).toBe(201)
  // Who has one IPv6 network easily has the thousands beside it.
  for (let at = 0; at < 30; at++) expect((await beginFrom(`2001:db8:1:${at.toString(16)}::1`)).status).toBe(201)
  expect([(await beginFrom('2001:db8:1:ffff::1')).status, (await beginFrom('2001:db8:2::1')).status]).toEqual([
    429, 201,
  ])

  const looks = await Promise.all(Array.from({ length: 200 }, poll))
  expect(new Set(looks.map(({ code }) => code))).toEqual(new Set(['TC-450']))
  // Nor are they counted as wrong codes.
  expect(await call('POST', '/v1/session', { code: 'AAAA-AAAA-AAAA' })).toMatchObject({ code: 'TC-431' })
})

test('a secret or a challenge of another form is refused, and so is whatever else is sent along', async () => {
  for (const body of [{ pairing: 'x' }, { pairing: 1 }, { pairing: secret, code: 'AAAA-AAAA-AAAA' }, { pairing: null }])
    expect(await call('POST', '/v1/session', body)).toMatchObject({ status: 400, code: 'TC-131' })
  for (const body of [
    { challenge: 'x' },
    { challenge, name: '' },
    { challenge, name: 'two\nlines' },
    { challenge, x: 1 },
  ])
    expect(await call('POST', '/v1/pairings', body)).toMatchObject({ status: 400, code: 'TC-131' })
})
