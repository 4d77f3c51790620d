/**
 * Works through bulk jobs beside the cells: a few chunks at a time, workspaces in turn. Any number of processes may do so on one
 * database. Woken by what happens; a poll is the net below.
 */
import { randomUUID } from 'node:crypto'
import { buyAnswers } from '../answer/buy-answers.ts'
import type { AnswerDeps } from '../answer/answer-batch.ts'
import type { Database } from '../database.ts'
import type { FailureLog } from '../failure-of.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createChunks, type Claim, type Verdict } from './chunks.ts'
import type { ConcludeDeps } from './conclude-job.ts'
import { emptyOldJobs, resumeCovered, resumeUncapped } from './sweep-jobs.ts'
import { workChunk, type Buy } from './work-chunk.ts'

export interface JobRunnerDeps extends ConcludeDeps {
  database: Database
  ledger: Pick<Ledger, 'spentToday'>
  answer: AnswerDeps
  log: FailureLog
  /** Whether no other process can be at work on this database: chunks of one that was killed are taken up at once. */
  isAlone: boolean
  /** How a large job asks and pays for what is not remembered, in the place of one call for each chunk. */
  bulkBuy?: ((place: { jobId: string; chunk: number; workspaceId: string; signal: AbortSignal }) => Buy) | undefined
  /** Told of rows whose answer was written. */
  onRows?: ((rows: number) => void) | undefined
  chunksAtOnceMax?: number
  leaseMs?: number
  pollMs?: number
  pausesMs?: readonly number[]
  newOwner?: () => string
  random?: () => number
}

export interface JobRunner {
  start(): Promise<void>
  /** Takes no chunk any more, lets those under way end in time, gives the others back. */
  stop(timeoutMs: number): Promise<void>
  /** Looks for what no event announces; runs by itself every half minute. */
  sweep(): Promise<void>
  /** Chunks under way here. */
  readonly working: number
}

/** Questions from which on a job is a large one. */
export const BULK_QUESTIONS_MIN = 2000
const CHUNKS_AT_ONCE_MAX = 3
const LEASE_MS = 30_000
const POLL_MS = 2000
const SWEEP_EVERY_MS = 30_000
// Together long enough for an upstream to be restarted; then a person decides.
const PAUSES_MS = [5000, 30_000, 120_000, 300_000]

export function createJobRunner(deps: JobRunnerDeps): JobRunner {
  const {
    database,
    log,
    chunksAtOnceMax = CHUNKS_AT_ONCE_MAX,
    leaseMs = LEASE_MS,
    pollMs = POLL_MS,
    pausesMs = PAUSES_MS,
    newOwner = randomUUID,
    random = Math.random,
  } = deps
  const chunks = createChunks({ database, now: deps.now, leaseMs, onJobChanged: deps.onJobChanged })
  const working = new Map<Claim, { ended: Promise<void>; letGo: () => void; isLarge: boolean }>()
  const endings: (() => void)[] = []
  let isStopping = false
  let filling: Promise<void> | null = null
  let sweeping: Promise<void> | null = null
  let isWokenAgain = false

  const hasRoom = (): boolean => !isStopping && working.size < chunksAtOnceMax

  const wake = (): void => {
    if (!hasRoom()) return
    if (filling) isWokenAgain = true
    else filling = fill().finally(() => (filling = null))
  }

  const fill = async (): Promise<void> => {
    try {
      do {
        isWokenAgain = false
        while (hasRoom()) {
          const claim = await chunks.claim(newOwner())
          if (!claim) break
          begin(claim)
        }
      } while (isWokenAgain && hasRoom())
    } catch (error) {
      log.warn({ error: String(error) }, 'taking up a chunk failed')
    }
  }

  const begin = (claim: Claim): void => {
    let letGo = (): void => {}
    const given = new AbortController()
    const gone = new Promise<null>((resolve) => {
      letGo = () => {
        given.abort()
        resolve(null)
      }
    })
    const ended = work(claim, gone, letGo, given.signal).finally(() => {
      working.delete(claim)
      wake()
    })
    working.set(claim, { ended, letGo, isLarge: isLarge(claim) })
  }

  /** @param gone resolves, and `signal` aborts, when this work is worth nothing any more. */
  const work = async (claim: Claim, gone: Promise<null>, letGo: () => void, signal: AbortSignal): Promise<void> => {
    const renewal = setInterval(() => {
      chunks.renew(claim).then(
        (isHeld) => void (isHeld || letGo()),
        (error: unknown) => log.warn({ error: String(error) }, 'renewing the lease of a chunk failed'),
      )
    }, leaseMs / 3)
    try {
      const buy = (isLarge(claim) ? deps.bulkBuy?.({ ...claim, signal }) : undefined) ?? buyAnswers
      const { answer, onRows } = deps
      const worked = workChunk({ answer, chunks, buy, onRows, random, pausesMs }, claim)
      // Whoever loses the race still ends; its writes are refused, and its answers remembered.
      worked.catch(() => undefined)
      const verdict = (await Promise.race([worked, gone])) ?? GIVE_BACK
      await chunks.end(claim, verdict)
    } catch (error) {
      // The lease runs out, and the chunk goes on then.
      log.warn({ error: String(error) }, 'a chunk was left to its lease')
    } finally {
      clearInterval(renewal)
    }
  }

  const sweep = (): Promise<void> => (sweeping ??= sweepOnce().finally(() => (sweeping = null)))

  const sweepOnce = async (): Promise<void> => {
    for (const step of [() => chunks.closeCancelled(), ...SWEEPS.map((step) => () => step(deps))]) {
      try {
        await step()
      } catch (error) {
        log.warn({ error: String(error) }, 'sweeping jobs failed')
      }
    }
    wake()
  }

  return {
    async start() {
      if (deps.isAlone) await chunks.endAllLeases()
      const poll = setInterval(wake, pollMs)
      const sweeper = setInterval(() => void sweep(), SWEEP_EVERY_MS)
      endings.push(
        database.listen('jobs', wake),
        database.listen('points', wake),
        () => clearInterval(poll),
        () => clearInterval(sweeper),
      )
      wake()
    },

    async stop(timeoutMs) {
      isStopping = true
      for (const end of endings.splice(0)) end()
      await Promise.all([filling, sweeping])
      const all = [...working.values()].map(({ ended }) => ended)
      // What was handed in to an upstream is come back for by whoever starts next: nothing is won by waiting for it.
      for (const { isLarge, letGo } of working.values()) if (isLarge) letGo()
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs)
      })
      await Promise.race([Promise.allSettled(all), late])
      clearTimeout(timer)
      for (const { letGo } of working.values()) letGo()
      await Promise.allSettled(all)
    },

    sweep,

    get working() {
      return working.size
    },
  }
}

function isLarge({ jobQuestions }: Claim): boolean {
  return jobQuestions >= BULK_QUESTIONS_MIN
}

const SWEEPS = [resumeCovered, resumeUncapped, emptyOldJobs]
/** Counted as no try: nothing was wrong with the chunk. */
const GIVE_BACK: Verdict = { kind: 'again', afterMs: 0, isTry: false }
