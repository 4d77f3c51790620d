/**
 * The database seam: one portable SQL text, thin adapters (sqlite-database.ts, postgres-database.ts), one contract suite on both.
 * Parameters are `$1`, `$2`…; time is integer milliseconds; whole numbers come back as numbers, never as text.
 */
import { FailureError, failure } from '../shared/error-codes.ts'

export type SqlValue = string | number | null

export interface Rows {
  all<Row>(sql: string, values?: readonly SqlValue[]): Promise<Row[]>
  get<Row>(sql: string, values?: readonly SqlValue[]): Promise<Row | undefined>
  /** @returns rows changed. */
  run(sql: string, values?: readonly SqlValue[]): Promise<number>
}

/** What processes on one database tell each other. A payload is an id, never a secret or a cell's text. */
export const TOPICS = ['seats', 'points', 'credentials', 'memory', 'jobs', 'submissions', 'webhooks'] as const
/** `seats`: id of a seat, or of a workspace, that changed · `points`, `memory`, `credentials`: workspace (''= the deployment) · `jobs`: id of a job ·
 * `submissions`: workspace, job and chunk of one that its upstream has finished with · `webhooks`: workspace with something to send. */
export type Topic = (typeof TOPICS)[number]

export interface Transaction extends Rows {
  /** Told when, and only when, the transaction commits. */
  notify(topic: Topic, payload: string): Promise<void>
}

export interface TransactionOptions {
  /**
   * `work` bears being run again after it may have been committed already, because what it does it does once (ids are made outside
   * of it, writes are guarded). A transaction whose COMMIT was lost with the connection is then run again; otherwise that is a
   * {@link DatabaseAwayError}.
   */
  repeatable?: boolean
}

export interface Database extends Rows {
  readonly engine: 'sqlite' | 'postgres'
  /**
   * Commits when `work` resolves, rolls back when it throws. Must not be nested. On PostgreSQL others run beside it (READ COMMITTED):
   * what must not change between a read and a write is locked by an UPDATE first, or guarded in the WHERE. `work` is run again after
   * a serialization failure, a deadlock, or a connection lost before COMMIT, and once after a unique key that another one took
   * meanwhile: what it does elsewhere must bear that. A statement that fails ends the transaction, whether `work` catches it or not.
   * @throws {DatabaseAwayError} when the database cannot be reached within a few seconds.
   */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>, options?: TransactionOptions): Promise<Result>
  /** Runs several statements as they stand; for migrations. */
  script(sql: string): Promise<void>
  notify(topic: Topic, payload: string): Promise<void>
  /**
   * Hears every process on a PostgreSQL, this one included; on SQLite this one alone.
   * @param handler given null when something may have been missed (the connection was lost for a while): look at everything anew.
   * @returns what ends it.
   */
  listen(topic: Topic, handler: (payload: string | null) => void): () => void
  close(): Promise<void>
}

/**
 * PostgreSQL keeps no U+0000 in a text, SQLite would: neither is given one.
 * @throws {FailureError} `bad-request`: such a text comes from a request, and is the asker's to mend.
 */
export function refuseNul(values: readonly SqlValue[]): void {
  for (const value of values) {
    if (typeof value === 'string' && value.includes('\u0000')) {
      throw new FailureError(failure('bad-request', { detail: 'a text holds the character U+0000' }))
    }
  }
}

/** The disk is full: nothing was written, and what was there is whole. */
export class DiskFullError extends FailureError {
  override name = 'DiskFullError'
  constructor(cause: unknown) {
    super(failure('disk-full'), { cause })
  }
}

/** The database is out of reach, or too busy. What was not acknowledged may or may not be there: ask again by its id. */
export class DatabaseAwayError extends FailureError {
  override name = 'DatabaseAwayError'
  constructor(cause: unknown) {
    super(failure('database-away'), { cause })
  }
}
