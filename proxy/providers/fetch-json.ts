/**
 * The one way to an upstream: a pool of connections, a bounded reply, JSON checked against its schema, and every trouble a
 * {@link ProviderError} with the sentence for the cell. No redirect is followed: it would carry the credential elsewhere.
 */
import { Pool, type Dispatcher } from 'undici'
import * as z from 'zod/mini'
import { failure, type Failure } from '../../shared/error-codes.ts'
import { ProviderError } from './provider.ts'

export interface JsonRequest<Reply> {
  method: 'GET' | 'POST'
  /** Below the base address, e.g. `/api/api/submit`. */
  path: string
  query?: Readonly<Record<string, string | number | undefined>>
  headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  json?: unknown
  /** Sent as application/x-www-form-urlencoded. */
  form?: Readonly<Record<string, string>>
  /** What a good reply is. */
  schema: z.ZodMiniType<Reply>
  /** Status of a good reply; 200 unless the document says otherwise. */
  status?: number
  /**
   * Reads a named failure out of a reply that is none of the good ones; null leaves it to the status.
   * `body` is whatever JSON came, undefined when none did.
   */
  readFailure?: (status: number, body: unknown) => Failure | null
  /** True for a look-up that costs nothing and changes nothing: then an unknown outcome may be sent again. */
  repeatable?: boolean
  signal: AbortSignal
}

export interface JsonClient {
  /** @throws {ProviderError} */
  request<Reply>(request: JsonRequest<Reply>): Promise<Reply>
  close(): Promise<void>
}

const REPLY_BYTES_MAX = 4_000_000
const CONNECTIONS = 50
const CONNECT_TIMEOUT_MS = 5000

/** @param defaultHeaders sent with every request; the credential among them. */
export function createJsonClient(settings: {
  provider: string
  baseUrl: string
  defaultHeaders?: Readonly<Record<string, string>>
}): JsonClient {
  const { provider, baseUrl, defaultHeaders = {} } = settings
  const base = new URL(baseUrl)
  const pool = new Pool(base.origin, {
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // A reply that says nothing for so long is lost; the caller's signal bounds the whole.
    headersTimeout: 60_000,
    bodyTimeout: 20_000,
  })
  const prefix = base.pathname.replace(/\/$/, '')

  return {
    async request(request) {
      const response = await send(
        pool,
        provider,
        {
          method: request.method,
          path: prefix + request.path + queryText(request.query),
          headers: { accept: 'application/json', ...defaultHeaders, ...bodyType(request), ...request.headers },
          body: bodyText(request),
          signal: request.signal,
        },
        request.repeatable ?? false,
      )
      const text = await readBody(response, provider, request)
      return readReply(provider, request, response, text)
    },
    close: () => pool.close(),
  }
}

function queryText(query: JsonRequest<unknown>['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`
}

function bodyType({ json, form }: JsonRequest<unknown>): Record<string, string> {
  if (form) return { 'content-type': 'application/x-www-form-urlencoded' }
  return json === undefined ? {} : { 'content-type': 'application/json' }
}

function bodyText({ json, form }: JsonRequest<unknown>): string | null {
  if (form) return new URLSearchParams(form).toString()
  return json === undefined ? null : JSON.stringify(json)
}

// The connection was never made, so nothing was asked.
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // The pool was closed while the call stood in line for a connection.
  'UND_ERR_CLOSED',
])

async function send(
  pool: Pool,
  provider: string,
  options: Dispatcher.RequestOptions,
  repeatable: boolean,
): Promise<Dispatcher.ResponseData> {
  try {
    return await pool.request(options)
  } catch (error) {
    throw lost(provider, error, options.signal as AbortSignal, repeatable)
  }
}

/** @throws {ProviderError} for a body that breaks off, drips past the caller's patience, or has no end. */
async function readBody(
  response: Dispatcher.ResponseData,
  provider: string,
  request: JsonRequest<unknown>,
): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > REPLY_BYTES_MAX) {
        response.body.destroy()
        throw unreadable(provider, `more than ${REPLY_BYTES_MAX / 1e6} MB`, request.repeatable)
      }
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof ProviderError ? error : lost(provider, error, request.signal, request.repeatable ?? false)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function lost(provider: string, error: unknown, signal: AbortSignal, repeatable: boolean): ProviderError {
  const code = (error as NodeJS.ErrnoException).code ?? (error as Error).name
  const neverSent = NEVER_SENT.has(code)
  return new ProviderError(neverSent ? `not reached (${code})` : `the reply was lost (${code})`, {
    provider,
    failure: failure(signal.aborted ? 'provider-timeout' : 'provider-busy', { provider }),
    mayHaveBeenDone: !neverSent && !repeatable,
  })
}

function readReply<Reply>(
  provider: string,
  request: JsonRequest<Reply>,
  response: Dispatcher.ResponseData,
  text: string,
): Reply {
  const { statusCode } = response
  const body = parse(text)
  const named = request.readFailure?.(statusCode, body) ?? null
  const repeatable = request.repeatable ?? false
  if (named === null && body === undefined && statusCode >= 200 && statusCode < 300) {
    throw unreadable(provider, 'no JSON', repeatable)
  }
  if (named !== null || statusCode !== (request.status ?? 200)) {
    throw new ProviderError(`status ${statusCode}${named ? `: ${named.failed}` : ''}`, {
      provider,
      failure: named ?? failureOfStatus(provider, statusCode),
      retryAfterMs: retryAfter(response.headers['retry-after']),
      // A refusal says that nothing was done; an error inside may have come after the deed.
      mayHaveBeenDone: !isRefusal(statusCode) && !repeatable,
    })
  }
  const checked = z.safeParse(request.schema, body)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    // Where and what kind; never the value, which may be anything.
    throw unreadable(provider, `${issue?.path.join('.') || 'the reply'}: ${issue?.code ?? 'unexpected'}`, repeatable)
  }
  return checked.data
}

function isRefusal(status: number): boolean {
  return (status >= 400 && status < 500) || status === 503
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function unreadable(provider: string, detail: string, repeatable = false): ProviderError {
  return new ProviderError(`unreadable: ${detail}`, {
    provider,
    failure: failure('upstream-unreadable', { provider, detail }),
    mayHaveBeenDone: !repeatable,
  })
}

function failureOfStatus(provider: string, status: number): Failure {
  if (status === 401 || status === 403) return failure('upstream-key-refused', { provider })
  if (status === 402) return failure('upstream-no-points', { provider })
  if (status === 408 || status === 429 || status >= 500) return failure('provider-busy', { provider })
  if (status >= 300 && status < 400) {
    return failure('upstream-unreadable', {
      provider,
      detail: `it points elsewhere (${status}), which is not followed`,
    })
  }
  return failure('provider-failed', { provider })
}

/** Seconds or an HTTP date, in milliseconds from now. */
function retryAfter(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header[0] : header
  if (text === undefined) return null
  const seconds = Number(text)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}
