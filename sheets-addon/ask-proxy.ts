/// <reference types="google-apps-script" />
/**
 * Questions to the proxy and back, within what one execution of a formula has: 30 s, after which Google shows an error and all is
 * lost. Requests go side by side; what the proxy has not finished comes back as pending, goes on there, and is paid for once.
 */
import { answerOf, type CellAnswer } from '../shared/cell-answer.ts'
import { failure } from '../shared/error-codes.ts'
import type { FunctionName } from '../shared/functions.ts'
import type { Language } from '../shared/language.ts'
import { printFailure } from '../shared/print-failure.ts'
import type { AnswerError } from '../shared/protocol.ts'
import { readAnswers } from '../shared/read-answers.ts'
import { readRefusal } from '../shared/refusal.ts'
import type { CellValue } from '../shared/tariff-code.ts'
import { digest } from './digest.ts'
import { failureOfFetch, headerOf } from './url-fetch.ts'

export interface AskedQuestion {
  /** As of `questionKey`. */
  question: string
  fn: FunctionName
  args: CellValue[]
}

export interface AskProxyDeps {
  baseUrl: string
  token: string
  /** See `spreadsheetMark`. */
  mark: string
  language: Language
  now: () => number
  /** Milliseconds since 1970 by which this must be done. */
  endsAt: number
}

export interface ProxyAnswers {
  answers: Map<string, CellAnswer>
  /** Questions that the proxy goes on with. */
  pending: ReadonlySet<string>
  /** Why the others have none. */
  error: AnswerError | null
  /** Whether the proxy spoke at all. */
  isReached: boolean
}

/** While they are asked. */
interface Asked extends ProxyAnswers {
  pending: Set<string>
}

export const QUESTIONS_PER_REQUEST_MAX = 100
// Between the proxy's deadline and ours: the way back, and putting the answers in shape.
const WAY_BACK_MS = 3000
// Less is not worth a request.
const ROUND_MS_MIN = 4000
const ROUND_PAUSE_MS = 700
// Each try of each formula is one of the day's requests.
const FAILURES_MAX = 2
const STOPPING_STATUS: ReadonlySet<number> = new Set([400, 401, 402, 403, 413])

export function askProxy(deps: AskProxyDeps, asked: readonly AskedQuestion[]): ProxyAnswers {
  const answers = new Map<string, CellAnswer>()
  const pending = new Set<string>()
  const result: Asked = { answers, pending, error: null, isReached: false }
  for (let round = 0, failures = 0; ; round++) {
    const open = asked.filter(({ question }) => !answers.has(question))
    const leftMs = deps.endsAt - deps.now()
    if (open.length === 0) return result
    if (leftMs < WAY_BACK_MS + ROUND_MS_MIN) {
      if (round === 0) result.error = printFailure(failure('proxy-timeout'), deps.language)
      return result
    }
    if (!askOnce(deps, open, leftMs - WAY_BACK_MS, result)) return result
    if (result.error && ++failures >= FAILURES_MAX) return result
    Utilities.sleep(ROUND_PAUSE_MS * Math.min(4, round + 1))
  }
}

/** @returns whether asking the open ones again may help. */
function askOnce(deps: AskProxyDeps, open: readonly AskedQuestion[], deadlineMs: number, result: Asked): boolean {
  const batches = chunk(open, QUESTIONS_PER_REQUEST_MAX)
  let responses: GoogleAppsScript.URL_Fetch.HTTPResponse[]
  try {
    responses = UrlFetchApp.fetchAll(batches.map((batch) => requestOf(deps, batch, deadlineMs)))
  } catch (error) {
    // One that cannot be sent fails all of them.
    const failed = failureOfFetch(error)
    result.error = printFailure(failed, deps.language)
    return failed.failed !== 'sheets-quota'
  }
  result.error = null
  let isWorthwhile = false
  for (const [at, response] of responses.entries()) {
    const status = response.getResponseCode()
    if (status === 200) {
      result.isReached = true
      isWorthwhile = takeAnswers(response.getContentText(), batches[at]!, deps.language, result) || isWorthwhile
      continue
    }
    const refused = { status, text: response.getContentText(), retryAfter: headerOf(response, 'Retry-After') }
    result.error = readRefusal(refused, deps.language, deps.now())
    if (status < 500) result.isReached = true
    if (!STOPPING_STATUS.has(status)) isWorthwhile = true
  }
  return isWorthwhile
}

/** @returns whether some of the batch are still worked on. */
function takeAnswers(text: string, batch: readonly AskedQuestion[], language: Language, result: Asked): boolean {
  const read = readAnswers(text)
  if (!read) {
    result.error = printFailure(failure('bad-reply'), language)
    return false
  }
  for (const answer of read.answers) {
    const asked = batch[Number(answer.id)]
    const given = answerOf(answer)
    if (asked && given) result.answers.set(asked.question, given)
    else if (asked && answer.pending) result.pending.add(asked.question)
  }
  const isPending = ({ question }: AskedQuestion): boolean =>
    !result.answers.has(question) && result.pending.has(question)
  const isMissing = ({ question }: AskedQuestion): boolean =>
    !result.answers.has(question) && !result.pending.has(question)
  if (batch.some(isMissing)) result.error = printFailure(failure('no-answer-came'), language)
  return batch.some(isPending)
}

function requestOf(
  { baseUrl, token, mark, language, now }: AskProxyDeps,
  batch: readonly AskedQuestion[],
  deadlineMs: number,
): GoogleAppsScript.URL_Fetch.URLFetchRequest {
  const day = new Date(now()).toISOString().slice(0, 10)
  return {
    url: `${baseUrl}/v1/answers`,
    method: 'post',
    contentType: 'application/json',
    headers: { Authorization: `Bearer ${token}`, 'Tariffcell-Spreadsheet': mark },
    payload: JSON.stringify({
      // One for a spreadsheet and a day, whatever stands in it: a fresh answer is bought once a day, however often Google recalculates
      // and whichever rows came in meanwhile.
      requestId: digest(`${mark}\n${day}`),
      questions: batch.map(({ fn, args }, at) => ({ id: String(at), fn, args })),
      deadlineMs: Math.floor(deadlineMs),
      lang: language,
    }),
    muteHttpExceptions: true,
    followRedirects: false,
  }
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = []
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size))
  return chunks
}
