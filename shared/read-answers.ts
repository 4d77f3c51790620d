/** The body of POST /v1/answers that came in one piece. A bad answer in it spoils that one only. */
import * as z from 'zod/mini'
import { parseJson } from './parse-json.ts'
import { answer, answersReply, type Answer, type PointsSummary } from './protocol.ts'

export interface ReadAnswers {
  answers: Answer[]
  /** null: the reply does not say. */
  points: PointsSummary | null
  /** Whether each of them was an answer. */
  isWhole: boolean
}

/** @returns null when it is no such body. */
export function readAnswers(text: string): ReadAnswers | null {
  const json = parseJson(text)
  const envelope = z.safeParse(z.object({ answers: z.array(z.unknown()) }), json)
  if (!envelope.success) return null
  const answers: Answer[] = []
  for (const one of envelope.data.answers) {
    const parsed = z.safeParse(answer, one)
    if (parsed.success) answers.push(parsed.data)
  }
  const points = z.safeParse(z.pick(answersReply, { points: true }), json)
  return {
    answers,
    points: points.success ? points.data.points : null,
    isWhole: answers.length === envelope.data.answers.length,
  }
}
