/** A seat's token, `tc_<seat id>_<256 random bits>`, and its hash, which is all that is kept: so long a secret needs no slow one. */
import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'

export function newToken(seatId: string): string {
  return `tc_${seatId}_${randomBytes(32).toString('base64url')}`
}

/** 256 random bits, for {@link pairedToken}. */
export function newTokenSalt(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * The same token each time, from two halves: whoever has one of them has nothing. The salt makes it as random as other tokens are, however
 * its secret was made, and once it is forgotten nobody makes this token again.
 * @param secret of a pairing.
 */
export function pairedToken(seatId: string, secret: string, salt: string): string {
  const key = Buffer.from(salt, 'base64url')
  return `tc_${seatId}_${createHmac('sha256', key).update(`tariffcell paired token ${secret}`).digest('base64url')}`
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
