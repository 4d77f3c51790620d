/** The answering parts over a database in memory and providers of the test's choice; and a workspace with points. */
import type { AnswerDeps, Asker } from '../../proxy/answer/answer-batch.ts'
import { answerBatch } from '../../proxy/answer/answer-batch.ts'
import { createAnswerCache } from '../../proxy/answer/cache.ts'
import { createCoalescer } from '../../proxy/answer/coalesce.ts'
import { createGatherers, type Gatherers } from '../../proxy/answer/gather.ts'
import { createReadQuestion } from '../../proxy/answer/read-question.ts'
import { createSeats, type Seats } from '../../proxy/auth/seats.ts'
import { createConsultations, type Consultations } from '../../proxy/consultations/consultations.ts'
import { createAudit } from '../../proxy/audit/audit.ts'
import type { Database } from '../../proxy/database.ts'
import { createJobs, type Jobs } from '../../proxy/jobs/jobs.ts'
import { resumePausedIn } from '../../proxy/jobs/resume-paused.ts'
import { createLedger, type Ledger } from '../../proxy/ledger/ledger.ts'
import { EMBEDDED_NAME, type Provider } from '../../proxy/providers/provider.ts'
import { createRegistry, type Registry } from '../../proxy/providers/registry.ts'
import { failure } from '../../shared/error-codes.ts'
import type { Answer, Question } from '../../shared/protocol.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { fakeProvider } from './fake-provider.ts'
import { openTestDatabase, testClock, testIds, type TestClock } from './test-database.ts'

export interface TestHouse {
  database: Database
  ledger: Ledger
  seats: Seats
  clock: TestClock
  gatherers: Gatherers
  consultations: Consultations
  jobs: Jobs
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
  waitingMax?: number
  /** A house on the same folder, as of another process: its clock and workspaces are this one's too. */
  beside?: TestHouse
}): Promise<TestHouse> {
  const { beside } = options
  const database = await openTestDatabase(options.folder ?? null)
  const clock = beside?.clock ?? testClock()
  const newId = testIds(beside ? 'beside' : 'test')
  const ledger = createLedger({ database, now: clock.now, newId, onCredit: resumePausedIn })
  const seats = createSeats({ database, ledger, now: clock.now, newId })
  const logged: TestHouse['logged'] = []
  const log = {
    warn: (details: object, message: string) => void logged.push({ level: 'warn', details, message }),
    error: (details: object, message: string) => void logged.push({ level: 'error', details, message }),
  }
  const registry = registryOf(options.providers)
  const gatherers = createGatherers({ waitingMax: options.waitingMax ?? 1000, log })
  const answer: AnswerDeps = {
    registry,
    readQuestion: createReadQuestion(registry, clock.now),
    gatherers,
    cache: createAnswerCache({ database, memoryBytesMax: 1_000_000 }),
    coalescer: createCoalescer(),
    ledger,
    mayReadForm: async () => true,
    labels: { label: (code, language) => `${language} label of ${code}` },
    now: clock.now,
    log,
  }
  const { askers, ownerTokens } = beside ?? (await openWorkspaces(seats, ledger, options.points ?? 0))
  const [one] = askers
  return {
    database,
    ledger,
    seats,
    clock,
    gatherers,
    consultations: createConsultations({ database, connections: { desk: () => NO_DESK }, now: clock.now }),
    jobs: createJobs({
      database,
      audit: createAudit({ database, now: clock.now, newId }),
      now: clock.now,
      newId,
    }),
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
    close: () => database.close(),
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
export function registryOf(providers: readonly Provider[]): Registry {
  const embedded = providers.find(({ name }) => name === EMBEDDED_NAME)
  return createRegistry({
    embedded: embedded ?? fakeProvider({ name: EMBEDDED_NAME, answers: () => false }),
    routing: new Map(['classify.*', 'tariff.*', 'lookup.*'].map((place) => [place, providers.map(({ name }) => name)])),
    upstreams: [],
    connections: {
      of: () => providers.filter((provider) => provider !== embedded),
      fallsBackToEmbedded: () => false,
      generation: () => 0,
    },
  })
}

const NO_DESK = failure('no-provider', { fn: 'HSEXPERT', country: 'CN', advice: '' })

let asked = 0

export function question(fn: string, ...args: CellValue[]): Question {
  return { id: `q${++asked}`, fn, args }
}
