/**
 * GET /v1/cell?fn=HSCODE&a=…&a=… : one answer as text/plain, for WEBSERVICE and IMPORTDATA, which can send no header.
 * Its token stands in the address (`key=`), so only tokens made for that, of role `cell`, are taken there. Without one, a caller
 * on this machine gets what is free.
 */
import type { Request, Response } from 'express'
import { failure, isFailure, readAt, sentence, type Failure } from '../../shared/error-codes.ts'
import { isFunctionName } from '../../shared/functions.ts'
import type { Language } from '../../shared/language.ts'
import type { Answer, Cell } from '../../shared/protocol.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { answerBatch, type AnswerDeps, type Asker } from '../answer/answer-batch.ts'
import { addressOf, bearerToken, callerOf, type Authenticate } from '../auth/authenticate.ts'
import { languageOf } from '../errors.ts'
import { askerOf } from './answers.ts'
import type { Drain } from './drain.ts'

export interface CellRouteDeps {
  answer: AnswerDeps
  authenticate: Authenticate
  drain: Drain
  /** Whose memory an unnamed caller on this machine reads; null where nobody counts as local. */
  local: { workspaceId: () => Promise<string | null> } | null
}

// Below the 60 s after which WEBSERVICE gives up.
const DEADLINE_MS = 25_000
const FUNCTION_CHARACTERS_SHOWN = 40

export function cellRoute(deps: CellRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    response.type('text/plain')
    response.setHeader('Cache-Control', 'no-store')
    const language = languageOf(request)
    const fn = textOf(request.query.fn)
    const asker = await askerOfCell(deps, request, response)
    if (isFailure(asker)) {
      response.status(asker.failed === 'too-many-requests' ? 429 : 401).send(said(asker, language))
      return
    }
    if (fn === '') return void response.status(422).send(said(failure('no-function'), language))
    if (!isFunctionName(fn.toUpperCase())) {
      const unknown = failure('unknown-function', { value: fn.slice(0, FUNCTION_CHARACTERS_SHOWN) })
      return void response.status(422).send(said(unknown, language))
    }
    const args = [request.query.a ?? []].flat().map(argumentOf)
    const answers: Answer[] = []
    await deps.drain.track(
      answerBatch(deps.answer, asker, [{ id: 'cell', fn, args }], { language, deadlineMs: DEADLINE_MS }, (answer) =>
        answers.push(answer),
      ),
    )
    const [answer] = answers
    const error = answer?.error?.message ?? (answer?.pending ? said(failure('pending'), language) : null)
    // A status other than 200 shows as an error in the cell, which IFERROR sees.
    response.status(error === null ? 200 : 422).send(error ?? printCells(answer))
  }
}

/** Where there is no pane to look into. */
function said(failed: Failure, language: Language): string {
  return sentence(readAt('address', failed), language)
}

/** A table becomes tab-separated lines. */
export function printCells(answer: Answer | undefined): string {
  if (answer?.table) return answer.table.map((row) => row.map(printCell).join('\t')).join('\n')
  return printCell(answer?.value ?? '')
}

function printCell(cell: Cell): string {
  return String(cell).replaceAll(/[\t\r\n]+/g, ' ')
}

// Two decimals at most: 610,910 is not a number of a French sheet but a code with its thousands parted.
const DECIMAL_COMMA = /^(\d{3,4}),(\d{1,2})$/

/**
 * What reads like a number was one in its cell, which the address cannot tell: 8471.3 was typed as 8471.30, and is read as Excel's own
 * 8471.3 is; a French sheet writes 8471,3. A code with a zero at either end is no number and stays as it came.
 */
function argumentOf(value: unknown): CellValue {
  const text = textOf(value)
  const written = text.replace(DECIMAL_COMMA, '$1.$2')
  const number = Number(written)
  return Number.isFinite(number) && String(number) === written ? number : text
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

async function askerOfCell(deps: CellRouteDeps, request: Request, response: Response): Promise<Asker | Failure> {
  const header = bearerToken(request)
  const key = textOf(request.query.key)
  const address = addressOf(request)
  const workspaceId = header === null && key === '' && isLocal(request) ? await deps.local?.workspaceId() : null
  if (workspaceId) {
    const limited = await deps.authenticate.anonymous(address, response)
    return limited ?? { workspaceId, seatId: 'local', dailyCapPoints: 0, maySpend: false }
  }
  const seat = await deps.authenticate.seatOf(header ?? (key === '' ? null : key), callerOf(request), response)
  if (isFailure(seat)) return seat
  return header === null && seat.role !== 'cell' ? failure('token-in-address') : askerOf(seat)
}

const FORWARDING_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

/** From this machine, by a loopback name: a page elsewhere that points its own name here is not, nor is what another server forwards. */
export function isLocal(request: Request): boolean {
  const address = request.socket.remoteAddress ?? ''
  const loopback = address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.')
  const forwarded = FORWARDING_HEADERS.some((name) => request.headers[name] !== undefined)
  return loopback && !forwarded && /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(request.headers.host ?? '')
}
