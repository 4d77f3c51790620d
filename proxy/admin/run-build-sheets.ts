/** `npm run sheets:build -- --url https://hs.example.com`: what is pushed to Apps Script, into dist/sheets. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { failure, FailureError } from '../../shared/error-codes.ts'
import { rootFolder } from '../root-folder.ts'
import { readAddinAddress } from './addin-address.ts'

const USAGE = 'npm run sheets:build -- --url https://hs.example.com [--out dist/sheets]'

/** @throws {FailureError} `bad-command` or `bad-addin-address`. */
export async function runBuildSheets(args: string[], print: (text: string) => void): Promise<void> {
  const { url: given, out = join(rootFolder(), 'dist', 'sheets') } = readArguments(args)
  const url = readAddinAddress(given)
  // Only now: a compiler takes seconds to load.
  const { buildSheetsAddon } = await import('../../sheets-addon/build.ts')
  await buildSheetsAddon(out, url)
  print(`Wrote ${out} for ${url}\n`)
}

function readArguments(args: string[]): { url: string; out?: string } {
  try {
    const { url, out } = parseArgs({ args, options: { url: { type: 'string' }, out: { type: 'string' } } }).values
    if (url !== undefined) return { url, ...(out === undefined ? {} : { out }) }
  } catch {
    // An option that is not known: the usage says which are.
  }
  throw new FailureError(failure('bad-command', { detail: `Usage: ${USAGE}` }))
}
