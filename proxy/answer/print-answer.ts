/** From what the house knows to one answer on the wire. */
import { isFailure, type Failure } from '../../shared/error-codes.ts'
import type { Language } from '../../shared/language.ts'
import type { Answer, AnswerSource, Cell } from '../../shared/protocol.ts'
import { printFailure } from '../../shared/print-failure.ts'
import type { Remembered } from './cache.ts'

/** What came of a provider question: a remembered reply and what it cost this asker now, or a failure. */
export type Outcome = { remembered: Remembered; cached: boolean; points: number } | Failure

export type Cells = { value: Cell } | { table: Cell[][] }

/** What a cell is told. */
export type Printable =
  | { cells: Cells; source?: AnswerSource; points: number }
  | { failed: Failure; source?: AnswerSource; points: number }
  | { pending: true; points: 0 }

/** An answer, but for the question it belongs to. */
export interface Printed {
  answer: Omit<Answer, 'id'>
  /** The same as JSON without its opening brace: a remembered answer is printed once and sent to many. */
  json: string
}

export function printAnswer(printable: Printable, language: Language): Printed {
  const answer = sayAnswer(printable, language)
  return { answer, json: JSON.stringify(answer).slice(1) }
}

/** An answer as JSON. */
export function jsonOf(id: string, printed: Printed): string {
  return `{"id":${JSON.stringify(id)},${printed.json}`
}

function sayAnswer(printable: Printable, language: Language): Printed['answer'] {
  if ('pending' in printable) return { pending: true, points: 0 }
  const { source, points } = printable
  const about = source ? { source, points } : { points }
  if ('failed' in printable) return { error: printFailure(printable.failed, language), ...about }
  return { ...printable.cells, ...about }
}

export function sourceOf(outcome: Exclude<Outcome, Failure>): AnswerSource {
  const { provider, edition, answeredAt } = outcome.remembered
  return { provider, edition, cached: outcome.cached, at: new Date(answeredAt).toISOString() }
}

/** Cells or a failure, with the source of the reply they came from. */
export function printable(outcome: Exclude<Outcome, Failure>, cells: Cells | Failure): Printable {
  const source = sourceOf(outcome)
  return isFailure(cells)
    ? { failed: cells, source, points: outcome.points }
    : { cells, source, points: outcome.points }
}
