/// <reference lib="dom" />
/** Small things kept in this browser. */

/** `localStorage`, or what stands for it. */
export interface Store {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
  /** Told the key that another page of this browser has changed; null: any of them may have. */
  onOtherPage?(listener: (key: string | null) => void): void
}

/** @param page `globalThis`; where Excel runs functions without a page, there is no storage, and it may be forbidden anywhere. */
export function createBrowserStore(page: { localStorage?: Store; addEventListener?: typeof addEventListener }): Store {
  return {
    // Asked for on each use: the mere property throws where storage is forbidden.
    getItem: (key) => page.localStorage?.getItem(key) ?? null,
    setItem: (key, value) => page.localStorage!.setItem(key, value),
    removeItem: (key) => page.localStorage!.removeItem(key),
    onOtherPage(listener) {
      page.addEventListener?.('storage', ({ key }) => listener(key))
      // A page that was left and comes back by the Back button was told nothing meanwhile.
      page.addEventListener?.('pageshow', ({ persisted }) => persisted && listener(null))
    },
  }
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
