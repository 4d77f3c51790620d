/** AES-256-GCM, bound to the row it stands in: a text sealed for one row opens in no other. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { MasterKey } from './master-key.ts'

/** The row it belongs to. */
export interface Place {
  /** '' is the deployment's own. */
  workspaceId: string
  /** Of a credential; of another row its kind and id, such as `webhook 7f3a…`. */
  upstream: string
}

/** As it is kept: all texts, the last two in base64. */
export interface Sealed {
  keyId: string
  nonce: string
  /** The encrypted text with the 16 bytes of its tag behind it. */
  sealed: string
}

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function seal(text: string, place: Place, master: MasterKey): Sealed {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, master.key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(boundTo(place, master.id))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { keyId: master.id, nonce: nonce.toString('base64'), sealed: sealed.toString('base64') }
}

/** @returns null when it was sealed under another key, for another row, or was changed since. */
export function unseal(kept: Sealed, place: Place, master: MasterKey): string | null {
  const nonce = Buffer.from(kept.nonce, 'base64')
  const sealed = Buffer.from(kept.sealed, 'base64')
  if (kept.keyId !== master.id || nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) return null
  const decipher = createDecipheriv(CIPHER, master.key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(boundTo(place, kept.keyId))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const text = decipher.update(sealed.subarray(0, -TAG_BYTES))
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

function boundTo({ workspaceId, upstream }: Place, keyId: string): Buffer {
  return Buffer.from(`${workspaceId}|${upstream}|${keyId}`)
}
