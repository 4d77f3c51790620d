/**
 * One question, one payment, across processes. Whoever asks an upstream claims the question in the transaction that holds the points
 * for it; others wait for the answer. A claim is as good as its hold: while the hold is open nobody else may ask; once it has run out
 * the next one resolves it and takes the question over, and the late answer of the first can no longer be charged.
 */
import type { Database, Rows, Transaction } from '../database.ts'
import type { Ledger } from '../ledger/ledger.ts'

export interface ClaimsDeps {
  database: Database
  ledger: Pick<Ledger, 'expireIn'>
  now: () => number
}

export type Claims = ReturnType<typeof createClaims>

// Few enough distinct statement texts to stay prepared.
const HASHES_PER_STATEMENT = 100

export function createClaims({ database, ledger, now }: ClaimsDeps) {
  return {
    /**
     * Claims what nobody else is asking. Call it before the hold is made in the same transaction: claims before accounts.
     * @param hashes of answer keys.
     * @returns those that are ours now.
     */
    async takeIn(
      tx: Transaction,
      workspaceId: string,
      hashes: readonly string[],
      holdId: string,
    ): Promise<Set<string>> {
      const taken = new Set<string>()
      // In one order everywhere, or two processes could wait for each other.
      // A question that is asked both fresh and not has one claim.
      for (const some of slices([...new Set(hashes)].sort())) {
        await dropStale(tx, workspaceId, some)
        // Its own it may take again: a transaction whose COMMIT was lost is run once more.
        const rows = await tx.all<{ key_hash: string }>(
          `INSERT INTO question_claim(workspace_id, key_hash, hold_id)
           VALUES ${some.map((_, at) => `($1, $${at + 3}, $2)`).join(', ')} 
           ON CONFLICT(workspace_id, key_hash) DO UPDATE SET hold_id = excluded.hold_id
             WHERE question_claim.hold_id = excluded.hold_id RETURNING key_hash`,
          [workspaceId, holdId, ...some],
        )
        for (const { key_hash: hash } of rows) taken.add(hash)
      }
      return taken
    },

    /** Gives up what is not asked after all. */
    async giveUpIn(tx: Transaction, workspaceId: string, hashes: readonly string[], holdId: string): Promise<void> {
      for (const some of slices(hashes)) {
        await tx.run(
          `DELETE FROM question_claim WHERE workspace_id = $1 AND hold_id = $2 AND key_hash IN (${marks(some, 3)})`,
          [workspaceId, holdId, ...some],
        )
      }
    },

    /** Ends all claims of a hold, in the transaction that resolves it. */
    async endIn(tx: Transaction, holdId: string): Promise<void> {
      await tx.run('DELETE FROM question_claim WHERE hold_id = $1', [holdId])
    },

    /** Which of these somebody is asking. */
    async underWay(workspaceId: string, hashes: readonly string[]): Promise<Set<string>> {
      const found = new Set<string>()
      for (const some of slices(hashes)) {
        const rows = await database.all<{ key_hash: string }>(
          `SELECT c.key_hash FROM question_claim c JOIN hold h ON h.id = c.hold_id
           WHERE c.workspace_id = $1 AND h.state = 'held' AND h.expires_at > $2 AND c.key_hash IN (${marks(some, 3)})`,
          [workspaceId, now(), ...some],
        )
        for (const { key_hash: hash } of rows) found.add(hash)
      }
      return found
    },

    /** Takes away what is left of holds that are resolved. */
    async sweep(): Promise<void> {
      await database.run(
        `DELETE FROM question_claim WHERE NOT EXISTS (
           SELECT 1 FROM hold h WHERE h.id = question_claim.hold_id AND h.state = 'held')`,
      )
    },
  }

  /** The hold that ran out is resolved first: from then on its late answer is charged to nobody. */
  async function dropStale(tx: Transaction, workspaceId: string, hashes: readonly string[]): Promise<void> {
    const stale = await staleHolds(tx, workspaceId, hashes, now())
    for (const { id } of stale) {
      await ledger.expireIn(tx, id)
      // Not if it was extended a moment ago: then it is open, and so is its claim.
      await tx.run(
        `DELETE FROM question_claim WHERE hold_id = $1
           AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.id = $1 AND h.state = 'held')`,
        [id],
      )
    }
  }
}

function staleHolds(
  rows: Rows,
  workspaceId: string,
  hashes: readonly string[],
  now: number,
): Promise<{ id: string }[]> {
  return rows.all(
    `SELECT DISTINCT h.id FROM question_claim c JOIN hold h ON h.id = c.hold_id
     WHERE c.workspace_id = $1 AND (h.state <> 'held' OR h.expires_at <= $2) AND c.key_hash IN (${marks(hashes, 3)})
     ORDER BY h.id`,
    [workspaceId, now, ...hashes],
  )
}

function marks(values: readonly string[], from: number): string {
  return values.map((_, at) => `$${at + from}`).join(', ')
}

function slices(hashes: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(hashes.length / HASHES_PER_STATEMENT) }, (_, at) =>
    hashes.slice(at * HASHES_PER_STATEMENT, (at + 1) * HASHES_PER_STATEMENT),
  )
}
