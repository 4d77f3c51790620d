/** The approved codes as far as they were read: a search, and page after page of it. */
import type { MemoryReply } from '../../memory-protocol.ts'
import { FAILURES } from '../../error-codes.ts'
import { observable } from '../observable.ts'
import { isRefused, type ProxyApi, type Refused } from '../proxy-api.ts'

export type Approval = MemoryReply['entries'][number]

export interface MemorySearch {
  q: string
  /** '': all countries. */
  country: string
}

export interface MemoryPages {
  search: MemorySearch
  entries: readonly Approval[]
  /** To go on from; null: that was all. */
  after: number | null
  /** Of the whole memory, whatever was searched for. */
  total: number
}

export type MemoryList = ReturnType<typeof createMemoryList>

export function createMemoryList(api: Pick<ProxyApi, 'memory' | 'forgetApproval'>) {
  const pages = observable<MemoryPages | null>(null)
  let asked = 0

  /** A reply to an earlier search, or one that came after the list was read anew, is for nobody any more. */
  async function read(search: MemorySearch, before: MemoryPages | null): Promise<Refused | void> {
    const number = ++asked
    const reply = await api.memory({ ...search, after: before?.after ?? null })
    if (number !== asked) return
    if (isRefused(reply)) return reply
    // Approved again meanwhile, an entry comes a second time.
    const known = new Set(before?.entries.map(({ id }) => id))
    const entries = [...(before?.entries ?? []), ...reply.entries.filter(({ id }) => !known.has(id))]
    pages.set({ search, entries, after: reply.after, total: reply.total })
  }

  return {
    pages,
    find: (search: MemorySearch) => read(search, null),
    async more(): Promise<Refused | void> {
      const now = pages.get()
      if (now && now.after !== null) return read(now.search, now)
    },
    async remove(id: string): Promise<Refused | void> {
      const reply = await api.forgetApproval(id)
      // Removed by somebody else: gone all the same.
      if (isRefused(reply) && reply.error.code !== MEMORY_UNKNOWN) return reply
      pages.update(
        (now) =>
          now && { ...now, entries: now.entries.filter((entry) => entry.id !== id), total: Math.max(0, now.total - 1) },
      )
    },
  }
}

const MEMORY_UNKNOWN = FAILURES['memory-unknown'].code
