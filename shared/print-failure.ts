import { FAILURES, failureCode, sentence, type Failure } from './error-codes.ts'
import type { Language } from './language.ts'
import type { AnswerError } from './protocol.ts'

/** A failure as it travels on the wire and as add-ins show their own. */
export function printFailure(failed: Failure, language: Language): AnswerError {
  return {
    code: failureCode(failed),
    message: sentence(failed, language),
    retryable: FAILURES[failed.failed].retryable,
  }
}
