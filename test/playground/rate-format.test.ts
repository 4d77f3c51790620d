import { numfmt } from '@univerjs/presets'
import { expect, test } from 'vitest'
import { formatFor, rateFormat } from '../../proxy/playground/rate-format.ts'

test.each([
  [0, '0%'],
  [0.18, '18%'],
  [0.165, '16.5%'],
  [0.0625, '6.25%'],
  [0.07, '7%'],
  [2.455, '245.5%'],
])('the rate %d reads %s', (rate, shown) => {
  expect(numfmt.format(rateFormat(rate), rate)).toBe(shown)
})

test('a cell without a format takes the one its answer brings, a format of somebody else stays', () => {
  expect(formatFor({ has: null, brought: rateFormat(0.18), value: 0.18 })).toBe(rateFormat(0.18))
  expect(formatFor({ has: null, brought: null, value: 3 })).toBeNull()
  for (const has of ['0.00', '0%', '@']) expect(formatFor({ has, brought: rateFormat(0.165), value: 0.165 })).toBe(has)
})

test('the format of a rate follows the next rate, and goes when a text stands there', () => {
  expect(formatFor({ has: rateFormat(0.18), brought: null, value: 0.165 })).toBe(rateFormat(0.165))
  expect(formatFor({ has: rateFormat(0.165), brought: null, value: 0.18 })).toBe(rateFormat(0.18))
  expect(formatFor({ has: rateFormat(0.18), brought: null, value: '0302140000' })).toBeNull()
})
