/** `npm run sheets:push -- --script <script id> --url https://hs.example.com`: builds the add-on and puts it into its script at Google. */
import { failure, sentence } from '../../shared/error-codes.ts'
import { hostOf } from '../public-client.ts'
import { EXAMPLE_ADDRESS, readSheetsAddress, writing } from './addin-address.ts'
import {
  assertOnlyAddon,
  builtFolder,
  keepPush,
  keptProject,
  keptPush,
  URL_OPTION,
  withScript,
  type BuildAddon,
} from './addon-project.ts'
import type { AskHealth } from './ask-health.ts'
import { pushFiles, type Clasp, type ClaspProject } from './clasp.ts'
import { helpOf, needed, readOptions, type Guide, type Typed } from './read-options.ts'
import { readScriptId } from './script-id.ts'

const GUIDE: Guide<'script' | 'url' | 'unchecked'> = {
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
    unchecked: {
      value: null,
      what: {
        en: 'does not ask first whether your proxy answers at that address',
        zh: '不先询问您的代理是否在该地址应答',
        fr: 'ne demande pas d’abord si votre proxy répond à cette adresse',
      },
    },
  },
  example: `--script 1AbC…xyz --url ${EXAMPLE_ADDRESS}`,
}

export interface PushSheetsDeps {
  /** Where `.clasp.json` and dist/ lie. */
  project: string
  build: BuildAddon
  ask: AskHealth
  clasp: Clasp
  print: (text: string) => void
}

/** @throws {FailureError} what stands in the way. */
export async function runPushSheets(typed: Typed, deps: PushSheetsDeps): Promise<void> {
  const { project, build, clasp, print } = deps
  const given = readOptions(GUIDE, typed)
  if (given === 'help') return print(helpOf(GUIDE))
  const kept = keptPush(project)
  const script = given.script ?? kept?.scriptId
  if (script === undefined) throw needed(GUIDE, 'script')
  const scriptId = readScriptId(script)
  const out = builtFolder(project)
  // Not the one that dist/sheets was built for: that may have been a trial, or a push that failed.
  const url = given.url ?? kept?.proxyUrl
  if (url === undefined) throw needed(GUIDE, 'url')
  const baseUrl = readSheetsAddress(url)
  if (given.unchecked === undefined) await greet(deps, baseUrl)
  await writing(out, () => build(out, baseUrl))
  const send = async (from: ClaspProject): Promise<void> => {
    await assertOnlyAddon(clasp, from)
    print(`Pushing the add-on for ${baseUrl} into the script ${scriptId}\n`)
    print(await pushFiles(clasp, from, scriptId))
  }
  if (scriptId === kept?.scriptId) {
    await send(keptProject(project))
  } else {
    await withScript(project, scriptId, send)
  }
  // Only now: wrong ones would be taken the next time too.
  await keepPush(project, scriptId, baseUrl)
  print(`To try it: https://script.google.com/home/projects/${scriptId}/edit > Deploy > Test deployments\n`)
}

/** Before anything is built: a push that cannot work replaces one that does. */
async function greet({ ask, print }: PushSheetsDeps, address: string): Promise<void> {
  const { version, insideAddress } = await ask(address)
  print(`Tariffcell ${version} answers at ${address}\n`)
  if (insideAddress === null) return
  const host = hostOf(new URL(address))
  print(`${sentence(failure('address-inside', { host, found: insideAddress, address }))}\n`)
}
