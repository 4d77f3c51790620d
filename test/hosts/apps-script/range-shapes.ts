/** Shapes of ranges on a sheet, as Google names and grows them. */
import { columnName } from '../../../shared/pane/place.ts'
import {
  boxOf,
  cellAt,
  COLUMNS_MAX,
  eachCell,
  meet,
  printAddress,
  ROWS_MAX,
  usedBox,
  type Box,
  type Sheet,
} from '../excel-workbook.ts'

export function same(one: Box, other: Box): boolean {
  return (
    one.row === other.row && one.column === other.column && one.rows === other.rows && one.columns === other.columns
  )
}

/** Open ends of an address reach as far as the sheet does. */
export function bounded(box: Box, whole: Box): Box {
  const rows = box.row + box.rows >= ROWS_MAX ? whole.rows - box.row : box.rows
  const columns = box.column + box.columns >= COLUMNS_MAX ? whole.columns - box.column : box.columns
  return boxOf(box.row, box.column, rows, columns)
}

export function addressIn(sheet: Sheet, box: Box, whole: Box): string {
  if (box.rows === whole.rows) return `${columnName(box.column)}:${columnName(box.column + box.columns - 1)}`
  if (box.columns === whole.columns) return `${box.row + 1}:${box.row + box.rows}`
  const address = printAddress(sheet, box)
  return address.slice(address.lastIndexOf('!') + 1)
}

/** The block of filled cells around, until an empty row and an empty column on each side. */
export function regionAround(sheet: Sheet, start: Box): Box {
  const used = usedBox(sheet)
  if (!used) return start
  let region = start
  for (;;) {
    const row = Math.max(0, region.row - 1)
    const column = Math.max(0, region.column - 1)
    const wider = boxOf(row, column, region.row + region.rows + 1 - row, region.column + region.columns + 1 - column)
    let next = region
    eachCell(meet(wider, used) ?? region, (at, across) => {
      if (cellAt(sheet, at, across).formula !== '' || cellAt(sheet, at, across).value !== '') {
        next = around(next, boxOf(at, across))
      }
    })
    if (same(next, region)) return region
    region = next
  }
}

function around(one: Box, other: Box): Box {
  const row = Math.min(one.row, other.row)
  const column = Math.min(one.column, other.column)
  const bottom = Math.max(one.row + one.rows, other.row + other.rows)
  const right = Math.max(one.column + one.columns, other.column + other.columns)
  return boxOf(row, column, bottom - row, right - column)
}
