/** `npm run sheets:push -- --script <script id> --url https://hs.example.com`: builds the add-on and puts it into its script at Google. */
import { failure, FailureError } from '../../shared/error-codes.ts'
import { EXAMPLE_ADDRESS, readSheetsAddress, writing } from './addin-address.ts'
import {
  assertOnlyAddon,
  builtAddress,
  builtFolder,
  keepScriptId,
  keptScriptId,
  projectFile,
  URL_OPTION,
  type BuildAddon,
} from './addon-project.ts'
import { pushFiles, type Clasp } from './clasp.ts'
import { helpOf, needed, readOptions, type Guide, type Typed } from './read-options.ts'

const GUIDE: Guide<'script' | 'url'> = {
  name: 'sheets:push',
  does: 'builds the Google Sheets add-on of your proxy and puts it into your Apps Script project. The next time it needs no options.',
  options: {
    script: {
      value: '<script id>',
      what: {
        en: 'which Apps Script project; at script.google.com open it > Project Settings > Script ID',
        zh: 'Apps Script 项目；在 script.google.com 打开项目 > 项目设置 > 脚本 ID',
        fr: 'quel projet Apps Script ; sur script.google.com ouvrez-le > Paramètres du projet > ID du script',
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
  if (given.script !== undefined) await writing(projectFile(project), () => keepScriptId(project, scriptId))
  await assertOnlyAddon(clasp, project)
  print(`Pushing the add-on for ${baseUrl} into the script ${scriptId}\n`)
  print(await pushFiles(clasp, project, scriptId))
  print(`To try it: https://script.google.com/home/projects/${scriptId}/edit > Deploy > Test deployments\n`)
}

/** @throws {FailureError} `not-a-script-id`. */
function readScriptId(value: string): string {
  // 57 characters. A spreadsheet's has 44, a deployment's begins with AKfycb.
  if (!/^(?!AKfycb)[\w-]{50,80}$/.test(value)) throw new FailureError(failure('not-a-script-id', { value }))
  return value
}
