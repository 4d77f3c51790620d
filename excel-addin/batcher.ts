/**
 * ② Cells become batches: equal questions are asked once, what is known is answered in the same turn, and no cell waits for ever.
 * The path of a cell: remembered → already asked → stopped → lane → batch → answer, remembered; or an error, never silence.
 */
import { questionKey } from '../shared/answer-key.ts'
import { answerOf, rememberMs, trimArguments, type CellAnswer } from '../shared/cell-answer.ts'
import { failure, type FailureName } from '../shared/error-codes.ts'
import type { FunctionName } from '../shared/functions.ts'
import type { Answer, AnswerError } from '../shared/protocol.ts'
import type { CellValue } from '../shared/tariff-code.ts'
import type { Clock } from '../shared/clock.ts'
import { createLane, laneOf, LANES, QUESTIONS_PER_REQUEST_MAX, type Lane, type LaneName } from './lane.ts'
import { createMemory, type Memory } from './memory.ts'
import { printFailure } from '../shared/print-failure.ts'
import { sendBatch, type Reply, type Send } from './send-batch.ts'
import type { Language } from '../shared/language.ts'

/** One cell's place in line. */
export interface Asked {
  /** Never rejects and always settles: a failure is an `error`. */
  answer: Promise<CellAnswer>
  /** Nobody looks at this cell any more. Its promise settles at once; a question that was sent is let finish, and remembered. */
  cancel(): void
}

export interface Batcher {
  ask(fn: FunctionName, args: readonly CellValue[]): Asked
  /** What asking would answer without a request. */
  remembered(fn: FunctionName, args: readonly CellValue[]): CellAnswer | undefined
  /** Why nothing is sent just now: not connected, not allowed, no points. */
  stoppedBy(): AnswerError | null
  /** Connected again, or recharged: cells that are calculated from now on are sent. */
  resume(): void
  /** What was answered before, and what is still on its way, is not for the cells that come now. */
  forgetAnswers(): void
  /** The same for another seat or language; what is kept on this machine waits for the one before to come back. */
  changeSeat(): void
  readonly rememberedCount: number
}

export interface BatcherDeps {
  send: Send
  clock: Clock
  language: () => Language
  newRequestId: () => string
  /** 0 ≤ n < 1; Math.random outside tests. */
  random: () => number
  /** For the banner: called once for each reason, until `resume`. */
  onStopped?: (error: AnswerError) => void
  /** One that outlives this page; left out, answers are remembered as long as it. */
  memory?: Memory<CellAnswer>
}

export const REQUESTS_IN_FLIGHT_MAX = 4
export const WATCHDOG_MS = 50_000
export const REMEMBERED_MAX = 10_000
// Pauses before a question that came back `pending` is asked again; the watchdog ends the rest.
const PENDING_PAUSES_MS = [1000, 2000, 4000, 8000, 16_000] as const
const STOPPING_STATUS: ReadonlySet<number> = new Set([401, 402, 403])

interface Entry {
  readonly key: string
  /** Of its cell as it was typed, whoever's it is: what the answer is remembered under. */
  readonly question: string
  readonly seat: number
  readonly fn: FunctionName
  readonly args: CellValue[]
  readonly lane: LaneName
  readonly waiters: Set<(answer: CellAnswer) => void>
  state: 'loading' | 'queued' | 'sent' | 'resting'
  askedAt: number
  /** Set when it is first sent: from then on only its own answer ends its wait. */
  watchedFrom: number | null
  timesPending: number
}

export function createBatcher(deps: BatcherDeps): Batcher {
  const { clock } = deps
  const memory = deps.memory ?? createMemory<CellAnswer>(REMEMBERED_MAX, () => clock.now())
  /** Asked and not settled, by question. */
  const entries = new Map<string, Entry>()
  const stopped = new Map<LaneName, AnswerError>()
  const lanes: Record<LaneName, Lane<Entry>> = {
    description: createLane(clock, QUESTIONS_PER_REQUEST_MAX.description, pump),
    lookup: createLane(clock, QUESTIONS_PER_REQUEST_MAX.lookup, pump),
  }
  /** Raised when answers are forgotten. Part of the key, so that what is on its way for one seat is no answer for the next. */
  let seat = 1
  let inFlight = 0
  let lastSent: LaneName | null = null
  let lastAnswerAt = -Infinity
  let callOffWatchdog: (() => void) | null = null

  function errorOf(name: FailureName): { error: AnswerError } {
    return { error: printFailure(failure(name), deps.language()) }
  }

  function ask(fn: FunctionName, args: readonly CellValue[]): Asked {
    const question = questionKey(fn, args)
    const known = memory.get(question)
    if (known) return settledAlready(known)
    const entry = entries.get(keyOf(question))
    if (entry) return join(entry)
    const error = stopped.get(laneOf(fn))
    return error ? settledAlready({ error }) : join(enter(question, fn, args))
  }

  function keyOf(question: string): string {
    return `${seat} ${question}`
  }

  function enter(question: string, fn: FunctionName, args: readonly CellValue[]): Entry {
    const entry: Entry = {
      key: keyOf(question),
      question,
      seat,
      fn,
      args: trimArguments(fn, args),
      lane: laneOf(fn),
      waiters: new Set(),
      state: 'queued',
      askedAt: clock.now(),
      watchedFrom: null,
      timesPending: 0,
    }
    entries.set(entry.key, entry)
    callOffWatchdog ??= clock.schedule(watch, WATCHDOG_MS)
    return entry
  }

  function join(entry: Entry): Asked {
    let waiter!: (answer: CellAnswer) => void
    const answer = new Promise<CellAnswer>((resolve) => {
      waiter = resolve
    })
    const isFirst = entry.waiters.size === 0 && entry.state === 'queued'
    entry.waiters.add(waiter)
    // Last, because a lane that is full sends at once.
    if (isFirst) queue(entry)
    return { answer, cancel: () => leave(entry, waiter) }
  }

  /** What was paid for in another session and is about to be read is not asked again meanwhile. */
  function queue(entry: Entry): void {
    const { loading } = memory
    if (!loading) {
      lanes[entry.lane].add(entry)
      return
    }
    entry.state = 'loading'
    void loading.then(() => {
      if (entries.get(entry.key) !== entry || entry.state !== 'loading') return
      const known = entry.seat === seat ? memory.get(entry.question) : undefined
      if (known) {
        settle(entry, known)
        return
      }
      entry.state = 'queued'
      lanes[entry.lane].add(entry)
    })
  }

  function leave(entry: Entry, waiter: (answer: CellAnswer) => void): void {
    if (!entry.waiters.delete(waiter)) return
    waiter(errorOf('pending'))
    if (entry.waiters.size === 0 && entry.state !== 'sent') drop(entry)
  }

  /** Sends what is ready while a place is free. */
  function pump(): void {
    for (let name = nextLane(); name !== undefined && inFlight < REQUESTS_IN_FLIGHT_MAX; name = nextLane()) {
      lastSent = name
      void dispatch(lanes[name].take())
    }
  }

  /** The lanes in turn: a column of 10,000 descriptions does not hold up a duty rate. */
  function nextLane(): LaneName | undefined {
    const ready = LANES.filter((name) => lanes[name].isReady())
    return ready.find((name) => name !== lastSent) ?? ready[0]
  }

  async function dispatch(batch: Entry[]): Promise<void> {
    inFlight++
    for (const entry of batch) {
      entry.state = 'sent'
      entry.watchedFrom ??= Math.max(entry.askedAt, lastAnswerAt)
    }
    const brokenReply = (): AnswerError => errorOf('proxy-unreachable').error
    try {
      await sendBatch({ ...deps, brokenReply }, batch, { onAnswer, onFailure, isWanted })
    } finally {
      inFlight--
      pump()
    }
  }

  function onAnswer(entry: Entry, answer: Answer): void {
    lastAnswerAt = clock.now()
    if (answer.pending) {
      rest(entry)
      return
    }
    const settled = answerOf(answer) ?? errorOf('bad-reply')
    // Also when nobody waits any more: it may have been paid for.
    if (entry.seat === seat) memory.set(entry.question, settled, rememberMs(entry.fn, entry.args, settled))
    settle(entry, settled)
    // Free look-ups go on without points.
    if ('error' in settled && settled.error.code === 'TC-402') stop(['description'], settled.error)
  }

  function onFailure(batch: Entry[], { status, error }: Reply): void {
    for (const entry of batch) settle(entry, { error })
    if (STOPPING_STATUS.has(status)) stop(LANES, error)
  }

  function isWanted(entry: Entry): boolean {
    const error = stopped.get(entry.lane)
    if (error) settle(entry, { error })
    else if (entry.waiters.size === 0) drop(entry)
    return entries.get(entry.key) === entry
  }

  /** The proxy goes on with it in the background and will know the answer when asked again. */
  function rest(entry: Entry): void {
    const pauseMs = PENDING_PAUSES_MS[entry.timesPending++]
    if (pauseMs === undefined || entry.waiters.size === 0) {
      settle(entry, errorOf('pending'))
      return
    }
    entry.state = 'resting'
    clock.schedule(() => {
      if (entries.get(entry.key) !== entry || entry.state !== 'resting') return
      entry.state = 'queued'
      lanes[entry.lane].add(entry)
    }, pauseMs)
  }

  function stop(names: readonly LaneName[], error: AnswerError): void {
    const isNews = [...stopped.values()].every((known) => known.code !== error.code)
    for (const name of names) stopped.set(name, error)
    for (const entry of entries.values()) {
      // What is on its way may still be answered.
      if (entry.state !== 'sent' && stopped.has(entry.lane)) settle(entry, { error })
    }
    // In a turn of its own: what the banner throws must not reach the cells.
    if (isNews) clock.schedule(() => deps.onStopped?.(error), 0)
  }

  /** Nothing stays at #BUSY!: 50 s without an answer to anybody ends a queued cell; a cell that was sent has 50 s of its own. */
  function watch(): void {
    callOffWatchdog = null
    const now = clock.now()
    let nextMs = Infinity
    for (const entry of entries.values()) {
      const leftMs = (entry.watchedFrom ?? Math.max(entry.askedAt, lastAnswerAt)) + WATCHDOG_MS - now
      if (leftMs > 0) nextMs = Math.min(nextMs, leftMs)
      else settle(entry, errorOf(entry.timesPending > 0 ? 'pending' : 'proxy-timeout'))
    }
    if (nextMs < Infinity) callOffWatchdog = clock.schedule(watch, nextMs)
  }

  function settle(entry: Entry, answer: CellAnswer): void {
    drop(entry)
    for (const waiter of entry.waiters) waiter(answer)
    entry.waiters.clear()
  }

  function drop(entry: Entry): void {
    lanes[entry.lane].delete(entry)
    // A question may be in line again under the same key, after the watchdog gave up on this one.
    if (entries.get(entry.key) === entry) entries.delete(entry.key)
    if (entries.size > 0) return
    callOffWatchdog?.()
    callOffWatchdog = null
  }

  return {
    ask,
    remembered: (fn, args) => memory.get(questionKey(fn, args)),
    stoppedBy: () => stopped.values().next().value ?? null,
    resume: () => stopped.clear(),
    forgetAnswers() {
      seat++
      memory.clear()
    },
    changeSeat() {
      seat++
      memory.reopen()
    },
    get rememberedCount() {
      return memory.size
    },
  }
}

function settledAlready(answer: CellAnswer): Asked {
  return { answer: Promise.resolve(answer), cancel: () => undefined }
}
