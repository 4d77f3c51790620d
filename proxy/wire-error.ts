import { randomUUID } from 'node:crypto'
import { FAILURES, failure, failureCode, FailureError, sentence, type Failure } from '../shared/error-codes.ts'

import type { Language } from '../shared/language.ts'
import type { AnswerError } from '../shared/protocol.ts'

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

export function printError(failed: Failure, language: Language): AnswerError {
  return {
    code: failureCode(failed),
    message: sentence(failed, language),
    retryable: FAILURES[failed.failed].retryable,
  }
}
