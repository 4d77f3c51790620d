/** ③ One batch over HTTP. Answers are handed on as each line arrives; whatever goes wrong on the way is the reply, never a throw. */
import * as z from 'zod/mini'
import { failure } from '../shared/error-codes.ts'
import type { Language } from '../shared/language.ts'
import { answer, answersDone, type Answer, type PointsSummary } from '../shared/protocol.ts'
import { connectionError, refusalOf, withTimeout, type Fetch } from '../shared/call-proxy.ts'
import type { Clock } from '../shared/clock.ts'
import { parseJson } from '../shared/parse-json.ts'
import { printFailure } from '../shared/print-failure.ts'
import { readAnswers } from '../shared/read-answers.ts'
import { retryAfterMs } from '../shared/refusal.ts'
import type { Reply, Send } from './send-batch.ts'

export interface ProxyClientDeps {
  /** Without a slash at the end. */
  baseUrl: () => string
  /** null: not connected, and nothing is sent. */
  token: () => string | null
  fetch: Fetch
  clock: Clock
  language: () => Language
  /** What is left, after each reply that says so. */
  onPoints?: (points: PointsSummary) => void
}

/** Safari on the Mac cuts a request after 60 s. */
export const REQUEST_TIMEOUT_MS = 45_000
// Unfinished questions then come back `pending`, in time to be asked again before the timeout.
const DEADLINE_MS = 40_000

export function createProxyClient(deps: ProxyClientDeps): Send {
  const { clock } = deps
  return async (request, onAnswer) => {
    const token = deps.token()
    const language = deps.language()
    if (token === null) {
      return { status: 401, error: printFailure(failure('not-connected'), language), retryAfterMs: null }
    }
    try {
      return await withTimeout(clock, REQUEST_TIMEOUT_MS, async (signal) => {
        const response = await deps.fetch(`${deps.baseUrl()}/v1/answers`, {
          method: 'POST',
          headers: {
            Authorization: `Bearer ${token}`,
            'Content-Type': 'application/json',
            Accept: 'application/x-ndjson',
          },
          body: JSON.stringify({ ...request, lang: language, deadlineMs: DEADLINE_MS }),
          signal,
        })
        if (!response.ok) {
          const error = await refusalOf(response, language, clock.now())
          return {
            status: response.status,
            error,
            retryAfterMs: retryAfterMs(response.headers.get('Retry-After'), clock.now()),
          }
        }
        return await readReply(response, language, { onAnswer, onPoints: deps.onPoints ?? (() => undefined) })
      })
    } catch (error) {
      return { status: 0, error: connectionError(error, language), retryAfterMs: null }
    }
  }
}

interface ReplyHandlers {
  onAnswer: (answer: Answer) => void
  onPoints: (points: PointsSummary) => void
}

async function readReply(response: Response, language: Language, handlers: ReplyHandlers): Promise<Reply> {
  const isLines = response.headers.get('Content-Type')?.includes('ndjson') ?? false
  const read = isLines ? await readLines(response, handlers) : readWhole(await response.text(), handlers)
  switch (read) {
    case 'complete':
      return { status: 200, error: printFailure(failure('no-answer-came'), language), retryAfterMs: null }
    case 'unreadable':
      return { status: 200, error: printFailure(failure('bad-reply'), language), retryAfterMs: null }
    case 'broken-off':
      return { status: 0, error: printFailure(failure('proxy-unreachable'), language), retryAfterMs: null }
  }
}

/** `unreadable`: something in it was no answer; `broken-off`: all of it was, but the last line is missing. */
type Read = 'complete' | 'unreadable' | 'broken-off'

async function readLines(response: Response, handlers: ReplyHandlers): Promise<Read> {
  let isDone = false
  let isUnreadable = false
  const readLine = (line: string): void => {
    if (line.trim() === '') return
    const json = parseJson(line)
    const done = z.safeParse(answersDone, json)
    const parsed = z.safeParse(answer, json)
    if (done.success) {
      isDone = true
      handlers.onPoints(done.data.points)
    } else if (parsed.success) handlers.onAnswer(parsed.data)
    else isUnreadable = true
  }
  const rest = await eachLine(response, readLine)
  // Half a line at the end is a connection that broke, not a proxy that cannot write.
  if (parseJson(rest) !== undefined) readLine(rest)
  if (isUnreadable) return 'unreadable'
  return isDone ? 'complete' : 'broken-off'
}

/** @returns what stands after the last end of line. */
async function eachLine(response: Response, readLine: (line: string) => void): Promise<string> {
  let rest = ''
  const read = (text: string): void => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) readLine(line)
  }
  if (!response.body) {
    read(await response.text())
    return rest
  }
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    const { done, value } = await reader.read()
    read(decoder.decode(value, { stream: !done }))
    if (done) return rest
  }
}

function readWhole(text: string, handlers: ReplyHandlers): Read {
  const read = readAnswers(text)
  if (!read) return 'unreadable'
  for (const one of read.answers) handlers.onAnswer(one)
  if (read.points) handlers.onPoints(read.points)
  return read.isWhole ? 'complete' : 'unreadable'
}
