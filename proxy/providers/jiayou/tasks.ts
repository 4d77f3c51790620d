/** The tasks of one batch: read page by page, and waited for. */
import { setTimeout as pause } from 'node:timers/promises'
import { FAILURES, failure } from '../../../shared/error-codes.ts'
import { ProviderError } from '../provider.ts'
import type { JiayouClient } from './client.ts'
import { NAMES_MAX } from './product-name.ts'
import { JIAYOU, type Task } from './to-answer.ts'

/** Tasks one by one; at the end, how many items could not be read. */
export type TasksOf = AsyncGenerator<Task, number>

export interface FinishedBatch {
  /** Succeeded or failed, each with its reply. */
  finished: Task[]
  /** Ids of tasks that wait for points: they never finish by themselves. */
  paused: number[]
  /** Ids of tasks in a status the document does not name. */
  unknown: number[]
  /** Items that could not be read. */
  unreadable: number
}

const TASKS_PER_PAGE = 100
// One submit takes 500 names; twice that leaves room for pages that shift while they are read.
const PAGES_MAX = (2 * NAMES_MAX) / TASKS_PER_PAGE
const EVERY_MS = 5000
const FAILURES_IN_A_ROW_MAX = 5

/** @throws {ProviderError} also for a list without an end. */
export async function* tasksOfBatch(
  readTasks: JiayouClient['tasks'],
  batchNo: string,
  signal: AbortSignal | undefined,
): TasksOf {
  const seen = new Set<number>()
  let unreadable = 0
  for (let page = 1; ; page++) {
    const listed = await readTasks({ batchNo, page, limit: TASKS_PER_PAGE }, signal)
    unreadable += listed.unreadable
    for (const task of listed.tasks) {
      // A list that ignores its filter must not mix in somebody else's tasks.
      if (task.batchNo !== batchNo || seen.has(task.id)) continue
      seen.add(task.id)
      yield task
    }
    if (page >= listed.pages) return unreadable
    if (page >= PAGES_MAX) {
      throw new ProviderError('the tasks of one batch have no end', {
        provider: JIAYOU,
        failure: failure('upstream-unreadable', { provider: JIAYOU, detail: `more than ${PAGES_MAX} pages of tasks` }),
        mayHaveBeenDone: false,
      })
    }
  }
}

/**
 * Looks until nothing is queued or processing. A look that fails is repeated, five in a row are an end.
 * @returns what is listed then; a task of the submit that is in none of its lists was not listed at all.
 * @throws {ProviderError} `provider-timeout` when the signal says so.
 */
export async function awaitBatch(
  readTasks: JiayouClient['tasks'],
  batchNo: string,
  { signal, everyMs = EVERY_MS }: { signal: AbortSignal; everyMs?: number },
): Promise<FinishedBatch> {
  let failures = 0
  for (;;) {
    let pauseMs = everyMs
    try {
      const batch = await readFinished(readTasks, batchNo, signal)
      if (batch) return batch
      failures = 0
    } catch (error) {
      failures++
      if (signal.aborted) throw gaveUp(error)
      if (!(error instanceof ProviderError) || !FAILURES[error.failure.failed].retryable) throw error
      if (failures >= FAILURES_IN_A_ROW_MAX) throw error
      pauseMs = Math.max(everyMs, error.retryAfterMs ?? 0)
    }
    try {
      await pause(pauseMs, undefined, { signal })
    } catch (error) {
      throw gaveUp(error)
    }
  }
}

/** @returns null while something is still under way. */
async function readFinished(
  readTasks: JiayouClient['tasks'],
  batchNo: string,
  signal: AbortSignal,
): Promise<FinishedBatch | null> {
  const batch: FinishedBatch = { finished: [], paused: [], unknown: [], unreadable: 0 }
  const tasks = tasksOfBatch(readTasks, batchNo, signal)
  for (;;) {
    const next = await tasks.next()
    if (next.done) return { ...batch, unreadable: next.value }
    const task = next.value
    switch (task.status) {
      case 'queued':
      case 'processing':
        return null
      case 'success':
      case 'failed':
        batch.finished.push(task)
        break
      case 'paused':
        batch.paused.push(task.id)
        break
      case 'unknown':
        batch.unknown.push(task.id)
        break
    }
  }
}

function gaveUp(cause: unknown): ProviderError {
  return new ProviderError('gave up waiting for a batch', {
    provider: JIAYOU,
    failure: failure('provider-timeout', { provider: JIAYOU }),
    mayHaveBeenDone: false,
    cause,
  })
}
