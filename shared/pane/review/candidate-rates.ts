/** MFN rates of the codes that a review compares, asked of the tariffs in the house: free, a code once. */
import { QUESTIONS_PER_BATCH_MAX, type AnswerError } from '../../protocol.ts'
import type { Classified } from '../bulk/classified.ts'
import { baseRates } from '../bulk/fetch-details.ts'
import { isRefused, type ProxyApi } from '../proxy-api.ts'
import { comparedCodes, isWaiting } from './queue.ts'

export interface KnownRate {
  /** As a fraction; null where it is no plain percentage. */
  rate: number | null
  /** As the tariff prints it; of a code whose lines differ, each rate and how often; '' where it prints none. */
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
): Promise<{ error: AnswerError } | void> {
  const asked = new Map<string, { country: string; code: string }>()
  for (const row of rows) {
    if (!isWaiting(row)) continue
    for (const code of comparedCodes(row)) {
      const key = rateKey(row.country, code)
      if (!known.has(key)) asked.set(key, { country: row.country, code })
    }
  }
  const codes = [...asked]
  for (let from = 0; from < codes.length; from += QUESTIONS_PER_BATCH_MAX) {
    const batch = codes.slice(from, from + QUESTIONS_PER_BATCH_MAX)
    const reply = await api.answers(
      batch.map(([, { code, country }], at) => ({ id: String(at), ...baseRates(code, country) })),
    )
    if (isRefused(reply)) return reply
    const answers = new Map(reply.answers.map((answer) => [answer.id, answer]))
    batch.forEach(([key], at) => {
      const answer = answers.get(String(at))
      // Asked again next time: it may only have been slow.
      if (!answer || answer.pending) return
      // Treatment, rate as a fraction or '', text, code.
      const [, rate, text] = answer.table?.[0] ?? []
      known.set(key, {
        rate: typeof rate === 'number' ? rate : null,
        text: text === undefined ? '' : String(text),
        edition: answer.source?.edition ?? '',
      })
    })
  }
}
