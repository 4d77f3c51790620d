/**
 * After a submit whose reply was lost: did it make tasks? They are looked up in the list of all tasks, because the batch number was
 * in the reply that never came.
 */
import { failure } from '../../../shared/error-codes.ts'
import { ProviderError } from '../provider.ts'
import type { JiayouClient, TaskPage } from './client.ts'
import { nameKey } from './product-name.ts'
import { JIAYOU, type Task } from './to-answer.ts'

export interface FoundBatch {
  batchNo: string
  taskIds: number[]
  /** Of these, the ones that wait for points. */
  pausedIds: number[]
  /** Names no task of this batch stands for; empty when the whole submit went through. */
  missing: string[]
}

/** No batch at all means: at this moment there is none. A server may still be at it, so look again after a pause. */
export interface LostSubmit {
  /** Whole ones first, then the newest. More than one only when the same names were submitted more than once. */
  batches: FoundBatch[]
  /** Items that could not be read: while there are any, "none" is not certain. */
  unreadable: number
}

const TASKS_PER_PAGE = 100
// A job of 50,000 rows is 500 pages; there is no telling how far back its tasks begin.
const PAGES_MAX = 600
// `created_at` names no time zone: it may be anywhere from UTC-12 to UTC+14, and its clock some minutes off.
const EARLIEST_ZONE_MS = -(12 * 60 + 10) * 60_000

/** @throws {ProviderError} also when there is more to read than 60,000 tasks: then nothing is certain. */
export async function findLostSubmit(
  readTasks: JiayouClient['tasks'],
  names: readonly string[],
  since: number,
  { known = new Set(), signal }: { known?: ReadonlySet<string>; signal?: AbortSignal } = {},
): Promise<LostSubmit> {
  const batches = new Map<string, Task[]>()
  const isWhole = (batch: readonly Task[]): boolean =>
    batch.length === names.length && matchBatch(batch, names)?.missing.length === 0
  const unreadable = await readRecent(readTasks, since, signal, (task) => {
    if (known.has(task.batchNo)) return false
    const batch = batches.get(task.batchNo) ?? []
    batches.set(task.batchNo, batch)
    batch.push(task)
    // Mostly it is among the newest, and the many behind it need not be read.
    return isWhole(batch)
  })
  const found = [...batches.values()].flatMap((batch) => matchBatch(batch, names) ?? [])
  found.sort((a, b) => a.missing.length - b.missing.length || newest(b) - newest(a))
  return { batches: found, unreadable }
}

function newest({ taskIds }: FoundBatch): number {
  return Math.max(...taskIds)
}

/** Every task of the batch must stand for one of the names: then the batch is theirs, whole or begun. */
function matchBatch(tasks: readonly Task[], names: readonly string[]): FoundBatch | null {
  const unmatched = new Map<string, string[]>()
  for (const name of names) unmatched.set(nameKey(name), [...(unmatched.get(nameKey(name)) ?? []), name])
  for (const task of tasks) if (unmatched.get(task.nameKey)?.pop() === undefined) return null
  return {
    batchNo: tasks[0]!.batchNo,
    taskIds: tasks.map(({ id }) => id),
    pausedIds: tasks.flatMap(({ id, status }) => (status === 'paused' ? [id] : [])),
    missing: [...unmatched.values()].flat(),
  }
}

/**
 * The order of the list is not documented: it is read from the end where the newest tasks are, as far back as `since`.
 * @param take given each task once; true: the pages behind this one need not be read.
 * @returns items that could not be read.
 */
async function readRecent(
  readTasks: JiayouClient['tasks'],
  since: number,
  signal: AbortSignal | undefined,
  take: (task: Task) => boolean,
): Promise<number> {
  const seen = new Set<number>()
  let unreadable = 0
  const first = await readTasks({ page: 1, limit: TASKS_PER_PAGE }, signal)
  const newestFirst = (first.tasks[0]?.id ?? 0) >= (first.tasks.at(-1)?.id ?? 0)
  const last = Math.max(1, first.pages)
  const pages = newestFirst ? count(1, last) : count(last, 1)
  for (const [at, page] of pages.entries()) {
    if (at >= PAGES_MAX) throw tooMany()
    const listed: TaskPage = page === 1 ? first : await readTasks({ page, limit: TASKS_PER_PAGE }, signal)
    unreadable += listed.unreadable
    let isEnough = false
    for (const task of listed.tasks) {
      if (!isRecent(task, since) || seen.has(task.id)) continue
      seen.add(task.id)
      if (take(task)) isEnough = true
    }
    if (isEnough) return unreadable
    if (listed.tasks.length > 0 && listed.tasks.every((task) => !isRecent(task, since))) break
  }
  return unreadable
}

/** `count(3, 1)` → 3, 2, 1. */
function count(from: number, to: number): number[] {
  const step = from <= to ? 1 : -1
  return Array.from({ length: Math.min(Math.abs(to - from), PAGES_MAX) + 1 }, (_, at) => from + at * step)
}

function isRecent({ createdAt }: Task, since: number): boolean {
  if (createdAt === null) return true
  const local = Date.parse(`${createdAt.replace(' ', 'T')}Z`)
  return Number.isNaN(local) || local >= since + EARLIEST_ZONE_MS
}

function tooMany(): ProviderError {
  return new ProviderError('more tasks than can be looked through', {
    provider: JIAYOU,
    failure: failure('upstream-unreadable', { provider: JIAYOU, detail: `more than ${PAGES_MAX} pages of tasks` }),
    mayHaveBeenDone: true,
  })
}
