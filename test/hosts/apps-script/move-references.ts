/** What Google makes of the cells that formulas name when rows and columns come, go and change places. Rows and columns count from 0. */
import { columnName, columnOf } from '../../../shared/pane/place.ts'

/** A text is passed over; `LOG10(` and `A1` within a longer name are no cells. */
const REFERENCE =
  /"(?:[^"]|"")*"|(?<![\w.'!])((?:'(?:[^']|'')+'|\w+)!)?(\$?)([A-Z]{1,3})(\$?)(\d+)(?::(\$?)([A-Z]{1,3})(\$?)(\d+))?(?![\w(])/g

export interface Move {
  axis: 'row' | 'column'
  at: number
  /** Less than 0: so many go. */
  count: number
}

interface Corner {
  row: number
  column: number
  isRowFixed: boolean
  isColumnFixed: boolean
}

/** @param on the sheet the formula stands on; `changed` the one that was changed. By name. */
export function afterMove(formula: string, on: string, changed: string, move: Move): string {
  return eachReference(formula, (sheet, from, to) => {
    if ((sheet ?? on) !== changed) return [from, to]
    const { axis, at, count } = move
    const [first, last] = [from[axis], to[axis]]
    if (count >= 0) {
      const shifted = (index: number): number => (index >= at ? index + count : index)
      return [
        { ...from, [axis]: shifted(first) },
        { ...to, [axis]: shifted(last) },
      ]
    }
    const end = at - count
    if (first >= at && last < end) return null
    return [
      { ...from, [axis]: first < at ? first : Math.max(first, end) + count },
      { ...to, [axis]: last >= end ? last + count : Math.min(last, at - 1) },
    ]
  })
}

/** As a copy has it: what is not fixed by a $ keeps its distance. */
export function asCopied(formula: string, rowsDown: number): string {
  const moved = (corner: Corner): Corner => (corner.isRowFixed ? corner : { ...corner, row: corner.row + rowsDown })
  return eachReference(formula, (_, from, to) => [moved(from), moved(to)])
}

function eachReference(
  formula: string,
  change: (sheet: string | null, from: Corner, to: Corner) => [from: Corner, to: Corner] | null,
): string {
  return formula.replaceAll(REFERENCE, (whole, ...groups: (string | undefined)[]) => {
    const [sheet, fixedColumn, column, fixedRow, row, toFixedColumn, toColumn, toFixedRow, toRow] = groups
    if (column === undefined) return whole
    const from = cornerOf(fixedColumn, column, fixedRow, row)
    const to = toColumn === undefined ? from : cornerOf(toFixedColumn, toColumn, toFixedRow, toRow)
    const name =
      sheet
        ?.slice(0, -1)
        .replace(/^'(.*)'$/, '$1')
        .replaceAll("''", "'") ?? null
    const changed = change(name, from, to)
    if (!changed) return `${sheet ?? ''}#REF!`
    return (
      (sheet ?? '') +
      changed
        .slice(0, toColumn === undefined ? 1 : 2)
        .map(print)
        .join(':')
    )
  })
}

function cornerOf(fixedColumn = '', column = '', fixedRow = '', row = ''): Corner {
  return {
    row: Number(row) - 1,
    column: columnOf(column),
    isRowFixed: fixedRow !== '',
    isColumnFixed: fixedColumn !== '',
  }
}

function print({ row, column, isRowFixed, isColumnFixed }: Corner): string {
  return `${isColumnFixed ? '$' : ''}${columnName(column)}${isRowFixed ? '$' : ''}${row + 1}`
}
