/** The real Express app over a test house, on a free loopback port. */
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { tmpdir } from 'node:os'
import { createApp } from '../../proxy/app.ts'
import { createAuthenticate } from '../../proxy/auth/authenticate.ts'
import type { DataVersion } from '../../proxy/data-version.ts'
import { createHttpServer } from '../../proxy/http-server.ts'
import { createLog } from '../../proxy/log.ts'
import { createSubmissions } from '../../proxy/answer/submissions.ts'
import { createMetrics } from '../../proxy/metrics.ts'
import { createDrain, type Drain } from '../../proxy/routes/drain.ts'
import type { UpstreamCallbacks } from '../../proxy/upstream-callbacks.ts'
import type { TestHouse } from './test-house.ts'

/** What the routes need of a house: a test house, or the whole one. */
export type ProxiedHouse = Pick<
  TestHouse,
  | 'answer'
  | 'seats'
  | 'pairings'
  | 'audit'
  | 'ledger'
  | 'vouchers'
  | 'recharges'
  | 'consultations'
  | 'jobs'
  | 'memory'
  | 'webhooks'
  | 'database'
  | 'askers'
  | 'ownerTokens'
> & { gatherers: Pick<TestHouse['gatherers'], 'load'>; callbacks?: UpstreamCallbacks; dataVersion?: DataVersion }

const NO_CALLBACKS: UpstreamCallbacks = { signed: async () => 'unsigned', unsigned: async () => 'forged' }

export interface TestProxy {
  url: string
  /** The app itself, to look at its routes. */
  express: Express
  drain: Drain
  /** POST of JSON with the first owner's token, unless told otherwise. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  get(path: string, headers?: Record<string, string>): Promise<Response>
  close(): Promise<void>
}

export async function startTestProxy(
  house: ProxiedHouse,
  options: {
    requestsPerMinute?: number
    allowedOrigins?: string[]
    trustedProxies?: string[]
    forwarded?: boolean
    distFolder?: string
    httpsAddress?: string
  } = {},
): Promise<TestProxy> {
  const drain = createDrain()
  const metrics = createMetrics({
    gatherers: house.gatherers,
    connections: { states: () => [] },
    cacheEntries: () => house.answer.cache.entries,
    jobs: house.jobs,
    submissions: createSubmissions({ database: house.database, now: house.answer.now }),
    recharges: house.recharges,
  })
  const app = createApp({
    answer: house.answer,
    seats: house.seats,
    pairings: house.pairings,
    audit: house.audit,
    ledger: house.ledger,
    vouchers: house.vouchers,
    recharges: house.recharges,
    consultations: house.consultations,
    webhooks: house.webhooks,
    jobs: house.jobs,
    callbacks: house.callbacks ?? NO_CALLBACKS,
    dataVersion: house.dataVersion ?? (async () => 'of the test'),
    memory: house.memory,
    database: house.database,
    authenticate: createAuthenticate({ seats: house.seats, requestsPerMinute: options.requestsPerMinute ?? 100_000 }),
    drain,
    metrics,
    log: createLog('silent'),
    local: options.forwarded ? null : { workspaceId: async () => house.askers[0].workspaceId },
    distFolder: options.distFolder ?? tmpdir(),
    version: '0.0.0',
    httpsAddress: () => options.httpsAddress ?? null,
    allowedOrigins: options.allowedOrigins ?? [],
    trustedProxies: options.trustedProxies ?? [],
  })
  const server = createHttpServer(app)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const authorization = { Authorization: `Bearer ${house.ownerTokens[0]}` }
  return {
    url,
    express: app.express,
    drain,
    post: (path, body, headers = authorization) =>
      fetch(url + path, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', ...headers },
      }),
    get: (path, headers = authorization) => fetch(url + path, { headers }),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
