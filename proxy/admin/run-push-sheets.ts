/** `npm run sheets:push -- --script <script id> --url https://hs.example.com`: builds the add-on and puts it into its script at Google. */
import { EXAMPLE_ADDRESS, readSheetsAddress, writing } from './addin-address.ts'
import {
  assertOnlyAddon,
  builtAddress,
  builtFolder,
  keepScriptId,
  keptProject,
  keptScriptId,
  URL_OPTION,
  withScript,
  type BuildAddon,
} from './addon-project.ts'
import { pushFiles, type Clasp, type ClaspProject } from './clasp.ts'
import { helpOf, needed, readOptions, type Guide, type Typed } from './read-options.ts'
import { readScriptId } from './script-id.ts'

const GUIDE: Guide<'script' | 'url'> = {
  name: 'sheets:push',
  does: 'builds the Google Sheets add-on of your proxy and puts it into your Apps Script project. The next time it needs no options.',
  options: {
    script: {
      value: '<script id>',
      what: {
        en: 'the id of your Apps Script project (at script.google.com: the project > Project Settings > Script ID), or its address',
        zh: 'Apps Script 项目的 ID（在 script.google.com：项目 > 项目设置 > 脚本 ID）或其地址',
        fr: 'l’ID de votre projet Apps Script (sur script.google.com : le projet > Paramètres du projet > ID du script), ou son adresse',
      },
    },
    url: URL_OPTION,
  },
  example: `--script 1AbC…xyz --url ${EXAMPLE_ADDRESS}`,
}

export interface PushSheetsDeps {
  /** Where `.clasp.json` and dist/ lie. */
  project: string
  build: BuildAddon
  clasp: Clasp
  print: (text: string) => void
}

/** @throws {FailureError} what stands in the way. */
export async function runPushSheets(typed: Typed, { project, build, clasp, print }: PushSheetsDeps): Promise<void> {
  const given = readOptions(GUIDE, typed)
  if (given === 'help') return print(helpOf(GUIDE))
  const script = given.script ?? keptScriptId(project)
  if (script === undefined) throw needed(GUIDE, 'script')
  const scriptId = readScriptId(script)
  const out = builtFolder(project)
  const url = given.url ?? builtAddress(project)
  if (url === undefined) throw needed(GUIDE, 'url')
  const baseUrl = readSheetsAddress(url)
  await writing(out, () => build(out, baseUrl))
  const send = async (from: ClaspProject): Promise<void> => {
    await assertOnlyAddon(clasp, from)
    print(`Pushing the add-on for ${baseUrl} into the script ${scriptId}\n`)
    print(await pushFiles(clasp, from, scriptId))
  }
  if (scriptId === keptScriptId(project)) {
    await send(keptProject(project))
  } else {
    // A wrong id would be taken the next time too.
    await withScript(project, scriptId, send)
    await keepScriptId(project, scriptId)
  }
  print(`To try it: https://script.google.com/home/projects/${scriptId}/edit > Deploy > Test deployments\n`)
}
