/** The walls between workspaces, and what every route says to bad requests. The routes and how to add one: test/hosts/walls.ts. */
import express, { Router } from 'express'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tablesWith } from '../../hosts/test-database.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'
import {
  bytesMaxOf,
  MARK,
  methodOf,
  openWalledHouse,
  pathOf,
  routesOf,
  WALLS,
  type Wall,
  type WalledHouse,
} from '../../hosts/walls.ts'

let walled: WalledHouse
let proxy: TestProxy
beforeAll(async () => {
  walled = await openWalledHouse()
})
afterAll(() => walled.close())
// Its limits on failed tries begin anew with each test. As behind another server: nobody counts as a caller on this machine.
beforeEach(async () => {
  proxy = await startTestProxy({ ...walled.house, ...walled }, { forwarded: true })
})
afterEach(() => proxy.close())

interface Reply {
  status: number
  /** Of the failure; null where it is none. */
  code: string | null
  text: string
}

async function send(
  wall: Wall,
  sent: { id?: string; token?: string | undefined; body?: unknown; type?: string; query?: string },
): Promise<Reply> {
  const { id = NOBODY, token, body, type = 'application/json', query = '' } = sent
  const response = await fetch(`${proxy.url}${pathOf(wall, id)}${query}`, {
    method: methodOf(wall),
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': type }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, code: codeOf(response, text), text }
}

/** @throws when a failure is anything but its code, its sentence and whether to try again. */
function codeOf(response: Response, text: string): string | null {
  if (response.status < 400) return null
  expect(text).not.toMatch(/node_modules|\.ts\b|\.js\b|\bat .*:\d+|SQL|Error:/)
  if (!response.headers.get('content-type')?.includes('application/json'))
    return /^TC-\d{3}(?= )/.exec(text)?.[0] ?? text
  const body = JSON.parse(text) as { error: { code: string } }
  expect(Object.keys(body)).toEqual(['error'])
  expect(Object.keys(body.error).sort()).toEqual(['code', 'message', 'retryable'])
  return body.error.code
}

const NOBODY = 'nobody-000000'
const one = () => walled.one.ownerToken
const two = () => walled.two.ownerToken

async function seatToken(tenant: 'one' | 'two', role: 'seat' | 'cell'): Promise<string> {
  const { workspaceId } = walled[tenant]
  const name = tenant === 'one' ? `${MARK} ${role}` : role
  return (await walled.house.seats.createSeat({ workspaceId, name, role, dailyCapPoints: null })).token
}

/** All that is stored of a workspace. */
async function rowsOf(workspaceId: string): Promise<string> {
  const { database } = walled.house
  const tables = await tablesWith(database, 'workspace_id')
  expect(tables.length).toBeGreaterThan(5)
  const rows = await Promise.all(
    tables.map((name) => database.all(`SELECT * FROM ${name} WHERE workspace_id = $1 ORDER BY 1, 2`, [workspaceId])),
  )
  return JSON.stringify([rows, await database.all('SELECT * FROM workspace WHERE id = $1', [workspaceId])], null, 1)
}

/** What of workspace one stands in a reply to workspace two, which sent one id itself. */
async function tracesOfOne(text: string, sent = NOBODY): Promise<string[]> {
  const seats = await walled.house.database.all<{ id: string }>('SELECT id FROM seat WHERE workspace_id = $1', [
    walled.one.workspaceId,
  ])
  const objects = await Promise.all(WALLS.map((wall) => walled.objectOf(wall, walled.one)))
  const traces = [MARK, walled.one.workspaceId, ...seats.map(({ id }) => id), ...objects.filter((id) => id !== '')]
  const said = text.replaceAll(sent, '')
  return traces.filter((trace) => said.includes(trace))
}

const named = (walls: readonly Wall[]): [string, Wall][] => walls.map((wall) => [wall.route, wall])
const all = named(WALLS)
const closed = named(WALLS.filter((wall) => wall.for !== 'anyone'))
const withObject = named(WALLS.filter(({ object }) => object))
const withFile = named(WALLS.filter(({ csv }) => csv !== undefined))
const withBody = named(WALLS.filter(({ body }) => body))

test('every route of the app is in the table, and every route of the table is in the app', () => {
  const known = WALLS.map(({ route }) => route)
  expect([...new Set(routesOf(proxy.express))].sort()).toEqual([...known].sort())
  // What anyone may call proves itself by what it holds.
  const withParameter = WALLS.filter((wall) => wall.for !== 'anyone' && wall.route.includes(':'))
  expect(withParameter.filter(({ object, unknown }) => !object || unknown === undefined)).toEqual([])
})

test('a route is found however deep its router lies', () => {
  const [app, outer, inner] = [express(), Router(), Router()]
  inner.get('/', (_request, response) => void response.end())
  inner.post('/:job/pause', (_request, response) => void response.end())
  outer.use((_request, _response, next) => next(), inner)
  app.use('/v1', (_request, _response, next) => next(), Router().use('/jobs', outer))
  expect(routesOf(app)).toEqual(['GET /v1/jobs', 'POST /v1/jobs/:job/pause'])
})

describe('to workspace two', () => {
  test.each(withObject)('%s says of what workspace one has what it says of what nobody has', async (_, wall) => {
    const id = await walled.objectOf(wall, walled.one)
    const before = await rowsOf(walled.one.workspaceId)
    const foreign = await send(wall, { id, token: two(), body: wall.body })
    const unknown = await send(wall, { token: two(), body: wall.body })
    expect([foreign.status, foreign.code]).toEqual([404, wall.unknown])
    expect(foreign.text.replaceAll(id, NOBODY)).toBe(unknown.text)
    expect(await tracesOfOne(foreign.text, id)).toEqual([])
    expect(await rowsOf(walled.one.workspaceId)).toBe(before)
  })

  test.each(withObject)('%s takes no id that is none', async (_, wall) => {
    for (const id of ['../seats', "x' OR '1'='1", '\u0000', '💣', 'x'.repeat(3000), '%', '*']) {
      expect(await send(wall, { id, token: two(), body: wall.body }), id).toMatchObject({ status: 404 })
    }
    const path = pathOf(wall, NOBODY).replace(NOBODY, '%E0%A4%A')
    const response = await fetch(proxy.url + path, {
      method: methodOf(wall),
      headers: { Authorization: `Bearer ${two()}` },
    })
    expect([response.status, codeOf(response, await response.text())]).toEqual([404, 'TC-404'])
  })

  test.each(named(WALLS.filter((wall) => methodOf(wall) === 'GET' && !wall.object)))(
    '%s shows nothing of workspace one',
    async (_, wall) => {
      const { status, text } = await send(wall, { token: two() })
      expect(status).toBeLessThan(500)
      expect(await tracesOfOne(text)).toEqual([])
    },
  )

  test('but to workspace one itself the marks are there to be seen', async () => {
    const seen: string[] = []
    for (const wall of WALLS.filter((wall) => methodOf(wall) === 'GET')) {
      const { text } = await send(wall, { id: await walled.objectOf(wall, walled.one), token: one() })
      if (text.includes(MARK)) seen.push(wall.route)
    }
    expect(seen).toEqual(
      expect.arrayContaining([
        'GET /v1/session',
        'GET /v1/points/entries',
        'GET /v1/seats',
        'GET /v1/audit',
        'GET /v1/consultations',
        'GET /v1/consultations/:form',
        'GET /v1/memory',
        'GET /v1/memory/export',
      ]),
    )
  })
})

test.each(['%00', '..%2Fseats', 'x%00y', '%F0%9F%92%A3', 'x'.repeat(3000), '*'])(
  'who has no token is told nothing by an id that is none: %s',
  async (id) => {
    const post = { method: 'POST', body: '{"taskId":"t","status":"completed"}' }
    for (const [path, init] of [
      [`/v1/webhooks/jiayou/${id}`, post],
      [`/v1/points/return?recharge=${id}&key=${id}`, {}],
      [`/v1/points/cancelled?recharge=${id}&key=${id}`, {}],
    ] as const) {
      const response = await fetch(proxy.url + path, init)
      expect([400, 401, 404], path).toContain(response.status)
      expect(await response.text()).not.toMatch(/node_modules|\.ts\b|SQL|Error:/)
    }
  },
)

describe('who comes in', () => {
  test.each(closed)('%s: not without a token, nor with one that is wrong', async (_, wall) => {
    const forged = `${one().slice(0, -4)}AAAA`
    for (const token of [undefined, 'x', forged, `tc_${NOBODY}_${'a'.repeat(43)}`]) {
      const { status, code } = await send(wall, { token, body: wall.body })
      expect([status, code]).toEqual([401, 'TC-401'])
    }
  })

  test.each(named(WALLS.filter((wall) => wall.for === 'person' || wall.for === 'owner')))(
    '%s: not with a token for single cells',
    async (_, wall) => {
      const before = await rowsOf(walled.one.workspaceId)
      const { status, code } = await send(wall, { token: await cellToken(), body: wall.body })
      expect([status, code]).toEqual([403, 'TC-403'])
      expect(before).toContain(MARK)
    },
  )

  test.each(named(WALLS.filter((wall) => wall.for === 'owner')))('%s: only an owner', async (_, wall) => {
    const id = await walled.objectOf(wall, walled.two)
    const { status, code } = await send(wall, { id, token: await seatToken('two', 'seat'), body: wall.body })
    expect([status, code]).toEqual([403, 'TC-403'])
  })

  const cellToken = () => seatToken('two', 'cell')

  test.each(closed)('%s: nobody who was revoked', async (_, wall) => {
    const { workspaceId } = walled.two
    const { id, token } = await walled.house.seats.createSeat({
      workspaceId,
      name: 'x',
      role: 'owner',
      dailyCapPoints: null,
    })
    await walled.house.seats.revokeSeat(workspaceId, id)
    expect(await send(wall, { token, body: wall.body })).toMatchObject({ status: 401, code: 'TC-401' })
  })
})

describe('a bad body', () => {
  test.each(withBody)('%s: what is not JSON, or no object, is refused', async (_, wall) => {
    const id = await walled.objectOf(wall, walled.one)
    for (const body of ['{', '{"a":', 'name=x', '[]', '[{}]', '"text"', '1', 'null', '\u0000', '{"a":1}}', '\ufeff{']) {
      const { status, code } = await send(wall, { id, token: one(), body })
      expect([status, code], body).toEqual([400, codeOf(wall)])
    }
  })

  test.each(withBody)('%s: a field of the wrong type, or that is not known, is refused', async (_, wall) => {
    const id = await walled.objectOf(wall, walled.one)
    const before = await rowsOf(walled.one.workspaceId)
    const wrong = Object.keys(wall.body!).flatMap((field) =>
      [{}, { wrong: [] }, [[]], '\u0000', -1.5].map((value) => ({ ...wall.body, [field]: value })),
    )
    const strange = ['unheardOf', '__proto__', 'constructor'].map(
      (field) => `{${JSON.stringify(field)}:1,${JSON.stringify(wall.body).slice(1)}`,
    )
    const codes = new Set<string>()
    for (const body of [...wrong.filter((one) => !isMerelyOdd(one, wall)), ...strange]) {
      const { status, code } = await send(wall, { id, token: one(), body })
      codes.add(`${status} ${code}`)
    }
    expect([...codes]).toEqual([`400 ${codeOf(wall)}`])
    expect(await rowsOf(walled.one.workspaceId)).toBe(before)
  })

  /** A batch has a sentence of its own. */
  function codeOf({ route }: Wall): string {
    return route === 'POST /v1/answers' ? 'TC-130' : 'TC-131'
  }

  /** A text may be any text where it is no name: what it says is judged later. */
  function isMerelyOdd(body: Record<string, unknown>, wall: Wall): boolean {
    return Object.entries(body).some(
      ([field, value]) =>
        (value === '\u0000' && typeof wall.body![field] === 'string') || (value === -1.5 && field === wall.judged),
    )
  }

  test.each(withBody)('%s: one that is too large is refused', async (_, wall) => {
    const id = await walled.objectOf(wall, walled.one)
    const body = JSON.stringify({ ...wall.body, padding: 'x'.repeat(bytesMaxOf(wall)) })
    expect(await send(wall, { id, token: one(), body })).toMatchObject({ status: 413, code: 'TC-413' })
  })

  test.each(withFile)('%s: a file that is too large, or of another type, is refused', async (_, wall) => {
    const file = 'x'.repeat(bytesMaxOf(wall) + 1)
    expect(await send(wall, { token: one(), body: file, type: 'text/csv' })).toMatchObject({
      status: 413,
      code: 'TC-413',
    })
    for (const type of ['application/json', 'text/plain', 'image/png']) {
      const sent = await send(wall, { token: one(), body: wall.csv, type })
      expect([sent.status, sent.code], type).toEqual([400, 'TC-131'])
    }
  })

  test.each(named(WALLS.filter(({ badQueries }) => badQueries)))('%s: nor is any query taken', async (_, wall) => {
    const id = await walled.objectOf(wall, walled.one)
    const body = wall.csv === undefined ? {} : { body: wall.csv, type: 'text/csv' }
    for (const query of wall.badQueries!) {
      expect(await send(wall, { id, token: one(), query: `?${query}`, ...body }), query).toMatchObject({
        status: 400,
        code: 'TC-131',
      })
    }
  })
})

test.each(all)('%s answers another method with a coded 404', async (_, wall) => {
  const response = await fetch(proxy.url + pathOf(wall, NOBODY), {
    method: 'PUT',
    headers: { Authorization: `Bearer ${one()}` },
  })
  expect([response.status, codeOf(response, await response.text())]).toEqual([404, 'TC-404'])
})
