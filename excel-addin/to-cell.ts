/**
 * ⑪ An answer becomes what the cell shows: a value, a table, or an error that IFERROR sees and whose sentence Excel shows on hover.
 * Only #VALUE! and #N/A carry a sentence in Excel, so there is no other.
 */
import type { CellAnswer } from '../shared/cell-answer.ts'
import { kindOfCode } from '../shared/error-codes.ts'
import { neutralise } from '../shared/neutralise.ts'
import type { AnswerError, Cell } from '../shared/protocol.ts'
import type { Outcome } from '../shared/spread.ts'

export type ErrorCode = '#VALUE!' | '#N/A'

/** `CustomFunctions.Error`, or our stand-in for it. */
export interface CellError {
  readonly code: string
  readonly message?: string
}

export type SheetCell = Cell | CellError

/** @param message already short enough to show. */
export type MakeCellError = (code: ErrorCode, message: string) => CellError

/** `CustomFunctions.Error` is undefined where there is no host: the pane in a plain browser, the playground. */
export class FallbackCellError extends Error implements CellError {
  override name = 'CellError'
  readonly code: ErrorCode
  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

interface ErrorConstructor {
  new (code: string, message: string): CellError
}

/** Looks for Excel's own class each time: it may appear after we were loaded, and Excel drops the text of every other error. */
export const makeCellError: MakeCellError = (code, message) => {
  const host = (globalThis as { CustomFunctions?: { Error?: ErrorConstructor } }).CustomFunctions
  return host?.Error ? new host.Error(code, message) : new FallbackCellError(code, message)
}

export function isCellError(cell: SheetCell): cell is CellError {
  return typeof cell === 'object'
}

export function toCell(answer: CellAnswer, makeError: MakeCellError): Outcome<SheetCell> {
  if ('error' in answer) return { cell: toCellError(answer.error, makeError) }
  if ('table' in answer) return { table: answer.table.map((row) => row.map(neutralise)) }
  return { cell: neutralise(answer.value) }
}

export const MESSAGE_CHARACTERS_MAX = 120

export function toCellError({ code, message }: AnswerError, makeError: MakeCellError): CellError {
  const shown =
    message.length > MESSAGE_CHARACTERS_MAX ? `${message.slice(0, MESSAGE_CHARACTERS_MAX - 1).trimEnd()}…` : message
  return makeError(kindOfCode(code) === 'input' ? '#VALUE!' : '#N/A', shown)
}
