/**
 * Credentials of upstreams: the only reader and writer of their table. At rest they are encrypted, together with the address they
 * are sent to: whoever can write the database can neither read them nor have them sent elsewhere.
 */
import { failure, FailureError, type Failure } from '../../shared/error-codes.ts'
import { createAudit, OPERATOR } from '../audit/audit.ts'
import type { Database } from '../database.ts'
import type { Credential, UpstreamName } from '../providers/upstream.ts'
import type { MasterKey, MasterKeySource } from './master-key.ts'
import { seal, unseal } from './seal.ts'

export interface CredentialsDeps {
  database: Database
  masterKey: MasterKeySource
  now: () => number
  newId: () => string
}

export interface KeptCredential {
  credential: Credential
  /** Base address in the place of the upstream's own; null: its own. */
  url: string | null
}

/** What may be shown of a credential. */
export interface CredentialEntry {
  workspaceId: string
  upstream: string
  /** Names of the fields that are set; null when the row cannot be opened. */
  fields: string[] | null
  url: string | null
  changedAt: number
  /** Another text after every set: the nonce, because two changes within a millisecond are two changes. */
  version: string
}

interface CredentialRow {
  workspace_id: string
  upstream: string
  key_id: string
  nonce: string
  sealed: string
  url: string | null
  changed_at: number
}

const COLUMNS = 'workspace_id, upstream, key_id, nonce, sealed, url, changed_at'

export type Credentials = ReturnType<typeof createCredentials>

export function createCredentials({ database, masterKey, now, newId }: CredentialsDeps) {
  const { file } = masterKey
  const audit = createAudit({ database, now, newId })

  /** One key for all rows: a row under a second key is one that the running proxy cannot open. */
  const keyForWriting = async (): Promise<MasterKey> => {
    const master = masterKey.existing()
    const other = await database.get<{ upstream: string; key_id: string }>(
      `SELECT upstream, key_id FROM credential WHERE key_id <> $1
       UNION ALL SELECT 'a webhook' AS upstream, key_id FROM webhook WHERE key_id <> $1 ORDER BY upstream LIMIT 1`,
      [master?.id ?? ''],
    )
    if (!other) return master ?? masterKey.existingOrNew()
    const { detail } = otherKey(other, master)
    throw new FailureError(failure('master-key', { detail: `${detail}. If that key is lost, remove them first`, file }))
  }

  return {
    /** @throws {FailureError} `master-key` when something is kept under another key. */
    keyForWriting,

    /** Keeps a credential, in the place of the one that was there.
     * @throws {FailureError} `master-key` when others are kept under another key.
     */
    async set(workspaceId: string, upstream: UpstreamName, credential: Credential, url: string | null): Promise<void> {
      const master = await keyForWriting()
      const kept: KeptCredential = { credential, url }
      const { keyId, nonce, sealed } = seal(JSON.stringify(kept), { workspaceId, upstream }, master)
      await database.transaction(
        async (tx) => {
          const changed = await tx.run(
            `INSERT INTO credential(${COLUMNS}) VALUES($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT(workspace_id, upstream) DO UPDATE SET key_id = excluded.key_id, nonce = excluded.nonce,
               sealed = excluded.sealed, url = excluded.url, changed_at = excluded.changed_at
             WHERE credential.nonce <> excluded.nonce`,
            [workspaceId, upstream, keyId, nonce, sealed, url, now()],
          )
          // 0 where a run before has written it.
          if (changed !== 1) return
          const detail = { upstream, fields: Object.keys(credential).sort().join(', '), url }
          await audit.recordIn(tx, { workspaceId, actor: OPERATOR, action: 'credential.set', detail })
          await tx.notify('credentials', workspaceId)
        },
        { repeatable: true },
      )
    },

    /** @returns null when there is none. @throws {FailureError} `master-key` when it cannot be opened. */
    async read(workspaceId: string, upstream: UpstreamName): Promise<KeptCredential | null> {
      const row = await database.get<CredentialRow>(
        `SELECT ${COLUMNS} FROM credential WHERE workspace_id = $1 AND upstream = $2`,
        [workspaceId, upstream],
      )
      if (!row) return null
      const opened = openRow(row, masterKey.existing())
      if ('detail' in opened) throw new FailureError(unopened(opened, file))
      return opened
    },

    /** Everything but the secrets. A row that cannot be opened is listed without its fields. */
    async list(): Promise<{ entries: CredentialEntry[]; failed: Failure | null }> {
      const rows = await database.all<CredentialRow>(
        `SELECT ${COLUMNS} FROM credential ORDER BY workspace_id, upstream`,
      )
      const master = rows.length === 0 ? null : masterKey.existing()
      const opened = rows.map((row) => openRow(row, master))
      const broken = opened.find((one) => 'detail' in one)
      return {
        entries: rows.map((row, at) => ({
          workspaceId: row.workspace_id,
          upstream: row.upstream,
          fields: fieldsOf(opened[at]!),
          url: row.url,
          changedAt: row.changed_at,
          version: row.nonce,
        })),
        failed: broken ? unopened(broken, file) : null,
      }
    },

    /** @returns false when there was none. Needs no key. */
    async remove(workspaceId: string, upstream: UpstreamName): Promise<boolean> {
      return database.transaction(async (tx) => {
        const changed = await tx.run('DELETE FROM credential WHERE workspace_id = $1 AND upstream = $2', [
          workspaceId,
          upstream,
        ])
        if (changed !== 1) return false
        await audit.recordIn(tx, { workspaceId, actor: OPERATOR, action: 'credential.remove', detail: { upstream } })
        await tx.notify('credentials', workspaceId)
        return true
      })
    },
  }
}

interface Unopened {
  detail: string
}

function openRow(row: CredentialRow, master: MasterKey | null): KeptCredential | Unopened {
  if (!master || row.key_id !== master.id) return otherKey(row, master)
  const text = unseal(
    { keyId: row.key_id, nonce: row.nonce, sealed: row.sealed },
    { workspaceId: row.workspace_id, upstream: row.upstream },
    master,
  )
  const kept = text === null ? null : (JSON.parse(text) as KeptCredential)
  return kept && kept.url === row.url ? kept : { detail: `the row of ${row.upstream} was changed from outside` }
}

function otherKey(
  { upstream, key_id: keyId }: { upstream: string; key_id: string },
  master: MasterKey | null,
): Unopened {
  const here = master ? `this is key ${master.id}` : 'there is no key here'
  return { detail: `${upstream} is kept under key ${keyId}, and ${here}` }
}

function unopened({ detail }: Unopened, file: string): Failure {
  return failure('master-key', { detail, file })
}

function fieldsOf(opened: KeptCredential | Unopened): string[] | null {
  return 'detail' in opened ? null : Object.keys(opened.credential).sort()
}
