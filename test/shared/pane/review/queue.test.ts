import { expect, test } from 'vitest'
import type { Classified } from '../../../../shared/pane/bulk/classified.ts'
import { doubtOf, reviewQueue } from '../../../../shared/pane/review/queue.ts'
import { classified } from './classified-row.ts'

const candidate = (code: string) => ({ code, label: '', score: null, provider: 'embedded' })
const RATES: Record<string, number> = { '610910': 0.18, '610990': 0.18, '392490': 0.065, '847160': 0, '847190': 0.2 }
const rateOf = (_country: string, code: string): number | null => RATES[code] ?? null
const order = (rows: Classified[]): number[][] => reviewQueue(rows, rateOf).map(({ ns }) => ns)

test('a row without a code comes before every doubt, whatever its value', () => {
  const cheap = classified(1, { code: null, confidence: null, reviews: ['failed'], value: 1 })
  expect(order([classified(0, { value: 1_000_000 }), cheap])).toEqual([[1], [0]])
})

test('doubt times the duty at stake decides, not the doubt alone', () => {
  const sameRate = classified(0, {
    confidence: 0.1,
    value: 50_000,
    code: '610910',
    candidates: [candidate('610910'), candidate('610990')],
  })
  const costly = classified(1, {
    confidence: 0.6,
    value: 10_000,
    code: '847160',
    candidates: [candidate('847160'), candidate('847190')],
  })
  const [first, second] = reviewQueue([sameRate, costly], rateOf)
  expect(first).toMatchObject({ ns: [1], spread: 0.2, atStake: 2000 })
  expect(second).toMatchObject({ ns: [0], spread: 0, atStake: 0 })
})

test('a rate that is not known makes no claim about money: value and doubt decide then', () => {
  const unknown = classified(0, { value: 900, code: '999999', candidates: [candidate('999999'), candidate('610910')] })
  expect(reviewQueue([unknown], rateOf)[0]).toMatchObject({ spread: null, atStake: null })
  expect(order([classified(1, { value: 10 }), unknown, classified(2, { value: 5000 })])).toEqual([[2], [0], [1]])
})

test('rows that say the same are one item with the value of all; another fact or country is another item', () => {
  const same = { description: 'T-shirt', facts: { material: 'cotton' } }
  const rows = [
    classified(0, { ...same, value: 100 }),
    classified(1, { ...same, value: 50 }),
    classified(2, { ...same, facts: { material: 'wool' } }),
    classified(3, { ...same, country: 'US' }),
  ]
  expect(order(rows)).toEqual([[0, 1], [2], [3]])
  expect(reviewQueue(rows, rateOf)[0]!.value).toBe(150)
})

test('decided, moved and undone rows, and those without a reason, do not wait', () => {
  const rows = [
    classified(0, { decision: 'accepted' }),
    classified(1, { writing: 'moved' }),
    classified(2, { writing: 'undone' }),
    classified(3, { reviews: [] }),
  ]
  expect(order(rows)).toEqual([])
})

test('doubt is the missing confidence; without one, what the second opinion says', () => {
  expect(doubtOf({ code: '1', confidence: 0.8, agreement: 0 })).toBeCloseTo(0.2)
  const byAgreement = ([6, 4, 2, 0, null] as const).map((agreement) =>
    doubtOf({ code: '1', confidence: null, agreement }),
  )
  expect(byAgreement).toEqual([0.1, 0.4, 0.7, 0.9, 0.5])
})
