/** `npm run sheets:build -- --url https://hs.example.com`: what is pushed to Apps Script, into dist/sheets. */
import { rootFolder } from '../root-folder.ts'
import { EXAMPLE_ADDRESS, OUT_OPTION, readSheetsAddress, writing } from './addin-address.ts'
import { builtFolder, URL_OPTION } from './addon-project.ts'
import { helpOf, needed, readOptions, type Guide, type Typed } from './read-options.ts'

const GUIDE: Guide<'url' | 'out'> = {
  name: 'sheets:build',
  does: 'builds the Google Sheets add-on of your proxy and pushes nothing.',
  options: { url: URL_OPTION, out: { ...OUT_OPTION, value: '<folder>' } },
  example: `--url ${EXAMPLE_ADDRESS}`,
}

/** @throws {FailureError} what {@link readOptions} says, or `bad-addin-address`. */
export async function runBuildSheets(typed: Typed, print: (text: string) => void): Promise<void> {
  const given = readOptions(GUIDE, typed)
  if (given === 'help') return print(helpOf(GUIDE))
  const { url, out = builtFolder(rootFolder()) } = given
  if (url === undefined) throw needed(GUIDE, 'url')
  const baseUrl = readSheetsAddress(url)
  // Only now: a compiler takes seconds to load.
  const { buildSheetsAddon } = await import('../../sheets-addon/build.ts')
  await writing(out, () => buildSheetsAddon(out, baseUrl))
  print(`Wrote ${out} for ${baseUrl}\n`)
}
