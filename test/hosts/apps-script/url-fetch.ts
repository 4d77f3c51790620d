/**
 * UrlFetchApp over real HTTP. A wave of `fetchAll` goes out at once and comes back in order; the script sleeps meanwhile.
 * Limits: developers.google.com/apps-script/guides/services/quotas
 */
import { request as send } from 'undici'
import {
  asFields,
  asList,
  asText,
  asWhole,
  isFields,
  ScriptException,
  ServiceObject,
  type Execution,
  type Fields,
} from './service.ts'
import { blob, blobBytes, signed } from './utilities.ts'

const URL_LENGTH_MAX = 2 * 1024
const HEADERS_MAX = 100
const HEADERS_BYTES_MAX = 8 * 1024
const BODY_BYTES_MAX = 50 * 1024 * 1024
const REDIRECTS_MAX = 5
const TIMEOUT_SECONDS = 360
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])

export interface SentRequest {
  url: string
  method: string
  headers: Record<string, string>
  /** As text. */
  payload: string | null
  /** Who was at the keyboard. */
  user: string
}

/** What goes wrong, or takes long, before a request is sent. */
export interface Trouble {
  /** Passes on the execution's clock, without waiting; a wave takes as long as its slowest. */
  latencyMs?: number
  error?: 'dns' | 'timeout' | 'unavailable' | 'too-often'
}

export interface Web {
  /** Every request that went out, or would have: the last 10,000. */
  readonly sent: SentRequest[]
  /** Asked before each request, with how many were sent before it. */
  trouble: ((request: SentRequest, before: number) => Trouble | null) | null
}

const SENT_MAX = 10_000

export function createWeb(): Web {
  return { sent: [], trouble: null }
}

/** Which addresses a manifest allows. */
export interface Allowlist {
  allows(url: URL): boolean
}

/** @throws when the manifest would be refused: each entry is https, names a host, and ends in a path. */
export function allowlist(prefixes: readonly string[], options: { loopbackHttp: boolean }): Allowlist {
  const entries = prefixes.map((prefix) => {
    const match = /^https:\/\/(\*\.)?([^*/?#:]+(?::\d+)?)(\/[^*]*)$/.exec(prefix)
    if (!match) throw new Error(`urlFetchWhitelist: ${prefix} is not https://host/path with at most one leading *.`)
    return { isWild: match[1] !== undefined, host: match[2] ?? '', path: match[3] ?? '/' }
  })
  return {
    allows(url) {
      if (url.protocol === 'http:') return options.loopbackHttp && url.hostname === '127.0.0.1'
      return (
        url.protocol === 'https:' &&
        entries.some(
          ({ isWild, host, path }) =>
            (isWild ? url.host.endsWith(`.${host}`) : url.host === host) &&
            isChild(`${url.pathname}${url.search}`, path),
        )
      )
    },
  }
}

/** `/foo` allows `/foo`, `/foo/bar` and `/foo?bar`, but not `/food`. */
function isChild(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (prefix.endsWith('/') || /^(?:[/?]|$)/.test(path.slice(prefix.length)))
}

export function urlFetchApp(web: Web, allowed: Allowlist, execution: Execution): ServiceObject {
  const fetchAll = async (requests: Prepared[]): Promise<ServiceObject[]> => {
    execution.spend('urlfetch', requests.length)
    const troubles = requests.map(({ sent }) => remember(web, sent))
    execution.pass(Math.max(0, ...troubles.map((trouble) => trouble?.latencyMs ?? 0)))
    for (const [at, trouble] of troubles.entries()) {
      if (trouble?.error) throw troubleOf(trouble.error, requests[at]!.sent.url)
    }
    // All are awaited: none may still be under way when the script goes on.
    const settled = await Promise.allSettled(requests.map((request) => exchange(request, allowed)))
    return settled.map((result, at) => {
      if (result.status === 'rejected') throw result.reason
      const { status, bytes } = result.value
      if (status >= 400 && !requests[at]!.isMuted) throw refusedBy(requests[at]!.sent.url, status, bytes)
      return httpResponse(result.value)
    })
  }
  return new ServiceObject('UrlFetchApp', 'fetch', {
    reads: {
      fetch: async (url, params = {}) =>
        (await fetchAll([prepare(asText(url), asFields(params), allowed, execution)]))[0],
      fetchAll: (requests) =>
        fetchAll(
          asList(requests).map((request) =>
            isFields(request)
              ? prepare(asText(request['url']), request, allowed, execution)
              : prepare(asText(request), {}, allowed, execution),
          ),
        ),
    },
  })
}

function remember(web: Web, sent: SentRequest): Trouble | null {
  const trouble = web.trouble?.(sent, web.sent.length) ?? null
  web.sent.push(sent)
  if (web.sent.length > SENT_MAX) web.sent.shift()
  return trouble
}

interface Prepared {
  sent: SentRequest
  body: Buffer | null
  isMuted: boolean
  followsRedirects: boolean
  timeoutMs: number
}

function prepare(url: string, params: Fields, allowed: Allowlist, { user }: Execution): Prepared {
  if (url.length > URL_LENGTH_MAX) throw new ScriptException('Limit Exceeded: URLFetch URL Length.')
  mustBeAllowed(url, allowed)
  const { body, contentType } = bodyOf(params)
  const method = params['method'] === undefined ? (body ? 'POST' : 'GET') : asText(params['method']).toUpperCase()
  if (!METHODS.has(method)) throw new ScriptException(`Attribute provided with invalid value: method`)
  const headers = Object.fromEntries(
    Object.entries(asFields(params['headers'] ?? {})).map(([name, value]) => [name, asText(value)]),
  )
  mustFit(headers, body)
  if (body) headers['Content-Type'] = contentType
  return {
    sent: { url, method, headers, payload: body?.toString('utf8') ?? null, user },
    body,
    isMuted: params['muteHttpExceptions'] === true,
    followsRedirects: params['followRedirects'] !== false,
    timeoutMs: 1000 * asWhole(params['timeoutSeconds'] ?? TIMEOUT_SECONDS),
  }
}

function mustBeAllowed(url: string, allowed: Allowlist): void {
  if (!URL.canParse(url)) throw new ScriptException(`Invalid argument: ${url}`)
  // The wording of the real refusal is not known.
  if (!allowed.allows(new URL(url))) {
    throw new ScriptException(`Access to this URL is not allowed by the urlFetchWhitelist of the manifest: ${url}`)
  }
}

function mustFit(headers: Record<string, string>, body: Buffer | null): void {
  const entries = Object.entries(headers)
  if (entries.length > HEADERS_MAX) throw new ScriptException('Limit Exceeded: URLFetch Header Count.')
  const bytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value) + 4, 0)
  if (bytes > HEADERS_BYTES_MAX) throw new ScriptException('Limit Exceeded: URLFetch Header Size.')
  if (body && body.length > BODY_BYTES_MAX) throw new ScriptException('Limit Exceeded: URLFetch POST Size.')
}

function bodyOf({ payload, contentType }: Fields): { body: Buffer | null; contentType: string } {
  const given = contentType === undefined ? null : asText(contentType)
  if (payload === undefined || payload === null) return { body: null, contentType: given ?? '' }
  const held = payload instanceof ServiceObject ? blobBytes.get(payload) : undefined
  if (held) return { body: held.bytes, contentType: given ?? held.contentType ?? 'application/octet-stream' }
  const text = isFields(payload) ? String(new URLSearchParams(textsOf(payload))) : asText(payload)
  return { body: Buffer.from(text, 'utf8'), contentType: given ?? 'application/x-www-form-urlencoded' }
}

function textsOf(fields: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, asText(value)]))
}

interface Answered {
  status: number
  /** As the server wrote them; one that comes twice stands twice. */
  headers: [string, string][]
  bytes: Buffer
}

async function exchange(request: Prepared, allowed: Allowlist): Promise<Answered> {
  const { sent, timeoutMs, followsRedirects } = request
  const signal = AbortSignal.timeout(timeoutMs)
  let { url, method } = sent
  let body = request.body
  for (let redirects = 0; ; redirects++) {
    const answered = await exchangeOnce(url, method, sent.headers, body, signal)
    const location = answered.headers.find(([name]) => name.toLowerCase() === 'location')?.[1]
    if (!followsRedirects || answered.status < 300 || answered.status > 399 || location === undefined) return answered
    if (redirects >= REDIRECTS_MAX) throw new ScriptException(`Too many redirects: ${sent.url}`)
    url = new URL(location, url).href
    mustBeAllowed(url, allowed)
    if (answered.status < 307) [method, body] = ['GET', null]
  }
}

async function exchangeOnce(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: Buffer | null,
  signal: AbortSignal,
): Promise<Answered> {
  try {
    const response = await send(url, {
      method: method as 'GET',
      headers,
      body,
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
      responseHeaders: 'raw',
    })
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > BODY_BYTES_MAX) throw new ScriptException(`Limit Exceeded: URLFetch Response Size: ${url}`)
      chunks.push(chunk)
    }
    return { status: response.statusCode, headers: pairs(response.headers), bytes: Buffer.concat(chunks) }
  } catch (error) {
    if (error instanceof ScriptException) throw error
    const { code, name } = error as { code?: string; name?: string }
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') throw troubleOf('dns', url)
    throw troubleOf(name === 'TimeoutError' ? 'timeout' : 'unavailable', url)
  }
}

/** Raw headers come as name, value, name, value. */
function pairs(raw: unknown): [string, string][] {
  const texts = (raw as (string | Buffer)[]).map(String)
  return texts.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, texts[at + 1] ?? '']] : []))
}

function troubleOf(error: NonNullable<Trouble['error']>, url: string): ScriptException {
  switch (error) {
    case 'dns':
      return new ScriptException(`DNS error: ${url}`)
    case 'timeout':
      return new ScriptException(`Timeout: ${url}`)
    case 'unavailable':
      return new ScriptException(`Address unavailable: ${url}`)
    case 'too-often':
      return new ScriptException(
        'Service invoked too many times in a short time: urlfetch. Try Utilities.sleep(1000) between calls.',
      )
  }
}

function refusedBy(url: string, status: number, bytes: Buffer): ScriptException {
  const { origin } = new URL(url)
  return new ScriptException(
    `Request failed for ${origin} returned code ${status}. Truncated server response: ` +
      `${bytes.toString('utf8').slice(0, 500)} (use muteHttpExceptions option to examine full response)`,
  )
}

function httpResponse({ status, headers, bytes }: Answered): ServiceObject {
  const all: Record<string, string | string[]> = {}
  for (const [name, value] of headers) {
    const before = all[name]
    all[name] = before === undefined ? value : [before, value].flat()
  }
  const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null
  const reads = {
    getResponseCode: () => status,
    getContentText: () => bytes.toString('utf8'),
    getContent: () => signed(bytes),
    getBlob: () => blob(bytes, contentType, null),
    getHeaders: () => Object.fromEntries(headers),
    getAllHeaders: () => all,
  }
  return new ServiceObject('HTTPResponse', 'fetch', { reads })
}
