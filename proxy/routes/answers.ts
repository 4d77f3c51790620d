/** ④ POST /v1/answers: a batch of cells in, one answer each out, as JSON or as NDJSON lines in the order they become known. */
import type { Request, Response } from 'express'
import * as z from 'zod/mini'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { answersRequest, type AnswersRequest, type Question } from '../../shared/protocol.ts'
import { printBatch, type AnswerDeps, type Asker } from '../answer/answer-batch.ts'
import { jsonOf } from '../answer/print-answer.ts'
import { callerOf, bearerToken, type Authenticate } from '../auth/authenticate.ts'
import type { Seat } from '../auth/seats.ts'
import { languageOf, sendFailure } from '../errors.ts'
import { firstIssue } from './bad-request.ts'
import type { Drain } from './drain.ts'
import { createSummarisePoints, type SummarisePoints } from './points-summary.ts'
import { readJson } from './read-json.ts'

export interface AnswersRouteDeps {
  answer: AnswerDeps
  authenticate: Authenticate
  drain: Drain
  onBatch?: (questions: number) => void
}

export function answersRoute({ answer, authenticate, drain, onBatch }: AnswersRouteDeps) {
  const summarise = createSummarisePoints(answer.ledger)
  return async (request: Request, response: Response): Promise<void> => {
    const read = await readJson(request)
    const body = isFailure(read) ? read : checkBatch(read.json)
    const token = bearerToken(request) ?? (isFailure(body) ? null : (body.token ?? null))
    const seat = await authenticate.seatOf(token, callerOf(request), response)
    const failed = isFailure(seat) ? seat : isFailure(body) ? body : null
    if (failed || isFailure(seat) || isFailure(body)) {
      sendFailure(response, failed ?? failure('bug'), languageOf(request))
      return
    }
    onBatch?.(body.questions.length)
    const answerAs = request.headers.accept?.includes('application/x-ndjson') ? answerLines : answerJson
    await drain.track(answerAs({ answer, summarise }, askerOf(seat), body, body.lang ?? languageOf(request), response))
  }
}

export function askerOf(seat: Seat): Asker {
  return { workspaceId: seat.workspaceId, seatId: seat.id, dailyCapPoints: seat.dailyCapPoints, maySpend: true }
}

type Language = ReturnType<typeof languageOf>

interface Answering {
  answer: AnswerDeps
  summarise: SummarisePoints
}

async function answerJson(
  { answer, summarise }: Answering,
  asker: Asker,
  body: AnswersRequest,
  language: Language,
  response: Response,
): Promise<void> {
  const ids: string[] = []
  const answers: string[] = []
  const { spent } = await printBatch(
    answer,
    asker,
    body.questions,
    { language, deadlineMs: body.deadlineMs ?? null, requestId: body.requestId },
    (id, printed) => {
      ids.push(id)
      answers.push(jsonOf(id, printed))
    },
  )
  const points = JSON.stringify(await summarise(asker.workspaceId, spent))
  const requestId = body.requestId === undefined ? '' : `"requestId":${JSON.stringify(body.requestId)},`
  const reply = `{${requestId}"answers":[${inOrder(body.questions, ids, answers).join(',')}],"points":${points}}`
  // Not response.json(): it asks for settings, charset and freshness first.
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(reply),
  })
  response.end(reply)
}

/** Answers come as they are known; where memory held all of them they are in order already. */
function inOrder(questions: readonly Question[], ids: readonly string[], answers: string[]): string[] {
  if (questions.every(({ id }, at) => ids[at] === id)) return answers
  const byId = new Map(ids.map((id, at) => [id, answers[at]!]))
  return questions.map(({ id }) => byId.get(id)!)
}

async function answerLines(
  { answer, summarise }: Answering,
  asker: Asker,
  body: AnswersRequest,
  language: Language,
  response: Response,
): Promise<void> {
  response.status(200).type('application/x-ndjson')
  response.setHeader('Cache-Control', 'no-store')
  // Answers known in the same turn leave in one write; 200 cached cells are not 200 packets.
  let lines = ''
  let flush: ReturnType<typeof setImmediate> | null = null
  const write = (): void => {
    flush = null
    if (lines !== '' && !response.destroyed) response.write(lines)
    lines = ''
  }
  const { spent } = await printBatch(
    answer,
    asker,
    body.questions,
    { language, deadlineMs: body.deadlineMs ?? null, requestId: body.requestId },
    (id, printed) => {
      lines += `${jsonOf(id, printed)}\n`
      flush ??= setImmediate(write)
    },
  )
  if (flush) clearImmediate(flush)
  lines += `${JSON.stringify({ done: true, points: await summarise(asker.workspaceId, spent) })}\n`
  // A client that went away loses nothing: what was paid for is remembered.
  if (!response.destroyed) response.end(lines)
}

/** Of any content type: Excel's JavaScript-only runtime sends its JSON as text/plain. */
function checkBatch(body: unknown): AnswersRequest | Failure {
  const parsed = z.safeParse(answersRequest, body)
  if (!parsed.success) return failure('bad-batch', { detail: firstIssue(parsed.error, body) })
  const ids = new Set(parsed.data.questions.map((question) => question.id))
  if (ids.size !== parsed.data.questions.length)
    return failure('bad-batch', { detail: 'two questions have the same id' })
  return parsed.data
}
