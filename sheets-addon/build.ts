/** What is pushed to Apps Script: Code.js (one classic script and its declarations), appsscript.json and the sidebar. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { printCallables } from './callable.ts'

/**
 * Writes the add-on of one proxy into `outFolder`.
 * @param baseUrl of the proxy, without a slash at the end: Google lets the add-on reach this address and no other.
 */
export async function buildSheetsAddon(outFolder: string, baseUrl: string): Promise<void> {
  mkdirSync(outFolder, { recursive: true })
  writeFileSync(join(outFolder, 'Code.js'), await bundleCode(baseUrl))
  writeFileSync(join(outFolder, 'sidebar.html'), await bundleSidebar())
  writeFileSync(join(outFolder, 'appsscript.json'), printAppsScriptManifest(baseUrl))
}

/** The text of Code.js. */
export async function bundleCode(baseUrl: string, door = doorVersion()): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('code.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'app_',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    // Apps Script parses neither private nor static fields.
    target: 'es2019',
    // Names stay, so that what Google shows of an error, and who reviews what was pushed, can find their way.
    minifySyntax: true,
    minifyWhitespace: true,
    charset: 'utf8',
    legalComments: 'none',
    define: { TARIFFCELL_PROXY_URL: JSON.stringify(baseUrl), TARIFFCELL_DOOR: JSON.stringify(door) },
    logLevel: 'warning',
  })
  return `${outputFiles[0]!.text}\n${printCallables()}\n`
}

/** The text of sidebar.html: Apps Script serves no other file, and the page loads none. */
export async function bundleSidebar(door = doorVersion()): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('sidebar/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    target: ['chrome109', 'firefox115', 'safari15.4'],
    define: {
      'process.env.NODE_ENV': '"production"',
      TARIFFCELL_VERSION: JSON.stringify(packageVersion()),
      TARIFFCELL_DOOR: JSON.stringify(door),
    },
    charset: 'utf8',
    legalComments: 'eof',
    logLevel: 'warning',
  })
  const page = readFileSync(new URL('sidebar/sidebar.html', import.meta.url), 'utf8')
  // A script ends where this word stands, in a text too; and as a replacement $ would mean something.
  const script = outputFiles[0]!.text.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--')
  return page.replace('/* script */', () => script)
}

// What passes between the sidebar and what runs at Google.
const DOOR_FILES = ['door-protocol.ts', '../shared/pane/spreadsheet-host.ts']

/** A sidebar that was opened before the script was pushed anew is still open, and must not take the one door for the other. */
export function doorVersion(): string {
  const hash = createHash('sha256')
  for (const file of DOOR_FILES) hash.update(readFileSync(new URL(file, import.meta.url)))
  return hash.digest('base64url').slice(0, 12)
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** Least of what works: this spreadsheet, this proxy, a sidebar. The same list stands on the consent screen and in the Marketplace. */
export const OAUTH_SCOPES = [
  'https://www.googleapis.com/auth/spreadsheets.currentonly',
  'https://www.googleapis.com/auth/script.external_request',
  'https://www.googleapis.com/auth/script.container.ui',
] as const

export function printAppsScriptManifest(baseUrl: string): string {
  const manifest = {
    timeZone: 'Etc/UTC',
    runtimeVersion: 'V8',
    exceptionLogging: 'STACKDRIVER',
    dependencies: {},
    oauthScopes: OAUTH_SCOPES,
    // A path is asked for: the slash is one.
    urlFetchWhitelist: [`${baseUrl}/`],
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}
