/** Which addresses are called: public https, on the two usual ports, and nothing that is somebody's inside. */
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { Localised } from '../../shared/language.ts'
import { WEBHOOK_URL_CHARACTERS_MAX } from '../../shared/webhooks-protocol.ts'
import { judgeAddresses, type Network } from '../public-client.ts'

export interface AddressRules {
  network: Network
  /** Plain http, private networks and any port too: a setting of whoever runs the proxy. */
  allowPrivate: boolean
}

const PORTS = ['', '8443']
const RESOLVE_TIMEOUT_MS = 3000

/** @returns the address as it is kept, or `bad-webhook-address`. A name that is not known yet is kept: a ping will tell. */
export async function readWebhookAddress(rules: AddressRules, text: string): Promise<string | Failure> {
  const url = parseWebhookAddress(text)
  const refused = (why: keyof typeof WHY): Failure =>
    failure('bad-webhook-address', { value: named(url, text), detail: WHY[why] })
  if (url === null) return refused('no-address')
  const problem = problemOf(url, rules.allowPrivate)
  if (problem !== null) return refused(problem)
  const signal = AbortSignal.timeout(RESOLVE_TIMEOUT_MS)
  const addresses = await judgeAddresses({ ...rules, signal }, url).catch(() => [])
  return addresses === 'inside' ? refused('inside') : url.href
}

/** Whether it may be called as things stand now: the setting may be another than when it was kept. */
export function isCallable(url: URL, allowPrivate: boolean): boolean {
  return problemOf(url, allowPrivate) === null
}

function parseWebhookAddress(text: string): URL | null {
  if (text.length > WEBHOOK_URL_CHARACTERS_MAX || !URL.canParse(text)) return null
  const url = new URL(text)
  url.hash = ''
  return url
}

function problemOf(url: URL, allowPrivate: boolean): keyof typeof WHY | null {
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'protocol'
  if (url.username !== '' || url.password !== '') return 'credentials'
  return allowPrivate || PORTS.includes(url.port) ? null : 'port'
}

/** Without credentials, path and query: they may be secrets. */
function named(url: URL | null, typed: string): string {
  const shown = url === null ? typed.replace(/[?#].*$/s, '').replace(/^.*@/s, '') : `${url.protocol}//${url.host}`
  return shown.slice(0, 60)
}

const WHY = {
  'no-address': { en: 'it is no address', zh: '不是有效地址', fr: 'ce n’est pas une adresse' },
  protocol: { en: 'it is not https', zh: '不是 https', fr: 'elle n’est pas en https' },
  credentials: {
    en: 'a user or a password stands in it',
    zh: '其中包含用户名或密码',
    fr: 'elle contient un utilisateur ou un mot de passe',
  },
  port: { en: 'its port is neither 443 nor 8443', zh: '端口不是 443 或 8443', fr: 'son port n’est ni 443 ni 8443' },
  inside: {
    en: 'it leads into a private network',
    zh: '它指向内部网络',
    fr: 'elle mène dans un réseau privé',
  },
} as const satisfies Record<string, Localised>
