/// <reference types="google-apps-script" />
/**
 * Connecting without a code to type: what this person began and nobody answered yet. The secret that fetches their token lies in their user
 * properties and goes to the proxy alone; the sidebar, and the page it leads to, know its hash.
 */
import * as z from 'zod/mini'
import { PAIRING_MINUTES } from '../shared/pairing-protocol.ts'
import { parseJson } from '../shared/parse-json.ts'
import { digest } from './digest.ts'
import type { SidebarPairing } from './door-protocol.ts'

const keptPairing = z.object({
  secret: z.string(),
  matchCode: z.string(),
  /** By Google's own clock, milliseconds since 1970. */
  endsAt: z.number(),
})
export type KeptPairing = z.infer<typeof keptPairing>

const PROPERTY = 'tariffcell.pairing'

/** 43 characters of base64url, of two times 122 random bits. */
export function newSecret(): string {
  return digest(Utilities.getUuid() + Utilities.getUuid())
}

/** @returns null: there is none, or its time is over. */
export function pairingOf(properties: GoogleAppsScript.Properties.Properties): KeptPairing | null {
  const parsed = z.safeParse(keptPairing, parseJson(properties.getProperty(PROPERTY) ?? ''))
  return parsed.success && parsed.data.endsAt > Date.now() ? parsed.data : null
}

export function keepPairing(
  properties: GoogleAppsScript.Properties.Properties,
  begun: Pick<KeptPairing, 'secret' | 'matchCode'>,
): void {
  const kept: KeptPairing = { ...begun, endsAt: Date.now() + PAIRING_MINUTES * 60_000 }
  properties.setProperty(PROPERTY, JSON.stringify(kept))
}

export function dropPairing(properties: GoogleAppsScript.Properties.Properties): void {
  properties.deleteProperty(PROPERTY)
}

/** What the sidebar is told of it. */
export function shownPairing(
  properties: GoogleAppsScript.Properties.Properties,
  baseUrl: string,
): SidebarPairing | null {
  const kept = pairingOf(properties)
  if (!kept) return null
  // Behind a #, which browsers send nowhere.
  const address = `${baseUrl}/connect/#${digest(kept.secret)}`
  return { address, matchCode: kept.matchCode, leftMs: kept.endsAt - Date.now() }
}
