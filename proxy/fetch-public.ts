/**
 * Bytes from an address that somebody typed into a cell. Such an address may point into this house on purpose, so every hop is
 * resolved once, every address of it must be public, and the connection goes to exactly those: a name that answers differently a
 * moment later changes nothing. What comes is bounded in time and size, and never told to anyone in the other side's words.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { buildConnector, Client, type Dispatcher } from 'undici'
import { failure, type Failure } from '../shared/error-codes.ts'
import type { Localised } from '../shared/language.ts'
import { isPublicAddress } from './public-address.ts'

/** @returns the bytes, or `bad-image-address`, `private-address`, `image-too-large`, `image-unreachable`. Never throws. */
export type FetchPublic = (address: string, signal: AbortSignal) => Promise<Uint8Array | Failure>

export interface PublicFetchSettings {
  /** Also plain http. */
  allowHttp?: boolean
  bytesMax?: number
  /** For all hops together, names and bodies included. */
  timeoutMs?: number
}

/** The way out. Tests pass another; no setting does. Addresses are judged before `connectTo` sees them, whoever resolved them. */
export interface Network {
  /** @throws with the resolver's code for a name that is not known. */
  resolve(hostname: string): Promise<string[]>
  /** Connects to one of these addresses and to nothing else, whatever the name means by then. */
  connectTo(addresses: readonly string[]): buildConnector.connector
}

const REDIRECTS_MAX = 3
const CONNECT_TIMEOUT_MS = 5000
const PORTS: Readonly<Record<string, readonly string[]>> = { 'https:': ['', '8443'], 'http:': ['', '8080'] }
const REDIRECTS = new Set([301, 302, 303, 307, 308])
// Compressed bodies are not asked for: ten kilobytes could be ten gigabytes.
const HEADERS = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'Mozilla/5.0 (compatible)' }

export function createPublicFetch(
  settings: PublicFetchSettings = {},
  network: Network = { resolve: resolveName, connectTo },
): FetchPublic {
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
  const hostname = url.hostname.replaceAll(/^\[|\]$/g, '')
  const refused = failure('private-address', { value: hostname.slice(0, 60) })
  // Always this machine, by RFC 6761, whatever a resolver makes of it.
  if (/(?:^|\.)localhost\.?$/.test(hostname)) return refused
  let client: Client | null = null
  try {
    // Before the resolver is asked: nobody would wait for it.
    signal.throwIfAborted()
    const addresses = isIP(hostname) ? [hostname] : await withinTime(network.resolve(hostname), signal)
    if (addresses.length === 0) return unreachable('unknown-name')
    // One inside address among public ones is enough to refuse: which of them is taken is nobody's choice.
    if (!addresses.every(isPublicAddress)) return refused
    client = new Client(url.origin, { connect: network.connectTo(addresses), pipelining: 1 })
    const response = await client.request({ method: 'GET', path: url.pathname + url.search, headers: HEADERS, signal })
    // Leaving a body unread ends it with an error that is nobody's concern.
    response.body.on('error', () => {})
    return await readResponse(response, bounds.bytesMax)
  } catch (error) {
    return unreachable(signal.aborted ? 'slow' : reasonOf(error))
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

/** Resolvers cannot be interrupted, only left behind. */
async function withinTime<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let stop = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('too slow'))
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function resolveName(hostname: string): Promise<string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address)
}

/** The server's name still goes into its certificate check and the Host header; only looking it up again is taken away. */
export function connectTo(addresses: readonly string[], tls: { ca?: string } = {}): buildConnector.connector {
  const known = addresses.map((address) => ({ address, family: isIP(address) }))
  return buildConnector({
    ...tls,
    timeout: CONNECT_TIMEOUT_MS,
    lookup(_hostname, options, callback) {
      const [first] = known
      if (options.all) callback(null, known)
      else callback(null, first?.address ?? '', first?.family ?? 0)
    },
  })
}

type Reason = 'unknown-name' | 'slow' | 'certificate' | 'broken' | 'redirects' | 'astray' | 'compressed'

function reasonOf(error: unknown): Reason {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA') return 'unknown-name'
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return 'slow'
  return /CERT|SIGNATURE|_TLS_|_SSL_/.test(code) ? 'certificate' : 'broken'
}

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
