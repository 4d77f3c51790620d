import { expect, test } from 'vitest'
import { barOf, toTradeRows } from '../../../../shared/pane/trade/trade-look.ts'
import { tradeArguments, tradeFormula, type TradeWish } from '../../../../shared/pane/trade/trade-question.ts'

const WISH: TradeWish = { product: ' 610910 ', role: 'exporter', from: '', to: '' }

test('the formula asks what the pane asks, without what goes without saying', () => {
  expect(tradeFormula(WISH)).toBe('=HSTRADE("610910")')
  expect(tradeFormula({ ...WISH, role: 'importer' })).toBe('=HSTRADE("610910","importer")')
  expect(tradeFormula({ ...WISH, to: '2026-03-31' })).toBe('=HSTRADE("610910","exporter","","2026-03-31")')
  expect(tradeArguments({ ...WISH, from: '2026-01-01' })).toEqual(['610910', 'exporter', '2026-01-01'])
})

test('a name with quotation marks stays one text of the formula', () => {
  expect(tradeFormula({ ...WISH, product: '15" screen"&A1&"' })).toBe('=HSTRADE("15"" screen""&A1&""")')
})

test('the row of all others is told apart, and a share that is no number is left out', () => {
  const rows = toTradeRows([
    ['China', 0.5, 10, 2, 3],
    ['India', '', 5, 1, 1],
    ['other', 0.25, '', '', ''],
  ])
  expect(rows).toEqual([
    { country: 'China', share: 0.5, trades: 10, sellers: 2, buyers: 3, isOther: false },
    { country: 'other', share: 0.25, trades: null, sellers: null, buyers: null, isOther: true },
  ])
  expect(rows.map((row) => barOf(row, rows))).toEqual([1, 0.5])
})
