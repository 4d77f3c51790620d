/** `npm run build`: the proxy, the add-in's functions, the pane and the playground, into dist/; `--if-changed`: only where dist/ is of other sources. */
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { failure, sentence } from '../shared/error-codes.ts'
import { rootFolder } from './root-folder.ts'

const dist = join(rootFolder(), 'dist')
// Beside the pages, and written last: says what they were built from.
const stamp = join(dist, 'built-from')
const OUTPUTS = ['proxy/main.js', 'excel/functions.js', 'playground/playground.js', 'playground/index.html']

try {
  await main(process.argv.includes('--if-changed'))
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error
  process.stderr.write(`${sentence(failure('dist-not-writable', { folder: dist, detail: message }))}\n`)
  process.exitCode = 1
}

async function main(onlyIfChanged: boolean): Promise<void> {
  const sources = hashOfSources(rootFolder())
  if (onlyIfChanged && isBuiltFrom(sources)) return
  process.stdout.write('Building the pages, which takes some seconds…\n')
  mkdirSync(dist, { recursive: true })
  accessSync(dist, constants.W_OK)
  // A build that is cut off counts as none.
  rmSync(stamp, { force: true })
  // Loaded here: where nothing has changed they would be most of the time.
  const { buildExcelFunctions, buildPane } = await import('../excel-addin/build.ts')
  const { buildPlayground } = await import('./playground/build.ts')
  await Promise.all([
    buildProxy(join(dist, 'proxy')),
    buildExcelFunctions(join(dist, 'excel')),
    buildPane(join(dist, 'excel')),
    buildPlayground(join(dist, 'playground')),
  ])
  writeFileSync(stamp, `${sources}\n`)
}

function isBuiltFrom(sources: string): boolean {
  return (
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8').trim() === sources &&
    OUTPUTS.every((output) => existsSync(join(dist, output)))
  )
}

/** Of every file that a build may read, by content: what a checkout does to times is nothing to it. */
function hashOfSources(root: string): string {
  const hash = createHash('sha256')
  const files = ['proxy', 'shared', 'excel-addin'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      // Packs, model and lexicon are read when the proxy starts.
      .filter((entry) => entry.isFile() && !/\.(?:pack|model|txt|sql)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  for (const file of [...files.toSorted(), join(root, 'package-lock.json'), join(root, 'package.json')]) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

/** Our own files become one; packages stay where npm put them. */
async function buildProxy(outFolder: string): Promise<void> {
  const { build } = await import('esbuild')
  mkdirSync(outFolder, { recursive: true })
  await build({
    entryPoints: [join(rootFolder(), 'proxy', 'main.ts')],
    outdir: outFolder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  })
}
