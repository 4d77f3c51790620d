/**
 * Works through bulk jobs beside the cells: a few chunks at a time, workspaces in turn; of large ones, which mostly wait for an
 * upstream, many more are under way. Any number of processes may do so on one database. Woken by what happens; a poll is the net below.
 */
import { randomUUID } from 'node:crypto'
import { buyAnswers } from '../answer/buy-answers.ts'
import type { AnswerDeps } from '../answer/answer-batch.ts'
import type { ChunkWork } from '../answer/submit-answers.ts'
import { readNameOfChunk } from '../answer/submissions.ts'
import type { Database } from '../database.ts'
import type { FailureLog } from '../failure-of.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createChunks, type Claim, type Crowded, type Verdict } from './chunks.ts'
import type { ConcludeDeps } from './conclude-job.ts'
import { emptyOldJobs, resumeCovered, resumeUncapped } from './sweep-jobs.ts'
import { workChunk, type Buy } from './work-chunk.ts'

export interface JobRunnerDeps extends ConcludeDeps {
  database: Database
  ledger: Pick<Ledger, 'leftToday'>
  answer: AnswerDeps
  log: FailureLog
  /** Whether no other process can be at work on this database: chunks of one that was killed are taken up at once. */
  isAlone: boolean
  /** How a large job asks and pays for what is not remembered, in the place of one call for each chunk. */
  bulkBuy?: ((work: Required<ChunkWork>) => Buy) | undefined
  /** Told of rows whose answer was written. */
  onRows?: ((rows: number) => void) | undefined
  /** Chunks that something is done for; those that only wait for an upstream are not counted. */
  chunksAtOnceMax?: number
  /** Chunks of large jobs under way, waiting or not: here, and of one workspace. */
  largeAtOnceMax?: number
  largeAtOnceOfWorkspaceMax?: number
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
// Each has 500 questions in memory while it waits. A third of the places is the most that one workspace has.
const LARGE_AT_ONCE_MAX = 48
const LARGE_AT_ONCE_OF_WORKSPACE_MAX = 16
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
    largeAtOnceMax = LARGE_AT_ONCE_MAX,
    largeAtOnceOfWorkspaceMax = LARGE_AT_ONCE_OF_WORKSPACE_MAX,
    leaseMs = LEASE_MS,
    pollMs = POLL_MS,
    pausesMs = PAUSES_MS,
    newOwner = randomUUID,
    random = Math.random,
  } = deps
  const chunks = createChunks({ database, now: deps.now, leaseMs, onJobChanged: deps.onJobChanged })
  const working = new Map<Claim, Work>()
  const endings: (() => void)[] = []
  let isStopping = false
  let filling: Promise<void> | null = null
  let sweeping: Promise<void> | null = null
  let isWokenAgain = false

  const hasRoom = (): boolean =>
    !isStopping && [...working.values()].filter(({ isAtRest }) => !isAtRest).length < chunksAtOnceMax

  const crowded = (): Crowded => {
    const large = [...working.keys()].filter(isLarge).map(({ workspaceId }) => workspaceId)
    const isFull = (workspaceId: string): boolean =>
      large.filter((one) => one === workspaceId).length >= largeAtOnceOfWorkspaceMax
    return {
      questionsMin: BULK_QUESTIONS_MIN,
      workspaces: large.length >= largeAtOnceMax ? 'all' : [...new Set(large)].filter(isFull),
    }
  }

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
          const claim = await chunks.claim(newOwner(), crowded())
          if (!claim) break
          begin(claim)
        }
      } while (isWokenAgain && hasRoom())
    } catch (error) {
      log.warn({ error: String(error) }, 'taking up a chunk failed')
    }
  }

  const begin = (claim: Claim): void => {
    const given = new AbortController()
    const one: Work = { ended: Promise.resolve(), letGo: () => given.abort(), isAtRest: false }
    working.set(claim, one)
    const onRest = (isAtRest: boolean): void => {
      one.isAtRest = isAtRest
      if (isAtRest) wake()
    }
    one.ended = work(claim, given, onRest).finally(() => {
      working.delete(claim)
      wake()
    })
  }

  /** @param given up when this work is worth nothing any more. */
  const work = async (claim: Claim, given: AbortController, onRest: (isAtRest: boolean) => void): Promise<void> => {
    const { signal } = given
    const gone = new Promise<null>((resolve) => {
      signal.addEventListener('abort', () => resolve(null), { once: true })
    })
    const renewal = setInterval(() => {
      chunks.renew(claim).then(
        (isHeld) => void (isHeld || given.abort()),
        (error: unknown) => log.warn({ error: String(error) }, 'renewing the lease of a chunk failed'),
      )
    }, leaseMs / 3)
    try {
      const buy = (isLarge(claim) ? deps.bulkBuy?.({ ...claim, signal, onRest }) : undefined) ?? buyAnswers
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

  const comeBack = (name: string | null): void => {
    // Whatever was missed comes back in its own time.
    const place = name === null ? null : readNameOfChunk(name)
    if (place === null) return
    chunks.comeBack(place).then(
      (hasComeBack) => void (hasComeBack && wake()),
      (error: unknown) => log.warn({ error: String(error) }, 'a chunk was left to come back in its own time'),
    )
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
        database.listen('submissions', comeBack),
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
      for (const [claim, { letGo }] of working) if (isLarge(claim)) letGo()
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

interface Work {
  ended: Promise<void>
  letGo: () => void
  /** Whether nothing is done for it here but waiting. */
  isAtRest: boolean
}

function isLarge({ jobQuestions }: Claim): boolean {
  return jobQuestions >= BULK_QUESTIONS_MIN
}

const SWEEPS = [resumeCovered, resumeUncapped, emptyOldJobs]
/** Counted as no try: nothing was wrong with the chunk. */
const GIVE_BACK: Verdict = { kind: 'again', afterMs: 0, isTry: false }
