/** clasp as its folder shows it once it is installed, with a script in its place that says and does what a test wants. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clasp } from '../../proxy/admin/clasp.ts'

export interface StandInClasp extends Clasp {
  /** The command lines it was called with. */
  calls: () => string[]
  printed: string[]
}

const VERSION = '3.4.1'
/** What clasp says of the built add-on: in no order. */
export const ADDON_STATUS = `{"filesToPush":["dist/sheets/sidebar.html","dist/sheets/appsscript.json","dist/sheets/Code.js"],"untrackedFiles":[]}`

/**
 * @param folder is written into.
 * @param does JavaScript for a command, e.g. `{ push: "console.error('No credentials found.'); process.exitCode = 1" }`.
 */
export function standInClasp(
  folder: string,
  does: Record<string, string>,
  signal: AbortSignal = new AbortController().signal,
): StandInClasp {
  const commands = { 'show-file-status': `console.log(${JSON.stringify(ADDON_STATUS)})`, ...does }
  const source = [
    `require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'calls'))}, process.argv.slice(2).join(' ') + '\\n')`,
    'switch (process.argv[2]) {',
    ...Object.entries(commands).map(([command, script]) => `case '${command}': { ${script} } break`),
    '}',
  ].join('\n')
  const lock = JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/@google/clasp': { version: VERSION } } })
  const programs = join(folder, 'node_modules', '@google', 'clasp', 'build', 'src')
  mkdirSync(programs, { recursive: true })
  writeFileSync(join(programs, 'index.js'), source)
  writeFileSync(join(folder, 'package-lock.json'), lock)
  writeFileSync(join(folder, 'node_modules', '.package-lock.json'), lock)
  const printed: string[] = []
  return {
    folder,
    signal,
    print: (text) => void printed.push(text),
    printed,
    calls: () =>
      existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [],
  }
}
