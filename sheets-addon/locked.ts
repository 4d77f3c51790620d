/// <reference types="google-apps-script" />
import { failure, FailureError } from '../shared/error-codes.ts'

const LOCK_MS = 20_000

/** Runs while nobody else writes into this spreadsheet, or into what is kept with it. @throws {FailureError} `spreadsheet-busy`. */
export function locked<Result>(work: () => Result): Result {
  return lockedBy(LockService.getDocumentLock(), work)
}

/** Runs while no other sidebar of this person changes what is kept for them. @throws {FailureError} `spreadsheet-busy`. */
export function lockedForUser<Result>(work: () => Result): Result {
  return lockedBy(LockService.getUserLock(), work)
}

function lockedBy<Result>(lock: GoogleAppsScript.Lock.Lock, work: () => Result): Result {
  if (!lock.tryLock(LOCK_MS)) throw new FailureError(failure('spreadsheet-busy', { detail: 'Google Sheets' }))
  try {
    return work()
  } finally {
    lock.releaseLock()
  }
}
