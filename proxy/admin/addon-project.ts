/** A folder as clasp wants it: `.clasp.json`, which names the script at Google, and the built add-on in dist/sheets. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { failure, FailureError } from '../../shared/error-codes.ts'
import { parseJson } from '../../shared/parse-json.ts'
import { listFilesToPush, type Clasp } from './clasp.ts'
import type { OptionGuide } from './read-options.ts'

const BUILT = ['dist', 'sheets']
const ADDON_FILES = ['Code.js', 'appsscript.json', 'sidebar.html']

const claspProject = z.object({ scriptId: z.string() })
const addonManifest = z.object({ urlFetchWhitelist: z.array(z.string()) })

export const URL_OPTION: OptionGuide = {
  value: '<address>',
  what: {
    en: 'the https address at which the whole internet reaches your proxy',
    zh: '整个互联网访问您的代理所用的 https 地址',
    fr: 'l’adresse https à laquelle tout l’internet atteint votre proxy',
  },
}

/** As in sheets-addon/build.ts, which takes a while to load, and to build. */
export type BuildAddon = (outFolder: string, baseUrl: string) => Promise<void>

export function builtFolder(project: string): string {
  return join(project, ...BUILT)
}

export function projectFile(project: string): string {
  return join(project, '.clasp.json')
}

/** @returns undefined where none was kept. */
export function keptScriptId(project: string): string | undefined {
  return claspProject.safeParse(readJson(projectFile(project))).data?.scriptId
}

/** @returns the address of the proxy whose add-on was built last; undefined where none was. */
export function builtAddress(project: string): string | undefined {
  const manifest = addonManifest.safeParse(readJson(join(builtFolder(project), 'appsscript.json')))
  return manifest.data?.urlFetchWhitelist[0]
}

function readJson(file: string): unknown {
  return existsSync(file) ? parseJson(readFileSync(file, 'utf8')) : undefined
}

export function keepScriptId(project: string, scriptId: string): void {
  writeFileSync(projectFile(project), printClaspProject(scriptId))
}

export function printClaspProject(scriptId: string): string {
  return `${JSON.stringify({ scriptId, rootDir: BUILT.join('/') }, null, 2)}\n`
}

/** clasp replaces all that the script holds: it must be the add-on, whole and alone. @throws {FailureError} `wrong-addon-files` */
export async function assertOnlyAddon(clasp: Clasp, project: string): Promise<void> {
  const found = await listFilesToPush(clasp, project)
  const wanted = ADDON_FILES.map((name) => join(...BUILT, name))
  if (found.join() === wanted.join()) return
  const list = (files: readonly string[]): string => files.join(', ') || '-'
  throw new FailureError(failure('wrong-addon-files', { found: list(found), wanted: list(wanted) }))
}
