/**
 * Bytes from an address that somebody typed into a cell. Every hop is judged anew (public-client.ts); what comes is bounded in time
 * and size, and never told to anyone in the other side's words.
 */
import type { Client, Dispatcher } from 'undici'
import { failure, type Failure } from '../shared/error-codes.ts'
import type { Localised } from '../shared/language.ts'
import { hostOf, NETWORK, openPublicClient, troubleOf, type Network, type Trouble } from './public-client.ts'

/** @returns the bytes, or `bad-image-address`, `private-address`, `image-too-large`, `image-unreachable`. Never throws. */
export type FetchPublic = (address: string, signal: AbortSignal) => Promise<Uint8Array | Failure>

export interface PublicFetchSettings {
  /** Also plain http. */
  allowHttp?: boolean
  bytesMax?: number
  /** For all hops together, names and bodies included. */
  timeoutMs?: number
}

const REDIRECTS_MAX = 3
const PORTS: Readonly<Record<string, readonly string[]>> = { 'https:': ['', '8443'], 'http:': ['', '8080'] }
const REDIRECTS = new Set([301, 302, 303, 307, 308])
// Compressed bodies are not asked for: ten kilobytes could be ten gigabytes.
const HEADERS = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'Mozilla/5.0 (compatible)' }

export function createPublicFetch(settings: PublicFetchSettings = {}, network: Network = NETWORK): FetchPublic {
  const { allowHttp = false, bytesMax = 8_000_000, timeoutMs = 10_000 } = settings
  return async (address, signal) => {
    const limit = new AbortController()
    const giveUp = (): void => limit.abort()
    const timer = setTimeout(giveUp, timeoutMs)
    signal.addEventListener('abort', giveUp, { once: true })
    if (signal.aborted) giveUp()
    try {
      return await followHops(network, { allowHttp, bytesMax, signal: limit.signal }, address)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
    }
  }
}

interface Bounds {
  allowHttp: boolean
  bytesMax: number
  signal: AbortSignal
}

async function followHops(network: Network, bounds: Bounds, address: string): Promise<Uint8Array | Failure> {
  const first = URL.canParse(address) ? new URL(address) : null
  if (first === null || !isFetchable(first, bounds.allowHttp))
    return failure('bad-image-address', { value: named(first, address) })
  let url = first
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    const came = await fetchHop(network, bounds, url)
    if (!('location' in came)) return came
    if (!URL.canParse(came.location, url.href)) return unreachable('astray')
    url = new URL(came.location, url)
    if (!isFetchable(url, bounds.allowHttp)) return unreachable('astray')
  }
  return unreachable('redirects')
}

function isFetchable(url: URL, allowHttp: boolean): boolean {
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) return false
  return PORTS[url.protocol]!.includes(url.port) && url.username === '' && url.password === '' && url.hostname !== ''
}

/** Without credentials, path and query: they may be secrets, and the sentence goes further than the cell. */
function named(url: URL | null, typed: string): string {
  const shown = url === null ? typed.replace(/[?#].*$/s, '').replace(/^.*@/s, '') : `${url.protocol}//${url.host}`
  return shown.slice(0, 60)
}

async function fetchHop(
  network: Network,
  bounds: Bounds,
  url: URL,
): Promise<Uint8Array | Failure | { location: string }> {
  const { signal } = bounds
  let client: Client | null = null
  try {
    const opened = await openPublicClient({ network, signal }, url)
    if (opened === 'inside') return failure('private-address', { value: hostOf(url).slice(0, 60) })
    client = opened
    const response = await client.request({ method: 'GET', path: url.pathname + url.search, headers: HEADERS, signal })
    // Leaving a body unread ends it with an error that is nobody's concern.
    response.body.on('error', () => {})
    return await readResponse(response, bounds.bytesMax)
  } catch (error) {
    return unreachable(troubleOf(error, signal))
  } finally {
    await client?.destroy()
  }
}

async function readResponse(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  bytesMax: number,
): Promise<Uint8Array | Failure | { location: string }> {
  const { location } = headers
  if (REDIRECTS.has(statusCode) && typeof location === 'string') return { location }
  if (statusCode !== 200) return failure('image-unreachable', { detail: statusText(statusCode) })
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return unreachable('compressed')
  const tooLarge = failure('image-too-large', { max: `${bytesMax / 1e6} MB` })
  if (Number(headers['content-length'] ?? 0) > bytesMax) return tooLarge
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bytesMax) return tooLarge
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

type Reason = Trouble | 'redirects' | 'astray' | 'compressed'

function unreachable(reason: Reason): Failure {
  return failure('image-unreachable', { detail: REASONS[reason] })
}

function statusText(status: number): Localised {
  return { en: `its server says ${status}`, zh: `服务器返回 ${status}`, fr: `son serveur répond ${status}` }
}

const REASONS: Record<Reason, Localised> = {
  'unknown-name': {
    en: 'nobody knows the name of its server',
    zh: '无法解析服务器名称',
    fr: 'le nom de son serveur est inconnu',
  },
  slow: { en: 'it took too long', zh: '耗时过长', fr: 'c’était trop long' },
  certificate: {
    en: 'the certificate of its server does not hold',
    zh: '服务器证书无效',
    fr: 'le certificat de son serveur n’est pas valable',
  },
  broken: { en: 'the connection failed', zh: '连接失败', fr: 'la connexion a échoué' },
  redirects: {
    en: `it leads on more than ${REDIRECTS_MAX} times`,
    zh: `重定向超过 ${REDIRECTS_MAX} 次`,
    fr: `plus de ${REDIRECTS_MAX} renvois`,
  },
  astray: {
    en: 'it leads on to an address that is not fetched',
    zh: '重定向至不允许读取的地址',
    fr: 'elle renvoie à une adresse qui n’est pas lue',
  },
  compressed: { en: 'it comes compressed', zh: '内容被压缩', fr: 'elle arrive compressée' },
}
