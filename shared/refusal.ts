/** What a proxy's refusal says, from the parts of a reply that every host can read. */
import * as z from 'zod/mini'
import { failure, type Failure } from './error-codes.ts'
import type { Language } from './language.ts'
import { parseJson } from './parse-json.ts'
import { printFailure } from './print-failure.ts'
import { errorReply, type AnswerError } from './protocol.ts'

export interface RefusedReply {
  status: number
  text: string
  /** The header Retry-After. */
  retryAfter: string | null
}

/** The proxy's own words for a refusal; ours where something between us and it spoke instead. */
export function readRefusal(reply: RefusedReply, language: Language, now: number): AnswerError {
  const parsed = z.safeParse(errorReply, parseJson(reply.text))
  return parsed.success ? parsed.data.error : printFailure(failureOfStatus(reply, now), language)
}

function failureOfStatus({ status, retryAfter }: RefusedReply, now: number): Failure {
  switch (status) {
    case 401:
      return failure('not-connected')
    case 402:
      return failure('no-points')
    case 403:
      return failure('not-allowed')
    case 408:
    case 504:
      return failure('proxy-timeout')
    case 413:
      return failure('too-large', { max: '1 MB' })
    case 425:
    case 429:
      return failure('too-many-requests', { seconds: Math.ceil((retryAfterMs(retryAfter, now) ?? 60_000) / 1000) })
    default:
      return failure(status >= 500 ? 'proxy-unreachable' : 'bad-reply')
  }
}

/** @param header Retry-After, in seconds or as a date. */
export function retryAfterMs(header: string | null, now: number): number | null {
  const text = header?.trim()
  if (!text) return null
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}
