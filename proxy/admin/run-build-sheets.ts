/** `npm run sheets:build -- --url https://hs.example.com`: what is pushed to Apps Script, into dist/sheets. */
import { join } from 'node:path'
import { rootFolder } from '../root-folder.ts'
import { readAddinArguments, writing } from './addin-address.ts'

const USAGE = 'npm run sheets:build -- --url https://hs.example.com [--out dist/sheets]'

/** @throws {FailureError} `bad-command` or `bad-addin-address`. */
export async function runBuildSheets(args: string[], print: (text: string) => void): Promise<void> {
  const { url, out = join(rootFolder(), 'dist', 'sheets') } = readAddinArguments(args, USAGE)
  // Only now: a compiler takes seconds to load.
  const { buildSheetsAddon } = await import('../../sheets-addon/build.ts')
  await writing(out, () => buildSheetsAddon(out, url))
  print(`Wrote ${out} for ${url}\n`)
}
