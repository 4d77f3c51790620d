import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { periodOf } from '../../../proxy/providers/tradewind/period.ts'
import { failure, sentence, type Failure } from '../../../shared/error-codes.ts'
import { LANGUAGES } from '../../../shared/language.ts'

describe('the period', () => {
  const at = (day: string): number => Date.parse(`${day}T12:00:00Z`)
  const period = (now: string, from: string | null = null, to: string | null = null): unknown =>
    periodOf({ from, to }, at(now))

  test.each([
    ['2026-11-22', '2025-11-01', '2026-10-31'],
    ['2026-01-01', '2025-01-01', '2025-12-31'],
    ['2024-03-15', '2023-03-01', '2024-02-29'],
    ['2025-03-15', '2024-03-01', '2025-02-28'],
    ['2100-03-31', '2099-03-01', '2100-02-28'],
  ])('on %s it is %s to %s: a year, ending with the last whole month', (now, from, to) => {
    expect(period(now)).toEqual({ from, to })
  })

  test.each([
    ['2025-04-18', '2024-04-19'],
    ['2024-02-29', '2023-03-01'],
    ['2024-02-28', '2023-03-01'],
    ['2025-02-28', '2024-03-01'],
    ['2024-12-31', '2024-01-01'],
  ])('that ends with %s begins a year before, with %s', (to, from) => {
    expect(period('2026-11-22', null, to)).toEqual({ from, to })
  })

  test('that begins on a day ends with the last whole month, or today when that has begun since', () => {
    expect(period('2026-11-22', '2020-01-01')).toEqual({ from: '2020-01-01', to: '2026-10-31' })
    expect(period('2026-11-22', '2026-11-02')).toEqual({ from: '2026-11-02', to: '2026-11-22' })
    expect(period('2026-11-22', '2020-01-01', '2020-02-01')).toEqual({ from: '2020-01-01', to: '2020-02-01' })
  })

  test('that begins on a day still to come is refused, with a sentence that names the day', () => {
    const refused = period('2026-11-22', '2026-11-23') as Failure
    expect(refused).toEqual(failure('future-period', { from: '2026-11-23' }))
    for (const language of LANGUAGES) expect(sentence(refused, language)).toMatch(/^TC-150 .*2026-11-23/)
    expect(sentence(refused)).not.toContain('2026-11-22')
  })

  test('left to itself is 365 or 366 days on every day there is, and begins with a month', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2199, 11, 31) }), (now) => {
        const { from, to } = periodOf({ from: null, to: null }, now) as { from: string; to: string }
        const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1
        expect([365, 366]).toContain(days)
        expect(from).toMatch(/-01$/)
        expect(Date.parse(to)).toBeLessThan(now)
        expect(now - Date.parse(to)).toBeLessThan(33 * 86_400_000)
      }),
    )
  })
})
