import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import {
  auditReply,
  newSeatReply,
  rotateReply,
  seatEntry,
  seatsReply,
  sheetSeatReply,
} from '../../../shared/seats-protocol.ts'
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

const owner = () => house.ownerTokens[0]

async function call(method: string, path: string, body?: unknown, token = owner()) {
  const response = await fetch(proxy.url + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  expect(response.headers.get('cache-control')).toBe('no-store')
  return { status: response.status, json: text === '' ? null : (JSON.parse(text) as unknown) }
}

async function makeSeat(name = 'desk', role = 'seat', dailyCapPoints: number | null = null) {
  const made = await call('POST', '/v1/seats', { name, role, dailyCapPoints })
  expect(made.status).toBe(201)
  return z.parse(newSeatReply, made.json)
}

const statusOf = async (token: string) => (await call('GET', '/v1/session', undefined, token)).status

/** POST /v1/answers answers before the router, with headers of its own. */
async function pay(token: string, text: string): Promise<string> {
  const response = await proxy.post(
    '/v1/answers',
    { questions: [{ id: 'q', fn: 'HSCODE', args: [text] }] },
    { Authorization: `Bearer ${token}` },
  )
  const { answers } = (await response.json()) as { answers: { value?: string; error?: { code: string } }[] }
  return answers[0]!.error?.code ?? 'answered'
}

describe('an owner', () => {
  test('makes a seat, and lists it with its limit, what it spent today and when it was used', async () => {
    const { id, token } = await makeSeat('desk', 'seat', 5)
    expect(await pay(token, 'cotton shirt')).toBe('answered')
    await house.seats.close()
    const { json } = await call('GET', '/v1/seats')
    const listed = z.parse(seatsReply, json)
    expect(listed.seats.find((seat) => seat.id === id)).toEqual({
      id,
      name: 'desk',
      role: 'seat',
      dailyCapPoints: 5,
      spentToday: 1,
      createdAt: '2026-11-22T12:00:00.000Z',
      lastUsed: '2026-11-22',
      spreadsheet: null,
      revokedAt: null,
    })
    expect(JSON.stringify(json)).not.toMatch(/tc_|hash/)
  })

  test('lowers a limit, and the next cell keeps to it', async () => {
    const { id, token } = await makeSeat('desk', 'seat', 5)
    expect(await pay(token, 'cotton shirt')).toBe('answered')
    const changed = await call('PATCH', `/v1/seats/${id}`, { dailyCapPoints: 1 })
    expect(z.parse(seatEntry, changed.json)).toMatchObject({ id, name: 'desk', dailyCapPoints: 1, spentToday: 1 })
    expect(await pay(token, 'wool shirt')).toBe('TC-430')
    await call('PATCH', `/v1/seats/${id}`, { name: 'the desk', dailyCapPoints: null })
    expect(await pay(token, 'wool shirt')).toBe('answered')
    expect((await call('PATCH', `/v1/seats/${id}`, {})).json).toMatchObject({ name: 'the desk', dailyCapPoints: null })
  })

  test('makes no owner, no nameless seat, and no limit below nothing', async () => {
    for (const body of [
      { name: 'x', role: 'owner' },
      { name: '', role: 'seat' },
      { name: 'two\nlines', role: 'seat' },
      { name: 'x'.repeat(81), role: 'seat' },
      { name: 'x', role: 'seat', dailyCapPoints: -1 },
      { name: 'x', role: 'seat', dailyCapPoints: 1.5 },
      { name: 'x' },
    ]) {
      expect(await call('POST', '/v1/seats', body)).toMatchObject({ status: 400, json: { error: { code: 'TC-131' } } })
    }
  })

  test('ends a seat, as often as it is asked, and never the last owner', async () => {
    const { id, token } = await makeSeat()
    expect(await statusOf(token)).toBe(200)
    for (let time = 0; time < 2; time++) expect((await call('DELETE', `/v1/seats/${id}`)).status).toBe(204)
    expect(await statusOf(token)).toBe(401)
    const own = house.askers[0].seatId
    expect(await call('DELETE', `/v1/seats/${own}`)).toMatchObject({ status: 409, json: { error: { code: 'TC-449' } } })
    expect(await statusOf(owner())).toBe(200)
  })

  test('replaces a seat’s token, and a leaked one at once', async () => {
    const { id, token } = await makeSeat()
    const rotated = z.parse(rotateReply, (await call('POST', `/v1/seats/${id}/rotate`, { overlapHours: 0 })).json)
    expect([await statusOf(token), await statusOf(rotated.token)]).toEqual([401, 200])
    for (const overlapHours of [-1, 721, 0.5, '1']) {
      expect((await call('POST', `/v1/seats/${id}/rotate`, { overlapHours })).status).toBe(400)
    }
  })

  test('makes a code whose seat has a daily limit', async () => {
    const { json } = await call('POST', '/v1/session/codes', { dailyCapPoints: 3 })
    const { code } = json as { code: string }
    const redeemed = await call('POST', '/v1/session', { code })
    expect(redeemed.json).toMatchObject({ seat: { role: 'seat', dailyCapPoints: 3 } })
  })

  test('reads who changed what, page by page, of the own workspace alone', async () => {
    const { id } = await makeSeat()
    await call('PATCH', `/v1/seats/${id}`, { name: 'y' })
    await house.seats.createSeat({
      workspaceId: house.askers[1].workspaceId,
      name: 'elsewhere',
      role: 'seat',
      dailyCapPoints: null,
    })
    const actions: string[] = []
    let before: string | null = null
    do {
      const query: string = before === null ? '' : `&before=${before}`
      const page = z.parse(auditReply, (await call('GET', `/v1/audit?limit=1${query}`)).json)
      actions.push(...page.entries.map(({ action, actor }) => `${action} by ${actor}`))
      before = page.before
    } while (before !== null)
    const own = house.askers[0].seatId
    expect(actions.sort()).toEqual([`seat.create by ${own}`, `seat.rename by ${own}`, 'workspace.create by operator'])
  })
})

describe('a seat', () => {
  test('replaces its own token, and the one before goes on asking until its end', async () => {
    const { token } = await makeSeat()
    const { json } = await call('POST', '/v1/session/rotate', undefined, token)
    const rotated = z.parse(rotateReply, json)
    expect(rotated.previousEndsAt).toBe('2026-11-23T12:00:00.000Z')
    expect([await statusOf(token), await statusOf(rotated.token)]).toEqual([200, 200])
    house.clock.advance(24 * 3_600_000)
    expect([await statusOf(token), await statusOf(rotated.token)]).toEqual([401, 200])
  })

  test('changes nothing with a token that was replaced: it may be the one in the wrong hands', async () => {
    await call('POST', '/v1/session/rotate', {})
    for (const [method, path, body] of [
      ['POST', '/v1/session/rotate', {}],
      ['POST', '/v1/session/codes', {}],
      ['POST', '/v1/seats', { name: 'x', role: 'seat' }],
      ['PATCH', `/v1/seats/${house.askers[0].seatId}`, { name: 'x' }],
      ['POST', `/v1/seats/${house.askers[0].seatId}/rotate`, {}],
      ['DELETE', `/v1/seats/${house.askers[0].seatId}`, undefined],
    ] as const) {
      expect((await call(method, path, body)).status, path).toBe(403)
    }
    expect((await call('GET', '/v1/seats')).status).toBe(200)
  })

  test('that leaves with a replaced token ends that token only', async () => {
    const { token } = await makeSeat()
    const rotated = z.parse(rotateReply, (await call('POST', '/v1/session/rotate', {}, token)).json)
    expect((await call('DELETE', '/v1/session', undefined, token)).status).toBe(204)
    expect([await statusOf(token), await statusOf(rotated.token)]).toEqual([401, 200])
  })

  test('for single cells cannot replace its token, which stands in an address', async () => {
    const { token } = await makeSeat('sheet', 'cell')
    expect((await call('POST', '/v1/session/rotate', {}, token)).status).toBe(403)
  })
})

describe('a token for the formulas of one spreadsheet', () => {
  const [mark, copy] = ['a'.repeat(43), 'b'.repeat(43)] as const
  const make = async (options: { dailyCapPoints?: number; spreadsheet?: string } = {}, token = owner()) => {
    const body = { name: 'Budget', spreadsheet: mark, dailyCapPoints: 10, ...options }
    const made = await call('POST', '/v1/session/sheet', body, token)
    expect(made.status).toBe(201)
    return z.parse(newSeatReply, made.json)
  }
  const ask = async (token: string, spreadsheet?: string, text = 'cotton shirt'): Promise<string> => {
    const response = await proxy.post(
      '/v1/answers',
      { questions: [{ id: 'q', fn: 'HSCODE', args: [text] }] },
      {
        Authorization: `Bearer ${token}`,
        ...(spreadsheet === undefined ? {} : { 'Tariffcell-Spreadsheet': spreadsheet }),
      },
    )
    const { answers, error } = (await response.json()) as {
      answers?: { error?: { code: string } }[]
      error?: { code: string }
    }
    return error?.code ?? answers?.[0]?.error?.code ?? 'answered'
  }

  test('answers there; a copy of the spreadsheet is told to enable its own', async () => {
    const { token } = await make()
    expect(await ask(token, mark)).toBe('answered')
    expect([await ask(token, copy), await ask(token)]).toEqual(['TC-444', 'TC-444'])
  })

  test('may neither run jobs nor make tokens, nor stand in an address', async () => {
    const { token } = await make()
    const with_ = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(proxy.url + path, {
        method,
        headers: {
          Authorization: `Bearer ${token}`,
          'Tariffcell-Spreadsheet': mark,
          'Content-Type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return response.status
    }
    expect(await with_('GET', '/v1/jobs')).toBe(403)
    expect(await with_('GET', '/v1/memory')).toBe(403)
    expect(await with_('POST', '/v1/session/sheet', { name: 'x', spreadsheet: copy, dailyCapPoints: 1 })).toBe(403)
    const cell = await fetch(`${proxy.url}/v1/cell?fn=HSCODE&a=mug&key=${token}`)
    expect(await cell.text()).toContain('TC-444')
  })

  test('spends a day up to its limit, which is never above that of who made it', async () => {
    const { token: desk } = await makeSeat('desk', 'seat', 1)
    const { id, token } = await make({ dailyCapPoints: 50 }, desk)
    expect([await ask(token, mark, 'cotton shirt'), await ask(token, mark, 'steel bolt')]).toEqual([
      'answered',
      expect.stringMatching(/^TC-4/),
    ])
    const { seats } = z.parse(seatsReply, (await call('GET', '/v1/seats')).json)
    expect(seats.find((seat) => seat.id === id)).toMatchObject({ role: 'cell', spreadsheet: mark, dailyCapPoints: 1 })
  })

  test('is told of with what it may spend and has, in its workspace and no other', async () => {
    const read = async (token = owner(), spreadsheet: string = mark) => {
      const { status, json } = await call('GET', `/v1/session/sheet?spreadsheet=${spreadsheet}`, undefined, token)
      return status === 200 ? z.parse(sheetSeatReply, json).sheet : status
    }
    expect(await read()).toBeNull()
    const { id, token } = await make()
    await ask(token, mark)
    expect(await read()).toEqual({ id, dailyCapPoints: 10, spentToday: 1 })
    expect([await read(house.ownerTokens[1]), await read(owner(), copy), await read(owner(), 'x')]).toEqual([
      null,
      null,
      400,
    ])
  })

  test('takes the place of the one before, at once, and leaves other spreadsheets alone', async () => {
    const [first, other] = [await make(), await make({ spreadsheet: copy })]
    expect(await ask(first.token, mark)).toBe('answered')
    const second = await make()
    expect([await ask(first.token, mark), await ask(second.token, mark), await ask(other.token, copy)]).toEqual([
      'TC-401',
      'answered',
      'answered',
    ])
  })

  test('made twice at once is one in the end', async () => {
    const made = await Promise.all([make(), make(), make()])
    const answered = await Promise.all(made.map(({ token }) => ask(token, mark)))
    expect(answered.filter((one) => one === 'answered')).toHaveLength(1)
  })

  test('is not made anew without end, nor by a seat that was made; another seat’s are not in the way', async () => {
    const begin = async (token: string): Promise<number> => {
      const body = { name: 'x', spreadsheet: mark, dailyCapPoints: 1 }
      return (await call('POST', '/v1/session/sheet', body, token)).status
    }
    const first = await makeSeat('desk', 'seat')
    const { workspaceId } = house.askers[0]
    const wanted = { workspaceId, name: 'x', role: 'seat', dailyCapPoints: null, madeFrom: first.id } as const
    const made = await house.seats.createSeat(wanted)
    for (let at = 0; at < 60; at++) expect([await begin(first.token), await begin(made.token)]).toEqual([201, 201])
    expect([await begin(first.token), await begin(made.token), await begin(owner())]).toEqual([429, 429, 201])
  })
})
