/**
 * The key that credentials are kept under: from MASTER_KEY, or from a file beside the database, made when it is first needed.
 */
import { createSecretKey, hash, randomBytes, type KeyObject } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { failure, FailureError } from '../../shared/error-codes.ts'

export interface MasterKey {
  /** First 8 hex digits of the key's SHA-256: says which key, and nothing of it. */
  id: string
  /** A key object, because it shows nothing when it is printed by mistake. */
  key: KeyObject
}

export interface MasterKeySource {
  /** Where the key lies, or would lie if MASTER_KEY were not set. */
  readonly file: string
  /** @returns null when there is none yet. @throws {FailureError} `bad-setting` or `master-key`. */
  existing(): MasterKey | null
  /** The key, made now if there is none. */
  existingOrNew(): MasterKey
}

const KEY_BYTES = 32
const OWNER_ONLY = 0o600
const OTHERS = 0o077

/**
 * @param setting MASTER_KEY as it is set, null when it is not.
 * @throws {FailureError} `bad-setting` when it is not 32 bytes in base64 or hexadecimal. Never says what it is.
 */
export function openMasterKey({ folder, setting }: { folder: string; setting: string | null }): MasterKeySource {
  const file = join(folder, 'master.key')
  if (setting !== null) {
    const bytes = readBytes(setting)
    if (!bytes) {
      const detail = 'it takes 32 bytes in base64 or hexadecimal, such as openssl rand -hex 32 prints'
      throw new FailureError(failure('bad-setting', { name: 'MASTER_KEY', detail }))
    }
    const given = toMasterKey(bytes)
    return { file, existing: () => given, existingOrNew: () => given }
  }
  return {
    file,
    existing: () => readKeyFile(file),
    existingOrNew() {
      const kept = readKeyFile(file)
      if (kept) return kept
      makeKeyFile(file)
      // Read back: when another process was faster, its key is the one.
      return readKeyFile(file)!
    },
  }
}

function toMasterKey(bytes: Buffer): MasterKey {
  return { id: hash('sha256', bytes).slice(0, 8), key: createSecretKey(bytes) }
}

function readBytes(text: string): Buffer | null {
  const trimmed = text.trim()
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex')
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null
  const bytes = Buffer.from(trimmed, 'base64')
  return bytes.length === KEY_BYTES ? bytes : null
}

function readKeyFile(file: string): MasterKey | null {
  let text: string
  try {
    refuseWhenOthersCanRead(file)
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof FailureError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new FailureError(failure('master-key', { detail: `the key file cannot be read (${code})`, file }), {
      cause: error,
    })
  }
  const bytes = readBytes(text)
  if (!bytes) throw new FailureError(failure('master-key', { detail: 'the key file is damaged', file }))
  return toMasterKey(bytes)
}

function refuseWhenOthersCanRead(file: string): void {
  const { mode } = statSync(file)
  // Windows has no such bits; there the folder's own rights count.
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return
  throw new FailureError(
    failure('bad-setting', { name: 'master.key', detail: `others can read it; mend that with: chmod 600 "${file}"` }),
  )
}

/** Writes aside and links into place: the file is whole or not there, and one that is there is never replaced. */
function makeKeyFile(file: string): void {
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    const handle = openSync(draft, 'wx', OWNER_ONLY)
    try {
      writeSync(handle, `${randomBytes(KEY_BYTES).toString('base64')}\n`)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    try {
      linkSync(draft, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      unlinkSync(draft)
    }
  } catch (error) {
    const detail = `the key file cannot be written (${(error as NodeJS.ErrnoException).code})`
    throw new FailureError(failure('master-key', { detail, file }), { cause: error })
  }
}
