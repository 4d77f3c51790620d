import { afterEach, describe, expect, test } from 'vitest'
import { JIAYOU_JWT, JIAYOU_KEY, JIAYOU_SECRET, startJiayouSimulator, type JiayouSimulator } from './jiayou.ts'
import type { JiayouSimulatorOptions } from './jiayou.ts'
import { startSimulator, type Simulator } from './simulator.ts'

const KEYS = { 'x-api-key': JIAYOU_KEY, 'x-api-secret': JIAYOU_SECRET }
const BEARER = { authorization: `Bearer ${JIAYOU_JWT}` }

const open: Simulator[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()))
})

async function start(options: JiayouSimulatorOptions = {}): Promise<JiayouSimulator> {
  const simulator = await startJiayouSimulator(options)
  open.push(simulator)
  return simulator
}

interface Reply {
  status: number
  code: number
  data: Record<string, unknown>
}

async function call(
  simulator: JiayouSimulator,
  path: string,
  { method, headers = KEYS, json }: { method?: string; headers?: Record<string, string>; json?: unknown } = {},
): Promise<Reply> {
  const response = await fetch(simulator.url + path, {
    method: method ?? (json === undefined ? 'GET' : 'POST'),
    headers: { 'content-type': 'application/json', ...headers },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
  const { code, data } = (await response.json()) as Omit<Reply, 'status'>
  return { status: response.status, code, data }
}

const look = (simulator: JiayouSimulator, products: unknown): Promise<Reply> =>
  call(simulator, '/api/api/batch-query', { json: { products } })
const submit = (simulator: JiayouSimulator, products: string[], more: object = {}): Promise<Reply> =>
  call(simulator, '/api/api/submit', { json: { products, ...more } })
const until = async (isDone: () => boolean): Promise<void> => {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 2))
}

describe('what simulated jiayou refuses', () => {
  test.each<[string, string, Parameters<typeof call>[2], number]>([
    ['no credential', '/api/api/tasks', { headers: {} }, 401],
    ['a wrong secret', '/api/api/tasks', { headers: { ...KEYS, 'x-api-secret': 'x' } }, 401],
    ['a wrong token', '/api/api/tasks', { headers: { authorization: 'Bearer x' } }, 401],
    ['a key where a token is due', '/api/webhook/list', {}, 401],
    ['the wrong method', '/api/api/batch-query', {}, 405],
    ['the wrong method', '/api/api/tasks', { json: {} }, 405],
    ['a path it has not', '/api/submit', { json: {} }, 404],
    ['no list', '/api/api/batch-query', { json: { products: 'Mug' } }, 400],
    ['no body', '/api/api/submit', { method: 'POST' }, 400],
    ['an empty list', '/api/api/batch-query', { json: { products: [] } }, 400],
    ['none that is a name', '/api/api/batch-query', { json: { products: ['', '  ', 7, 'm'.repeat(513)] } }, 400],
    ['more than 500', '/api/api/submit', { json: { products: Array.from({ length: 501 }, () => 'Mug') } }, 400],
    ['a webhook that is no address', '/api/api/submit', { json: { products: ['Mug'], webhook_url: 'here' } }, 400],
  ])('%s at %s', async (_, path, request, status) => {
    const simulator = await start()
    expect(await call(simulator, path, request)).toEqual({ status, code: -1, data: [] })
    expect(simulator.pointsCharged).toBe(0)
  })
})

describe('its books', () => {
  test('the documented examples have the documented answers', async () => {
    const simulator = await start()
    const { data } = await look(simulator, ['Fresh Atlantic Salmon', 'Cotton T-shirts', 'Wireless Bluetooth Mouse'])
    expect((data.results as { hscode: string }[]).map(({ hscode }) => hscode)).toEqual([
      '0302110000',
      '6109100012',
      '3924900010',
    ])
  })

  test.each([
    [true, 3],
    [false, 1],
  ])('with remembered rows charged: %s, three rows of which two are remembered cost %i', async (charges, used) => {
    const simulator = await start({ chargesCacheHits: charges })
    await look(simulator, ['Mug', 'Jug'])
    const { data } = await look(simulator, ['Mug', 'Jug', 'Cup'])
    expect(data).toMatchObject({ total: 3, success: 3, cache_hits: 2, api_calls: 1, points_used: used })
    expect(simulator.pointsCharged).toBe(2 + used)
    expect([data.balance, simulator.calls]).toEqual([100 - 2 - used, 2])
  })

  test('duplicates are removed, with or without regard to case', async () => {
    const strict = await start()
    const loose = await start({ foldsCase: true })
    const products = ['Mug', 'mug', ' Mug ']
    expect((await look(strict, products)).data.total).toBe(2)
    expect((await look(loose, products)).data.total).toBe(1)
  })

  test('what it finds nothing for has an empty code, an error and status 200', async () => {
    const simulator = await start()
    simulator.failFor('Unobtainium')
    const { status, data } = await look(simulator, ['Unobtainium', 'Mug'])
    expect([status, data.success]).toEqual([200, 1])
    expect((data.results as object[])[0]).toMatchObject({ hscode: '', error: expect.any(String) as string })
  })

  test.each([200, 402] as const)(
    'a look-up beyond the balance is refused with %i and costs nothing',
    async (status) => {
      const simulator = await start({ balance: 1, shortageStatus: status })
      expect(await look(simulator, ['Mug', 'Jug'])).toMatchObject({ status, code: -1 })
      expect(simulator.balance).toBe(1)
    },
  )

  test('submit takes a point for each name until there is none, and a recharge lets the rest go on', async () => {
    const simulator = await start({ balance: 2 })
    const { data } = await submit(simulator, ['Mug', 'Mug', 'Jug'])
    expect(data).toMatchObject({ total: 3, processed: 2, paused: 1, balance: 0 })
    await until(() => simulator.tasks.filter(({ status }) => status === 'success').length === 2)
    expect(simulator.tasks.map(({ status }) => status)).toEqual(['success', 'success', 'paused'])
    simulator.recharge(5)
    await until(() => simulator.tasks.every(({ status }) => status === 'success'))
    expect([simulator.balance, simulator.pointsCharged]).toEqual([4, 3])
  })

  test('a failed task is paid back', async () => {
    const simulator = await start({ balance: 2 })
    simulator.failFor('Unobtainium')
    await submit(simulator, ['Unobtainium'])
    await until(() => simulator.tasks[0]!.status === 'failed')
    expect([simulator.balance, simulator.pointsCharged, simulator.tasks[0]!.points_deducted]).toEqual([2, 0, 0])
  })

  test('each key has its own points and tasks', async () => {
    const simulator = await start()
    const other = simulator.addAccount({ key: `sk_${'f'.repeat(32)}`, secret: 'other', balance: 1 })
    const headers = { 'x-api-key': other.key, 'x-api-secret': 'other' }
    await call(simulator, '/api/api/submit', { headers, json: { products: ['Mug'] } })
    const { data } = await call(simulator, '/api/api/tasks')
    expect([simulator.balance, other.balance]).toEqual([100, 0])
    expect(data.tasks).toMatchObject({ total: 0, items: [] })
    other.enabled = false
    expect((await call(simulator, '/api/api/tasks', { headers })).status).toBe(401)
  })

  test('a page holds 20 tasks, and never more than 100', async () => {
    const simulator = await start({ balance: 500, workerMs: 1_000_000 })
    await submit(
      simulator,
      Array.from({ length: 250 }, (_, at) => `Goods ${at}`),
    )
    const page = async (query: string): Promise<object> =>
      (await call(simulator, `/api/api/tasks?${query}`, { headers: BEARER })).data.tasks as object
    expect(await page('')).toMatchObject({ total: 250, page: 1, limit: 20, pages: 13 })
    const last = await page('page=3&limit=1000')
    expect(last).toMatchObject({ page: 3, limit: 100, pages: 3 })
    expect((last as { items: unknown[] }).items).toHaveLength(50)
    expect(await page('status=success')).toMatchObject({ total: 0, pages: 0, items: [] })
  })
})

describe('its webhooks', () => {
  test('a call that is not answered with 2xx in time is tried three times more', async () => {
    const simulator = await start({ webhookTimeoutMs: 200, webhookRetryPauseMs: 1 })
    const ours = await startSimulator(() => ({ json: {} }))
    open.push(ours)
    ours.fault({ kind: 'timeout' })
    ours.fault({ kind: 'redirect', location: ours.url })
    ours.fault({ kind: 'status', status: 500 })
    await submit(simulator, ['Mug'], { webhook_url: ours.url })
    await until(() => simulator.webhookCalls.length > 0)
    await simulator.webhooksSettled()
    expect(simulator.webhookCalls.map(({ http_status: status }) => status)).toEqual([0, 302, 500, 200])
    // An address named with the submit has no secret.
    expect(ours.requests[0]!.headers).not.toHaveProperty('x-webhook-signature')
    expect(ours.requests[0]!.json).toMatchObject({ event: 'task.completed', status: 'success', confidence: 0 })
  })

  test('one that never answers is given up after that, and one that is switched off is not called', async () => {
    const simulator = await start({ webhookRetryPauseMs: 1 })
    const ours = await startSimulator(() => ({ status: 503, json: {} }))
    open.push(ours)
    const { data } = await call(simulator, '/api/webhook/create', {
      headers: BEARER,
      json: { webhook_url: ours.url, secret: 's' },
    })
    await submit(simulator, ['Mug'])
    await until(() => simulator.webhookCalls.length === 4)
    await simulator.webhooksSettled()
    await call(simulator, '/api/webhook/toggle', {
      headers: BEARER,
      json: { webhook_id: data.webhook_id, status: 0 },
    })
    await submit(simulator, ['Jug'])
    await until(() => simulator.tasks.every(({ status }) => status === 'success'))
    await simulator.webhooksSettled()
    expect(ours.requests).toHaveLength(4)
  })
})
