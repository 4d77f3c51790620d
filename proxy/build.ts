/** `npm run build`: the proxy, the add-in's functions, the pane and the pages of its own, into dist/; `--if-changed`: only where dist/ is of other sources. */
import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createBuildStamp } from './build-stamp.ts'
import { printBuildFailure } from './print-build-failure.ts'
import { rootFolder } from './root-folder.ts'

const dist = join(rootFolder(), 'dist')

try {
  await main(process.argv.includes('--if-changed'))
} catch (error) {
  const said = printBuildFailure(error, dist)
  if (said === null) throw error
  process.stderr.write(`${said}\n`)
  process.exitCode = 1
}

async function main(onlyIfChanged: boolean): Promise<void> {
  const stamp = createBuildStamp({ root: rootFolder(), dist })
  if (onlyIfChanged && stamp.isCurrent()) return
  process.stdout.write('Building the pages, which takes some seconds…\n')
  mkdirSync(dist, { recursive: true })
  accessSync(dist, constants.W_OK)
  stamp.clear()
  // Loaded here: where nothing has changed they would be most of the time.
  const { buildExcelFunctions, buildIcons, buildPane } = await import('../excel-addin/build.ts')
  const { buildPage, OWN_PAGES } = await import('./build-page.ts')
  const { compressFiles } = await import('./compress-files.ts')
  await Promise.all([
    buildProxy(join(dist, 'proxy')),
    buildExcelFunctions(join(dist, 'excel')),
    buildPane(join(dist, 'excel')),
    buildIcons(join(dist, 'excel')),
    ...OWN_PAGES.map((name) => buildPage(name, join(dist, name))),
  ])
  await Promise.all(['excel', ...OWN_PAGES].map((folder) => compressFiles(join(dist, folder))))
  stamp.write()
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
