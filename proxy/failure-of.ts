import { randomUUID } from 'node:crypto'
import { failure, FailureError, type Failure } from '../shared/error-codes.ts'

export interface FailureLog {
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** The one place where a surprise becomes a sentence. The log has the rest, under the same id. */
export function failureOf(log: FailureLog, error: unknown): Failure {
  if (error instanceof FailureError) {
    log.warn({ error: error.message }, 'expected failure')
    return error.failure
  }
  const id = randomUUID().slice(0, 8)
  log.error({ id, error: error instanceof Error ? error.stack : String(error) }, 'unexpected failure')
  return failure('bug', { id })
}
