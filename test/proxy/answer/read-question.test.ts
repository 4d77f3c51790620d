import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReadQuestion } from '../../../proxy/answer/read-question.ts'
import { fakeProvider } from '../../hosts/fake-provider.ts'
import { testClock } from '../../hosts/test-database.ts'
import { NOTHING_APPROVED, registryOf } from '../../hosts/test-house.ts'

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

test('a question is routed anew when its workspace approved something, and nobody else’s is', () => {
  let tell: (workspaceId: string | null) => void = () => undefined
  const memory = { ...NOTHING_APPROVED, onChange: (handler: typeof tell) => void (tell = handler) }
  const read = createReadQuestion(registryOf([fakeProvider()], memory), testClock().now)
  const question = { id: 'q', fn: 'HSCODE', args: ['shirt'] }
  const [mine, theirs] = [read('w', question), read('w1', question)]
  tell('w')
  expect(read('w', question)).not.toBe(mine)
  expect(read('w1', question)).toBe(theirs)
  tell(null)
  expect(read('w1', question)).not.toBe(theirs)
})

test('a question about goods is not routed while it is not known what is approved; about a code it is', () => {
  const memory = { ...NOTHING_APPROVED, find: () => undefined }
  const everything = fakeProvider({ answers: () => true })
  const read = createReadQuestion(registryOf([everything], memory), testClock().now)
  expect(read('w', { id: 'q', fn: 'HSCODE', args: ['shirt'] })).toMatchObject({ failed: 'database-away' })
  expect(read('w', { id: 'q', fn: 'HSRATE', args: ['6109', 'CA'] })).toHaveProperty('wanted')
  expect(read('w', { id: 'q', fn: 'HSCODE', args: ['shirt', 'CA', 'provider=fake'] })).toHaveProperty('wanted')
})
