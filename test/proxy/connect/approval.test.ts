import { beforeEach, expect, test } from 'vitest'
import { createSession, connectionEntry, type Session } from '../../../excel-addin/session.ts'
import { challengeIn, createApproval, type Approval, type ApprovalState } from '../../../proxy/connect/approval.ts'
import { createFakeClock } from '../../excel-addin/fake-clock.ts'

const BASE = 'http://proxy.test'
const CHALLENGE = 'c'.repeat(43)
const PAIRING = { matchCode: 'ABC-DEF', name: 'Google Sheets', state: 'open', expiresAt: '2026-11-30T12:00:00.000Z' }
const SEAT = {
  seat: { id: 'seat-1', name: 'Marie', role: 'seat', dailyCapPoints: null },
  workspace: { id: 'workspace-1', name: 'mine' },
}
const AWAY = { error: { code: 'TC-503', message: 'away', retryable: true } }

type Reply = [status: number, body: object]

let session: Session
let replies: Record<string, Reply | 'no answer'>
let shown: ApprovalState[]
let asked: string[]
beforeEach(() => {
  replies = { 'GET /v1/session': [200, SEAT], [`GET /v1/pairings/${CHALLENGE}`]: [200, PAIRING] }
  shown = []
  asked = []
})

function open(token: string | null = 'a token', challenge: string | null = CHALLENGE): Approval {
  const kept = new Map(token === null ? [] : [connectionEntry({ baseUrl: BASE, token })])
  session = createSession({
    store: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
    },
    partitionKey: () => '',
    defaultBaseUrl: BASE,
    defaultLanguage: () => 'en',
    async fetch(url, { method = 'GET' }) {
      const call = `${method} ${url.slice(BASE.length)}`
      asked.push(call)
      const reply = replies[call] ?? [204, {}]
      if (reply === 'no answer') throw new TypeError('fetch failed')
      const [status, body] = reply
      return status === 204 ? new Response(null, { status }) : Response.json(body, { status })
    },
    clock: createFakeClock(),
  })
  return createApproval({ session, clock: createFakeClock(), challenge, onChange: (state) => shown.push(state) })
}

test('an answer that does not arrive leaves the question there, to be answered again', async () => {
  const approval = open()
  await approval.look()
  replies[`POST /v1/pairings/${CHALLENGE}/approve`] = 'no answer'
  await approval.decide('approve')
  expect(approval.state).toMatchObject({ kind: 'asking', isBusy: false, trouble: expect.stringMatching(/^TC-520 /) })
  replies[`POST /v1/pairings/${CHALLENGE}/approve`] = [200, { ...PAIRING, state: 'approved' }]
  await approval.decide('approve')
  expect(approval.state).toEqual({ kind: 'approved' })
})

test('two presses answer once', async () => {
  const approval = open()
  await approval.look()
  replies[`POST /v1/pairings/${CHALLENGE}/approve`] = [200, { ...PAIRING, state: 'approved' }]
  await Promise.all([approval.decide('approve'), approval.decide('refuse')])
  expect(asked.filter((call) => call.startsWith('POST'))).toEqual([`POST /v1/pairings/${CHALLENGE}/approve`])
  expect(approval.state).toEqual({ kind: 'approved' })
})

test.each([
  ['approved', 'approved'],
  ['used', 'approved'],
  ['refused', 'refused'],
])('loaded again after it was %s, the page says that it is %s', async (state, kind) => {
  replies[`GET /v1/pairings/${CHALLENGE}`] = [200, { ...PAIRING, state }]
  const approval = open()
  await approval.look()
  expect(approval.state).toEqual({ kind })
})

test('a proxy that is away is said to be, and a later look finds it', async () => {
  replies['GET /v1/session'] = [503, AWAY]
  const approval = open()
  await approval.look()
  expect(approval.state).toEqual({ kind: 'trouble', error: AWAY.error })
  replies['GET /v1/session'] = [200, SEAT]
  await approval.look()
  expect(approval.state).toMatchObject({ kind: 'asking', by: SEAT })
})

test('a token that is no longer good is forgotten, and its refusal stands beside the form', async () => {
  replies['GET /v1/session'] = [401, { error: { code: 'TC-401', message: 'TC-401 not connected', retryable: false } }]
  const approval = open()
  await approval.look()
  expect(session.token()).toBeNull()
  expect(approval.state).toEqual({ kind: 'not-connected', refusal: 'TC-401 not connected', isBusy: false })
})

test('an address without a challenge asks nobody', async () => {
  const approval = open('a token', null)
  await approval.look()
  expect(approval.state).toEqual({ kind: 'no-link' })
  expect(asked).toEqual([])
})

test('a code that is taken connects this browser, and it is asked at once', async () => {
  const approval = open(null)
  await approval.look()
  expect(approval.state).toMatchObject({ kind: 'not-connected' })
  replies['POST /v1/session'] = [201, { ...SEAT, token: 'another token' }]
  await approval.connect('ABCD-EFGH-JKMN', 'Marie')
  await expect.poll(() => approval.state.kind).toBe('asking')
})

test.each([
  [`#${CHALLENGE}`, CHALLENGE],
  ['', null],
  [`#${CHALLENGE}/../seats`, null],
  ['#short', null],
])('of the address %s the challenge is %s', (hash, challenge) => {
  expect(challengeIn({ hash })).toBe(challenge)
})

test('when another page of this browser changes the seat, nothing is answered for the one that was shown', async () => {
  const approval = open()
  await approval.look()
  replies['POST /v1/session'] = [201, { token: 'another token', ...SEAT }]
  const connecting = session.connect('ABCD-EFGH-JKMN')
  await connecting
  // Its question is gone before the new one is there.
  expect(shown.find(({ kind }, at) => kind === 'looking' && shown[at - 1]?.kind !== 'looking')).toBeDefined()
  await approval.decide('approve')
  expect(asked.filter((call) => call.endsWith('/approve'))).toEqual([])
})

test('an answer that comes back after the seat has changed says nothing of the new question', async () => {
  const approval = open()
  await approval.look()
  replies['POST /v1/session'] = [201, { token: 'another token', ...SEAT }]
  replies[`POST /v1/pairings/${CHALLENGE}/approve`] = [200, { ...PAIRING, state: 'approved' }]
  const deciding = approval.decide('approve')
  await session.connect('ABCD-EFGH-JKMN')
  await deciding
  await approval.look()
  expect(approval.state).toMatchObject({ kind: 'asking', isBusy: false })
})
