/**
 * Whether a proxy answers where the add-on will ask it. Asked from here, which Google's servers are not: who is answered here may still
 * be out of their reach.
 */
import { lookup } from 'node:dns/promises'
import * as z from 'zod'
import { failure, FailureError } from '../../shared/error-codes.ts'
import type { Localised } from '../../shared/language.ts'
import { parseJson } from '../../shared/parse-json.ts'
import { isPublicAddress } from '../public-address.ts'
import { hostOf, troubleOf, type Trouble } from '../public-client.ts'

export interface Health {
  version: string
  /** An address of a private network that its name has here; null: none has. */
  insideAddress: string | null
}

/** @throws {FailureError} `proxy-silent`, `not-a-proxy`. */
export type AskHealth = (baseUrl: string) => Promise<Health>

const ANSWERED_WITHIN_MS = 10_000
// A page about something else may be long.
const BYTES_MAX = 10_000

const healthReply = z.object({ service: z.literal('tariffcell'), version: z.string() })

/** @param stopped ends the waiting. */
export function createAskHealth(stopped: AbortSignal, timeoutMs = ANSWERED_WITHIN_MS): AskHealth {
  return async (baseUrl) => {
    const late = AbortSignal.timeout(timeoutMs)
    const version = await askVersion(baseUrl, stopped, late)
    const found = await lookup(hostOf(new URL(baseUrl)), { all: true }).catch(() => [])
    return { version, insideAddress: found.find(({ address }) => !isPublicAddress(address))?.address ?? null }
  }
}

async function askVersion(baseUrl: string, stopped: AbortSignal, late: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([stopped, late])
  try {
    // As Google asks it: an address that leads on is not followed.
    const response = await fetch(`${baseUrl}/healthz`, { redirect: 'manual', signal })
    return await readVersion(response, baseUrl)
  } catch (error) {
    if (stopped.aborted || error instanceof FailureError) throw error
    // fetch tells why one level below.
    const why = TROUBLE[troubleOf((error as Error).cause ?? error, late)]
    throw new FailureError(failure('proxy-silent', { address: baseUrl, why }), { cause: error })
  }
}

async function readVersion(response: Response, baseUrl: string): Promise<string> {
  const { status, headers } = response
  const text = await startOf(response)
  // What stands before a proxy says so of one that does not run.
  if (status >= 502 && status <= 504)
    throw new FailureError(failure('proxy-silent', { address: baseUrl, why: serverSays(status) }))
  const reply = healthReply.safeParse(parseJson(text))
  if (status === 200 && reply.success) return reply.data.version
  const location = headers.get('location')
  throw new FailureError(failure('not-a-proxy', { address: baseUrl, why: strange(status, location) }))
}

async function startOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > BYTES_MAX) break
  }
  return Buffer.concat(chunks).toString('utf8')
}

function serverSays(status: number): Localised {
  return {
    en: `the server there says ${status}, it finds no proxy behind it`,
    zh: `那里的服务器返回 ${status}，其后找不到代理`,
    fr: `le serveur y répond ${status}, il ne trouve pas de proxy derrière lui`,
  }
}

function strange(status: number, location: string | null): Localised {
  if (location !== null) {
    return {
      en: `it leads on to ${location}, where Google does not follow`,
      zh: `它跳转至 ${location}，而 Google 不会跟随`,
      fr: `elle renvoie à ${location}, où Google ne suit pas`,
    }
  }
  return {
    en: `what came with status ${status} is another service’s, or an older Tariffcell’s`,
    zh: `收到的回复（状态 ${status}）来自其他服务或旧版 Tariffcell`,
    fr: `la réponse (statut ${status}) est d’un autre service, ou d’un Tariffcell plus ancien`,
  }
}

const TROUBLE: Readonly<Record<Trouble, Localised>> = {
  'unknown-name': {
    en: 'no name server knows that name',
    zh: '域名服务器无法解析该名称',
    fr: 'aucun serveur de noms ne connaît ce nom',
  },
  slow: { en: 'nothing came in time', zh: '未及时收到回复', fr: 'rien n’est venu à temps' },
  certificate: {
    en: 'its certificate does not hold, or it speaks no https at all; Google would refuse it too',
    zh: '其证书无效，或根本不支持 https；Google 也会拒绝',
    fr: 'son certificat n’est pas valable, ou il ne parle pas https du tout ; Google le refuserait aussi',
  },
  broken: {
    en: 'the connection failed: nobody listens, or something on the way keeps it off',
    zh: '连接失败：无人监听，或途中被阻断',
    fr: 'la connexion a échoué : personne n’écoute, ou quelque chose en chemin l’empêche',
  },
}
