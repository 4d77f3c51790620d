/** The whole answering house — classifier, tariff book, ledger, credentials — connected to upstreams of the test's choice. */
import { answerBatch, type Asker } from '../../proxy/answer/answer-batch.ts'
import { openHouse, openKnowledge, type House, type HouseDeps, type Knowledge } from '../../proxy/open-house.ts'
import type { BreakerSettings } from '../../proxy/providers/breaker.ts'
import type { Routing } from '../../proxy/providers/routing.ts'
import { DEPLOYMENT, type Credential, type Upstream, type UpstreamName } from '../../proxy/providers/upstream.ts'
import type { PaymentService } from '../../proxy/recharge/payment-service.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import type { Answer, Question } from '../../shared/protocol.ts'
import { engineOfProject } from './shared-postgres.ts'
import { lendPostgres, testClock, testIds, type TestClock } from './test-database.ts'

export interface UpstreamHouse {
  house: House
  clock: TestClock
  /** Two workspaces with points. */
  askers: [Asker, Asker]
  ownerTokens: [string, string]
  logged: object[]
  /** @param workspaceId left out: the deployment's. */
  connect(upstream: UpstreamName, credential: Credential, url: string, workspaceId?: string): Promise<void>
  ask(questions: readonly Question[], asker?: Asker): Promise<Answer[]>
  balance(asker?: Asker): Promise<number>
  /** Points settled by all holds, of all workspaces. */
  spent(): Promise<number>
  /** Holds that nobody has resolved. */
  openHolds(): Promise<number>
  close(): Promise<void>
}

const CHECKOUT = { rootFolder: rootFolder(), dataFolder: null }
// Read once: it takes most of the time in which a house opens, and no house changes it.
let knowledge: Knowledge | undefined

export async function openUpstreamHouse(
  options: {
    points?: number
    breaker?: Partial<BreakerSettings>
    routing?: Routing
    upstreams?: readonly Upstream[]
    submit?: HouseDeps['submit']
    clock?: TestClock
    paymentServices?: readonly PaymentService[]
    returnAddress?: () => string
  } = {},
): Promise<UpstreamHouse> {
  const {
    points = 1000,
    breaker,
    routing,
    upstreams,
    submit,
    paymentServices,
    returnAddress,
    clock = testClock(),
  } = options
  const logged: object[] = []
  const log = {
    warn: (details: object, message: string) => void logged.push({ details, message }),
    error: (details: object, message: string) => void logged.push({ details, message }),
  }
  const lent = (await engineOfProject()) === 'postgres' ? await lendPostgres() : null
  knowledge ??= openKnowledge(CHECKOUT)
  const house = await openHouse({
    ...CHECKOUT,
    knowledge,
    databaseUrl: lent?.url ?? null,
    log,
    now: clock.now,
    newId: testIds(),
    ...(breaker ? { breaker } : {}),
    ...(routing ? { routing } : {}),
    ...(upstreams ? { upstreams } : {}),
    ...(submit ? { submit } : {}),
    ...(paymentServices ? { paymentServices } : {}),
    ...(returnAddress ? { returnAddress } : {}),
  })
  const askers: Asker[] = []
  const ownerTokens: string[] = []
  for (const name of ['one', 'two']) {
    const { workspaceId, ownerToken } = await house.seats.createWorkspace(name)
    if (points > 0) await house.ledger.credit({ workspaceId, kind: 'grant', ref: `start ${name}`, points })
    const seatId = (await house.seats.ownerSeatId(workspaceId))!
    askers.push({ workspaceId, seatId, dailyCapPoints: null, maySpend: true })
    ownerTokens.push(ownerToken)
  }
  const [one, two] = askers as [Asker, Asker]
  const count = async (sql: string): Promise<number> => (await house.database.get<{ n: number | null }>(sql))?.n ?? 0
  return {
    house,
    clock,
    askers: [one, two],
    ownerTokens: ownerTokens as [string, string],
    logged,
    async connect(upstream, credential, url, workspaceId = DEPLOYMENT) {
      await house.credentials.set(workspaceId, upstream, credential, url)
      await house.connections.refresh()
    },
    async ask(questions, asker = one) {
      const answers: Answer[] = []
      await answerBatch(house.answer, asker, questions, { language: 'en', deadlineMs: null }, (answer) =>
        answers.push(answer),
      )
      return answers
    },
    balance: async (asker = one) => (await house.ledger.balance(asker.workspaceId)).spendable,
    spent: () => count("SELECT SUM(settled) AS n FROM hold WHERE state = 'settled'"),
    openHolds: () => count("SELECT COUNT(*) AS n FROM hold WHERE state = 'held'"),
    async close() {
      await house.close()
      await lent?.giveBack()
    },
  }
}
