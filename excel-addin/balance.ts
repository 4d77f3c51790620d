/** The points left, as the proxy said last, for whoever shows them. */
import type { Clock } from '../shared/clock.ts'

export interface Balance {
  /** null: not known any more, such as for another seat. */
  said(points: number | null): void
  /** Told what was said last, soon after. @returns what takes the listener off. */
  onSaid(listener: (points: number | null) => void): () => void
}

// A column that is being filled changes it with each batch, and every result makes the sheet calculate.
const TOLD_AFTER_MS = 250

export function createBalance(clock: Clock): Balance {
  const listeners = new Set<(points: number | null) => void>()
  let known: number | null = null
  let isTelling = false

  return {
    // Also what was said before: who could not be answered then is told now.
    said(points) {
      known = points
      if (isTelling) return
      isTelling = true
      clock.schedule(() => {
        isTelling = false
        for (const listener of listeners) listener(known)
      }, TOLD_AFTER_MS)
    },
    onSaid(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
