import * as z from 'zod/mini'

import { codeLengths } from '../../shared/tariff-code.ts'
import {
  compareCodes,
  NOT_KNOWN,
  PACK_FORMAT,
  RATES_MARK,
  ROWS_MARK,
  sealOf,
  TariffPackError,
  UNIT_SEPARATOR,
  type PackHeader,
  type PackLine,
  type PackTreatment,
} from './pack.ts'

/** A pack in memory: columns of numbers instead of an object per line, since a tariff has 30,000 of them. */
export interface LoadedPack {
  header: PackHeader
  treatments: readonly PackTreatment[]
  /** Sorted by code unit: a parent stands right before everything below it. */
  codes: readonly string[]
  /** Position of a line's rates in `cells`; NO_RATES for a line that prints none. */
  ratesAt: Int32Array
  /** Rate vectors one after the other, a cell per treatment: index into `texts`. */
  cells: Uint32Array
  /** Distinct rate texts. 0 is '' (nothing printed), 1 is NOT_KNOWN. */
  texts: readonly string[]
  /** Index into `unitLists`, by line. */
  unitsAt: Uint16Array
  unitLists: readonly (readonly string[])[]
  /** Bit set by line: IMPLIED, EMPTY. */
  flags: Uint8Array
  /** Official texts by line; null when the pack has none. */
  descriptions: readonly string[] | null
}

export const NO_RATES = -1
export const TEXT_BLANK = 0
export const TEXT_NOT_KNOWN = 1
export const IMPLIED = 1
export const EMPTY = 2

const isoDate = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/u))
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/u))
const count = z.int().check(z.nonnegative())

const headerSchema = z.strictObject({
  format: z.literal(PACK_FORMAT),
  country: z.string().check(z.regex(/^[A-Z]{2}$/u)),
  edition: z.string().check(z.minLength(1)),
  effectiveFrom: isoDate,
  effectiveTo: z.exactOptional(isoDate),
  source: z.string().check(z.minLength(1)),
  sourceFiles: z.array(z.strictObject({ name: z.string(), sha256, files: z.exactOptional(count) })),
  retrieved: isoDate,
  notes: z.array(z.string()),
  treatments: z
    .array(
      z.strictObject({
        id: z.string().check(z.regex(/^[A-Z][A-Z0-9-]*[+*]?$/u)),
        column: z.string().check(z.minLength(1)),
      }),
    )
    .check(z.minLength(1)),
  vectors: count,
  rows: count,
  sha256,
})

/** Reads a pack, strictly: any byte that differs from what was written is an error.
 * @throws {TariffPackError} `pack-broken` when damaged or cut short, `pack-format` when it is not a pack of this format. */
export function readPack(text: string): LoadedPack {
  const end = text.indexOf('\n')
  if (end < 0) throw broken('it has no lines after its header')
  const body = text.slice(end + 1)
  const header = readHeader(text.slice(0, end), body)

  const lines = body.split('\n')
  const rowsMarkAt = header.vectors + 1
  if (lines[0] !== RATES_MARK || lines[rowsMarkAt] !== ROWS_MARK) {
    throw malformed(`does not hold ${header.vectors} rate vectors between ${RATES_MARK} and ${ROWS_MARK}`)
  }
  if (lines.length !== rowsMarkAt + 1 + header.rows + 1 || lines.at(-1) !== '') {
    throw malformed(`does not hold the ${header.rows} rows its header promises`)
  }
  const rates = readRates(lines.slice(1, rowsMarkAt), header.treatments.length)
  const rows = readRows(lines.slice(rowsMarkAt + 1, -1), rates.positions, codeLengths(header.country))
  return { header, treatments: header.treatments, texts: rates.texts, cells: rates.cells, ...rows }
}

/** The lines of a loaded pack, as they were written. */
export function* linesOf(pack: LoadedPack): Generator<PackLine> {
  const width = pack.treatments.length
  const blank = pack.treatments.map(() => '')
  for (const [line, code] of pack.codes.entries()) {
    const start = pack.ratesAt[line] ?? NO_RATES
    const cells = pack.cells.subarray(start, start + width)
    const flags = pack.flags[line] ?? 0
    yield {
      code,
      units: pack.unitLists[pack.unitsAt[line] ?? 0] ?? [],
      rates: start === NO_RATES ? blank : Array.from(cells, (text) => pack.texts[text] ?? ''),
      isImplied: (flags & IMPLIED) !== 0,
      isEmpty: (flags & EMPTY) !== 0,
      text: pack.descriptions?.[line] || null,
    }
  }
}

function readHeader(line: string, body: string): PackHeader {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch (cause) {
    throw broken('its first line is not JSON', { cause })
  }
  const format = z.looseObject({ format: z.unknown() }).safeParse(json)
  if (!format.success) throw broken('its first line is not a header')
  if (typeof format.data.format === 'number' && format.data.format > PACK_FORMAT) {
    throw new TariffPackError(
      'pack-format',
      `This pack has format ${format.data.format}; this version reads format ${PACK_FORMAT}. Update, or import the tariff again.`,
    )
  }
  const parsed = headerSchema.safeParse(json)
  if (!parsed.success)
    throw malformed(`has a header that fails at ${parsed.error.issues[0]?.path.join('.') || 'its fields'}`)
  const header = parsed.data
  const { sha256: seal, ...sealed } = header
  if (JSON.stringify(header) !== line || sealOf(sealed, body) !== seal) {
    throw broken('its content does not match its checksum')
  }
  if (new Set(header.treatments.map((treatment) => treatment.id)).size !== header.treatments.length) {
    throw malformed('names a treatment twice')
  }
  return header
}

interface Rates {
  /** Key → position of the vector in `cells`. */
  positions: Map<string, number>
  cells: Uint32Array
  texts: string[]
}

function readRates(lines: readonly string[], width: number): Rates {
  const positions = new Map<string, number>()
  const texts = ['', NOT_KNOWN]
  const indexOf = new Map(texts.map((text, index) => [text, index]))
  const cells = new Uint32Array(lines.length * width)
  for (const [index, line] of lines.entries()) {
    const [key = '', ...vector] = line.split('\t')
    if (!/^[0-9a-f]{5,64}$/u.test(key) || vector.length === 0)
      throw malformed(`has a rate vector it cannot read: "${line}"`)
    if (vector.length > width) throw malformed(`has rate vector ${key} for a treatment its header does not name`)
    if (positions.has(key)) throw malformed(`has rate vector ${key} twice`)
    positions.set(key, index * width)
    for (const [column, text] of vector.entries()) {
      const known = indexOf.get(text) ?? texts.push(text) - 1
      indexOf.set(text, known)
      cells[index * width + column] = known
    }
  }
  return { positions, cells, texts }
}

type Rows = Pick<LoadedPack, 'codes' | 'ratesAt' | 'unitsAt' | 'unitLists' | 'flags' | 'descriptions'>

function readRows(lines: readonly string[], positions: ReadonlyMap<string, number>, lengths: readonly number[]): Rows {
  const codes: string[] = []
  const ratesAt = new Int32Array(lines.length).fill(NO_RATES)
  const unitsAt = new Uint16Array(lines.length)
  const flags = new Uint8Array(lines.length)
  const descriptions: string[] = []
  const unitLists: string[][] = [[]]
  const unitListOf = new Map([['', 0]])
  let hasText = false

  for (const [index, line] of lines.entries()) {
    const [code = '', units = '', key = '', flag = '', description = '', ...rest] = line.split('\t')
    if (rest.length > 0) throw malformed(`has too many columns on line ${code}`)
    if (!/^\d+$/u.test(code) || !lengths.includes(code.length)) throw malformed(`has a malformed code: "${code}"`)
    if (index > 0 && compareCodes(codes[index - 1] ?? '', code) >= 0)
      throw malformed(`is not sorted by code at ${code}`)
    codes.push(code)
    if (key !== '') {
      const position = positions.get(key)
      if (position === undefined) throw malformed(`has no rate vector ${key}, wanted by ${code}`)
      ratesAt[index] = position
    }
    const known = unitListOf.get(units) ?? unitLists.push(units.split(UNIT_SEPARATOR)) - 1
    unitListOf.set(units, known)
    unitsAt[index] = known
    if (!/^i?e?$/u.test(flag)) throw malformed(`has an unknown flag "${flag}" at ${code}`)
    flags[index] = (flag.includes('i') ? IMPLIED : 0) | (flag.includes('e') ? EMPTY : 0)
    descriptions.push(description)
    if (description !== '') hasText = true
  }
  return { codes, ratesAt, unitsAt, unitLists, flags, descriptions: hasText ? descriptions : null }
}

function broken(what: string, options?: ErrorOptions): TariffPackError {
  return new TariffPackError(
    'pack-broken',
    `This tariff pack is damaged: ${what}. Copy it again, or import the tariff again.`,
    options,
  )
}

function malformed(what: string): TariffPackError {
  return new TariffPackError('pack-format', `This tariff pack ${what}. Import the tariff again, or report the pack.`)
}
