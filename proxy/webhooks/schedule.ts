/** When a delivery is tried again, and when it is given up: the schedule that Standard Webhooks recommends, 75 hours in all. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Pauses before each attempt. */
export const PAUSES_MS = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const

// So that receivers that were down together are not called together.
const JITTER = 0.1
// A ping asks whether it works now.
const PING_ATTEMPTS_MAX = 1
const REST_MS = MINUTE
const REST_MAX_MS = 24 * HOUR
/** The receiver, or what stands before it, has too much to do. */
const BUSY_STATUSES = new Set([429, 502, 504])

/** @param attempts made so far, at least one. @param random from 0 to 1. @returns null when it is given up. */
export function pauseAfter(type: string, attempts: number, random: number): number | null {
  if (type === 'ping' && attempts >= PING_ATTEMPTS_MAX) return null
  const pause = PAUSES_MS[attempts]
  return pause === undefined ? null : Math.round(pause * (1 + JITTER * random))
}

/** How long the receiver is left alone, all of it; 0 when it asked for nothing. */
export function restAfter(status: number, retryAfterMs: number | null): number {
  const asked = Math.min(retryAfterMs ?? 0, REST_MAX_MS)
  return BUSY_STATUSES.has(status) ? Math.max(asked, REST_MS) : asked
}

/** @param header seconds, or an HTTP date. @returns null for anything else, and for a time that has passed. */
export function readRetryAfter(header: unknown, now: number): number | null {
  if (typeof header !== 'string') return null
  const text = header.trim()
  const wait = /^\d{1,9}$/.test(text)
    ? Number(text) * SECOND
    : /^[A-Z]/i.test(text)
      ? Date.parse(text) - now
      : Number.NaN
  return wait > 0 ? wait : null
}
