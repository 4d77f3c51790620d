/**
 * `npm run manifest -- --url https://hs.example.com [--out tariffcell.xml]`: the file Excel installs the add-in from, for a proxy that
 * is elsewhere. A proxy that runs serves the same at /excel/manifest.xml.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkManifest } from '../../excel-addin/check-manifest.ts'
import { printManifest } from '../../excel-addin/manifest.ts'
import { filesVersion } from '../files-version.ts'
import { rootFolder } from '../root-folder.ts'
import { readAddinArguments, writing } from './addin-address.ts'

const USAGE = 'npm run manifest -- --url https://hs.example.com [--out tariffcell.xml]'

/** @throws {FailureError} `bad-command` or `bad-addin-address`. */
export async function runManifest(args: string[], print: (text: string) => void): Promise<void> {
  const { url, out } = readAddinArguments(args, USAGE)
  const { version } = JSON.parse(readFileSync(join(rootFolder(), 'package.json'), 'utf8')) as { version: string }
  // Only now: compilers take seconds to load.
  const { bundleFunctions, generateMetadata } = await import('../../excel-addin/build.ts')
  const [bundle, metadata] = await Promise.all([bundleFunctions(), generateMetadata()])
  const manifest = printManifest({ url, version, filesVersion: filesVersion(bundle, metadata) })
  const problems = checkManifest(manifest)
  if (problems.length > 0) throw new Error(`the manifest is wrong: ${problems.join(' ')}`)
  if (out === undefined) {
    print(manifest)
    return
  }
  await writing(out, () => writeFileSync(out, manifest))
  print(`Wrote ${out} for ${url}\n`)
}
