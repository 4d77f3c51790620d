/**
 * The wire of connecting without a code to type: an add-on registers the hash of a secret it made, somebody who is connected approves it in
 * a browser, and the secret fetches the token. Strict, as `protocol.ts` is.
 */
import * as z from 'zod/mini'
import { givenName } from './protocol.ts'

/** How long a pairing waits to be approved, and then to be fetched. */
export const PAIRING_MINUTES = 10

/** 32 bytes as base64url, as SHA-256 gives them. */
const digest = z.string().check(z.regex(/^[\w-]{43}$/))

export const pairingRequest = z.strictObject({
  /** SHA-256 as base64url of the secret's text. */
  challenge: digest,
  /** What asks, such as Google Sheets: shown to whoever approves, and in lists behind their name. */
  name: z.optional(givenName),
})

export const pairingBegunReply = z.object({
  /** Shown where it was begun and where it is approved, to be compared. */
  matchCode: z.string(),
  expiresAt: z.string(),
})

/** What is shown to whoever is asked. */
export const pairingReply = z.object({
  matchCode: z.string(),
  /** Empty where it gave none. */
  name: z.string(),
  state: z.enum(['open', 'approved', 'refused', 'used']),
  expiresAt: z.string(),
})
export type PairingReply = z.infer<typeof pairingReply>

/** In the place of a connection code: 202 until it is approved, then 201 with the token: the same one until it is used. */
export const pairedSessionRequest = z.strictObject({ pairing: digest })
