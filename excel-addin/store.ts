/** Small things kept in this browser. */

/** `localStorage`, or what stands for it. */
export interface Store {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** Storage can be forbidden (private windows, blocked third-party frames); what is kept then lasts as long as the page. */
export function keepInMemoryToo(store: Store): Store {
  const memory = new Map<string, string | null>()
  return {
    getItem(key) {
      if (memory.has(key)) return memory.get(key) ?? null
      try {
        return store.getItem(key)
      } catch {
        return null
      }
    },
    setItem(key, value) {
      try {
        store.setItem(key, value)
        memory.delete(key)
      } catch {
        memory.set(key, value)
      }
    },
    removeItem(key) {
      try {
        store.removeItem(key)
        memory.delete(key)
      } catch {
        memory.set(key, null)
      }
    },
  }
}
