/// <reference types="google-apps-script" />
/**
 * One formula, as Google Sheets calls it: cells or ranges in, a value or a range out. The path: arguments → questions, each once →
 * the document's cache → the proxy → cells in shape, remembered.
 */
import { questionKey } from '../shared/answer-key.ts'
import { isBlankCell, trimArguments, type CellAnswer } from '../shared/cell-answer.ts'
import { failure, isFailure, sentence, type Failure } from '../shared/error-codes.ts'
import { functionSpec, type FunctionName } from '../shared/functions.ts'
import type { Language } from '../shared/language.ts'
import { neutralise } from '../shared/neutralise.ts'
import { printFailure } from '../shared/print-failure.ts'
import type { Cell } from '../shared/protocol.ts'
import { gatherOutcomes, spreadArguments, type Outcome } from '../shared/spread.ts'
import type { CellValue } from '../shared/tariff-code.ts'
import { createAnswerCache } from './answer-cache.ts'
import { askProxy, type AskedQuestion } from './ask-proxy.ts'
import { askingOf, spreadsheetMark } from './connection.ts'
import { errorInCell, readArgument } from './read-argument.ts'
import { spreadsheetLanguage } from './spreadsheet-language.ts'
import { createTrouble } from './trouble.ts'

declare const TARIFFCELL_PROXY_URL: string

/** More than these take longer than a formula may run: the sidebar does them. */
export const CELLS_PER_FORMULA_MAX = 1000
export const QUESTIONS_PER_FORMULA_MAX = 500
/** Still worked on by the proxy when time was up; the next recalculation finds it there. */
export const PENDING = '#PENDING'
// Google stops a formula after 30 s.
const FORMULA_MS = 24_000

/** In a range, where it must not fail its neighbours; alone it is thrown, and Google shows its sentence on hover. */
interface CellError {
  error: string
}
type SheetCell = Cell | CellError

/** @throws {Error} what Google shows as #ERROR!: when the formula comes to one error, or to the same one in each cell. */
export function answerFormula(name: FunctionName, given: readonly unknown[]): Cell | Cell[][] {
  const began = Date.now()
  const spreadsheet = SpreadsheetApp.getActiveSpreadsheet()
  const language = spreadsheetLanguage(spreadsheet)
  const { required, optional, shape } = functionSpec(name)
  const timeZone = (): string => spreadsheet.getSpreadsheetTimeZone()
  const spread = spreadArguments(
    name,
    given.slice(0, required.length + optional.length).map((argument) => readArgument(argument, timeZone)),
    CELLS_PER_FORMULA_MAX,
  )
  if (isFailure(spread)) throw refusal(toSidebar(spread), language)

  const answers = answerCells(name, spread.args, { spreadsheet, language, endsAt: began + FORMULA_MS })
  const cells = gatherOutcomes<SheetCell>(shape, spread, answers.map(toCell), '')
  const common = commonError(cells)
  if (common !== null) throw new Error(common)
  const shown = cells.map((row) => row.map((cell) => (typeof cell === 'object' ? `#${cell.error}` : cell)))
  const [[only = ''] = []] = shown
  return shown.length <= 1 && (shown[0]?.length ?? 0) <= 1 ? only : shown
}

interface Asking {
  spreadsheet: GoogleAppsScript.Spreadsheet.Spreadsheet
  language: Language
  endsAt: number
}

/** @returns an answer for each cell. */
function answerCells(name: FunctionName, cells: readonly CellValue[][], asking: Asking): CellAnswer[] {
  const asked = new Map<string, AskedQuestion>()
  const places = cells.map((args): CellAnswer | string => {
    if (isBlankCell(name, args)) return { value: '' }
    const broken = errorInCell(args)
    if (broken !== null) return brokenInput(broken, asking.language)
    const question = questionKey(name, args)
    asked.set(question, { question, fn: name, args: trimArguments(name, args) })
    return question
  })
  const answers = answerQuestions([...asked.values()], asking)
  return places.map((place) => (typeof place === 'string' ? answers.get(place)! : place))
}

/** @returns an answer for each question. */
function answerQuestions(
  asked: readonly AskedQuestion[],
  { spreadsheet, language, endsAt }: Asking,
): Map<string, CellAnswer> {
  if (asked.length === 0) return new Map()
  const store = CacheService.getDocumentCache()!
  const { connection, answersOf } = askingOf(PropertiesService.getDocumentProperties(), store)
  const scope = [connection?.seat, answersOf, language].join(' ')
  const now = (): number => Date.now()
  const cache = createAnswerCache(store, scope, now)
  const answers = cache.read(asked)
  const open = asked.filter(({ question }) => !answers.has(question))
  const fill = (answer: CellAnswer): Map<string, CellAnswer> => {
    for (const { question } of open) if (!answers.has(question)) answers.set(question, answer)
    return answers
  }
  const fail = (failed: Failure): Map<string, CellAnswer> => fill({ error: printFailure(failed, language) })
  if (open.length === 0) return answers
  if (!connection) return fail(failure('sheet-not-enabled'))
  if (open.length > QUESTIONS_PER_FORMULA_MAX) throw refusal(tooMany(open.length), language)

  const trouble = createTrouble(store, now)
  const resting = trouble.resting()
  if (resting) return fill({ error: resting })
  const { token } = connection
  const mark = spreadsheetMark(spreadsheet)
  const reply = askProxy({ baseUrl: TARIFFCELL_PROXY_URL, token, mark, language, now, endsAt }, open)
  if (reply.isReached) trouble.passed()
  else if (reply.error) trouble.failed(reply.error)
  for (const [question, answer] of reply.answers) answers.set(question, answer)
  if (reply.answers.size > 0) cache.keep(asked, answers)
  for (const question of reply.pending) if (!answers.has(question)) answers.set(question, { value: PENDING })
  return fill(reply.error ? { error: reply.error } : { value: PENDING })
}

/** The cell before this one has not come to a value: its own words go on, so that a chain of formulas shows where it began. */
function brokenInput(shown: string, language: Language): CellAnswer {
  if (shown === PENDING) return { value: PENDING }
  return { error: printFailure(failure('error-in-cell', { value: shown }), language) }
}

function toCell(answer: CellAnswer): Outcome<SheetCell> {
  if ('error' in answer) return { cell: { error: answer.error.message } }
  if ('table' in answer) return { table: answer.table.map((row) => row.map(neutralise)) }
  return { cell: neutralise(answer.value) }
}

/** @returns the one error that every cell came to; null: there is a value among them, or another error. */
function commonError(cells: readonly (readonly SheetCell[])[]): string | null {
  let common: string | null = null
  for (const cell of cells.flat()) {
    if (cell === '') continue
    if (typeof cell !== 'object' || (common !== null && cell.error !== common)) return null
    common = cell.error
  }
  return common
}

function tooMany(count: number): Failure {
  return failure('formula-too-large', { count, max: CELLS_PER_FORMULA_MAX, questions: QUESTIONS_PER_FORMULA_MAX })
}

/** What is too much for a formula is not for the sidebar. */
function toSidebar(failed: Failure): Failure {
  return failed.failed === 'too-many-cells' ? tooMany(Number(failed.details.count)) : failed
}

function refusal(failed: Failure, language: Language): Error {
  return new Error(sentence(failed, language))
}
