/** Answers: the least recently used goes first, what has outlived its time is not there. */
export interface Memory<Value> {
  /** Until what was kept on this machine is at hand, or has taken too long; never rejects. null: it is, or nothing is kept. */
  readonly loading: Promise<void> | null
  get(key: string): Value | undefined
  /** @param ttlMs 0 remembers nothing; Infinity, until it is pushed out. */
  set(key: string, value: Value, ttlMs: number): void
  /** Milliseconds since 1970; null: it is not there. */
  expiresAt(key: string): number | null
  clear(): void
  /** Another seat or language from now on: what was remembered for the one before is not there. */
  reopen(): void
  readonly size: number
}

export function createMemory<Value>(entriesMax: number, now: () => number): Memory<Value> {
  // A Map keeps the order of insertion: the first key is the one unused for longest.
  const entries = new Map<string, { value: Value; expiresAt: number }>()
  return {
    loading: null,
    get(key) {
      const found = entries.get(key)
      if (!found) return undefined
      entries.delete(key)
      if (found.expiresAt <= now()) return undefined
      entries.set(key, found)
      return found.value
    },
    set(key, value, ttlMs) {
      entries.delete(key)
      if (ttlMs <= 0) return
      entries.set(key, { value, expiresAt: now() + ttlMs })
      if (entries.size > entriesMax) entries.delete(entries.keys().next().value!)
    },
    expiresAt: (key) => entries.get(key)?.expiresAt ?? null,
    clear: () => entries.clear(),
    reopen: () => entries.clear(),
    get size() {
      return entries.size
    },
  }
}
