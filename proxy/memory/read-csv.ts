/**
 * A CSV file as spreadsheets write it: with or without byte order mark, parted by comma, semicolon or tab, its columns named in one
 * of our languages, in any order.
 */
import { setImmediate } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { parse as parseNow } from 'csv-parse/sync'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { MEMORY_ENTRIES_MAX } from '../../shared/memory-protocol.ts'
import { columnNamed, CSV_COLUMNS, NEEDED_COLUMNS, unescapeFormula, type CsvColumn } from './csv-columns.ts'

export interface CsvRow {
  /** Where it begins, from 1. */
  line: number
  /** Columns that the file does not have are empty. */
  cells: Record<CsvColumn, string>
  /** Something stands where the header names no column: a text with a delimiter in it was torn apart, most likely. */
  hasMore: boolean
}

const DELIMITERS = [',', ';', '\t'] as const
// One that never ends would be the rest of the file.
const RECORD_CHARACTERS_MAX = 20_000
// Some hundred rows, each of them checked against the tariff.
const CHARACTERS_PER_TURN = 16 * 1024

/**
 * Gives each row as it is read: all of them at once would be the largest thing in memory.
 * @returns how many there were; `bad-csv` when it is no such file, `memory-full` when it has more rows than any memory.
 */
export async function readCsv(bytes: Uint8Array, onRow: (row: CsvRow) => void): Promise<number | Failure> {
  const text = decode(bytes)
  if (isFailure(text)) return text
  const header = readHeader(text)
  if (isFailure(header)) return header
  let rows = 0
  const failed = await readRecords(text, header.delimiter, (line, fields) => {
    if (fields.every((field) => field.trim() === '')) return
    rows++
    if (rows <= MEMORY_ENTRIES_MAX) onRow(toRow(line, fields, header.columns))
  })
  if (failed) return failed
  return rows <= MEMORY_ENTRIES_MAX ? rows : failure('memory-full', { count: rows, max: MEMORY_ENTRIES_MAX })
}

function toRow(line: number, fields: readonly string[], columns: Header['columns']): CsvRow {
  const cells: CsvRow['cells'] = { ...NO_CELLS }
  for (const [at, column] of columns.entries()) {
    if (column) cells[column] = unescapeFormula(fields[at] ?? '')
  }
  return { line, cells, hasMore: fields.some((field, at) => field !== '' && !columns[at]) }
}

const NO_CELLS = Object.fromEntries(CSV_COLUMNS.map((column) => [column, ''])) as CsvRow['cells']

function badCsv(line: number, detail: string): Failure {
  return failure('bad-csv', { line, detail })
}

/** UTF-8, or the UTF-16 that Excel calls Unicode text. */
function decode(bytes: Uint8Array): string | Failure {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return badCsv(firstUndecoded(bytes), 'it is not UTF-8. Save the file as “CSV UTF-8”')
  }
}

const LINE_FEED = 0x0a

function firstUndecoded(bytes: Uint8Array): number {
  let line = 1
  let from = 0
  while (from < bytes.length) {
    const end = bytes.indexOf(LINE_FEED, from)
    const to = end < 0 ? bytes.length : end + 1
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(from, to))
    } catch {
      return line
    }
    from = to
    line++
  }
  return line
}

interface Header {
  delimiter: string
  /** null: a column without a name, or one that is not ours to read. */
  columns: (CsvColumn | null)[]
}

/** Parted by whatever gives the most columns that are known. */
function readHeader(text: string): Header | Failure {
  const line = text.slice(0, RECORD_CHARACTERS_MAX).split(/\r\n|\r|\n/, 1)[0] ?? ''
  const [best] = DELIMITERS.map((delimiter) => ({ delimiter, names: splitLine(line, delimiter) })).sort(
    (a, b) => knownIn(b.names) - knownIn(a.names),
  )
  const { delimiter, names } = best!
  const columns = names.map(columnNamed)
  const missing = NEEDED_COLUMNS.filter((column) => !columns.includes(column))
  if (missing.length > 0) {
    return badCsv(
      1,
      `it has no column ${missing.join(', ')}. The first line names the columns: ${CSV_COLUMNS.join(', ')}`,
    )
  }
  // Left aside unseen, a misspelt “material” would approve a code for goods of any material.
  const unknown = names.find((name, at) => name.trim() !== '' && columns[at] === null)
  if (unknown !== undefined) {
    return badCsv(1, `"${unknown.slice(0, 40)}" is none of the columns ${CSV_COLUMNS.join(', ')}`)
  }
  const twice = columns.find((column, at) => column !== null && columns.indexOf(column) !== at)
  return twice ? badCsv(1, `the column ${twice} stands there twice`) : { delimiter, columns }
}

function splitLine(line: string, delimiter: string): string[] {
  try {
    const [fields = []] = parseNow(line, { delimiter, relax_column_count: true, to: 1 })
    return fields
  } catch (error) {
    if (error instanceof CsvError) return []
    throw error
  }
}

function knownIn(names: readonly string[]): number {
  return names.filter((name) => columnNamed(name) !== null).length
}

/** In turns, so that others are answered while a long file is read. @param onRecord not given the header. */
async function readRecords(
  text: string,
  delimiter: string,
  onRecord: (line: number, fields: readonly string[]) => void,
): Promise<Failure | null> {
  let line = 1
  // Not the parser's own count of lines: it takes a line break within quotes for two.
  const take = ({ record, raw }: { record: string[]; raw: string }): null => {
    if (line > 1) onRecord(line, record)
    line += raw.match(/\r\n|\r|\n/g)?.length ?? 0
    return null
  }
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: RECORD_CHARACTERS_MAX,
    raw: true,
    // With `raw` a record comes with its text, which the package's types do not say.
    on_record: (record: unknown) => take(record as { record: string[]; raw: string }),
  })
  try {
    for await (const _ of Readable.from(inTurns(text)).pipe(parser)) {
      // Nothing comes: `take` has taken each record.
    }
    return null
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return badCsv(line, WHY_NOT[error.code] ?? 'its quotation marks do not pair')
  }
}

const WHY_NOT: Partial<Record<string, string>> = {
  CSV_MAX_RECORD_SIZE: 'it does not end. A quotation mark is missing',
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is never closed',
}

async function* inTurns(text: string): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += CHARACTERS_PER_TURN) {
    yield text.slice(from, from + CHARACTERS_PER_TURN)
    await setImmediate()
  }
}
