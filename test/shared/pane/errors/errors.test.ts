import { expect, test } from 'vitest'
import { printErrors } from '../../../../shared/pane/errors/print-errors.ts'
import { readAddress } from '../../../../shared/pane/errors/read-address.ts'
import { remedyOf } from '../../../../shared/pane/errors/remedy.ts'
import { addressOf } from '../../../../shared/pane/place.ts'

test('an address is read back as it is written', () => {
  for (const [sheet, row, column, rows, columns] of [
    ['Products', 0, 0, 1, 1],
    ["O'Neil's rows", 11, 27, 3, 2],
    ['中文', 1_048_575, 16_383, 1, 1],
  ] as const) {
    const place = { sheet, row, column, rows, columns }
    expect(readAddress(addressOf(sheet, place))).toEqual(place)
  }
  expect(readAddress('Sheet1!$B$2')).toEqual({ sheet: 'Sheet1', row: 1, column: 1, rows: 1, columns: 1 })
})

test('what is no address leads nowhere', () => {
  for (const text of ['', 'B2', 'Sheet1!', 'Sheet1!2B', 'Sheet1!B0', 'Sheet1!C3:B2', "'Sheet1!A1", '#REF!'])
    expect(readAddress(text)).toBeNull()
})

test('each kind of failure has the remedy that helps, or none', () => {
  expect(remedyOf('TC-401')).toEqual({ kind: 'go', view: 'settings', name: 'connect' })
  expect(remedyOf('TC-402')).toEqual({ kind: 'go', view: 'points', name: 'recharge' })
  expect(remedyOf('TC-120')).toEqual({ kind: 'correct' })
  expect(remedyOf('TC-999')).toEqual({ kind: 'again' })
})

test('a copied list is a line for each failure, and never a formula', () => {
  const errors = [{ at: 0, fn: 'HSRATE', address: 'P!B2', code: 'TC-120', message: '＝1+1\n"x"', times: 2 }]
  expect(printErrors(errors)).toBe('1970-01-01T00:00:00.000Z\tHSRATE\tP!B2\t2\t\'＝1+1 "x"')
})
