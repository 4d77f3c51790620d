/**
 * The contract of an upstream: an HTTP API behind a provider, reached with a credential. An upstream's folder exports one value of
 * this kind; `upstreams.ts` lists them. Whoever connects it (providers/connections.ts) adds breaker, retries and second opinion.
 */
import type { Country } from '../../shared/country.ts'
import type { Failure } from '../../shared/error-codes.ts'
import type { Inquiry, Provider } from './provider.ts'

export const UPSTREAM_NAMES = ['jiayou', 'hsciq', 'glopal', 'tradewind', 'juhe'] as const
export type UpstreamName = (typeof UPSTREAM_NAMES)[number]

export function isUpstreamName(text: string): text is UpstreamName {
  return (UPSTREAM_NAMES as readonly string[]).includes(text)
}

/** Stands for the deployment where a workspace would stand: whose credential serves everybody. */
export const DEPLOYMENT = ''

export interface CredentialField {
  /** As it is asked for, e.g. `key`, `secret`, `login`. */
  name: string
  /** Not shown while it is typed, and never printed. */
  secret: boolean
  /** What the upstream's document says of its form. */
  pattern: RegExp
  /** Says that form to a person. */
  expected: string
  optional?: boolean
  /** A command of ours makes it: a person is not asked for it, and a credential that is put in anew keeps it. */
  made?: boolean
}

/** Field name → value. Lives in memory only; at rest it is encrypted. */
export type Credential = Readonly<Record<string, string>>

/** What one call cost in the upstream's own money. */
export interface Usage {
  /** Inquiries sent. */
  items: number
  /** In the upstream's own unit (points, credits), as its reply says; null when it says nothing. */
  charged: number | null
  /** What is left there; null when it says nothing. */
  balance: number | null
  /** Of a call whose reply never came and that was found again: when it was sent. Its charge may stand as lost by now. */
  sentAt?: number
}

export interface Connection {
  credential: Credential
  /** Base address, without a slash at the end. */
  baseUrl: string
  now: () => number
  log: { warn(details: object, message: string): void }
  onUsage: (usage: Usage) => void
}

export interface ConnectedUpstream {
  provider: Provider
  /** Asks the cheapest thing that proves the credential. @throws {ProviderError} with the failure to show. */
  test(signal: AbortSignal): Promise<string>
  /** Experts who classify by hand; only where the upstream has them. */
  desk?: ExpertDesk
  /** What the upstream calls when work has ended; only where it does. */
  webhooks?: UpstreamWebhooks
  close(): Promise<void>
}

export interface Upstream {
  readonly name: UpstreamName
  readonly credentialFields: readonly CredentialField[]
  readonly defaultUrl: string
  /** What it could answer if it were connected: names the credential that a question lacks. */
  couldAnswer(inquiry: Pick<Inquiry, 'kind'> & { fn: string; country: Country | null }): boolean
  connect(connection: Connection): ConnectedUpstream
}

/** A call of an upstream to us, verified or not. */
export type CallbackVerdict =
  | { ok: true; event: CallbackEvent }
  | { ok: false; reason: 'unsigned' | 'forged' | 'stale' | 'unreadable' }

/** A piece of work has ended: a hint to look, never an answer. */
export interface CallbackEvent {
  /** Under which it was handed in. */
  ticket: string
  /** Same piece of work, same outcome, same key. */
  key: string
}

export type CallbackHeaders = Readonly<Record<string, string | string[] | undefined>>

export interface UpstreamWebhooks {
  /** Credential fields the secrets of signed calls are kept in: the newest, and the one before it while both are in use. */
  readonly secretFields: readonly [newest: string, before: string]
  /** @param body the bytes as they came. @param now milliseconds. */
  verify(body: Uint8Array, headers: CallbackHeaders, now: number): CallbackVerdict
  /** Reads an unsigned call. @returns null when it cannot be read. */
  read(body: Uint8Array): CallbackEvent | null
  /** Each of these throws {ProviderError}. */
  create(url: string, secret: string, signal: AbortSignal): Promise<{ id: number | null }>
  list(signal: AbortSignal): Promise<{ id: number; url: string; enabled: boolean }[]>
  toggle(id: number, enabled: boolean, signal: AbortSignal): Promise<void>
  remove(id: number, signal: AbortSignal): Promise<void>
  /** Calls that were made, field by field as they come, cleaned. */
  logs(signal: AbortSignal): Promise<Record<string, string>[]>
}

/** A consultation as an upstream keeps it. Text in it is cleaned, and still somebody else's. */
export interface Consultation {
  form: string
  product: string
  /** In the upstream's words: `created`, `open`, `concluded`. */
  status: string
  createdAt: string | null
  /** The code an expert confirmed, digits; null until then. */
  code: string | null
  reason: string | null
  dialogs: { id: string; field: string; messages: { from: string; text: string; at: string | null }[] }[]
}

export interface ConsultationDraft {
  productNameCn: string
  productNameEn?: string
  uses?: string
  ingredients?: string
  cas?: string
  brand?: string
  model?: string
  otherProductInfo?: string
  /** At most three. The upstream publishes them. */
  images: { fileName: string; bytes: Uint8Array }[]
}

export interface ExpertDesk {
  list(page: { index: number; size: number }, signal: AbortSignal): Promise<{ items: Consultation[]; total: number }>
  read(form: string, signal: AbortSignal): Promise<Consultation | Failure>
  /** Never sent twice: an unknown outcome is a failure that says so. */
  create(draft: ConsultationDraft, signal: AbortSignal): Promise<{ form: string; imageUrls: string[] } | Failure>
  write(
    message: { form: string; field: string; text: string; dialog?: string },
    signal: AbortSignal,
  ): Promise<{ dialog: string } | Failure>
}
