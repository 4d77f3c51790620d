/** Replies of jiayou → ours. Pure. */
import type * as z from 'zod/mini'
import { failure, type Failure } from '../../../shared/error-codes.ts'
import { cleanText, readCode } from '../clean-text.ts'
import type { Classification } from '../provider.ts'
import { nameKey } from './product-name.ts'
import { batchQueryItem, taskItem, type webhookEvent } from './schema.ts'

export const JIAYOU = 'jiayou'

const CODE_DIGITS = 10
const SHOWN_CHARACTERS_MAX = 40

/**
 * @param hscode as it came: ten digits as text, or nothing where it found none. A number has lost its leading zero, and is no code.
 */
export function readHscode(hscode: unknown): Classification | Failure {
  if (isEmpty(hscode)) return failure('no-match', { provider: JIAYOU })
  const code = readCode(hscode)
  if (code?.length !== CODE_DIGITS) {
    return failure('upstream-code-broken', {
      provider: JIAYOU,
      value: cleanText(hscode).slice(0, SHOWN_CHARACTERS_MAX),
    })
  }
  return {
    kind: 'classification',
    candidates: [{ code, score: null }],
    headings: [],
    lines: { count: 0, first: [] },
    words: [],
    vague: null,
    missing: null,
  }
}

function isEmpty(hscode: unknown): boolean {
  return hscode === undefined || hscode === null || (typeof hscode === 'string' && hscode.trim() === '')
}

export interface BatchAnswers {
  /** By {@link nameKey}. */
  byName: Map<string, Classification | Failure>
  /** Items without a name, or that nobody asked about. */
  strangers: number
  /** Names answered more than once, and differently: none of their answers is in `byName`. */
  contradictions: number
}

/** @param asked keys of the names that were sent. */
export function readResults(results: readonly unknown[], asked: ReadonlySet<string>): BatchAnswers {
  const byName: BatchAnswers['byName'] = new Map()
  const contradicted = new Set<string>()
  let strangers = 0
  for (const result of results) {
    const item = batchQueryItem.safeParse(result).data
    const key = item && nameKey(item.product_name)
    if (key === undefined || !asked.has(key)) {
      strangers++
      continue
    }
    const answer = readHscode(item?.hscode)
    const before = byName.get(key)
    if (before && !isSame(before, answer)) contradicted.add(key)
    else byName.set(key, answer)
  }
  for (const key of contradicted) byName.delete(key)
  return { byName, strangers, contradictions: contradicted.size }
}

export function isSame(a: Classification | Failure, b: Classification | Failure): boolean {
  if ('failed' in a || 'failed' in b) return 'failed' in a && 'failed' in b && a.failed === b.failed
  return a.candidates[0]?.code === b.candidates[0]?.code
}

export const TASK_STATUSES = ['queued', 'processing', 'success', 'failed', 'paused'] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

export interface Task {
  id: number
  batchNo: string
  /** Cleaned, to be shown. */
  productName: string
  /** To be recognised by: what `nameKey` makes of the name that was submitted. */
  nameKey: string
  /** `unknown`: one the document does not name. */
  status: TaskStatus | 'unknown'
  /** Null until it succeeded or failed. */
  reply: Classification | Failure | null
  pointsCharged: number | null
  /** `2024-04-22 12:34:56`, in a time zone the document does not name. */
  createdAt: string | null
  finishedAt: string | null
}

/** @returns null for an item that cannot be read. */
export function readTask(item: unknown): Task | null {
  const task = taskItem.safeParse(item).data
  if (!task) return null
  const status = TASK_STATUSES.find((known) => known === task.status) ?? 'unknown'
  return {
    id: task.id,
    batchNo: task.batch_no,
    productName: cleanText(task.product_name),
    nameKey: nameKey(task.product_name),
    status,
    reply: replyOf(status, task.hscode),
    pointsCharged: task.points_deducted,
    createdAt: readTime(task.created_at),
    finishedAt: readTime(task.finished_at),
  }
}

function replyOf(status: TaskStatus | 'unknown', hscode: unknown): Classification | Failure | null {
  switch (status) {
    case 'success':
      return readHscode(hscode)
    case 'failed':
      return failure('no-match', { provider: JIAYOU })
    case 'queued':
    case 'processing':
    case 'paused':
    case 'unknown':
      return null
  }
}

function readTime(text: string | null | undefined): string | null {
  return text && /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text) ? text : null
}

export interface TaskEvent {
  taskId: number
  batchNo: string
  productName: string
  nameKey: string
  status: 'success' | 'failed'
  reply: Classification | Failure
  /** Same task, same outcome, same key: what a repeated or replayed call is recognised by. */
  key: string
}

export function toTaskEvent(event: z.infer<typeof webhookEvent>): TaskEvent {
  return {
    taskId: event.task_id,
    batchNo: event.batch_no,
    productName: cleanText(event.product_name),
    nameKey: nameKey(event.product_name),
    status: event.status,
    reply: event.status === 'success' ? readHscode(event.hscode) : failure('no-match', { provider: JIAYOU }),
    key: `${event.task_id}:${event.status}`,
  }
}
