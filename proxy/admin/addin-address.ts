/** What the commands that make an add-in are told: the proxy's address, and where to write. */
import { isIP } from 'node:net'
import { parseArgs } from 'node:util'
import { failure, FailureError } from '../../shared/error-codes.ts'
import { isPublicAddress } from '../public-address.ts'

/** @param usage in one line. @throws {FailureError} `bad-command`, with the usage; `bad-addin-address`. */
export function readAddinArguments(args: string[], usage: string): { url: string; out?: string } {
  const { url, out } = readTextOptions(args, ['url', 'out'], usage)
  if (url === undefined) throw misused(usage)
  return { url: readAddinAddress(url), ...(out === undefined ? {} : { out }) }
}

/** @throws {FailureError} `bad-command`, with the usage, where there is more than these options. */
export function readTextOptions<Name extends string>(
  args: string[],
  names: readonly Name[],
  usage: string,
): { [Key in Name]?: string } {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
    return parseArgs({ args, options }).values as { [Key in Name]?: string }
  } catch {
    throw misused(usage)
  }
}

export function misused(usage: string): FailureError {
  return new FailureError(failure('bad-command', { detail: `Usage: ${usage}` }))
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
  const refuse = (detail: string): FailureError => refused(text, detail)
  if (!URL.canParse(text)) throw refuse('it is not an address')
  const url = new URL(text)
  if (url.protocol !== 'https:') throw refuse('spreadsheets reach a proxy by https only, on this machine too')
  if (url.username !== '' || url.password !== '')
    throw refuse('everybody who installs the add-in could read the password in it')
  if (url.search !== '' || url.hash !== '') throw refuse('it must end before ? and #')
  return url.href.replace(/\/+$/, '')
}

/** The same for Google Sheets, where Google's servers ask the proxy and no browser does. @throws {FailureError} `bad-addin-address` */
export function readSheetsAddress(text: string): string {
  const address = readAddinAddress(text)
  const host = new URL(address).hostname.replaceAll(/[[\]]/g, '')
  const isReachable = isIP(host) === 0 ? /\.(?!localhost$|local$|internal$)[^.]+$/.test(host) : isPublicAddress(host)
  if (!isReachable)
    throw refused(text, 'Google’s servers must reach it, and it is this machine’s or a private network’s')
  return address
}

function refused(value: string, detail: string): FailureError {
  return new FailureError(failure('bad-addin-address', { value, detail }))
}
