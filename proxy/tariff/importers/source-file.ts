import { createHash } from 'node:crypto'

import { parse } from 'csv-parse/sync'

import type { PackAbout, PackSource } from '../pack.ts'

/** A file of a publisher, as it was given. */
export interface SourceFile {
  /** Without folder. */
  name: string
  /** Where it lies; SQLite reads its files itself. */
  path: string
  bytes: Uint8Array
}

/** What the person who imports knows and the files do not say. Dates are YYYY-MM-DD. */
export type Publication = Pick<PackAbout, 'edition' | 'effectiveFrom' | 'effectiveTo' | 'retrieved'> & {
  /** Caveats of this edition, beside those of every import. */
  notes?: string[]
}

export type TariffImportErrorCode =
  | 'source-empty' // nothing in it
  | 'source-html' // a web page where data was expected
  | 'source-format' // not the kind of file it should be, or cut short
  | 'source-columns' // a table, but not this tariff's
  | 'source-code' // a code that is no tariff code of the country, or one code with two meanings
  | 'source-incomplete' // this tariff, but a large part of it is missing
  | 'country-unknown' // no importer for the country

/** A source that is not the tariff it is said to be. Nothing is written when it is thrown. */
export class TariffImportError extends Error {
  override readonly name = 'TariffImportError'
  readonly code: TariffImportErrorCode

  /** @param sentence what is wrong and what to do, for people. */
  constructor(code: TariffImportErrorCode, sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.code = code
  }
}

/** First bytes of a zip archive: "PK", 3, 4. */
const ZIP_MARK = [0x50, 0x4b, 0x03, 0x04]

/** A file's text, without byte order mark.
 * @throws {TariffImportError} when it is empty, a web page, or not UTF-8. */
export function textOf(file: SourceFile): string {
  if (ZIP_MARK.every((byte, index) => file.bytes[index] === byte)) {
    throw new TariffImportError('source-format', `${file.name} is a zip archive: unpack it and give the file inside.`)
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file.bytes)
  } catch (cause) {
    throw new TariffImportError('source-format', `${file.name} is not UTF-8 text.`, { cause })
  }
  const start = text.trimStart()
  if (start === '') throw new TariffImportError('source-empty', `${file.name} is empty: fetch it again.`)
  if (start.startsWith('<')) {
    throw new TariffImportError(
      'source-html',
      `${file.name} is a web page, not data: download the file behind its link.`,
    )
  }
  return text
}

/** @throws {TariffImportError} when the file does not hold JSON. */
export function jsonOf(file: SourceFile): unknown {
  const text = textOf(file)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TariffImportError('source-format', `${file.name} is not JSON, or was cut short.`, { cause })
  }
}

/** The rows of a CSV file by column name; cells as text, '' where blank.
 * @throws {TariffImportError} when a row has more or fewer cells than the header, or a wanted column is missing. */
export function csvOf(file: SourceFile, wanted: readonly string[]): Record<string, string>[] {
  let rows: Record<string, string>[]
  try {
    rows = parse(textOf(file), { columns: true, skip_empty_lines: true })
  } catch (cause) {
    if (cause instanceof TariffImportError) throw cause
    throw new TariffImportError('source-format', `${file.name} is not a CSV table, or was cut short.`, { cause })
  }
  const [first] = rows
  if (!first) throw new TariffImportError('source-empty', `${file.name} has no rows.`)
  const missing = wanted.filter((column) => !(column in first))
  if (missing.length > 0) {
    throw new TariffImportError(
      'source-columns',
      `${file.name} is not this tariff: it has no column ${missing.join(', ')}.`,
    )
  }
  return rows
}

// More than this many files are named together, by one digest.
const FILES_NAMED_MAX = 8

/** Names the files of an import so that anybody can check they hold the same bytes.
 * @param pattern stands for the names where there are many. */
export function fingerprint(files: readonly SourceFile[], pattern: string): PackSource[] {
  const named = files.map(({ name, bytes }) => ({ name, sha256: sha256(bytes) }))
  if (named.length <= FILES_NAMED_MAX) return named
  const manifest = named.map((file) => `${file.sha256}  ${file.name}\n`).toSorted()
  return [{ name: pattern, sha256: sha256(manifest.join('')), files: named.length }]
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
