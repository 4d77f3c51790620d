/** The last failures, for the pane: desktop Excel often does not show the sentence behind #N/A. Kept in memory only. */
import type { Clock } from '../shared/clock.ts'
import type { AnswerError } from '../shared/protocol.ts'

export interface RecentError {
  /** Milliseconds since 1970, of the last time. */
  at: number
  /** The function's name. */
  fn: string
  /** The cell, where Excel tells it. */
  address: string | null
  code: string
  message: string
  /** How many cells in a row failed alike. */
  times: number
}

export interface RecentErrors {
  add(error: AnswerError, fn: string, address: string | null): void
  /** Newest first. */
  list(): RecentError[]
  /** Told after the list has changed, once a turn: a column that fails is one change. @returns what takes the listener off. */
  onChange(listener: () => void): () => void
}

export const RECENT_ERRORS_MAX = 50

export function createRecentErrors(clock: Clock): RecentErrors {
  const errors: RecentError[] = []
  const listeners = new Set<() => void>()
  let isTelling = false

  /** In a turn of its own: what a listener throws must not reach the cells. */
  function tellSoon(): void {
    if (isTelling) return
    isTelling = true
    clock.schedule(() => {
      isTelling = false
      for (const listener of listeners) listener()
    }, 0)
  }

  return {
    add({ code, message }, fn, address) {
      const last = errors.at(-1)
      // A column without points fails 5,000 times in the same words; it takes one line.
      if (last?.fn === fn && last.message === message) {
        errors[errors.length - 1] = { ...last, at: clock.now(), address, times: last.times + 1 }
      } else {
        errors.push({ at: clock.now(), fn, address, code, message, times: 1 })
        if (errors.length > RECENT_ERRORS_MAX) errors.shift()
      }
      tellSoon()
    },
    list: () => [...errors].reverse(),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
