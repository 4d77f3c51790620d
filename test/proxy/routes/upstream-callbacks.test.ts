/** jiayou calling us over HTTP: the real app, the whole house, a chunk of a job that waits; good calls, and every bad one. */
import { createHmac } from 'node:crypto'
import http from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answerBatch } from '../../../proxy/answer/answer-batch.ts'
import { createJiayouClient } from '../../../proxy/providers/jiayou/index.ts'
import type { Answer } from '../../../shared/protocol.ts'
import { question } from '../../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'
import { openUpstreamHouse, type UpstreamHouse } from '../../hosts/upstream-house.ts'
import {
  JIAYOU_JWT,
  JIAYOU_KEY,
  JIAYOU_SECRET,
  startJiayouSimulator,
  type JiayouSimulator,
} from '../../upstreams/jiayou.ts'

const SECRET = 'secret-of-our-webhook'
const BEFORE = 'secret-of-the-one-before'
const NAMES = 20
/** As long as a busy machine takes. */
const eventually = <Value>(read: () => Value) => expect.poll(read, { timeout: 15_000, interval: 10 })
// Only a call ends such a pause within a test.
const NEVER_MS = 1e8

let jiayou: JiayouSimulator
let house: UpstreamHouse
let proxy: TestProxy
let working: Promise<Answer[]>
let announces: boolean
// What jiayou signs carries the time of its own clock; by hand it stands still.
let now: () => number

async function open(options: { workerMs: number; givesAddress?: boolean; now?: () => number }): Promise<void> {
  now = options.now ?? Date.now
  announces = options.givesAddress ?? false
  jiayou = await startJiayouSimulator({ balance: 1000, workerMs: options.workerMs, webhookRetryPauseMs: 20 })
  house = await openUpstreamHouse({
    clock: { now, advance: () => {} },
    submit: {
      settings: { questionsMin: 10, pausesMs: [NEVER_MS], announcedPauseMs: NEVER_MS },
      callbackUrl: (upstream, token) => (announces ? `${proxy.url}/v1/webhooks/${upstream}/${token}` : null),
    },
  })
  const credential = { key: JIAYOU_KEY, secret: JIAYOU_SECRET, webhookSecret: SECRET, webhookSecretBefore: BEFORE }
  await house.connect('jiayou', credential, jiayou.url)
  proxy = await startTestProxy({ ...house.house, askers: house.askers, ownerTokens: house.ownerTokens })
}

afterEach(async () => {
  // First of all: it ends the work that waits.
  await house.close()
  await working
  await proxy.close()
  await jiayou.close()
})

/** A chunk of a job under way. */
function work(): Promise<Answer[]> {
  const { answer, bulkBuy } = house.house
  const answers: Answer[] = []
  const buy = bulkBuy({ jobId: 'job-1', chunk: 0, workspaceId: house.askers[0].workspaceId })
  const questions = Array.from({ length: NAMES }, (_, at) => question('HSCODE', `Goods number ${at}`))
  working = answerBatch(answer, house.askers[0], questions, { language: 'en', deadlineMs: null, buy }, (given) =>
    answers.push(given),
  ).then(() => answers)
  return working
}

const looks = (): number => jiayou.requests.filter(({ path }) => path === '/api/api/tasks').length

/** Path of the address that was named with the submit. */
function addressGiven(): string {
  const submit = jiayou.requests.find(({ path }) => path === '/api/api/submit')
  return new URL((submit!.json as { webhook_url: string }).webhook_url).pathname
}

async function announced(): Promise<number> {
  const row = await house.house.database.get<{ announced: number }>('SELECT announced FROM submission')
  return row!.announced
}

/** Until it is sent and looked at for the first time. */
async function untilItWaits(): Promise<void> {
  await eventually(() =>
    house.house.database.get('SELECT 1 AS one FROM submission WHERE next_look_at > $1', [now() + NEVER_MS / 2]),
  ).toEqual({ one: 1 })
}

interface Call {
  at?: string
  body: string | Uint8Array
  secret?: string | null
  timestamp?: number
  headers?: Record<string, string | string[]>
}

/** By hand, because fetch joins what comes twice. */
function call({ at = '', body, secret = SECRET, timestamp = now() / 1000, headers = {} }: Call): Promise<{
  status: number
  code: string | null
}> {
  const bytes = Buffer.from(body)
  const signature = secret === null ? {} : { 'x-webhook-signature': sign(bytes, secret) }
  return new Promise((resolve, reject) => {
    const request = http.request(`${proxy.url}/v1/webhooks/jiayou${at}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': bytes.length,
        'x-webhook-timestamp': String(Math.floor(timestamp)),
        ...signature,
        ...headers,
      },
    })
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const code = text === '' ? null : (JSON.parse(text) as { error: { code: string } }).error.code
        expect(response.headers['cache-control']).toBe('no-store')
        resolve({ status: response.statusCode ?? 0, code })
      })
    })
    request.on('error', reject)
    request.end(bytes)
  })
}

function sign(body: Uint8Array, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

function eventOf(task: number, batchNo: string, more: object = {}): string {
  return JSON.stringify({
    event: 'task.completed',
    task_id: task,
    batch_no: batchNo,
    type: 'api',
    product_name: 'Goods',
    hscode: '6109100012',
    confidence: 0,
    status: 'success',
    ...more,
  })
}

describe('a job that waits', () => {
  test('goes on at the last signed call, and looks once', async () => {
    // Long enough for the ticket to be known here before the first call.
    await open({ workerMs: 500 })
    const client = createJiayouClient({
      credential: { key: JIAYOU_KEY, secret: JIAYOU_SECRET, jwt: JIAYOU_JWT },
      baseUrl: jiayou.url,
      now: Date.now,
      log: { warn: () => {} },
      onUsage: () => {},
    })
    await client.webhooks.create(`${proxy.url}/v1/webhooks/jiayou`, SECRET)
    const answers = await work()
    expect(answers.filter(({ value }) => value !== undefined)).toHaveLength(NAMES)
    expect(looks()).toBe(1)
    await jiayou.webhooksSettled()
    expect(jiayou.webhookCalls.map(({ http_status: status }) => status)).toEqual(
      Array.from({ length: NAMES }, () => 204),
    )
    await client.close()
  })

  test('goes on at the last unsigned call to the address it was sent with', async () => {
    await open({ workerMs: 100, givesAddress: true })
    const answers = await work()
    expect(answers.filter(({ value }) => value !== undefined)).toHaveLength(NAMES)
    expect(looks()).toBe(1)
    const rows = await house.house.database.all<{ token_hash: string }>('SELECT token_hash FROM submission')
    expect(rows[0]!.token_hash).toMatch(/^[0-9a-f]{64}$/)
    expect(rows[0]!.token_hash).not.toBe(addressGiven().split('/').at(-1))
  })

  test('believes no result that a call brings: it reads its own', async () => {
    await open({ workerMs: 100 })
    void work()
    await untilItWaits()
    const { batch_no: batch } = jiayou.tasks[0]!
    await eventually(() => jiayou.tasks.every(({ status }) => status === 'success')).toBe(true)
    for (let at = 0; at < NAMES; at++) await call({ body: eventOf(at, batch, { hscode: '0101210000' }) })
    const answers = await working
    expect(answers.filter(({ value }) => value === '0101210000')).toEqual([])
    expect(answers.filter(({ value }) => value !== undefined)).toHaveLength(NAMES)
  })
})

describe('a call', () => {
  let batch: string
  beforeEach(async () => {
    const time = Date.now()
    await open({ workerMs: 1_000_000, givesAddress: true, now: () => time })
    void work()
    await untilItWaits()
    batch = jiayou.tasks[0]!.batch_no
  })
  const REFUSED = { status: 401, code: 'TC-438' }
  const HEARD = { status: 204, code: null }

  test('that is signed counts, by either secret while both are in use', async () => {
    expect(await call({ body: eventOf(1, batch) })).toEqual(HEARD)
    expect(await call({ body: eventOf(2, batch), secret: BEFORE })).toEqual(HEARD)
    expect(await announced()).toBe(2)
  })

  test('that is unsigned, or signed by another, is refused', async () => {
    const body = eventOf(1, batch)
    expect(await call({ body, secret: null })).toEqual(REFUSED)
    expect(await call({ body, secret: 'another-secret-of-16' })).toEqual(REFUSED)
    expect(await call({ body, headers: { 'x-webhook-signature': 'sha256=' } })).toEqual(REFUSED)
    expect(await call({ body, secret: '' })).toEqual(REFUSED)
    expect(await announced()).toBe(0)
  })

  test.each([
    ['five minutes late is good', -299, HEARD],
    ['five minutes early is good', 300, HEARD],
    ['more than five minutes late is refused', -301, REFUSED],
    ['more than five minutes early is refused', 301, REFUSED],
  ])('that is %s', async (_, seconds, outcome) => {
    expect(await call({ body: eventOf(1, batch), timestamp: Math.floor(now() / 1000) + seconds })).toEqual(outcome)
  })

  test('whose time is none is refused', async () => {
    for (const time of ['', 'now', '-1', '1e9', '99999999999999']) {
      expect(await call({ body: eventOf(1, batch), headers: { 'x-webhook-timestamp': time } })).toEqual(REFUSED)
    }
  })

  test('with a byte changed, or printed anew, is refused', async () => {
    const body = eventOf(1, batch)
    const signature = { 'x-webhook-signature': sign(Buffer.from(body), SECRET) }
    expect(await call({ body: body.replace('6109100012', '6109100011'), headers: signature })).toEqual(REFUSED)
    expect(await call({ body: JSON.stringify(JSON.parse(body), null, 1), headers: signature })).toEqual(REFUSED)
    expect(await call({ body, headers: signature })).toEqual(HEARD)
  })

  test('with a header twice is refused', async () => {
    const body = eventOf(1, batch)
    const signature = sign(Buffer.from(body), SECRET)
    const time = String(Math.floor(now() / 1000))
    expect(await call({ body, headers: { 'x-webhook-signature': [signature, signature] } })).toEqual(REFUSED)
    expect(await call({ body, headers: { 'x-webhook-timestamp': [time, time] } })).toEqual(REFUSED)
  })

  test('that is sent again, under whatever time, is answered well and counts once', async () => {
    const body = eventOf(1, batch)
    expect(await call({ body })).toEqual(HEARD)
    expect(await call({ body })).toEqual(HEARD)
    expect(await call({ body, timestamp: Math.floor(now() / 1000) + 60 })).toEqual(HEARD)
    expect(await Promise.all([call({ body: eventOf(2, batch) }), call({ body: eventOf(2, batch) })])).toEqual([
      HEARD,
      HEARD,
    ])
    expect(await announced()).toBe(2)
  })

  test('beyond the last piece of work changes nothing and is not written down', async () => {
    for (let at = 0; at < NAMES + 5; at++) await call({ body: eventOf(at, batch) })
    expect(await announced()).toBe(NAMES)
    expect(await house.house.database.get('SELECT COUNT(*) AS n FROM inbox')).toEqual({ n: NAMES })
  })

  test('about work of nobody here is answered well, and leaves no trace', async () => {
    expect(await call({ body: eventOf(1, 'BAT0') })).toEqual(HEARD)
    expect(await house.house.database.all('SELECT * FROM inbox')).toEqual([])
  })

  test('that cannot be read is said to be so, though it is signed', async () => {
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      eventOf(1, batch, { event: 'task.created' }),
      eventOf(1, batch, { task_id: 'x' }),
    ]) {
      expect((await call({ body })).status).toBe(400)
    }
    const zipped = gzipSync(eventOf(1, batch))
    expect((await call({ body: zipped, headers: { 'content-encoding': 'gzip' } })).status).toBe(400)
    expect(await announced()).toBe(0)
  })

  test('of more than 64 kB is too large', async () => {
    expect((await call({ body: eventOf(1, batch, { product_name: 'x'.repeat(70_000) }) })).status).toBe(413)
  })

  test('by a workspace’s own secret says nothing of another workspace’s work', async () => {
    const own = { key: JIAYOU_KEY, secret: JIAYOU_SECRET, webhookSecret: 'secret-of-the-second-workspace' }
    await house.connect('jiayou', own, jiayou.url, house.askers[1].workspaceId)
    expect(await call({ body: eventOf(1, batch), secret: own.webhookSecret })).toEqual(HEARD)
    expect(await announced()).toBe(0)
  })

  test('without a signature counts at the one address it was given, and nowhere else', async () => {
    const at = addressGiven().replace('/v1/webhooks/jiayou', '')
    const body = eventOf(1, batch)
    expect(await call({ at, body, secret: null })).toEqual(HEARD)
    expect(await call({ at, body, secret: null })).toEqual(HEARD)
    // Signed and unsigned tell of the same piece of work.
    expect(await call({ body })).toEqual(HEARD)
    expect(await announced()).toBe(1)
    expect((await call({ at, body: 'hello', secret: null })).status).toBe(400)
    expect(await call({ at: `${at.slice(0, -1)}_`, body, secret: null })).toEqual(REFUSED)
    expect(await call({ at: '/', body, secret: null })).toEqual(REFUSED)
  })

  test('of somebody who guesses is soon not looked at any more, and good calls still are', async () => {
    const body = eventOf(1, batch)
    const guesses = await Promise.all(Array.from({ length: 80 }, () => call({ at: '/guess', body, secret: null })))
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(60)
    expect((await call({ at: '/guess', body, secret: null })).status).toBe(429)
    expect((await call({ body, secret: 'another-secret-of-16' })).status).toBe(429)
    expect(await call({ body })).toEqual(HEARD)
  })

  test('to read, or by a browser of elsewhere, gets nothing', async () => {
    expect((await fetch(`${proxy.url}/v1/webhooks/jiayou`)).status).toBe(404)
  })
})
