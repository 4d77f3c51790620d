/** HSFIX and HSCHECK of the tariff in the house: free, each different question once, as many in a request as the proxy takes. */
import type { Country } from '../../country.ts'
import { failure } from '../../error-codes.ts'
import { printFailure } from '../../print-failure.ts'
import { QUESTIONS_PER_BATCH_MAX, type Answer, type AnswerError } from '../../protocol.ts'
import type { CellValue } from '../../tariff-code.ts'
import type { Language } from '../../language.ts'
import { isRefused, type ProxyApi, type Reply } from '../proxy-api.ts'

export interface TariffQuestion {
  fn: 'HSFIX' | 'HSCHECK'
  value: CellValue
  country: Country
}

export type TariffAnswer = { value: string; edition: string } | { error: AnswerError }

export interface AskTariffDeps {
  api: Pick<ProxyApi, 'answers'>
  language: () => Language
  signal: AbortSignal
  onAsked: (questions: number) => void
}

// Whatever else a workspace is connected to: this is about the published tariff, and costs nothing.
const OPTIONS = 'provider=embedded'
// An answer from the house is there at once; one that is late was held up by others.
const TRIES_MAX = 3
/** Failures that say something of the value. Any other one says that nothing is known of it. */
const OF_THE_VALUE = /^TC-(?:12\d|210)$/

/** @returns an answer for each question, in order; the first failure that is not about a value stands for all. */
export async function askTariff(
  deps: AskTariffDeps,
  questions: readonly TariffQuestion[],
): Promise<Reply<TariffAnswer[]>> {
  const answers = new Map<string, TariffAnswer>()
  let open = [...new Map(questions.map((question) => [keyOf(question), question])).values()]
  for (let tries = 0; open.length > 0; tries++) {
    if (tries === TRIES_MAX) return { error: printFailure(failure('proxy-timeout'), deps.language()) }
    const late: TariffQuestion[] = []
    for (let from = 0; from < open.length; from += QUESTIONS_PER_BATCH_MAX) {
      deps.signal.throwIfAborted()
      const some = open.slice(from, from + QUESTIONS_PER_BATCH_MAX)
      const refused = await askSome(deps, some, answers, late)
      if (refused) return refused
    }
    open = late
  }
  return questions.map((question) => answers.get(keyOf(question))!)
}

async function askSome(
  { api, onAsked }: AskTariffDeps,
  questions: readonly TariffQuestion[],
  answers: Map<string, TariffAnswer>,
  late: TariffQuestion[],
): Promise<{ error: AnswerError } | null> {
  const reply = await api.answers(questions.map((question, at) => ({ id: String(at), ...toWire(question) })))
  if (isRefused(reply)) return reply
  const byId = new Map(reply.answers.map((answer) => [answer.id, answer]))
  let asked = 0
  for (const [at, question] of questions.entries()) {
    const answer = byId.get(String(at))
    if (answer?.error && !OF_THE_VALUE.test(answer.error.code)) return { error: answer.error }
    const read = answer && readAnswer(answer)
    if (!read) {
      late.push(question)
      continue
    }
    answers.set(keyOf(question), read)
    asked++
  }
  onAsked(asked)
  return null
}

function toWire({ fn, value, country }: TariffQuestion): { fn: string; args: CellValue[] } {
  return { fn, args: fn === 'HSFIX' ? [value, country, OPTIONS] : [value, country, null, OPTIONS] }
}

function readAnswer({ value, error, source }: Answer): TariffAnswer | null {
  if (error) return { error }
  return value === undefined ? null : { value: String(value), edition: source?.edition ?? '' }
}

function keyOf({ fn, value, country }: TariffQuestion): string {
  return `${fn} ${country} ${typeof value} ${String(value)}`
}
