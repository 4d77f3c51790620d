import { describe, expect, test } from 'vitest'

import { arrangeLines, collapse, type DraftLine } from '../../../proxy/tariff/arrange-lines.ts'

function line(code: string, rates: readonly string[], ...units: string[]): DraftLine {
  return { code, rates, units, text: null }
}

function arranged(...lines: DraftLine[]) {
  const arranged = arrangeLines(lines, 8).toSorted((a, b) => (a.code < b.code ? -1 : 1))
  return Object.fromEntries(
    arranged.map(({ code, rates, isImplied, isEmpty }) => [code, { rates, isImplied, isEmpty }]),
  )
}

describe('arrangeLines', () => {
  test('a line drops what it repeats of its item and keeps what differs', () => {
    const lines = arranged(line('02071191', ['5 %', 'Free']), line('0207119100', ['5 % or more', 'Free'], 'KGM'))
    expect(lines['0207119100']?.rates).toEqual(['5 % or more', ''])
    expect(lines['02071191']?.rates).toEqual(['5 %', 'Free'])
  })

  test('an item that is not printed takes the rates its lines print alike', () => {
    const lines = arranged(line('1001110001', ['1%', '9%']), line('1001110090', ['65%', '9%']))
    expect(lines['10011100']).toEqual({ rates: ['', '9%'], isImplied: true, isEmpty: false })
    expect(lines['1001110001']?.rates).toEqual(['1%', ''])
    expect(lines['1001110090']?.rates).toEqual(['65%', ''])
  })

  test('a rate that one line prints and its sibling leaves blank is not handed to both', () => {
    const lines = arranged(line('2710129101', ['9%', '4%']), line('2710129190', ['9%', '']))
    expect(lines['27101291']?.rates).toEqual(['9%', ''])
    expect(lines['2710129101']?.rates).toEqual(['', '4%'])
  })

  test('a line without unit and rate, there or above, is empty', () => {
    const lines = arranged(
      line('24041100', ['', '?']),
      line('2404110000', ['', '']),
      line('24041900', ['13%', '']),
      line('2404190000', ['', '']),
      line('24049100', ['', ''], 'KGM'),
    )
    expect(Object.entries(lines).flatMap(([code, { isEmpty }]) => (isEmpty ? [code] : []))).toEqual(['2404110000'])
  })

  test('lines at or above the item stay as printed', () => {
    const lines = arranged(line('0101', []), line('01012100', ['Free']))
    expect(lines['0101']?.rates).toEqual([])
    expect(lines['01012100']?.rates).toEqual(['Free'])
  })
})

test('collapse makes line ends, ideographic and no-break spaces one space', () => {
  expect(collapse(' くじら\u3000無税\r\nその他\u00A0 4.2% \n')).toBe('くじら 無税 その他 4.2%')
})
