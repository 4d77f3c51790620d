/** A value that parts of the pane look at, and are told of when it changes. */
export interface Observable<Value> {
  get(): Value
  set(value: Value): void
  update(change: (value: Value) => Value): void
  /** @returns what takes the listener off again. */
  subscribe(listener: () => void): () => void
}

export function observable<Value>(first: Value): Observable<Value> {
  let current = first
  const listeners = new Set<() => void>()
  const set = (value: Value): void => {
    if (Object.is(value, current)) return
    current = value
    for (const listener of listeners) listener()
  }
  return {
    get: () => current,
    set,
    update: (change) => set(change(current)),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
