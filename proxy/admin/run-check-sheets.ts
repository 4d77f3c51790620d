/**
 * `npm run sheets:check`: what `sheets:push` would push, and whether that is the add-on, whole and alone. Nothing is changed, neither
 * here nor at Google; clasp is installed where it is not yet.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { EXAMPLE_ADDRESS, readSheetsAddress } from './addin-address.ts'
import {
  assertOnlyAddon,
  builtAddress,
  builtFolder,
  keepPush,
  keptProject,
  keptPush,
  URL_OPTION,
  type BuildAddon,
} from './addon-project.ts'
import type { Clasp } from './clasp.ts'
import { printTable } from './print-table.ts'
import { helpOf, readOptions, type Guide, type Typed } from './read-options.ts'

const GUIDE: Guide<'url'> = {
  name: 'sheets:check',
  does: 'says what sheets:push would push, and pushes nothing. It needs neither a Google account nor a proxy.',
  options: { url: URL_OPTION },
  example: `--url ${EXAMPLE_ADDRESS}`,
}

export interface CheckSheetsDeps {
  /** Where dist/ lies. */
  project: string
  build: BuildAddon
  clasp: Clasp
  print: (text: string) => void
}

/** @throws {FailureError} `wrong-addon-files`, why clasp could not say, or what {@link readOptions} says. */
export async function runCheckSheets(typed: Typed, { project, build, clasp, print }: CheckSheetsDeps): Promise<void> {
  const given = readOptions(GUIDE, typed)
  if (given === 'help') return print(helpOf(GUIDE))
  const builtFor = builtAddress(project)
  const address = readSheetsAddress(given.url ?? keptPush(project)?.proxyUrl ?? builtFor ?? EXAMPLE_ADDRESS)
  const trial = mkdtempSync(join(tmpdir(), 'tariffcell-sheets-'))
  try {
    const [stands, fresh] = [builtFolder(project), builtFolder(trial)]
    // Built over what stands there, as a push does: a file that is none of ours would go along.
    if (existsSync(stands)) cpSync(stands, fresh, { recursive: true })
    await build(fresh, address)
    // clasp asks for an id, and here nobody for what it is of.
    await keepPush(trial, 'none', address)
    const files = await assertOnlyAddon(clasp, keptProject(trial))
    print(`${stateOf({ builtFor, address, files, stands, trial })}\n`)
    print(`clasp would push these files for ${address}, and nothing else:\n`)
    const sizes = files.map((file) => ({ name: basename(file), bytes: statSync(join(trial, file)).size }))
    const columns = [
      { title: '  file', value: ({ name }: (typeof sizes)[0]) => `  ${name}` },
      { title: 'kB', value: ({ bytes }: (typeof sizes)[0]) => Math.ceil(bytes / 1000) },
    ]
    print(`${printTable(columns, sizes, '').join('\n')}\n`)
  } finally {
    rmSync(trial, { recursive: true, force: true })
  }
}

interface Stand {
  /** What dist/sheets was built for; undefined: nothing was. */
  builtFor: string | undefined
  address: string
  /** As seen from the trial's folder. */
  files: readonly string[]
  stands: string
  trial: string
}

function stateOf({ builtFor, address, files, stands, trial }: Stand): string {
  if (builtFor === undefined) {
    const tried = address === EXAMPLE_ADDRESS ? ' Tried with the address of an example.' : ''
    return `dist/sheets: nothing was built yet; sheets:push builds it.${tried}`
  }
  const anew = 'sheets:push builds it anew.'
  const built = `dist/sheets was built for ${builtFor.replace(/\/$/, '')}`
  if (readSheetsAddress(builtFor) !== address) return `${built}, not for ${address}; with that address ${anew}`
  // Compared byte by byte: a copied or freshly cloned file's time says nothing.
  const old = files.filter((file) => !isSame(join(stands, basename(file)), join(trial, file)))
  if (old.length === 0) return `${built}, by the sources as they are.`
  return `${built}, by other sources than those here (${old.map((file) => basename(file)).join(', ')}); ${anew}`
}

function isSame(one: string, other: string): boolean {
  return existsSync(one) && readFileSync(one).equals(readFileSync(other))
}
