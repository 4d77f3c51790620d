/**
 * One run from the first row sent to the last row written: its job is made once, its answers are read as they are finished, what is
 * known beside them is looked up free, and they are written where their rows are now. It waits for whatever stands in the way and
 * goes on by itself; it ends when everything is written, when a person stops it, or when it cannot go on.
 */
import type { Clock } from '../../clock.ts'
import { FAILURES, FailureError } from '../../error-codes.ts'
import { JOB_ROWS_PER_PAGE_MAX, type JobReply, type JobRowReply } from '../../jobs-protocol.ts'
import type { Language } from '../../language.ts'
import { printFailure } from '../../print-failure.ts'
import type { AnswerError, SessionReply } from '../../protocol.ts'
import { isRefused, type ProxyApi, type Refused, type Reply } from '../proxy-api.ts'
import type { SpreadsheetHost } from '../spreadsheet-host.ts'
import type { Classified } from './classified.ts'
import { createLearned, fetchDetails, type AnsweredRow, type Details, type Learned } from './fetch-details.ts'
import { cellsOf } from './fill-cells.ts'
import type { RowsFollowed } from './follow-rows.ts'
import type { KeptRuns } from './kept-run.ts'
import { questionOf, type RunPlan } from './plan-run.ts'
import type { RunUndo } from './undo-run.ts'
import { writeRows, type Pace, type RowToWrite } from './write-rows.ts'

/** What the run waits for. `error`: its sentence, where there is one. */
export type RunHold =
  | {
      reason: 'offline' | 'disconnected' | 'spreadsheet' | 'person' | 'no-points' | 'daily-cap'
      error: AnswerError | null
    }
  /** Another workspace is connected than the one it was begun in, which is named. */
  | { reason: 'elsewhere'; error: null; workspace: string }

export interface RunProgress {
  title: string
  rows: number
  /** Answered by the proxy, the failed ones among them. */
  answered: number
  written: number
  moved: number
  failed: number
  spent: number
  /** What the preview said the whole of it would cost. */
  estimated: number
  secondsLeft: number | null
  hold: RunHold | null
  isPausing: boolean
  isStopping: boolean
}

export interface BulkRun {
  requestId: string
  /** null: not known to have been made. */
  jobId: string | null
  plan: RunPlan
  follow: RowsFollowed
  undo: RunUndo
  learned: Learned
  rows: Classified[]
  /** By n: 1 once nothing is left to do for the row. */
  dealtWith: Uint8Array
  pace: Pace
}

export type Workspace = SessionReply['workspace']

export interface RunDeps {
  api: Pick<ProxyApi, 'createJob' | 'job' | 'jobRows' | 'answers' | 'cancelJob' | 'pauseJob' | 'resumeJob'>
  host: Pick<SpreadsheetHost, 'write' | 'cellsPerWrite'>
  clock: Clock
  language: () => Language
  kept: Pick<KeptRuns, 'keepProgress'>
  /** The one the run was begun in: it pays, and no other does. */
  owner: Workspace
  /** The one that is connected now. */
  workspace: () => Promise<Reply<Workspace>>
  /** Asks who we are: the token was refused. */
  refresh: () => Promise<void>
  onProgress: (change: Partial<RunProgress>) => void
  /** Rows have changed. */
  onRows: () => void
  signals: RunSignals
}

/** How a person, and what happens outside, reach a run. */
export interface RunSignals {
  isClosed: boolean
  wants: 'go-on' | 'pause' | 'stop'
  /** Ends the present wait. */
  wake: () => void
}

export type RunEnd =
  | { kind: 'finished'; spent: number }
  | { kind: 'stopped'; spent: number }
  | { kind: 'broken'; spent: number; error: AnswerError }
  /** The pane went; what is kept lets another one go on. */
  | { kind: 'closed' }

const POLL_MS = 1000
const POLL_MS_MAX = 5000
const PAUSED_POLL_MS = 10_000
const RETRY_MS = 2000
/** A person looks at it: not long after the proxy is back, the run should go on. */
const RETRY_MS_MAX = 10_000
const SLICE_ROWS_MAX = 250

export async function runBulk(deps: RunDeps, run: BulkRun): Promise<RunEnd> {
  let spent = 0
  try {
    const made = await makeJob(deps, run)
    if (!made) return { kind: 'stopped', spent }
    let job = made
    for (let delayMs = POLL_MS; ;) {
      spent = job.points.spent
      deps.onProgress(progressOf(job))
      const dealt = await readAndWrite(deps, run, job)
      if (job.finishedAt !== null && dealt >= finishedRows(job)) break
      delayMs = dealt > 0 && delayMs > POLL_MS ? POLL_MS : Math.min(POLL_MS_MAX, delayMs * 1.3)
      job = await obey(deps, run.jobId!, job)
      if (job.finishedAt === null) await sleep(deps, job.state === 'paused' ? PAUSED_POLL_MS : delayMs)
      job = await patiently(deps, () => deps.api.job(run.jobId!))
    }
    return { kind: job.state === 'cancelled' ? 'stopped' : 'finished', spent: job.points.spent }
  } catch (thrown) {
    if (thrown instanceof Closed) return { kind: 'closed' }
    if (thrown instanceof Stopped) return { kind: 'stopped', spent }
    if (thrown instanceof Refusal) return { kind: 'broken', spent, error: thrown.error }
    if (thrown instanceof FailureError)
      return { kind: 'broken', spent, error: printFailure(thrown.failure, deps.language()) }
    throw thrown
  }
}

/** The pane is closing. */
class Closed extends Error {}
/** Stopped before anything could be sent, or while the spreadsheet takes nothing. */
class Stopped extends Error {}
/** The proxy refuses, and asking again will not help. */
class Refusal extends Error {
  readonly error: AnswerError
  constructor(error: AnswerError) {
    super(error.message)
    this.error = error
  }
}

/** @returns null: stopped before it was sent. */
async function makeJob(deps: RunDeps, run: BulkRun): Promise<JobReply | null> {
  const { jobId } = run
  if (jobId !== null) return patiently(deps, () => deps.api.job(jobId))
  if (deps.signals.wants === 'stop') return null
  const questions = run.plan.rows.map(questionOf)
  const name = jobNameOf(run.plan.setup)
  // The same id each time: however often it is sent, one job is made.
  const job = await patiently(deps, () => deps.api.createJob({ requestId: run.requestId, name, questions }))
  run.jobId = job.id
  deps.kept.keepProgress({ jobId: job.id, dealtWith: run.dealtWith })
  return job
}

/** As its job is called in lists: the proxy takes 120 characters. */
export function jobNameOf({ sheetName }: Pick<RunPlan['setup'], 'sheetName'>): string {
  return sheetName.slice(0, 120)
}

/** Does what the person asked for, where the job does not do so yet. */
async function obey(deps: RunDeps, jobId: string, job: JobReply): Promise<JobReply> {
  const { signals, api } = deps
  // Done, or paused for want of points, in the moment between: then there is nothing to do.
  const act = (call: () => Promise<Reply<JobReply>>): Promise<JobReply> =>
    patiently(deps, async () => {
      const reply = await call()
      return isRefused(reply) && reply.error.code === 'TC-433' ? api.job(jobId) : reply
    })
  const isPausedByPerson = job.state === 'paused' && job.paused?.reason === 'person'
  if (signals.wants === 'stop' && (job.state === 'running' || job.state === 'paused')) {
    return act(() => api.cancelJob(jobId))
  }
  if (signals.wants === 'pause' && job.state === 'running') return act(() => api.pauseJob(jobId))
  // Whoever is connected now goes on with it.
  const isOrphaned = job.state === 'paused' && job.paused?.reason === 'seat-revoked'
  if (signals.wants === 'go-on' && (isPausedByPerson || isOrphaned)) return act(() => api.resumeJob(jobId))
  return job
}

function progressOf(job: JobReply): Partial<RunProgress> {
  const { counts, points, secondsLeft, paused } = job
  const reason = paused === null || paused.reason === 'seat-revoked' ? null : paused.reason
  return {
    answered: counts.answered + counts.failed,
    failed: counts.failed,
    spent: points.spent,
    secondsLeft,
    hold: reason === null ? null : { reason, error: paused?.error ?? null },
    isPausing: false,
  }
}

function finishedRows({ counts }: JobReply): number {
  return counts.answered + counts.failed + counts.cancelled + counts.blank
}

/** @returns how many rows nothing is left to do for. */
async function readAndWrite(deps: RunDeps, run: BulkRun, job: JobReply): Promise<number> {
  let dealt = run.dealtWith.reduce((sum, one) => sum + one, 0)
  const finished = finishedRows(job)
  const slice: JobRowReply[] = []
  const sliceRows = Math.min(SLICE_ROWS_MAX, Math.max(1, Math.floor(deps.host.cellsPerWrite / outputCount(run))))
  // Equal rows are answered together wherever they stand, so pages that are done are passed over and the rest are looked at in order.
  for (let from = 0; from < run.rows.length && dealt + slice.length < finished; from += JOB_ROWS_PER_PAGE_MAX) {
    if (isDealtWith(run, from, from + JOB_ROWS_PER_PAGE_MAX)) continue
    const page = await patiently(deps, () => deps.api.jobRows(job.id, from - 1, JOB_ROWS_PER_PAGE_MAX))
    for (const row of page.rows) {
      if (run.dealtWith[row.row] === 1 || !isOver(row)) continue
      slice.push(row)
      if (slice.length === sliceRows) dealt += await finishSlice(deps, run, slice.splice(0))
    }
  }
  if (slice.length > 0) dealt += await finishSlice(deps, run, slice)
  return dealt
}

function isOver({ state }: JobRowReply): boolean {
  return state === 'answered' || state === 'failed' || state === 'cancelled' || state === 'blank'
}

function isDealtWith(run: BulkRun, from: number, to: number): boolean {
  return run.dealtWith.subarray(from, to).every((one) => one === 1)
}

function outputCount({ plan }: BulkRun): number {
  return Object.values(plan.setup.outputs).filter((column) => column !== null).length
}

async function finishSlice(deps: RunDeps, run: BulkRun, replies: readonly JobRowReply[]): Promise<number> {
  const asked = replies.filter(({ state }) => state === 'answered' || state === 'failed')
  const answered = asked.map((reply) => answeredRow(run, reply))
  const { outputs, language } = run.plan.setup
  const details = await patiently(deps, async () => {
    const found = await fetchDetails({ api: deps.api, language, learned: run.learned }, answered, {
      label: outputs.label !== null,
      rates: outputs.mfn !== null,
      best: outputs.best !== null,
    })
    return Array.isArray(found) ? { found } : found
  })
  asked.forEach((reply, at) => put(run, reply, answered[at]!, details.found[at]!))
  deps.onRows()
  await write(
    deps,
    run,
    asked.map(({ row }) => row),
  )
  for (const { row } of replies) run.dealtWith[row] = 1
  deps.kept.keepProgress({ jobId: run.jobId, dealtWith: run.dealtWith })
  return replies.length
}

function answeredRow(run: BulkRun, { row, answer }: JobRowReply): AnsweredRow {
  const { goods } = run.plan.rows[row]!
  const value = answer?.value
  const isCode = value !== undefined && value !== ''
  return {
    goods,
    code: isCode ? String(value).replaceAll(/\D/g, '') : null,
    error: answer?.error ?? null,
    provider: answer?.source?.provider ?? null,
  }
}

function put(run: BulkRun, { row, answer }: JobRowReply, { code, error }: AnsweredRow, details: Details): void {
  run.rows[row] = {
    ...run.rows[row]!,
    ...details,
    code,
    error,
    source: answer?.source ?? null,
    points: answer?.points ?? 0,
  }
}

/** Waits until the spreadsheet takes them. */
async function write(deps: RunDeps, run: BulkRun, ns: readonly number[]): Promise<void> {
  let left: readonly RowToWrite[] = ns.map((n) => toWrite(run, n))
  for (let delayMs = RETRY_MS; left.length > 0; delayMs = Math.min(RETRY_MS_MAX, delayMs * 2)) {
    try {
      const outcome = await writeRows(
        {
          host: deps.host,
          clock: deps.clock,
          rows: run.follow,
          guardColumns: run.plan.guardColumns,
          pace: run.pace,
          remember: (sight, rows) => run.undo.remember(sight, rows),
          onWritten: (rows) => {
            run.undo.wrote(rows)
            for (const { n } of rows) run.rows[n] = { ...run.rows[n]!, writing: 'written' }
          },
        },
        left,
      )
      for (const n of outcome.moved) run.rows[n] = { ...run.rows[n]!, writing: 'moved' }
      left = []
    } catch (thrown) {
      if (!(thrown instanceof FailureError) || !mayPass(thrown)) throw thrown
      if (deps.signals.wants === 'stop') throw new Stopped()
      deps.onProgress({ hold: { reason: 'spreadsheet', error: printFailure(thrown.failure, deps.language()) } })
      await sleep(deps, delayMs)
      left = left.filter(({ n }) => run.rows[n]!.writing === 'not-yet')
      if (left.length > 0) deps.onProgress({ hold: null })
    }
  }
  deps.onRows()
}

/** A person can unprotect a sheet, and then it goes on. */
function mayPass({ failure }: FailureError): boolean {
  return FAILURES[failure.failed].retryable || failure.failed === 'sheet-protected'
}

function toWrite(run: BulkRun, n: number): RowToWrite {
  const { at, guard, kept } = run.plan.rows[n]!
  return { n, at, guard, cells: cellsOf(run.plan.setup, run.rows[n]!, kept) }
}

/**
 * Asks until there is an answer: out of reach it tries again; refused, or connected to another workspace, it waits until its own is
 * connected.
 */
async function patiently<Value extends object>(
  deps: RunDeps,
  call: () => Promise<Reply<Value>>,
): Promise<Exclude<Value, { error: AnswerError }>> {
  for (let delayMs = RETRY_MS, isHeld = false; ; delayMs = Math.min(RETRY_MS_MAX, delayMs * 2)) {
    if (deps.signals.isClosed) throw new Closed()
    const reply = await callAsOwner(deps, call)
    if (deps.signals.isClosed) throw new Closed()
    if (reply !== 'elsewhere' && !isRefused(reply)) {
      if (isHeld) deps.onProgress({ hold: null })
      return reply as Exclude<Value, { error: AnswerError }>
    }
    const hold = holdOf(reply as Refused | 'elsewhere', deps.owner)
    if (deps.signals.wants === 'stop' && isHeld) throw new Stopped()
    isHeld = true
    deps.onProgress({ hold })
    if (hold.reason === 'disconnected') await deps.refresh()
    await sleep(deps, hold.reason === 'offline' ? delayMs : RETRY_MS_MAX)
  }
}

async function callAsOwner<Value extends object>(
  { workspace, owner }: RunDeps,
  call: () => Promise<Reply<Value>>,
): Promise<Reply<Value> | 'elsewhere'> {
  const connected = await workspace()
  if (isRefused(connected)) return connected
  return connected.id === owner.id ? call() : 'elsewhere'
}

/** @throws {Refusal} where waiting does not help. */
function holdOf(reply: Refused | 'elsewhere', owner: Workspace): RunHold {
  if (reply === 'elsewhere') return { reason: 'elsewhere', error: null, workspace: owner.name }
  const { error } = reply
  if (error.code === 'TC-401') return { reason: 'disconnected', error }
  if (!error.retryable) throw new Refusal(error)
  return { reason: 'offline', error }
}

/** For so long, or until something happens. */
async function sleep({ clock, signals }: RunDeps, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const callOff = clock.schedule(resolve, ms)
    signals.wake = () => {
      callOff()
      resolve()
    }
  })
  signals.wake = () => {}
  if (signals.isClosed) throw new Closed()
}

export function createRun(given: Pick<BulkRun, 'requestId' | 'plan' | 'follow' | 'undo'>): BulkRun {
  return {
    ...given,
    jobId: null,
    learned: createLearned(),
    rows: given.plan.rows.map(({ n, goods }) => ({
      n,
      description: String(goods.description ?? ''),
      facts: goods.facts,
      country: goods.country,
      value: goods.value,
      code: null,
      label: '',
      error: null,
      confidence: null,
      agreement: null,
      candidates: [],
      mfn: null,
      mfnText: '',
      best: null,
      source: null,
      points: 0,
      reviews: [],
      writing: 'not-yet',
      decision: null,
    })),
    dealtWith: new Uint8Array(given.plan.rows.length),
    pace: { lastAt: null },
  }
}
