/** A bulk run over a sheet in memory, a proxy of the test's own, and a clock that is turned by hand. */
import { createBulk } from '../../../../shared/pane/bulk/create-bulk.ts'
import type { Bulk } from '../../../../shared/pane/bulk/bulk-runs.ts'
import type { Locks } from '../../../../shared/pane/bulk/hold-run.ts'
import { previewRun } from '../../../../shared/pane/bulk/preview-run.ts'
import { readSelection } from '../../../../shared/pane/bulk/read-selection.ts'
import { draftOf, type Draft } from '../../../../shared/pane/bulk/run-draft.ts'
import type { Receipt } from '../../../../shared/pane/bulk/receipt.ts'
import type { JobQuestion, JobReply, PauseReason, RowState } from '../../../../shared/jobs-protocol.ts'
import { createMemoryHost, type MemoryHost } from '../../../../shared/pane/memory-host.ts'
import { observable } from '../../../../shared/pane/observable.ts'
import type { PaneStore, PaneShelf } from '../../../../shared/pane/pane-deps.ts'
import type { ProxyApi } from '../../../../shared/pane/proxy-api.ts'
import type { Answer, AnswerError, Question } from '../../../../shared/protocol.ts'
import type { CellValue } from '../../../../shared/tariff-code.ts'
import { createFakeClock, type FakeClock } from '../../../excel-addin/fake-clock.ts'
import { openMemoryShelf } from '../memory-shelf.ts'

export const SHEET = 'Products'
const NOW = '2026-12-01T00:00:00.000Z'

export interface Goods {
  code?: string
  error?: AnswerError
  score?: number
  agreement?: 6 | 4 | 2 | 0
  rivals?: { code: string; score: number }[]
}

export interface FakeProxy {
  api: ProxyApi
  /** What each text is answered; others get 610910, surely. */
  goods: Map<string, Goods>
  /** MFN rate as printed, by code; others are 18%. */
  rates: Map<string, string>
  jobs: { reply: JobReply; questions: JobQuestion[]; states: RowState[]; requests: number }[]
  /** Questions asked beside the jobs. */
  asked: Question[]
  /** Answers so many rows more; all of them by themselves while it is Infinity. */
  finish(rows: number): void
  /** Refuses every call with this. */
  refuse(error: AnswerError | null): void
  /** Refuses so many calls of createJob after it has made the job: their replies are lost. */
  loseReplies: number
  pause(reason: PauseReason | null): void
}

export const OFFLINE: AnswerError = { code: 'TC-520', message: 'TC-520 Out of reach.', retryable: true }
export const REVOKED: AnswerError = { code: 'TC-401', message: 'TC-401 Not connected.', retryable: false }

export function createFakeProxy(): FakeProxy {
  let refusal: AnswerError | null = null
  let ready = Infinity
  const fake: FakeProxy = {
    api: {} as ProxyApi,
    goods: new Map(),
    rates: new Map(),
    jobs: [],
    asked: [],
    loseReplies: 0,
    finish(rows) {
      ready = rows
      for (const job of fake.jobs) work(job)
    },
    refuse(error) {
      refusal = error
    },
    pause(reason) {
      const job = fake.jobs.at(-1)
      if (!job) return
      job.reply = reason
        ? { ...job.reply, state: 'paused', paused: { reason, error: null } }
        : { ...job.reply, state: 'running', paused: null }
    },
  }
  const guarded =
    <Args extends unknown[], Value>(call: (...args: Args) => Value) =>
    async (...args: Args): Promise<Value | { error: AnswerError }> =>
      refusal ? { error: refusal } : call(...args)

  function work(job: FakeProxy['jobs'][number]): void {
    for (let at = 0; at < job.states.length && ready > 0; at++) {
      if (job.states[at] !== 'open') continue
      if (job.reply.state !== 'running') return
      const { error } = goodsOf(job.questions[at]!)
      job.states[at] = error ? 'failed' : 'answered'
      ready--
    }
  }
  function goodsOf({ args }: Pick<Question, 'args'>): Goods {
    return fake.goods.get(String(args[0])) ?? { code: '610910' }
  }
  function replyOf(job: FakeProxy['jobs'][number]): JobReply {
    work(job)
    const counts = { blank: 0, open: 0, paused: 0, answered: 0, failed: 0, cancelled: 0 }
    for (const state of job.states) counts[state]++
    const isOver = counts.open + counts.paused === 0
    const state = isOver && job.reply.state === 'running' ? 'done' : job.reply.state
    job.reply = {
      ...job.reply,
      state,
      counts,
      points: { spent: counts.answered, held: 0 },
      finishedAt: isOver ? NOW : null,
    }
    return job.reply
  }
  const jobOf = (id: string): FakeProxy['jobs'][number] => fake.jobs.find(({ reply }) => reply.id === id)!

  const known: Partial<Record<keyof ProxyApi, unknown>> = {
    estimate: guarded((questions: JobQuestion[]) => ({
      rows: questions.length,
      blanks: 0,
      bad: 0,
      badRows: [],
      duplicates: 0,
      remembered: 0,
      free: 0,
      toPay: questions.length,
      points: questions.length,
      cny: questions.length / 50,
      balance: 1000,
      enough: true,
      dailyCapLeft: null,
      byProvider: [],
    })),
    createJob: guarded(
      ({ requestId, name, questions }: { requestId: string; name: string; questions: JobQuestion[] }) => {
        let job = fake.jobs.find((one) => one.reply.requestId === requestId)
        if (job) job.requests++
        else {
          job = {
            requests: 1,
            questions,
            states: questions.map(({ args }) => (args[0] === '' ? 'blank' : 'open')),
            reply: {
              id: `job${fake.jobs.length}`,
              requestId,
              name,
              state: 'running',
              paused: null,
              rows: questions.length,
              questions: questions.length,
              counts: { blank: 0, open: 0, paused: 0, answered: 0, failed: 0, cancelled: 0 },
              points: { spent: 0, held: 0 },
              secondsLeft: null,
              createdAt: NOW,
              finishedAt: null,
              rowsUntil: null,
            },
          }
          fake.jobs.push(job)
        }
        if (fake.loseReplies > 0) {
          fake.loseReplies--
          return { error: OFFLINE }
        }
        return replyOf(job)
      },
    ),
    jobs: guarded(() => ({ jobs: fake.jobs.map(replyOf), before: null })),
    job: guarded((id: string) => replyOf(jobOf(id))),
    jobRows: guarded((id: string, after: number, limit: number) => {
      const job = jobOf(id)
      const rows = job.questions.slice(after + 1, after + 1 + limit).map((question, at) => {
        const row = after + 1 + at
        const { code, error } = goodsOf(question)
        const answer: Answer = {
          id: question.id,
          points: error ? 0 : 1,
          ...(error ? { error } : { value: code ?? '' }),
          source: { provider: 'jiayou', edition: 'T2026-0', cached: false, at: NOW },
        }
        const isOver = job.states[row] === 'answered' || job.states[row] === 'failed'
        return { row, id: question.id, state: job.states[row]!, ...(isOver ? { answer } : {}) }
      })
      return { rows, after: null }
    }),
    pauseJob: guarded((id: string) => {
      fake.pause('person')
      return replyOf(jobOf(id))
    }),
    resumeJob: guarded((id: string) => {
      fake.pause(null)
      return replyOf(jobOf(id))
    }),
    cancelJob: guarded((id: string) => {
      const job = jobOf(id)
      if (job.reply.finishedAt !== null) return { error: { code: 'TC-433', message: 'TC-433 Done.', retryable: false } }
      job.reply = { ...job.reply, state: 'cancelled', paused: null }
      job.states = job.states.map((state) => (state === 'open' ? 'cancelled' : state))
      return replyOf(job)
    }),
    retryJob: guarded((id: string) => {
      const job = jobOf(id)
      job.reply = { ...job.reply, state: 'running', paused: null, finishedAt: null }
      job.states = job.states.map((state) => (state === 'failed' || state === 'cancelled' ? 'open' : state))
      return replyOf(job)
    }),
    answers: guarded((questions: Question[]) => {
      fake.asked.push(...questions)
      return { answers: questions.map((question) => answerBeside(question)), points: { balance: 0, held: 0 } }
    }),
  }
  fake.api = known as ProxyApi

  function answerBeside(question: Question): Answer {
    const { id, fn, args } = question
    const { score = 0.9, agreement = 6, rivals = [], code = '610910' } = goodsOf(question)
    const text = (value: string | number): Answer => ({ id, value, points: 0 })
    const printed = fake.rates.get(String(args[0])) ?? '18%'
    switch (fn) {
      case 'HSINFO':
        return {
          id,
          points: 0,
          table: [
            ['score', score],
            ['agreement', agreement],
          ],
        }
      case 'HSCOST':
        return text(0)
      case 'HSALT': {
        const all = [{ code, score }, ...rivals]
        return {
          id,
          points: 0,
          table: all.map((one, at) => [at + 1, one.code, `label ${one.code}`, one.score, 'jiayou']),
        }
      }
      case 'HSDESC':
        return text(`label ${String(args[0])}`)
      case 'HSRATE':
        return printed.endsWith('%') ? text(Number.parseFloat(printed) / 100) : { id, points: 0, error: NO_PERCENTAGE }
      case 'HSRATETEXT':
        return text(printed)
      case 'HSRATES':
        return {
          id,
          points: 0,
          table: [
            ['MFN', 0.18, '18%', '', ''],
            ['UST', 0, 'Free', '', ''],
          ],
        }
      default:
        return { id, points: 0, error: { code: 'TC-111', message: 'TC-111', retryable: false } }
    }
  }
  return fake
}

const NO_PERCENTAGE = { code: 'TC-212', message: 'TC-212 No plain percentage.', retryable: false }

export interface BulkHouse {
  host: MemoryHost
  proxy: FakeProxy
  clock: FakeClock
  store: PaneStore
  shelf: PaneShelf
  locks: Locks
  bulk: Bulk
  /** A pane of its own over the same sheet, proxy and browser: as after a reload, or in a second window. */
  another(): Bulk
  /** A pane over the same sheet and proxy in another person's browser. */
  anotherMachine(): Bulk
  /** The one that is connected. */
  workspace: string
  /** The connection, or the points, have changed. */
  connectionChanged(): void
  draft(change?: (draft: Draft) => Draft): Promise<Draft>
  /** Plans and starts; it is under way when this comes back. */
  start(change?: (draft: Draft) => Draft, overwrite?: 'keep' | 'replace'): Promise<void>
  /** Turns the clock until the run is over. */
  over(bulk?: Bulk): Promise<Receipt>
  /** Turns the clock until it is so. */
  until(isSo: () => boolean): Promise<void>
  /** What stands in a column below the header. */
  column(column: number): CellValue[]
}

function openStore(): PaneStore {
  const kept = new Map<string, string>()
  return {
    get: (name) => kept.get(name) ?? null,
    set: (name, text) => void (text === null ? kept.delete(name) : kept.set(name, text)),
  }
}

/** Free columns begin at `columns`: code, label, confidence, MFN, review. */
export function openBulkHouse(rows: CellValue[][]): BulkHouse {
  const host = createMemoryHost([{ name: SHEET, rows }])
  const proxy = createFakeProxy()
  const clock = createFakeClock()
  const store = openStore()
  const shelf = openMemoryShelf()
  const held = new Set<string>()
  const locks: Locks = {
    async request(name, _, work) {
      if (held.has(name)) return work(null)
      held.add(name)
      await work({})
      held.delete(name)
    },
  }
  const listeners = new Set<() => void>()
  let ids = 0
  const another = (browser = { store, shelf }): Bulk =>
    createBulk({
      host,
      api: proxy.api,
      ...browser,
      clock,
      newId: () => `request${ids++}`,
      language: observable('en'),
      onConnection(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      workspace: async () => ({ id: house.workspace, name: house.workspace }),
      refresh: async () => {},
      refreshPoints: async () => {},
      balance: () => 990,
      locks,
    })
  const bulk = another()

  const house: BulkHouse = {
    host,
    proxy,
    clock,
    store,
    locks,
    bulk,
    workspace: 'Acme',
    another: () => another(),
    shelf,
    anotherMachine: () => another({ store: openStore(), shelf: openMemoryShelf() }),
    connectionChanged() {
      for (const listener of listeners) listener()
    },
    async draft(change = (draft) => draft) {
      return change(draftOf(await readSelection(host), null, 'CA'))
    },
    async start(change, overwrite) {
      await bulk.recall()
      const preview = await previewRun(bulk, await house.draft(change), overwrite ?? null, 'en')
      if ('error' in preview || !preview.estimate) throw new Error('nothing to start')
      await bulk.start(preview.plan, preview.estimate)
    },
    async over(which = bulk) {
      await house.until(() => which.state.get().kind === 'over')
      const state = which.state.get()
      if (state.kind !== 'over') throw new Error('not over')
      return state.receipt
    },
    async until(isSo) {
      for (let turns = 0; !isSo(); turns++) {
        if (turns > 400) throw new Error('it never came')
        await clock.advance(500)
      }
    },
    column: (column) => Array.from({ length: rows.length - 1 }, (_, at) => host.person.value(SHEET, at + 1, column)),
  }
  return house
}
