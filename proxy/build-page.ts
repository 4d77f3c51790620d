/** Bundles a page of our own into plain files: no request leaves the page's own origin, no script stands inside the HTML. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { rootFolder } from './root-folder.ts'

/** Each has its folder here, with `main.ts`, `<name>.css` and `index.html`. */
export const OWN_PAGES = ['playground', 'connect'] as const
export type OwnPage = (typeof OWN_PAGES)[number]

/** Writes index.html, <name>.js, <name>.css, and the licence notices of the bundled packages. */
export async function buildPage(name: OwnPage, outFolder: string): Promise<void> {
  const source = join(rootFolder(), 'proxy', name)
  mkdirSync(outFolder, { recursive: true })
  await build({
    entryPoints: [
      { in: join(source, 'main.ts'), out: name },
      { in: join(source, `${name}.css`), out: name },
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
