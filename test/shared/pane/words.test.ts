import { expect, test } from 'vitest'
import { joinSentences, printDuration } from '../../../shared/pane/words.ts'

test.each([
  [-1, '0 s'],
  [59.4, '59 s'],
  [60, '1 min'],
  [3580, '1 h 0 min'],
  [7199, '2 h 0 min'],
  [7500, '2 h 5 min'],
])('%s seconds are %s', (seconds, said) => {
  expect(printDuration(seconds)).toBe(said)
})

test('sentences are joined as their language sets them, and those that are not said leave no gap', () => {
  expect(joinSentences('en', ['One.', false, 'Two.', null])).toBe('One. Two.')
  expect(joinSentences('zh', ['一。', null, '二。'])).toBe('一。二。')
})
