/** MFN rates of the codes that a review compares, asked of the tariffs in the house: free, a code once. */
import { QUESTIONS_PER_BATCH_MAX, type AnswerError, type Question } from '../../protocol.ts'
import type { Classified } from '../bulk/classified.ts'
import { isRefused, type ProxyApi } from '../proxy-api.ts'
import { comparedCodes, isWaiting } from './queue.ts'

export interface KnownRate {
  /** As a fraction; null where it is no plain percentage. */
  rate: number | null
  /** As the tariff prints it; '' where it prints none. */
  text: string
  edition: string
}

export function rateKey(country: string, code: string): string {
  return `${country} ${code}`
}

/** @returns a refusal of the proxy; what came before it is in `known`. */
export async function learnCandidateRates(
  api: Pick<ProxyApi, 'answers'>,
  rows: readonly Classified[],
  known: Map<string, KnownRate>,
): Promise<{ error: AnswerError } | null> {
  const asked = new Map<string, { country: string; code: string }>()
  for (const row of rows) {
    if (!isWaiting(row)) continue
    for (const code of comparedCodes(row)) {
      const key = rateKey(row.country, code)
      if (!known.has(key)) asked.set(key, { country: row.country, code })
    }
  }
  const codes = [...asked]
  const perBatch = QUESTIONS_PER_BATCH_MAX / 2
  for (let from = 0; from < codes.length; from += perBatch) {
    const batch = codes.slice(from, from + perBatch)
    const reply = await api.answers(batch.flatMap(([, of], at) => questionsOf(of, at)))
    if (isRefused(reply)) return reply
    const answers = new Map(reply.answers.map((answer) => [answer.id, answer]))
    batch.forEach(([key], at) => {
      const rate = answers.get(`r${at}`)
      const text = answers.get(`t${at}`)
      // Asked again next time: it may only have been slow.
      if (!rate || !text || rate.pending || text.pending) return
      known.set(key, {
        rate: typeof rate.value === 'number' ? rate.value : null,
        text: text.value === undefined ? '' : String(text.value),
        edition: text.source?.edition ?? rate.source?.edition ?? '',
      })
    })
  }
  return null
}

function questionsOf({ country, code }: { country: string; code: string }, at: number): Question[] {
  const args = [code, country, '', 'provider=embedded']
  return [
    { id: `r${at}`, fn: 'HSRATE', args },
    { id: `t${at}`, fn: 'HSRATETEXT', args },
  ]
}
