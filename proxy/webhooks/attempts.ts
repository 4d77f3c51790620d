/**
 * The table as senders share it. A sender leases a webhook, not a delivery: nobody else sends to it meanwhile, on whichever machine.
 * A sender that is killed is believed until its lease ends; then the same delivery goes out again, with the same webhook-id.
 */
import type { Audit } from '../audit/audit.ts'
import type { Sealed } from '../credentials/seal.ts'
import type { Database, Rows, Transaction } from '../database.ts'
import type { Reached } from './post-event.ts'
import { pauseAfter, restAfter } from './schedule.ts'

export interface DueWebhook {
  id: string
  workspaceId: string
}

/** One attempt that is ours to make. */
export interface Claimed extends Sealed {
  leaseId: string
  webhookId: string
  workspaceId: string
  url: string
  deliveryId: string
  messageId: string
  type: string
  body: string
  /** Made before this one. */
  attempts: number
}

export type DisabledReason = 'gone' | 'failing'

export interface Recorded {
  /** `void`: the lease was somebody else's by then, or the webhook is removed; theirs counts. */
  outcome: 'delivered' | 'again' | 'failed' | 'void'
  disabled: DisabledReason | null
}

/** Longer than an attempt with all its waiting for the database. */
export const LEASE_MS = 60_000
const GIVEN_UP_MAX = 3
const FAILING_MAX_MS = 5 * 24 * 3600_000
/** Actor in the audit. */
const SENDER = 'webhooks'

/** Webhooks with something to send, those served longest ago first. */
export async function readDue(database: Rows, now: number, limit: number): Promise<DueWebhook[]> {
  return database.all<DueWebhook>(
    `SELECT w.id, w.workspace_id AS "workspaceId" FROM webhook w
     WHERE w.state = 'active' AND w.lease_until <= $1 AND w.rest_until <= $1 AND EXISTS(
       SELECT 1 FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.next_at <= $1)
     ORDER BY w.served_at, w.id LIMIT $2`,
    [now, limit],
  )
}

/** @returns null when another was faster, or there is nothing to send any more. */
export async function claimNext(
  database: Database,
  { webhookId, leaseId, now }: { webhookId: string; leaseId: string; now: number },
): Promise<Claimed | null> {
  return database.transaction(
    async (tx) => {
      // `lease_by = $2` for the second run of a transaction whose first one was committed after all.
      const webhook = await tx.get<Pick<Claimed, 'workspaceId' | 'url' | keyof Sealed>>(
        `UPDATE webhook SET lease_by = $2, lease_until = $4, served_at = $3
         WHERE id = $1 AND state = 'active' AND rest_until <= $3 AND (lease_until <= $3 OR lease_by = $2)
         RETURNING workspace_id AS "workspaceId", url, key_id AS "keyId", nonce, sealed`,
        [webhookId, leaseId, now, now + LEASE_MS],
      )
      if (!webhook) return null
      const delivery = await tx.get<Pick<Claimed, 'deliveryId' | 'messageId' | 'type' | 'body' | 'attempts'>>(
        `SELECT id AS "deliveryId", message_id AS "messageId", type, body, attempts FROM webhook_delivery
         WHERE webhook_id = $1 AND state = 'waiting' AND next_at <= $2 ORDER BY next_at, created_at, id LIMIT 1`,
        [webhookId, now],
      )
      if (delivery) return { leaseId, webhookId, ...webhook, ...delivery }
      await giveBack(tx, webhookId, leaseId)
      return null
    },
    { repeatable: true },
  )
}

/** The attempt was not made, and that is not the receiver's fault: it is made later. */
export async function postpone(database: Database, claimed: Claimed, until: number): Promise<void> {
  await database.transaction(
    async (tx) => {
      if (!(await giveBack(tx, claimed.webhookId, claimed.leaseId))) return
      await tx.run("UPDATE webhook_delivery SET next_at = $2 WHERE id = $1 AND state = 'waiting'", [
        claimed.deliveryId,
        until,
      ])
    },
    { repeatable: true },
  )
}

/** What became of an attempt; the webhook is free for the next one. */
export async function recordAttempt(
  { database, audit }: { database: Database; audit: Pick<Audit, 'recordIn'> },
  claimed: Claimed,
  reached: Reached,
  { now, random }: { now: number; random: number },
): Promise<Recorded> {
  const status = 'status' in reached ? reached.status : null
  const isDelivered = status !== null && status >= 200 && status < 300
  const isGone = status === 410
  const rest = isDelivered || status === null ? 0 : restAfter(status, retryAfterOf(reached))
  const attempts = claimed.attempts + 1
  const pause = isDelivered || isGone ? null : pauseAfter(claimed.type, attempts, random)
  return database.transaction(
    async (tx) => {
      const webhook = await giveBack(tx, claimed.webhookId, claimed.leaseId)
      if (!webhook) return { outcome: 'void', disabled: null }
      const outcome = isDelivered ? 'delivered' : pause === null ? 'failed' : 'again'
      const changed = await tx.run(
        // Not when it was sent anew by hand meanwhile: that one begins at the first attempt.
        `UPDATE webhook_delivery SET state = $3, attempts = $4, next_at = $5, last_at = $6, last_status = $7,
           last_trouble = $8, finished_at = $9 WHERE id = $1 AND state = 'waiting' AND attempts = $2`,
        [
          claimed.deliveryId,
          claimed.attempts,
          outcome === 'again' ? 'waiting' : outcome,
          attempts,
          now + Math.max(pause ?? 0, rest),
          now,
          status,
          'trouble' in reached ? reached.trouble : null,
          outcome === 'again' ? null : now,
        ],
      )
      if (changed !== 1) return { outcome: 'void', disabled: null }
      if (isDelivered) {
        await tx.run('UPDATE webhook SET given_up = 0, failing_since = NULL WHERE id = $1', [claimed.webhookId])
        return { outcome, disabled: null }
      }
      // A ping that fails says so itself.
      const givenUp = webhook.givenUp + (outcome === 'failed' && claimed.type !== 'ping' ? 1 : 0)
      const since = webhook.failingSince ?? now
      await tx.run('UPDATE webhook SET given_up = $2, failing_since = $3, rest_until = $4 WHERE id = $1', [
        claimed.webhookId,
        givenUp,
        since,
        now + rest,
      ])
      const isFailing = givenUp >= GIVEN_UP_MAX || now - since >= FAILING_MAX_MS
      const reason = isGone ? 'gone' : isFailing ? 'failing' : null
      return { outcome, disabled: reason && (await disable(tx, audit, claimed, reason)) ? reason : null }
    },
    { repeatable: true },
  )
}

/** @returns how it stood; undefined when the lease is not ours any more. The row stays locked to the end of the transaction. */
async function giveBack(
  tx: Transaction,
  webhookId: string,
  leaseId: string,
): Promise<{ givenUp: number; failingSince: number | null } | undefined> {
  return tx.get(
    `UPDATE webhook SET lease_by = NULL, lease_until = 0 WHERE id = $1 AND lease_by = $2
     RETURNING given_up AS "givenUp", failing_since AS "failingSince"`,
    [webhookId, leaseId],
  )
}

async function disable(
  tx: Transaction,
  audit: Pick<Audit, 'recordIn'>,
  { webhookId, workspaceId }: Claimed,
  reason: DisabledReason,
): Promise<boolean> {
  const changed = await tx.run(
    "UPDATE webhook SET state = 'disabled', disabled_reason = $2 WHERE id = $1 AND state = 'active'",
    [webhookId, reason],
  )
  if (changed !== 1) return false
  await audit.recordIn(tx, {
    workspaceId,
    actor: SENDER,
    action: 'webhook.disable',
    detail: { webhook: webhookId, reason },
  })
  return true
}

function retryAfterOf(reached: Reached): number | null {
  return 'status' in reached ? reached.retryAfterMs : null
}
