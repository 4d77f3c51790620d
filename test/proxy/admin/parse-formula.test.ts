import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseFormula } from '../../../proxy/admin/parse-formula.ts'
import { isFailure } from '../../../shared/error-codes.ts'

describe('a formula on the command line', () => {
  test.each<[string, string, unknown[]]>([
    ['=HSRATE("6109100012","CA")', 'HSRATE', ['6109100012', 'CA']],
    ['HSRATE("6109100012";"CA")', 'HSRATE', ['6109100012', 'CA']],
    ['=hscode("12"" pipe, steel")', 'hscode', ['12" pipe, steel']],
    ['=HSRATE(6109.1, "CA", , "lang=fr")', 'HSRATE', [6109.1, 'CA', null, 'lang=fr']],
    ['=HSPOINTS()', 'HSPOINTS', []],
    ['=HSCODE("(a)")', 'HSCODE', ['(a)']],
    ['=X(TRUE,-1)', 'X', [true, -1]],
  ])('%s is read as in a cell', (formula, fn, args) => expect(parseFormula(formula)).toEqual({ fn, args }))

  test.each(['', 'HSCODE', '=HSCODE("a"', '=HSCODE(A2)', '=HSCODE("a") & "b"', '=1+1', '=HSCODE("a" "b")'])(
    '%j is refused with an example',
    (formula) => expect(isFailure(parseFormula(formula))).toBe(true),
  )

  test.each([
    ['=HSCODE(A2)', 'A2'],
    ['=HSRATE("6109";$B$2)', '$B$2'],
    ['=HSCODE(A2:A9,"CA")', 'A2:A9'],
    ["=HSCODE('My sheet'!A2)", "'My sheet'!A2"],
  ])('%s points at a cell, and there are none here', (formula, value) =>
    expect(parseFormula(formula)).toMatchObject({ failed: 'no-cells-here', details: { value } }),
  )

  test('any text survives its quotes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 }), (args) => {
        const formula = `=HSCODE(${args.map((arg) => `"${arg.replaceAll('"', '""')}"`).join(',')})`
        expect(parseFormula(formula)).toEqual({ fn: 'HSCODE', args })
      }),
    )
  })
})
