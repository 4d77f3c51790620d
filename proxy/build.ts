/** `npm run build`: the proxy, the add-in's functions and the playground, into dist/. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { buildExcelFunctions, buildIcons, buildPane } from '../excel-addin/build.ts'
import { buildPlayground } from './playground/build.ts'
import { rootFolder } from './root-folder.ts'

const dist = join(rootFolder(), 'dist')

await Promise.all([
  buildProxy(join(dist, 'proxy')),
  buildExcelFunctions(join(dist, 'excel')),
  buildPane(join(dist, 'excel')),
  buildIcons(join(dist, 'excel')),
  buildPlayground(join(dist, 'playground')),
])

/** Our own files become one; packages stay where npm put them. */
async function buildProxy(outFolder: string): Promise<void> {
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
