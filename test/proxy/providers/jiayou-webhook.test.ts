import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { verifyWebhook, type WebhookVerdict } from '../../../proxy/providers/jiayou/index.ts'
import { JIAYOU_JWT, JIAYOU_KEY, JIAYOU_SECRET } from '../../upstreams/jiayou.ts'
import { startSimulator } from '../../upstreams/simulator.ts'
import { fixture, openJiayouHouse, type JiayouHouse } from './jiayou-house.ts'

const SECRET = 'secret-of-the-webhook'
const NOW = Date.UTC(2024, 3, 22, 8)
const BODY = Buffer.from(JSON.stringify(fixture('webhook')))

interface Call {
  body?: Uint8Array
  headers?: Record<string, string | string[] | undefined>
  secret?: string
  now?: number
  seen?: Set<string>
}

function sign(body: Uint8Array, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** A good call, but for what is said. */
function verify({ body = BODY, headers, secret = SECRET, now = NOW, seen = new Set() }: Call = {}): WebhookVerdict {
  const good = { 'x-webhook-signature': sign(body), 'x-webhook-timestamp': String(NOW / 1000) }
  return verifyWebhook(body, { ...good, ...headers }, secret, now, seen)
}

function reason(call: Call): string | null {
  const verdict = verify(call)
  return verdict.ok ? null : verdict.reason
}

describe('a call to our webhook', () => {
  test('the documented one, signed, is an event with its code', () => {
    const verdict = verify()
    expect(verdict).toEqual({
      ok: true,
      event: {
        taskId: 101,
        batchNo: 'BAT20240422123456001',
        productName: 'Fresh Atlantic Salmon',
        nameKey: 'fresh atlantic salmon',
        status: 'success',
        // Its confidence of 0 stands for none.
        reply: expect.objectContaining({ candidates: [{ code: '0302110000', score: null }] }) as unknown,
        key: '101:success',
      },
    })
  })

  test('without a signature, or with two, it is unsigned', () => {
    expect(reason({ headers: { 'x-webhook-signature': undefined } })).toBe('unsigned')
    expect(reason({ headers: { 'x-webhook-signature': sign(BODY).slice(7) } })).toBe('unsigned')
    expect(reason({ headers: { 'x-webhook-signature': 'sha256=abc123' } })).toBe('unsigned')
    expect(reason({ headers: { 'x-webhook-signature': [sign(BODY), sign(BODY)] } })).toBe('unsigned')
  })

  test('a webhook without a secret verifies nothing', () => {
    expect(reason({ secret: '', headers: { 'x-webhook-signature': sign(BODY, '') } })).toBe('unsigned')
  })

  test('signed with another secret, or changed by one byte, it is forged', () => {
    expect(reason({ headers: { 'x-webhook-signature': sign(BODY, 'another') } })).toBe('forged')
    const changed = Buffer.from(BODY.toString().replace('0302110000', '0302110001'))
    expect(reason({ body: changed, headers: { 'x-webhook-signature': sign(BODY) } })).toBe('forged')
  })

  test('the bytes are signed, not what they say', () => {
    const spaced = Buffer.from(JSON.stringify(fixture('webhook'), null, 2))
    expect(reason({ body: spaced })).toBeNull()
    expect(reason({ body: spaced, headers: { 'x-webhook-signature': sign(BODY) } })).toBe('forged')
  })

  test('300 seconds old or early is good, 301 is stale, and so is a time that is none', () => {
    expect(reason({ now: NOW + 300_000 })).toBeNull()
    expect(reason({ now: NOW - 300_000 })).toBeNull()
    expect(reason({ now: NOW + 301_000 })).toBe('stale')
    expect(reason({ now: NOW - 301_000 })).toBe('stale')
    for (const timestamp of [undefined, '', 'now', '-1', '1e9', 'Infinity']) {
      expect(reason({ headers: { 'x-webhook-timestamp': timestamp } })).toBe('stale')
    }
  })

  test('sent again under a fresh timestamp, which no signature covers, it is seen', () => {
    const seen = new Set<string>()
    const first = verify({ seen })
    if (first.ok) seen.add(first.event.key)
    const later = NOW + 86_400_000
    expect(reason({ seen, now: later, headers: { 'x-webhook-timestamp': String(later / 1000) } })).toBe('seen')
  })

  test('a call that was not handled to its end may come again', () => {
    const seen = new Set<string>()
    verify({ seen })
    expect(verify({ seen }).ok).toBe(true)
  })

  test('a failed task is no-match; the same task succeeding is another event', () => {
    const failed = Buffer.from(JSON.stringify({ ...(fixture('webhook') as object), hscode: '', status: 'failed' }))
    const verdict = verify({ body: failed, seen: new Set(['101:success']) })
    expect(verdict).toMatchObject({ ok: true, event: { key: '101:failed', reply: { failed: 'no-match' } } })
  })

  test.each([
    ['no JSON', 'hello'],
    ['another event', { ...(fixture('webhook') as object), event: 'task.created' }],
    ['a task id as text', { ...(fixture('webhook') as object), task_id: '101' }],
    ['a status it has not', { ...(fixture('webhook') as object), status: 'queued' }],
    ['null', null],
  ])('%s is unreadable, though signed', (_, content) => {
    expect(reason({ body: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) })).toBe(
      'unreadable',
    )
  })

  test('hostile text in it is cleaned, and a code that is none is said to be none', () => {
    const hostile = { ...(fixture('webhook') as object), product_name: '=cmd|<b>x</b>\u0007', hscode: 6109100012 }
    expect(verify({ body: Buffer.from(JSON.stringify(hostile)) })).toMatchObject({
      ok: true,
      event: { productName: "'=cmd|x", reply: { failed: 'upstream-code-broken' } },
    })
  })
})

describe('managing webhooks', () => {
  let house: JiayouHouse
  beforeEach(async () => {
    house = await openJiayouHouse({ webhookRetryPauseMs: 1 })
  })
  afterEach(() => house.close())

  test('one is made, listed, switched off and on, and deleted', async () => {
    const { webhooks } = house.client
    const { id } = await webhooks.create('https://hooks.example.com/jiayou', SECRET)
    const shown = { id, url: 'https://hooks.example.com/jiayou' }
    expect(await webhooks.list()).toEqual([{ ...shown, enabled: true }])
    await webhooks.toggle(id!, false)
    expect(await webhooks.list()).toEqual([{ ...shown, enabled: false }])
    await webhooks.toggle(id!, true)
    expect(await webhooks.list()).toEqual([{ ...shown, enabled: true }])
    await webhooks.delete(id!)
    expect(await webhooks.list()).toEqual([])
  })

  test('the token goes alone, without key and secret', async () => {
    await house.client.webhooks.list()
    const [request] = house.simulator.requests
    expect(request!.headers.authorization).toBe(`Bearer ${JIAYOU_JWT}`)
    expect(request!.headers).not.toHaveProperty('x-api-key')
    expect(request!.headers).not.toHaveProperty('x-api-secret')
  })

  test('without a token nothing is sent', async () => {
    const other = await openJiayouHouse({}, { credential: { key: JIAYOU_KEY, secret: JIAYOU_SECRET } })
    const error = await other.fails(other.client.webhooks.create('https://hooks.example.com/jiayou'))
    expect([error.failure.failed, error.mayHaveBeenDone]).toEqual(['upstream-key-refused', false])
    expect(other.simulator.requests).toEqual([])
    await other.close()
  })

  test('a refused change is an error', async () => {
    const error = await house.fails(house.client.webhooks.toggle(99, true))
    expect(error.failure.failed).toBe('provider-failed')
  })

  test('replies of another form than expected hide nothing and break nothing', async () => {
    house.simulator.fault({ kind: 'rewrite', rewrite: () => ({ code: 0, message: 'ok' }) })
    expect(await house.client.webhooks.create('https://hooks.example.com/jiayou')).toEqual({ id: null, secret: null })
    house.simulator.fault({
      kind: 'rewrite',
      rewrite: () => ({ code: 0, data: [{ id: 3, url: '=x', status: '1' }, { id: '3' }, null] }),
    })
    expect(await house.client.webhooks.list()).toEqual([{ id: 3, url: "'=x", enabled: true }])
    house.simulator.fault({ kind: 'rewrite', rewrite: () => ({ code: 0, data: null }) })
    expect(await house.client.webhooks.logs()).toEqual([])
  })

  test('what jiayou sends is verified by the secret it made, and its log shows neither secret nor signature', async () => {
    const calls: { body: Uint8Array; headers: Call['headers'] }[] = []
    const ours = await startSimulator(({ body, headers }) => {
      calls.push({ body, headers })
      return { json: {} }
    })
    const { secret } = await house.client.webhooks.create(ours.url)
    const { batchNo } = await house.client.submit(['Cotton T-shirts'])
    await house.client.awaitBatch(batchNo, { signal: AbortSignal.timeout(10_000), everyMs: 5 })
    await house.simulator.webhooksSettled()
    expect(secret).toMatch(/^[0-9a-f]{32}$/)
    const verdicts = calls.map(({ body, headers }) =>
      verifyWebhook(body, headers ?? {}, secret!, Date.now(), new Set()),
    )
    expect(verdicts).toMatchObject([{ ok: true, event: { batchNo, reply: { candidates: [{ code: '6109100012' }] } } }])
    const logs = await house.client.webhooks.logs()
    expect(logs).toMatchObject([{ attempt: '1', http_status: '200' }])
    house.simulator.fault({
      kind: 'rewrite',
      rewrite: () => ({ code: 0, data: [{ secret, signature: 's', url: '<i>u</i>' }] }),
    })
    expect(await house.client.webhooks.logs()).toEqual([{ url: 'u' }])
    await ours.close()
  })
})
