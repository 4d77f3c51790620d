import { failure, sentence } from '../shared/error-codes.ts'

// A folder of another user, a disk that is only read.
const NOT_WRITABLE = new Set(['EACCES', 'EROFS', 'EPERM'])

/** @returns null for anything but a folder that cannot be written. */
export function printBuildFailure(error: unknown, folder: string): string | null {
  if (!(error instanceof Error)) return null
  const { code, message } = error as NodeJS.ErrnoException
  return NOT_WRITABLE.has(code ?? '') ? sentence(failure('dist-not-writable', { folder, detail: message })) : null
}
