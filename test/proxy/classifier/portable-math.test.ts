import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { exp, ln } from '../../../proxy/classifier/portable-math.ts'

test('exp and ln are right to ten digits', () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-10)
    }),
  )
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (x) => {
      expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(1e-10)
    }),
  )
})

test('exp neither overflows nor becomes NaN', () => {
  expect(exp(-1e6)).toBe(0)
  expect(Number.isFinite(exp(1e4))).toBe(true)
  expect(exp(0)).toBe(1)
})
