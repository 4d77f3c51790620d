/** Formulas of ours whose cells show no value, from what the cells of a sheet show: alike ones together, each with the cells it fills. */
import { kindOfCode, type Failure } from '../../error-codes.ts'
import { functionSpec, type FunctionName } from '../../functions.ts'
import { callsIn, mayFillOthers, readArgument } from '../freeze/read-formula.ts'
import { isErrorOf, kindOfError } from './shown-error.ts'

export interface FormulaCell {
  row: number
  column: number
  formula: string
}

export interface ShownFailures {
  /** Formulas of ours; of those that show a value only the ones that may fill other cells. */
  formulas: (FormulaCell & { shown: string })[]
  /** Cells without a formula that show an error. */
  filled: { row: number; column: number; shown: string }[]
}

export interface FailedGroup {
  fn: FunctionName
  /** `#PENDING`, ours with code and sentence behind a #, or the spreadsheet's own, which says nothing more. */
  shown: string
  /** By row, then column. */
  formulas: FormulaCell[]
}

export interface AgainReport {
  /** Being calculated anew. */
  rewritten: number
  /** Left alone: their cells hold something else by now. */
  changed: number
  /** Not come to. */
  left: number
  /** Why not; null: a person stopped it, or all were come to. */
  failed: Failure | null
}

/** A formula that was being calculated again when the spreadsheet broke off, and is not as it was. */
export interface UnreturnedFormula {
  /** Where it is, or was. */
  address: string
  formula: string
  /** It is there, and not this person's to put back; otherwise its cell was deleted or filled. */
  isProtected: boolean
}

/** Those of most formulas first. */
export function groupFailed({ formulas, filled }: ShownFailures): FailedGroup[] {
  const groups = new Map<string, FailedGroup & { known: Set<FormulaCell> }>()
  const add = (cell: FormulaCell, shown: string): void => {
    const [call] = callsIn(cell.formula)
    if (!call) return
    const key = `${call.fn} ${shown}`
    const group = groups.get(key) ?? { fn: call.fn, shown, formulas: [], known: new Set() }
    groups.set(key, group)
    if (group.known.has(cell)) return
    group.known.add(cell)
    group.formulas.push({ row: cell.row, column: cell.column, formula: cell.formula })
  }
  for (const cell of formulas) if (isErrorOf(cell.formula, cell.shown)) add(cell, cell.shown)
  const filling = formulas
    .filter(({ formula }) => mayFillOthers(formula))
    .map((cell) => ({ cell, box: filledBy(cell) }))
  for (const { row, column, shown } of filled) {
    let owner: (typeof filling)[number] | null = null
    for (const one of filling) {
      const { cell, box } = one
      const isReached =
        cell.row <= row && cell.column <= column && row < cell.row + box.rows && column < cell.column + box.columns
      // The nearest: what lies between would be in the way of another's.
      if (isReached && (!owner || isBehind(cell, owner.cell))) owner = one
    }
    if (owner) add(owner.cell, shown)
  }
  return [...groups.values()]
    .map(({ fn, shown, formulas }) => ({ fn, shown, formulas: formulas.sort(inOrder) }))
    .sort((one, other) => other.formulas.length - one.formulas.length)
}

/** Whether calculating again may help: not where a cell must be corrected first, which then calculates by itself. */
export function mayPass({ shown }: FailedGroup): boolean {
  const code = codeShown(shown)
  return code === null ? kindOfError(shown) !== 'reference' : kindOfCode(code) !== 'input'
}

/** @returns null: it is not one of ours. */
export function codeShown(shown: string): string | null {
  return /^#(TC-\d{3})\b/.exec(shown)?.[1] ?? null
}

/** Each once, though its cells may show different errors. */
export function formulasIn(groups: readonly FailedGroup[]): FormulaCell[] {
  const byPlace = new Map(
    groups.flatMap(({ formulas }) => formulas.map((cell) => [`${cell.row} ${cell.column}`, cell])),
  )
  return [...byPlace.values()].sort(inOrder)
}

/** How far a formula reaches at most: as far as the range it is about; without end where that is not known. */
function filledBy({ formula }: FormulaCell): { rows: number; columns: number } {
  const first = callsIn(formula)[0]?.args[0]
  const argument = first === undefined ? null : readArgument(first)
  return isTable(formula) || !argument || !('range' in argument)
    ? { rows: Infinity, columns: Infinity }
    : argument.range
}

function isTable(formula: string): boolean {
  return callsIn(formula).some(({ fn }) => functionSpec(fn).shape === 'table')
}

function isBehind(cell: FormulaCell, other: FormulaCell): boolean {
  return cell.column === other.column ? cell.row > other.row : cell.column > other.column
}

function inOrder(one: FormulaCell, other: FormulaCell): number {
  return one.row - other.row || one.column - other.column
}
