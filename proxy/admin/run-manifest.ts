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
import { EXAMPLE_ADDRESS, OUT_OPTION, readAddinAddress, writing } from './addin-address.ts'
import { helpOf, needed, readOptions, type Guide, type Typed } from './read-options.ts'

const GUIDE: Guide<'url' | 'out'> = {
  name: 'manifest',
  does: 'prints the file that Excel installs the add-in of your proxy from.',
  options: {
    url: {
      value: '<address>',
      what: {
        en: 'the https address at which people’s machines reach your proxy',
        zh: '用户的计算机访问您的代理所用的 https 地址',
        fr: 'l’adresse https à laquelle les machines de vos utilisateurs atteignent votre proxy',
      },
    },
    out: { ...OUT_OPTION, value: '<file>' },
  },
  example: `--url ${EXAMPLE_ADDRESS} --out tariffcell.xml`,
}

/** @throws {FailureError} what {@link readOptions} says, or `bad-addin-address`. */
export async function runManifest(typed: Typed, print: (text: string) => void): Promise<void> {
  const given = readOptions(GUIDE, typed)
  if (given === 'help') return print(helpOf(GUIDE))
  const { out } = given
  if (given.url === undefined) throw needed(GUIDE, 'url')
  const url = readAddinAddress(given.url)
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
