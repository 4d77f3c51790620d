/** From rows to what is asked: equal questions are one, blanks ask nothing, questions stand in chunks. */
import { createHash } from 'node:crypto'
import { questionKey } from '../../shared/answer-key.ts'
import { BLANK, type Ask } from '../../shared/ask.ts'
import { isFailure } from '../../shared/error-codes.ts'
import type { JobQuestion } from '../../shared/jobs-protocol.ts'
import { printOptions } from '../../shared/options.ts'
import { QUESTIONS_PER_BATCH_MAX } from '../../shared/protocol.ts'
import { breathe, ROWS_PER_SLICE } from './breathe.ts'
import { readJobAsk } from './read-questions.ts'

export interface PlannedQuestion {
  fn: string
  args: JobQuestion['args']
  firstRow: number
  rows: number
}

export interface JobPlan {
  /** In the rows' order; the place of a row's question among the questions, null for a blank row. */
  rows: { id: string; question: number | null }[]
  questions: PlannedQuestion[]
  blanks: number
}

/** One provider call's worth. */
export const QUESTIONS_PER_CHUNK_MAX = QUESTIONS_PER_BATCH_MAX

export async function planJob(given: readonly JobQuestion[]): Promise<JobPlan> {
  const plan: JobPlan = { rows: [], questions: [], blanks: 0 }
  const places = new Map<string, number>()
  for (const [at, { id, fn, args }] of given.entries()) {
    if (at % ROWS_PER_SLICE === ROWS_PER_SLICE - 1) await breathe()
    const ask = readJobAsk({ fn, args })
    if (ask === BLANK) {
      plan.blanks++
      plan.rows.push({ id, question: null })
      continue
    }
    // What cannot be asked is a question too: its answer is the failure.
    const key = isFailure(ask) ? `bad ${questionKey(fn, args)}` : askKey(ask)
    let place = places.get(key)
    if (place === undefined) {
      place = plan.questions.length
      places.set(key, place)
      plan.questions.push({ fn, args, firstRow: at, rows: 0 })
    }
    plan.questions[place]!.rows++
    plan.rows.push({ id, question: place })
  }
  return plan
}

/** The same question, however it was typed. */
export function askKey(ask: Ask): string {
  const { options, ...rest } = ask
  return `${printOptions(options)} ${JSON.stringify(rest)}`
}

export function chunkOf(question: number): number {
  return Math.floor(question / QUESTIONS_PER_CHUNK_MAX)
}

/** Tells whether a request is the one that came before under its id. */
export async function hashRequest(request: {
  name: string
  language: string | null
  questions: readonly JobQuestion[]
}): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([request.name, request.language]))
  for (const [at, { id, fn, args }] of request.questions.entries()) {
    if (at % ROWS_PER_SLICE === ROWS_PER_SLICE - 1) await breathe()
    hash.update(JSON.stringify([id, fn, args]))
  }
  return hash.digest('base64url')
}
