/**
 * Joins the parts that answer: database, ledger, seats, providers, the batch path. The proxy and the command lines stand on it;
 * they differ only in how questions come in.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { failure, FailureError, sentence } from '../shared/error-codes.ts'
import type { AnswerDeps } from './answer/answer-batch.ts'
import { createAnswerCache } from './answer/cache.ts'
import { createClaims } from './answer/claims.ts'
import { createCoalescer } from './answer/coalesce.ts'
import { createFreshRequests } from './answer/fresh-requests.ts'
import { createGatherers, type Gatherers } from './answer/gather.ts'
import { createReadQuestion } from './answer/read-question.ts'
import { createSubmissions, type Submissions } from './answer/submissions.ts'
import { createSubmitAnswers, type SubmitAnswers, type SubmitDeps } from './answer/submit-answers.ts'
import { createAudit, type Audit } from './audit/audit.ts'
import { createPairings, type Pairings } from './auth/pairings.ts'
import { createSeats, type Seats } from './auth/seats.ts'
import { createClassifier, type Classifier } from './classifier/classify.ts'
import { loadLexicon, type Lexicon } from './classifier/lexicon.ts'
import { loadModel } from './classifier/model.ts'
import { connectUpstreams } from './connect-upstreams.ts'
import { createConsultations, type Consultations } from './consultations/consultations.ts'
import type { Credentials } from './credentials/credentials.ts'
import { openMasterKey, type MasterKeySource } from './credentials/master-key.ts'
import { createDataVersion, type DataVersion } from './data-version.ts'
import type { Database } from './database.ts'
import { readJob, type JobPlace } from './jobs/job.ts'
import { createJobs, type Jobs } from './jobs/jobs.ts'
import { resumePausedIn } from './jobs/resume-paused.ts'
import { createLedger, type Ledger } from './ledger/ledger.ts'
import { openMemory, type WorkspaceMemory } from './memory/open-memory.ts'
import { openDatabase } from './open-database.ts'
import { createEmbedded } from './providers/embedded/index.ts'
import type { BreakerSettings } from './providers/breaker.ts'
import type { Connections } from './providers/connections.ts'
import type { Provider } from './providers/provider.ts'
import { createRegistry } from './providers/registry.ts'
import { readRouting, type Routing } from './providers/routing.ts'
import { withSecondOpinion } from './providers/second-opinion.ts'
import type { Upstream } from './providers/upstream.ts'
import { UPSTREAMS } from './providers/upstreams.ts'
import type { PaymentService } from './recharge/payment-service.ts'
import { createRecharges, type Recharges } from './recharge/recharges.ts'
import { createReturnKeys } from './recharge/return-key.ts'
import { createVouchers, type Vouchers } from './recharge/vouchers.ts'
import { createUpstreamCallbacks, type UpstreamCallbacks } from './upstream-callbacks.ts'
import { createTariffBook, type TariffBook } from './tariff/book.ts'
import type { FailureLog } from './failure-of.ts'
import { NETWORK, type Network } from './public-client.ts'
import type { Recorded } from './webhooks/attempts.ts'
import { createEvents, type Events } from './webhooks/events.ts'
import { createOutbox } from './webhooks/outbox.ts'
import { createSender, type Sender } from './webhooks/sender.ts'
import { createWebhooks, type Webhooks } from './webhooks/webhooks.ts'

export interface HouseDeps {
  /** Where the checkout lies: lexicon, model, packs and migrations are read from it. */
  rootFolder: string
  /** Where the database, the key of the credentials and imported tariffs lie; null keeps all of it in memory. */
  dataFolder: string | null
  /** PostgreSQL in the place of a database in the data folder; null or left out: none. */
  databaseUrl?: string | null
  log: FailureLog
  now?: () => number
  newId?: () => string
  /** Key of the credentials, as MASTER_KEY is set; null keeps it in a file of the data folder. */
  masterKey?: string | null
  /** Upstreams that can be connected; all there are when left out. */
  upstreams?: readonly Upstream[]
  /** How patient the breakers are; as they are for everybody when left out. */
  breaker?: Partial<BreakerSettings>
  /** Who is asked first for what; the usual order when left out. */
  routing?: Routing
  /** Who takes money for points, the first for new recharges; nobody when left out. */
  paymentServices?: readonly PaymentService[]
  /** Where a payer's browser finds this proxy, without a slash at the end; known once it listens. */
  returnAddress?: () => string
  onCall?: (provider: string, inquiries: number, seconds: number, outcome: 'ok' | 'failed') => void
  /** Webhooks may lead into private networks, over plain http and to any port; not when left out. */
  allowPrivateWebhooks?: boolean
  /** The way to webhooks; tests pass another. */
  network?: Network
  onWebhookAttempt?: (recorded: Recorded) => void
  /** How the outside reaches this proxy; only at an https address upstreams are asked to call. */
  publicUrl?: string | null
  /** Lexicon, model and tariffs that were read before, for several houses; read from the folders when left out. */
  knowledge?: Knowledge
  /** Changes how large jobs are handed in. */
  submit?: Pick<SubmitDeps, 'callbackUrl' | 'isWanted' | 'onWaiting' | 'settings'>
}

/** What is answered from in the house. */
export interface Knowledge {
  lexicon: Lexicon
  classifier: Classifier
  book: TariffBook
}

export interface House {
  database: Database
  ledger: Ledger
  vouchers: Vouchers
  recharges: Recharges
  seats: Seats
  pairings: Pairings
  audit: Audit
  book: TariffBook
  gatherers: Gatherers
  connections: Connections
  credentials: Credentials
  consultations: Consultations
  webhooks: Webhooks
  /** For jobs: `onJobChanged`. */
  events: Events
  /** Sends nothing until it is started. */
  webhookSender: Sender
  jobs: Jobs
  memory: WorkspaceMemory
  answer: AnswerDeps
  dataVersion: DataVersion
  /** What upstreams call when work has ended. */
  callbacks: UpstreamCallbacks
  submissions: Submissions
  /** How the chunks of large jobs are asked and paid for. */
  bulkBuy: SubmitAnswers
  close(): Promise<void>
}

// Of replies in memory; 32 MiB are about 40,000 classifications.
const CACHE_BYTES_MAX = 32 * 1024 * 1024
// Past this many waiting inquiries a provider is hopelessly behind, and new ones are better told at once.
const WAITING_MAX = 20_000

/** @throws {FailureError} with a sentence of kind `start` when a part cannot be opened. */
export async function openHouse(deps: HouseDeps): Promise<House> {
  const { rootFolder, dataFolder, log, now = Date.now, newId = randomUUID } = deps
  const proxyFolder = join(rootFolder, 'proxy')
  const database = await openDatabase({
    databaseUrl: deps.databaseUrl ?? null,
    dataFolder,
    migrations: join(proxyFolder, 'migrations'),
    now,
    log,
  })
  const outbox = createOutbox({ now, newId })
  const events = createEvents(outbox)
  const ledger = createLedger({
    database,
    now,
    newId,
    onCredit: resumePausedIn,
    onCredited: events.onCredited,
    onTaken: events.onTaken,
  })
  const seats = createSeats({ database, ledger, now, newId, log })
  const { lexicon, classifier, book } = deps.knowledge ?? openKnowledge({ rootFolder, dataFolder })
  const lexiconEdition = `HS2022 lexicon ${lexicon.hash().slice(0, 8)}`
  const embedded = createEmbedded({
    classifier,
    book,
    labels: lexicon,
    now,
    lexiconEdition,
    log,
  })

  const wrap = (provider: Provider): Provider => withSecondOpinion(provider, { embedded, book, labels: lexicon, now })
  const audit = createAudit({ database, now, newId })
  const memory = openMemory({ database, audit, book, labels: lexicon, wrap, now, newId, log })
  const upstreams = deps.upstreams ?? UPSTREAMS
  const masterKey = keyOf(deps)
  const recharges = createRecharges({
    database,
    ledger,
    audit,
    now,
    newId,
    log,
    services: deps.paymentServices ?? [],
    returnKeys: createReturnKeys(masterKey),
    returnAddress: deps.returnAddress ?? (() => ''),
  })
  const { connections, credentials } = await connectUpstreams({
    database,
    masterKey,
    upstreams,
    breaker: deps.breaker ?? {},
    wrap,
    now,
    newId,
    log,
  })
  const consultations = createConsultations({ database, connections, now })
  const webhookDeps = {
    database,
    masterKey,
    audit,
    network: deps.network ?? NETWORK,
    allowPrivate: deps.allowPrivateWebhooks ?? false,
    now,
    newId,
  }
  const webhookSender = createSender({
    ...webhookDeps,
    random: Math.random,
    log,
    ...(deps.onWebhookAttempt ? { onAttempt: deps.onWebhookAttempt } : {}),
  })
  const registry = createRegistry({
    embedded,
    memory: { ...memory.recall, provider: memory.provider },
    routing: deps.routing ?? readRouting(''),
    upstreams,
    connections,
  })
  const gatherers = createGatherers({
    waitingMax: WAITING_MAX,
    log,
    ...(deps.onCall ? { onCall: deps.onCall } : {}),
  })
  const submissions = createSubmissions({ database, now })
  const closing = new AbortController()
  return {
    database,
    ledger,
    vouchers: createVouchers({ database, ledger, audit, now, newId }),
    recharges,
    seats,
    pairings: createPairings({ database, audit, now, newId }),
    audit,
    book,
    gatherers,
    connections,
    credentials,
    consultations,
    webhooks: createWebhooks({ ...webhookDeps, outbox, credentials }),
    events,
    webhookSender,
    jobs: createJobs({ database, audit, now, newId, onJobChanged: events.onJobChanged }),
    memory,
    answer: {
      registry,
      memory: memory.recall,
      readQuestion: createReadQuestion(registry, now),
      gatherers,
      cache: createAnswerCache({ database, memoryBytesMax: CACHE_BYTES_MAX }),
      coalescer: createCoalescer(),
      database,
      ledger,
      freshRequests: createFreshRequests({ database, now }),
      claims: createClaims({ database, ledger, now }),
      newId,
      mayReadForm: consultations.mayRead,
      labels: lexicon,
      now,
      log,
    },
    dataVersion: createDataVersion({ book, lexiconEdition, approvals: memory.approvals, connections, now }),
    callbacks: createUpstreamCallbacks({ connections, submissions }),
    submissions,
    bulkBuy: createSubmitAnswers({
      database,
      now,
      newId,
      submissions,
      signal: closing.signal,
      isWanted: (place) => isGoingOn(database, place),
      onWaiting: ({ jobId, chunk }, reason) =>
        reason && log.warn({ jobId, chunk, failure: sentence(reason) }, 'a submission waits'),
      callbackUrl: (upstream, token) => callbackUrl(deps.publicUrl ?? null, upstream, token),
      ...deps.submit,
    }),
    async close() {
      await recharges.close()
      await webhookSender.stop()
      closing.abort()
      memory.close()
      await connections.close()
      await seats.close()
      await database.close()
    },
  }
}

/** Paused and cancelled jobs take no answer any more. */
async function isGoingOn(database: Database, place: JobPlace): Promise<boolean> {
  const job = await readJob(database, place)
  return job?.state !== 'paused' && job?.state !== 'cancelled'
}

/** What is called over plain http anybody on the way could read, and the token in it is all that such a call proves. */
function callbackUrl(publicUrl: string | null, upstream: string, token: string): string | null {
  return publicUrl?.startsWith('https:') ? `${publicUrl}/v1/webhooks/${upstream}/${token}` : null
}

/** A database in memory has credentials in memory: their key needs no file. */
function keyOf({ masterKey, dataFolder }: HouseDeps): MasterKeySource {
  const setting = masterKey ?? (dataFolder === null ? randomBytes(32).toString('hex') : null)
  return openMasterKey({ folder: dataFolder ?? '', setting })
}

/** @throws {FailureError} when lexicon and model are not whole, or not of each other. */
export function openKnowledge({ rootFolder, dataFolder }: Pick<HouseDeps, 'rootFolder' | 'dataFolder'>): Knowledge {
  const packs = join(rootFolder, 'proxy', 'tariff', 'packs')
  const book = createTariffBook({ folders: dataFolder === null ? [packs] : [packs, join(dataFolder, 'packs')] })
  const folder = join(rootFolder, 'proxy', 'classifier')
  try {
    const lexicon = loadLexicon(join(folder, 'lexicon'))
    return { lexicon, classifier: createClassifier(loadModel(join(folder, 'model', 'hs6.model')), lexicon), book }
  } catch (error) {
    throw new FailureError(failure('model-broken', { detail: (error as Error).message }), { cause: error })
  }
}
