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
import { createSeats, type Seats } from '../../proxy/auth/seats.ts'
import { createConsultations, type Consultations } from '../../proxy/consultations/consultations.ts'
import type { Database } from '../../proxy/database.ts'
import { createLedger, type Ledger } from '../../proxy/ledger/ledger.ts'
import { memoryProvider } from '../../proxy/memory/memory-provider.ts'
import { openMemory, type WorkspaceMemory } from '../../proxy/memory/open-memory.ts'
import { EMBEDDED_NAME, type Provider } from '../../proxy/providers/provider.ts'
import { createRegistry, type Memory, type Registry } from '../../proxy/providers/registry.ts'
import { createTariffBook } from '../../proxy/tariff/book.ts'
import { failure } from '../../shared/error-codes.ts'
import type { Answer, Question } from '../../shared/protocol.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { fakeProvider } from './fake-provider.ts'
import { openTestDatabase, testClock, testIds, type Engine, type TestClock } from './test-database.ts'

export interface TestHouse {
  database: Database
  ledger: Ledger
  seats: Seats
  audit: Audit
  clock: TestClock
  gatherers: Gatherers
  consultations: Consultations
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
}): Promise<TestHouse> {
  const database = options.database ?? (await openTestDatabase(options.folder ?? null, options.engine))
  const clock = testClock()
  const newId = testIds()
  const ledger = createLedger({ database, now: clock.now, newId })
  const seats = createSeats({ database, ledger, now: clock.now, newId })
  const logged: TestHouse['logged'] = []
  const log = {
    warn: (details: object, message: string) => void logged.push({ level: 'warn', details, message }),
    error: (details: object, message: string) => void logged.push({ level: 'error', details, message }),
  }
  const labels = { label: (code: string, language: string) => `${language} label of ${code}` }
  const audit = createAudit({ database, now: clock.now, newId })
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
  const made = [await seats.createWorkspace('one'), await seats.createWorkspace('two')] as const
  const askers: Asker[] = []
  for (const { workspaceId } of made) {
    if (options.points)
      await ledger.credit({ workspaceId, kind: 'grant', ref: `start ${workspaceId}`, points: options.points })
    const seatId = (await seats.ownerSeatId(workspaceId))!
    askers.push({ workspaceId, seatId, dailyCapPoints: null, maySpend: true })
  }
  const [one, two] = askers as [Asker, Asker]
  return {
    database,
    ledger,
    seats,
    audit,
    clock,
    gatherers,
    consultations: createConsultations({ database, connections: { desk: () => NO_DESK }, now: clock.now }),
    memory,
    answer,
    askers: [one, two],
    ownerTokens: [made[0].ownerToken, made[1].ownerToken],
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
      await seats.close()
      memory.close()
      await database.close()
    },
  }
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

const NO_DESK = failure('no-provider', { fn: 'HSEXPERT', country: 'CN', advice: '' })

let asked = 0

export function question(fn: string, ...args: CellValue[]): Question {
  return { id: `q${++asked}`, fn, args }
}
