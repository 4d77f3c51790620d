/// <reference types="office-js" />
/** Ranges by the block: what lies together is one object of Excel's, never one for each cell. */
import type { Place } from '../shared/pane/spreadsheet-host.ts'

export function rangeOf(context: Excel.RequestContext, { sheet, row, column, rows, columns }: Place): Excel.Range {
  return context.workbook.worksheets.getItem(sheet).getRangeByIndexes(row, column, rows, columns)
}

/** A few rows that are left alone between others cost less than a range more. */
const GAP_ROWS_MAX = 8

export interface Run<Row> {
  first: number
  count: number
  rows: Row[]
}

/** Rows that lie close together. @param rows ascending. */
export function runsOf<Row extends { row: number }>(rows: readonly Row[]): Run<Row>[] {
  const runs: Run<Row>[] = []
  for (const row of rows) {
    const last = runs.at(-1)
    if (last && row.row - (last.first + last.count) <= GAP_ROWS_MAX) {
      last.count = row.row - last.first + 1
      last.rows.push(row)
    } else {
      runs.push({ first: row.row, count: 1, rows: [row] })
    }
  }
  return runs
}

export interface ColumnGroup {
  first: number
  count: number
  /** For each column of the group, its place in what was given. */
  at: number[]
}

/** Columns that lie side by side, whatever their order. */
export function groupsOf(columns: readonly number[]): ColumnGroup[] {
  const groups: ColumnGroup[] = []
  const sorted = columns.map((column, at) => ({ column, at })).sort((one, other) => one.column - other.column)
  for (const { column, at } of sorted) {
    const last = groups.at(-1)
    if (last && column === last.first + last.count) {
      last.count++
      last.at.push(at)
    } else {
      groups.push({ first: column, count: 1, at: [at] })
    }
  }
  return groups
}
