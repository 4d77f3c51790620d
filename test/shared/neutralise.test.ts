import { expect, it } from 'vitest'
import { neutralise } from '../../shared/neutralise.ts'

it.each([0, 0.18, -5, true, '0101.21', '', '5%', '-0.5', '-', '+12,5 %', 'T-shirts, cotton'])(
  '%o stays as it is',
  (value) => {
    expect(neutralise(value)).toBe(value)
  },
)

it.each([
  '=1+1',
  '+1+cmd',
  '-2+3',
  '@SUM(A1)',
  ' =1',
  '＝1+1',
  '＋x',
  '－x',
  '＠x',
  '\t=1',
  '\r\n=1',
  '\u3000=1',
  '\u0000=1',
])('%o cannot run as a formula', (value) => {
  expect(neutralise(value).startsWith("'")).toBe(true)
})

it('invisible control characters go, line breaks stay', () => {
  expect(neutralise('a\u0007b\nc')).toBe('ab\nc')
})
