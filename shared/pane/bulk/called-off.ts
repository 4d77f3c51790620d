/**
 * Jobs that a person stopped while the proxy could not be told, or another workspace was connected: they would go on and be paid for.
 * Each is told of as soon as its workspace can be reached, by this pane or the next.
 */
import * as z from 'zod/mini'
import { parseJson } from '../../parse-json.ts'
import type { SessionReply } from '../../protocol.ts'
import type { PaneStore } from '../pane-deps.ts'
import { isRefused, type ProxyApi, type Reply } from '../proxy-api.ts'

const calledOff = z.array(
  z.object({
    requestId: z.string(),
    /** null: not known whether it was made. */
    jobId: z.nullable(z.string()),
    workspaceId: z.string(),
  }),
)
export type CalledOff = z.infer<typeof calledOff>[number]

export interface CalledOffDeps {
  store: PaneStore
  api: Pick<ProxyApi, 'cancelJob' | 'jobs'>
  /** The one that is connected now. */
  workspace: () => Promise<Reply<SessionReply['workspace']>>
}

const NAME = 'bulk.called-off'
// Whoever stops more of them offline has them go on in the list of jobs.
const KEPT_MAX = 50

export function createCalledOff({ store, api, workspace }: CalledOffDeps) {
  let isTelling = false

  function read(): CalledOff[] {
    const parsed = z.safeParse(calledOff, parseJson(store.get(NAME) ?? ''))
    return parsed.success ? parsed.data : []
  }
  function write(all: readonly CalledOff[]): void {
    store.set(NAME, all.length === 0 ? null : JSON.stringify(all.slice(-KEPT_MAX)))
  }

  /** @returns whether nothing is left to do for it. */
  async function cancel({ requestId, jobId }: CalledOff): Promise<boolean> {
    const found = jobId === null ? await findJob(api, requestId) : { id: jobId }
    if (isRefused(found)) return !found.error.retryable
    if (found.id === null) return true
    const reply = await api.cancelJob(found.id)
    // Refused for good: it is over already.
    return !isRefused(reply) || !(reply.error.retryable || reply.error.code === 'TC-401')
  }

  return {
    add(one: CalledOff): void {
      write([...read().filter(({ requestId }) => requestId !== one.requestId), one])
    },

    /** Whenever the connection changed. Never rejects. */
    async tell(): Promise<void> {
      if (isTelling || read().length === 0) return
      isTelling = true
      try {
        const connected = await workspace()
        if (isRefused(connected)) return
        for (const one of read().filter(({ workspaceId }) => workspaceId === connected.id)) {
          if (await cancel(one)) write(read().filter(({ requestId }) => requestId !== one.requestId))
        }
      } finally {
        isTelling = false
      }
    },
  }
}

/** @returns the id null: the proxy knows of none. */
export async function findJob(api: Pick<ProxyApi, 'jobs'>, requestId: string): Promise<Reply<{ id: string | null }>> {
  const reply = await api.jobs()
  if (isRefused(reply)) return reply
  return { id: reply.jobs.find((job) => job.requestId === requestId)?.id ?? null }
}
