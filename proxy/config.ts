/** Environment → checked settings. All are optional; `npm start` needs none. */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { failure, FailureError } from '../shared/error-codes.ts'
import { readRouting, type Routing } from './providers/routing.ts'

export interface Config {
  host: string
  port: number
  /** Where the database and imported tariffs lie. */
  dataFolder: string
  /** How the outside reaches this proxy, without a slash at the end; null: as it listens. */
  publicUrl: string | null
  logLevel: LogLevel
  /** Batches a minute and seat. */
  requestsPerMinute: number
  /** Other origins whose pages may call this proxy. */
  allowedOrigins: string[]
  /** Servers before this proxy whose X-Forwarded-For is believed: addresses, networks, or names of some. */
  trustedProxies: string[]
  /** Who is asked first for what. */
  routing: Routing
  /** Webhooks may lead into private networks, over plain http and to any port. */
  allowPrivateWebhooks: boolean
}

/** Kept apart from the settings, so that whoever shows those shows none of these. */
export interface Secrets {
  /** As it is set; null when it is not. Read by credentials/master-key.ts. */
  masterKey: string | null
  /** Address of a PostgreSQL, password included; null keeps everything in SQLite. */
  databaseUrl: string | null
  stripeSecretKey: string | null
  /** Each may sign what Stripe sends to /v1/webhooks/stripe: two while one takes the other's place. */
  stripeWebhookSecrets: readonly string[]
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type Environment = Readonly<Record<string, string | undefined>>

/** @throws {FailureError} `bad-setting`, naming the setting and what it takes. */
export function readConfig(environment: Environment): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== ''))
  return readGiven(given)
}

export function readSecrets(environment: Environment): Secrets {
  const read = (name: string): string | null => environment[name]?.trim() || null
  return {
    masterKey: read('MASTER_KEY'),
    databaseUrl: read('DATABASE_URL'),
    stripeSecretKey: read('STRIPE_SECRET_KEY'),
    stripeWebhookSecrets: readList(read('STRIPE_WEBHOOK_SECRET')),
  }
}

function readList(text: string | null): string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
}

/** @param environment without empty texts: they mean that nothing is set. */
function readGiven(environment: Environment): Config {
  return {
    host: environment.HOST ?? '127.0.0.1',
    port: readWhole(environment, 'PORT', 3000, 0, 65_535),
    dataFolder: resolve(environment.DATA_DIR ?? 'data'),
    publicUrl: readUrl(environment, 'PUBLIC_URL'),
    logLevel: readLogLevel(environment),
    requestsPerMinute: readWhole(environment, 'REQUESTS_PER_MINUTE', 1200, 1, 1_000_000_000),
    allowedOrigins: readOrigins(environment),
    trustedProxies: readTrustedProxies(environment),
    routing: readRouting(environment.ROUTING ?? ''),
    allowPrivateWebhooks: readYesNo(environment, 'ALLOW_PRIVATE_WEBHOOKS'),
  }
}

function readWhole(environment: Environment, name: string, fallback: number, min: number, max: number): number {
  const text = environment[name]
  if (text === undefined) return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new FailureError(
      failure('bad-setting', { name, detail: `"${text}" is not a whole number from ${min} to ${max}` }),
    )
  }
  return value
}

function readYesNo(environment: Environment, name: string): boolean {
  const text = environment[name] ?? 'false'
  if (text !== 'true' && text !== 'false') {
    throw new FailureError(failure('bad-setting', { name, detail: `"${text}" is neither true nor false` }))
  }
  return text === 'true'
}

function readUrl(environment: Environment, name: string): string | null {
  const text = environment[name]
  if (text === undefined) return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new FailureError(
      failure('bad-setting', { name, detail: `"${text}" is not an address such as https://hs.example.com` }),
    )
  }
  return url.href.replace(/\/$/, '')
}

function readLogLevel(environment: Environment): LogLevel {
  const text = environment.LOG_LEVEL ?? 'info'
  const level = LOG_LEVELS.find((known) => known === text)
  if (!level)
    throw new FailureError(failure('bad-setting', { name: 'LOG_LEVEL', detail: `use one of ${LOG_LEVELS.join(', ')}` }))
  return level
}

function readOrigins(environment: Environment): string[] {
  const origins = readList(environment.ALLOWED_ORIGINS ?? null)
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new FailureError(
        failure('bad-setting', {
          name: 'ALLOWED_ORIGINS',
          detail: `"${origin}" is not an origin such as https://hs.example.com`,
        }),
      )
    }
  }
  return origins
}

// The names that Express knows: of this machine, of this link, of private networks.
const NETWORKS: readonly string[] = ['loopback', 'linklocal', 'uniquelocal']

function readTrustedProxies(environment: Environment): string[] {
  const proxies = readList(environment.TRUSTED_PROXIES ?? null)
  const everybody = proxies.find(isEverybody)
  if (everybody !== undefined) {
    const detail = `"${everybody}" is everybody, and everybody may not be trusted; name only the servers before this proxy`
    throw new FailureError(failure('bad-setting', { name: 'TRUSTED_PROXIES', detail }))
  }
  const wrong = proxies.find((proxy) => !NETWORKS.includes(proxy) && !isNetwork(proxy))
  if (wrong !== undefined) {
    const detail = `"${wrong}" is neither an address such as 10.0.0.5, nor a network such as 10.0.0.0/8, nor one of ${NETWORKS.join(', ')}`
    throw new FailureError(failure('bad-setting', { name: 'TRUSTED_PROXIES', detail }))
  }
  return proxies
}

/** All addresses there are, as a network. */
function isEverybody(text: string): boolean {
  const [, address = ''] = /^([^/]*)\/0{1,3}$/.exec(text) ?? []
  return isIP(address) !== 0
}

/** An address, or a network of addresses; never all there are. */
function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  // An IPv4 address is given as one, and a zone means nothing in a header.
  if (version === 0 || (version === 6 && /[.%]/.test(address))) return false
  return bits === undefined || (Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128))
}
