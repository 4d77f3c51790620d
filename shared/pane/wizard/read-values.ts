/** Values behind the fields, for the preview: of a cell what it holds, of a range its first cell. */
import type { CellValue } from '../../tariff-code.ts'
import { columnOf } from '../place.ts'
import type { Selection, SpreadsheetHost } from '../spreadsheet-host.ts'
import { fieldsOf, readGiven, type Filled, type Given } from './build-formula.ts'

/** Ids of sheets by their names, as far as the person was on them. */
export type KnownSheets = ReadonlyMap<string, string>

/** @returns null when a value would have to be calculated, or stands on a sheet that is not known. */
export async function readValues(
  host: Pick<SpreadsheetHost, 'read'>,
  { fn, given }: Filled,
  sheetName: string,
  sheets: KnownSheets,
): Promise<CellValue[] | null> {
  const { required, optional } = fieldsOf(fn)
  const values: CellValue[] = []
  for (const parameter of [...required, ...optional]) {
    const value = await readValue(host, readGiven(given[parameter] ?? ''), sheetName, sheets)
    if (value === undefined) return null
    values.push(value)
  }
  return values
}

/** What stands in the first selected cell; '' where nothing does. */
export async function readFirstSelected(
  host: Pick<SpreadsheetHost, 'read'>,
  { address, place, sheetName }: Selection,
): Promise<string> {
  if (place === null) return ''
  const cells = address.slice(address.lastIndexOf('!') + 1)
  const given: Given = { kind: 'cell', sheetName: null, cells }
  return String((await readValue(host, given, sheetName, new Map([[sheetName, place.sheet]]))) ?? '')
}

async function readValue(
  host: Pick<SpreadsheetHost, 'read'>,
  given: Given,
  sheetName: string,
  sheets: KnownSheets,
): Promise<CellValue | undefined> {
  if (given.kind === 'none') return null
  if (given.kind === 'text') return given.text
  if (given.kind === 'formula') return undefined
  const sheet = sheets.get(given.sheetName ?? sheetName)
  const [, letters = '', row = ''] = /^\$?([A-Z]+)\$?(\d+)/.exec(given.cells) ?? []
  if (sheet === undefined || letters === '') return undefined
  const column = columnOf(letters)
  const [first] = await host.read({ sheet, row: Number(row) - 1, column, rows: 1, columns: 1 })
  return first?.[0] ?? ''
}
