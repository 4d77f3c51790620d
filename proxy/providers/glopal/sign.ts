/** What proves to Glopal who asks: a signature of login and time. The secret itself is never sent. */
import { createHmac } from 'node:crypto'

const MICROSECONDS_PER_SECOND = 1_000_000

/**
 * The time as Glopal signs it: whole seconds, a dot, six digits. Built from whole numbers: the document's own sample prints a number
 * and pads it, and so loses the dot at every whole second.
 * @param epochMs milliseconds since 1970, with or without a fraction.
 */
export function printTimestamp(epochMs: number): string {
  const microseconds = Math.floor(epochMs * 1000)
  const seconds = Math.floor(microseconds / MICROSECONDS_PER_SECOND)
  return `${seconds}.${String(microseconds - seconds * MICROSECONDS_PER_SECOND).padStart(6, '0')}`
}

/** @returns 64 lower-case hexadecimal digits: HMAC-SHA256 of `login@timestamp`. */
export function signLogin(login: string, timestamp: string, secret: string): string {
  return createHmac('sha256', secret).update(`${login}@${timestamp}`).digest('hex')
}
