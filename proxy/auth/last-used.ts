/** The day a seat was last used: written beside the requests, never in their way, and once a day. */
import type { Database } from '../database.ts'
import type { FailureLog } from '../failure-of.ts'
import type { KnownToken } from './known-tokens.ts'

const DAY_MS = 86_400_000

export function createLastUsed({
  database,
  now,
  log,
}: {
  database: Database
  now: () => number
  log: FailureLog | null
}) {
  const writing = new Set<Promise<void>>()

  const write = async (seatId: string, day: number): Promise<void> => {
    try {
      await database.run(
        'UPDATE seat SET last_used_at = $1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $1)',
        [day, seatId],
      )
    } catch (error) {
      // Tried again when the token is read anew, half a minute from now.
      log?.warn({ seat: seatId, error: String(error) }, 'the day a seat was used could not be noted')
    }
  }

  return {
    note(token: KnownToken): void {
      const day = now() - (now() % DAY_MS)
      if (token.lastUsedAt !== null && token.lastUsedAt >= day) return
      token.lastUsedAt = day
      const written = write(token.seat.id, day)
      writing.add(written)
      void written.finally(() => writing.delete(written))
    },

    /** When everything noted so far is written. */
    async written(): Promise<void> {
      await Promise.all(writing)
    },
  }
}
