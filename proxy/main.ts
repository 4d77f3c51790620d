/** `npm start`: reads the environment, joins the parts, listens, and stops without losing an answer. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isIP, type AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import type { Server } from 'node:http'
import { failure, FailureError, sentence } from '../shared/error-codes.ts'
import { createApp } from './app.ts'
import { createAuthenticate } from './auth/authenticate.ts'
import { readConfig, readSecrets, type Config } from './config.ts'
import { openMasterKey } from './credentials/master-key.ts'
import { createHttpServer } from './http-server.ts'
import { certificateFolder, makeCertificates, openCertificate, type Certificate } from './https/certificate.ts'
import { trustCertificate, trustDeps } from './https/trust.ts'
import { createJobRunner } from './jobs/runner.ts'
import { lockFolder } from './lock-folder.ts'
import { createLog } from './log.ts'
import { openPaymentServices } from './recharge/payment-services.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { openHouse, type House } from './open-house.ts'
import { expireOrphanedHolds } from './orphaned-holds.ts'
import { rootFolder } from './root-folder.ts'
import { createDrain } from './routes/drain.ts'
import { startNotes } from './start-notes.ts'
import { createLedgerWatch } from './watch-ledger.ts'

const SWEEP_EVERY_MS = 30_000
const SWEEP_RECHARGES_EVERY_MS = 3600_000
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
  const startedAt = Date.now()
  const isHttps = readArguments(process.argv.slice(2))
  const config = readConfig(process.env)
  if (isHttps) refuseForeignHost(config)
  const log = createLog(config.logLevel)
  const root = rootFolder()
  const secrets = readSecrets(process.env)
  const { masterKey, databaseUrl } = secrets
  // Several proxies may share a PostgreSQL, and a data folder then: only its key and its imported tariffs are read.
  const certificate = isHttps
    ? await openCertificate({ folder: certificateFolder(), now: Date.now, make: makeCertificates })
    : null
  const unlock = databaseUrl === null ? await lockFolder(config.dataFolder) : () => undefined
  let metrics: Metrics | null = null
  // Not known before it listens; nobody pays before.
  let address = config.publicUrl ?? ''
  const house = await openHouse({
    rootFolder: root,
    dataFolder: config.dataFolder,
    databaseUrl,
    masterKey,
    paymentServices: await openPaymentServices({ secrets, now: Date.now, log }),
    returnAddress: () => address,
    routing: config.routing,
    publicUrl: config.publicUrl,
    log,
    onCall: (...call) => metrics?.call(...call),
    allowPrivateWebhooks: config.allowPrivateWebhooks,
    onWebhookAttempt: (recorded) => metrics?.webhookAttempt(recorded),
  })
  const drain = createDrain()
  metrics = createMetrics({
    gatherers: house.gatherers,
    connections: house.connections,
    cacheEntries: () => house.answer.cache.entries,
    jobs: house.jobs,
    submissions: house.submissions,
    recharges: house.recharges,
  })
  const recorded = metrics
  const deadHolds = { ...house, claims: house.answer.claims, dataFolder: config.dataFolder }
  recorded.holdsExpired(await expireOrphanedHolds(deadHolds, startedAt))
  const runner = createJobRunner({
    ...house,
    now: Date.now,
    log,
    // The lock on the data folder says that no other proxy lives on this SQLite.
    isAlone: house.database.engine === 'sqlite',
    onJobChanged: house.events.onJobChanged,
    onRows: (rows) => recorded.jobRowsAnswered(rows),
  })
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
    httpsAddress: () => (address.startsWith('https:') ? address : null),
    trustedProxies: config.trustedProxies,
    allowedOrigins:
      config.publicUrl === null ? config.allowedOrigins : [...config.allowedOrigins, new URL(config.publicUrl).origin],
  })

  const server = createHttpServer(app, certificate)
  await listen(server, config)
  const listensOn = listeningAddress(server, config, certificate !== null)
  address = config.publicUrl ?? listensOn
  // Only now: the owner token is shown once, and a start that fails for its port must not use it up.
  const first = await house.seats.createFirstWorkspace('My workspace')
  // Rather than with the first credential: whoever copies the folder from now on has the key too. Never later, when a key that is
  // missing was lost; nor beside a PostgreSQL, where one file would not be every proxy's.
  if (first && databaseUrl === null) openMasterKey({ folder: config.dataFolder, setting: masterKey }).existingOrNew()
  const workspaceId = first?.workspaceId ?? (await house.seats.firstWorkspaceId()) ?? ''
  const watchLedger = createLedgerWatch({ ledger: house.ledger, metrics: recorded, now: Date.now, log })
  const sweep = setInterval(() => {
    void sweepHolds(house, recorded, log)
    void sweepPairings(house, log)
    watchLedger().catch((error: unknown) => log.error({ error: String(error) }, 'looking at the ledger failed'))
  }, SWEEP_EVERY_MS)
  const sweepPayments = setInterval(() => void sweepRecharges(house, log), SWEEP_RECHARGES_EVERY_MS)
  void sweepRecharges(house, log)
  const refreshSoon = oneAtATime(() => refreshConnections(house, log))
  // Where the database tells nobody of another process (SQLite), looking does.
  const refresh = setInterval(() => {
    refreshSoon()
    void refreshMemory(house, log)
  }, REFRESH_EVERY_MS)
  house.database.listen('credentials', refreshSoon)
  house.webhookSender.start()
  await runner.start()
  await greet(house, { listensOn, url: address, notes: startNotes(config) }, workspaceId, first?.ownerToken ?? null)
  stopOnSignal(async () => {
    clearInterval(sweep)
    clearInterval(refresh)
    clearInterval(sweepPayments)
    server.close()
    // Attempts under way end within their own time limit, which is shorter; what the last batches cause lies in the outbox.
    const [left] = await Promise.all([
      drain.finish(DRAIN_TIMEOUT_MS),
      runner.stop(DRAIN_TIMEOUT_MS),
      house.webhookSender.stop(),
    ])
    if (left > 0) log.warn({ left }, 'stopped with unanswered batches')
    server.closeAllConnections()
    await house.close()
    unlock()
  })
  // Last, because the system's question waits for a person.
  if (certificate) void sayTrust(certificate)
}

/** @returns whether to speak https. */
function readArguments(args: string[]): boolean {
  try {
    return parseArgs({ args, options: { https: { type: 'boolean' } } }).values.https ?? false
  } catch (error) {
    const detail =
      'The proxy takes one option: --https. Everything else is set in the environment; the README lists it.'
    throw new FailureError(failure('bad-command', { detail }), { cause: error })
  }
}

/** The certificate made here is for this machine; other machines want one that they know. */
function refuseForeignHost({ host }: Config): void {
  if (isIP(host) === 0 ? host === 'localhost' : /^(?:127\.|::1$|0\.0\.0\.0$|::$)/.test(host)) return
  const detail = `--https is for this machine alone, not for ${host}; put a server that speaks TLS before the proxy instead`
  throw new FailureError(failure('bad-setting', { name: 'HOST', detail }))
}

/** Never rejects. */
async function sayTrust(certificate: Certificate): Promise<void> {
  const lines = await trustCertificate(trustDeps, certificate)
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`)
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

/** Where this process listens, as a browser of this machine reaches it; without a slash at the end. */
function listeningAddress(server: Server, { host: bound }: Config, isHttps: boolean): string {
  const { port } = server.address() as AddressInfo
  // The name in the certificate.
  if (isHttps) return `https://localhost:${port}`
  const host = bound === '0.0.0.0' || bound === '::' ? '127.0.0.1' : bound
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** What a person sees after `npm start`. The owner token and the link are shown here and nowhere else. */
async function greet(
  house: House,
  { listensOn, url, notes }: { listensOn: string; url: string; notes: readonly string[] },
  workspaceId: string,
  ownerToken: string | null,
): Promise<void> {
  const { code } = await house.seats.createConnectionCode({ workspaceId, role: 'seat', name: 'Playground' })
  const lines = [
    '',
    `Tariffcell listens on ${listensOn}`,
    ...(url === listensOn ? [] : [`It is reached at ${url}`]),
    ...notes,
    ...(ownerToken === null ? [] : [`Owner token, shown this once: ${ownerToken}`]),
    `Open the playground (this link works once): ${url}/?code=${code}`,
    ...(url.startsWith('https:') ? [`Excel installs the add-in from ${url}/excel/manifest.xml`] : []),
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

async function sweepPairings({ pairings }: House, log: ReturnType<typeof createLog>): Promise<void> {
  try {
    await pairings.sweep()
  } catch (error) {
    log.error({ error: String(error) }, 'sweeping pairings failed')
  }
}

async function sweepRecharges({ recharges }: House, log: ReturnType<typeof createLog>): Promise<void> {
  try {
    await recharges.sweep()
  } catch (error) {
    log.error({ error: String(error) }, 'asking about open recharges failed')
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
  const begin = (): void => {
    if (stopping) return
    stopping = true
    stop().then(
      () => process.exit(0),
      () => process.exit(FORCED_EXIT_CODE),
    )
  }
  const onSignal = (): void => {
    if (stopping) process.exit(FORCED_EXIT_CODE)
    begin()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  // A signal to all of a group ends npm too: that this process lost it is no second signal.
  if (process.env.npm_lifecycle_event === 'start') onOrphaned(begin)
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
