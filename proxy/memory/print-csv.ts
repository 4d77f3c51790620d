/** A workspace's memory as CSV, a page at a time: UTF-8 with a byte order mark, without which Excel takes it for Latin-1. */
import { stringify } from 'csv-stringify/sync'
import type { Approved } from './approvals.ts'
import { CSV_COLUMNS, escapeFormula, type CsvColumn } from './csv-columns.ts'

export async function* printCsv(pages: AsyncIterable<readonly Approved[]>): AsyncGenerator<string> {
  yield `\ufeff${printRecords([[...CSV_COLUMNS]])}`
  for await (const page of pages)
    yield printRecords(page.map((one) => CSV_COLUMNS.map((column) => cellOf(one, column))))
}

/** Every text in it is safe to open in a spreadsheet. */
export function printRecords(records: readonly (readonly string[])[]): string {
  // Not csv-stringify's own escape_formulas: it cannot be taken back where a text began with an apostrophe before.
  return stringify(
    records.map((cells) => cells.map(escapeFormula)),
    // A lone \r ends a line for who reads it, and is not quoted otherwise.
    { record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
  )
}

function cellOf(one: Approved, column: CsvColumn): string {
  switch (column) {
    case 'material':
    case 'use':
    case 'gender':
    case 'category':
      return one.facts[column]
    case 'approved by':
      return one.approvedBy
    case 'approved at':
      return new Date(one.approvedAt).toISOString()
    case 'description':
    case 'country':
    case 'code':
    case 'note':
    case 'source':
      return one[column]
  }
}
