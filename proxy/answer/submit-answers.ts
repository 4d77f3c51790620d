/**
 * ⑦–⑩ for the chunks of large jobs: what an upstream takes in large numbers is handed in there and come back for. The row of a
 * submission is written before it is sent, so that a chunk whose worker died is gone on with and not sent again. Everything else goes
 * the way of cells.
 */
import { LRUCache } from 'lru-cache'
import { failure, type FailureName } from '../../shared/error-codes.ts'
import { failureOf } from '../failure-of.ts'
import type { Database } from '../database.ts'
import type { Provider } from '../providers/provider.ts'
import {
  attendSubmission,
  SUBMIT_SETTINGS,
  type AttendDeps,
  type SubmitSettings,
  type Visit,
} from './attend-submission.ts'
import { createBulkCalls } from './bulk-calls.ts'
import { buyAnswers, type BuyDeps, type Buyer, type Fill } from './buy-answers.ts'
import { hashKey } from './cache.ts'
import { claimAndHold, findStored, type Place } from './purchase.ts'
import { createRest, type Rest } from './rest.ts'
import {
  createSubmissions,
  newCallbackToken,
  questionHash,
  type ChunkPlace,
  type Submission,
  type Submissions,
} from './submissions.ts'
import type { Wanted } from './route.ts'

export interface SubmitDeps {
  database: Database
  now: () => number
  newId: () => string
  submissions?: Submissions
  /** Where an upstream may say that work has ended; null: nowhere it could reach. */
  callbackUrl?: (upstream: string, token: string) => string | null
  isWanted?: AttendDeps['isWanted']
  onWaiting?: AttendDeps['onWaiting']
  /** Ends all work: the house closes. */
  signal?: AbortSignal
  settings?: Partial<SubmitSettings>
  random?: () => number
}

/** A chunk to be bought, and who works on it. */
export interface ChunkWork extends ChunkPlace {
  /** Ends the work on this chunk; its submissions stay, to be gone on with. */
  signal?: AbortSignal
  /** Told when nothing is done for it here but waiting, and when that is over. */
  onRest?: (isAtRest: boolean) => void
}

export type SubmitAnswers = (work: ChunkWork) => typeof buyAnswers

// More rounds than a question can need: in one it is another's, in the next it is answered or nobody's.
const ROUNDS_MAX = 4
// Far more than wait at once; one that is forgotten is said once more.
const WAITING_SAID_MAX = 10_000

/**
 * Questions that are left when the work is ended are told `pending`; the same chunk, asked again, goes on with its submissions. A
 * `pending` with `seconds` is not worth asking again before.
 * @returns in the place of {@link buyAnswers}.
 */
export function createSubmitAnswers(deps: SubmitDeps): SubmitAnswers {
  const { database, now, newId } = deps
  const parts: Parts = {
    database,
    newId,
    callbackUrl: deps.callbackUrl ?? (() => null),
    submissions: deps.submissions ?? createSubmissions({ database, now }),
    settings: { ...SUBMIT_SETTINGS, ...deps.settings },
    isWanted: deps.isWanted ?? (async () => true),
    onWaiting: deps.onWaiting ?? (() => {}),
    calls: createBulkCalls(),
    random: deps.random ?? Math.random,
    saidWaiting: new LRUCache<string, FailureName>({ max: WAITING_SAID_MAX }),
  }
  const atWork = new Map<string, AbortController>()
  return (place) => async (buyDeps, buyer, wanted, fill) => {
    const name = JSON.stringify([place.workspaceId, place.jobId, place.chunk])
    const work = new AbortController()
    // One at a time: whoever asks for the same chunk again has given the work before up.
    atWork.get(name)?.abort()
    atWork.set(name, work)
    const signals = [work.signal, deps.signal, place.signal].filter((signal) => signal !== undefined)
    const filled = new Set<number>()
    const fillOnce: Fill = (at, outcome) => {
      if (filled.has(at)) return
      filled.add(at)
      fill(at, outcome)
    }
    try {
      const order = {
        place,
        buyDeps,
        buyer: { ...buyer, jobId: place.jobId },
        signal: AbortSignal.any(signals),
        rest: createRest(place.onRest ?? (() => {})),
      }
      await buyInBulk(parts, order, wanted, fillOnce)
    } catch (error) {
      const failed = failureOf(buyDeps.log, error)
      for (const at of wanted.keys()) fillOnce(at, failed)
    } finally {
      work.abort()
      if (atWork.get(name) === work) atWork.delete(name)
    }
  }
}

type Parts = AttendDeps & Pick<Required<SubmitDeps>, 'newId' | 'callbackUrl'>

interface Order {
  place: ChunkPlace
  buyDeps: BuyDeps
  buyer: Buyer
  signal: AbortSignal
  rest: Rest
}

async function buyInBulk(deps: Parts, order: Order, wanted: readonly Wanted[], fill: Fill): Promise<void> {
  const { buyDeps, buyer, rest } = order
  const began = buyDeps.now()
  const { bulk, plain } = partByWay(buyer, wanted)
  const askPlainly = async (ats: readonly number[]): Promise<void> => {
    if (ats.length === 0) return
    const asked = ats.map((at) => wanted[at]!)
    await rest.work(() => buyAnswers(buyDeps, buyer, asked, (index, outcome) => fill(ats[index]!, outcome)))
  }
  const visit = {
    buyDeps,
    buyer,
    began,
    signal: order.signal,
    rest,
    done: fill,
    askPlainly: (places: readonly Place[]) => askPlainly(places.map(({ at }) => at)),
  }
  const inRounds = async (): Promise<void> => {
    let open: Place[] = bulk
    for (let round = 1; open.length > 0 && round <= ROUNDS_MAX; round++) open = await goRound(deps, order, visit, open)
    await visit.askPlainly(open)
  }
  await Promise.all([askPlainly(plain), inRounds()])
}

/** What can be handed in, each once, and the places of the rest. */
function partByWay(buyer: Buyer, wanted: readonly Wanted[]): { bulk: Place[]; plain: number[] } {
  const bulk = new Map<string, Place>()
  const plain: number[] = []
  for (const [at, one] of wanted.entries()) {
    const hash = hashKey(one.inquiry.key)
    const isTaken = one.points > 0 && buyer.maySpend && one.provider.bulk?.takes(one.inquiry) === true
    // The same question, once as it is remembered and once fresh: claims know no such difference.
    if (isTaken && !bulk.has(hash)) bulk.set(hash, { one, at, hash })
    else plain.push(at)
  }
  return { bulk: [...bulk.values()], plain }
}

type Visitor = Omit<Visit, 'submission' | 'endTurn' | 'callbackUrl' | 'places'>

/** What is remembered, what was handed in before, what is new. @returns what has no answer after that. */
async function goRound(
  deps: Parts,
  { place, buyDeps, buyer, rest }: Order,
  visitor: Visitor,
  open: readonly Place[],
): Promise<Place[]> {
  const { handedIn, fresh } = await rest.work(async () => {
    const stored = await findStored(buyDeps, buyDeps.database, buyer, open, visitor.began)
    for (const [{ at }, remembered] of stored) visitor.done(at, { remembered, cached: true, points: 0 })
    const known = new Set(stored.map(([known]) => known))
    return findHandedIn(
      deps,
      place,
      open.filter((one) => !known.has(one)),
    )
  })
  const { worthIt, few } = slice(fresh, deps.settings.questionsMin)
  const left = await Promise.all([
    ...handedIn.map(({ submission, places }) => {
      const visit = { ...visitor, submission, places, endTurn: null, callbackUrl: undefined }
      return rest.work(() => attendSubmission(deps, visit))
    }),
    ...worthIt.map((places) => rest.work(() => handIn(deps, place, visitor, places))),
    visitor.askPlainly(few).then((): Place[] => []),
  ])
  return left.flat()
}

async function findHandedIn(
  { submissions }: AttendDeps,
  place: ChunkPlace,
  asked: readonly Place[],
): Promise<{ handedIn: { submission: Submission; places: Place[] }[]; fresh: Place[] }> {
  const open = asked.length === 0 ? [] : await submissions.takeUp(place)
  const holders = new Map(open.flatMap((submission) => submission.questions.map((question) => [question, submission])))
  const found = new Map<Submission, Place[]>()
  const fresh: Place[] = []
  for (const one of asked) {
    const submission = holders.get(questionHash(one.one))
    if (submission) found.set(submission, [...(found.get(submission) ?? []), one])
    else fresh.push(one)
  }
  return { handedIn: [...found].map(([submission, places]) => ({ submission, places })), fresh }
}

/** By provider, as many at once as it takes. */
function slice(places: readonly Place[], questionsMin: number): { worthIt: Place[][]; few: Place[] } {
  const byProvider = new Map<Provider, Place[]>()
  for (const place of places) {
    const { provider } = place.one
    byProvider.set(provider, [...(byProvider.get(provider) ?? []), place])
  }
  const worthIt: Place[][] = []
  const few: Place[] = []
  for (const [{ bulk }, all] of byProvider) {
    const max = bulk!.inquiriesMax
    for (let from = 0; from < all.length; from += max) {
      const some = all.slice(from, from + max)
      if (some.length >= questionsMin) worthIt.push(some)
      else few.push(...some)
    }
  }
  return { worthIt, few }
}

/** Its row is written in its turn, and not while it stands in line: a killed proxy leaves little behind that has to be looked for. */
async function handIn(deps: Parts, place: ChunkPlace, visitor: Visitor, places: readonly Place[]): Promise<Place[]> {
  const { provider } = places[0]!.one
  const endTurn = await visitor.rest.wait(() => deps.calls.turn(provider, place.workspaceId, visitor.signal))
  if (!endTurn) {
    for (const { at } of places) visitor.done(at, failure('pending'))
    return []
  }
  try {
    return await handInNow(deps, place, { ...visitor, endTurn }, places)
  } finally {
    endTurn()
  }
}

async function handInNow(
  deps: Parts,
  place: ChunkPlace,
  visitor: Visitor & Pick<Visit, 'endTurn'>,
  places: readonly Place[],
): Promise<Place[]> {
  const { submissions, settings } = deps
  const { buyDeps, buyer, began, done, askPlainly } = visitor
  const upstream = places[0]!.one.provider.name
  const id = deps.newId()
  const token = newCallbackToken()
  const callbackUrl = deps.callbackUrl(upstream, token) ?? undefined
  const claimed = await claimAndHold(buyDeps, buyer, places, began, {
    ttlMs: settings.leaseMs,
    withHold: (tx, hold, asked) =>
      submissions.insertIn(
        tx,
        {
          id,
          workspaceId: place.workspaceId,
          jobId: place.jobId,
          chunk: place.chunk,
          upstream,
          token: callbackUrl === undefined ? null : token,
        },
        hold.id,
        asked.map(({ one }) => questionHash(one)),
      ),
  })
  for (const { at } of claimed.refused?.places ?? []) done(at, claimed.refused!.failed)
  for (const [{ at }, remembered] of claimed.stored) done(at, { remembered, cached: true, points: 0 })
  const attend = async (): Promise<Place[]> => {
    const submission = claimed.hold && (await submissions.read({ workspaceId: place.workspaceId, id }))
    if (!submission) {
      // Nothing to send: what is another's by now is not waited for in our turn.
      visitor.endTurn?.()
      return []
    }
    return attendSubmission(deps, { ...visitor, submission, places: claimed.asked, callbackUrl })
  }
  const [left] = await Promise.all([attend(), askPlainly(claimed.busy)])
  return left
}
