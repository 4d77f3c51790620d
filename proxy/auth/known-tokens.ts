/** Tokens that were proved a moment ago, so that a request costs no query. */
import { LRUCache } from 'lru-cache'
import type { Seat } from './seat.ts'

// What a lost notice or another process on SQLite changes is seen within this time.
const TTL_MS = 30_000
const TOKENS_MAX = 5000

export interface KnownToken {
  seat: Seat
  /** Start of the last day it was used; null: never. */
  lastUsedAt: number | null
}

export type KnownTokens = ReturnType<typeof createKnownTokens>

export function createKnownTokens({ now }: { now: () => number }) {
  // Keyed by the token's hash, so that no token lies in memory longer than its request.
  const known = new LRUCache<string, KnownToken>({ max: TOKENS_MAX, ttl: TTL_MS })
  let drops = 0

  return {
    get(tokenHash: string): KnownToken | null {
      const token = known.get(tokenHash)
      return token && isInForce(token.seat, now()) ? token : null
    },

    /** Notes what `read` finds, unless a seat changed meanwhile: then what it found may be out of date already. */
    async fill(tokenHash: string, read: () => Promise<KnownToken | null>): Promise<KnownToken | null> {
      const before = drops
      const token = await read()
      if (token && drops === before) known.set(tokenHash, token)
      return token
    },

    /** @param id of the seat or the workspace that changed; null: any may have. */
    drop(id: string | null): void {
      drops++
      if (id === null) known.clear()
      else
        for (const [hash, { seat }] of known.entries())
          if (seat.id === id || seat.workspaceId === id) known.delete(hash)
    },
  }
}

/** A replaced token ends by itself. */
export function isInForce({ tokenEndsAt }: Pick<Seat, 'tokenEndsAt'>, at: number): boolean {
  return tokenEndsAt === null || tokenEndsAt > at
}
