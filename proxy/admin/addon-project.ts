/** A folder as clasp wants it: `.clasp.json`, which names the script at Google, and the built add-on in dist/sheets. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { failure, FailureError } from '../../shared/error-codes.ts'
import { parseJson } from '../../shared/parse-json.ts'
import { writing } from './addin-address.ts'
import { listFilesToPush, type Clasp, type ClaspProject } from './clasp.ts'
import type { OptionGuide } from './read-options.ts'

const BUILT = ['dist', 'sheets'] as const
const ADDON_FILES = ['Code.js', 'appsscript.json', 'sidebar.html']

/** Of the script that was pushed to last, and the proxy whose add-on it was: clasp passes over what it does not know. */
const lastPush = z.looseObject({ scriptId: z.string(), proxyUrl: z.string().optional() })
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

const KEPT = '.clasp.json'

/** As the last push that came to its end left it. */
export function keptProject(project: string): ClaspProject {
  return { folder: project, file: KEPT }
}

/** @returns undefined where none was kept. */
export function keptPush(project: string): z.infer<typeof lastPush> | undefined {
  return lastPush.safeParse(readJson(join(project, KEPT))).data
}

/** @returns the address of the proxy whose add-on was built last; undefined where none was. */
export function builtAddress(project: string): string | undefined {
  const manifest = addonManifest.safeParse(readJson(join(builtFolder(project), 'appsscript.json')))
  return manifest.data?.urlFetchWhitelist[0]
}

function readJson(file: string): unknown {
  return existsSync(file) ? parseJson(readFileSync(file, 'utf8')) : undefined
}

/** For the next time; what somebody added stays, as long as the script is the same. @throws {FailureError} `bad-command`, where it cannot be written. */
export async function keepPush(project: string, scriptId: string, proxyUrl: string): Promise<void> {
  const file = join(project, KEPT)
  const kept = keptPush(project)
  const text =
    kept?.scriptId === scriptId
      ? `${JSON.stringify({ ...kept, proxyUrl }, null, 2)}\n`
      : printClaspProject(scriptId, BUILT.join('/'), proxyUrl)
  await writing(file, () => writeFileSync(file, text))
}

/** While `use` lasts there is a project file of this script in dist/, where git and the next push see none. */
export async function withScript(
  project: string,
  scriptId: string,
  use: (found: ClaspProject) => Promise<void>,
): Promise<void> {
  const [dist, built] = BUILT
  const file = join(dist, `clasp-${process.pid}.json`)
  const path = join(project, file)
  try {
    await writing(path, () => writeFileSync(path, printClaspProject(scriptId, built)))
    await use({ folder: project, file })
  } finally {
    rmSync(path, { force: true })
  }
}

/** @param rootDir of the add-on, from the file on. */
export function printClaspProject(scriptId: string, rootDir: string, proxyUrl?: string): string {
  return `${JSON.stringify({ scriptId, rootDir, proxyUrl }, null, 2)}\n`
}

/** clasp replaces all that the script holds: it must be the add-on, whole and alone. @returns its files. @throws {FailureError} `wrong-addon-files` */
export async function assertOnlyAddon(clasp: Clasp, project: ClaspProject): Promise<string[]> {
  const found = await listFilesToPush(clasp, project)
  const wanted = ADDON_FILES.map((name) => join(...BUILT, name))
  if (found.join() === wanted.join()) return found
  const list = (files: readonly string[]): string => files.join(', ') || '-'
  throw new FailureError(failure('wrong-addon-files', { found: list(found), wanted: list(wanted) }))
}
