import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPage } from '../../proxy/build-page.ts'
import type { Made } from './once-a-run.ts'

/** The page as `npm run build` makes it, for all the tests that open it. */
export async function buildSharedPlayground(): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-playground-'))
  await buildPage('playground', folder)
  return { place: folder, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}
