/** `npm run sheets:check`: whether clasp would push the add-on, whole and alone. It needs no Google account, and only an installed clasp. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assertOnlyAddon, builtFolder, keepScriptId, keptProject, type BuildAddon } from './addon-project.ts'
import type { Clasp } from './clasp.ts'
import { helpOf, readOptions, type Guide, type Typed } from './read-options.ts'

const GUIDE: Guide<never> = {
  name: 'sheets:check',
  does: 'says whether sheets:push would push the add-on, whole and alone. It asks nothing of Google.',
  options: {},
  example: '',
}

export interface CheckSheetsDeps {
  build: BuildAddon
  clasp: Clasp
  print: (text: string) => void
}

/** @throws {FailureError} `wrong-addon-files`, or why clasp could not say. */
export async function runCheckSheets(typed: Typed, { build, clasp, print }: CheckSheetsDeps): Promise<void> {
  if (readOptions(GUIDE, typed) === 'help') return print(helpOf(GUIDE))
  const project = mkdtempSync(join(tmpdir(), 'tariffcell-sheets-'))
  try {
    await build(builtFolder(project), 'https://hs.example.com')
    // clasp asks for an id, and here nobody for what it is of.
    await keepScriptId(project, 'none')
    await assertOnlyAddon(clasp, keptProject(project))
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
  print('clasp would push the add-on and nothing else.\n')
}
