/** `npm run sheets:push -- --script <script id> --url https://hs.example.com`: builds the add-on and puts it into its script at Google. */
import { failure, FailureError } from '../../shared/error-codes.ts'
import { misused, readSheetsAddress, readTextOptions, writing } from './addin-address.ts'
import {
  assertOnlyAddon,
  builtAddress,
  builtFolder,
  keepScriptId,
  keptScriptId,
  projectFile,
  type BuildAddon,
} from './addon-project.ts'
import { pushFiles, type Clasp } from './clasp.ts'

const USAGE =
  'npm run sheets:push -- --script <script id> --url https://hs.example.com (later either may be left out: it is as the last time)'

export interface PushSheetsDeps {
  /** Where `.clasp.json` and dist/ lie. */
  project: string
  build: BuildAddon
  clasp: Clasp
  print: (text: string) => void
}

/** @throws {FailureError} what stands in the way. */
export async function runPushSheets(args: string[], { project, build, clasp, print }: PushSheetsDeps): Promise<void> {
  const given = readTextOptions(args, ['script', 'url'], USAGE)
  const scriptId = readScriptId(given.script ?? keptScriptId(project))
  const out = builtFolder(project)
  const url = given.url ?? builtAddress(project)
  if (url === undefined) throw misused(USAGE)
  const baseUrl = readSheetsAddress(url)
  await writing(out, () => build(out, baseUrl))
  if (given.script !== undefined) await writing(projectFile(project), () => keepScriptId(project, scriptId))
  await assertOnlyAddon(clasp, project)
  print(`Pushing the add-on for ${baseUrl} into the script ${scriptId}\n`)
  print(await pushFiles(clasp, project, scriptId))
  print(`To try it: https://script.google.com/home/projects/${scriptId}/edit > Deploy > Test deployments\n`)
}

/** @throws {FailureError} `bad-command`, `not-a-script-id`. */
function readScriptId(value: string | undefined): string {
  if (value === undefined) throw misused(USAGE)
  // 57 characters. A spreadsheet's has 44, a deployment's begins with AKfycb.
  if (!/^(?!AKfycb)[\w-]{50,80}$/.test(value)) throw new FailureError(failure('not-a-script-id', { value }))
  return value
}
