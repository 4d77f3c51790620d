/**
 * Events leave through a table: a row for each webhook that wants one, written in the transaction that makes the event true. What
 * is rolled back was never told, and what is committed is told at least once.
 */
import assert from 'node:assert'
import { EVENT_BYTES_MAX, type EventData, type EventType } from '../../shared/webhooks-protocol.ts'
import type { Transaction } from '../database.ts'

export type NewEvent = { [Type in EventType]: { workspaceId: string; type: Type; data: EventData[Type] } }[EventType]

export type Outbox = ReturnType<typeof createOutbox>

export function createOutbox({ now, newId }: { now: () => number; newId: () => string }) {
  const insert = async (tx: Transaction, webhookId: string, messageId: string, event: NewEvent): Promise<string> => {
    const { workspaceId, type, data } = event
    const id = newId()
    const at = now()
    const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
    assert(Buffer.byteLength(body) <= EVENT_BYTES_MAX, `${type} is too large for an event`)
    await tx.run(
      `INSERT INTO webhook_delivery(id, webhook_id, workspace_id, message_id, type, body, next_at, created_at)
       VALUES($1, $2, $3, $4, $5, $6, $7, $7)`,
      [id, webhookId, workspaceId, messageId, type, body, at],
    )
    await tx.notify('webhooks', workspaceId)
    return id
  }

  return {
    /** Whether anyone wants to hear of it: asked before anything is looked up for an event's data. */
    async isWantedIn(tx: Transaction, workspaceId: string, type: EventType): Promise<boolean> {
      return (await listenersOf(tx, workspaceId, type)).length > 0
    },

    /** To every active webhook of the workspace that wants this type. */
    async emitIn(tx: Transaction, event: NewEvent): Promise<void> {
      const listeners = await listenersOf(tx, event.workspaceId, event.type)
      const messageId = newMessageId(newId)
      for (const webhookId of listeners) await insert(tx, webhookId, messageId, event)
    },

    /** To one webhook, whatever it wants. @returns the id of the delivery. */
    emitToIn(tx: Transaction, webhookId: string, event: NewEvent): Promise<string> {
      return insert(tx, webhookId, newMessageId(newId), event)
    },
  }
}

/** No lock is taken on them: a charge waits for nobody who changes a webhook. */
async function listenersOf(tx: Transaction, workspaceId: string, type: EventType): Promise<string[]> {
  const rows = await tx.all<{ id: string; events: string | null }>(
    "SELECT id, events FROM webhook WHERE workspace_id = $1 AND state = 'active' ORDER BY created_at, id",
    [workspaceId],
  )
  return rows
    .filter(({ events }) => events === null || (JSON.parse(events) as string[]).includes(type))
    .map(({ id }) => id)
}

function newMessageId(newId: () => string): string {
  return `msg_${newId()}`
}
