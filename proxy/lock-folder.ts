/**
 * One proxy a data folder. The lock is an exclusive SQLite transaction on a file of its own: the system lets go of it when the
 * process ends, however it ends, so a crash leaves nothing to clean up.
 */
import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { failure, FailureError } from '../shared/error-codes.ts'
import { openSqlite } from './sqlite.ts'

/** @returns what lets go of the folder. @throws {FailureError} `folder-in-use` or `folder-not-writable`. */
export async function lockFolder(folder: string): Promise<() => void> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw new FailureError(failure('folder-not-writable', { folder, detail: (error as Error).message }), {
      cause: error,
    })
  }
  const lock = await openSqlite(join(folder, 'proxy.lock'), { readOnly: false })
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (/locked|busy/i.test(String(error)))
      throw new FailureError(failure('folder-in-use', { folder }), { cause: error })
    throw new FailureError(failure('folder-not-writable', { folder, detail: (error as Error).message }), {
      cause: error,
    })
  }
  return () => lock.close()
}
