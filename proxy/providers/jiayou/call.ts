/** One call to jiayou: its headers, its envelope, its errors, and a limit to the time it may take. */
import type * as z from 'zod/mini'
import { failure, type Failure } from '../../../shared/error-codes.ts'
import { createJsonClient } from '../fetch-json.ts'
import { ProviderError } from '../provider.ts'
import type { Connection } from '../upstream.ts'
import { envelope, refusal } from './schema.ts'
import { JIAYOU } from './to-answer.ts'

export interface JiayouRequest<Data> {
  method: 'GET' | 'POST'
  path: string
  query?: Readonly<Record<string, string | number | undefined>>
  json?: unknown
  /** What stands in `data`. */
  data: z.ZodMiniType<Data>
  /** `key`: key and secret. `jwt`: the token of a signed-in person, which managing webhooks takes. */
  auth?: 'key' | 'jwt'
  /** Costs nothing and changes nothing. */
  repeatable?: boolean
  signal?: AbortSignal | undefined
}

export interface JiayouCaller {
  /** @throws {ProviderError} */
  call<Data>(request: JiayouRequest<Data>): Promise<Data>
  close(): Promise<void>
}

export const CALL_TIMEOUT_MS = 30_000

export function createJiayouCaller({ baseUrl, credential }: Connection): JiayouCaller {
  // The document names its base address with `/api` and its paths with `/api` again: one of them is meant once.
  const client = createJsonClient({ provider: JIAYOU, baseUrl: baseUrl.replace(/\/api\/?$/, '') })
  return {
    async call({ data, auth = 'key', signal, ...request }) {
      const headers = auth === 'key' ? keyHeaders(credential) : jwtHeaders(credential)
      const reply = await withTimeLimit(signal, (limited) =>
        client.request({ ...request, headers, schema: envelope(data), readFailure, signal: limited }),
      )
      return reply.data
    },
    close: () => client.close(),
  }
}

function keyHeaders({ key = '', secret = '' }: Connection['credential']): Record<string, string> {
  return { 'x-api-key': key, 'x-api-secret': secret }
}

function jwtHeaders({ jwt = '' }: Connection['credential']): Record<string, string> {
  if (jwt === '') {
    throw new ProviderError('webhooks are managed with a JWT, and the credential has none', {
      provider: JIAYOU,
      failure: failure('upstream-key-refused', { provider: JIAYOU }),
      mayHaveBeenDone: false,
    })
  }
  return { authorization: `Bearer ${jwt}` }
}

// 积分不足 is how the document says it of submit; what a look-up says when points run out it leaves open.
const SHORT_OF_POINTS =
  /积分(?:余额)?不足|余额不足|(?:insufficient|not enough|out of) (?:points|credits?|balance)|no points left/i

/** All errors are code -1: only the status tells them apart, and for a lack of points the message. */
function readFailure(status: number, body: unknown): Failure | null {
  const refused = refusal.safeParse(body).data
  if (!refused || refused.code === 0) return null
  if (SHORT_OF_POINTS.test(refused.message ?? '')) return failure('upstream-no-points', { provider: JIAYOU })
  return status === 200 ? failure('provider-failed', { provider: JIAYOU }) : null
}

/** Not AbortSignal.timeout(): it lives until its time is up, however soon the call is over. */
async function withTimeLimit<Result>(
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer = setTimeout(abort, CALL_TIMEOUT_MS)
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted) abort()
  try {
    return await call(controller.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
