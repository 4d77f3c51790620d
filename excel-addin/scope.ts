/// <reference lib="dom" />
/** Whose answers are kept under which name: a seat at a proxy, in a language. The token itself is never written to the disk again. */
import type { Session } from './session.ts'

export interface ScopeDeps {
  session: Pick<Session, 'token' | 'baseUrl' | 'language'>
  partitionKey: string
  subtle: SubtleCrypto | undefined
}

/** @returns null when nobody is connected, or this browser cannot hash. */
export async function nameScope({ session, partitionKey, subtle }: ScopeDeps): Promise<string | null> {
  const token = session.token()
  if (token === null || !subtle) return null
  const language = session.language()
  const named = new TextEncoder().encode(`${session.baseUrl()} ${token}`)
  const hash = [...new Uint8Array(await subtle.digest('SHA-256', named))]
  const seat = hash.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [partitionKey, seat, language].join(' ')
}
