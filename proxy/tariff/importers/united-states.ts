import * as z from 'zod/mini'

import { arrangeLines, collapse, type DraftLine } from '../arrange-lines.ts'
import { compareCodes, type PackTreatment, type TariffPack } from '../pack.ts'
import { checkCoverage, checkUnique, WHOLE_TARIFF } from './check-codes.ts'
import { csvOf, fingerprint, jsonOf, TariffImportError, type Publication, type SourceFile } from './source-file.ts'
import { parseSpecialRates } from './special-rates.ts'

/** A row of the schedule, whichever file it came from. A row without code only groups those below it. */
interface ScheduleRow {
  code: string
  indent: number
  description: string
  units: string[]
  general: string
  special: string
  columnTwo: string
  additional: string
}

const NOTES = [
  'Base rates only: additional duties of chapter 99 (sections 122, 201, 232, 301, emergency powers), anti-dumping and countervailing duties and fees are not included in the rates of chapters 1 to 97.',
  'A programme symbol has the rate the Special column lists for it. Symbols remain printed after a programme has lapsed.',
  'Items that the schedule prints together with their only statistical line (suffix 00) stand on their 8 digits here.',
]

/** Reads the Harmonized Tariff Schedule of the United States from the USITC's CSV or JSON export.
 * @throws {TariffImportError} when the file is not that schedule, or not the whole of it. */
export function importUnitedStates(file: SourceFile, publication: Publication, coverage = WHOLE_TARIFF): TariffPack {
  const rows = /\.json$/iu.test(file.name) ? rowsFromJson(file) : rowsFromCsv(file)
  const coded = rows.filter((row) => row.code !== '')
  const codes = coded.map((row) => row.code)
  checkShapes(codes)
  checkUnique(codes)
  checkCoverage(codes, coverage)

  const specials = new Map(coded.map((row) => [row.code, programmeRates(row.special)]))
  const programmes = [...new Set([...specials.values()].flatMap((rates) => [...rates.keys()]))].toSorted(compareCodes)
  const texts = groupedTexts(rows)
  const lines = coded.map((row): DraftLine => {
    const special = specials.get(row.code)
    return {
      code: row.code,
      units: row.units,
      rates: [
        row.general,
        row.special,
        ...programmes.map((symbol) => special?.get(symbol) ?? ''),
        row.columnTwo,
        row.additional,
      ],
      text: texts.get(row.code) ?? null,
    }
  })
  const treatments: PackTreatment[] = [
    { id: 'MFN', column: 'General Rate of Duty' },
    { id: 'SPECIAL', column: 'Special Rate of Duty' },
    ...programmes.map((symbol) => ({ id: symbol, column: `Special Rate of Duty (${symbol})` })),
    { id: 'COL2', column: 'Column 2 Rate of Duty' },
    { id: 'ADD', column: 'Additional Duties' },
  ]
  const about = {
    country: 'US',
    ...publication,
    source: 'USITC Harmonized Tariff Schedule of the United States',
    sourceFiles: fingerprint([file], '*'),
    notes: [...NOTES, ...(publication.notes ?? [])],
  }
  return { about, treatments, lines: arrangeLines(lines, 8) }
}

const CSV_COLUMNS = {
  code: 'HTS Number',
  indent: 'Indent',
  description: 'Description',
  units: 'Unit of Quantity',
  general: 'General Rate of Duty',
  special: 'Special Rate of Duty',
  columnTwo: 'Column 2 Rate of Duty',
  additional: 'Additional Duties',
} as const

function rowsFromCsv(file: SourceFile): ScheduleRow[] {
  return csvOf(file, Object.values(CSV_COLUMNS)).map((row) =>
    scheduleRow({
      code: row[CSV_COLUMNS.code] ?? '',
      indent: row[CSV_COLUMNS.indent] ?? '',
      description: row[CSV_COLUMNS.description] ?? '',
      units: unitsFromCell(row[CSV_COLUMNS.units] ?? ''),
      general: row[CSV_COLUMNS.general] ?? '',
      special: row[CSV_COLUMNS.special] ?? '',
      columnTwo: row[CSV_COLUMNS.columnTwo] ?? '',
      additional: row[CSV_COLUMNS.additional] ?? '',
    }),
  )
}

const unitsSchema = z.array(z.string())

/** The CSV holds a JSON list in the unit cell: `["No.","kg"]`. */
function unitsFromCell(cell: string): string[] {
  if (cell.trim() === '') return []
  try {
    return unitsSchema.parse(JSON.parse(cell))
  } catch (cause) {
    throw new TariffImportError('source-format', `The unit "${cell.slice(0, 40)}" is not a list of units.`, { cause })
  }
}

const cell = z._default(z.nullable(z.optional(z.string())), null)
const jsonSchema = z.array(
  z.object({
    htsno: cell,
    indent: z.union([z.string(), z.number()]),
    description: cell,
    units: z.nullish(z.array(z.nullable(z.string()))),
    general: cell,
    special: cell,
    other: cell,
    additionalDuties: cell,
  }),
)

function rowsFromJson(file: SourceFile): ScheduleRow[] {
  const parsed = jsonSchema.safeParse(jsonOf(file))
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') || 'the top'
    throw new TariffImportError('source-columns', `${file.name} is not the USITC's JSON export: it fails at ${where}.`)
  }
  return parsed.data.map((row) =>
    scheduleRow({
      code: row.htsno ?? '',
      indent: String(row.indent),
      description: row.description ?? '',
      units: (row.units ?? []).map((unit) => unit ?? ''),
      general: row.general ?? '',
      special: row.special ?? '',
      columnTwo: row.other ?? '',
      additional: row.additionalDuties ?? '',
    }),
  )
}

function scheduleRow(row: Omit<ScheduleRow, 'indent'> & { indent: string }): ScheduleRow {
  return {
    code: row.code.trim().replaceAll('.', ''),
    indent: Number(row.indent),
    description: collapse(row.description),
    // Rows without unit hold [""] as often as nothing.
    units: row.units.map(collapse).filter((unit) => unit !== ''),
    general: collapse(row.general),
    special: collapse(row.special),
    columnTwo: collapse(row.columnTwo),
    additional: collapse(row.additional),
  }
}

function checkShapes(codes: readonly string[]): void {
  const odd = codes.find((code) => !/^(?:\d{4}|\d{6}|\d{8}|\d{10})$/u.test(code))
  if (odd === undefined) return
  throw new TariffImportError('source-code', `"${odd}" is not a number of the schedule (4, 6, 8 or 10 digits).`)
}

function programmeRates(special: string): Map<string, string> {
  return new Map(
    parseSpecialRates(special).flatMap(({ rate, programmes }) => programmes.map((symbol) => [symbol, rate] as const)),
  )
}

/** Descriptions by code. Words of rows without a code ("Horses:") stand before those of the coded rows below them. */
function groupedTexts(rows: readonly ScheduleRow[]): Map<string, string> {
  const texts = new Map<string, string>()
  const open: ScheduleRow[] = []
  for (const row of rows) {
    while ((open.at(-1)?.indent ?? -1) >= row.indent) open.pop()
    open.push(row)
    if (row.code === '') continue
    const above = open.slice(0, -1)
    const groups = above.slice(above.findLastIndex((group) => group.code !== '') + 1)
    texts.set(row.code, [...groups, row].map((part) => part.description).join(' '))
  }
  return texts
}
