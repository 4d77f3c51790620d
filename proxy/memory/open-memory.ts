/** Joins what a workspace's memory is made of: the rows, what of them is at hand for routing, and the provider that answers from it. */
import type { Audit } from '../audit/audit.ts'
import type { Database } from '../database.ts'
import type { FailureLog } from '../failure-of.ts'
import type { Labels, Provider } from '../providers/provider.ts'
import type { TariffBook } from '../tariff/book.ts'
import { createApprovals, type Approvals } from './approvals.ts'
import { createCodeCheck, type CodeCheck } from './check-code.ts'
import { memoryProvider } from './memory-provider.ts'
import { createRecall, type Recall } from './recall.ts'

export interface MemoryDeps {
  database: Database
  audit: Pick<Audit, 'recordIn'>
  book: TariffBook
  labels: Labels
  /** Wraps what the memory says, e.g. with the second opinion. */
  wrap: (provider: Provider) => Provider
  now: () => number
  newId: () => string
  log: FailureLog
}

export interface WorkspaceMemory {
  approvals: Approvals
  codes: CodeCheck
  recall: Recall
  provider: Provider
  close(): void
}

export function openMemory({ database, audit, book, labels, wrap, now, newId, log }: MemoryDeps): WorkspaceMemory {
  const codes = createCodeCheck({ book, labels, now })
  const approvals = createApprovals({ database, audit, now, newId, onChange: (id) => recall.changed(id) })
  const recall = createRecall({ approvals, exists: (...asked) => codes.exists(...asked), log })
  // Other processes' changes, and once more one's own.
  const close = database.listen('memory', (workspaceId) => recall.changed(workspaceId))
  return { approvals, codes, recall, provider: wrap(memoryProvider), close }
}
