/** The points beside a batch's answers. */
import { LRUCache } from 'lru-cache'
import { DatabaseAwayError } from '../database.ts'
import type { Balance, Ledger } from '../ledger/ledger.ts'
import type { PointsSummary } from '../../shared/protocol.ts'

const WORKSPACES_MAX = 10_000

export type SummarisePoints = (workspaceId: string, spent: number) => Promise<PointsSummary>

/** Answers that memory holds do not fail because the database is away: beside them stands then what was last seen. */
export function createSummarisePoints(ledger: Pick<Ledger, 'balance'>): SummarisePoints {
  const lastSeen = new LRUCache<string, Balance>({ max: WORKSPACES_MAX })
  return async (workspaceId, spent) => {
    let balance
    try {
      balance = await ledger.balance(workspaceId)
      lastSeen.set(workspaceId, balance)
    } catch (error) {
      balance = error instanceof DatabaseAwayError ? lastSeen.get(workspaceId) : undefined
      if (!balance) throw error
    }
    return { balance: balance.spendable, held: balance.held, spent }
  }
}
