/**
 * ⑦–⑩ Questions that memory does not hold. Free ones are asked at once. Priced ones are looked up in the database, then share one
 * hold for each provider call; the charge, the answers and the return of what was not used are one transaction.
 */
import { FAILURES, failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import type { Hold, Ledger } from '../ledger/ledger.ts'
import type { Provider, Reply } from '../providers/provider.ts'
import type { AnswerCache, Remembered } from './cache.ts'
import type { Coalescer } from './coalesce.ts'
import { failureOf, type FailureLog } from '../failure-of.ts'
import type { Gatherers } from './gather.ts'
import type { Outcome } from './print-answer.ts'
import type { Wanted } from './route.ts'

export interface BuyDeps {
  gatherers: Pick<Gatherers, 'ask'>
  cache: AnswerCache
  coalescer: Coalescer<Remembered | Failure>
  ledger: Pick<Ledger, 'hold' | 'settle' | 'release' | 'balance'>
  /** Whether an expert's case is this workspace's to read. */
  mayReadForm: (workspaceId: string, form: string) => Promise<boolean>
  now: () => number
  log: FailureLog
}

export interface Buyer {
  workspaceId: string
  seatId: string
  dailyCapPoints: number | null
  /** False for a caller who may have free answers only. */
  maySpend: boolean
  /** The bulk run that asks; left out for cells. */
  jobId?: string
}

type Fill = (at: number, outcome: Outcome) => void

// A hold outlives the slowest provider call and its place in the queue, and no more.
const HOLD_TTL_MS = 10 * 60_000
// How long a paid provider's "no answer" is believed.
const NO_ANSWER_TTL_MS = 3600_000
const OPEN_CASE_TTL_MS = 60_000
const CONCLUDED_CASE_TTL_MS = 24 * 3600_000

/** Calls `fill` exactly once for each of `wanted`; never rejects. */
export async function buyAnswers(deps: BuyDeps, buyer: Buyer, wanted: readonly Wanted[], fill: Fill): Promise<void> {
  const filled = new Set<number>()
  const fillOnce: Fill = (at, outcome) => {
    filled.add(at)
    fill(at, outcome)
  }
  try {
    await Promise.all([askFree(deps, buyer, wanted, fillOnce), buyPriced(deps, buyer, wanted, fillOnce)])
  } catch (error) {
    const failed = failureOf(deps.log, error)
    for (const at of wanted.keys()) if (!filled.has(at)) fill(at, failed)
  }
}

async function askFree(deps: BuyDeps, buyer: Buyer, wanted: readonly Wanted[], fill: Fill): Promise<void> {
  await Promise.all(
    wanted.map(async (one, at) => {
      if (one.points > 0) return
      const { promise } = deps.coalescer.join(inFlightKey(buyer, one), async () => {
        const { by, reply } = await askInTurn(deps, buyer, one)
        if (isFailure(reply) && !isLasting(reply)) return reply
        return keep(deps, buyer, by.inquiry.key, toRemembered(deps, by, reply), expertTtlMs(by, reply))
      })
      fill(at, toOutcome(await promise, false))
    }),
  )
}

async function buyPriced(deps: BuyDeps, buyer: Buyer, wanted: readonly Wanted[], fill: Fill): Promise<void> {
  const askable = wanted.flatMap((one) => (one.points > 0 && !one.fresh ? storedKeys(one) : []))
  const stored =
    askable.length === 0 ? new Map<string, Remembered>() : await deps.cache.load(buyer.workspaceId, askable)
  const toBuy = new Map<Provider, number[]>()
  for (const [at, one] of wanted.entries()) {
    if (one.points === 0) continue
    const remembered = one.fresh ? undefined : firstStored(stored, one)
    if (remembered) fill(at, { remembered, cached: true, points: 0 })
    else if (!buyer.maySpend) fill(at, failure('not-allowed'))
    else toBuy.set(one.provider, [...(toBuy.get(one.provider) ?? []), at])
  }
  const calls: Promise<void>[] = []
  for (const [provider, places] of toBuy) {
    for (let from = 0; from < places.length; from += provider.inquiriesPerCallMax) {
      const chunk = places.slice(from, from + provider.inquiriesPerCallMax)
      calls.push(
        buyChunk(
          deps,
          buyer,
          chunk.map((at) => wanted[at]!),
          (index, outcome) => fill(chunk[index]!, outcome),
        ),
      )
    }
  }
  await Promise.all(calls)
}

/** ⑦ Questions already in flight are waited for, free of charge; the others are bought together. */
async function buyChunk(deps: BuyDeps, buyer: Buyer, chunk: readonly Wanted[], fill: Fill): Promise<void> {
  const mine: { one: Wanted; resolve: (outcome: Remembered | Failure) => void }[] = []
  const waits = chunk.map(async (one, at) => {
    const { promise, joined } = deps.coalescer.join(
      inFlightKey(buyer, one),
      () => new Promise<Remembered | Failure>((resolve) => mine.push({ one, resolve })),
    )
    const bought = await promise
    // The cap was the other seat's: this one buys for itself.
    if (joined && isFailure(bought) && bought.failed === 'daily-cap') {
      await buyChunk(deps, buyer, [one], (_, outcome) => fill(at, outcome))
    } else fill(at, toOutcome(bought, joined))
  })
  const outcomes = await holdAskSettle(
    deps,
    buyer,
    mine.map(({ one }) => one),
  ).catch((error: unknown) => mine.map(() => failureOf(deps.log, error)))
  mine.forEach(({ resolve }, at) => resolve(outcomes[at]!))
  await Promise.all(waits)
}

async function holdAskSettle(deps: BuyDeps, buyer: Buyer, mine: readonly Wanted[]): Promise<(Remembered | Failure)[]> {
  const [first] = mine
  if (!first) return []
  // ⑧ As many questions as the balance covers go on; the others are told that points are missing.
  const hold = await deps.ledger.hold({ ...buyer, points: first.points * mine.length, ttlMs: HOLD_TTL_MS })
  if (isFailure(hold)) return mine.map(() => hold)
  const covered = mine.slice(0, Math.floor(hold.points / first.points))

  // ⑨
  const answers = await Promise.all(covered.map((one) => askInTurn(deps, buyer, one)))
  const outcomes = answers.map(({ by, reply }, at): Bought | Failure =>
    isFailure(reply)
      ? rememberFailure(deps, buyer, by, reply)
      : { by, key: keyFor(by, covered[at]!), remembered: toRemembered(deps, by, reply) },
  )
  // ⑩
  const charged = await settle(deps, hold, outcomes)
  return mine.map((one, at) => {
    const outcome = outcomes[at]
    if (!outcome) return hold.shortOf ?? failure('no-points')
    if (isFailure(outcome)) return outcome
    // A hold that expired meanwhile pays for nothing, so nothing is delivered.
    return charged
      ? keep(deps, buyer, outcome.key, outcome.remembered)
      : failure('provider-timeout', { provider: one.provider.name })
  })
}

/** An answer, and which of the providers asked in turn gave it. */
interface Bought {
  by: Wanted
  /** What it is remembered under. */
  key: string
  remembered: Remembered
}

/** @returns false when the hold had expired: nothing was charged and nothing stored. */
async function settle(deps: BuyDeps, hold: Hold, outcomes: readonly (Bought | Failure)[]): Promise<boolean> {
  const answered = outcomes.filter((outcome): outcome is Bought => !isFailure(outcome))
  const paid = answered.filter(({ by }) => by.points > 0)
  if (paid.length === 0) {
    await deps.ledger.release(hold)
    return true
  }
  const used = paid.reduce((points, { by }) => points + by.points, 0)
  return deps.ledger.settle(hold, used, async (tx) => {
    for (const { key, remembered } of paid) {
      await deps.cache.store(tx, hold.workspaceId, key, remembered, hold.id)
    }
  })
}

/** The first choice, then those that take its place, for as long as it is the provider that fails and not the question. */
async function askInTurn(deps: BuyDeps, buyer: Buyer, wanted: Wanted): Promise<{ by: Wanted; reply: Reply }> {
  const form = formAsked(wanted)
  if (form !== null && !(await deps.mayReadForm(buyer.workspaceId, form))) {
    return { by: wanted, reply: failure('form-unknown', { form }) }
  }
  const first = { by: wanted, reply: await deps.gatherers.ask(wanted.provider, buyer.workspaceId, wanted.inquiry) }
  for (const by of isProviderFailure(first.reply) ? wanted.fallbacks : []) {
    const reply = await deps.gatherers.ask(by.provider, buyer.workspaceId, by.inquiry)
    if (!isFailure(reply)) return { by, reply }
  }
  // When nobody answers, the failure of the first choice is the one that a person can do something about.
  return first
}

/** What an expert concluded stays; how a case stands may be another in a minute. */
function expertTtlMs({ inquiry }: Wanted, reply: Reply): number | undefined {
  if (inquiry.kind !== 'lookup' || inquiry.ask.fn !== 'HSEXPERT') return undefined
  return inquiry.ask.field === 'status' || isFailure(reply) ? OPEN_CASE_TTL_MS : CONCLUDED_CASE_TTL_MS
}

function formAsked({ inquiry }: Wanted): string | null {
  return inquiry.kind === 'lookup' && inquiry.ask.fn === 'HSEXPERT' ? inquiry.ask.form : null
}

function isProviderFailure(reply: Reply): boolean {
  return isFailure(reply) && FAILURES[reply.failed].kind === 'service'
}

/** A paid provider that knows no answer is not asked again at every recalculation. */
function rememberFailure(deps: BuyDeps, buyer: Buyer, by: Wanted, failed: Failure): Failure {
  // Not of a picture or a text, which may be another tomorrow; and never in the place of an answer that was paid before.
  if (FAILURES[failed.failed].kind === 'answer' && !by.fresh) {
    const remembered = { ...toRemembered(deps, by, failed), points: 0 }
    keep(deps, buyer, by.inquiry.key, remembered, NO_ANSWER_TTL_MS)
  }
  return failed
}

/** What is bought in the first choice's place is remembered as that: the cell is not paid twice when the first choice is back. */
function keyFor(by: Wanted, wanted: Wanted): string {
  return by === wanted ? by.inquiry.key : standInKey(wanted)
}

/** What an answer in a provider's place is remembered under. */
export function standInKey({ inquiry }: Wanted): string {
  return `in place of ${inquiry.key}`
}

/** Keys a paid answer may be stored under: the first choice's, and that of whoever answered in its place. */
export function storedKeys(wanted: Wanted): string[] {
  const { inquiry, fallbacks } = wanted
  return fallbacks.some(({ points }) => points > 0) ? [inquiry.key, standInKey(wanted)] : [inquiry.key]
}

export function firstStored(stored: ReadonlyMap<string, Remembered>, wanted: Wanted): Remembered | undefined {
  for (const key of storedKeys(wanted)) {
    const remembered = stored.get(key)
    if (remembered) return remembered
  }
  return undefined
}

function toRemembered(deps: BuyDeps, one: Wanted, reply: Reply): Remembered {
  return {
    reply,
    provider: one.provider.name,
    edition: one.provider.edition(one.inquiry),
    answeredAt: deps.now(),
    points: one.points,
  }
}

function keep(deps: BuyDeps, buyer: Buyer, key: string, remembered: Remembered, ttlMs?: number): Remembered {
  deps.cache.keep(buyer.workspaceId, key, remembered, ttlMs)
  return remembered
}

function toOutcome(bought: Remembered | Failure, joined: boolean): Outcome {
  return isFailure(bought) ? bought : { remembered: bought, cached: joined, points: joined ? 0 : bought.points }
}

/** A failure that is an answer: the same edition, asked again, would say the same. */
function isLasting(failed: Failure): boolean {
  return FAILURES[failed.failed].kind !== 'service'
}

function inFlightKey(buyer: Buyer, one: Wanted): string {
  // The workspace is part of it: whoever waits on an answer must be the one who pays for it.
  return `${buyer.workspaceId} ${one.fresh ? 'fresh ' : ''}${one.inquiry.key}`
}
