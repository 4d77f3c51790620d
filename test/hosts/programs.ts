/**
 * What tests start as processes, in JavaScript: from their sources each would be read by tsx first, which takes twice as long as all
 * that the test wants of it. Packages stay where npm put them, as in what `npm start` runs.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { rootFolder } from '../../proxy/root-folder.ts'
import type { Made } from './once-a-run.ts'

const PROGRAMS = [
  'proxy/main.ts',
  'proxy/admin/admin.ts',
  'proxy/admin/answer.ts',
  'proxy/admin/cell.ts',
  'proxy/admin/manifest.ts',
  'proxy/tariff/cli.ts',
  'test/hosts/admin-with-upstream.ts',
  'test/upstreams/demo.ts',
] as const

/** By its source. */
export type Program = (typeof PROGRAMS)[number]

export async function buildPrograms(): Promise<Made> {
  const dist = join(rootFolder(), 'dist')
  mkdirSync(dist, { recursive: true })
  // Each run its own, and in the checkout: there they find their packages, and the files they read.
  const folder = mkdtempSync(join(dist, 'test-'))
  await build({
    entryPoints: PROGRAMS.map((source) => join(rootFolder(), source)),
    outbase: rootFolder(),
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  })
  return { place: folder, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}
