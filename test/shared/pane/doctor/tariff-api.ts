/** A proxy that knows a handful of codes, and answers HSFIX and HSCHECK about them as the real one does. */
import { failure, isFailure } from '../../../../shared/error-codes.ts'
import type { ProxyApi } from '../../../../shared/pane/proxy-api.ts'
import { printFailure } from '../../../../shared/print-failure.ts'
import type { Question } from '../../../../shared/protocol.ts'
import { parseTariffCode } from '../../../../shared/tariff-code.ts'

export interface TariffApi extends Pick<ProxyApi, 'answers'> {
  /** Questions of each call. */
  readonly batches: Question[][]
  /** Answers every call from now on with this error. */
  refuse: (code: string | null) => void
}

export function createTariffApi(codes: Record<string, readonly string[]>): TariffApi {
  const batches: Question[][] = []
  let refusal: string | null = null
  const knows = (country: string, digits: string): boolean => codes[country]?.includes(digits) ?? false

  function answer({ id, fn, args }: Question) {
    const [value = null, country] = args
    const land = String(country)
    const reading = parseTariffCode(value, land)
    if (isFailure(reading)) return { id, points: 0, error: printFailure(reading, 'en') }
    const source = { provider: 'embedded', edition: `T1 (${land})`, cached: false, at: '2026-11-29T00:00:00Z' }
    const { digits } = reading
    if (fn === 'HSFIX') {
      return knows(land, digits)
        ? { id, points: 0, value: digits, source }
        : {
            id,
            points: 0,
            error: printFailure(
              failure('code-not-found', { code: digits, country: land, edition: 'T1', nearest: '' }),
              'en',
            ),
          }
    }
    const isElsewhere = Object.keys(codes).some((other) => digits.length > 6 && knows(other, digits))
    const status = knows(land, digits)
      ? digits.length < 6
        ? 'SHORT'
        : 'OK'
      : isElsewhere
        ? 'WRONG-COUNTRY'
        : 'NOT-FOUND'
    return { id, points: 0, value: status, source }
  }

  return {
    batches,
    refuse: (code) => (refusal = code),
    async answers(questions) {
      batches.push(questions)
      if (refusal !== null) return { error: { code: refusal, message: 'no', retryable: true } }
      return { answers: questions.map(answer), points: { balance: 10, held: 0 } }
    },
  }
}
