import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPlayground } from '../../proxy/playground/build.ts'
import type { Made } from './once-a-run.ts'

/** The page as `npm run build` makes it, for all the tests that open it. */
export async function buildSharedPlayground(): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-playground-'))
  await buildPlayground(folder)
  return { place: folder, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}
