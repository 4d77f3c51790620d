/**
 * ⑦–⑩ Questions that memory does not hold. Free ones are asked at once. Priced ones are looked up in the database, then share one
 * hold for each provider call; the charge, the answers and the return of what was not used are one transaction.
 */
import { FAILURES, failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { failureOf } from '../failure-of.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Provider, Reply } from '../providers/provider.ts'
import type { Remembered } from './cache.ts'
import type { Coalescer } from './coalesce.ts'
import type { Gatherers } from './gather.ts'
import type { Outcome } from './print-answer.ts'
import { purchase, type Bought, type Buyer, type Purchased, type PurchaseDeps } from './purchase.ts'
import type { Wanted } from './route.ts'
import { firstStored, standInKey, storedKeys } from './stored-keys.ts'

export type { Buyer } from './purchase.ts'

export interface BuyDeps extends PurchaseDeps {
  gatherers: Pick<Gatherers, 'ask'>
  coalescer: Coalescer<Purchased>
  ledger: PurchaseDeps['ledger'] & Pick<Ledger, 'balance'>
  /** Whether an expert's case is this workspace's to read. */
  mayReadForm: (workspaceId: string, form: string) => Promise<boolean>
}

export type Fill = (at: number, outcome: Outcome) => void

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
        const remembered = toRemembered(deps, by, reply)
        deps.cache.keep(buyer.workspaceId, by.inquiry.key, remembered, expertTtlMs(by, reply))
        return { remembered, elsewhere: false }
      })
      fill(at, toOutcome(await promise, false))
    }),
  )
}

async function buyPriced(deps: BuyDeps, buyer: Buyer, wanted: readonly Wanted[], fill: Fill): Promise<void> {
  const isOld = (one: Wanted, remembered: Remembered): boolean =>
    one.fresh && (buyer.freshSince === undefined || remembered.answeredAt < buyer.freshSince)
  const askable = wanted.flatMap((one) =>
    one.points > 0 && (!one.fresh || buyer.freshSince !== undefined) ? storedKeys(one) : [],
  )
  const stored =
    askable.length === 0 ? new Map<string, Remembered>() : await deps.cache.load(buyer.workspaceId, askable)
  const toBuy = new Map<Provider, number[]>()
  for (const [at, one] of wanted.entries()) {
    if (one.points === 0) continue
    const remembered = firstStored(stored, one)
    if (remembered && !isOld(one, remembered)) fill(at, { remembered, cached: true, points: 0 })
    else if (!buyer.maySpend) fill(at, failure('needs-token'))
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
  const mine: { one: Wanted; resolve: (purchased: Purchased) => void }[] = []
  const waits = chunk.map(async (one, at) => {
    const { promise, joined } = deps.coalescer.join(
      inFlightKey(buyer, one),
      () => new Promise<Purchased>((resolve) => mine.push({ one, resolve })),
    )
    const purchased = await promise
    // The cap was the other seat's: this one buys for itself.
    if (joined && isFailure(purchased) && purchased.failed === 'daily-cap') {
      await buyChunk(deps, buyer, [one], (_, outcome) => fill(at, outcome))
    } else fill(at, toOutcome(purchased, joined))
  })
  const wanted = mine.map(({ one }) => one)
  await purchase(
    deps,
    buyer,
    wanted,
    (asked) => askAll(deps, buyer, asked),
    (at, purchased) => mine[at]!.resolve(purchased),
  ).catch((error: unknown) => {
    const failed = failureOf(deps.log, error)
    // Whoever has an answer already keeps it.
    for (const { resolve } of mine) resolve(failed)
  })
  await Promise.all(waits)
}

/** ⑨ */
async function askAll(deps: BuyDeps, buyer: Buyer, asked: readonly Wanted[]): Promise<(Bought | Failure)[]> {
  const answers = await Promise.all(asked.map((one) => askInTurn(deps, buyer, one)))
  return answers.map(({ by, reply }, at) =>
    isFailure(reply)
      ? rememberFailure(deps, buyer, by, reply)
      : { by, key: keyFor(by, asked[at]!), remembered: toRemembered(deps, by, reply) },
  )
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
export function rememberFailure(deps: BuyDeps, buyer: Buyer, by: Wanted, failed: Failure): Failure {
  // Not of a picture or a text, which may be another tomorrow; and never in the place of an answer that was paid before.
  if (FAILURES[failed.failed].kind === 'answer' && !by.fresh) {
    const remembered = { ...toRemembered(deps, by, failed), points: 0 }
    deps.cache.keep(buyer.workspaceId, by.inquiry.key, remembered, NO_ANSWER_TTL_MS)
  }
  return failed
}

/** What is bought in the first choice's place is remembered as that: the cell is not paid twice when the first choice is back. */
function keyFor(by: Wanted, wanted: Wanted): string {
  return by === wanted ? by.inquiry.key : standInKey(wanted)
}

export function toRemembered(deps: Pick<BuyDeps, 'now'>, one: Wanted, reply: Reply): Remembered {
  return {
    reply,
    provider: one.provider.name,
    edition: one.provider.edition(one.inquiry),
    answeredAt: deps.now(),
    points: one.points,
  }
}

function toOutcome(purchased: Purchased, joined: boolean): Outcome {
  if (isFailure(purchased)) return purchased
  const { remembered, elsewhere } = purchased
  const isFree = joined || elsewhere
  return { remembered, cached: isFree, points: isFree ? 0 : remembered.points }
}

/** A failure that is an answer: the same edition, asked again, would say the same. */
function isLasting(failed: Failure): boolean {
  return FAILURES[failed.failed].kind !== 'service'
}

function inFlightKey(buyer: Buyer, one: Wanted): string {
  // The workspace is part of it: whoever waits on an answer must be the one who pays for it.
  return `${buyer.workspaceId} ${one.fresh ? 'fresh ' : ''}${one.inquiry.key}`
}
