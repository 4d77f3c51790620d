/** The webhooks of a workspace and the log of what was sent to them. A foreign id is an unknown one. Secrets are shown once. */
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { ROTATION_HOURS, WEBHOOKS_PER_WORKSPACE_MAX, type EventType } from '../../shared/webhooks-protocol.ts'
import type { Audit } from '../audit/audit.ts'
import type { Credentials } from '../credentials/credentials.ts'
import type { MasterKeySource } from '../credentials/master-key.ts'
import type { Sealed } from '../credentials/seal.ts'
import type { Database, Transaction } from '../database.ts'
import type { Outbox } from './outbox.ts'
import { openSecrets, sealSecrets } from './sealed-secrets.ts'
import { newSecret } from './sign.ts'
import { readWebhookAddress, type AddressRules } from './webhook-address.ts'

export interface WebhooksDeps extends AddressRules {
  database: Database
  /** Knows the key that secrets are kept under, checked against what is kept already. */
  credentials: Pick<Credentials, 'keyForWriting'>
  masterKey: Pick<MasterKeySource, 'existing'>
  outbox: Pick<Outbox, 'emitToIn'>
  audit: Pick<Audit, 'recordIn'>
  now: () => number
  newId: () => string
}

export interface Webhook {
  id: string
  workspaceId: string
  url: string
  /** null: all there are and will be. */
  events: EventType[] | null
  state: 'active' | 'disabled'
  disabledReason: 'asked' | 'gone' | 'failing' | null
  createdAt: number
}

export interface Delivery {
  id: string
  webhookId: string
  messageId: string
  event: string
  state: 'waiting' | 'delivered' | 'failed'
  attempts: number
  lastStatus: number | null
  lastTrouble: string | null
  createdAt: number
  lastAt: number | null
  nextAt: number
  finishedAt: number | null
}

/** Whose they are, and who acts: a seat's id or the operator. */
export interface Owner {
  workspaceId: string
  actor: string
}

// What these write is guarded by an id or a secret made outside: a secret whose COMMIT was lost would never be shown.
const ONCE = { repeatable: true }
const ROTATION_MS = ROTATION_HOURS * 3600_000
const WEBHOOK_COLUMNS = `id, workspace_id AS "workspaceId", url, events, state, disabled_reason AS "disabledReason",
  created_at AS "createdAt"`
const DELIVERY_COLUMNS = `id, webhook_id AS "webhookId", message_id AS "messageId", type AS event, state, attempts,
  last_status AS "lastStatus", last_trouble AS "lastTrouble", created_at AS "createdAt", last_at AS "lastAt",
  next_at AS "nextAt", finished_at AS "finishedAt"`

export type Webhooks = ReturnType<typeof createWebhooks>

export function createWebhooks(deps: WebhooksDeps) {
  const { database, credentials, masterKey, outbox, audit, now, newId } = deps

  const record = (tx: Transaction, owner: Owner, deed: string, detail: Record<string, string>): Promise<void> =>
    audit.recordIn(tx, { ...owner, action: `webhook.${deed}`, detail })

  const findIn = async (rows: Pick<Database, 'get'>, workspaceId: string, id: string): Promise<Webhook | null> => {
    const row = await rows.get<WebhookRow>(
      `SELECT ${WEBHOOK_COLUMNS} FROM webhook WHERE id = $1 AND workspace_id = $2`,
      [id, workspaceId],
    )
    return row ? toWebhook(row) : null
  }

  return {
    /** @returns the secret beside it, which nothing shows again; or `bad-webhook-address`, `too-many-webhooks`. */
    async create(
      owner: Owner,
      wanted: { url: string; events: readonly EventType[] | null },
    ): Promise<{ webhook: Webhook; secret: string } | Failure> {
      const url = await readWebhookAddress(deps, wanted.url)
      if (isFailure(url)) return url
      const { workspaceId } = owner
      const master = await credentials.keyForWriting()
      const id = newId()
      const secret = newSecret()
      const { keyId, nonce, sealed } = sealSecrets({ current: secret, old: null }, { id, workspaceId }, master)
      const events = wanted.events === null ? null : JSON.stringify(wanted.events)
      const webhook = await database.transaction(async (tx) => {
        // Locks the workspace: two at once would each count the other out.
        await tx.run('UPDATE workspace SET name = name WHERE id = $1', [workspaceId])
        const others = await tx.get<{ n: number }>(
          'SELECT COUNT(*) AS n FROM webhook WHERE workspace_id = $1 AND id <> $2',
          [workspaceId, id],
        )
        if ((others?.n ?? 0) >= WEBHOOKS_PER_WORKSPACE_MAX) return null
        const added = await tx.run(
          `INSERT INTO webhook(id, workspace_id, url, events, key_id, nonce, sealed, created_at)
           VALUES($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT(id) DO NOTHING`,
          [id, workspaceId, url, events, keyId, nonce, sealed, now()],
        )
        if (added === 1) await record(tx, owner, 'create', { webhook: id, host: new URL(url).host })
        return findIn(tx, workspaceId, id)
      }, ONCE)
      return webhook ? { webhook, secret } : failure('too-many-webhooks', { max: WEBHOOKS_PER_WORKSPACE_MAX })
    },

    async list(workspaceId: string): Promise<Webhook[]> {
      const rows = await database.all<WebhookRow>(
        `SELECT ${WEBHOOK_COLUMNS} FROM webhook WHERE workspace_id = $1 ORDER BY created_at, id`,
        [workspaceId],
      )
      return rows.map(toWebhook)
    },

    /** Made active, it begins anew: failures before are forgotten, and what waits goes on. */
    async change(
      owner: Owner,
      id: string,
      wanted: { state?: Webhook['state'] | undefined; events?: readonly EventType[] | null | undefined },
    ): Promise<Webhook | Failure> {
      const { state, events } = wanted
      return database.transaction(async (tx) => {
        const key = [id, owner.workspaceId]
        const changes: Record<string, string> = { webhook: id }
        if (state === 'active') {
          await tx.run(
            `UPDATE webhook SET state = 'active', disabled_reason = NULL, given_up = 0, failing_since = NULL,
                 rest_until = 0 WHERE id = $1 AND workspace_id = $2`,
            key,
          )
        } else if (state === 'disabled') {
          await tx.run(
            `UPDATE webhook SET state = 'disabled', disabled_reason = 'asked'
               WHERE id = $1 AND workspace_id = $2 AND state = 'active'`,
            key,
          )
        }
        if (state) changes.state = state
        if (events !== undefined) {
          const list = events && JSON.stringify(events)
          await tx.run('UPDATE webhook SET events = $3 WHERE id = $1 AND workspace_id = $2', [...key, list])
          changes.events = events?.join(' ') ?? 'all'
        }
        const webhook = await findIn(tx, owner.workspaceId, id)
        if (!webhook) return unknown(id)
        await record(tx, owner, 'change', changes)
        if (state === 'active') await tx.notify('webhooks', owner.workspaceId)
        return webhook
      })
    },

    /** With what waits for it, and its log. */
    async remove(owner: Owner, id: string): Promise<true | Failure> {
      return database.transaction(async (tx) => {
        const removed = await tx.run('DELETE FROM webhook WHERE id = $1 AND workspace_id = $2', [id, owner.workspaceId])
        if (removed !== 1) return unknown(id)
        await tx.run('DELETE FROM webhook_delivery WHERE webhook_id = $1', [id])
        await record(tx, owner, 'remove', { webhook: id })
        return true
      })
    },

    /** A new secret, once shown; the one before signs beside it for {@link ROTATION_HOURS}, the one before that no more. */
    async rotate(owner: Owner, id: string): Promise<{ secret: string; oldUntil: number | null } | Failure> {
      const { workspaceId } = owner
      if (!(await findIn(database, workspaceId, id))) return unknown(id)
      const master = await credentials.keyForWriting()
      const secret = newSecret()
      return database.transaction(async (tx) => {
        // Locks the row: of two rotations at once the second one keeps the first one's secret as the old one.
        const kept = await tx.get<Sealed>(
          `UPDATE webhook SET nonce = nonce WHERE id = $1 AND workspace_id = $2
           RETURNING key_id AS "keyId", nonce, sealed`,
          [id, workspaceId],
        )
        if (!kept) return unknown(id)
        const before = openSecrets(kept, { id, workspaceId }, masterKey.existing())
        // This very transaction, run again after its COMMIT was lost.
        if (before?.current === secret) return { secret, oldUntil: before.old?.until ?? null }
        const old = before && { secret: before.current, until: now() + ROTATION_MS }
        const { keyId, nonce, sealed } = sealSecrets({ current: secret, old }, { id, workspaceId }, master)
        await tx.run('UPDATE webhook SET key_id = $2, nonce = $3, sealed = $4 WHERE id = $1', [
          id,
          keyId,
          nonce,
          sealed,
        ])
        await record(tx, owner, 'rotate', { webhook: id })
        return { secret, oldUntil: old?.until ?? null }
      }, ONCE)
    },

    /** Writes a ping, tried once. @returns the id of its delivery; or `webhook-unknown`, `webhook-disabled`. */
    async ping(owner: Owner, id: string): Promise<string | Failure> {
      return database.transaction(async (tx) => {
        const webhook = await findIn(tx, owner.workspaceId, id)
        if (!webhook) return unknown(id)
        if (webhook.state === 'disabled') return disabled(id)
        await endRest(tx, id)
        return outbox.emitToIn(tx, id, { workspaceId: owner.workspaceId, type: 'ping', data: { webhook: id } })
      })
    },

    /** Newest first. @param page.before id of the delivery to continue below. */
    async deliveries(
      workspaceId: string,
      id: string,
      page: { before: string | null; limit: number },
    ): Promise<Delivery[] | Failure> {
      if (!(await findIn(database, workspaceId, id))) return unknown(id)
      const below = page.before === null ? undefined : await deliveryIn(database, workspaceId, page.before)
      // Not the first page again: who reads on from a delivery that is forgotten by now has come to the end.
      if (page.before !== null && !below) return []
      return database.all<Delivery>(
        `SELECT ${DELIVERY_COLUMNS} FROM webhook_delivery
         WHERE webhook_id = $1 AND (created_at < $2 OR (created_at = $2 AND id < $3))
         ORDER BY created_at DESC, id DESC LIMIT $4`,
        [id, below?.createdAt ?? Number.MAX_SAFE_INTEGER, below?.id ?? '', page.limit],
      )
    },

    /**
     * Sends it once more from the first attempt on, with the same webhook-id, whatever became of it.
     * @returns the failure `webhook-unknown` or `webhook-disabled`.
     */
    async resend(owner: Owner, deliveryId: string): Promise<string | Failure> {
      return database.transaction(async (tx) => {
        const delivery = await deliveryIn(tx, owner.workspaceId, deliveryId)
        const webhook = delivery && (await findIn(tx, owner.workspaceId, delivery.webhookId))
        if (!webhook) return unknown(deliveryId)
        if (webhook.state === 'disabled') return disabled(webhook.id)
        await endRest(tx, webhook.id)
        await tx.run(
          `UPDATE webhook_delivery SET state = 'waiting', attempts = 0, next_at = $2, finished_at = NULL
             WHERE id = $1`,
          [deliveryId, now()],
        )
        await record(tx, owner, 'resend', { webhook: webhook.id, delivery: deliveryId })
        await tx.notify('webhooks', owner.workspaceId)
        return deliveryId
      })
    },

    /** Whose a webhook or a delivery is: for an operator, who may see all. */
    async workspaceOf(id: string): Promise<string | null> {
      const row = await database.get<{ workspaceId: string }>(
        `SELECT workspace_id AS "workspaceId" FROM webhook WHERE id = $1
         UNION ALL SELECT workspace_id FROM webhook_delivery WHERE id = $1`,
        [id],
      )
      return row?.workspaceId ?? null
    },
  }
}

/** A person asks for it now: the rest that the receiver asked for is over. */
async function endRest(tx: Transaction, id: string): Promise<void> {
  await tx.run('UPDATE webhook SET rest_until = 0 WHERE id = $1', [id])
}

function deliveryIn(
  rows: Pick<Database, 'get'>,
  workspaceId: string,
  id: string,
): Promise<Pick<Delivery, 'id' | 'webhookId' | 'createdAt'> | undefined> {
  return rows.get(
    `SELECT id, webhook_id AS "webhookId", created_at AS "createdAt" FROM webhook_delivery
     WHERE id = $1 AND workspace_id = $2`,
    [id, workspaceId],
  )
}

type WebhookRow = Omit<Webhook, 'events'> & { events: string | null }

function toWebhook({ events, ...row }: WebhookRow): Webhook {
  return { ...row, events: events === null ? null : (JSON.parse(events) as EventType[]) }
}

function unknown(id: string): Failure {
  return failure('webhook-unknown', { id })
}

function disabled(id: string): Failure {
  return failure('webhook-disabled', { id })
}
