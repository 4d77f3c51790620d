/** What is measured is what runs: the built product, and the bench's own programs built the same way. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { rootFolder } from '../../proxy/root-folder.ts'

export const benchFolder = join(rootFolder(), 'dist', 'bench')
export const proxyFile = join(rootFolder(), 'dist', 'proxy', 'main.js')

const PROGRAMS = ['bare-server', 'load', 'classify', 'purchase', 'jiayou-simulator']

/** What `npm start` gives Node before the proxy's file, such as a limit of the heap. */
export function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(rootFolder(), 'package.json'), 'utf8')) as {
    scripts: { start: string }
  }
  const flags = /\bnode ((?:--\S+ )*)dist\/proxy\/main\.js$/.exec(scripts.start)?.[1]
  if (flags === undefined) throw new Error(`npm start is not as expected: ${scripts.start}`)
  return flags.split(' ').filter(Boolean)
}

/** @throws when the product does not build. */
export function buildProduct(): void {
  const { status } = spawnSync('npm', ['run', '-s', 'build'], {
    cwd: rootFolder(),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('npm run build failed')
}

export async function buildPrograms(): Promise<void> {
  await build({
    entryPoints: PROGRAMS.map((name) => join(rootFolder(), 'test', 'bench', 'programs', `${name}.ts`)),
    outdir: benchFolder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  })
}
