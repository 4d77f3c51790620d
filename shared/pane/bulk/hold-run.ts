/** One run at a time in a workbook, also where it is open in two windows of this browser. */

/** `navigator.locks`, as much of it as is needed. */
export interface Locks {
  request(name: string, options: { ifAvailable: true }, work: (lock: object | null) => Promise<void>): Promise<unknown>
}

/** null where this browser has none: then two windows cannot know of each other. */
export function browserLocks(): Locks | null {
  return (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks ?? null
}

/** @returns what lets go again; null: another window holds it. */
export function holdRun(locks: Locks | null, workbookKey: string): Promise<(() => void) | null> {
  if (!locks) return Promise.resolve(() => {})
  return new Promise((resolve, reject) => {
    locks
      .request(`tariffcell.bulk.${workbookKey}`, { ifAvailable: true }, (lock) => {
        if (!lock) {
          resolve(null)
          return Promise.resolve()
        }
        // Held for as long as this promise is open; the browser lets go of it with the page.
        return new Promise<void>((letGo) => resolve(letGo))
      })
      .catch(reject)
  })
}
