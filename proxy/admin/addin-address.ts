/** What the commands that make an add-in are told: the proxy's address, and where to write. */
import { parseArgs } from 'node:util'
import { failure, FailureError } from '../../shared/error-codes.ts'

/** @param usage in one line. @throws {FailureError} `bad-command`, with the usage; `bad-addin-address`. */
export function readAddinArguments(args: string[], usage: string): { url: string; out?: string } {
  const { url, out } = parsed(args)
  if (url === undefined) throw new FailureError(failure('bad-command', { detail: `Usage: ${usage}` }))
  return { url: readAddinAddress(url), ...(out === undefined ? {} : { out }) }
}

function parsed(args: string[]): { url?: string | undefined; out?: string | undefined } {
  try {
    return parseArgs({ args, options: { url: { type: 'string' }, out: { type: 'string' } } }).values
  } catch {
    // An option that is not known: the usage says which are.
    return {}
  }
}

/** @throws {FailureError} `bad-command`, where `write` finds that it cannot. */
export async function writing(where: string, write: () => void | Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new FailureError(failure('bad-command', { detail: `${where} cannot be written (${code})` }), { cause: error })
  }
}

/** The address of a proxy as the manifest takes it. @throws {FailureError} `bad-addin-address`, saying what is wrong with it. */
export function readAddinAddress(text: string): string {
  const refuse = (detail: string): FailureError =>
    new FailureError(failure('bad-addin-address', { value: text, detail }))
  if (!URL.canParse(text)) throw refuse('it is not an address')
  const url = new URL(text)
  if (url.protocol !== 'https:') throw refuse('spreadsheets reach a proxy by https only, on this machine too')
  if (url.username !== '' || url.password !== '')
    throw refuse('everybody who installs the add-in could read the password in it')
  if (url.search !== '' || url.hash !== '') throw refuse('it must end before ? and #')
  return url.href.replace(/\/+$/, '')
}
