/** Whatever people type and cancel, and whatever the proxy does meanwhile. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WATCHDOG_MS, type Asked } from '../../excel-addin/batcher.ts'
import type { CellAnswer } from '../../shared/cell-answer.ts'
import { answerEach, error, neverEnds, openBatcher, reply, valueOf, type Script } from './open-batcher.ts'

const BEHAVIOURS = {
  answers: answerEach,
  'answers half': ({ questions }, onAnswer, call) => {
    const half = questions.slice(0, Math.ceil(questions.length / 2))
    return answerEach({ requestId: '', questions: half }, onAnswer, call)
  },
  'says pending': ({ questions }, onAnswer) => {
    for (const { id } of questions) onAnswer({ id, points: 0, pending: true })
    return reply(200)
  },
  'fails each': ({ questions }, onAnswer) => {
    for (const { id } of questions) onAnswer({ id, points: 0, error: error('TC-503') })
    return reply(200)
  },
  breaks: () => reply(0),
  'is busy': () => reply(503),
  'asks for patience': () => reply(429, 'TC-429', 3000),
  'finds it too large': () => reply(413, 'TC-413'),
  'has no points': () => reply(402, 'TC-402'),
  throws: () => {
    throw new Error('a bug on the way')
  },
  hangs: neverEnds,
} satisfies Record<string, Script>
type Behaviour = keyof typeof BEHAVIOURS

type Step =
  | { do: 'ask'; text: string; isLookup: boolean }
  | { do: 'cancel'; at: number }
  | { do: 'wait'; ms: number }
  | { do: 'resume' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      text: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      isLookup: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), at: fc.nat(30) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 30, 100, 3000, 45_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const) }) },
)
const behaviours = fc.array(fc.constantFrom(...(Object.keys(BEHAVIOURS) as Behaviour[])), { maxLength: 12 })

it('every promise settles, right or with an error, and an answered question is never asked again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), behaviours, async (steps, script) => {
      // Collected, because what is thrown inside `send` counts as a broken connection.
      const broken: string[] = []
      const answered = new Set<string>()
      const open = new Map<string, number>()
      const { batcher, clock } = openBatcher(async (request, onAnswer, call) => {
        const behaviour = script[call - 1] ?? 'answers'
        const keys = request.questions.map(({ fn, args }) => `${fn} ${String(args[0])}`)
        if (new Set(keys).size !== keys.length) broken.push(`twice in one request: ${keys.join()}`)
        for (const key of keys) {
          if (answered.has(key)) broken.push(`asked again: ${key}`)
          // A proxy that hangs is given up, and may be asked the same again.
          if ((open.get(key) ?? 0) > 0 && !script.includes('hangs')) broken.push(`asked meanwhile: ${key}`)
          open.set(key, (open.get(key) ?? 0) + 1)
        }
        // Replies take a while, so that cells come and go meanwhile.
        await new Promise<void>((resolve) => {
          clock.schedule(resolve, 40)
        })
        for (const key of keys) open.set(key, open.get(key)! - 1)
        return await BEHAVIOURS[behaviour](
          request,
          (answer) => {
            if (answer.value !== undefined) answered.add(keys[Number(answer.id) - 1]!)
            onAnswer(answer)
          },
          call,
        )
      })

      const asked: (Asked & { text: string })[] = []
      const settled: CellAnswer[] = []
      for (const one of steps) {
        switch (one.do) {
          case 'ask': {
            const cell = one.isLookup ? batcher.ask('HSUNIT', [one.text, 'CA']) : batcher.ask('HSCODE', [one.text])
            asked.push({ ...cell, text: one.text })
            void cell.answer.then((answer) => settled.push(answer))
            break
          }
          case 'cancel':
            asked[one.at]?.cancel()
            break
          case 'wait':
            await clock.advance(one.ms)
            break
          case 'resume':
            batcher.resume()
            break
        }
      }
      await clock.advance(3 * WATCHDOG_MS)

      expect(broken).toEqual([])
      expect(settled).toHaveLength(asked.length)
      for (const { answer, text } of asked) {
        const settledAs = await answer
        if (!('error' in settledAs)) expect(settledAs).toEqual(valueOf(text))
      }
    }),
    { numRuns: 300 },
  )
})
