/** The log: fields we name ourselves, never a token, a credential or the text of a cell. */
import { pino, type Logger } from 'pino'
import type { LogLevel } from './config.ts'

export type Log = Logger

// A second fence: nothing we log holds these, and if something ever does it is struck out.
const REDACTED = [
  'token',
  'code',
  'authorization',
  'headers.authorization',
  '*.token',
  '*.authorization',
  'key',
  '*.apiKey',
  '*.secret',
]

export function createLog(level: LogLevel): Log {
  return pino(
    { level, base: null, redact: { paths: REDACTED, censor: '[hidden]' } },
    pino.destination({ dest: 2, sync: false }),
  )
}
