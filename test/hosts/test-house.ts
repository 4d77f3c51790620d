/** The answering parts over a database in memory and providers of the test's choice; and a workspace with points. */
import type { AnswerDeps, Asker } from '../../proxy/answer/answer-batch.ts'
import { answerBatch } from '../../proxy/answer/answer-batch.ts'
import { createAnswerCache } from '../../proxy/answer/cache.ts'
import { createClaims } from '../../proxy/answer/claims.ts'
import { createCoalescer } from '../../proxy/answer/coalesce.ts'
import { createFreshRequests } from '../../proxy/answer/fresh-requests.ts'
import { createGatherers, type Gatherers } from '../../proxy/answer/gather.ts'
import { createReadQuestion } from '../../proxy/answer/read-question.ts'
import { createAudit, type Audit } from '../../proxy/audit/audit.ts'
import { createPairings, type Pairings } from '../../proxy/auth/pairings.ts'
import { createSeats, type Seats } from '../../proxy/auth/seats.ts'
import { createConsultations, type Consultations } from '../../proxy/consultations/consultations.ts'
import type { Database } from '../../proxy/database.ts'
import { createJobs, type Jobs } from '../../proxy/jobs/jobs.ts'
import { resumePausedIn } from '../../proxy/jobs/resume-paused.ts'
import { createLedger, type Ledger } from '../../proxy/ledger/ledger.ts'
import { memoryProvider } from '../../proxy/memory/memory-provider.ts'
import { openMemory, type WorkspaceMemory } from '../../proxy/memory/open-memory.ts'
import { noProvider } from '../../proxy/providers/no-provider.ts'
import { EMBEDDED_NAME, type Provider } from '../../proxy/providers/provider.ts'
import type { PaymentService } from '../../proxy/recharge/payment-service.ts'
import { createRecharges, type Recharges } from '../../proxy/recharge/recharges.ts'
import { createReturnKeys } from '../../proxy/recharge/return-key.ts'
import { createVouchers, type Vouchers } from '../../proxy/recharge/vouchers.ts'
import { openMasterKey } from '../../proxy/credentials/master-key.ts'
import { createRegistry, type Memory, type Registry } from '../../proxy/providers/registry.ts'
import { createTariffBook } from '../../proxy/tariff/book.ts'
import type { Answer, Question } from '../../shared/protocol.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { fakeProvider } from './fake-provider.ts'
import type { Webhooks } from '../../proxy/webhooks/webhooks.ts'
import { openTestDatabase, testClock, testIds, type Engine, type TestClock } from './test-database.ts'
import { createTestWebhooks } from './webhook-house.ts'

export interface TestHouse {
  database: Database
  ledger: Ledger
  vouchers: Vouchers
  recharges: Recharges
  seats: Seats
  pairings: Pairings
  audit: Audit
  clock: TestClock
  gatherers: Gatherers
  consultations: Consultations
  webhooks: Webhooks
  jobs: Jobs
  memory: WorkspaceMemory
  answer: AnswerDeps
  /** Two workspaces, for what must stay apart. */
  askers: [Asker, Asker]
  ownerTokens: [string, string]
  logged: { level: string; details: object; message: string }[]
  ask(questions: readonly Question[], changes?: { asker?: Asker; deadlineMs?: number }): Promise<Answer[]>
  balance(asker?: Asker): Promise<number>
  close(): Promise<void>
}

export async function openTestHouse(options: {
  providers: readonly Provider[]
  points?: number
  folder?: string
  engine?: Engine
  /** Migrated; in the place of one of its own. */
  database?: Database
  waitingMax?: number
  /** Given the house's own clock. */
  paymentServices?: (now: () => number) => Promise<readonly PaymentService[]>
  /** A house on the same folder, as of another process: its clock and workspaces are this one's too. */
  beside?: TestHouse
}): Promise<TestHouse> {
  const { beside } = options
  const database = options.database ?? (await openTestDatabase(options.folder ?? null, options.engine))
  const clock = beside?.clock ?? testClock()
  const newId = testIds(beside ? 'beside' : 'test')
  const ledger = createLedger({ database, now: clock.now, newId, onCredit: resumePausedIn })
  const audit = createAudit({ database, now: clock.now, newId })
  const seats = createSeats({ database, ledger, now: clock.now, newId })
  const logged: TestHouse['logged'] = []
  const log = {
    warn: (details: object, message: string) => void logged.push({ level: 'warn', details, message }),
    error: (details: object, message: string) => void logged.push({ level: 'error', details, message }),
  }
  const recharges = createRecharges({
    database,
    ledger,
    audit,
    now: clock.now,
    newId,
    log,
    services: (await options.paymentServices?.(clock.now)) ?? [],
    returnKeys: createReturnKeys(openMasterKey({ folder: '', setting: 'ab'.repeat(32) })),
    returnAddress: () => 'http://tariffcell.test',
  })
  const labels = { label: (code: string, language: string) => `${language} label of ${code}` }
  const memory = openMemory({
    database,
    audit,
    book: createTariffBook({ folders: [] }),
    labels,
    wrap: (provider) => provider,
    now: clock.now,
    newId,
    log,
  })
  const registry = registryOf(options.providers, { ...memory.recall, provider: memory.provider })
  const gatherers = createGatherers({ waitingMax: options.waitingMax ?? 1000, log })
  const answer: AnswerDeps = {
    registry,
    memory: memory.recall,
    readQuestion: createReadQuestion(registry, clock.now),
    gatherers,
    cache: createAnswerCache({ database, memoryBytesMax: 1_000_000 }),
    coalescer: createCoalescer(),
    database,
    ledger,
    freshRequests: createFreshRequests({ database, now: clock.now }),
    claims: createClaims({ database, ledger, now: clock.now }),
    newId,
    mayReadForm: async () => true,
    labels,
    now: clock.now,
    log,
  }
  const { askers, ownerTokens } = beside ?? (await openWorkspaces(seats, ledger, options.points ?? 0))
  const [one] = askers
  return {
    database,
    ledger,
    vouchers: createVouchers({ database, ledger, audit, now: clock.now, newId }),
    recharges,
    seats,
    pairings: createPairings({ database, audit, now: clock.now, newId }),
    audit,
    clock,
    gatherers,
    consultations: createConsultations({ database, connections: { desk: () => NO_DESK }, now: clock.now }),
    webhooks: createTestWebhooks({ database, now: clock.now, newId }),
    jobs: createJobs({ database, audit, now: clock.now, newId }),
    memory,
    answer,
    askers,
    ownerTokens,
    logged,
    async ask(questions, { asker = one, deadlineMs } = {}) {
      const answers: Answer[] = []
      await answerBatch(answer, asker, questions, { language: 'en', deadlineMs: deadlineMs ?? null }, (given) =>
        answers.push(given),
      )
      return answers
    },
    async balance(asker = one) {
      return (await ledger.balance(asker.workspaceId)).spendable
    },
    async close() {
      await recharges.close()
      await seats.close()
      memory.close()
      await database.close()
    },
  }
}

async function openWorkspaces(
  seats: Seats,
  ledger: Ledger,
  points: number,
): Promise<Pick<TestHouse, 'askers' | 'ownerTokens'>> {
  const open = async (name: string): Promise<{ asker: Asker; ownerToken: string }> => {
    const { workspaceId, ownerToken } = await seats.createWorkspace(name)
    if (points > 0) await ledger.credit({ workspaceId, kind: 'grant', ref: `start ${workspaceId}`, points })
    const seatId = (await seats.ownerSeatId(workspaceId))!
    return { asker: { workspaceId, seatId, dailyCapPoints: null, maySpend: true }, ownerToken }
  }
  const one = await open('one')
  const two = await open('two')
  return { askers: [one.asker, two.asker], ownerTokens: [one.ownerToken, two.ownerToken] }
}

/** Providers in the order they are asked; one named as the provider in the house takes its place. */
export function registryOf(providers: readonly Provider[], memory: Memory = NOTHING_APPROVED): Registry {
  const embedded = providers.find(({ name }) => name === EMBEDDED_NAME)
  return createRegistry({
    embedded: embedded ?? fakeProvider({ name: EMBEDDED_NAME, answers: () => false }),
    memory,
    routing: new Map(['classify.*', 'tariff.*', 'lookup.*'].map((place) => [place, providers.map(({ name }) => name)])),
    upstreams: [],
    connections: {
      of: () => providers.filter((provider) => provider !== embedded),
      fallsBackToEmbedded: () => false,
      generation: () => 0,
    },
  })
}

export const NOTHING_APPROVED: Memory = { provider: memoryProvider, find: () => null, onChange: () => undefined }

const NO_DESK = noProvider('HSEXPERT', null)

let asked = 0

export function question(fn: string, ...args: CellValue[]): Question {
  return { id: `q${++asked}`, fn, args }
}
