/**
 * Which addresses jiayou calls when a task is finished. The document names these calls and their arguments, not their methods nor
 * their replies: what changes something is a POST, what reads is a GET, and whatever comes back is optional.
 */
import * as z from 'zod/mini'
import { cleanText } from '../clean-text.ts'
import type { JiayouCaller } from './call.ts'
import { webhookCreated, webhookItem } from './schema.ts'

export interface Webhook {
  id: number
  url: string
  enabled: boolean
}

/** Each throws {ProviderError}; without a JWT in the credential before anything is sent. */
export interface JiayouWebhooks {
  /**
   * @param secret signs the calls; left out, one of 32 characters is made there. The secret that holds is returned: keep it, it is
   * shown nowhere else. Null where neither we nor the reply names one.
   */
  create(url: string, secret?: string, signal?: AbortSignal): Promise<{ id: number | null; secret: string | null }>
  list(signal?: AbortSignal): Promise<Webhook[]>
  toggle(id: number, enabled: boolean, signal?: AbortSignal): Promise<void>
  delete(id: number, signal?: AbortSignal): Promise<void>
  /** Calls that were made, field by field as they come, cleaned. */
  logs(signal?: AbortSignal): Promise<Record<string, string>[]>
}

export function createWebhooks(caller: JiayouCaller): JiayouWebhooks {
  const change = async (path: string, json: object, signal: AbortSignal | undefined): Promise<unknown> =>
    caller.call({ method: 'POST', path, json, data: z.optional(z.unknown()), auth: 'jwt', signal })
  const read = async (path: string, signal: AbortSignal | undefined): Promise<unknown[]> =>
    listIn(
      await caller.call({ method: 'GET', path, data: z.optional(z.unknown()), auth: 'jwt', repeatable: true, signal }),
    )
  return {
    async create(url, secret, signal) {
      const created = webhookCreated.safeParse(
        await change('/api/webhook/create', { webhook_url: url, secret }, signal),
      ).data
      return { id: created?.webhook_id ?? created?.id ?? null, secret: secret ?? created?.secret ?? null }
    },
    list: async (signal) => (await read('/api/webhook/list', signal)).flatMap(readWebhook),
    async toggle(id, enabled, signal) {
      await change('/api/webhook/toggle', { webhook_id: id, status: enabled ? 1 : 0 }, signal)
    },
    async delete(id, signal) {
      await change('/api/webhook/delete', { webhook_id: id }, signal)
    },
    logs: async (signal) => (await read('/api/webhook/logs', signal)).map(readLog),
  }
}

/** A list as such, or in `items` as the tasks are. */
function listIn(data: unknown): unknown[] {
  if (Array.isArray(data)) return data as unknown[]
  const items = (data as { items?: unknown } | null | undefined)?.items
  return Array.isArray(items) ? (items as unknown[]) : []
}

function readWebhook(item: unknown): Webhook[] {
  const webhook = webhookItem.safeParse(item).data
  const id = webhook?.webhook_id ?? webhook?.id ?? null
  if (!webhook || id === null) return []
  return [
    { id, url: cleanText(webhook.webhook_url ?? webhook.url), enabled: webhook.status === 1 || webhook.status === '1' },
  ]
}

const FIELDS_MAX = 20

function readLog(item: unknown): Record<string, string> {
  if (typeof item !== 'object' || item === null) return {}
  const fields = Object.entries(item)
    .filter(([name]) => /^[a-z_]{1,40}$/.test(name) && !/secret|signature|token/.test(name))
    .slice(0, FIELDS_MAX)
  return Object.fromEntries(fields.map(([name, value]) => [name, cleanText(value)]))
}
