/** The webhooks of simulated jiayou: who is called when a task is finished, how it is signed, and how often it is tried. */
import { createHmac, randomBytes } from 'node:crypto'
import type { JiayouTask } from './jiayou-books.ts'

export interface SimulatedWebhook {
  webhook_id: number
  webhook_url: string
  secret: string
  status: 0 | 1
}

export interface WebhookCall {
  webhook_id: number | null
  task_id: number
  attempt: number
  /** 0: no reply came in time. */
  http_status: number
  success: boolean
}

export interface SimulatedWebhooks {
  /** Of one account. */
  of(key: string): { hooks: SimulatedWebhook[]; calls: WebhookCall[] }
  create(key: string, url: string, secret: string | undefined): SimulatedWebhook
  /** Calls every enabled webhook of the account, and the address named with the submit. */
  announce(key: string, task: JiayouTask, url: string | undefined): void
  /** Until everything under way is delivered or given up. */
  settled(): Promise<void>
  close(): void
}

const RETRIES_MAX = 3

/** @param timeoutMs a webhook that has not answered 2xx by then has failed; the document says 10 seconds. */
export function createWebhooks({ timeoutMs = 10_000, retryPauseMs = 10 }): SimulatedWebhooks {
  const accounts = new Map<string, { hooks: SimulatedWebhook[]; calls: WebhookCall[] }>()
  const underWay = new Set<Promise<void>>()
  const closing = new AbortController()
  let hookCount = 0

  const of = (key: string): { hooks: SimulatedWebhook[]; calls: WebhookCall[] } => {
    const own = accounts.get(key) ?? { hooks: [], calls: [] }
    accounts.set(key, own)
    return own
  }

  const deliver = async (
    calls: WebhookCall[],
    hook: { webhook_id: number | null; webhook_url: string; secret: string },
    task: JiayouTask,
  ): Promise<void> => {
    const body = JSON.stringify({
      event: 'task.completed',
      task_id: task.id,
      batch_no: task.batch_no,
      type: task.type,
      product_name: task.product_name,
      hscode: task.hscode,
      confidence: 0,
      status: task.status,
      error_msg: task.error_msg,
      created_at: task.created_at,
      finished_at: task.finished_at,
    })
    for (let attempt = 1; attempt <= 1 + RETRIES_MAX && !closing.signal.aborted; attempt++) {
      const httpStatus = await post(hook, body, AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]))
      const success = httpStatus >= 200 && httpStatus < 300
      calls.push({ webhook_id: hook.webhook_id, task_id: task.id, attempt, http_status: httpStatus, success })
      if (success) return
      await new Promise((resolve) => setTimeout(resolve, retryPauseMs))
    }
  }

  return {
    of,
    create(key, url, secret) {
      const hook: SimulatedWebhook = {
        webhook_id: ++hookCount,
        webhook_url: url,
        secret: secret ?? randomBytes(16).toString('hex'),
        status: 1,
      }
      of(key).hooks.push(hook)
      return hook
    },
    announce(key, task, url) {
      const { hooks, calls } = of(key)
      const addressed = [
        ...hooks.filter(({ status }) => status === 1),
        // Only a configured webhook has a secret, so this call is not signed.
        ...(url === undefined ? [] : [{ webhook_id: null, webhook_url: url, secret: '' }]),
      ]
      for (const hook of addressed) {
        const delivery = deliver(calls, hook, task).finally(() => underWay.delete(delivery))
        underWay.add(delivery)
      }
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    close: () => closing.abort(),
  }
}

/** @returns 0 when no reply came. */
async function post(hook: { webhook_url: string; secret: string }, body: string, signal: AbortSignal): Promise<number> {
  const signature = createHmac('sha256', hook.secret).update(body).digest('hex')
  try {
    const response = await fetch(hook.webhook_url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-webhook-timestamp': String(Math.floor(Date.now() / 1000)),
        ...(hook.secret === '' ? {} : { 'x-webhook-signature': `sha256=${signature}` }),
      },
      body,
      redirect: 'manual',
      signal,
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}
