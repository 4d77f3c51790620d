import { expect, test } from 'vitest'
import { formulasIn, groupFailed, mayPass, type FailedGroup } from '../../../../shared/pane/errors/failed-formulas.ts'

const at = (row: number, column: number, shown: string, formula: string) => ({ row, column, shown, formula })
const places = ({ formulas }: FailedGroup): number[][] => formulas.map(({ row, column }) => [row, column])

test('formulas that show the same are one entry, most of them first, and those with a value none', () => {
  const groups = groupFailed({
    formulas: [
      at(3, 1, '#ERROR!', '=HSCODE(A4)'),
      at(2, 1, '#PENDING', '=HSCODE(A3)'),
      at(1, 1, '#PENDING', '=HSCODE(A2)'),
      at(1, 2, '6109.10', '=HSCODE(A2:A9)'),
    ],
    filled: [],
  })
  expect(groups.map(({ fn, shown }) => [fn, shown])).toEqual([
    ['HSCODE', '#PENDING'],
    ['HSCODE', '#ERROR!'],
  ])
  expect(places(groups[0]!)).toEqual([
    [1, 1],
    [2, 1],
  ])
})

test('a cell that a formula filled belongs to the formula, and its several errors to one formula', () => {
  const codes = at(1, 1, '#PENDING', '=HSCODE(A2:A6)')
  const table = at(6, 1, '0101', '=HSALT(A7:A9)')
  const rates = at(1, 3, '0.18', '=HSRATE(B2:B6;"CA")')
  const groups = groupFailed({
    formulas: [codes, table, rates],
    filled: [
      { row: 4, column: 1, shown: '#PENDING' },
      { row: 5, column: 1, shown: '#TC-402 No points left.' },
      { row: 9, column: 2, shown: '#TC-105 30 is a number.' },
      { row: 3, column: 3, shown: '#PENDING' },
      // Typed by a person, above every formula.
      { row: 0, column: 0, shown: '#PENDING' },
      // Below all that the formula of its column reaches.
      { row: 20, column: 3, shown: '#TC-107 Unknown country.' },
    ],
  })
  const found = Object.fromEntries(groups.map((group) => [`${group.fn} ${group.shown.slice(0, 8)}`, places(group)]))
  expect(found).toEqual({
    'HSCODE #PENDING': [[1, 1]],
    'HSCODE #TC-402 ': [[1, 1]],
    'HSALT #TC-105 ': [[6, 1]],
    'HSRATE #PENDING': [[1, 3]],
    'HSALT #TC-107 ': [[6, 1]],
  })
  expect(formulasIn(groups)).toHaveLength(3)
})

test('calculating again is offered where it may help', () => {
  const group = (shown: string): FailedGroup => ({ fn: 'HSCODE', shown, formulas: [] })
  for (const shown of [
    '#PENDING',
    '#ERROR!',
    '#NAME?',
    '#¿NOMBRE?',
    '#TC-402 No points left.',
    '#TC-446 Google allows no more.',
  ])
    expect(mayPass(group(shown))).toBe(true)
  for (const shown of ['#REF!', '#¡REF!', '#BEZUG!', '#TC-105 30 is a number.'])
    expect(mayPass(group(shown))).toBe(false)
})
