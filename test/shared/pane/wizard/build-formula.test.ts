import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureCode, isFailure } from '../../../../shared/error-codes.ts'
import { FUNCTION_NAMES } from '../../../../shared/functions.ts'
import { OPTION_KEYS } from '../../../../shared/options.ts'
import { callsIn, readArgument } from '../../../../shared/pane/freeze/read-formula.ts'
import {
  buildFormula,
  missingIn,
  optionsOf,
  optionsText,
  readGiven,
} from '../../../../shared/pane/wizard/build-formula.ts'
import { findFunctions } from '../../../../shared/pane/wizard/find-functions.ts'

describe('what is typed into a field', () => {
  test.each([
    ['', { kind: 'none' }],
    ['a2', { kind: 'cell', sheetName: null, cells: 'A2' }],
    ['$A$2:A9', { kind: 'cell', sheetName: null, cells: '$A$2:A9' }],
    ["'My goods'!B2", { kind: 'cell', sheetName: 'My goods', cells: 'B2' }],
    ['"A4"', { kind: 'text', text: 'A4' }],
    ['6109.10', { kind: 'text', text: '6109.10' }],
    ['mug', { kind: 'text', text: 'mug' }],
    ['=A2&B2', { kind: 'formula', text: 'A2&B2' }],
  ])('%s', (typed, given) => expect(readGiven(typed)).toEqual(given))
})

describe('the formula', () => {
  test('codes are quoted, cells of the same sheet stand bare, and of another with its name', () => {
    const given = { code: '0101.21', destination: 'Sheet1!C2', origin: "'My goods'!B2" }
    expect(buildFormula({ fn: 'HSRATE', given, options: {} }, '', 'Sheet1')).toBe(`=HSRATE("0101.21",C2,'My goods'!B2)`)
  })

  test('what is left out at the end is left out, and what is left out between is an empty text', () => {
    const build = (given: object, options = ''): string =>
      buildFormula({ fn: 'HSCHECK', given, options: {} }, options, 'S')
    expect(build({ code: 'B2' })).toBe('=HSCHECK(B2)')
    expect(build({ code: 'B2', description: 'A2' })).toBe('=HSCHECK(B2,"",A2)')
    expect(build({ code: 'B2' }, 'date=2026-01-01')).toBe('=HSCHECK(B2,"","","date=2026-01-01")')
  })

  test('whatever text is typed comes back from the formula as that text', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).filter((typed) => {
      return typed.trim() === typed && readGiven(typed).kind === 'text' && !typed.startsWith('"')
    })
    fc.assert(
      fc.property(text, (typed) => {
        const [call] = callsIn(buildFormula({ fn: 'HSCODE', given: { description: typed }, options: {} }, '', 'S'))
        expect(readArgument(call?.args[0] ?? '')).toEqual({ value: typed })
      }),
    )
  })

  test('a text longer than Excel takes in a formula is put together from parts', () => {
    const formula = buildFormula({ fn: 'HSCODE', given: { description: 'x'.repeat(300) }, options: {} }, '', 'S')
    expect(formula).toBe(`=HSCODE("${'x'.repeat(255)}"&"${'x'.repeat(45)}")`)
  })

  test('it names what is still to be filled in', () => {
    expect(missingIn({ fn: 'HSRATE', given: { code: 'B2' }, options: {} })).toBe('destination')
    expect(missingIn({ fn: 'HSPOINTS', given: {}, options: {} })).toBeNull()
  })
})

describe('options', () => {
  test('only filled ones are written, a semicolon begins no other, and a bad one is said', () => {
    expect(optionsText({ options: { min: '0.6', material: 'cotton; wool', use: ' ' } })).toBe(
      'min=0.6;material=cotton, wool',
    )
    const failed = optionsText({ options: { digits: '7' } })
    expect(isFailure(failed) && failureCode(failed)).toBe('TC-109')
  })

  test('every function offers known options only', () => {
    for (const fn of FUNCTION_NAMES) for (const key of optionsOf(fn)) expect(OPTION_KEYS).toContain(key)
  })
})

test('functions are found by name and by what they do, in each language', () => {
  const names = (search: string): string[] => findFunctions(search).flatMap((group) => group.names)
  expect(names('').sort()).toEqual([...FUNCTION_NAMES].sort())
  expect(names('hsrate')).toContain('HSRATETEXT')
  expect(names('税率')).toContain('HSRATE')
  expect(names('taux droit')).toContain('HSRATE')
  expect(names('xyz')).toEqual([])
})
