/** Large numbers of names: submitted as tasks, read from the list of tasks by batch and name. */
import { failure } from '../../../shared/error-codes.ts'
import { ProviderError, type Bulk, type Collected, type Inquiry, type Reply } from '../provider.ts'
import type { Connection } from '../upstream.ts'
import type { JiayouClient } from './client.ts'
import { NAMES_MAX } from './product-name.ts'
import { isSame, JIAYOU, type Task } from './to-answer.ts'
import { isAnswerable, toNames } from './to-names.ts'

// Beside the calls that cells make.
const CALLS_IN_FLIGHT_MAX = 4

export function createBulk(client: JiayouClient, { onUsage }: Connection): Bulk {
  return {
    inquiriesMax: NAMES_MAX,
    callsInFlightMax: CALLS_IN_FLIGHT_MAX,
    takes: (inquiry) => isAnswerable(inquiry) && toNames([inquiry]).refused.size === 0,

    async submit(inquiries, { callbackUrl }, signal) {
      const names = [...toNames(inquiries).names.values()]
      const { batchNo, pausedIds } = await client.submit(names, callbackUrl, signal)
      return { ticket: batchNo, tasks: names.length, waiting: pausedIds.length }
    },

    async findLost(inquiries, since, known, signal) {
      const names = [...toNames(inquiries).names.values()]
      const { batches, unreadable } = await client.findLostSubmit(names, since, { known, signal })
      const [found] = batches
      // A server that is still at it has made most of them. A task or two are somebody's own look-up of the same goods, or its beginning.
      if (found && found.missing.length <= names.length / 2) {
        return { ticket: found.batchNo, charged: found.taskIds.length - found.pausedIds.length }
      }
      if (found || unreadable > 0) throw notSure()
      return null
    },

    adopted({ charged }, sentAt) {
      onUsage({ items: charged, charged, balance: null, sentAt })
    },

    async collect(ticket, inquiries, signal) {
      const byName = new Map<string, Task[]>()
      for await (const task of client.tasksOfBatch(ticket, signal)) {
        byName.set(task.nameKey, [...(byName.get(task.nameKey) ?? []), task])
      }
      return sortTasks(inquiries, byName)
    },
  }
}

function sortTasks(inquiries: readonly Inquiry[], byName: ReadonlyMap<string, readonly Task[]>): Collected {
  const { asked, refused } = toNames(inquiries)
  const collected: Collected = { replies: new Map(refused), open: [], paused: [] }
  for (const { key, name } of asked) {
    const tasks = byName.get(name) ?? []
    const reply = replyOf(tasks)
    if (reply) collected.replies.set(key, reply)
    // A status the document does not name may become one that it does; a name that is not listed may have slipped from page to page.
    else if (tasks.length > 0 && tasks.every(({ status }) => status === 'paused')) collected.paused.push(key)
    else collected.open.push(key)
  }
  return collected
}

/** A batch of ours has one task for a name. @returns null while there is none that has ended. */
function replyOf(tasks: readonly Task[]): Reply | null {
  const replies = tasks.flatMap(({ reply }) => reply ?? [])
  const [first] = replies
  if (!first) return null
  return replies.every((reply) => isSame(reply, first)) ? first : failure('provider-failed', { provider: JIAYOU })
}

function notSure(): ProviderError {
  return new ProviderError('whether a lost submit went through is not sure', {
    provider: JIAYOU,
    failure: failure('provider-timeout', { provider: JIAYOU }),
    mayHaveBeenDone: true,
  })
}
