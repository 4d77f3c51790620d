/** A webhook's secrets as they are kept: one text under the master key, bound to its row. */
import type { MasterKey } from '../credentials/master-key.ts'
import { seal, unseal, type Sealed } from '../credentials/seal.ts'

export interface Secrets {
  current: string
  /** The one before, which signs as well until then. */
  old: { secret: string; until: number } | null
}

interface Row {
  id: string
  workspaceId: string
}

export function sealSecrets(secrets: Secrets, row: Row, master: MasterKey): Sealed {
  return seal(JSON.stringify(secrets), placeOf(row), master)
}

/** @returns null when they are kept under another key, or the row was changed from outside. */
export function openSecrets(kept: Sealed, row: Row, master: MasterKey | null): Secrets | null {
  const text = master && unseal(kept, placeOf(row), master)
  return text === null ? null : (JSON.parse(text) as Secrets)
}

/** Those that sign now, newest first. */
export function signingSecrets({ current, old }: Secrets, now: number): string[] {
  return old && old.until > now ? [current, old.secret] : [current]
}

function placeOf({ id, workspaceId }: Row): { workspaceId: string; upstream: string } {
  return { workspaceId, upstream: `webhook ${id}` }
}
