/** Bundles the playground into plain files: no request leaves the page's own origin, no script stands inside the HTML. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { rootFolder } from '../root-folder.ts'

/** Writes index.html, playground.js, playground.css, and the licence notices of the bundled packages. */
export async function buildPlayground(outFolder: string): Promise<void> {
  const source = join(rootFolder(), 'proxy', 'playground')
  mkdirSync(outFolder, { recursive: true })
  await build({
    entryPoints: [
      { in: join(source, 'main.ts'), out: 'playground' },
      { in: join(source, 'playground.css'), out: 'playground' },
    ],
    outdir: outFolder,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome120', 'firefox121', 'safari17'],
    define: { 'process.env.NODE_ENV': '"production"' },
    // The licences of what is bundled, beside it.
    legalComments: 'linked',
    logLevel: 'warning',
  })
  copyFileSync(join(source, 'index.html'), join(outFolder, 'index.html'))
}
