/** What Excel downloads: functions.json (metadata, by Microsoft's own generator), functions.js (the classic script), pane, icons. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateCustomFunctionsMetadata } from 'custom-functions-metadata'
import { build } from 'esbuild'
import sharp from 'sharp'
import { failure, sentence } from '../shared/error-codes.ts'
import { FUNCTION_NAMES } from '../shared/functions.ts'
import { LANGUAGES } from '../shared/language.ts'
import { metadataSource } from './function-metadata.ts'
import { drawIcon } from './icon.ts'
import { ICON_SIZES } from './manifest.ts'

/** Writes functions.json and functions.js into `outFolder`. */
export async function buildExcelFunctions(outFolder: string): Promise<void> {
  const [metadata, bundle] = await Promise.all([generateMetadata(), bundleFunctions()])
  mkdirSync(outFolder, { recursive: true })
  writeFileSync(join(outFolder, 'functions.json'), metadata)
  writeFileSync(join(outFolder, 'functions.js'), bundle)
}

/** Writes pane.html, pane.js, pane.css and the licence notices of what is bundled. */
export async function buildPane(outFolder: string): Promise<void> {
  const source = fileURLToPath(new URL('.', import.meta.url))
  mkdirSync(outFolder, { recursive: true })
  await build({
    entryPoints: [
      { in: join(source, 'pane.ts'), out: 'pane' },
      { in: join(source, 'pane.css'), out: 'pane' },
    ],
    outdir: outFolder,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    // WebView2, and the Safari of the oldest macOS that Microsoft 365 supports.
    target: ['chrome109', 'safari15.4'],
    define: { 'process.env.NODE_ENV': '"production"', TARIFFCELL_VERSION: JSON.stringify(packageVersion()) },
    charset: 'utf8',
    legalComments: 'linked',
    logLevel: 'warning',
  })
  const page = readFileSync(join(source, 'pane.html'), 'utf8').replace('{starting}', startingText())
  writeFileSync(join(outFolder, 'pane.html'), page)
}

/** In every language: which one the person reads is known to the scripts, and they have not come. */
function startingText(): string {
  const blocked = failure('office-js-blocked')
  return LANGUAGES.map((language) => `<p lang="${language}">${sentence(blocked, language)}</p>`).join('')
}

/** Writes icons/16.png to icons/128.png into `outFolder`. */
export async function buildIcons(outFolder: string): Promise<void> {
  const folder = join(outFolder, 'icons')
  mkdirSync(folder, { recursive: true })
  await Promise.all(
    ICON_SIZES.map((size) =>
      sharp(Buffer.from(drawIcon(size)))
        .png({ compressionLevel: 9 })
        .toFile(join(folder, `${size}.png`)),
    ),
  )
}

/** The text of functions.json.
 * @throws when the generator found an error or lost a function; it reports success in both cases.
 */
export async function generateMetadata(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-metadata-'))
  try {
    const source = join(folder, 'functions.ts')
    writeFileSync(source, metadataSource())
    const { metadataJson, errors } = await generateCustomFunctionsMetadata(source)
    if (errors.length > 0) throw new Error(`custom-functions-metadata: ${errors.join('; ')}`)
    const { functions } = JSON.parse(metadataJson) as { functions: { id: string }[] }
    if (functions.length !== FUNCTION_NAMES.length) {
      throw new Error(`custom-functions-metadata wrote ${functions.length} of ${FUNCTION_NAMES.length} functions`)
    }
    return metadataJson
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The text of functions.js: a classic script that associates every function before the next script runs. */
export async function bundleFunctions(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'Tariffcell',
    platform: 'browser',
    target: 'es2020',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  })
  return outputFiles[0]!.text
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
