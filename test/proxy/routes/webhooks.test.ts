/** /v1/webhooks over HTTP: the real app, two workspaces. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'

const URL = 'http://127.0.0.1:9/hook'

let house: TestHouse
let proxy: TestProxy
beforeEach(async () => {
  house = await openTestHouse({ providers: [] })
  proxy = await startTestProxy(house)
})
afterEach(async () => {
  await proxy.close()
  await house.close()
})

interface Reply {
  status: number
  body: {
    webhook: { id: string; url: string; events: string[] | null; state: string; disabledReason: string | null }
    webhooks: Reply['body']['webhook'][]
    secret: string
    delivery: string
    deliveries: { id: string; event: string; state: string; attempts: number; nextAt: string | null }[]
    before: string | null
    oldSecretUntil: string
    error?: { code: string; message: string }
  }
}

async function call(method: string, path: string, body?: unknown, token = house.ownerTokens[0]): Promise<Reply> {
  const response = await fetch(`${proxy.url}/v1/webhooks${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  if (response.status !== 204) expect(response.headers.get('cache-control') ?? 'no-store').toBe('no-store')
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Reply['body'] }
}

const add = async (token = house.ownerTokens[0]): Promise<Reply['body']> =>
  (await call('POST', '', { url: URL }, token)).body
const log = async (id: string, query = ''): Promise<Reply['body']> =>
  (await call('GET', `/${id}/deliveries${query}`)).body

test('a webhook is added with a secret that nothing shows again', async () => {
  const made = await call('POST', '', { url: `${URL}#part`, events: ['job.done', 'points.low'] })
  expect(made.status).toBe(201)
  expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(made.body.webhook).toMatchObject({ url: URL, events: ['job.done', 'points.low'], state: 'active' })
  const listed = await call('GET', '')
  expect(listed.body.webhooks).toEqual([made.body.webhook])
  expect(JSON.stringify(listed.body)).not.toContain('whsec_')
  const rows = await house.database.all('SELECT * FROM webhook')
  expect(JSON.stringify([rows, await house.database.all('SELECT * FROM audit')])).not.toContain(
    made.body.secret.slice('whsec_'.length),
  )
})

test('it is disabled, enabled, given other events, and removed; the audit has all of it', async () => {
  const { id } = (await add()).webhook
  const { delivery } = (await call('POST', `/${id}/test`)).body
  expect((await call('PATCH', `/${id}`, { state: 'disabled' })).body.webhook).toMatchObject({
    state: 'disabled',
    disabledReason: 'asked',
  })
  for (const path of [`/${id}/test`, `/deliveries/${delivery}/resend`]) {
    const refused = await call('POST', path)
    expect([refused.status, refused.body.error]).toMatchObject([409, { code: 'TC-441', retryable: false }])
    expect(refused.body.error?.message).toContain(id)
  }
  expect((await log(id)).deliveries).toMatchObject([{ id: delivery, attempts: 0 }])
  expect((await call('PATCH', `/${id}`, { state: 'active', events: ['ping'] })).body.webhook).toMatchObject({
    state: 'active',
    disabledReason: null,
    events: ['ping'],
  })
  expect((await call('PATCH', `/${id}`, { events: null })).body.webhook.events).toBeNull()
  expect((await call('POST', `/${id}/rotate`)).body.secret).toMatch(/^whsec_/)
  expect((await call('DELETE', `/${id}`)).status).toBe(204)
  expect((await call('GET', '')).body.webhooks).toEqual([])
  const audit = await house.database.all<{ action: string; actor: string; workspace_id: string }>(
    "SELECT action, actor, workspace_id FROM audit WHERE action LIKE 'webhook.%' ORDER BY id",
  )
  expect(audit.map(({ action }) => action)).toEqual([
    'webhook.create',
    'webhook.change',
    'webhook.change',
    'webhook.change',
    'webhook.rotate',
    'webhook.remove',
  ])
  const [asker] = house.askers
  expect(new Set(audit.map((one) => `${one.actor} ${one.workspace_id}`))).toEqual(
    new Set([`${asker.seatId} ${asker.workspaceId}`]),
  )
})

test('the log shows what was sent and lets it be sent again, page by page', async () => {
  const { id } = (await add()).webhook
  const sent: string[] = []
  for (let n = 0; n < 5; n++) {
    sent.unshift((await call('POST', `/${id}/test`)).body.delivery)
    house.clock.advance(1)
  }
  const first = await log(id, '?limit=2')
  expect(first.deliveries.map((one) => one.id)).toEqual(sent.slice(0, 2))
  const second = await log(id, `?limit=2&before=${first.before}`)
  expect(second.deliveries.map((one) => one.id)).toEqual(sent.slice(2, 4))
  expect(await log(id, `?limit=2&before=${second.before}`)).toMatchObject({
    deliveries: [{ id: sent[4] }],
    before: null,
  })
  expect(first.deliveries[0]).toMatchObject({ event: 'ping', state: 'waiting', attempts: 0 })
  // A delivery that is forgotten by now is the end, and not the beginning again.
  expect(await log(id, '?before=test-999999')).toEqual({ deliveries: [], before: null })
  expect(JSON.stringify(first)).not.toContain('body')

  await house.database.run("UPDATE webhook_delivery SET state = 'failed', attempts = 1 WHERE id = $1", [sent[0]!])
  const again = await call('POST', `/deliveries/${sent[0]}/resend`)
  expect([again.status, again.body.delivery]).toEqual([202, sent[0]])
  expect((await log(id)).deliveries[0]).toMatchObject({ state: 'waiting', attempts: 0 })
})

test('a rotation says until when the secret before is good', async () => {
  const { webhook, secret } = await add()
  const rotated = await call('POST', `/${webhook.id}/rotate`)
  expect(rotated.body.secret).not.toBe(secret)
  expect(Date.parse(rotated.body.oldSecretUntil) - house.clock.now()).toBe(24 * 3600_000)
})

test('there are ten at most, however many are added at once', async () => {
  const replies = await Promise.all(Array.from({ length: 14 }, () => call('POST', '', { url: URL })))
  const refused = replies.filter(({ status }) => status !== 201)
  expect(refused.map(({ status, body }) => [status, body.error?.code])).toEqual(
    Array.from({ length: 4 }, () => [409, 'TC-440']),
  )
  expect((await call('POST', '', { url: URL }, house.ownerTokens[1])).status).toBe(201)
})

describe('what is not let through', () => {
  test('a foreign id looks like an unknown one, on every route', async () => {
    const { id } = (await add()).webhook
    const { delivery } = (await call('POST', `/${id}/test`)).body
    const foreign = (method: string, path: string, body?: unknown) => call(method, path, body, house.ownerTokens[1])
    for (const [method, path, body] of [
      ['PATCH', `/${id}`, { state: 'disabled' }],
      ['DELETE', `/${id}`],
      ['POST', `/${id}/rotate`],
      ['POST', `/${id}/test`],
      ['GET', `/${id}/deliveries`],
      ['POST', `/deliveries/${delivery}/resend`],
    ] as [string, string, object?][]) {
      const theirs = await foreign(method, path, body)
      expect([theirs.status, theirs.body.error?.code], path).toEqual([404, 'TC-243'])
      const unknown = await foreign(method, path.replace(/(test-\d+)/, 'test-999999'), body)
      expect(unknown.body.error?.message.replace('test-999999', '')).toBe(
        theirs.body.error?.message.replace(/test-\d+/, ''),
      )
    }
    expect((await call('GET', '', undefined, house.ownerTokens[1])).body.webhooks).toEqual([])
    expect((await call('GET', '')).body.webhooks).toMatchObject([{ state: 'active' }])
    // Nor does a foreign cursor page.
    const other = await add(house.ownerTokens[1])
    const cursor = await call(
      'GET',
      `/${other.webhook.id}/deliveries?before=${delivery}`,
      undefined,
      house.ownerTokens[1],
    )
    expect(cursor.body.deliveries).toEqual([])
  })

  test('whoever is no owner, on every route', async () => {
    const { id } = (await add()).webhook
    const { token } = await house.seats.createSeat({
      workspaceId: house.askers[0].workspaceId,
      name: 'seat',
      role: 'seat',
      dailyCapPoints: null,
    })
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['PATCH', `/${id}`],
      ['DELETE', `/${id}`],
      ['POST', `/${id}/rotate`],
      ['POST', `/${id}/test`],
      ['GET', `/${id}/deliveries`],
      ['POST', '/deliveries/x/resend'],
    ] as const) {
      const body = method === 'POST' && path === '' ? { url: URL } : undefined
      expect((await call(method, path, body, token)).status, `${method} ${path}`).toBe(403)
      expect((await call(method, path, body, 'none')).status, `${method} ${path}`).toBe(401)
    }
  })

  test.each([
    ['an event there is not', { url: URL, events: ['job.exploded'] }],
    ['no events', { url: URL, events: [] }],
    ['an unknown field', { url: URL, secret: 'mine' }],
    ['no address', {}],
    ['what is no text', { url: 7 }],
    ['what is no JSON', '{'],
    ['nothing', ''],
  ])('%s', async (_, body) => {
    const { status, body: reply } = await call('POST', '', body)
    expect([status, reply.error?.code]).toEqual([400, 'TC-131'])
  })

  test('an address that is refused, and a body that is too large', async () => {
    const refused = await call('POST', '', { url: 'https://someone:secret@example.com/' })
    expect([refused.status, refused.body.error?.code]).toEqual([400, 'TC-154'])
    expect(refused.body.error?.message).not.toContain('secret')
    expect((await call('POST', '', { url: URL, events: ['x'.repeat(30_000)] })).status).toBe(413)
    const { id } = (await add()).webhook
    expect((await call('PATCH', `/${id}`, { state: 'gone' })).status).toBe(400)
    expect((await call('PATCH', `/${id}`, { url: URL })).status).toBe(400)
  })

  test('more than thirty calls a minute that make this proxy call others', async () => {
    const { id } = (await add()).webhook
    const statuses = []
    for (let n = 0; n < 30; n++) statuses.push((await call('POST', `/${id}/test`)).status)
    expect(statuses.filter((status) => status === 202)).toHaveLength(29)
    expect(statuses.at(-1)).toBe(429)
    expect((await call('GET', '')).status).toBe(200)
  })

  test('a path beside them that others own is left to others', async () => {
    const response = await fetch(`${proxy.url}/v1/webhooks/elsewhere`, { method: 'POST' })
    expect(response.status).toBe(404)
  })
})
