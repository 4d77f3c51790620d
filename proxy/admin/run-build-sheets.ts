/** `npm run sheets:build -- --url https://hs.example.com`: what is pushed to Apps Script, into dist/sheets. */
import { rootFolder } from '../root-folder.ts'
import { readAddinArguments, readSheetsAddress, writing } from './addin-address.ts'
import { builtFolder } from './addon-project.ts'

const USAGE = 'npm run sheets:build -- --url https://hs.example.com [--out dist/sheets]'

/** @throws {FailureError} `bad-command` or `bad-addin-address`. */
export async function runBuildSheets(args: string[], print: (text: string) => void): Promise<void> {
  const { url, out = builtFolder(rootFolder()) } = readAddinArguments(args, USAGE)
  const baseUrl = readSheetsAddress(url)
  // Only now: a compiler takes seconds to load.
  const { buildSheetsAddon } = await import('../../sheets-addon/build.ts')
  await writing(out, () => buildSheetsAddon(out, baseUrl))
  print(`Wrote ${out} for ${baseUrl}\n`)
}
