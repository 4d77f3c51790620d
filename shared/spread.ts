/**
 * Ranges become questions, answers become a range again, as spreadsheets broadcast: one cell goes with everything, a column
 * with a row makes a table. Both add-ins and the playground use it.
 */
import { failure, type Failure } from './error-codes.ts'
import type { Shape } from './functions.ts'
import { isBlank } from './read-cell.ts'
import type { CellValue } from './tariff-code.ts'

export type Matrix<Value> = readonly (readonly Value[])[]
export type ArgumentValue = CellValue | undefined | Matrix<CellValue | undefined>

export const CELLS_PER_FORMULA_MAX = 2000

/** The arguments of each cell of the result, row by row. */
export interface Spread {
  rows: number
  columns: number
  args: CellValue[][]
}

/**
 * A range that is too large without its blank end, such as A2:A, is taken for what is in it.
 * @returns the failure `too-many-cells`, or `bad-arguments` when ranges of different sizes do not go together.
 */
export function spreadArguments(
  fn: string,
  args: readonly ArgumentValue[],
  cellsMax: number = CELLS_PER_FORMULA_MAX,
): Spread | Failure {
  const matrices = args.map(toMatrix)
  let rows = Math.max(1, ...matrices.map((matrix) => matrix.length))
  const columns = Math.max(1, ...matrices.map((matrix) => matrix[0]?.length ?? 1))
  for (const matrix of matrices) {
    const height = matrix.length
    const width = matrix[0]?.length ?? 1
    if ((height !== 1 && height !== rows) || (width !== 1 && width !== columns)) {
      return failure('bad-arguments', { fn, expected: 'ranges of the same size, or single cells' })
    }
  }
  if (rows * columns > cellsMax) rows = rowsInUse(matrices, rows)
  if (rows * columns > cellsMax) return failure('too-many-cells', { count: rows * columns, max: cellsMax })
  const spread: CellValue[][] = []
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      spread.push(matrices.map((matrix) => pick(matrix, row, column)))
    }
  }
  return { rows, columns, args: spread }
}

/** Up to the last row that is not blank in all of the ranges; at least one. */
function rowsInUse(matrices: readonly Matrix<CellValue | undefined>[], rows: number): number {
  const ranges = matrices.filter((matrix) => matrix.length === rows)
  let last = rows
  while (last > 1 && ranges.every((matrix) => matrix[last - 1]!.every((cell) => isBlank(cell ?? null)))) last--
  return last
}

function toMatrix(value: ArgumentValue): Matrix<CellValue | undefined> {
  if (!Array.isArray(value)) return [[(value as CellValue | undefined) ?? null]]
  return value.length === 0 ? [[null]] : (value as Matrix<CellValue | undefined>)
}

function pick(matrix: Matrix<CellValue | undefined>, row: number, column: number): CellValue {
  const cells = matrix.length === 1 ? matrix[0]! : matrix[row]!
  return (cells.length === 1 ? cells[0] : cells[column]) ?? null
}

/** What one question came to, in the host's own terms: `Value` is a cell or the host's error object. */
export type Outcome<Value> = { cell: Value } | { table: readonly (readonly Value[])[] }

/**
 * Puts the outcomes of one formula back in shape.
 * Tables over a range stand below each other, each row led by the input it belongs to; a sum adds up its cells.
 * @param empty what pads a ragged table.
 */
export function gatherOutcomes<Value>(
  shape: Shape,
  spread: Spread,
  outcomes: readonly Outcome<Value>[],
  empty: Value,
): Value[][] {
  if (shape === 'table') return stackTables(spread, outcomes, empty)
  const cells = outcomes.map((outcome) => ('cell' in outcome ? outcome.cell : (outcome.table[0]?.[0] ?? empty)))
  if (shape === 'sum') return [[sum(spread, cells)]]
  const result: Value[][] = []
  for (let row = 0; row < spread.rows; row++) {
    result.push(cells.slice(row * spread.columns, (row + 1) * spread.columns))
  }
  return result
}

function stackTables<Value>(spread: Spread, outcomes: readonly Outcome<Value>[], empty: Value): Value[][] {
  const single = outcomes.length === 1
  const rows: Value[][] = []
  outcomes.forEach((outcome, at) => {
    const table = 'table' in outcome ? outcome.table : [[outcome.cell]]
    for (const line of table) rows.push(single ? [...line] : [(spread.args[at]![0] as Value) ?? empty, ...line])
  })
  const width = Math.max(1, ...rows.map((row) => row.length))
  return rows.map((row) => [...row, ...Array.from({ length: width - row.length }, () => empty)])
}

/** Equal cells are asked, and paid, once; the first error stands for the whole sum. */
function sum<Value>(spread: Spread, cells: readonly Value[]): Value {
  const seen = new Set<string>()
  let total = 0
  for (const [at, cell] of cells.entries()) {
    const key = JSON.stringify(spread.args[at])
    if (seen.has(key)) continue
    seen.add(key)
    if (typeof cell === 'number') total += cell
    else if (cell !== '') return cell
  }
  return total as Value
}
