/**
 * Everything jiayou offers, typed: the provider asks through it one batch at a time, bulk work hands in thousands of names and comes
 * back for them. Nothing in here sends anything twice.
 */
import assert from 'node:assert/strict'
import type { Connection } from '../upstream.ts'
import { createJiayouCaller, type JiayouCaller } from './call.ts'
import { findLostSubmit, type LostSubmit } from './lost-submit.ts'
import { NAME_CHARACTERS_MAX, nameKey, NAMES_MAX } from './product-name.ts'
import { batchQueryData, submitData, tasksData } from './schema.ts'
import { awaitBatch, tasksOfBatch, type FinishedBatch, type TasksOf } from './tasks.ts'
import { JIAYOU, readResults, readTask, type BatchAnswers, type Task, type TaskStatus } from './to-answer.ts'
import { createWebhooks, type JiayouWebhooks } from './webhooks.ts'

/** What submit says it made. */
export interface Submitted {
  batchNo: string
  /** Paid and queued. */
  taskIds: number[]
  /** For lack of points these wait, for ever unless somebody recharges. */
  pausedIds: number[]
  balance: number | null
}

export interface TaskPage {
  tasks: Task[]
  /** Items that could not be read. */
  unreadable: number
  /** Tasks that fit the filter, and pages of this size. */
  total: number
  pages: number
}

export interface TaskFilter {
  batchNo?: string
  status?: TaskStatus
  /** From 1. */
  page?: number
  /** At most 100. */
  limit?: number
}

/** Every call throws {ProviderError} when it fails as a whole, within 30 s. */
export interface JiayouClient {
  /** Answers at once; costs what the reply says. @param names at most 500, each of at most 512 characters. */
  batchQuery(names: readonly string[], signal?: AbortSignal): Promise<BatchAnswers>
  /**
   * Hands in names to be worked on; every one is a task and a point, the same name twice is two. Never send it again after an error
   * whose `mayHaveBeenDone` is true before `findLostSubmit` found nothing.
   * @param webhookUrl is called as well; by the document such calls carry no signature, so that one is a hint to look, not an answer.
   */
  submit(names: readonly string[], webhookUrl?: string, signal?: AbortSignal): Promise<Submitted>
  tasks(filter?: TaskFilter, signal?: AbortSignal): Promise<TaskPage>
  /** All tasks of a batch, each once. */
  tasksOfBatch(batchNo: string, signal?: AbortSignal): TasksOf
  /** Until nothing of a batch is queued or processing. Paused tasks are never waited for. */
  awaitBatch(batchNo: string, wait: { signal: AbortSignal; everyMs?: number }): Promise<FinishedBatch>
  /**
   * Batches that a submit whose reply was lost may have made.
   * @param since when it was sent, in milliseconds; with `known`, the batches that are somebody else's.
   */
  findLostSubmit(
    names: readonly string[],
    since: number,
    options?: { known?: ReadonlySet<string>; signal?: AbortSignal },
  ): Promise<LostSubmit>
  /** Needs the field `jwt` of the credential. */
  webhooks: JiayouWebhooks
  close(): Promise<void>
}

const TASKS_PER_PAGE_MAX = 100

export function createJiayouClient(connection: Connection): JiayouClient {
  const caller = createJiayouCaller(connection)
  const readTasks: JiayouClient['tasks'] = (filter, signal) => listTasks(caller, filter, signal)
  return {
    batchQuery: (names, signal) => batchQuery(caller, connection, names, signal),
    submit: (names, webhookUrl, signal) => submit(caller, connection, names, webhookUrl, signal),
    tasks: readTasks,
    tasksOfBatch: (batchNo, signal) => tasksOfBatch(readTasks, batchNo, signal),
    awaitBatch: (batchNo, wait) => awaitBatch(readTasks, batchNo, wait),
    findLostSubmit: (names, since, options) => findLostSubmit(readTasks, names, since, options),
    webhooks: createWebhooks(caller),
    close: () => caller.close(),
  }
}

async function batchQuery(
  caller: JiayouCaller,
  { onUsage, log }: Connection,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<BatchAnswers> {
  assertNames(names)
  const reply = await caller.call({
    method: 'POST',
    path: '/api/api/batch-query',
    json: { products: names },
    data: batchQueryData,
    signal,
  })
  onUsage({ items: names.length, charged: reply.points_used, balance: reply.balance })
  const asked = new Set(names.map(nameKey))
  const answers = readResults(reply.results, asked)
  const missing = asked.size - answers.byName.size
  if (missing > 0 || answers.strangers > 0) {
    const { strangers, contradictions } = answers
    log.warn({ provider: JIAYOU, asked: asked.size, missing, strangers, contradictions }, 'not every name was answered')
  }
  return answers
}

async function submit(
  caller: JiayouCaller,
  { onUsage }: Connection,
  names: readonly string[],
  webhookUrl: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Submitted> {
  assertNames(names)
  const reply = await caller.call({
    method: 'POST',
    path: '/api/api/submit',
    json: { products: names, webhook_url: webhookUrl },
    data: submitData,
    signal,
  })
  onUsage({ items: names.length, charged: reply.processed, balance: reply.balance })
  const paused = new Set(reply.paused_ids)
  return {
    batchNo: reply.batch_no,
    // Whether the paused ones stand among the task ids too, the document leaves open.
    taskIds: reply.task_ids.filter((id) => !paused.has(id)),
    pausedIds: [...paused],
    balance: reply.balance,
  }
}

async function listTasks(
  caller: JiayouCaller,
  { batchNo, status, page = 1, limit = 20 }: TaskFilter = {},
  signal?: AbortSignal,
): Promise<TaskPage> {
  assert(limit >= 1 && limit <= TASKS_PER_PAGE_MAX, 'jiayou lists at most 100 tasks a page')
  const { tasks } = await caller.call({
    method: 'GET',
    path: '/api/api/tasks',
    query: { page, limit, batch_no: batchNo, status },
    data: tasksData,
    repeatable: true,
    signal,
  })
  const read = tasks.items.map(readTask)
  const readable = read.filter((task) => task !== null)
  return { tasks: readable, unreadable: read.length - readable.length, total: tasks.total, pages: tasks.pages }
}

/** What the document refuses is a mistake of ours, and is found before it is sent. */
function assertNames(names: readonly string[]): void {
  assert(names.length >= 1 && names.length <= NAMES_MAX, 'jiayou takes 1 to 500 names')
  for (const name of names) {
    assert(name.trim() !== '' && name.length <= NAME_CHARACTERS_MAX, 'a name has 1 to 512 characters')
  }
}
