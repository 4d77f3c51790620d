/** A seat's token, `tc_<seat id>_<256 random bits>`, and its hash, which is all that is kept: so long a secret needs no slow one. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

export function newToken(seatId: string): string {
  return `tc_${seatId}_${randomBytes(32).toString('base64url')}`
}

/** @returns the seat a token says it is of; null for what no token looks like. */
export function seatIdOf(token: string): string | null {
  return /^tc_([A-Za-z0-9-]{8,64})_[\w-]{43}$/.exec(token)?.[1] ?? null
}

/** In hexadecimal. */
export function sha256(text: string): string {
  return hash('sha256', text)
}

/** Whether two hashes are one, in the same time wherever they differ. */
export function sameHash(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
