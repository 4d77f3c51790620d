/**
 * A real Chromium from node_modules: unpacked once into the system's temporary folder, nothing installed, nothing downloaded.
 * Works as root on a clean machine.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser } from 'playwright-core'

// Raise it together with @sparticuz/chromium in package.json: another version unpacks into another folder.
const CHROMIUM_VERSION = '147.0.0'
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** @throws with the name of the library, and of its Debian package, when the system lacks one. */
export async function openBrowser(): Promise<Browser> {
  const folder = await unpackOnce()
  try {
    return await chromium.launch({
      executablePath: join(folder, 'chromium'),
      args: ARGUMENTS,
      headless: true,
      env: { ...inheritedEnvironment(), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
    })
  } catch (error) {
    const library = /error while loading shared libraries: (\S+?):/.exec(String(error))?.[1]
    if (library === undefined) throw error
    const packageName = DEBIAN_PACKAGES[library] ?? `the one that holds ${library}`
    throw new Error(`Chromium needs ${library}. On Debian: apt-get install ${packageName}`, { cause: error })
  }
}

const DEBIAN_PACKAGES: Record<string, string> = {
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libexpat.so.1': 'libexpat1',
  'libfontconfig.so.1': 'libfontconfig1',
  'libuuid.so.1': 'libuuid1',
}

/** Unpacks beside the final place and renames, so that test files that start together never see half a browser. */
async function unpackOnce(): Promise<string> {
  const folder = join(tmpdir(), `tariffcell-chromium-${CHROMIUM_VERSION}-${process.getuid?.() ?? 0}`)
  if (existsSync(folder)) return folder
  const staging = mkdtempSync(`${folder}-`)
  try {
    // In a process of its own, because the package unpacks into whatever the temporary folder is.
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', UNPACK], {
      cwd: import.meta.dirname,
      env: { ...inheritedEnvironment(), TMPDIR: staging, TEMP: staging, TMP: staging },
    })
    writeFileSync(join(staging, 'fonts.conf'), fontsOf(folder))
    renameSync(staging, folder)
  } catch (error) {
    rmSync(staging, { recursive: true, force: true })
    // Somebody else was first.
    if (!existsSync(folder)) throw error
  }
  return folder
}

const UNPACK = `import chromium from '@sparticuz/chromium'; await chromium.executablePath()`

/** The fonts of the system, and the ones that came with the browser for a machine that has none. */
function fontsOf(folder: string): string {
  mkdirSync(join(tmpdir(), 'tariffcell-font-cache'), { recursive: true })
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(tmpdir(), 'tariffcell-font-cache')}</cachedir>
</fontconfig>
`
}

function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
