/**
 * The same question in flight is one question: whoever comes while it is asked waits for the same reply.
 * A plain map, not a cache's `fetch()`: that one aborts a call when its entry is evicted, and the call is paid.
 */
export interface Coalescer<Value> {
  /** The promise under way for this key, or the one `start` makes now. `joined` tells which. */
  join(key: string, start: () => Promise<Value>): { promise: Promise<Value>; joined: boolean }
  readonly size: number
}

export function createCoalescer<Value>(): Coalescer<Value> {
  const inFlight = new Map<string, Promise<Value>>()
  return {
    join(key, start) {
      const waiting = inFlight.get(key)
      if (waiting) return { promise: waiting, joined: true }
      const promise = start().finally(() => inFlight.delete(key))
      inFlight.set(key, promise)
      return { promise, joined: false }
    },
    get size() {
      return inFlight.size
    },
  }
}
