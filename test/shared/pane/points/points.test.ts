import { expect, test } from 'vitest'
import { newVoucherCode } from '../../../../proxy/recharge/voucher-code.ts'
import { pointsFor, readCny } from '../../../../shared/pane/points/amount.ts'
import { kindOf } from '../../../../shared/pane/points/entry-kind.ts'
import { warningOf } from '../../../../shared/pane/points/points-warning.ts'
import { asVoucher, isWholeVoucher } from '../../../../shared/pane/points/voucher-text.ts'
import { POINTS_WORDS } from '../../../../shared/pane/points/words.ts'

test('a voucher typed in any way is shown as it was printed', () => {
  for (let n = 0; n < 50; n++) {
    const code = newVoucherCode()
    const bare = code.replaceAll('-', '')
    for (const typed of [code, bare, bare.toLowerCase(), ` ${code.replaceAll('-', ' ')} `, code.replaceAll('-', '–')]) {
      expect(asVoucher(typed)).toBe(code)
      expect(isWholeVoucher(asVoucher(typed))).toBe(true)
    }
  }
})

test('a voucher grows group by group while it is typed, and no further than a voucher', () => {
  expect(['t', 'tv', 'tv7', 'tv7k3qf', 'tv7k3qf9'].map(asVoucher)).toEqual([
    'T',
    'TV',
    'TV-7',
    'TV-7K3QF',
    'TV-7K3QF-9',
  ])
  expect(isWholeVoucher('TV-7K3QF')).toBe(false)
  expect(asVoucher(`tv${'7'.repeat(99)}`)).toHaveLength('TV-7K3QF-9WMRA-2XC8B-HN5DT'.length)
})

test('an amount is whole yuan from 1 to 50,000, and anything else none', () => {
  expect(['50', ' 1,000 ', '¥50000', '１０'].map(readCny)).toEqual([50, 1000, 50_000, 10])
  expect(['', '0', '50001', '9.5', '-5', 'ten', '1e3'].map(readCny)).toEqual(Array.from({ length: 7 }, () => null))
  expect(pointsFor(50)).toBe(2500)
})

test('a person is warned before a column stops half way', () => {
  const points = { balance: 1000, held: 0, posted: 1000, spentToday: 0, dailyCap: 100, capLeft: 100 }
  expect(warningOf(points)).toBeNull()
  expect(warningOf({ ...points, dailyCap: null, capLeft: null })).toBeNull()
  expect(warningOf({ ...points, capLeft: 9 })).toBe('cap-low')
  expect(warningOf({ ...points, capLeft: 0 })).toBe('cap-reached')
  expect(warningOf({ ...points, balance: 49 })).toBe('low')
  expect(warningOf({ ...points, balance: 0 })).toBe('empty')
})

test('entries have plain names, and one of a later version its own', () => {
  const { kinds } = POINTS_WORDS.en
  expect(kindOf({ kind: 'recharge', ref: 'voucher:1' }, kinds)).toBe('Voucher')
  expect(kindOf({ kind: 'usage', ref: 'x' }, kinds)).toBe('Look-ups')
  expect(kindOf({ kind: 'toString', ref: 'x' }, kinds)).toBe('toString')
})
