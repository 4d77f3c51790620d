/**
 * The sheet functions as classes of the grid's formula engine. Classes, because functions registered by name hand text that looks
 * like a number over as a number: 6109100012 would stop being text and 0302.14 would lose its zero.
 */
import {
  ArrayValueObject,
  BaseFunction,
  BooleanValueObject,
  ErrorType,
  ErrorValueObject,
  NullValueObject,
  NumberValueObject,
  StringValueObject,
  type BaseValueObject,
} from '@univerjs/presets/preset-sheets-core'
import { FUNCTION_NAMES, type FunctionName } from '../../shared/functions.ts'
import type { Matrix } from '../../shared/spread.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { BUSY, isFailureCell, type FunctionHost, type HostCell, type Place } from './function-host.ts'
import { rateFormat } from './rate-format.ts'

type FunctionClass = new (name: string) => BaseFunction

export function univerFunctions(host: FunctionHost): [FunctionClass, FunctionName][] {
  return FUNCTION_NAMES.map((name) => [functionClass(name, host), name])
}

function functionClass(name: FunctionName, host: FunctionHost): FunctionClass {
  return class extends BaseFunction {
    override calculate(...variants: BaseValueObject[]): BaseValueObject {
      const place = { sheetId: this.subUnitId ?? '', row: this.row, column: this.column }
      return calculate(host, name, variants, place)
    }

    /** Or "01.01.21" in a formula would come as the number of a day, and "6.1091E+09" as one that hides what it lost. */
    override isArgumentsIgnoreNumberPattern(): boolean {
      return true
    }
  }
}

/** A cell of an argument: a value, or the error that stands there. */
type ArgumentCell = CellValue | ErrorValueObject

function calculate(host: FunctionHost, name: FunctionName, variants: BaseValueObject[], place: Place): BaseValueObject {
  const given = variants.map(readArgument)
  // Like Excel: what waits for a waiting cell waits, what is given a failed cell fails the same way.
  if (given.some((matrix) => matrix.some((row) => row.includes(BUSY)))) return StringValueObject.create(BUSY)
  for (const [at, matrix] of given.entries()) {
    const cell = matrix.length === 1 && matrix[0]?.length === 1 ? matrix[0][0] : null
    if (cell instanceof ErrorValueObject) {
      host.passOn(cell.getErrorType(), place, placeOf(variants[at]!))
      return cell
    }
  }
  const args = given.map((matrix) => matrix.map((row) => row.map((cell) => (isError(cell) ? null : cell))))
  const cells = host.call(name, args, place)
  if (cells === BUSY) return StringValueObject.create(BUSY)
  return toValueObject(withErrorsOf(given, cells), name === 'HSRATE' ? rateFormat : noFormat)
}

function readArgument(variant: BaseValueObject): Matrix<ArgumentCell> {
  if (!(variant instanceof ArrayValueObject)) return [[readCell(variant)]]
  return variant.getArrayValue().map((row) => row.map(readCell))
}

function readCell(value: BaseValueObject | null | undefined | void): ArgumentCell {
  if (!value || value.isNull()) return null
  return value instanceof ErrorValueObject ? value : value.getValue()
}

function isError(cell: ArgumentCell | HostCell | undefined): cell is ErrorValueObject {
  return cell instanceof ErrorValueObject
}

/** The cell a one-cell argument was read from; null for a literal or a calculated argument. */
function placeOf(variant: BaseValueObject): Place | null {
  if (!(variant instanceof ArrayValueObject)) return null
  const place = { sheetId: variant.getSheetId(), row: variant.getCurrentRow(), column: variant.getCurrentColumn() }
  return place.row < 0 ? null : place
}

/** A failed cell inside a range fails its own row of the result and no other. */
function withErrorsOf(
  given: readonly Matrix<ArgumentCell>[],
  cells: Matrix<HostCell>,
): Matrix<HostCell | ErrorValueObject> {
  const sameShape = given.filter(
    (matrix) => matrix.length === cells.length && matrix[0]?.length === cells[0]?.length && matrix.length > 0,
  )
  return cells.map((row, down) =>
    row.map((cell, right) => sameShape.map((matrix) => matrix[down]?.[right]).find(isError) ?? cell),
  )
}

/** The number format a result brings for a cell that has none. */
type FormatOf = (value: number) => string

const noFormat: FormatOf = () => ''

function toValueObject(cells: Matrix<HostCell | ErrorValueObject>, formatOf: FormatOf): BaseValueObject {
  const rows = cells.map((row) => row.map((cell) => toCellObject(cell, formatOf)))
  const only = rows.length === 1 && rows[0]?.length === 1 ? rows[0][0] : undefined
  if (only) return only
  return ArrayValueObject.create({
    calculateValueList: rows,
    rowCount: rows.length,
    columnCount: rows[0]?.length ?? 0,
    unitId: '',
    sheetId: '',
    row: -1,
    column: -1,
  })
}

function toCellObject(cell: HostCell | ErrorValueObject, formatOf: FormatOf): BaseValueObject {
  if (cell instanceof ErrorValueObject) return cell
  if (isFailureCell(cell)) return ErrorValueObject.create(errorType(cell.shown))
  if (typeof cell === 'number') return NumberValueObject.create(cell, formatOf(cell))
  if (typeof cell === 'boolean') return BooleanValueObject.create(cell)
  return cell === null ? NullValueObject.create() : StringValueObject.create(cell)
}

function errorType(shown: string): ErrorType {
  return Object.values(ErrorType).find((type) => (type as string) === shown) ?? ErrorType.NA
}
