import type { Country } from '../../shared/country.ts'
import { codeLengths } from '../../shared/tariff-code.ts'
import type { PackTreatment } from './pack.ts'
import { createPackShelf, type PackProblem } from './pack-shelf.ts'
import { EMPTY, NO_RATES, TEXT_BLANK, TEXT_NOT_KNOWN, type LoadedPack } from './read-pack.ts'

/** A line of a tariff, printed or implied by the lines below it. */
export interface TariffLine {
  /** Digits only. */
  code: string
  /** Length of the code: 2, 4, 6, 8, 10; Japan 2, 4, 6, 9. */
  digits: number
  /** Statistical units in the publisher's order; empty where none is printed on this line. */
  units: readonly string[]
  /** Nothing stands below it and it is a national line: goods can be declared under it. Chapters 98 and 99 of Canada and the
   * United States are such lines too, declared beside a line of chapters 1 to 97. */
  isDeclarable: boolean
  /** Lines on the next level that really exist. */
  childCount: number
  /** Official description; null unless the edition was imported at this site. */
  text: string | null
}

export interface PublishedRate {
  /** As printed, white space collapsed. */
  text: string
  treatment: string
  /** The line that prints it: the one asked for, or the nearest above. */
  from: string
  /** The publisher's heading of the column. */
  column: string
}

/** How the declarable lines below a code are treated. */
export interface RateSpread {
  /** Null: for these lines nothing is printed, or it is not known what is. */
  text: string | null
  lineCount: number
  /** One of them, the first by code. */
  example: string
}

export interface Edition {
  country: Country
  edition: string
  effectiveFrom: string
  effectiveTo: string | null
  source: string
  notes: readonly string[]
}

/** A question the book cannot answer.
 * `country-unknown`: no tariff of this country here. `edition-unavailable`: none of its editions is valid on the date asked for.
 * `tariff-unavailable`: the edition is here but its pack cannot be used; see `problems`. */
export class TariffBookError extends Error {
  override readonly name = 'TariffBookError'
  readonly code: 'country-unknown' | 'edition-unavailable' | 'tariff-unavailable'

  /** @param sentence what is wrong and what to do, for people. */
  constructor(code: TariffBookError['code'], sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.code = code
  }
}

/**
 * National tariffs by edition. Codes are digits without dots; `date` is YYYY-MM-DD and stands for the newest edition when left
 * out. Every question about a country throws TariffBookError when there is no usable edition; an unknown code is null or empty.
 */
export interface TariffBook {
  countries: () => Country[]
  edition: (country: Country, date?: string) => Edition
  /** All editions that can be used, newest first. */
  editions: (country: Country) => Edition[]
  treatments: (country: Country, date?: string) => readonly PackTreatment[]
  find: (country: Country, code: string, date?: string) => TariffLine | null
  /** Lines of the next level that exist, by code; chapters for ''. */
  children: (country: Country, code: string, date?: string) => TariffLine[]
  /** Declarable codes at or below a code, sorted. */
  declarableUnder: (country: Country, code: string, date?: string) => string[]
  /** What is printed for a code, on its line or the nearest above. Null: nothing is, or `isRateKnown` is false. */
  rate: (country: Country, code: string, treatment: string, date?: string) => PublishedRate | null
  /** False where the sources of the edition do not tell what is printed: for this line, or this treatment altogether. */
  isRateKnown: (country: Country, code: string, treatment: string, date?: string) => boolean
  /** All rates printed for a code, in the publisher's column order. */
  rates: (country: Country, code: string, date?: string) => PublishedRate[]
  /** Distinct rates of the declarable lines at or below a code, the most frequent first. */
  ratesUnder: (country: Country, code: string, treatment: string, date?: string) => RateSpread[]
  /** Packs that cannot be used, each with its file and what to do. Reads those not read yet. */
  problems: () => PackProblem[]
}

/** Opens the packs in some folders. The folders are listed now; a file is read when a question first needs it (some 40 ms, the
 * event loop waits) and stays in memory. A pack imported later is seen by the next book.
 * @param folders where the same edition of a country lies in several, the later folder counts: a site's own imports go last.
 *   A folder that does not exist is empty. */
export function createTariffBook({ folders }: { folders: readonly string[] }): TariffBook {
  const shelf = createPackShelf(folders)

  const unknownCountry = (country: Country) =>
    new TariffBookError(
      'country-unknown',
      `There is no tariff of ${country} here; there is ${shelf.countries().join(', ') || 'none at all'}.`,
    )
  const open = (country: Country, date: string | undefined): LoadedPack => {
    const found = shelf.open(country, date)
    switch (found.state) {
      case 'open':
        return found.pack
      case 'no-country':
        throw unknownCountry(country)
      case 'no-edition':
        throw new TariffBookError(
          'edition-unavailable',
          `No edition of the tariff of ${country} here is valid on ${date}. Import one, or ask for another date.`,
        )
      case 'broken':
        throw new TariffBookError(
          'tariff-unavailable',
          `The tariff of ${country} cannot be used: ${found.problem.sentence}`,
        )
    }
  }

  return {
    countries: shelf.countries,
    edition: (country, date) => editionOf(open(country, date)),
    editions: (country) => {
      if (!shelf.countries().includes(country)) throw unknownCountry(country)
      return shelf.all(country).map(editionOf)
    },
    treatments: (country, date) => open(country, date).treatments,
    find: (country, code, date) => findLine(open(country, date), code),
    children: (country, code, date) => {
      const pack = open(country, date)
      return childCodes(pack, code).flatMap((child) => findLine(pack, child) ?? [])
    },
    declarableUnder: (country, code, date) => declarableCodes(open(country, date), code),
    rate: (country, code, treatment, date) => {
      const pack = open(country, date)
      return findRate(pack, code, columnOf(pack, treatment))
    },
    isRateKnown: (country, code, treatment, date) => {
      const pack = open(country, date)
      const column = columnOf(pack, treatment)
      return column >= 0 && findCell(pack, code, column)?.text !== TEXT_NOT_KNOWN
    },
    rates: (country, code, date) => {
      const pack = open(country, date)
      return pack.treatments.flatMap((_, column) => findRate(pack, code, column) ?? [])
    },
    ratesUnder: (country, code, treatment, date) => {
      const pack = open(country, date)
      return spreadOf(pack, declarableCodes(pack, code), columnOf(pack, treatment))
    },
    problems: shelf.problems,
  }
}

function editionOf({ header }: LoadedPack): Edition {
  const { country, edition, effectiveFrom, source, notes } = header
  return { country, edition, effectiveFrom, effectiveTo: header.effectiveTo ?? null, source, notes }
}

function columnOf(pack: LoadedPack, treatment: string): number {
  return pack.treatments.findIndex(({ id }) => id === treatment)
}

function findLine(pack: LoadedPack, code: string): TariffLine | null {
  if (!isCode(pack, code)) return null
  const [start, end] = rangeOf(pack, code)
  if (start === end) return null
  const isPrinted = pack.codes[start] === code
  const childCount = childCodes(pack, code).length
  return {
    code,
    digits: code.length,
    units: (isPrinted && pack.unitLists[pack.unitsAt[start] ?? 0]) || [],
    isDeclarable: isPrinted && isDeclarable(pack, start),
    childCount,
    text: (isPrinted && pack.descriptions?.[start]) || null,
  }
}

function childCodes(pack: LoadedPack, code: string): string[] {
  const level = codeLengths(pack.header.country).find((digits) => digits > code.length)
  if (level === undefined || !(code === '' || isCode(pack, code))) return []
  const [start, end] = rangeOf(pack, code)
  const children: string[] = []
  for (let line = start; line < end; line++) {
    const child: string = pack.codes[line]?.slice(0, level) ?? ''
    if (child.length === level && child !== children.at(-1)) children.push(child)
  }
  return children
}

function declarableCodes(pack: LoadedPack, code: string): string[] {
  const [start, end] = rangeOf(pack, code)
  const codes: string[] = []
  for (let line = start; line < end; line++) {
    if (isDeclarable(pack, line)) codes.push(pack.codes[line] ?? '')
  }
  return codes
}

function isDeclarable(pack: LoadedPack, line: number): boolean {
  const code = pack.codes[line] ?? ''
  const isBottom = pack.codes[line + 1]?.startsWith(code) !== true
  return isBottom && code.length > 6 && ((pack.flags[line] ?? 0) & EMPTY) === 0
}

interface RateCell {
  /** Index into the pack's texts. */
  text: number
  from: string
}

/** The nearest cell that says something, going up from a code; null for a code that is not in the tariff. */
function findCell(pack: LoadedPack, code: string, column: number): RateCell | null {
  if (!isCode(pack, code)) return null
  const [start, end] = rangeOf(pack, code)
  if (start === end) return null
  for (const digits of codeLengths(pack.header.country).toReversed()) {
    if (digits > code.length) continue
    const from = code.slice(0, digits)
    const line = lowerBound(pack.codes, from)
    const position = pack.codes[line] === from ? (pack.ratesAt[line] ?? NO_RATES) : NO_RATES
    const text = position === NO_RATES ? TEXT_BLANK : (pack.cells[position + column] ?? TEXT_BLANK)
    if (text !== TEXT_BLANK) return { text, from }
  }
  return null
}

function findRate(pack: LoadedPack, code: string, column: number): PublishedRate | null {
  const treatment = pack.treatments[column]
  const cell = treatment && findCell(pack, code, column)
  if (!cell || cell.text === TEXT_NOT_KNOWN) return null
  return { text: pack.texts[cell.text] ?? '', treatment: treatment.id, from: cell.from, column: treatment.column }
}

function spreadOf(pack: LoadedPack, codes: readonly string[], column: number): RateSpread[] {
  const spread = new Map<string | null, RateSpread>()
  for (const code of codes) {
    const text = findRate(pack, code, column)?.text ?? null
    const seen = spread.get(text)
    if (seen) seen.lineCount++
    else spread.set(text, { text, lineCount: 1, example: code })
  }
  return [...spread.values()].toSorted((a, b) => b.lineCount - a.lineCount)
}

function isCode(pack: LoadedPack, code: string): boolean {
  return /^\d+$/u.test(code) && codeLengths(pack.header.country).includes(code.length)
}

/** The lines at or below a code, as [start, end). */
function rangeOf(pack: LoadedPack, code: string): [number, number] {
  // ':' follows '9': after everything that begins with the code, before the next one.
  return [lowerBound(pack.codes, code), lowerBound(pack.codes, `${code}:`)]
}

/** Position of the first code that is not before `wanted`. */
function lowerBound(codes: readonly string[], wanted: string): number {
  let low = 0
  let high = codes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((codes[middle] ?? '') < wanted) low = middle + 1
    else high = middle
  }
  return low
}
