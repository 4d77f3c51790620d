/**
 * One submission, attended to until its questions have their answers: sent, found again when the reply was lost, looked at, settled.
 * Each step goes by its row, so that whoever takes it up after a crash goes on at the step where it stands.
 */
import { FAILURES, failure, isFailure, type Failure, type FailureName } from '../../shared/error-codes.ts'
import type { Database } from '../database.ts'
import { ProviderError, type Bulk, type Collected, type Reply } from '../providers/provider.ts'
import type { BulkCalls } from './bulk-calls.ts'
import { rememberFailure, toRemembered, type BuyDeps } from './buy-answers.ts'
import { patiently } from './patiently.ts'
import type { Outcome } from './print-answer.ts'
import type { Buyer, Place } from './purchase.ts'
import type { Rest } from './rest.ts'
import { letGo, payAnew, settleSubmission, type Came, type SettleDeps } from './settle-submission.ts'
import { questionHash, type ChunkPlace, type Submission, type Submissions } from './submissions.ts'
import { createWakeUp, type WakeUp } from './wake-up.ts'

export interface SubmitSettings {
  /** Fewer questions than this are not worth it. */
  questionsMin: number
  /** How long hold and claims outlive a worker that died. */
  leaseMs: number
  submitTimeoutMs: number
  lookTimeoutMs: number
  /** Before each look; the last one again and again. As all pauses here, each is cut by up to a half, so that chunks part. */
  pausesMs: readonly number[]
  /** While the upstream announces what has ended; the last announcement ends the pause. */
  announcedPauseMs: number
  /**
   * How long it is left alone while everything that is left waits for points of the upstream's own: a tenth of the time since it was
   * sent, within these.
   */
  parkedMinMs: number
  parkedMaxMs: number
  /** Of one visit during which something came: after that others have their turn. */
  visitMaxMs: number
  /** Before each look for a submit whose reply was lost. */
  lostPausesMs: readonly number[]
  sendsMax: number
  /** Without anything new: what has come is settled. */
  stalledMs: number
  /** Without anything new: the others are given back, to be come back for. */
  silentMaxMs: number
  /** Since it was sent: what is silent then is given up for good. */
  openMaxMs: number
  /** Since it was sent: what waits for the upstream's points has failed, and is come back for when a person retries it. */
  pausedMaxMs: number
  /** Since it was sent: nobody recharges there any more. */
  abandonedMs: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export const SUBMIT_SETTINGS: SubmitSettings = {
  questionsMin: 50,
  leaseMs: 3 * MINUTE_MS,
  submitTimeoutMs: 100_000,
  lookTimeoutMs: 2 * MINUTE_MS,
  // A quick upstream is done by the first or second.
  pausesMs: [500, 1000, 2000, 5000, 10_000, 20_000, 30_000],
  announcedPauseMs: MINUTE_MS,
  parkedMinMs: MINUTE_MS,
  parkedMaxMs: 10 * MINUTE_MS,
  visitMaxMs: 30 * MINUTE_MS,
  // A look may read hundreds of pages. The first finds what was done at once, the last what the upstream was still at.
  lostPausesMs: [10_000, 100_000],
  sendsMax: 2,
  stalledMs: 2 * MINUTE_MS,
  silentMaxMs: HOUR_MS,
  openMaxMs: 24 * HOUR_MS,
  pausedMaxMs: 24 * HOUR_MS,
  abandonedMs: 7 * 24 * HOUR_MS,
}

export interface AttendDeps {
  database: Pick<Database, 'listen'>
  submissions: Submissions
  settings: SubmitSettings
  calls: BulkCalls
  random: () => number
  /** What was last said of submissions by {@link onWaiting}, across visits. */
  saidWaiting: {
    get(id: string): FailureName | undefined
    set(id: string, reason: FailureName): void
    delete(id: string): void
  }
  /** Whether the answers are still wanted: false once the job was cancelled or paused. */
  isWanted: (place: ChunkPlace) => Promise<boolean>
  /** Why a chunk waits for longer than its upstream takes; null when it goes on. */
  onWaiting: (place: ChunkPlace, reason: Failure | null) => void
}

/** Somebody's work on one submission. */
export interface Visit {
  submission: Submission
  /** Not sent yet by anybody: the turn at the upstream in which it is to be. null: it was sent, or may have been. */
  endTurn: (() => void) | null
  /** Where the upstream may say that work has ended. */
  callbackUrl: string | undefined
  places: readonly Place[]
  buyDeps: BuyDeps
  buyer: Buyer
  /** When these questions were first asked here. */
  began: number
  /** Ends the work, not the submission. */
  signal: AbortSignal
  /** Told apart from work: while a chunk only waits, its place is another's. */
  rest: Rest
  done: (at: number, outcome: Outcome) => void
  /** Asks as cells are asked. */
  askPlainly: (places: readonly Place[]) => Promise<void>
}

/** @returns questions that are not this submission's any more and have no answer yet: to be looked at anew. */
export async function attendSubmission(deps: AttendDeps, visit: Visit): Promise<Place[]> {
  const { settings } = deps
  const { ledger, log } = visit.buyDeps
  const work = new Work(deps, visit)
  const keepUp = setInterval(() => {
    ledger.extend(work.submission.holdId, settings.leaseMs).catch((error: unknown) => {
      log.warn({ submission: work.submission.id, error: String(error) }, 'a hold could not be extended')
    })
  }, settings.leaseMs / 3)
  try {
    while (work.open.length > 0) await work.step()
    await Promise.all(work.beside)
    return work.back
  } finally {
    clearInterval(keepUp)
    work.close()
  }
}

class Work {
  submission: Submission
  /** Questions that wait. */
  open: readonly Place[]
  /** Questions that are looked at anew. */
  readonly back: Place[] = []
  /** Asked elsewhere meanwhile. */
  readonly beside: Promise<void>[] = []
  private readonly deps: AttendDeps
  private readonly visit: Visit
  private readonly settleDeps: SettleDeps
  private readonly bulk: Bulk
  private readonly provider: string
  private readonly questions: ReadonlyMap<Place, string>
  private readonly wakeUp: WakeUp
  private came = new Map<Place, Reply>()
  private isUnsent: boolean
  private firstTurn: (() => void) | null
  private looks = 0
  private refusals = 0
  /** As it was last seen. */
  private seen: Collected | null = null
  /** When something came last. */
  private cameAt: number
  /** When it last was seen that it may go on by itself or by a recharge. */
  private aliveAt: number
  private readonly began: number
  private isParked = false

  constructor(deps: AttendDeps, visit: Visit) {
    const { provider } = visit.places[0]!.one
    this.deps = deps
    this.visit = visit
    this.settleDeps = { ...visit.buyDeps, submissions: deps.submissions, leaseMs: deps.settings.leaseMs }
    this.bulk = provider.bulk!
    this.provider = provider.name
    this.submission = visit.submission
    this.open = visit.places
    this.questions = new Map(visit.places.map((place) => [place, questionHash(place.one)]))
    this.wakeUp = createWakeUp(deps.database, visit.submission, visit.signal)
    this.isUnsent = visit.endTurn !== null
    this.firstTurn = visit.endTurn
    this.began = visit.buyDeps.now()
    this.cameAt = this.began
    this.aliveAt = this.began
  }

  close(): void {
    this.wakeUp.close()
    // What is parked waits on.
    if (!this.isParked) this.sayWaiting(null)
  }

  /** One step on, by how the row stands. Afterwards either questions are done with, or there is a next step. */
  async step(): Promise<void> {
    const { submissions, isWanted } = this.deps
    if (this.visit.signal.aborted) return this.isUnsent ? this.withdraw() : this.leave(failure('pending'))
    const read = await submissions.read(this.submission)
    // Somebody else took it up.
    if (!read || read.taken !== this.submission.taken) return this.leave(failure('pending'))
    this.submission = read
    if (read.state === 'failed')
      return this.leave(failure(read.failure ?? 'provider-timeout', { provider: this.provider }))
    this.sendBackOthers(new Set(read.questions))
    if (this.open.length === 0) return
    if (!(await isWanted(this.submission))) {
      await letGo(this.settleDeps, this.submission, null)
      return this.leave(failure('pending'))
    }
    if (this.isUnsent) {
      this.isUnsent = false
      return this.send()
    }
    if (!(await this.visit.buyDeps.ledger.extend(read.holdId, this.deps.settings.leaseMs))) return this.payForWhatCame()
    return read.state === 'sending' ? this.findLost() : this.look()
  }

  /** Nothing is sent without a row that says so, and nothing twice unless it surely was not done. */
  private async send(): Promise<void> {
    const { submissions, settings } = this.deps
    const { callbackUrl, buyDeps, askPlainly } = this.visit
    const endTurn = this.firstTurn ?? (await this.visit.rest.wait(() => this.turn()))
    this.firstTurn = null
    try {
      if (!endTurn || !(await this.isToBeSent())) return await this.withdraw()
      // Not the signal of the work: whoever stops it wants to know the ticket still.
      const { ticket, tasks, waiting } = await withTimeLimit(settings.submitTimeoutMs, (signal) =>
        this.bulk.submit(this.inquiries(this.open), { callbackUrl }, signal),
      )
      endTurn()
      const isOurs = await patiently(() => submissions.sent(this.submission, ticket, tasks))
      if (!isOurs) buyDeps.log.warn({ upstream: this.provider, ticket }, 'a submission came to be in two hands')
      if (waiting > 0) this.sayWaiting(failure('upstream-no-points', { provider: this.provider }))
      if (isOurs) await this.pauseUntilLook(this.pauseMs())
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      const { message, mayHaveBeenDone } = error
      buyDeps.log.warn({ upstream: this.provider, error: message, mayHaveBeenDone }, 'a submit failed')
      // Otherwise the next step looks for it.
      if (mayHaveBeenDone) return
      await letGo(this.settleDeps, this.submission, error.failure.failed)
      // As without this way: whoever stands in for the upstream is asked, or its failure is said.
      const places = this.open
      this.open = []
      this.beside.push(askPlainly(places))
    } finally {
      endTurn?.()
    }
  }

  /** What is sent again stood in line: whoever took it up meanwhile may have sent it. */
  private async isToBeSent(): Promise<boolean> {
    const { submissions, isWanted } = this.deps
    const read = await submissions.read(this.submission)
    return read?.taken === this.submission.taken && read.state === 'sending' && (await isWanted(read))
  }

  /** Surely nothing is there: whoever comes next hands it in anew, and has nothing to look for. */
  private async withdraw(): Promise<void> {
    await letGo(this.settleDeps, this.submission, 'pending')
    this.leave(failure('pending'))
  }

  /** The reply was lost, with the worker or without. */
  private async findLost(): Promise<void> {
    const { submissions, settings } = this.deps
    const { buyDeps, signal } = this.visit
    const inquiries = this.inquiries(this.open)
    let isSure = false
    for (const pauseMs of settings.lostPausesMs) {
      await this.visit.rest.wait(() => this.wakeUp.wait(pauseMs, NEVER))
      if (signal.aborted) return
      try {
        const looked = await this.lookInTurn(async (limited) => {
          const known = await submissions.tickets(this.submission.upstream, this.submission.sentAt)
          return { found: await this.bulk.findLost(inquiries, this.submission.sentAt, known, limited) }
        })
        if (looked === null) return
        const { found } = looked
        isSure = found === null
        if (found !== null && (await patiently(() => submissions.adopt(this.submission, found.ticket)))) {
          this.bulk.adopted(found, this.submission.sentAt)
          buyDeps.log.warn({ upstream: this.provider, ticket: found.ticket }, 'a submit whose reply was lost was found')
          return
        }
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error
        isSure = false
      }
    }
    // Some of its questions are not at hand: then "none" may mean that it was looked for by too few names.
    const isWhole = this.open.length >= this.submission.tasks
    if (isSure && isWhole && this.submission.sends < settings.sendsMax) {
      this.isUnsent = await submissions.sendAgain(this.submission)
      return
    }
    if (await letGo(this.settleDeps, this.submission, 'submit-unknown')) {
      buyDeps.log.error(
        { upstream: this.provider, questions: this.open.length },
        'whether a submit was done is not known',
      )
    }
  }

  private async look(): Promise<void> {
    const { signal } = this.visit
    const retryAfterMs = await this.collect()
    if (signal.aborted) return
    if (await this.settleWhatCame()) return
    if (await this.giveUpWhatIsLate()) return
    if (this.isOnlyPaused()) return this.park()
    // What waits is kept, and gone on with by whoever takes the chunk next.
    if (this.isLong()) return this.leave(failure('pending'))
    this.looks++
    await this.pauseUntilLook(Math.max(retryAfterMs, this.pauseMs()))
  }

  /** Ended early by the announcement of the last piece of work. */
  private async pauseUntilLook(pauseMs: number): Promise<void> {
    const { now } = this.visit.buyDeps
    const at = await this.deps.submissions.plan(this.submission, now() + pauseMs)
    await this.visit.rest.wait(() => this.wakeUp.wait(Math.max(0, at - now()), () => this.isDue()))
  }

  /** @returns null when the work was ended meanwhile. */
  private turn(): Promise<(() => void) | null> {
    const { places, signal } = this.visit
    return this.deps.calls.turn(places[0]!.one.provider, this.submission.workspaceId, signal)
  }

  /** Nothing is done here meanwhile. @returns null when the work was ended before its turn came. */
  private lookInTurn<Result>(look: (signal: AbortSignal) => Promise<Result>): Promise<Result | null> {
    return this.visit.rest.wait(async () => {
      const endTurn = await this.turn()
      if (!endTurn) return null
      try {
        return await withTimeLimit(this.deps.settings.lookTimeoutMs, look, this.visit.signal)
      } finally {
        endTurn()
      }
    })
  }

  /** @returns how long the upstream asks to be left alone. */
  private async collect(): Promise<number> {
    const { buyDeps } = this.visit
    const waiting = this.open.filter((place) => !this.came.has(place))
    if (waiting.length === 0) return 0
    try {
      const seen = await this.lookInTurn((limited) =>
        this.bulk.collect(this.submission.ticket!, this.inquiries(waiting), limited),
      )
      if (seen === null) return 0
      for (const place of waiting) {
        const reply = seen.replies.get(place.one.inquiry.key)
        if (reply !== undefined) this.came.set(place, reply)
      }
      this.seen = seen
      if (seen.replies.size > 0) this.cameAt = buyDeps.now()
      if (seen.replies.size > 0 || seen.paused.length > 0) this.aliveAt = buyDeps.now()
      this.sayWaiting(seen.paused.length === 0 ? null : failure('upstream-no-points', { provider: this.provider }))
      return 0
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      buyDeps.log.warn({ upstream: this.provider, error: error.message }, 'a look at a submission failed')
      // A refused key is what a person must hear of.
      if (!FAILURES[error.failure.failed].retryable) this.sayWaiting(error.failure)
      return Math.ceil(error.retryAfterMs ?? 0)
    }
  }

  /** @returns true when the row must be read again. */
  private async settleWhatCame(): Promise<boolean> {
    const { settings } = this.deps
    const { buyDeps, buyer } = this.visit
    const left = this.open.filter((place) => !this.came.has(place))
    const isStalled = buyDeps.now() - this.cameAt >= settings.stalledMs
    const onlyPaused = this.seen?.open.length === 0
    if (left.length > 0 && (this.came.size === 0 || !(onlyPaused || isStalled || this.isLong()))) return false
    const settled = this.open.flatMap((place): { place: Place; outcome: Came | Failure }[] => {
      const reply = this.came.get(place)
      if (reply === undefined) return []
      if (isFailure(reply)) return [{ place, outcome: rememberFailure(buyDeps, buyer, place.one, reply) }]
      return [{ place, outcome: { place, remembered: toRemembered(buyDeps, place.one, reply) } }]
    })
    const paid = settled.flatMap(({ outcome }) => (isFailure(outcome) ? [] : [outcome]))
    const placed = left.map((place) => ({ place, question: this.questions.get(place)! }))
    const isCharged = await patiently(() => settleSubmission(this.settleDeps, buyer, this.submission, paid, placed))
    if (!isCharged) {
      // Either its hold ran out or somebody else is at it, and the next step sees which.
      if (++this.refusals > REFUSALS_MAX) throw new Error('a submission can neither be settled nor left')
      return true
    }
    this.came = new Map()
    this.open = left
    for (const { place, outcome } of settled) {
      if (isFailure(outcome)) {
        this.visit.done(place.at, outcome)
        continue
      }
      const { remembered } = outcome
      buyDeps.cache.keep(this.submission.workspaceId, place.one.inquiry.key, remembered)
      this.visit.done(place.at, { remembered, cached: false, points: remembered.points })
    }
    return true
  }

  /** @returns true when the questions were given back. */
  private async giveUpWhatIsLate(): Promise<boolean> {
    const { settings } = this.deps
    const now = this.visit.buyDeps.now()
    const ageMs = now - this.submission.sentAt
    const paused = new Set(this.seen?.paused)
    const isPaused = paused.size > 0
    const isLate = isPaused ? ageMs >= settings.pausedMaxMs : now - this.aliveAt >= settings.silentMaxMs
    if (!isLate) return false
    const isHopeless = ageMs >= (isPaused ? settings.abandonedMs : settings.openMaxMs)
    await letGo(this.settleDeps, this.submission, isHopeless ? 'provider-timeout' : null)
    const failed = { provider: this.provider }
    for (const { at, one } of this.open) {
      const isWaiting = paused.has(one.inquiry.key)
      this.visit.done(at, failure(isWaiting ? 'upstream-no-points' : 'provider-timeout', failed))
    }
    this.open = []
    return true
  }

  /** Whether nothing but somebody's recharge at the upstream takes it further. */
  private isOnlyPaused(): boolean {
    return this.seen !== null && this.seen.paused.length > 0 && this.seen.open.length === 0
  }

  private isLong(): boolean {
    return this.aliveAt > this.began && this.visit.buyDeps.now() - this.began >= this.deps.settings.visitMaxMs
  }

  /** Neither a place nor points are kept for what may wait for a day. */
  private async park(): Promise<void> {
    const { parkedMinMs, parkedMaxMs } = this.deps.settings
    const ageMs = this.visit.buyDeps.now() - this.submission.sentAt
    const parkedMs = this.jittered(Math.min(parkedMaxMs, Math.max(parkedMinMs, ageMs / 10)))
    await letGo(this.settleDeps, this.submission, null)
    this.isParked = true
    this.leave(failure('pending', { seconds: Math.ceil(parkedMs / 1000) }))
  }

  /** Its points were given back. A look is free, and what is still parked needs none yet. */
  private async payForWhatCame(): Promise<void> {
    if (this.submission.state === 'sent') {
      await this.collect()
      if (this.visit.signal.aborted) return
      if (this.came.size === 0 && this.isOnlyPaused()) {
        if (!(await this.giveUpWhatIsLate())) await this.park()
        return
      }
    }
    return this.payAnew()
  }

  /** The hold ran out while nobody attended to it. It is never delivered free, and never sent again. */
  private async payAnew(): Promise<void> {
    const { buyer, began, done, askPlainly } = this.visit
    const placed = this.open.map((place) => ({ place, question: this.questions.get(place)! }))
    const paid = await payAnew(this.settleDeps, buyer, this.submission, placed, began)
    switch (paid.kind) {
      case 'late':
        return
      case 'short':
        return this.leave(paid.failed)
      case 'paid':
        this.open = paid.left
        for (const [{ at }, remembered] of paid.stored) done(at, { remembered, cached: true, points: 0 })
        if (paid.busy.length > 0) this.beside.push(askPlainly(paid.busy))
    }
  }

  /** What the submission does not hold any more: answered by whoever went on with it, or somebody else's question by now. */
  private sendBackOthers(held: ReadonlySet<string>): void {
    const isHeld = (place: Place): boolean => held.has(this.questions.get(place)!)
    this.back.push(...this.open.filter((place) => !isHeld(place)))
    this.open = this.open.filter(isHeld)
  }

  private leave(failed: Failure): void {
    for (const { at } of this.open) this.visit.done(at, failed)
    this.open = []
  }

  private pauseMs(): number {
    const { pausesMs, announcedPauseMs } = this.deps.settings
    if (this.submission.announced > 0) return this.jittered(announcedPauseMs)
    return this.jittered(pausesMs[Math.min(this.looks, pausesMs.length - 1)]!)
  }

  private jittered(ms: number): number {
    return Math.round(ms * (0.5 + this.deps.random() / 2))
  }

  private async isDue(): Promise<boolean> {
    const read = await this.deps.submissions.read(this.submission)
    return !read || read.taken !== this.submission.taken || read.nextLookAt <= this.visit.buyDeps.now()
  }

  private sayWaiting(reason: Failure | null): void {
    const { saidWaiting, onWaiting } = this.deps
    const { id } = this.submission
    if (saidWaiting.get(id) === reason?.failed) return
    if (reason) saidWaiting.set(id, reason.failed)
    else saidWaiting.delete(id)
    onWaiting(this.submission, reason)
  }

  private inquiries(places: readonly Place[]): Place['one']['inquiry'][] {
    return places.map(({ one }) => one.inquiry)
  }
}

const REFUSALS_MAX = 3
const NEVER = async (): Promise<boolean> => false

/** Not AbortSignal.timeout(): it lives until its time is up. */
async function withTimeLimit<Result>(
  ms: number,
  call: (signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer = setTimeout(abort, ms)
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted) abort()
  try {
    return await call(controller.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
