import { expect, test } from 'vitest'
import { addressOf, columnName, columnOf } from '../../../shared/pane/place.ts'
import { buildFormula } from '../../../shared/pane/wizard/build-formula.ts'

test('the letters of a column and its number are the same, in capitals or not', () => {
  for (const column of [0, 25, 26, 701, 702, 16_383]) expect(columnOf(columnName(column))).toBe(column)
  expect(columnOf('aa7')).toBe(26)
})

test.each([
  ['Products', 'Products!B2'],
  ['商品', '商品!B2'],
  ['My goods', "'My goods'!B2"],
  ["Ann's", "'Ann''s'!B2"],
  ['2026', "'2026'!B2"],
  // Cells, in one notation or the other.
  ['Q1', "'Q1'!B2"],
  ['FY2026', "'FY2026'!B2"],
  ['R1C1', "'R1C1'!B2"],
  ['c', "'c'!B2"],
])('the sheet %s is named as a formula must name it', (name, address) => {
  expect(addressOf(name, { row: 1, column: 1, rows: 1, columns: 1 })).toBe(address)
  expect(buildFormula({ fn: 'HSCODE', given: { description: address }, options: {} }, '', 'Other')).toBe(
    `=HSCODE(${address})`,
  )
})
