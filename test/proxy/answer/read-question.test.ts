import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReadQuestion } from '../../../proxy/answer/read-question.ts'
import { fakeProvider } from '../../hosts/fake-provider.ts'
import { testClock } from '../../hosts/test-database.ts'
import { registryOf } from '../../hosts/test-house.ts'

const DAY_MS = 24 * 3600 * 1000
const registry = registryOf([fakeProvider()])

test('only the same function with the same arguments in the same workspace is the same question', () => {
  const read = createReadQuestion(registry, testClock().now)
  // Of few characters, so that what is near to each other comes up: 1 and "1", ["a", "b"] and ["ab"], what looks like a length.
  const text = fc.string({ unit: fc.constantFrom('a', '1', ':', ';', '"', ' ', '\u0000'), maxLength: 4 })
  const arg = fc.oneof(text, fc.constantFrom(1, 11, true, null))
  const one = fc.record({
    workspaceId: fc.constantFrom('w', 'w1'),
    fn: fc.constantFrom('HSCODE', 'HSRATE'),
    // A subject of its own, or an empty one would be no question.
    args: fc.tuple(fc.constantFrom('6109', 'shirt'), arg),
  })
  fc.assert(
    fc.property(one, one, (left, right) => {
      const [first, second] = [left, right].map(({ workspaceId, ...question }) =>
        read(workspaceId, { id: 'q', ...question }),
      )
      if (typeof first !== 'object' || !('wanted' in first)) return
      expect(first === second).toBe(JSON.stringify(left) === JSON.stringify(right))
    }),
    { numRuns: 2000 },
  )
})

test('a question is routed anew on a new day, when editions may have changed', () => {
  const clock = testClock()
  const read = createReadQuestion(registry, clock.now)
  const question = { id: 'q', fn: 'HSCODE', args: ['shirt'] }
  const first = read('w', question)
  expect(read('w', question)).toBe(first)
  clock.advance(DAY_MS)
  expect(read('w', question)).not.toBe(first)
})
