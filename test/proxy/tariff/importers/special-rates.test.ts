import { describe, expect, test } from 'vitest'

import { parseSpecialRates } from '../../../../proxy/tariff/importers/special-rates.ts'

describe('parseSpecialRates', () => {
  test('gives each programme the rate before its bracket', () => {
    expect(parseSpecialRates('Free (A+,AU, BH) 3.2% (KR)')).toEqual([
      { rate: 'Free', programmes: ['A+', 'AU', 'BH'] },
      { rate: '3.2%', programmes: ['KR'] },
    ])
  })

  test('keeps rates that are references or compounds whole', () => {
    expect(parseSpecialRates('See 9823.04.01-9823.04.54 (S+) 1.9¢/liter + 13.9¢/pf. liter (JP)')).toEqual([
      { rate: 'See 9823.04.01-9823.04.54', programmes: ['S+'] },
      { rate: '1.9¢/liter + 13.9¢/pf. liter', programmes: ['JP'] },
    ])
  })

  test('leaves a bracket of words in the rate', () => {
    expect(parseSpecialRates('Free (CL) A duty upon the value (see U.S. note 3) (B,C,)')).toEqual([
      { rate: 'Free', programmes: ['CL'] },
      { rate: 'A duty upon the value (see U.S. note 3)', programmes: ['B', 'C'] },
    ])
  })

  test('reads through a doubled bracket', () => {
    expect(parseSpecialRates('Free (BH) See 9919.04.50 (PA (PA)')).toEqual([
      { rate: 'Free', programmes: ['BH'] },
      { rate: 'See 9919.04.50', programmes: ['PA'] },
    ])
  })

  test.each(['', 'No change', 'Free', 'Free, under the terms of note 1(b)', 'Free (see note 4)', '(A,E)'])(
    '"%s" names no programme with a rate',
    (text) => {
      expect(parseSpecialRates(text)).toEqual([])
    },
  )
})
