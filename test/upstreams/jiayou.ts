/** jiayou as its document describes it: paths, headers, limits, envelopes, points. What the document leaves open is an option here. */
import { createJiayouBooks, type BooksOptions, type JiayouAccount, type JiayouTask } from './jiayou-books.ts'
import { createWebhooks, type SimulatedWebhook, type WebhookCall } from './jiayou-webhooks.ts'
import { startSimulator, type SimulatedReply, type SimulatedRequest, type Simulator } from './simulator.ts'

export interface JiayouSimulatorOptions extends BooksOptions {
  key?: string
  secret?: string
  jwt?: string
  /** Points at the start. */
  balance?: number
  /** What a look-up beyond the balance is refused with. */
  shortageStatus?: 200 | 402
  tasksOrder?: 'newest-first' | 'oldest-first'
  webhookTimeoutMs?: number
  webhookRetryPauseMs?: number
  latencyMs?: number
  port?: number
}

export interface JiayouSimulator extends Simulator {
  /** Of the account the simulator starts with. */
  readonly balance: number
  readonly pointsCharged: number
  /** Calls with a good credential. */
  readonly calls: number
  readonly tasks: readonly JiayouTask[]
  readonly webhooks: readonly SimulatedWebhook[]
  readonly webhookCalls: readonly WebhookCall[]
  addAccount(account: { key: string; secret: string; jwt?: string; balance?: number }): JiayouAccount
  /** Items whose name holds this text find nothing. */
  failFor(text: string): void
  /** Adds points, and sets what was paused for lack of them to work. */
  recharge(points: number, key?: string): void
  webhooksSettled(): Promise<void>
}

export const JIAYOU_KEY = `sk_${'0123456789abcdef'.repeat(2)}`
export const JIAYOU_SECRET = 'simulated-secret-of-jiayou'
export const JIAYOU_JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOjF9.c2ltdWxhdGVk'

const NAMES_MAX = 500
const NAME_CHARACTERS_MAX = 512
const LIMIT_MAX = 100

type Handler = (account: JiayouAccount, request: SimulatedRequest) => SimulatedReply

export async function startJiayouSimulator(options: JiayouSimulatorOptions = {}): Promise<JiayouSimulator> {
  const books = createJiayouBooks(options)
  const hooks = createWebhooks({
    ...(options.webhookTimeoutMs === undefined ? {} : { timeoutMs: options.webhookTimeoutMs }),
    ...(options.webhookRetryPauseMs === undefined ? {} : { retryPauseMs: options.webhookRetryPauseMs }),
  })

  const addAccount: JiayouSimulator['addAccount'] = ({ key, secret, jwt = '', balance = 0 }) => {
    const account = { key, secret, jwt, balance, enabled: true, pointsCharged: 0, calls: 0 }
    books.accounts.set(key, account)
    return account
  }
  const main = addAccount({
    key: options.key ?? JIAYOU_KEY,
    secret: options.secret ?? JIAYOU_SECRET,
    jwt: options.jwt ?? JIAYOU_JWT,
    balance: options.balance ?? 100,
  })

  const batchQuery: Handler = (account, { json }) => {
    const names = readProducts(json)
    if (names === null) return refuse(400, '请求参数错误')
    const found = books.look(account, names)
    if (found === null) return refuse(options.shortageStatus ?? 402, '积分不足')
    const { rows, hits, used } = found
    const misses = rows.length - hits
    return good(`查询完成,共${rows.length}条(缓存命中${hits}条),调用 API ${misses} 次`, {
      results: rows,
      total: rows.length,
      success: rows.filter(({ hscode }) => hscode !== '').length,
      cache_hits: hits,
      api_calls: misses,
      points_used: used,
      balance: account.balance,
    })
  }

  const submit: Handler = (account, { json }) => {
    const names = readProducts(json)
    const url = (json as { webhook_url?: unknown } | null | undefined)?.webhook_url
    if (names === null || (url !== undefined && !isAddress(url))) return refuse(400, '请求参数错误')
    const announce = (task: JiayouTask): void => hooks.announce(account.key, task, url)
    const { batchNo, queued, paused } = books.submit(account, names, announce)
    return good(`任务已提交,共${names.length}条`, {
      batch_no: batchNo,
      total: names.length,
      processed: queued.length,
      paused: paused.length,
      balance: account.balance,
      task_ids: queued.map(({ id }) => id),
      paused_ids: paused.map(({ id }) => id),
    })
  }

  const tasks: Handler = (account, { query }) => {
    const all = books.tasksOf(account)
    const batchNo = query.get('batch_no')
    const status = query.get('status')
    const fitting = all.filter(
      (task) => (batchNo === null || task.batch_no === batchNo) && (status === null || task.status === status),
    )
    if (options.tasksOrder !== 'oldest-first') fitting.reverse()
    const limit = Math.min(LIMIT_MAX, positive(query.get('limit'), 20))
    const page = positive(query.get('page'), 1)
    const count = (...statuses: JiayouTask['status'][]): number =>
      all.filter((task) => statuses.includes(task.status)).length
    return good('ok', {
      tasks: {
        items: fitting.slice((page - 1) * limit, page * limit),
        total: fitting.length,
        page,
        limit,
        pages: Math.ceil(fitting.length / limit),
      },
      stats: {
        total: all.length,
        success: count('success'),
        failed: count('failed'),
        running: count('queued', 'processing'),
        paused: count('paused'),
      },
    })
  }

  const createHook: Handler = (account, { json }) => {
    const { webhook_url: url, secret } = (json ?? {}) as { webhook_url?: unknown; secret?: unknown }
    if (!isAddress(url)) return refuse(400, '请求参数错误')
    return good('ok', hooks.create(account.key, url, typeof secret === 'string' ? secret : undefined))
  }
  const changeHook =
    (change: (own: SimulatedWebhook[], at: number, json: { status?: unknown }) => boolean): Handler =>
    (account, { json }) => {
      const own = hooks.of(account.key).hooks
      const at = own.findIndex(({ webhook_id: id }) => id === (json as { webhook_id?: unknown } | null)?.webhook_id)
      return at !== -1 && change(own, at, json as object) ? good('ok', []) : refuse(400, '请求参数错误')
    }
  const toggleHook = changeHook((own, at, { status }) => {
    if (status !== 0 && status !== 1) return false
    own[at]!.status = status
    return true
  })
  const deleteHook = changeHook((own, at) => own.splice(at, 1).length === 1)

  const routes: Record<string, { method: string; jwtOnly?: boolean; handle: Handler }> = {
    '/api/api/batch-query': { method: 'POST', handle: batchQuery },
    '/api/api/submit': { method: 'POST', handle: submit },
    '/api/api/tasks': { method: 'GET', handle: tasks },
    '/api/webhook/create': { method: 'POST', jwtOnly: true, handle: createHook },
    '/api/webhook/toggle': { method: 'POST', jwtOnly: true, handle: toggleHook },
    '/api/webhook/delete': { method: 'POST', jwtOnly: true, handle: deleteHook },
    '/api/webhook/list': {
      method: 'GET',
      jwtOnly: true,
      // A secret is shown when it is made, and then no more.
      handle: ({ key }) => good('ok', { items: hooks.of(key).hooks.map((hook) => ({ ...hook, secret: undefined })) }),
    },
    '/api/webhook/logs': {
      method: 'GET',
      jwtOnly: true,
      handle: ({ key }) => good('ok', { items: hooks.of(key).calls }),
    },
  }

  const authenticate = (headers: SimulatedRequest['headers'], jwtOnly: boolean): JiayouAccount | null => {
    const [scheme, token] = (headers.authorization ?? '').split(' ')
    const accounts = [...books.accounts.values()].filter(({ enabled }) => enabled)
    if (scheme === 'Bearer' && token) return accounts.find(({ jwt }) => jwt === token) ?? null
    if (jwtOnly) return null
    return (
      accounts.find(({ key, secret }) => key === headers['x-api-key'] && secret === headers['x-api-secret']) ?? null
    )
  }

  const simulator = await startSimulator(
    (request) => {
      const route = Object.hasOwn(routes, request.path) ? routes[request.path] : undefined
      if (!route) return refuse(404, 'no such path')
      if (request.method !== route.method) return refuse(405, '请求方法不允许')
      const account = authenticate(request.headers, route.jwtOnly ?? false)
      if (!account) return refuse(401, '鉴权失败')
      account.calls++
      return route.handle(account, request)
    },
    {
      ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
      ...(options.port === undefined ? {} : { port: options.port }),
    },
  )

  const own = {
    addAccount,
    failFor: (text: string) => books.failFor(text),
    recharge: (points: number, key = main.key) => books.recharge(books.accounts.get(key)!, points),
    webhooksSettled: () => hooks.settled(),
    close: async () => {
      books.close()
      hooks.close()
      await closeGround()
    },
  }
  const closeGround = simulator.close.bind(simulator)
  return Object.defineProperties(Object.assign(simulator, own), {
    balance: { get: () => main.balance },
    pointsCharged: { get: () => main.pointsCharged },
    calls: { get: () => main.calls },
    tasks: { get: () => books.tasksOf(main) },
    webhooks: { get: () => hooks.of(main.key).hooks },
    webhookCalls: { get: () => hooks.of(main.key).calls },
  }) as JiayouSimulator
}

function good(message: string, data: unknown): SimulatedReply {
  return { json: { code: 0, message, data } }
}

function refuse(status: number, message: string): SimulatedReply {
  return { status, json: { code: -1, message, data: [] } }
}

/** @returns null for no list, an empty one, more than 500, or none that is a product name. */
function readProducts(json: unknown): string[] | null {
  const products = (json as { products?: unknown } | null | undefined)?.products
  if (!Array.isArray(products) || products.length === 0 || products.length > NAMES_MAX) return null
  const names = products.flatMap((product: unknown) => {
    const name = typeof product === 'string' ? product.trim() : ''
    return name !== '' && Array.from(name).length <= NAME_CHARACTERS_MAX ? [name] : []
  })
  return names.length === 0 ? null : names
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value)
}

function positive(text: string | null, fallback: number): number {
  const number = Number(text ?? fallback)
  return Number.isInteger(number) && number >= 1 ? number : fallback
}
