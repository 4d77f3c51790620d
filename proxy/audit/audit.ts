/** Who did what with money, seats and keys: written in the transaction that does it. No secret and no cell text goes in here. */
import type { Database, Transaction } from '../database.ts'

/** Actor at the command line. */
export const OPERATOR = 'operator'

export interface AuditRecord {
  /** '' is the deployment. */
  workspaceId: string
  /** A seat's id, {@link OPERATOR}, or the name of an outside service such as `stripe`. */
  actor: string
  /** Thing and deed, such as `seat.create`, `voucher.redeem`. */
  action: string
  detail: Readonly<Record<string, string | number | null>>
}

export interface AuditEntry extends AuditRecord {
  id: string
  /** Milliseconds since 1970. */
  at: number
}

export interface AuditPage {
  workspaceId?: string | undefined
  before?: Pick<AuditEntry, 'at' | 'id'> | undefined
  limit: number
}

export type Audit = ReturnType<typeof createAudit>

export function createAudit({ database, now, newId }: { database: Database; now: () => number; newId: () => string }) {
  return {
    async recordIn(tx: Transaction, { workspaceId, actor, action, detail }: AuditRecord): Promise<void> {
      await tx.run('INSERT INTO audit(id, at, workspace_id, actor, action, detail) VALUES($1, $2, $3, $4, $5, $6)', [
        newId(),
        now(),
        workspaceId,
        actor,
        action,
        JSON.stringify(detail),
      ])
    },

    /** Newest first. @param workspaceId undefined: of all. @param before the entry to continue below. */
    async list({ workspaceId, before, limit }: AuditPage): Promise<AuditEntry[]> {
      const rows = await database.all<Omit<AuditEntry, 'detail'> & { detail: string }>(
        `SELECT id, at, workspace_id AS "workspaceId", actor, action, detail FROM audit
         WHERE (at < $1 OR (at = $1 AND id < $2)) ${workspaceId === undefined ? '' : 'AND workspace_id = $4'}
         ORDER BY at DESC, id DESC LIMIT $3`,
        [
          before?.at ?? Number.MAX_SAFE_INTEGER,
          before?.id ?? '',
          limit,
          ...(workspaceId === undefined ? [] : [workspaceId]),
        ],
      )
      return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as AuditEntry['detail'] }))
    },
  }
}
