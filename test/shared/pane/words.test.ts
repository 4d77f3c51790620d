import { expect, test } from 'vitest'
import { printDuration } from '../../../shared/pane/words.ts'

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
