/**
 * A pack is one dated edition of one country's tariff, facts only: codes, statistical units and published rate texts.
 *
 * A pack is UTF-8 text with LF line ends, named `<country>-<effectiveFrom>.pack` in lower case (`ca-2026-01-01.pack`), so that a
 * new edition can be reviewed as a diff:
 *
 *     {"format":1,"country":"CA","edition":"T2026-0",…,"vectors":412,"rows":20532,"sha256":"…"}
 *     [rates]
 *     3f0c1<tab>6.5 %<tab>35%<tab>Free<tab>Free
 *     [rows]
 *     0302
 *     030214
 *     03021400<tab><tab>a91b2
 *     0302140010<tab>KGM
 *
 * Line 1, the header, is JSON on one line: who published what and when, the files it was read from with their SHA-256, caveats,
 * the treatments in the publisher's column order, and counts. Its last field seals the file: the SHA-256 of the header line
 * without that field, a line feed, and everything after line 1. The header is exactly as JSON.stringify writes it.
 *
 * [rates] holds each distinct rate vector once: a key, then one text per treatment, tab separated, trailing blanks left out.
 * A key is the start of the SHA-256 of the texts (5 hex digits, more where two would be equal), not a running number: a rate
 * that changes moves its own rows in a diff and no others. Lines are sorted by their texts.
 *
 * [rows] holds the lines of the tariff sorted by code: code, units separated by `|`, key of the rate vector, flags, official text.
 * Trailing blanks are left out. Flags: `i` the publisher does not print this line, it is implied by those below it; `e` the
 * publisher prints the code but neither unit nor rate. The text is there only in packs imported at a user's site.
 *
 * A rate text is what the publisher prints, white space trimmed and every run of it (line ends and the ideographic space too)
 * made one space. Blank means that nothing is printed: never zero, free is `Free` or whatever the publisher says. `?` means that
 * our source does not tell what is printed. A line with a blank takes the text of the nearest line above it that prints one,
 * treatment by treatment, so a 10-digit row carries a rate only where it differs from its tariff item.
 */
import { createHash } from 'node:crypto'

import type { Country } from '../../shared/country.ts'

export const PACK_FORMAT = 1

/** Stands in a rate cell where our source does not tell what the publisher prints. */
export const NOT_KNOWN = '?'

export const RATES_MARK = '[rates]'
export const ROWS_MARK = '[rows]'
export const UNIT_SEPARATOR = '|'

export interface PackTreatment {
  /** Our identifier: `MFN`, `UST`, `EPA-CPTPP`. */
  id: string
  /** The publisher's heading of the column. */
  column: string
}

export interface PackSource {
  /** File name without folder; a pattern where many files were read. */
  name: string
  /** Of the file, or of the sorted `<sha256>  <name>` lines of many. */
  sha256: string
  /** How many files, if more than one. */
  files?: number
}

/** What is known about an edition beside its lines. Dates are YYYY-MM-DD. */
export interface PackAbout {
  country: Country
  /** The publisher's name for it: `T2026-0`. */
  edition: string
  effectiveFrom: string
  /** Last day, if known. */
  effectiveTo?: string
  /** The publication: `CBSA Customs Tariff`. */
  source: string
  sourceFiles: PackSource[]
  retrieved: string
  /** Caveats a reader of the rates must know, in our words. */
  notes: string[]
}

export interface PackLine {
  /** Digits only. */
  code: string
  units: readonly string[]
  /** One text per treatment; '' where the line prints nothing, NOT_KNOWN where our source does not tell. */
  rates: readonly string[]
  /** Not printed by the publisher, implied by the lines below. */
  isImplied: boolean
  /** Printed by the publisher without unit and without rate. */
  isEmpty: boolean
  /** Official description; always null in the repository's packs. */
  text: string | null
}

export interface TariffPack {
  about: PackAbout
  treatments: PackTreatment[]
  lines: PackLine[]
}

export type PackHeader = { format: number } & PackAbout & {
    treatments: PackTreatment[]
    vectors: number
    rows: number
    sha256: string
  }

/** A pack file that cannot be used. `pack-broken`: damaged or cut short; `pack-format`: whole, but not a pack this version reads. */
export class TariffPackError extends Error {
  override readonly name = 'TariffPackError'
  readonly code: 'pack-broken' | 'pack-format'

  /** @param sentence what is wrong and what to do, for people. */
  constructor(code: TariffPackError['code'], sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.code = code
  }
}

/** `ca-2026-01-01.pack` */
export function packFileName(about: Pick<PackAbout, 'country' | 'effectiveFrom'>): string {
  return `${about.country.toLowerCase()}-${about.effectiveFrom}.pack`
}

/** Prints a pack. The same pack always gives the same bytes, whatever the order of its lines.
 * @throws {TariffPackError} `pack-format` when two lines have the same code. */
export function writePack(pack: TariffPack): string {
  const lines = pack.lines.toSorted((a, b) => compareCodes(a.code, b.code))
  const repeated = lines.find((line, index) => line.code === lines[index + 1]?.code)
  if (repeated)
    throw new TariffPackError('pack-format', `Code ${repeated.code} occurs twice: a pack holds each line once.`)

  const vectorOf = new Map(lines.map((line) => [line.code, joinCells(line.rates)]))
  const vectors = [...new Set(vectorOf.values())].filter((vector) => vector !== '').toSorted(compareCodes)
  const keys = vectorKeys(vectors)
  const rows = lines.map((line) =>
    joinCells([
      line.code,
      line.units.join(UNIT_SEPARATOR),
      keys.get(vectorOf.get(line.code) ?? '') ?? '',
      (line.isImplied ? 'i' : '') + (line.isEmpty ? 'e' : ''),
      line.text ?? '',
    ]),
  )
  const rates = vectors.map((vector) => `${keys.get(vector)}\t${vector}`)
  const body = [RATES_MARK, ...rates, ROWS_MARK, ...rows, ''].join('\n')

  const { country, edition, effectiveFrom, effectiveTo, source, sourceFiles, retrieved, notes } = pack.about
  const header: Omit<PackHeader, 'sha256'> = {
    format: PACK_FORMAT,
    country,
    edition,
    effectiveFrom,
    ...(effectiveTo === undefined ? {} : { effectiveTo }),
    source,
    sourceFiles,
    retrieved,
    notes,
    treatments: pack.treatments,
    vectors: vectors.length,
    rows: rows.length,
  }
  return `${JSON.stringify({ ...header, sha256: sealOf(header, body) })}\n${body}`
}

/** The SHA-256 that closes a pack's header, as hex.
 * @param header without `sha256`, fields in the order they are printed. */
export function sealOf(header: object, body: string): string {
  return createHash('sha256').update(JSON.stringify(header)).update('\n').update(body).digest('hex')
}

/** By code unit, not by locale: a pack must come out the same on every machine. A parent sorts before its children. */
export function compareCodes(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function joinCells(cells: readonly string[]): string {
  const odd = cells.find((cell) => /[\n\r]/u.test(cell))
  if (odd !== undefined) throw new TariffPackError('pack-format', `"${odd}" has a line end: collapse its white space.`)
  return cells.join('\t').replace(/\t+$/u, '')
}

const KEY_DIGITS_MIN = 5

function vectorKeys(vectors: readonly string[]): Map<string, string> {
  const digests = vectors
    .map((vector) => ({ vector, digest: createHash('sha256').update(vector).digest('hex') }))
    .toSorted((a, b) => compareCodes(a.digest, b.digest))
  const keys = new Map<string, string>()
  for (const [index, { vector, digest }] of digests.entries()) {
    // Sorted, so only the neighbours can share more than the shortest key.
    const before = sharedStart(digest, digests[index - 1]?.digest ?? '')
    const after = sharedStart(digest, digests[index + 1]?.digest ?? '')
    keys.set(vector, digest.slice(0, Math.max(KEY_DIGITS_MIN, before + 1, after + 1)))
  }
  return keys
}

function sharedStart(a: string, b: string): number {
  let length = 0
  while (length < b.length && a[length] === b[length]) length++
  return length
}
