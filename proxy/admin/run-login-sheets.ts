/** `npm run sheets:login`: lets clasp into a Google account, whose browser answers it; `-- --no-localhost` where that is on another machine. */
import { failure, FailureError } from '../../shared/error-codes.ts'
import { misused } from './addin-address.ts'
import { logIn, type Clasp } from './clasp.ts'

const USAGE = 'npm run sheets:login [-- --no-localhost]'

export interface LoginSheetsDeps {
  clasp: Clasp
  /** Somebody sits at a terminal. */
  isAttended: boolean
}

/** @throws {FailureError} what stands in the way. */
export async function runLoginSheets(args: string[], { clasp, isAttended }: LoginSheetsDeps): Promise<void> {
  if (args.some((arg) => arg !== '--no-localhost')) throw misused(USAGE)
  if (!isAttended) {
    throw new FailureError(
      failure('bad-command', { detail: 'Google asks a person: run npm run sheets:login in a terminal.' }),
    )
  }
  await logIn(clasp, args)
}
