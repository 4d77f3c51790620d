/** What cells do while answers that were kept on this machine are being read. */
import { expect, it } from 'vitest'
import { createBatcher } from '../../excel-addin/batcher.ts'
import type { CellAnswer } from '../../shared/cell-answer.ts'
import { createMemory } from '../../excel-addin/memory.ts'
import { questionKey } from '../../shared/answer-key.ts'
import { createFakeClock } from './fake-clock.ts'
import { answerEach, outcome, valueOf } from './open-batcher.ts'

function openLoading() {
  const clock = createFakeClock()
  const memory = createMemory<CellAnswer>(100, () => clock.now())
  let release!: () => void
  let loading: Promise<void> | null = new Promise<void>((resolve) => {
    release = resolve
  }).then(() => {
    loading = null
  })
  const sent: string[] = []
  const batcher = createBatcher({
    clock,
    memory: {
      ...memory,
      get loading() {
        return loading
      },
      get size() {
        return memory.size
      },
    },
    language: () => 'en',
    random: () => 0.5,
    newRequestId: () => 'batch',
    async send(request, onAnswer) {
      sent.push(...request.questions.map(({ args }) => String(args[0])))
      return answerEach(request, onAnswer, 1)
    },
  })
  return { batcher, clock, sent, memory, release, ask: (text: string) => batcher.ask('HSCODE', [text]) }
}

it('a cell waits for what is being read; what is known is not asked, what is not goes out', async () => {
  const { ask, clock, memory, release, sent } = openLoading()
  const known = ask('known')
  const same = ask('known')
  const other = ask('unknown')
  await clock.advance(150)
  expect(sent).toEqual([])
  const kept = { value: 'kept' }
  memory.set(questionKey('HSCODE', ['known']), kept, 1000)
  release()
  await clock.advance(100)
  expect(await Promise.all([known.answer, same.answer])).toEqual([kept, kept])
  expect(await other.answer).toEqual(valueOf('unknown'))
  expect(sent).toEqual(['unknown'])
})

it('a cell that is called off meanwhile is never asked', async () => {
  const { ask, clock, release, sent, batcher } = openLoading()
  const asked = ask('shirt')
  asked.cancel()
  expect(await outcome(asked.answer)).toBe('TC-408')
  batcher.forgetAnswers()
  release()
  await clock.advance(1000)
  expect(sent).toEqual([])
  expect(clock.waiting).toBe(0)
})
