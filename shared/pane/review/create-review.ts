/** The review of the latest run: what waits, in which order, what was decided. It outlives its view. */
import { failure, FailureError } from '../../error-codes.ts'
import { FACT_NAMES } from '../../memory-protocol.ts'
import type { AnswerError } from '../../protocol.ts'
import type { BulkRuns } from '../bulk/bulk-runs.ts'
import type { Classified } from '../bulk/classified.ts'
import { observable, type Observable } from '../observable.ts'
import { isRefused, type ProxyApi } from '../proxy-api.ts'
import { learnCandidateRates, rateKey, type KnownRate } from './candidate-rates.ts'
import { reviewQueue, type ReviewItem } from './queue.ts'

export interface ReviewState {
  queue: readonly ReviewItem[]
  /** Key of the item that is looked at; null: none is left. */
  current: string | null
  decidedRows: number
  /** Rows left alone by decisions, because they say something else now. */
  movedRows: number
  /** Of the latest decision: it can be taken back. */
  mayTakeBack: boolean
}

export interface Decided {
  written: number
  moved: number
}

export interface Review {
  state: Observable<ReviewState>
  rates: ReadonlyMap<string, KnownRate>
  /** Asks for the rates of likely codes and puts the queue in order by them. @returns a refusal of the proxy. */
  order(): Promise<{ error: AnswerError } | void>
  move(by: 1 | -1): void
  /**
   * A person's decision for all rows of an item: kept in the workspace's memory first, so that a code the tariff does not have is
   * refused before a cell is changed, then written.
   * @throws {FailureError} what the spreadsheet says.
   */
  decide(item: ReviewItem, code: string, note: string): Promise<Decided | { error: AnswerError }>
  /**
   * The latest decision is none: its rows stand as they stood, wait again, and the memory forgets it. Not where it replaced an older
   * approval, whose code is not known here.
   * @throws {FailureError} what the spreadsheet says.
   */
  takeBack(): Promise<Decided | { error: AnswerError }>
  close(): void
}

export interface ReviewDeps {
  bulk: BulkRuns
  api: Pick<ProxyApi, 'answers' | 'approve' | 'forgetApproval'>
}

export function createReview({ bulk, api }: ReviewDeps): Review {
  const rates = new Map<string, KnownRate>()
  const state = observable<ReviewState>({ queue: [], current: null, decidedRows: 0, movedRows: 0, mayTakeBack: false })
  /** How its rows stood, and the approval that it made, where it made one. */
  let latest: { key: string; before: Classified[]; approval: string | null } | null = null
  let title = bulk.title.get()
  /** Whether a person has moved or decided in this run: until then the first of the queue is shown, whatever order it comes into. */
  let isBegun = false

  function rank(): void {
    const queue = reviewQueue(bulk.rows.get(), (country, code) => rates.get(rateKey(country, code))?.rate ?? null)
    state.update((before) => {
      const isAnotherRun = bulk.title.get() !== title
      title = bulk.title.get()
      const counts = isAnotherRun ? { decidedRows: 0, movedRows: 0 } : before
      if (isAnotherRun) {
        isBegun = false
        latest = null
      }
      const current = isBegun ? nextOf(before, queue) : (queue[0]?.key ?? null)
      return { ...before, ...counts, queue, current, mayTakeBack: latest !== null }
    })
  }

  const offRows = bulk.rows.subscribe(rank)
  rank()

  return {
    state,
    rates,
    async order() {
      const refused = await learnCandidateRates(api, bulk.rows.get(), rates)
      rank()
      return refused
    },
    move(by) {
      isBegun = true
      state.update((now) => {
        const at = now.queue.findIndex(({ key }) => key === now.current)
        const next = now.queue[Math.min(Math.max(at + by, 0), now.queue.length - 1)]
        return next ? { ...now, current: next.key } : now
      })
    },
    async decide(item, code, note) {
      isBegun = true
      const kept = await api.approve({ entries: [entryOf(item.row, code, note)], source: 'review' })
      if (isRefused(kept)) return kept
      const [outcome] = kept.entries
      if (!outcome) throw new FailureError(failure('bad-reply'))
      if (outcome.error) return { error: outcome.error }
      const decidedCode = outcome.code ?? code
      const decision = decidedCode === item.row.code ? 'accepted' : 'changed'
      const decided: Decided = { written: 0, moved: 0 }
      const rows = bulk.rows.get().filter(({ n }) => item.ns.includes(n))
      const before: Classified[] = []
      for (const n of item.ns) {
        if ((await bulk.decide(n, decidedCode, decision)) === 'written') {
          decided.written++
          before.push(...rows.filter((row) => row.n === n))
        } else decided.moved++
      }
      const isNew = outcome.outcome === 'new'
      latest =
        outcome.outcome === 'changed' || before.length === 0
          ? null
          : { key: item.key, before, approval: isNew ? (outcome.id ?? null) : null }
      state.update((now) => ({
        ...now,
        decidedRows: now.decidedRows + decided.written,
        movedRows: now.movedRows + decided.moved,
        mayTakeBack: latest !== null,
      }))
      return decided
    },
    async takeBack() {
      const done: Decided = { written: 0, moved: 0 }
      if (!latest) return done
      const { key, before, approval } = latest
      if (approval !== null) {
        const forgotten = await api.forgetApproval(approval)
        if (isRefused(forgotten)) return forgotten
      }
      latest = null
      for (const row of before) {
        if ((await bulk.takeBack(row)) === 'written') done.written++
        else done.moved++
      }
      state.update((now) => ({
        ...now,
        current: now.queue.some((item) => item.key === key) ? key : now.current,
        decidedRows: Math.max(0, now.decidedRows - done.written),
        mayTakeBack: false,
      }))
      return done
    },
    close: () => offRows(),
  }
}

/** Stays where the person was; where that is settled, goes on to what follows it. */
function nextOf({ queue: before, current }: ReviewState, queue: readonly ReviewItem[]): string | null {
  const keys = new Set(queue.map(({ key }) => key))
  if (current !== null && keys.has(current)) return current
  const at = before.findIndex(({ key }) => key === current)
  const following = [...before.slice(at + 1), ...before.slice(0, Math.max(at, 0)).reverse()]
  return following.find(({ key }) => keys.has(key))?.key ?? queue[0]?.key ?? null
}

function entryOf({ description, facts, country }: Classified, code: string, note: string) {
  const named = FACT_NAMES.filter((name) => (facts[name] ?? '') !== '')
  return {
    description,
    country,
    code,
    ...(named.length > 0 ? { facts: Object.fromEntries(named.map((name) => [name, facts[name]!])) } : {}),
    ...(note === '' ? {} : { note }),
  }
}
