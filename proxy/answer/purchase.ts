/**
 * ⑧–⑩ What must be bought: questions claimed and points held in one transaction; asked; charged and remembered in another. What
 * somebody else is asking already, in this process or in another on the same database, is waited for and costs nothing.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { DatabaseAwayError, type Database, type Rows, type Transaction } from '../database.ts'
import type { FailureLog } from '../failure-of.ts'
import type { Hold, HoldRequest, Ledger } from '../ledger/ledger.ts'
import { hashKey, type AnswerCache, type Remembered } from './cache.ts'
import type { Claims } from './claims.ts'
import { firstStored, storedKeys } from './stored-keys.ts'
import type { Wanted } from './route.ts'

export interface PurchaseDeps {
  database: Pick<Database, 'transaction'> & Rows
  ledger: Pick<Ledger, 'holdIn' | 'settleIn' | 'releaseIn' | 'extend'>
  claims: Claims
  cache: AnswerCache
  now: () => number
  newId: () => string
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
  /** When this very request was first sent, in milliseconds: what it bought then is fresh enough. */
  freshSince?: number
}

/** `elsewhere`: somebody else paid for it. */
export type Purchased = { remembered: Remembered; elsewhere: boolean } | Failure

/** An answer, and which of the providers asked in turn gave it. */
export interface Bought {
  by: Wanted
  /** What it is remembered under. */
  key: string
  remembered: Remembered
}

/** ⑨ Asks for each of these. Never rejects. */
export type AskAll = (wanted: readonly Wanted[]) => Promise<(Bought | Failure)[]>
export type Done = (at: number, purchased: Purchased) => void

// A hold is the lease on its questions. It is kept up for as long as its owner lives, and not much longer.
export const HOLD_TTL_MS = 60_000
const EXTEND_EVERY_MS = HOLD_TTL_MS / 3
const WAIT_MAX_MS = 90_000
const FIRST_LOOK_MS = 25
const LOOKS_APART_MAX_MS = 1000
// An answer in hand is worth some patience with a database that is away, and no more than its hold lives.
const SETTLE_PAUSES_MS = [500, 1000, 2000, 4000, 8000, 16_000]

/** One of the questions that are bought together. */
export interface Place {
  one: Wanted
  at: number
  hash: string
}

/** Calls `done` once for each of `wanted`, as it becomes known. All have the same price. Rejects when the database fails. */
export async function purchase(
  deps: PurchaseDeps,
  buyer: Buyer,
  wanted: readonly Wanted[],
  ask: AskAll,
  done: Done,
): Promise<void> {
  const began = deps.now()
  const giveUpAt = performance.now() + WAIT_MAX_MS
  let open = wanted.map((one, at): Place => ({ one, at, hash: hashKey(one.inquiry.key) }))
  while (open.length > 0) {
    const { hold, asked, refused, stored, busy } = await claimAndHold(deps, buyer, open, began, {
      ttlMs: HOLD_TTL_MS,
    })
    for (const { at } of refused?.places ?? []) done(at, refused!.failed)
    for (const [{ at }, remembered] of stored) done(at, { remembered, elsewhere: true })
    const [, left] = await Promise.all([
      hold === null ? null : askAndSettle(deps, hold, asked, ask, done),
      waitForOthers(deps, buyer, busy, began, giveUpAt, done),
    ])
    open = left
  }
}

export interface Claimed {
  /** Null when there is nothing to ask. */
  hold: Hold | null
  asked: Place[]
  /** Claimed, and not covered by the points there are. */
  refused: { places: Place[]; failed: Failure } | null
  /** Answered between our look and our claim. */
  stored: [Place, Remembered][]
  /** Somebody else is asking. */
  busy: Place[]
}

export interface Lease {
  ttlMs: number
  /** What else is written with the hold. It may be run again. */
  withHold?: (tx: Transaction, hold: Hold, asked: readonly Place[]) => Promise<void>
}

/** ⑧ As many questions as the balance covers. */
export async function claimAndHold(
  deps: PurchaseDeps,
  buyer: Buyer,
  open: readonly Place[],
  began: number,
  lease: Lease,
): Promise<Claimed> {
  const { workspaceId } = buyer
  const holdId = deps.newId()
  return deps.database.transaction(
    async (tx): Promise<Claimed> => {
      const ours = await deps.claims.takeIn(
        tx,
        workspaceId,
        open.map(({ hash }) => hash),
        holdId,
      )
      const claimed = open.filter(({ hash }) => ours.has(hash))
      const busy = open.filter(({ hash }) => !ours.has(hash))
      const stored = await findStored(deps, tx, buyer, claimed, began)
      const unknown = claimed.filter((place) => !stored.some(([known]) => known === place))
      const { hold, covered, shortOf } = await holdFor(deps, tx, holdId, { ...buyer, ttlMs: lease.ttlMs }, unknown)
      const refused = unknown.slice(covered)
      await deps.claims.giveUpIn(
        tx,
        workspaceId,
        [...stored.map(([{ hash }]) => hash), ...refused.map(({ hash }) => hash)],
        holdId,
      )
      const asked = unknown.slice(0, covered)
      if (hold) await lease.withHold?.(tx, hold, asked)
      return {
        hold,
        asked,
        refused: refused.length === 0 ? null : { places: refused, failed: shortOf },
        stored,
        busy,
      }
    },
    { repeatable: true },
  )
}

async function holdFor(
  deps: PurchaseDeps,
  tx: Transaction,
  holdId: string,
  request: Omit<HoldRequest, 'points'>,
  places: readonly Place[],
): Promise<{ hold: Hold | null; covered: number; shortOf: Failure }> {
  const shortOf = failure('no-points')
  const [first] = places
  if (!first) return { hold: null, covered: 0, shortOf }
  const price = first.one.points
  const hold = await deps.ledger.holdIn(tx, holdId, { ...request, points: price * places.length })
  if (isFailure(hold)) return { hold: null, covered: 0, shortOf: hold }
  return { hold, covered: Math.min(places.length, Math.floor(hold.points / price)), shortOf: hold.shortOf ?? shortOf }
}

/** ⑨ ⑩ A hold that ran out meanwhile pays for nothing, so nothing is delivered. */
async function askAndSettle(
  deps: PurchaseDeps,
  hold: Hold,
  asked: readonly Place[],
  ask: AskAll,
  done: Done,
): Promise<void> {
  const keepUp = setInterval(() => void extend(deps, hold), EXTEND_EVERY_MS)
  try {
    const outcomes = await ask(asked.map(({ one }) => one))
    const isCharged = await settle(deps, hold, outcomes)
    asked.forEach(({ one, at }, index) => {
      const outcome = outcomes[index]!
      if (isFailure(outcome)) done(at, outcome)
      else if (isCharged) {
        deps.cache.keep(hold.workspaceId, outcome.key, outcome.remembered)
        done(at, { remembered: outcome.remembered, elsewhere: false })
      } else done(at, failure('provider-timeout', { provider: one.provider.name }))
    })
  } finally {
    clearInterval(keepUp)
  }
}

async function extend({ ledger, log }: PurchaseDeps, { id }: Hold): Promise<void> {
  try {
    await ledger.extend(id, HOLD_TTL_MS)
  } catch (error) {
    log.warn({ hold: id, error: String(error) }, 'a hold could not be extended')
  }
}

/** @returns false when the hold had expired: nothing was charged and nothing stored. */
async function settle(deps: PurchaseDeps, hold: Hold, outcomes: readonly (Bought | Failure)[]): Promise<boolean> {
  const answered = outcomes.filter((outcome): outcome is Bought => !isFailure(outcome))
  const paid = answered.filter(({ by }) => by.points > 0)
  const used = paid.reduce((points, { by }) => points + by.points, 0)
  for (const pauseMs of [...SETTLE_PAUSES_MS, null]) {
    try {
      return await deps.database.transaction(
        async (tx) => {
          if (used === 0) await deps.ledger.releaseIn(tx, hold.id)
          else {
            const settled = await deps.ledger.settleIn(tx, hold, used)
            if (settled !== 'now') return settled === 'before'
            for (const { key, remembered } of paid) {
              await deps.cache.store(tx, hold.workspaceId, key, remembered, hold.id)
            }
          }
          await deps.claims.endIn(tx, hold.id)
          return true
        },
        { repeatable: true },
      )
    } catch (error) {
      if (!(error instanceof DatabaseAwayError) || pauseMs === null) throw error
      await pause(pauseMs)
    }
  }
  return false
}

/** @returns what nobody is asking any more and nobody has answered, and what is still waited for beside it. */
async function waitForOthers(
  deps: PurchaseDeps,
  buyer: Buyer,
  busy: readonly Place[],
  began: number,
  giveUpAt: number,
  done: Done,
): Promise<Place[]> {
  let waiting = [...busy]
  for (let pauseMs = FIRST_LOOK_MS; waiting.length > 0; pauseMs = Math.min(pauseMs * 1.5, LOOKS_APART_MAX_MS)) {
    await pause(pauseMs)
    const underWay = await deps.claims.underWay(
      buyer.workspaceId,
      waiting.map(({ hash }) => hash),
    )
    // Looked at after the claims: an answer and the end of its claim are one transaction.
    const stored = await findStored(deps, deps.database, buyer, waiting, began)
    for (const [{ at }, remembered] of stored) done(at, { remembered, elsewhere: true })
    waiting = waiting.filter((place) => !stored.some(([known]) => known === place))
    if (waiting.some(({ hash }) => !underWay.has(hash))) return waiting
    if (performance.now() > giveUpAt) {
      for (const { at } of waiting) done(at, failure('pending'))
      return []
    }
  }
  return []
}

/** What is remembered of these by now, and new enough. */
export async function findStored(
  deps: Pick<PurchaseDeps, 'cache'>,
  rows: Rows,
  buyer: Buyer,
  places: readonly Place[],
  began: number,
): Promise<[Place, Remembered][]> {
  if (places.length === 0) return []
  const stored = await deps.cache.load(
    buyer.workspaceId,
    places.flatMap(({ one }) => storedKeys(one)),
    rows,
  )
  return places.flatMap((place): [Place, Remembered][] => {
    const remembered = firstStored(stored, place.one)
    // Asked for again: only what was bought since will do. In the millisecond it began is before.
    const isOld = place.one.fresh && remembered && remembered.answeredAt < (buyer.freshSince ?? began + 1)
    return remembered && !isOld ? [[place, remembered]] : []
  })
}
