import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'

import { TariffImportError, type SourceFile } from './importers/source-file.ts'

const DOWNLOAD_TIMEOUT_MS = 120_000
const DOWNLOAD_BYTES_MAX = 256 * 1024 * 1024

/** The files at a place a person named: one file, every file in a folder (not below it), or one download.
 * @throws {TariffImportError} when there is nothing to read. */
export async function readSources(place: string): Promise<SourceFile[]> {
  if (/^https?:\/\//iu.test(place)) return [await download(new URL(place))]
  const found = await stat(place).catch((cause: unknown) => {
    throw new TariffImportError('source-empty', `There is no file or folder "${place}".`, { cause })
  })
  if (!found.isDirectory()) return [await readSource(place)]
  const entries = await readdir(place, { withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(place, entry.name))
  return Promise.all(files.toSorted().map((path) => readSource(path)))
}

async function readSource(path: string): Promise<SourceFile> {
  return { name: basename(path), path, bytes: await readFile(path) }
}

async function download(url: URL): Promise<SourceFile> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) })
    const name = downloadName(url, response.headers.get('content-type') ?? '')
    if (!response.ok)
      throw new TariffImportError('source-empty', `${url.host} answered HTTP ${response.status} for ${name}.`)
    return { name, path: url.href, bytes: await bodyWithin(response, DOWNLOAD_BYTES_MAX) }
  } catch (cause) {
    if (cause instanceof TariffImportError) throw cause
    throw new TariffImportError('source-empty', `${url.host} could not be reached: fetch the file and give its path.`, {
      cause,
    })
  }
}

/** Importers tell formats by the end of the name; an address like `/exportList?format=JSON` has none. */
function downloadName(url: URL, contentType: string): string {
  const name = basename(decodeURIComponent(url.pathname)) || 'download'
  if (name.includes('.')) return name
  if (contentType.includes('json')) return `${name}.json`
  return contentType.includes('csv') ? `${name}.csv` : name
}

/** Stops reading at the limit: the length a server announces need not be true. */
async function bodyWithin(response: Response, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > bytesMax) throw new TariffImportError('source-format', 'The download is larger than any tariff.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
