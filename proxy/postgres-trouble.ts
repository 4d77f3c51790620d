/** What an error of PostgreSQL or of the way to it means for who asked. */
import { DatabaseAwayError, DiskFullError } from './database.ts'

/**
 * - `unsent`: no connection was had, so nothing was done.
 * - `lost`: the connection ended or fell silent; what was asked last may have been done.
 * - `conflict`: another transaction was in the way; this one was rolled back, and may go through when it is run again.
 * - `duplicate`: a unique key is taken, perhaps since `work` looked.
 * - `stale`: the connection prepared the statement before the tables changed; another connection has no such trouble.
 * - `slow`: took too long and was given up, with nothing done.
 * - `full`: no space on the disk.
 * - `other`: anything else, such as a check that refuses: a surprise, or the caller's to understand.
 */
export type Trouble = 'unsent' | 'lost' | 'conflict' | 'duplicate' | 'stale' | 'slow' | 'full' | 'other'

/** There was no connection to be had: nothing was sent. */
export class UnsentError extends Error {
  override name = 'UnsentError'
  constructor(cause: unknown) {
    super(`no connection: ${reasonOf(cause)}`, { cause })
  }
}

/** The connection went with the COMMIT under way: it may have been done. */
export class CommitLostError extends Error {
  override name = 'CommitLostError'
  constructor(cause: unknown) {
    super(`COMMIT was not acknowledged: ${reasonOf(cause)}`, { cause })
  }
}

const BY_STATE: Readonly<Record<string, Trouble>> = {
  // serialization_failure, deadlock_detected, lock_not_available
  '40001': 'conflict',
  '40P01': 'conflict',
  '55P03': 'conflict',
  '23505': 'duplicate',
  // invalid_sql_statement_name: a pooler between us gave this connection's statements to another
  '26000': 'stale',
  // query_canceled (statement_timeout), out_of_memory, disk_full
  '57014': 'slow',
  '53200': 'slow',
  '53100': 'full',
  // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout, idle_in_transaction_session_timeout,
  // too_many_connections, read_only_sql_transaction (what was the primary is a standby now), statement_completion_unknown
  '57P01': 'lost',
  '57P02': 'lost',
  '57P03': 'lost',
  '57P05': 'lost',
  '25P03': 'lost',
  '53300': 'lost',
  '25006': 'lost',
  '40003': 'lost',
}

const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
])
// What `pg` says of a connection comes without a code.
const LOST_WORDS = /connection terminated|connection error|client was closed|timeout expired|query read timeout/i

export function troubleOf(error: unknown): Trouble {
  if (error instanceof UnsentError) return 'unsent'
  if (!(error instanceof Error)) return 'other'
  const code = codeOf(error)
  if (code !== null) {
    const known = BY_STATE[code]
    if (known) return known
    if (code.startsWith('08') || SYSTEM_CODES.has(code)) return 'lost'
    if (code === '0A000' && /cached plan/i.test(error.message)) return 'stale'
    return 'other'
  }
  return LOST_WORDS.test(error.message) ? 'lost' : 'other'
}

/** Whether the connection is of no more use after this. */
export function endsConnection(error: unknown): boolean {
  const trouble = troubleOf(error)
  return error instanceof CommitLostError || trouble === 'lost' || trouble === 'stale'
}

/** As the database seam tells it. */
export function toSeamError(error: unknown): unknown {
  if (error instanceof CommitLostError) return new DatabaseAwayError(error)
  switch (troubleOf(error)) {
    case 'full':
      return new DiskFullError(error)
    case 'unsent':
    case 'lost':
    case 'stale':
    case 'slow':
    case 'conflict':
      return new DatabaseAwayError(error)
    case 'duplicate':
    case 'other':
      return error
  }
}

/** A wrong password, user or database: it will not be another in a moment. */
export function isRefusal(error: unknown): boolean {
  const cause = error instanceof UnsentError ? error.cause : error
  return cause instanceof Error && /^(28|3D|42)/.test(codeOf(cause) ?? '')
}

/** In a few words; PostgreSQL's own errors name the user and the database, never the password. */
export function reasonOf(error: unknown): string {
  if (error instanceof UnsentError || error instanceof CommitLostError) return reasonOf(error.cause)
  // Where a name has several addresses, each has an error of its own.
  if (error instanceof AggregateError) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null
}
