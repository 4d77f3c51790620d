/** What happens to the points of a submission: charged for what came, held anew, given back. Each is one transaction. */
import { isFailure, type Failure, type FailureName } from '../../shared/error-codes.ts'
import type { Transaction } from '../database.ts'
import type { Remembered } from './cache.ts'
import { findStored, type Buyer, type Place, type PurchaseDeps } from './purchase.ts'
import type { Submission, Submissions } from './submissions.ts'

export interface SettleDeps extends PurchaseDeps {
  submissions: Submissions
  /** How long a hold is good when nobody keeps it up. */
  leaseMs: number
}

/** An answer that came, and the question it is for. */
export interface Came {
  place: Place
  remembered: Remembered
}

export interface PlacedQuestion {
  place: Place
  /** As it stands in the submission. */
  question: string
}

/** The hold ran out before it was charged: everything is as it was. */
class HoldGone extends Error {
  override name = 'HoldGone'
}

/**
 * Charges what came and remembers it. @param left questions that are still waited for: they get a hold of their own.
 * @returns false, and nothing has changed, when the hold had run out or somebody else went on with the submission.
 */
export async function settleSubmission(
  deps: SettleDeps,
  buyer: Buyer,
  submission: Submission,
  came: readonly Came[],
  left: readonly PlacedQuestion[],
): Promise<boolean> {
  const { submissions, ledger, claims, cache } = deps
  const { workspaceId, holdId } = submission
  const used = came.reduce((points, { place }) => points + place.one.points, 0)
  const nextHoldId = deps.newId()
  try {
    return await deps.database.transaction(
      async (tx) => {
        if (!(await submissions.lockIn(tx, submission))) return false
        if (left.length === 0) await submissions.settledIn(tx, submission)
        else {
          await submissions.narrowIn(tx, submission, questionsOf(left))
          await submissions.countFromIn(tx, submission, left.length)
        }
        await claims.endIn(tx, holdId)
        const places = left.map(({ place }) => place)
        const claimed = await claimIn(deps, tx, workspaceId, places, nextHoldId)
        if (used === 0) await ledger.releaseIn(tx, holdId)
        else {
          const hold = { id: holdId, workspaceId, points: await pointsOf(tx, holdId), shortOf: null }
          if ((await ledger.settleIn(tx, hold, used)) !== 'now') throw new HoldGone()
          for (const { place, remembered } of came) {
            await cache.store(tx, workspaceId, place.one.inquiry.key, remembered, holdId)
          }
        }
        if (claimed) await holdAnew(deps, tx, buyer, submission, places, nextHoldId)
        return true
      },
      { repeatable: true },
    )
  } catch (error) {
    if (error instanceof HoldGone) return false
    throw error
  }
}

async function claimIn(
  { claims }: SettleDeps,
  tx: Transaction,
  workspaceId: string,
  places: readonly Place[],
  holdId: string,
): Promise<boolean> {
  if (places.length === 0) return false
  await claims.takeIn(
    tx,
    workspaceId,
    places.map(({ hash }) => hash),
    holdId,
  )
  return true
}

/** What is left has just given its points back, so it is covered; where a daily cap is in the way it is found without a hold, and told. */
async function holdAnew(
  { ledger, claims, submissions, leaseMs }: SettleDeps,
  tx: Transaction,
  buyer: Buyer,
  submission: Submission,
  places: readonly Place[],
  holdId: string,
): Promise<void> {
  const points = places.reduce((sum, { one }) => sum + one.points, 0)
  const hold = await ledger.holdIn(tx, holdId, { ...buyer, points, ttlMs: leaseMs })
  if (!isFailure(hold) && hold.points >= points) return submissions.payWithIn(tx, submission, holdId)
  await claims.endIn(tx, holdId)
  if (!isFailure(hold)) await ledger.releaseIn(tx, holdId)
}

export type PaidAnew =
  | { kind: 'paid'; left: Place[]; stored: [Place, Remembered][]; busy: Place[] }
  /** Points are short, for all that is left or for a part: nothing is held. */
  | { kind: 'short'; failed: Failure }
  /** Somebody else goes on with it. */
  | { kind: 'late' }

class ShortOf extends Error {
  override name = 'ShortOf'
  readonly failed: Failure
  constructor(failed: Failure) {
    super('short of points')
    this.failed = failed
  }
}

/**
 * A new hold in the place of one that ran out, over the questions that nobody else has answered or is asking meanwhile. All or
 * nothing: what was handed in is paid there already, and is come back for when there are points.
 */
export async function payAnew(
  deps: SettleDeps,
  buyer: Buyer,
  submission: Submission,
  asked: readonly PlacedQuestion[],
  began: number,
): Promise<PaidAnew> {
  const { claims, ledger, submissions, leaseMs } = deps
  const { workspaceId } = submission
  const holdId = deps.newId()
  try {
    return await deps.database.transaction(
      async (tx): Promise<PaidAnew> => {
        if (!(await submissions.lockIn(tx, submission))) return { kind: 'late' }
        await claims.endIn(tx, submission.holdId)
        const places = asked.map(({ place }) => place)
        const hashes = places.map(({ hash }) => hash)
        const ours = await claims.takeIn(tx, workspaceId, hashes, holdId)
        const claimed = places.filter(({ hash }) => ours.has(hash))
        const stored = await findStored(deps, tx, buyer, claimed, began)
        const known = new Set(stored.map(([place]) => place))
        const left = claimed.filter((place) => !known.has(place))
        const busy = places.filter(({ hash }) => !ours.has(hash))
        if (left.length === 0) {
          await claims.endIn(tx, holdId)
          // Everything is answered; while others are at some of it, it may yet be needed.
          if (busy.length === 0 && submission.state === 'sent') await submissions.settledIn(tx, submission)
          return { kind: 'paid', left, stored, busy }
        }
        await claims.giveUpIn(
          tx,
          workspaceId,
          stored.map(([{ hash }]) => hash),
          holdId,
        )
        const points = left.reduce((sum, { one }) => sum + one.points, 0)
        const hold = await ledger.holdIn(tx, holdId, { ...buyer, points, ttlMs: leaseMs })
        if (isFailure(hold)) throw new ShortOf(hold)
        if (hold.shortOf) throw new ShortOf(hold.shortOf)
        await submissions.payWithIn(tx, submission, holdId)
        // Only what is held may be charged, whoever comes back for it.
        await submissions.narrowIn(tx, submission, questionsOf(asked.filter(({ place }) => left.includes(place))))
        return { kind: 'paid', left, stored, busy }
      },
      { repeatable: true },
    )
  } catch (error) {
    if (error instanceof ShortOf) return { kind: 'short', failed: error.failed }
    throw error
  }
}

/**
 * Gives its points and its questions back. @param failed why it is given up for good; null keeps it to be come back for.
 * @returns false when somebody else goes on with it.
 */
export async function letGo(deps: SettleDeps, submission: Submission, failed: FailureName | null): Promise<boolean> {
  return deps.database.transaction(
    async (tx) => {
      if (!(await deps.submissions.lockIn(tx, submission))) return false
      if (failed !== null) await deps.submissions.failedIn(tx, submission, failed)
      await deps.claims.endIn(tx, submission.holdId)
      await deps.ledger.releaseIn(tx, submission.holdId)
      return true
    },
    { repeatable: true },
  )
}

function questionsOf(placed: readonly PlacedQuestion[]): string[] {
  return placed.map(({ question }) => question)
}

async function pointsOf(tx: Transaction, holdId: string): Promise<number> {
  const row = await tx.get<{ points: number }>('SELECT points FROM hold WHERE id = $1', [holdId])
  return row?.points ?? 0
}
