import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { AppsScriptOptions } from './apps-script.ts'
import { EDITOR, openScriptHouse, OWNER, refusal, type ScriptHouse } from './script-house.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => answer(request, response, body))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function open(options: AppsScriptOptions = {}): ScriptHouse {
  return openScriptHouse({ loopbackHttp: true, ...options })
}

describe('a request', () => {
  test('arrives as it was made, and its answer can be read', async () => {
    const { world, run } = open()
    const url = await serve((request, response, body) => {
      response.setHeader('X-Balance', '12').setHeader('Set-Cookie', ['a=1', 'b=2']).writeHead(201)
      response.end(
        JSON.stringify([request.method, request.url, request.headers['x-key'], request.headers['content-type'], body]),
      )
    })
    const lines = `
      var r = UrlFetchApp.fetch(a + "/v1?x=1", { method: "post", contentType: "application/json", headers: { "X-Key": "k" }, payload: "[手机壳]" })
      return [r.getResponseCode(), JSON.parse(r.getContentText()), r.getHeaders()["X-Balance"], r.getAllHeaders()["Set-Cookie"]]`
    expect(await run(lines, { args: [url], user: EDITOR })).toEqual([
      201,
      ['POST', '/v1?x=1', 'k', 'application/json', '[手机壳]'],
      '12',
      ['a=1', 'b=2'],
    ])
    expect(world.web.sent).toMatchObject([{ url: `${url}/v1?x=1`, method: 'POST', payload: '[手机壳]', user: EDITOR }])
  })

  test('an error status throws with the beginning of the answer, unless muted', async () => {
    const { run } = open()
    const url = await serve((_, response) => response.writeHead(402).end('{"code":"TC-301"}'))
    const message = await refusal(run('UrlFetchApp.fetch(a)', { args: [url] }))
    expect(message).toBe(
      `Exception: Request failed for ${url} returned code 402. Truncated server response: {"code":"TC-301"} (use muteHttpExceptions option to examine full response)`,
    )
    expect(
      await run('return UrlFetchApp.fetch(a, { muteHttpExceptions: true }).getResponseCode()', { args: [url] }),
    ).toBe(402)
  })

  test('redirects are followed unless told not to', async () => {
    const { run } = open()
    const url = await serve((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/there' }).end()
      else response.end(`${request.method} ${request.url}`)
    })
    expect(await run('return UrlFetchApp.fetch(a, { method: "post" }).getContentText()', { args: [url] })).toBe(
      'GET /there',
    )
    const stay = 'return UrlFetchApp.fetch(a, { followRedirects: false }).getResponseCode()'
    expect(await run(stay, { args: [url] })).toBe(302)
  })

  test('nobody there, no such host, and no answer in time are exceptions of their own, muted or not', async () => {
    const { world, run } = open({ manifest: { urlFetchWhitelist: ['https://api.invalid/'] } })
    const silent = await serve(() => undefined)
    const fetch = 'UrlFetchApp.fetch(a, { muteHttpExceptions: true, timeoutSeconds: 1 })'
    expect(await refusal(run(fetch, { args: ['http://127.0.0.1:1/'] }))).toContain(
      'Address unavailable: http://127.0.0.1:1/',
    )
    expect(await refusal(run(fetch, { args: [silent] }))).toContain(`Timeout: ${silent}`)
    world.web.trouble = () => ({ error: 'dns' })
    expect(await refusal(run(fetch, { args: ['https://api.invalid/'] }))).toContain('DNS error: https://api.invalid/')
  })

  test.each([
    ['an address of more than 2 KB', 'UrlFetchApp.fetch(a + "/" + new Array(2050).join("x"))', 'URL Length'],
    [
      'more than 100 headers',
      'var h = {}; for (var i = 0; i < 101; i++) h["h" + i] = "v"; UrlFetchApp.fetch(a, { headers: h })',
      'Header Count',
    ],
    ['headers of more than 8 KB', 'UrlFetchApp.fetch(a, { headers: { k: new Array(8194).join("v") } })', 'Header Size'],
    ['a method that is none', 'UrlFetchApp.fetch(a, { method: "options" })', 'invalid value: method'],
  ])('%s is refused before it is sent', async (_, lines, message) => {
    const { world, run } = open()
    const url = await serve((_, response) => response.end())
    expect(await refusal(run(lines, { args: [url] }))).toContain(message)
    expect(world.web.sent).toEqual([])
  })

  test('more than 50 MB are not sent', async () => {
    const { run } = open()
    const lines =
      'var mb = new Array(1048577).join("x"), all = []; for (var i = 0; i < 51; i++) all.push(mb); UrlFetchApp.fetch(a, { payload: all.join("") })'
    expect(await refusal(run(lines, { args: ['http://127.0.0.1:1/'] }))).toContain('POST Size')
  })
})

describe('a wave', () => {
  test('goes out at once and comes back in order', async () => {
    const { run } = open()
    const waiting: (() => void)[] = []
    const url = await serve((request, response) => {
      // Nobody is answered before all are there, and the last is answered first.
      waiting.unshift(() => response.end(request.url))
      if (waiting.length === 6) for (const go of waiting) go()
    })
    const lines =
      'var w = []; for (var i = 0; i < 6; i++) w.push(i % 2 ? a + "/" + i : { url: a + "/" + i }); return UrlFetchApp.fetchAll(w).map(function (r) { return r.getContentText() })'
    expect(await run(lines, { args: [url] })).toEqual(['/0', '/1', '/2', '/3', '/4', '/5'])
  })

  test('one that cannot be reached fails all of it', async () => {
    const { run } = open()
    const url = await serve((_, response) => response.end('ok'))
    const lines =
      'UrlFetchApp.fetchAll([{ url: a, muteHttpExceptions: true }, { url: "http://127.0.0.1:1/", muteHttpExceptions: true }])'
    expect(await refusal(run(lines, { args: [url] }))).toContain('Address unavailable: http://127.0.0.1:1/')
  })

  test('takes as long as its slowest on the clock of the script, and no time of the test', async () => {
    const { world, run } = open()
    const url = await serve((_, response) => response.end('ok'))
    world.web.trouble = (_, before) => ({ latencyMs: before === 1 ? 20_000 : 5000 })
    const lines = 'var t = Date.now(); UrlFetchApp.fetchAll([a, a, a]); return Math.floor((Date.now() - t) / 5000)'
    expect(await run(lines, { args: [url] })).toBe(4)
    world.web.trouble = () => ({ latencyMs: 31_000 })
    const message = await refusal(
      run('try { UrlFetchApp.fetch(a) } catch (e) {}', { args: [url], mode: 'CUSTOM_FUNCTION' }),
    )
    expect(message).toBe('Exceeded maximum execution time')
  })

  test('300 formulas, 30 at once, reach the server 30 at once', async () => {
    const { world, spreadsheet } = open()
    let inFlight = 0
    let most = 0
    let waiting: (() => void)[] = []
    const url = await serve((_, response, body) => {
      most = Math.max(most, ++inFlight)
      waiting.push(() => response.end(body, () => inFlight--))
      if (waiting.length < 30) return
      for (const go of waiting) go()
      waiting = []
    })
    await world.load('function CELL(url, text) { return UrlFetchApp.fetch(url, { payload: text }).getContentText() }')
    const calls = Array.from(
      { length: 300 },
      (_, at) =>
        ({ user: OWNER, spreadsheet, mode: 'CUSTOM_FUNCTION', fn: 'CELL', args: [url, `product ${at}`] }) as const,
    )
    const ends = await world.executeMany(calls)
    expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : end.reason))).toEqual(
      calls.map(({ args }) => args[1]),
    )
    expect([most, world.web.sent.length]).toEqual([30, 300])
  })
})

describe('where it may go', () => {
  test.each([
    ['https://api.example.com/v1/', 'https://api.example.com/v1/cell', true],
    ['https://api.example.com/v1', 'https://api.example.com/v1?x=1', true],
    ['https://api.example.com/v1', 'https://api.example.com/v12', false],
    ['https://api.example.com/v1', 'https://api.example.com/V1', false],
    ['https://api.example.com/', 'https://api.example.com.evil.example/', false],
    ['https://api.example.com/', 'http://api.example.com/', false],
    ['https://api.example.com/', 'https://api.example.com:8443/', false],
    ['https://*.example.com/', 'https://eu.example.com/v1', true],
    ['https://*.example.com/', 'https://example.com/v1', false],
    ['https://api.example.com/', 'http://127.0.0.1/', false],
  ])('a manifest with %s: %s is allowed: %s', async (prefix, url, isAllowed) => {
    const { world, run } = openScriptHouse({ manifest: { urlFetchWhitelist: [prefix] } })
    world.web.trouble = () => ({ error: 'unavailable' })
    const message = await refusal(run('UrlFetchApp.fetch(a)', { args: [url] }))
    expect(message).toContain(isAllowed ? 'Address unavailable' : 'not allowed by the urlFetchWhitelist')
  })

  test.each([
    'http://api.example.com/',
    'https://api.example.com',
    'https://*.*.example.com/',
    'https://eu.*.example.com/',
  ])('a manifest with %s is refused', (prefix) => {
    expect(() => openScriptHouse({ manifest: { urlFetchWhitelist: [prefix] } })).toThrow('urlFetchWhitelist')
  })

  test('a redirect out of the list is not followed', async () => {
    const { run } = open()
    const url = await serve((_, response) => response.writeHead(302, { location: 'https://evil.example/' }).end())
    expect(await refusal(run('UrlFetchApp.fetch(a)', { args: [url] }))).toContain(
      'not allowed by the urlFetchWhitelist',
    )
  })
})

describe('how often', () => {
  test('each request of a wave counts, against whoever is at the keyboard, until the next day', async () => {
    const { world, run } = open({ quotas: { urlfetch: 3 } })
    const url = await serve((_, response) => response.end('ok'))
    const wave = 'return UrlFetchApp.fetchAll([a, a]).length'
    expect(await run(wave, { args: [url], user: EDITOR, mode: 'CUSTOM_FUNCTION' })).toBe(2)
    const message = await refusal(run(wave, { args: [url], user: EDITOR }))
    expect(message).toContain('Service invoked too many times for one day: urlfetch.')
    expect(world.web.sent).toHaveLength(2)
    expect(await run(wave, { args: [url], user: OWNER })).toBe(2)
    world.advance(86_400_000)
    expect(await run(wave, { args: [url], user: EDITOR })).toBe(2)
  })
})
