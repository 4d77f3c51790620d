/** A batcher over a scripted wire and a clock turned by hand. */
import { createBatcher, type Batcher } from '../../excel-addin/batcher.ts'
import type { CellAnswer } from '../../shared/cell-answer.ts'
import type { Reply, Request } from '../../excel-addin/send-batch.ts'
import type { Answer, AnswerError } from '../../shared/protocol.ts'
import { codeFor } from './fake-proxy.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'

export type Script = (
  request: Request,
  onAnswer: (answer: Answer) => void,
  /** Counted from 1. */
  call: number,
) => Promise<Reply> | Reply

export interface OpenedBatcher {
  batcher: Batcher
  clock: FakeClock
  requests: Request[]
  /** When each request was sent. */
  sentAt: number[]
  banners: AnswerError[]
  /** Asks HSCODE of a text. */
  ask: (text: string) => Promise<CellAnswer>
}

export function error(code: string): AnswerError {
  return { code, message: `${code} as it came`, retryable: true }
}

export function reply(status: number, code = 'TC-523', retryAfterMs: number | null = null): Reply {
  return { status, error: error(code), retryAfterMs }
}

export const valueOf = (text: string): CellAnswer => ({ value: codeFor(text) })

export const answerEach: Script = ({ questions }, onAnswer) => {
  for (const { id, args } of questions) onAnswer({ id, points: 0, value: codeFor(args[0]) })
  return reply(200)
}

export const neverEnds: Script = () => new Promise(() => undefined)

export function openBatcher(script: Script = answerEach, random = () => 0.5): OpenedBatcher {
  const clock = createFakeClock()
  const requests: Request[] = []
  const sentAt: number[] = []
  const banners: AnswerError[] = []
  const batcher = createBatcher({
    clock,
    random,
    language: () => 'en',
    newRequestId: () => `batch-${requests.length + 1}`,
    onStopped: (error) => banners.push(error),
    async send(request, onAnswer) {
      requests.push(request)
      sentAt.push(clock.now())
      return await script(request, onAnswer, requests.length)
    },
  })
  return { batcher, clock, requests, sentAt, banners, ask: (text) => batcher.ask('HSCODE', [text]).answer }
}

/** The code of the error a cell came to, or its value. */
export async function outcome(answer: Promise<CellAnswer>): Promise<unknown> {
  const settled = await answer
  return 'error' in settled ? settled.error.code : 'value' in settled ? settled.value : settled.table
}

export function range(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, at) => `product ${from + at}`)
}
