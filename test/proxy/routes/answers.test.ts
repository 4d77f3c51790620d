import http from 'node:http'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as z from 'zod/mini'
import { answer, answersReply, errorReply, type Answer } from '../../../shared/protocol.ts'
import { answerAll, fakeProvider, type FakeProvider } from '../../hosts/fake-provider.ts'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'

let provider: FakeProvider
let house: TestHouse
let proxy: TestProxy

beforeEach(async () => {
  provider = fakeProvider()
  house = await openTestHouse({ providers: [provider], points: 100 })
  proxy = await startTestProxy(house, { allowedOrigins: ['https://sheet.example.com'] })
})
afterEach(async () => {
  await proxy.close()
  await house.close()
})

const batch = (...texts: string[]) => ({
  requestId: 'r1',
  questions: texts.map((text, at) => ({ id: `q${at}`, fn: 'HSCODE', args: [text] })),
})
async function failed(response: Response): Promise<[number, string]> {
  const body = (await response.json()) as { error: { code: string } }
  return [response.status, body.error.code]
}

/** Makes the provider wait: `asked` resolves when it is called, `release` lets it answer. */
function holdProvider(): { asked: Promise<void>; release: () => void } {
  const held = { release: (): void => {} }
  const asked = new Promise<void>((started) => {
    provider.behave(async (inquiries) => {
      started()
      await new Promise<void>((resolve) => {
        held.release = resolve
      })
      return answerAll(inquiries)
    })
  })
  return { asked, release: () => held.release() }
}

describe('POST /v1/answers as JSON', () => {
  test('answers every question in its place, with source and points', async () => {
    const response = await proxy.post('/v1/answers', batch('shirt', '', 'shirt'))
    expect(response.status).toBe(200)
    const reply = z.parse(answersReply, await response.json())
    expect(reply.requestId).toBe('r1')
    expect(reply.answers.map(({ id, value }) => [id, value])).toEqual([
      ['q0', '610910'],
      ['q1', ''],
      ['q2', '610910'],
    ])
    expect(reply.answers[0]!.source).toMatchObject({ provider: 'fake', edition: 'edition 1', cached: false })
    expect(reply.points).toEqual({ balance: 99, held: 0, spent: 1 })
  })

  test('takes text/plain with the token inside, as Excel’s JavaScript-only runtime sends it', async () => {
    const response = await proxy.post(
      '/v1/answers',
      { ...batch('shirt'), token: house.ownerTokens[0] },
      { 'Content-Type': 'text/plain' },
    )
    expect(z.parse(answersReply, await response.json()).answers[0]!.value).toBe('610910')
  })

  test('speaks the language of the batch, or else of the request', async () => {
    const french = await proxy.post('/v1/answers', { ...batch('🎁'), lang: 'fr' })
    expect(JSON.stringify(await french.json())).toContain('Aucun mot à classer')
    const chinese = await proxy.post('/v1/answers', batch('🎁'), {
      Authorization: `Bearer ${house.ownerTokens[0]}`,
      'Accept-Language': 'zh-CN,zh;q=0.9,en;q=0.5',
    })
    expect(JSON.stringify(await chinese.json())).toContain('没有可归类的文字')
  })
})

describe('POST /v1/answers as NDJSON', () => {
  test('sends each answer as it is known and the points at the end', async () => {
    const { asked, release } = holdProvider()
    const response = await proxy.post('/v1/answers', batch('slow shirt', ''), {
      Authorization: `Bearer ${house.ownerTokens[0]}`,
      Accept: 'application/x-ndjson',
    })
    expect(response.headers.get('content-type')).toContain('application/x-ndjson')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    const first = await reader.read()
    expect(z.parse(answer, JSON.parse(first.value!))).toMatchObject({ id: 'q1', value: '' })
    await asked
    release()
    let rest = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      rest += value
    }
    const lines = rest
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(lines[0]).toMatchObject({ id: 'q0', value: '610910' })
    expect(lines[1]).toEqual({ done: true, points: { balance: 99, held: 0, spent: 1 } })
  })

  test('a client that goes away loses nothing: what was paid for is remembered', async () => {
    const { asked, release } = holdProvider()
    const aborted = new AbortController()
    const request = fetch(`${proxy.url}/v1/answers`, {
      method: 'POST',
      signal: aborted.signal,
      body: JSON.stringify(batch('shirt')),
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${house.ownerTokens[0]}`,
        Accept: 'application/x-ndjson',
      },
    }).then((response) => response.text())
    await asked
    aborted.abort()
    await expect(request).rejects.toThrow()
    release()
    await proxy.drain.finish(1000)
    const [again] = await house.ask([{ id: 'q', fn: 'HSCODE', args: ['shirt'] }])
    expect(again).toMatchObject({ value: '610910', points: 0, source: { cached: true } })
    expect(await house.balance()).toBe(99)
  })
})

describe('a bad request says what is wrong', () => {
  test.each<[string, unknown, number, string]>([
    ['no JSON', '{', 400, 'TC-130'],
    ['no questions', { questions: [] }, 400, 'TC-130'],
    ['501 questions', batch(...Array.from({ length: 501 }, () => 'x')), 400, 'TC-130'],
    ['an unknown field', { ...batch('x'), extra: 1 }, 400, 'TC-130'],
    ['two equal ids', { questions: [batch('x').questions[0], batch('y').questions[0]] }, 400, 'TC-130'],
    ['an object as argument', { questions: [{ id: 'a', fn: 'HSCODE', args: [{}] }] }, 400, 'TC-130'],
    ['a deadline past the limit', { ...batch('x'), deadlineMs: 1e9 }, 400, 'TC-130'],
    ['two megabytes', `{"requestId":"${'x'.repeat(2e6)}"}`, 413, 'TC-413'],
    ['an array', [], 400, 'TC-130'],
    ['bytes that are no text', '\u001f\u008b\b', 400, 'TC-130'],
    ['nothing', '', 400, 'TC-130'],
  ])('%s', async (_, body, status, code) => {
    expect(await failed(await proxy.post('/v1/answers', body))).toEqual([status, code])
  })

  test('a body that ends early harms nobody else', async () => {
    const { port } = new URL(proxy.url)
    const request = http.request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/v1/answers',
      headers: { 'Content-Length': 1000, Authorization: `Bearer ${house.ownerTokens[0]}` },
    })
    const gone = new Promise<void>((resolve) => {
      request.on('close', resolve)
    })
    request.on('error', () => {})
    request.write('{"questions":[')
    await new Promise((resolve) => setTimeout(resolve, 20))
    request.destroy()
    await gone
    expect((await proxy.post('/v1/answers', batch('shirt'))).status).toBe(200)
    expect(await proxy.drain.finish(1000)).toBe(0)
  })

  test('and never quotes the cell', async () => {
    const response = await proxy.post('/v1/answers', {
      questions: [{ id: 'a', fn: 'HSCODE', args: [{ secret: 'prototype' }] }],
    })
    expect(await response.text()).not.toContain('prototype')
  })

  test('an address that does not exist is 404 with a code', async () => {
    expect(await failed(await proxy.get('/v1/nope'))).toEqual([404, 'TC-404'])
  })
})

describe('before Express’s router and in it', () => {
  // A path with a query is Express's.
  const paths = ['/v1/answers', '/v1/answers?'] as const
  const shown = async (response: Response) => {
    const headers = Object.fromEntries(response.headers)
    delete headers.date
    return { status: response.status, headers, body: (await response.text()).replaceAll(/\b[0-9a-f]{8}\b/g, 'id') }
  }
  const both = async (body: unknown, headers?: Record<string, string>) => {
    const [direct, routed] = [
      await shown(await proxy.post(paths[0], body, headers)),
      await shown(await proxy.post(paths[1], body, headers)),
    ]
    expect(direct).toEqual(routed)
    return direct
  }
  const authorization = () => ({ Authorization: `Bearer ${house.ownerTokens[0]}` })

  test('the same headers and bytes, as JSON and as NDJSON', async () => {
    await proxy.post('/v1/answers', batch('shirt'))
    const json = await both(batch('shirt', '', '🎁'))
    expect(json.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    expect(json.status).toBe(200)
    await both(batch('shirt', '', '🎁'), { ...authorization(), Accept: 'application/x-ndjson' })
  })

  test('the same origins', async () => {
    for (const origin of ['https://sheet.example.com', 'https://evil.example']) {
      const { headers } = await both(batch(''), { ...authorization(), Origin: origin })
      expect(headers.vary).toBe('Origin')
      expect(headers['access-control-allow-origin']).toBe(origin.includes('evil') ? undefined : origin)
    }
  })

  test('the same refusals, in the language of the request', async () => {
    for (const language of ['zh-CN,zh;q=0.9', 'fr', 'de']) {
      const spoken = { ...authorization(), 'Accept-Language': language }
      expect((await both(batch('x'), { 'Accept-Language': language })).status).toBe(401)
      expect((await both('{', spoken)).status).toBe(400)
      expect((await both('x'.repeat(1_000_001), spoken)).status).toBe(413)
    }
    void proxy.drain.finish(1000)
    const draining = await both(batch('x'), { ...authorization(), 'Accept-Language': 'fr' })
    expect(draining.status).toBe(503)
    expect(draining.headers).toMatchObject({ connection: 'close', 'retry-after': '2' })
  })

  test('the same coded sentence where something breaks', async () => {
    vi.spyOn(house.ledger, 'balance').mockRejectedValue(new Error('broken'))
    const { status, body } = await both(batch('shirt'))
    expect(status).toBe(500)
    expect(body).not.toContain('broken')
  })

  test('a reply that breaks half-way ends its connection, and harms nobody else', async () => {
    const broken = vi.spyOn(house.ledger, 'balance').mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      throw new Error('broken')
    })
    const { asked, release } = holdProvider()
    const response = await proxy.post('/v1/answers', batch('slow shirt', ''), {
      ...authorization(),
      Accept: 'application/x-ndjson',
    })
    await asked
    release()
    await expect(response.text()).rejects.toThrow()
    broken.mockRestore()
    expect((await proxy.post('/v1/answers', batch('shirt'))).status).toBe(200)
  })

  test('other methods of the path are Express’s', async () => {
    expect(await failed(await proxy.get('/v1/answers'))).toEqual([404, 'TC-404'])
  })
})

describe('who asks', () => {
  test('the same body from two workspaces is two batches: each pays, and sees its own points', async () => {
    const [one, two] = house.ownerTokens.map((token) => ({ Authorization: `Bearer ${token}` }))
    const points = async (headers?: Record<string, string>) =>
      z.parse(answersReply, await (await proxy.post('/v1/answers', batch('shirt'), headers)).json()).points
    expect(await points(one)).toEqual({ balance: 99, held: 0, spent: 1 })
    expect(await points(one)).toEqual({ balance: 99, held: 0, spent: 0 })
    expect(await points(two)).toEqual({ balance: 99, held: 0, spent: 1 })
  })

  test('the same body with a token inside is refused as soon as that token is revoked', async () => {
    const { workspaceId } = house.askers[0]
    const seat = await house.seats.createSeat({ workspaceId, name: 'sheet', role: 'seat', dailyCapPoints: null })
    const send = () =>
      proxy.post('/v1/answers', { ...batch('shirt'), token: seat.token }, { 'Content-Type': 'text/plain' })
    expect([(await send()).status, (await send()).status]).toEqual([200, 200])
    await house.seats.revokeSeat(workspaceId, seat.id)
    expect(await failed(await send())).toEqual([401, 'TC-401'])
  })

  test('without a token, with a wrong one or a revoked one is told to connect', async () => {
    expect(await failed(await proxy.post('/v1/answers', batch('x'), {}))).toEqual([401, 'TC-401'])
    expect(
      await failed(await proxy.post('/v1/answers', batch('x'), { Authorization: 'Bearer tc_nobody00_x' })),
    ).toEqual([401, 'TC-401'])
    expect(provider.calls).toEqual([])
  })

  test('a program that sends no token is told where it goes; a person whose token ended is not', async () => {
    const said = async (headers: Record<string, string>) =>
      z.parse(errorReply, await (await proxy.get('/v1/session', headers)).json()).error.message
    expect(await said({})).toContain('Authorization: Bearer')
    expect(await said({ Authorization: 'Bearer ended' })).toMatch(/^TC-401 (?!.*Bearer).*connection code/)
  })

  test('guessing tokens is slowed down, and a good token still works meanwhile', async () => {
    const codes = []
    for (let at = 0; at < 35; at++)
      codes.push((await proxy.get('/v1/session', { Authorization: `Bearer guess${at}` })).status)
    expect(codes.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 401))
    expect(codes.at(-1)).toBe(429)
    expect((await proxy.get('/v1/session')).status).toBe(200)
  })

  test('too many requests of one seat are refused with Retry-After', async () => {
    const strict = await startTestProxy(house, { requestsPerMinute: 2 })
    expect((await strict.get('/v1/points')).status).toBe(200)
    expect((await strict.get('/v1/points')).status).toBe(200)
    const refused = await strict.get('/v1/points')
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await failed(refused)).toEqual([429, 'TC-429'])
    expect((await strict.get('/v1/points', { Authorization: `Bearer ${house.ownerTokens[1]}` })).status).toBe(200)
    await strict.close()
  })

  test('requests of a seat and of all that was made from it are counted together', async () => {
    const strict = await startTestProxy(house, { requestsPerMinute: 2 })
    const { workspaceId } = house.askers[0]
    const wanted = { workspaceId, name: 'x', role: 'seat', dailyCapPoints: null } as const
    const first = await house.seats.createSeat(wanted)
    const made = await house.seats.createSeat({ ...wanted, madeFrom: first.id })
    const further = await house.seats.createSeat({ ...wanted, madeFrom: made.id })
    const points = async ({ token }: { token: string }) =>
      (await strict.get('/v1/points', { Authorization: `Bearer ${token}` })).status
    expect([await points(first), await points(made), await points(further), await points(first)]).toEqual([
      200, 200, 429, 429,
    ])
    expect(await points(await house.seats.createSeat(wanted))).toBe(200)
    await strict.close()
  })

  test('a page of another origin gets no permission to read, a known one does', async () => {
    const stranger = await proxy.get('/v1/session', {
      Origin: 'https://evil.example',
      Authorization: `Bearer ${house.ownerTokens[0]}`,
    })
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull()
    const known = await fetch(`${proxy.url}/v1/answers`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://sheet.example.com' },
    })
    expect(known.status).toBe(204)
    expect(known.headers.get('access-control-allow-origin')).toBe('https://sheet.example.com')
    expect(known.headers.get('access-control-allow-credentials')).toBeNull()
  })
})

describe('GET /v1/cell', () => {
  test('answers one cell as text to a caller on this machine, free answers only', async () => {
    const free = await proxy.get('/v1/cell?fn=HSFORMAT&a=6109100012&a=dots', {})
    expect([free.status, await free.text()]).toEqual([200, '6109.10.00.12'])
    const priced = await proxy.get('/v1/cell?fn=HSCODE&a=shirt', {})
    expect(priced.status).toBe(422)
    expect(await priced.text()).toMatch(/^TC-443 .*token of role cell/)
    expect(provider.calls).toEqual([])
  })

  test('reads what a cell holds as a number as the number it is, and a code with its zeros as text', async () => {
    const printed = await Promise.all(
      ['8471.3', '8471,3', '302.14', '0302.14', '6109,10', '610,911', '6109100012'].map(async (code) =>
        (await proxy.get(`/v1/cell?fn=HSFORMAT&a=${code}&a=dots`, {})).text(),
      ),
    )
    expect(printed).toEqual(['8471.30', '8471.30', '0302.14', '0302.14', '6109.10', '6109.11', '6109.10.00.12'])
  })

  test('says what it needs where no function is named', async () => {
    const bare = await proxy.get('/v1/cell', {})
    expect([bare.status, await bare.text()]).toEqual([422, expect.stringMatching(/^TC-158 .*\?fn=HSRATE&a=610910/)])
  })

  test('tells whoever has no pane what to do in the address, of a token that is not known and of a function', async () => {
    const texts = await Promise.all(
      ['fn=HSFORMAT&a=6109&key=guess', 'fn=HSNOPE&a=6109'].map(async (query) =>
        (await proxy.get(`/v1/cell?${query}`, {})).text(),
      ),
    )
    expect(texts).toEqual([
      expect.stringMatching(/^TC-401 .*&key=.* role cell/),
      expect.stringMatching(/^TC-111 There is no function HSNOPE\. Check its spelling/),
    ])
    for (const text of texts) expect(text).not.toContain('pane')
  })

  test('takes a token in the address only if it was made for that', async () => {
    const owner = await proxy.get(`/v1/cell?fn=HSFORMAT&a=6109&key=${house.ownerTokens[0]}`, {})
    expect([owner.status, await owner.text()]).toEqual([401, expect.stringMatching(/^TC-442 .*role cell/)])
    const { token } = await house.seats.createSeat({
      workspaceId: house.askers[0].workspaceId,
      name: 'sheet',
      role: 'cell',
      dailyCapPoints: 5,
    })
    const response = await proxy.get(`/v1/cell?fn=HSCODE&a=shirt&key=${token}`, {})
    expect([response.status, await response.text()]).toEqual([200, '610910'])
    expect(await house.balance()).toBe(99)
  })

  test('is refused to a page that points its own name at this machine', async () => {
    const { port } = new URL(proxy.url)
    const status = await new Promise((resolve, reject) => {
      http
        .get(
          { host: '127.0.0.1', port, path: '/v1/cell?fn=HSFORMAT&a=6109', headers: { Host: 'evil.example' } },
          (response) => {
            response.resume()
            resolve(response.statusCode)
          },
        )
        .on('error', reject)
    })
    expect(status).toBe(401)
  })

  test('takes nobody for local behind another server', async () => {
    for (const header of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP']) {
      expect((await proxy.get('/v1/cell?fn=HSFORMAT&a=6109', { [header]: '8.8.8.8' })).status).toBe(401)
      expect((await proxy.get('/metrics', { [header]: '8.8.8.8' })).status).toBe(401)
    }
    const behind = await startTestProxy(house, { forwarded: true })
    expect((await behind.get('/v1/cell?fn=HSFORMAT&a=6109', {})).status).toBe(401)
    expect((await behind.get('/metrics', {})).status).toBe(401)
    expect((await behind.get('/metrics')).status).toBe(200)
    await behind.close()
  })

  test('an error is a status that IFERROR sees, and its sentence is the text', async () => {
    const response = await proxy.get('/v1/cell?fn=HSFORMAT&a=abc', {})
    expect([response.status, await response.text()]).toEqual([
      422,
      'TC-120 "abc" is not an HS code. A code has 2 to 10 digits, such as 6109.10.',
    ])
  })
})

describe('connecting', () => {
  test('an owner makes a code, the code becomes a seat once, the seat answers, leaves and is gone', async () => {
    const made = (await (await proxy.post('/v1/session/codes', { name: 'Ann' })).json()) as { code: string }
    const connected = await proxy.post('/v1/session', { code: made.code, name: 'Ann’s laptop' }, {})
    expect(connected.status).toBe(201)
    expect(connected.headers.get('cache-control')).toBe('no-store')
    const { token, seat } = (await connected.json()) as { token: string; seat: { name: string; role: string } }
    expect(seat).toMatchObject({ name: 'Ann’s laptop', role: 'seat' })
    const own = { Authorization: `Bearer ${token}` }
    expect((await proxy.post('/v1/answers', batch('shirt'), own)).status).toBe(200)
    expect(await failed(await proxy.post('/v1/session', { code: made.code }, {}))).toEqual([404, 'TC-431'])
    expect(await failed(await proxy.post('/v1/session/codes', {}, own))).toEqual([403, 'TC-403'])
    expect((await fetch(`${proxy.url}/v1/session`, { method: 'DELETE', headers: own })).status).toBe(204)
    expect(await failed(await proxy.get('/v1/session', own))).toEqual([401, 'TC-401'])
  })

  test('guessing codes is slowed down', async () => {
    const statuses = []
    for (let at = 0; at < 32; at++)
      statuses.push((await proxy.post('/v1/session', { code: `AAAA-AAAA-AA${at}` }, {})).status)
    expect(statuses.at(-1)).toBe(429)
    // Past the limit a right guess is worth no more than a wrong one.
    const { code } = (await (await proxy.post('/v1/session/codes', {})).json()) as { code: string }
    expect(await failed(await proxy.post('/v1/session', { code }, {}))).toEqual([429, 'TC-429'])
  })

  test('an owner cannot leave: the workspace could never get another', async () => {
    const leaving = await fetch(`${proxy.url}/v1/session`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${house.ownerTokens[0]}` },
    })
    expect(await failed(leaving)).toEqual([403, 'TC-403'])
    expect((await proxy.get('/v1/session')).status).toBe(200)
  })
})

describe('GET /v1/points', () => {
  test('shows each workspace its own balance and ledger, and nothing of the other', async () => {
    await proxy.post('/v1/answers', batch('shirt'))
    const [one, two] = house.ownerTokens.map((token) => ({ Authorization: `Bearer ${token}` }))
    expect(await (await proxy.get('/v1/points', one)).json()).toEqual({
      balance: 99,
      held: 0,
      posted: 99,
      spentToday: 1,
      dailyCap: null,
      capLeft: null,
      canPay: false,
      dataVersion: '0.0.0 of the test',
    })
    expect(await (await proxy.get('/v1/points', two)).json()).toEqual({
      balance: 100,
      held: 0,
      posted: 100,
      spentToday: 0,
      dailyCap: null,
      capLeft: null,
      canPay: false,
      dataVersion: '0.0.0 of the test',
    })
    const entries = (await (await proxy.get('/v1/points/entries?limit=1', one)).json()) as {
      entries: object[]
      before: number
    }
    expect(entries.entries).toEqual([expect.objectContaining({ kind: 'usage', points: -1, balanceAfter: 99 })])
    const older = (await (await proxy.get(`/v1/points/entries?before=${entries.before}`, one)).json()) as {
      entries: object[]
    }
    expect(older.entries).toEqual([expect.objectContaining({ kind: 'grant', points: 100 })])
    expect(JSON.stringify(await (await proxy.get('/v1/points/entries', two)).json())).not.toContain('usage')
  })
})

describe('the server', () => {
  test('is Express in full on matched prototypes: ip, app, query, keep-alive and errors behave', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    const { port } = new URL(proxy.url)
    const sockets = new Set<unknown>()
    for (let at = 0; at < 3; at++) {
      await new Promise<void>((resolve, reject) => {
        http
          .get({ agent, host: '127.0.0.1', port, path: '/healthz' }, (response) => {
            sockets.add(response.socket.localPort)
            response.resume().on('end', resolve)
          })
          .on('error', reject)
      })
    }
    expect(sockets.size).toBe(1)
    agent.destroy()
    const health = await proxy.get('/healthz', {})
    expect(await health.json()).toEqual({ status: 'ok', service: 'tariffcell', version: '0.0.0' })
    expect(health.headers.get('x-powered-by')).toBeNull()
  })

  test('while stopping is not ready, refuses new work, and finishes the open one', async () => {
    const { asked, release } = holdProvider()
    expect((await proxy.get('/readyz', {})).status).toBe(200)
    const open = proxy.post('/v1/answers', batch('shirt'))
    await asked
    const finished = proxy.drain.finish(5000)
    expect((await proxy.get('/readyz', {})).status).toBe(503)
    expect(await failed(await proxy.post('/v1/answers', batch('sock')))).toEqual([503, 'TC-505'])
    release()
    expect(await finished).toBe(0)
    const { answers } = (await (await open).json()) as { answers: Answer[] }
    expect(answers[0]).toMatchObject({ value: '610910' })
  })

  test('without its database is alive and not ready', async () => {
    const own = await openTestHouse({ providers: [provider] })
    const lame = await startTestProxy(own)
    await own.close()
    expect((await lame.get('/healthz', {})).status).toBe(200)
    expect((await lame.get('/readyz', {})).status).toBe(503)
    await lame.close()
  })

  test('metrics count what happened and hold no text of any cell', async () => {
    await proxy.post('/v1/answers', batch('confidential prototype', 'shirt'))
    const text = await (await proxy.get('/metrics', {})).text()
    expect(text).toMatch(/^tariffcell_remembered_answers 2$/m)
    expect(text).not.toMatch(/confidential|tc_/)
  })

  test('describes every route it has in /openapi.json, with schemas made from the wire’s own', async () => {
    const document = (await (await proxy.get('/openapi.json', {})).json()) as {
      openapi: string
      paths: Record<string, object>
    }
    expect(document.openapi).toBe('3.1.0')
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods)) {
        const response = await fetch(proxy.url + path, {
          method: method.toUpperCase(),
          headers: { Authorization: `Bearer ${house.ownerTokens[1]}` },
        })
        // A thing that is not there is another failure than a route that is not.
        expect(await response.text(), `${method} ${path}`).not.toContain('TC-404')
      }
    }
    expect(JSON.stringify(document.paths['/v1/answers'])).toContain('"maxItems":500')
  })
})
