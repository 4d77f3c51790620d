/** Which column of the selection, and which of its rows, are to be looked at. */
import type { Country } from '../../country.ts'
import { columnName } from '../place.ts'
import type { Place, Region, Selection } from '../spreadsheet-host.ts'
import type { ColumnToExamine } from './code-doctor.ts'

export interface ColumnOption {
  column: number
  name: string
}

// How the columns that hold codes are called, in the sheets of importers.
const CODE_NAMES = /code|hs\b|hts|tariff|tarif|ncm|taric|编码|税号|税则/i

/** The columns of a region by their headers, or by their letters where there is none. */
export function columnOptions({ place, headers }: Region): ColumnOption[] {
  return Array.from({ length: place.columns }, (_, at) => {
    const letter = columnName(place.column + at)
    const header = (headers[at] ?? '').trim()
    return { column: place.column + at, name: header === '' ? letter : `${header} (${letter})` }
  })
}

/** The column that is selected; where several are or none is, the last one that is named like codes. */
export function likelyColumn({ place, region }: Selection): number | null {
  if (!region) return null
  const isOneColumn = place !== null && place.columns === 1
  const named = region.headers.findLastIndex((header) => CODE_NAMES.test(header))
  if (isOneColumn && (place.rows > 1 || named < 0)) return place.column
  return region.place.column + Math.max(0, named)
}

/** Rows of data in the region; null: it has none. */
export function allRows({ place, hasHeaders }: Region): Pick<Place, 'row' | 'rows'> | null {
  const header = hasHeaders ? 1 : 0
  return place.rows > header ? { row: place.row + header, rows: place.rows - header } : null
}

/** Rows of data that are selected; null where that is no choice: one cell, or all of them. */
export function selectedRows({ place, region }: Selection): Pick<Place, 'row' | 'rows'> | null {
  const all = region && allRows(region)
  if (!all || !place) return null
  const row = Math.max(all.row, place.row)
  const rows = Math.min(all.row + all.rows, place.row + place.rows) - row
  return rows > 1 && rows < all.rows ? { row, rows } : null
}

/** @returns null when there are no such rows. */
export function columnToExamine(
  selection: Selection,
  {
    column,
    isSelectedOnly,
    country,
    nameBeside,
  }: { column: number; isSelectedOnly: boolean; country: Country; nameBeside: (header: string) => string },
): ColumnToExamine | null {
  const { region } = selection
  const rows = region && ((isSelectedOnly ? selectedRows(selection) : null) ?? allRows(region))
  if (!region || !rows) return null
  const { sheet, row, column: first, columns } = region.place
  const text = region.headers[column - first] ?? ''
  return {
    place: { sheet, column, columns: 1, ...rows },
    name: columnOptions(region).find((option) => option.column === column)?.name ?? columnName(column),
    country,
    endColumn: first + columns,
    header: region.hasHeaders ? { row, text, beside: nameBeside(text) } : null,
  }
}
