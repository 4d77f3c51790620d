/// <reference lib="dom" />
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../shared/clock.ts'
import { createSession, type Session } from '../../excel-addin/session.ts'
import { createConnection, takeCodeFromAddress, type Connection } from '../../proxy/playground/connection.ts'

type Route = () => Response | Promise<Response>

let routes: Record<string, Route>
let asked: string[]
let session: Session

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  routes = {
    '/v1/points': () =>
      Response.json({ balance: 40, held: 0, posted: 40, spentToday: 0, dailyCap: null, capLeft: null }),
  }
  session = newSession()
})
afterEach(() => vi.useRealTimers())

const answer = async (input: string | URL | Request): Promise<Response> => {
  const path = new URL(input instanceof Request ? input.url : input).pathname
  asked.push(path)
  return await (routes[path] ?? (() => new Response(null, { status: 404 })))()
}
const refused = (code: string): Response =>
  Response.json({ error: { code, message: `${code} No.`, retryable: false } }, { status: 401 })
const paired = (): Response =>
  Response.json({
    token: 'a-token',
    seat: { id: 's', name: 'Playground', role: 'seat', dailyCapPoints: null },
    workspace: { id: 'w', name: 'W' },
  })

function newSession(): Session {
  const kept = new Map<string, string>()
  return createSession({
    store: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    partitionKey: () => '',
    defaultBaseUrl: 'http://proxy.test',
    defaultLanguage: () => 'en',
    fetch: answer,
    clock: systemClock,
  })
}

function open(): Connection {
  return createConnection({ session, fetch: answer, onChange: () => undefined })
}

test('a code becomes a token, and the balance is shown', async () => {
  routes['/v1/session'] = paired
  const connection = open()
  await connection.connect('AAAA-BBBB-CCCC')
  expect(connection.state).toEqual({ kind: 'connected', balance: 40 })
  expect(session.token()).toBe('a-token')
})

test('a link opened a second time goes on with the token of the first', async () => {
  routes['/v1/session'] = paired
  await open().connect('AAAA-BBBB-CCCC')
  routes['/v1/session'] = () => refused('TC-431')
  const again = open()
  await again.connect('AAAA-BBBB-CCCC')
  expect(again.state.kind).toBe('connected')
})

test('a refused code says why', async () => {
  routes['/v1/session'] = () => refused('TC-431')
  const connection = open()
  await connection.connect('AAAA-BBBB-CCCC')
  expect(connection.state).toEqual({ kind: 'not-connected', refusal: 'TC-431 No.' })
})

test('a token that no longer holds is forgotten', async () => {
  routes['/v1/session'] = paired
  const connection = open()
  await connection.connect('AAAA-BBBB-CCCC')
  routes['/v1/points'] = () => refused('TC-401')
  await connection.refresh()
  expect(connection.state).toEqual({ kind: 'not-connected', refusal: 'TC-401 No.' })
  expect(session.token()).toBeNull()
})

test('what the pane on another page does to the connection is seen here', async () => {
  routes['/v1/session'] = paired
  const connection = open()
  await session.connect('AAAA-BBBB-CCCC')
  await vi.waitFor(() => expect(connection.state).toEqual({ kind: 'connected', balance: 40 }))
  await session.forget()
  expect(connection.state).toEqual({ kind: 'not-connected', refusal: null })
})

test('an answer that was on its way when this browser was disconnected connects nobody', async () => {
  routes['/v1/session'] = paired
  const connection = open()
  await connection.connect('AAAA-BBBB-CCCC')
  await session.forget()
  connection.answered(39)
  expect(connection.state.kind).toBe('not-connected')
})

test('a proxy that is away is looked for, less and less often, until it is back', async () => {
  routes['/v1/session'] = paired
  const connection = open()
  await connection.connect('AAAA-BBBB-CCCC')
  const pointsRoute = routes['/v1/points']!
  routes['/v1/points'] = () => Promise.reject(new TypeError('fetch failed'))
  asked = []
  connection.lost()
  expect(connection.state.kind).toBe('unreachable')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.length).toBeGreaterThan(3)
  expect(asked.length).toBeLessThan(10)
  routes['/v1/points'] = pointsRoute
  await vi.advanceTimersByTimeAsync(31_000)
  expect(connection.state.kind).toBe('connected')
})

test('the code leaves the address, and nothing else does', () => {
  const replaceState = vi.fn()
  const code = takeCodeFromAddress(
    { href: 'http://proxy.test/?lang=fr&code=AAAA-BBBB#here' } as Location,
    { replaceState } as unknown as History,
  )
  expect(code).toBe('AAAA-BBBB')
  expect(replaceState).toHaveBeenCalledWith(null, '', '/?lang=fr#here')
})
