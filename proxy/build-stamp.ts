/** What dist/ was built from, kept beside it: nothing is built again while the sources are the same. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const SOURCE_FOLDERS = ['proxy', 'shared', 'excel-addin']
const SOURCE_FILES = ['package.json', 'package-lock.json']
// Read when the proxy starts, not when it is built.
const NOT_BUILT = /\.(?:pack|model|txt|sql)$/
const OUTPUTS = [
  'proxy/main.js',
  'excel/functions.js',
  'excel/pane.html',
  'playground/playground.js',
  'playground/index.html',
  'connect/connect.js',
  'connect/index.html',
]

export interface BuildStamp {
  /** Whether dist/ is whole and of these sources. */
  isCurrent(): boolean
  /** Before a build: one that is cut off counts as none. */
  clear(): void
  /** After it. */
  write(): void
}

/** The sources are read now: what changes during a build is built the next time. */
export function createBuildStamp({ root, dist }: { root: string; dist: string }): BuildStamp {
  const file = join(dist, 'built-from')
  const sources = hashOfSources(root)
  return {
    isCurrent: () =>
      existsSync(file) &&
      readFileSync(file, 'utf8').trim() === sources &&
      OUTPUTS.every((output) => existsSync(join(dist, output))),
    clear: () => rmSync(file, { force: true }),
    write: () => writeFileSync(file, `${sources}\n`),
  }
}

/** By content: what a checkout does to times is nothing to it. */
function hashOfSources(root: string): string {
  const hash = createHash('sha256')
  const files = SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !NOT_BUILT.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  )
  for (const file of [...files, ...SOURCE_FILES].toSorted()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}
