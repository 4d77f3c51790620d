/**
 * What a workspace's answers depend on besides the question, as one short text: when it changes, what an add-in keeps on its
 * machine may be answered another way now. The same in every process that shares a database.
 */
import { hash } from 'node:crypto'
import type { Approvals } from './memory/approvals.ts'
import type { Connections } from './providers/connections.ts'
import type { TariffBook } from './tariff/book.ts'

export interface DataVersionDeps {
  book: Pick<TariffBook, 'countries' | 'edition'>
  lexiconEdition: string
  approvals: Pick<Approvals, 'state'>
  connections: Pick<Connections, 'of'>
  now: () => number
}

export type DataVersion = (workspaceId: string) => Promise<string>

export function createDataVersion({ book, lexiconEdition, approvals, connections, now }: DataVersionDeps): DataVersion {
  return async (workspaceId) => {
    const { version, removals } = await approvals.state(workspaceId)
    const upstreams = connections.of(workspaceId).map(({ name }) => name)
    const parts = [
      lexiconEdition,
      editionsOf(book, new Date(now()).toISOString().slice(0, 10)),
      version,
      removals,
      upstreams,
    ]
    return hash('sha256', JSON.stringify(parts)).slice(0, 16)
  }
}

/** @param date today: tomorrow others may be in force. */
function editionsOf(book: DataVersionDeps['book'], date: string): string[] {
  return book.countries().map((country) => {
    try {
      const { edition, effectiveFrom } = book.edition(country, date)
      return `${country} ${edition} ${effectiveFrom}`
    } catch {
      return `${country} damaged`
    }
  })
}
