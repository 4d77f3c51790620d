/** A rate limit over keys that a caller chooses: at most so many are remembered, and the one unheard of for longest is forgotten. */
import { LRUCache } from 'lru-cache'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'

export type BoundedLimiter = ReturnType<typeof createBoundedLimiter>

export function createBoundedLimiter(limit: { points: number; seconds: number; keysMax: number }) {
  const limiter = new RateLimiterMemory({ points: limit.points, duration: limit.seconds })
  const counted = new LRUCache<string, true>({
    max: limit.keysMax,
    dispose: (_value, key, reason) => {
      if (reason === 'evict') void limiter.delete(key)
    },
  })

  return {
    /** @throws {RateLimiterRes} past the limit. */
    consume(key: string): Promise<RateLimiterRes> {
      counted.set(key, true)
      return limiter.consume(key)
    },

    /** Counts, and refuses nothing. */
    penalty(key: string): Promise<RateLimiterRes> {
      counted.set(key, true)
      return limiter.penalty(key)
    },

    /** Takes back one that was counted. */
    async reward(key: string): Promise<void> {
      // One that was forgotten meanwhile would be remembered for good.
      if (counted.has(key)) await limiter.reward(key)
    },

    /** null: nothing counted. */
    get(key: string): Promise<RateLimiterRes | null> {
      return limiter.get(key)
    },
  }
}
