import { afterEach, describe, expect, it } from 'vitest'
import type { ServerResponse } from 'node:http'
import { systemClock } from '../../shared/clock.ts'
import { createProxyClient, REQUEST_TIMEOUT_MS, type ProxyClientDeps } from '../../excel-addin/proxy-client.ts'
import type { Reply } from '../../excel-addin/send-batch.ts'
import { answersRequest, type Answer, type PointsSummary } from '../../shared/protocol.ts'
import { createFakeClock } from './fake-clock.ts'
import { answerOf, DONE, sendJson, startFakeProxy, writeLines, type FakeProxy, type Respond } from './fake-proxy.ts'

let proxy: FakeProxy | null = null
afterEach(async () => {
  await proxy?.close()
  proxy = null
})

const request = {
  requestId: 'batch-1',
  questions: ['a', 'b'].map((text, at) => ({ id: String(at + 1), fn: 'HSCODE', args: [text] })),
}

interface Sent {
  reply: Reply
  answers: Answer[]
  points: PointsSummary[]
}

async function send(overrides: Partial<ProxyClientDeps> = {}, onAnswer?: (answer: Answer) => void): Promise<Sent> {
  const answers: Answer[] = []
  const points: PointsSummary[] = []
  const client = createProxyClient({
    baseUrl: () => proxy?.baseUrl ?? 'http://127.0.0.1:1',
    token: () => 'seat-token',
    fetch: (url, init) => fetch(url, init),
    clock: systemClock,
    language: () => 'en',
    onPoints: (summary) => points.push(summary),
    ...overrides,
  })
  const reply = await client(request, (answer) => {
    answers.push(answer)
    onAnswer?.(answer)
  })
  return { reply, answers, points }
}

async function sendTo(respond: Respond, overrides: Partial<ProxyClientDeps> = {}): Promise<Sent> {
  proxy = await startFakeProxy(respond)
  return await send(overrides)
}

function sendText(response: ServerResponse, type: string, text: string): void {
  response.setHeader('Content-Type', type)
  response.end(text)
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`
const first = answerOf(request.questions[0]!)
const second = answerOf(request.questions[1]!)

describe('a reply in lines', () => {
  it('hands on each answer as it comes, before the reply ends', async () => {
    let finish!: () => void
    proxy = await startFakeProxy((_, response) => {
      writeLines(response, [first])
      finish = () => {
        writeLines(response, [second, DONE])
        response.end()
      }
    })
    const seen: string[] = []
    const { reply, points } = await send({}, ({ id }) => {
      seen.push(id)
      if (seen.length === 1) finish()
    })
    expect(seen).toEqual(['1', '2'])
    expect(reply.status).toBe(200)
    expect(points).toEqual([DONE.points])
  })

  it('may be cut anywhere, inside a character too', async () => {
    const answer = { ...first, value: '鞋子' }
    const bytes = Buffer.from(line(answer) + line(second) + line(DONE))
    const { answers, reply } = await sendTo(async (_, response) => {
      response.setHeader('Content-Type', 'application/x-ndjson')
      for (const byte of bytes) {
        response.write(Buffer.from([byte]))
        await new Promise((resolve) => {
          setImmediate(resolve)
        })
      }
      response.end()
    })
    expect(answers).toEqual([answer, second])
    expect(reply.status).toBe(200)
  })

  it('a bad line fails only the cells that got no answer', async () => {
    const { answers, reply } = await sendTo((_, response) =>
      sendText(response, 'application/x-ndjson', `${line(first)}not json\n${line({ id: '2' })}${line(DONE)}`),
    )
    expect(answers).toEqual([first])
    expect(reply).toMatchObject({ status: 200, error: { code: 'TC-522' } })
  })

  it('a cell that a good reply left out is told so', async () => {
    const { reply } = await sendTo((_, response) =>
      sendText(response, 'application/x-ndjson', line(first) + line(DONE)),
    )
    expect(reply).toMatchObject({ status: 200, error: { code: 'TC-523' } })
  })

  it.each([
    ['between two lines', line(first)],
    ['inside a line', line(first) + line(second).slice(0, 9)],
  ])('that ends early, %s, is a broken connection', async (_, text) => {
    const { answers, reply } = await sendTo((_, response) => sendText(response, 'application/x-ndjson', text))
    expect(answers).toEqual([first])
    expect(reply.status).toBe(0)
  })

  it('whose connection breaks keeps the answers that came', async () => {
    const { answers, reply } = await sendTo((_, response) => {
      writeLines(response, [first])
      setTimeout(() => response.destroy(), 20)
    })
    expect(answers).toEqual([first])
    expect(reply).toMatchObject({ status: 0, error: { code: 'TC-520' } })
  })
})

describe('a reply in one piece', () => {
  it('is read whole, and one bad answer spoils only itself', async () => {
    const { answers, reply, points } = await sendTo((_, response) =>
      sendJson(response, 200, { answers: [{ id: 7 }, second], points: DONE.points }),
    )
    expect(answers).toEqual([second])
    expect(reply).toMatchObject({ status: 200, error: { code: 'TC-522' } })
    expect(points).toEqual([DONE.points])
  })

  it('a page of something else is a reply that could not be read', async () => {
    const { reply } = await sendTo((_, response) => sendText(response, 'text/html', '<p>Welcome</p>'))
    expect(reply).toMatchObject({ status: 200, error: { code: 'TC-522' } })
  })
})

describe('a refusal', () => {
  it('is shown in the proxy’s own words', async () => {
    const error = { code: 'TC-402', message: 'TC-402 in its words', retryable: true }
    const { reply } = await sendTo((_, response) => sendJson(response, 402, { error }))
    expect(reply).toEqual({ status: 402, error, retryAfterMs: null })
  })

  it.each([
    [401, 'TC-401'],
    [402, 'TC-402'],
    [403, 'TC-403'],
    [404, 'TC-522'],
    [413, 'TC-413'],
    [429, 'TC-429'],
    [500, 'TC-520'],
    [504, 'TC-521'],
  ])('status %i by something between has a code too: %s', async (status, code) => {
    const { reply } = await sendTo((_, response) => {
      response.statusCode = status
      sendText(response, 'text/html', '<h1>Gateway</h1>')
    })
    expect(reply).toMatchObject({ status, error: { code } })
  })

  it('Retry-After is read in seconds and as a date', async () => {
    for (const [header, expected] of [
      ['7', 7000],
      ['Thu, 01 Jan 1970 00:00:09 GMT', 9000],
      ['soon', null],
    ] as const) {
      const { reply } = await sendTo(
        (_, response) => {
          response.setHeader('Retry-After', header)
          sendJson(response, 503, {})
        },
        { clock: createFakeClock() },
      )
      expect(reply.retryAfterMs).toBe(expected)
      await proxy!.close()
    }
  })
})

describe('no reply', () => {
  it('a proxy that is not there is out of reach', async () => {
    const { reply } = await send()
    expect(reply).toMatchObject({ status: 0, error: { code: 'TC-520' } })
  })

  it('a proxy that hangs is given up after 45 s, also by a fetch that cannot be aborted', async () => {
    const clock = createFakeClock()
    let signal: AbortSignal | undefined
    const sent = send({
      clock,
      fetch: (_, init) => {
        signal = init.signal!
        return new Promise(() => undefined)
      },
    })
    await clock.advance(REQUEST_TIMEOUT_MS)
    expect((await sent).reply).toMatchObject({ status: 0, error: { code: 'TC-521' } })
    expect(signal?.aborted).toBe(true)
  })

  it('without a token nothing is sent', async () => {
    const { reply } = await send({ token: () => null, fetch: () => Promise.reject(new Error('sent')) })
    expect(reply).toMatchObject({ status: 401, error: { code: 'TC-401' } })
  })
})

it('a request is as the wire wants it', async () => {
  const { reply } = await sendTo((body, response) =>
    sendJson(response, answersRequest.parse(body) ? 200 : 400, { answers: [first, second], points: DONE.points }),
  )
  expect(reply.status).toBe(200)
  expect(proxy!.batches[0]).toMatchObject({ ...request, lang: 'en' })
})
