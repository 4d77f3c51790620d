/**
 * ① What Excel calls. Every function of the catalogue takes cells or ranges, asks one question a cell, and gives a range back.
 * The one that streams, HSPOINTS, gives it again whenever the points change, never on a timer.
 * Nothing here touches `Excel.*`: a custom function that does can hang the calculation.
 */
import { failure, isFailure, type Failure } from '../shared/error-codes.ts'
import { FUNCTION_NAMES, functionSpec, type FunctionName } from '../shared/functions.ts'
import type { Language } from '../shared/language.ts'
import { gatherOutcomes, spreadArguments, type ArgumentValue, type Outcome } from '../shared/spread.ts'
import type { CellValue } from '../shared/tariff-code.ts'
import type { Balance } from './balance.ts'
import { isBlankCell, type CellAnswer } from '../shared/cell-answer.ts'
import type { Asked, Batcher } from './batcher.ts'
import { printFailure } from '../shared/print-failure.ts'
import type { RecentErrors } from './recent-errors.ts'
import { isCellError, toCell, toCellError, type CellError, type MakeCellError, type SheetCell } from './to-cell.ts'

export interface SheetFunctionDeps {
  batcher: Pick<Batcher, 'ask' | 'remembered'>
  makeError: MakeCellError
  errors: Pick<RecentErrors, 'add'>
  language: () => Language
  /** Tells what is left, for the function that streams it. */
  balance: Pick<Balance, 'onSaid'>
}

/**
 * @param args a matrix for each argument, then Excel's invocation object.
 * @returns the cells of the formula, errors among them as objects.
 * @throws the error object, when the formula comes to one cell and that is an error. Where the host takes several results they all
 * go through `setResult`, errors too: what is returned is not looked at then.
 */
export type SheetFunction = (...args: unknown[]) => Promise<SheetCell[][]>

export function createSheetFunctions(deps: SheetFunctionDeps): Record<FunctionName, SheetFunction> {
  const functions = FUNCTION_NAMES.map((name): [FunctionName, SheetFunction] => [
    name,
    (...args) => callFunction(deps, name, args),
  ])
  return Object.fromEntries(functions) as Record<FunctionName, SheetFunction>
}

/** What Excel passes beside the arguments. `isInValuePreview` is typed as text and documented as a boolean. */
interface Invocation {
  address?: string
  isInValuePreview?: unknown
  onCanceled?: () => void
  /** Only where the host takes several results from one call. */
  setResult?: (result: SheetCell[][] | CellError) => void
}

// While somebody types a formula, Excel calculates previews; a preview must not spend.
export const PREVIEW = '(preview)'
// A spill past 5 MB never arrives.
export const RESULT_CELLS_MAX = 20_000
const NOTHING: CellAnswer = { value: '' }
const BLANK: Asked = { answer: Promise.resolve(NOTHING), cancel: () => undefined }

function callFunction(deps: SheetFunctionDeps, name: FunctionName, raw: unknown[]): Promise<SheetCell[][]> {
  const { invocation, given } = takeInvocation(raw)
  // Microsoft's runtime puts `setResult` on every invocation, and a function in it only where the host takes several results.
  if (functionSpec(name).streams && typeof invocation?.setResult === 'function') {
    return streamPoints(deps, name, given, invocation)
  }
  return answerFormula(deps, name, given, invocation)
}

/** Never rejects: nobody listens to what it returns. */
async function streamPoints(
  deps: SheetFunctionDeps,
  name: FunctionName,
  given: unknown[],
  invocation: Invocation,
): Promise<SheetCell[][]> {
  const { address, isInValuePreview } = invocation
  let isOver = false
  let turn = 0
  let shown: unknown
  const push = (result: SheetCell[][] | CellError, points: unknown): void => {
    if (isOver || (points !== undefined && points === shown)) return
    shown = points
    invocation.setResult?.(result)
  }
  const ask = async (): Promise<void> => {
    const mine = ++turn
    const result = await answerFormula(deps, name, given, {
      ...(address === undefined ? {} : { address }),
      isInValuePreview,
    }).catch((error: unknown) => errorOf(deps, error))
    // A newer balance may have come meanwhile.
    if (mine === turn) push(result, Array.isArray(result) ? result[0]?.[0] : undefined)
  }
  const leave = isInValuePreview
    ? () => undefined
    : deps.balance.onSaid((points) => {
        if (points === null) {
          void ask()
          return
        }
        turn++
        push([[points]], points)
      })
  invocation.onCanceled = () => {
    isOver = true
    leave()
  }
  await ask()
  return []
}

function errorOf({ makeError, language }: SheetFunctionDeps, error: unknown): CellError {
  if (typeof error === 'object' && error !== null && 'code' in error) return error as CellError
  return toCellError(printFailure(failure('bug', { id: 'stream' }), language()), makeError)
}

async function answerFormula(
  deps: SheetFunctionDeps,
  name: FunctionName,
  given: unknown[],
  invocation: Invocation | null,
): Promise<SheetCell[][]> {
  const { required, optional, shape } = functionSpec(name)
  const address = invocation?.address ?? null
  const refuse = (failed: Failure): SheetCell => {
    const error = printFailure(failed, deps.language())
    deps.errors.add(error, name, address)
    return toCellError(error, deps.makeError)
  }

  const spread = spreadArguments(name, given.slice(0, required.length + optional.length).map(readArgument))
  if (isFailure(spread)) throw refuse(spread)

  const answers = invocation?.isInValuePreview
    ? spread.args.map((args) => previewCell(deps.batcher, name, args))
    : await askCells(deps.batcher, name, spread.args, invocation)
  const outcomes = answers.map((answer): Outcome<SheetCell> => {
    if ('error' in answer) deps.errors.add(answer.error, name, address)
    return toCell(answer, deps.makeError)
  })

  const cells = gatherOutcomes(shape, spread, outcomes, '')
  const count = cells.length * (cells[0]?.length ?? 0)
  if (count > RESULT_CELLS_MAX) throw refuse(failure('too-many-cells', { count, max: RESULT_CELLS_MAX }))
  // Excel cannot show a spill of no cells.
  const [[only = ''] = []] = cells
  if (count === 0) return [['']]
  if (count === 1 && isCellError(only)) throw only
  return cells
}

async function askCells(
  batcher: Pick<Batcher, 'ask'>,
  name: FunctionName,
  cells: readonly CellValue[][],
  invocation: Invocation | null,
): Promise<CellAnswer[]> {
  const asked = cells.map((args): Asked => (isBlankCell(name, args) ? BLANK : batcher.ask(name, args)))
  if (invocation) {
    invocation.onCanceled = () => {
      for (const one of asked) one.cancel()
    }
  }
  return await Promise.all(asked.map((one) => one.answer))
}

function previewCell(batcher: Pick<Batcher, 'remembered'>, name: FunctionName, args: readonly CellValue[]): CellAnswer {
  return isBlankCell(name, args) ? NOTHING : (batcher.remembered(name, args) ?? { value: PREVIEW })
}

/**
 * Told apart by shape, not by position: Excel caches the metadata of a function while it reloads the code, and may pass fewer
 * arguments before the invocation object than the code knows.
 */
function takeInvocation(args: readonly unknown[]): { invocation: Invocation | null; given: unknown[] } {
  const at = args.findIndex(isInvocation)
  if (at < 0) return { invocation: null, given: [...args] }
  return { invocation: args[at] as Invocation, given: args.slice(0, at) }
}

const INVOCATION_KEYS = ['setResult', '_functionName', 'functionName', 'onCanceled', 'address', 'isInValuePreview']

function isInvocation(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return INVOCATION_KEYS.some((key) => key in value)
}

function readArgument(argument: unknown): ArgumentValue {
  if (!Array.isArray(argument)) return readCell(argument)
  return argument.map((row: unknown) => (Array.isArray(row) ? row.map(readCell) : [readCell(row)]))
}

/** A cell as Excel hands it over; one with a data type (a currency, a stock) is an object around the plain value it shows. */
function readCell(cell: unknown): CellValue {
  switch (typeof cell) {
    case 'string':
    case 'number':
    case 'boolean':
      return cell
    case 'object':
      return cell !== null && 'basicValue' in cell ? readCell(cell.basicValue) : null
    default:
      return null
  }
}
