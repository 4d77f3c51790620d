/** One attempt: one POST, whose reply is a status and nothing else. */
import type { Client } from 'undici'
import { openPublicClient, troubleOf, type Trouble } from '../public-client.ts'
import { readRetryAfter } from './schedule.ts'
import { isCallable, type AddressRules } from './webhook-address.ts'

export interface PostSettings extends AddressRules {
  /** For all of it: the name, the connection, the reply. */
  timeoutMs: number
  now: () => number
}

export type Reached = { status: number; retryAfterMs: number | null } | { trouble: Trouble | 'refused' }

// Read so that an honest receiver can end what it says; nobody looks at it.
const REPLY_BYTES_MAX = 64 * 1024

/** Never throws. Redirects are not followed: a status 3xx is one that is not 2xx. */
export async function postEvent(
  settings: PostSettings,
  address: string,
  body: string,
  signed: Readonly<Record<string, string>>,
): Promise<Reached> {
  const url = new URL(address)
  if (!isCallable(url, settings.allowPrivate)) return { trouble: 'refused' }
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), settings.timeoutMs)
  const { signal } = limit
  let client: Client | null = null
  try {
    // Judged at every attempt: a name may lead elsewhere by now.
    const opened = await openPublicClient({ ...settings, signal }, url)
    if (opened === 'inside') return { trouble: 'refused' }
    client = opened
    const response = await client.request({
      method: 'POST',
      path: url.pathname + url.search,
      headers: { ...HEADERS, ...signed },
      body,
      signal,
    })
    response.body.on('error', () => {})
    await discard(response.body)
    const { statusCode: status, headers } = response
    return { status, retryAfterMs: readRetryAfter(headers['retry-after'], settings.now()) }
  } catch (error) {
    return { trouble: troubleOf(error, signal) }
  } finally {
    clearTimeout(timer)
    await client?.destroy()
  }
}

const HEADERS = {
  'content-type': 'application/json',
  'accept-encoding': 'identity',
  'user-agent': 'Tariffcell-Webhooks',
}

/** The status is known by now: a body that never ends, or breaks off, changes nothing about it. */
async function discard(body: AsyncIterable<Buffer>): Promise<void> {
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > REPLY_BYTES_MAX) return
    }
  } catch {
    // Cut off by the time limit or by the other side.
  }
}
