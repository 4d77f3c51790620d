/** `npm start`: reads the environment, joins the parts, listens, and stops without losing an answer. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { failure, FailureError, sentence } from '../shared/error-codes.ts'
import { createApp } from './app.ts'
import { createAuthenticate } from './auth/authenticate.ts'
import { readConfig, readSecrets, type Config } from './config.ts'
import { createHttpServer } from './http-server.ts'
import { lockFolder } from './lock-folder.ts'
import { createLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { openHouse, type House } from './open-house.ts'
import { rootFolder } from './root-folder.ts'
import { createDrain } from './routes/drain.ts'
import { createLedgerWatch } from './watch-ledger.ts'

const SWEEP_EVERY_MS = 30_000
// A credential put in, or a code approved, by the command line is in use after so long.
const REFRESH_EVERY_MS = 5000
const DRAIN_TIMEOUT_MS = 20_000
const FORCED_EXIT_CODE = 1
const ORPHAN_CHECK_EVERY_MS = 500

try {
  await start()
} catch (error) {
  if (!(error instanceof FailureError)) throw error
  process.stderr.write(`${sentence(error.failure)}\n`)
  process.exitCode = 1
}

async function start(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLog(config.logLevel)
  const root = rootFolder()
  const { masterKey, databaseUrl } = readSecrets(process.env)
  // Several proxies may share a PostgreSQL, and a data folder then: only its key and its imported tariffs are read.
  const unlock = databaseUrl === null ? await lockFolder(config.dataFolder) : () => undefined
  let metrics: Metrics | null = null
  const house = await openHouse({
    rootFolder: root,
    dataFolder: config.dataFolder,
    databaseUrl,
    masterKey,
    routing: config.routing,
    log,
    onCall: (...call) => metrics?.call(...call),
  })
  const drain = createDrain()
  metrics = createMetrics({
    gatherers: house.gatherers,
    connections: house.connections,
    cacheEntries: () => house.answer.cache.entries,
  })
  const recorded = metrics
  const app = createApp({
    ...house,
    authenticate: createAuthenticate({ seats: house.seats, requestsPerMinute: config.requestsPerMinute }),
    drain,
    metrics,
    log,
    onBatch: (questions) => recorded.batch(questions),
    // Behind another server every caller seems local: then nobody is.
    local: config.publicUrl === null ? { workspaceId: () => house.seats.firstWorkspaceId() } : null,
    distFolder: join(root, 'dist'),
    version: readVersion(root),
    allowedOrigins:
      config.publicUrl === null ? config.allowedOrigins : [...config.allowedOrigins, new URL(config.publicUrl).origin],
  })

  const server = createHttpServer(app)
  await listen(server, config)
  // Only now: the owner token is shown once, and a start that fails for its port must not use it up.
  const first = await house.seats.createFirstWorkspace('My workspace')
  const workspaceId = first?.workspaceId ?? (await house.seats.firstWorkspaceId()) ?? ''
  const watchLedger = createLedgerWatch({ ledger: house.ledger, metrics: recorded, now: Date.now, log })
  const sweep = setInterval(() => {
    void sweepHolds(house, recorded, log)
    watchLedger().catch((error: unknown) => log.error({ error: String(error) }, 'looking at the ledger failed'))
  }, SWEEP_EVERY_MS)
  const refreshSoon = oneAtATime(() => refreshConnections(house, log))
  // Where the database tells nobody of another process (SQLite), looking does.
  const refresh = setInterval(() => {
    refreshSoon()
    void refreshMemory(house, log)
  }, REFRESH_EVERY_MS)
  house.database.listen('credentials', refreshSoon)
  await greet(house, config, server, workspaceId, first?.ownerToken ?? null)
  stopOnSignal(async () => {
    clearInterval(sweep)
    clearInterval(refresh)
    server.close()
    const left = await drain.finish(DRAIN_TIMEOUT_MS)
    if (left > 0) log.warn({ left }, 'stopped with unanswered batches')
    server.closeAllConnections()
    await house.close()
    unlock()
  })
}

async function listen(server: Server, { host, port }: Config): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const failed =
        error.code === 'EADDRINUSE'
          ? failure('port-in-use', { port })
          : failure('bad-setting', { name: 'HOST', detail: `cannot listen on ${host}, port ${port} (${error.code})` })
      reject(new FailureError(failed, { cause: error }))
    })
    server.listen(port, host, resolve)
  })
}

/** What a person sees after `npm start`. The owner token and the link are shown here and nowhere else. */
async function greet(
  house: House,
  config: Config,
  server: Server,
  workspaceId: string,
  ownerToken: string | null,
): Promise<void> {
  const { port } = server.address() as AddressInfo
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host
  const url = config.publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const { code } = await house.seats.createConnectionCode({ workspaceId, role: 'seat', name: 'Playground' })
  const lines = [
    '',
    `Tariffcell listens on ${url}`,
    ...(ownerToken === null ? [] : [`Owner token, shown this once: ${ownerToken}`]),
    `Open the playground (this link works once): ${url}/?code=${code}`,
    `Tariffs: ${tariffList(house)}`,
    '',
  ]
  process.stdout.write(lines.join('\n'))
}

function tariffList({ book }: House): string {
  const editions = book.countries().map((country) => {
    try {
      const { edition, effectiveFrom } = book.edition(country)
      return `${country} ${edition} (from ${effectiveFrom})`
    } catch {
      return `${country} damaged`
    }
  })
  return editions.join(' · ')
}

async function sweepHolds(house: House, metrics: Metrics, log: ReturnType<typeof createLog>): Promise<void> {
  try {
    metrics.holdsExpired(await house.ledger.expireHolds())
    await house.answer.claims.sweep()
    await house.answer.freshRequests.sweep()
  } catch (error) {
    log.error({ error: String(error) }, 'expiring holds failed')
  }
}

async function refreshConnections(house: House, log: ReturnType<typeof createLog>): Promise<void> {
  try {
    await house.connections.refresh()
  } catch (error) {
    log.error({ error: String(error) }, 'reading credentials failed')
  }
}

async function refreshMemory({ memory }: House, log: ReturnType<typeof createLog>): Promise<void> {
  try {
    await memory.recall.refresh()
  } catch (error) {
    log.error({ error: String(error) }, 'reading what was approved failed')
  }
}

/** The first signal drains, the second ends at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false
  const onSignal = (): void => {
    if (stopping) process.exit(FORCED_EXIT_CODE)
    stopping = true
    stop().then(
      () => process.exit(0),
      () => process.exit(FORCED_EXIT_CODE),
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  if (process.env.npm_lifecycle_event === 'start') onOrphaned(onSignal)
}

/** npm passes a SIGTERM to its shell and no further: a supervisor that stops `npm start` would leave this process behind. */
function onOrphaned(stop: () => void): void {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop()
  }, ORPHAN_CHECK_EVERY_MS)
  watch.unref()
}

function readVersion(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version
}
