/**
 * Connections to addresses that people type. Such an address may point into this house on purpose, so its name is resolved once,
 * every address of it must be public, and the connection goes to exactly those: a name that answers differently a moment later
 * changes nothing. No proxy of the environment stands between.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { buildConnector, Client } from 'undici'
import { isPublicAddress } from './public-address.ts'

/** The way out. Tests pass another; no setting does. Addresses are judged before `connectTo` sees them, whoever resolved them. */
export interface Network {
  /** @throws with the resolver's code for a name that is not known. */
  resolve(hostname: string): Promise<string[]>
  /** Connects to one of these addresses and to nothing else, whatever the name means by then. */
  connectTo(addresses: readonly string[]): buildConnector.connector
}

export interface Way {
  network: Network
  /** Also into private networks: only where whoever runs the proxy wants it. */
  allowPrivate?: boolean
  signal: AbortSignal
}

/** Why no reply came. */
export type Trouble = 'unknown-name' | 'slow' | 'certificate' | 'broken'

const CONNECT_TIMEOUT_MS = 5000

export const NETWORK: Network = { resolve: resolveName, connectTo }

/**
 * @returns the addresses of a URL's host, or `inside` when one of them is not public.
 * @throws what {@link troubleOf} reads: the name is not known, or the signal came first.
 */
export async function judgeAddresses(way: Way, url: URL): Promise<string[] | 'inside'> {
  const { network, allowPrivate = false, signal } = way
  const hostname = hostOf(url)
  // Always this machine, by RFC 6761, whatever a resolver makes of it.
  if (!allowPrivate && /(?:^|\.)localhost\.?$/.test(hostname)) return 'inside'
  // Before the resolver is asked: nobody would wait for it.
  signal.throwIfAborted()
  // A literal is never looked up, and so must be judged here.
  const addresses = isIP(hostname) ? [hostname] : await withinTime(network.resolve(hostname), signal)
  if (addresses.length === 0) throw Object.assign(new Error('a name without addresses'), { code: 'ENODATA' })
  // One inside address among public ones is enough to refuse: which of them is taken is nobody's choice.
  return allowPrivate || addresses.every(isPublicAddress) ? addresses : 'inside'
}

/** @returns a client of these addresses alone, to be destroyed by whoever asked; or `inside`. @throws as {@link judgeAddresses}. */
export async function openPublicClient(way: Way, url: URL): Promise<Client | 'inside'> {
  const addresses = await judgeAddresses(way, url)
  if (addresses === 'inside') return addresses
  return new Client(url.origin, { connect: way.network.connectTo(addresses), pipelining: 1 })
}

/** Without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replaceAll(/^\[|\]$/g, '')
}

export function troubleOf(error: unknown, signal: AbortSignal): Trouble {
  if (signal.aborted) return 'slow'
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA') return 'unknown-name'
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return 'slow'
  return /CERT|SIGNATURE|_TLS_|_SSL_/.test(code) ? 'certificate' : 'broken'
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
