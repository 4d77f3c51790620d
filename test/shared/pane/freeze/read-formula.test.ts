import { describe, expect, test } from 'vitest'
import {
  callsIn,
  isErrorText,
  mayFillOthers,
  namesIn,
  readArgument,
  withPrefixedCalls,
} from '../../../../shared/pane/freeze/read-formula.ts'

describe('our functions in a formula', () => {
  test.each([
    ['=HSCODE(A2)', [{ fn: 'HSCODE', args: ['A2'] }]],
    ['=IFERROR(HSCODE(A2),"")', [{ fn: 'HSCODE', args: ['A2'] }]],
    [
      '=hsrate( HSCODE(A2) , "CA" )',
      [
        { fn: 'HSRATE', args: ['HSCODE(A2)', '"CA"'] },
        { fn: 'HSCODE', args: ['A2'] },
      ],
    ],
    ['=_xldudf_HSCODE(A2)', [{ fn: 'HSCODE', args: ['A2'] }]],
    ['=HSCHECK(B2,,A2)', [{ fn: 'HSCHECK', args: ['B2', '', 'A2'] }]],
    ['=HSCODE("a ""b"", (c)","CA")', [{ fn: 'HSCODE', args: ['"a ""b"", (c)"', '"CA"'] }]],
    ['=HSPOINTS()', [{ fn: 'HSPOINTS', args: [] }]],
    ["='HSCODE(1)'!A1&HSFIX(Products[@Code])", [{ fn: 'HSFIX', args: ['Products[@Code]'] }]],
  ])('%s', (formula, calls) => expect(callsIn(formula)).toEqual(calls))

  test.each(['="HSCODE(A2)"', '=MYHSCODE(A2)', '=HSCODES(A2)', 'HSCODE(A2)', '=SUM(A1:A9)', '=', '=HSCODE'])(
    '%s calls none of them',
    (formula) => expect(callsIn(formula)).toEqual([]),
  )

  test('each formula counts once for each function it calls', () => {
    const names = namesIn(['=HSRATE(HSCODE(A2),"CA")', '=HSCODE(A3)&HSCODE(A4)'])
    expect([...names]).toEqual([
      ['HSCODE', 2],
      ['HSRATE', 1],
    ])
  })
})

test('an argument is read where it needs no calculating', () => {
  expect(['"a ""b"""', '12.5', 'TRUE', '', '$AB$10'].map(readArgument)).toEqual([
    { value: 'a "b"' },
    { value: 12.5 },
    { value: true },
    { value: null },
    { cell: { row: 9, column: 27 } },
  ])
  expect(['A2&B2', 'A:A', 'A9:A2', 'Sheet2!A2', 'HSCODE(A2)'].map(readArgument)).toEqual([null, null, null, null, null])
  expect(readArgument('$A$2:B9')).toEqual({ range: { row: 1, column: 0, rows: 8, columns: 2 } })
})

test('only our own calls get a prefix, nested ones too, and nothing in a text', () => {
  expect(withPrefixedCalls('=IF(HSCODE(A2)="",hsrate(HSCODE( A3 ),"HSCODE(x)"),MYHSCODE(A2))', 'X_7_')).toBe(
    '=IF(X_7_HSCODE(A2)="",X_7_hsrate(X_7_HSCODE( A3 ),"HSCODE(x)"),MYHSCODE(A2))',
  )
  expect(withPrefixedCalls('HSCODE(A2)', 'X_')).toBe('HSCODE(A2)')
})

test('what may fill other cells is known from the catalogue and from ranges', () => {
  for (const formula of [
    '=HSALT(A2)',
    '=HSCODE(A2:A9)',
    '=HSCODE(A2#)',
    '=HSCODE(Products[Name])',
    '=IFERROR(HSRATES(B2,"CA"),"")',
  ])
    expect(mayFillOthers(formula), formula).toBe(true)
  for (const formula of [
    '=HSCODE(A2)',
    '=HSCOST(A2:A9)',
    '=HSCODE("a:b#c")',
    '=INDEX(HSALT(A2),1,2)',
    '=HSCODE([@Name])',
  ])
    expect(mayFillOthers(formula), formula).toBe(false)
})

test('errors and waiting cells are told from text', () => {
  for (const text of ['#N/A', '#VALUE!', '#BUSY!', '#GETTING_DATA', '#NAME?', '#DIV/0!'])
    expect(isErrorText(text)).toBe(true)
  for (const value of ['6109.10', '#1', '', 0, null, '# note', '#N/A in stock!']) expect(isErrorText(value)).toBe(false)
})
