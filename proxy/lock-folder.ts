/**
 * One proxy a data folder, where the database lies in it: with PostgreSQL several may run, and nobody locks. The lock is an exclusive SQLite transaction on a file of its own: the system lets go of it when the
 * process ends, however it ends, so a crash leaves nothing to clean up.
 */
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { failure, FailureError } from '../shared/error-codes.ts'
import { makeFolder } from './make-folder.ts'
import { openSqlite, type SqliteDatabase } from './sqlite.ts'

/** @returns what lets go of the folder. @throws {FailureError} `folder-in-use` or `folder-not-writable`. */
export async function lockFolder(folder: string): Promise<() => void> {
  try {
    makeFolder(folder)
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw notWritable(folder, error)
  }
  const lock = await openLock(folder, 'proxy.lock')
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (isTaken(error)) {
      throw new FailureError(failure('folder-in-use', { folder }), { cause: error })
    }
    throw notWritable(folder, error)
  }
  return () => lock.close()
}

/**
 * Of a command line that asks and pays in the folder, beside a proxy or without one; any number may.
 * @returns what lets go of it.
 */
export async function lockFolderForCommand(folder: string): Promise<() => void> {
  const lock = await openLock(folder, COMMANDS_LOCK)
  // A proxy that starts has it for a moment.
  lock.exec(
    `PRAGMA busy_timeout = ${COMMAND_WAITS_MS}; PRAGMA journal_mode = DELETE; BEGIN; SELECT 1 FROM sqlite_master`,
  )
  return () => lock.close()
}

/** @returns what lets commands in again; null while one is at work. */
export async function lockOutCommands(folder: string): Promise<(() => void) | null> {
  const lock = await openLock(folder, COMMANDS_LOCK)
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (isTaken(error)) return null
    throw error
  }
  return () => lock.close()
}

const COMMANDS_LOCK = 'commands.lock'
const COMMAND_WAITS_MS = 10_000

function isTaken(error: unknown): boolean {
  return /locked|busy/i.test(String(error))
}

async function openLock(folder: string, name: string): Promise<SqliteDatabase> {
  try {
    return await openSqlite(join(folder, name), { readOnly: false })
  } catch (error) {
    throw notWritable(folder, error)
  }
}

function notWritable(folder: string, error: unknown): FailureError {
  return new FailureError(failure('folder-not-writable', { folder, detail: (error as Error).message }), {
    cause: error,
  })
}
