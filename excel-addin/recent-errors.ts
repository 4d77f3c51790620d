/** The last failures, for the pane: desktop Excel often does not show the sentence behind #N/A. Kept in memory only. */
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
}

export const RECENT_ERRORS_MAX = 50

export function createRecentErrors(now: () => number): RecentErrors {
  const errors: RecentError[] = []
  return {
    add({ code, message }, fn, address) {
      const last = errors.at(-1)
      // A column without points fails 5,000 times in the same words; it takes one line.
      if (last?.fn === fn && last.message === message) {
        errors[errors.length - 1] = { ...last, at: now(), address, times: last.times + 1 }
        return
      }
      errors.push({ at: now(), fn, address, code, message, times: 1 })
      if (errors.length > RECENT_ERRORS_MAX) errors.shift()
    },
    list: () => [...errors].reverse(),
  }
}
