/** ④ POST /v1/answers: a batch of cells in, one answer each out, as JSON or as NDJSON lines in the order they become known. */
import type { Request, Response } from 'express'
import * as z from 'zod/mini'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { answersRequest, type Answer, type AnswersRequest } from '../../shared/protocol.ts'
import { answerBatch, type AnswerDeps, type Asker } from '../answer/answer-batch.ts'
import { addressOf, bearerToken, type Authenticate } from '../auth/authenticate.ts'
import type { Seat } from '../auth/seats.ts'
import { languageOf, sendFailure } from '../errors.ts'
import type { Drain } from './drain.ts'

export interface AnswersRouteDeps {
  answer: AnswerDeps
  authenticate: Authenticate
  drain: Drain
  onBatch?: (questions: number) => void
}

export function answersRoute({ answer, authenticate, drain, onBatch }: AnswersRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = readBody(request.body)
    const token = bearerToken(request) ?? (isFailure(body) ? null : (body.token ?? null))
    const seat = await authenticate.seatOf(token, addressOf(request), response)
    const failed = isFailure(seat) ? seat : isFailure(body) ? body : null
    if (failed || isFailure(seat) || isFailure(body)) {
      sendFailure(response, failed ?? failure('bug'), languageOf(request))
      return
    }
    onBatch?.(body.questions.length)
    await drain.track(
      request.accepts(['application/json', 'application/x-ndjson']) === 'application/x-ndjson'
        ? answerLines(answer, askerOf(seat), body, languageOf(request), response)
        : answerJson(answer, askerOf(seat), body, languageOf(request), response),
    )
  }
}

export function askerOf(seat: Seat): Asker {
  return { workspaceId: seat.workspaceId, seatId: seat.id, dailyCapPoints: seat.dailyCapPoints, maySpend: true }
}

type Language = ReturnType<typeof languageOf>

async function answerJson(
  deps: AnswerDeps,
  asker: Asker,
  body: AnswersRequest,
  language: Language,
  response: Response,
): Promise<void> {
  const byId = new Map<string, Answer>()
  const { spent } = await answerBatch(deps, asker, body.questions, batchOptions(body, language), (answer) =>
    byId.set(answer.id, answer),
  )
  response.json({
    ...(body.requestId === undefined ? {} : { requestId: body.requestId }),
    answers: body.questions.map((question) => byId.get(question.id)),
    points: await pointsSummary(deps, asker, spent),
  })
}

async function answerLines(
  deps: AnswerDeps,
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
  const { spent } = await answerBatch(deps, asker, body.questions, batchOptions(body, language), (answer) => {
    lines += `${JSON.stringify(answer)}\n`
    flush ??= setImmediate(write)
  })
  if (flush) clearImmediate(flush)
  lines += `${JSON.stringify({ done: true, points: await pointsSummary(deps, asker, spent) })}\n`
  // A client that went away loses nothing: what was paid for is remembered.
  if (!response.destroyed) response.end(lines)
}

function batchOptions(body: AnswersRequest, language: Language) {
  return { language: body.lang ?? language, deadlineMs: body.deadlineMs ?? null }
}

async function pointsSummary(deps: AnswerDeps, asker: Asker, spent: number) {
  const { spendable, held } = await deps.ledger.balance(asker.workspaceId)
  return { balance: spendable, held, spent }
}

/** Express has parsed application/json; a text/plain body is JSON all the same (Excel's JavaScript-only runtime). */
function readBody(raw: unknown): AnswersRequest | Failure {
  let body = raw
  if (typeof raw === 'string') {
    try {
      body = JSON.parse(raw)
    } catch {
      return failure('bad-batch', { detail: 'the body is not JSON' })
    }
  }
  const parsed = z.safeParse(answersRequest, body)
  if (!parsed.success) return failure('bad-batch', { detail: firstIssue(parsed.error) })
  const ids = new Set(parsed.data.questions.map((question) => question.id))
  if (ids.size !== parsed.data.questions.length)
    return failure('bad-batch', { detail: 'two questions have the same id' })
  return parsed.data
}

/** Where and what, in one line; never the value, which is a cell's text. */
export function firstIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0]
  if (!issue) return 'not as documented in /openapi.json'
  const where = issue.path.length === 0 ? 'the body' : issue.path.join('.')
  const keys = issue.code === 'unrecognized_keys' ? ` (${issue.keys.join(', ').slice(0, 80)})` : ''
  return `${where}: ${issue.code.replaceAll('_', ' ')}${keys}`
}
