/** Answers of this session: the least recently used goes first, what has outlived its time is not there. */
export interface Memory<Value> {
  get(key: string): Value | undefined
  /** @param ttlMs 0 remembers nothing; Infinity, until it is pushed out. */
  set(key: string, value: Value, ttlMs: number): void
  clear(): void
  readonly size: number
}

export function createMemory<Value>(entriesMax: number, now: () => number): Memory<Value> {
  // A Map keeps the order of insertion: the first key is the one unused for longest.
  const entries = new Map<string, { value: Value; expiresAt: number }>()
  return {
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
    clear: () => entries.clear(),
    get size() {
      return entries.size
    },
  }
}
