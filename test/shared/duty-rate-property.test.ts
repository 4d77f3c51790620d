import fc from 'fast-check'
import { expect, it } from 'vitest'

import { compareDutyRates, fractionOf, parseDutyRate, printDutyRate, type DutyRate } from '../../shared/duty-rate.ts'
import { LANGUAGES } from '../../shared/language.ts'

const COUNTRIES = ['CA', 'US', 'CN', 'JP', 'EU', '']

/** A rate beside the text a tariff would print for it. */
interface Printed {
  text: string
  rate: DutyRate
}

/** "0.068" and the like: at most four figures before the point and three behind it. */
const decimal = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), fc.stringMatching(/^\d{0,3}$/))
  .map(([whole, places]) => (places === '' ? String(whole) : `${whole}.${places}`))

const percentage: fc.Arbitrary<Printed> = decimal.map((text) => ({
  text: `${text}%`,
  rate: { kind: 'ad-valorem', fraction: movedLeft(text, 2) },
}))

/** The point moved in the text, another way than the parser does it. */
function movedLeft(text: string, places: number): number {
  const [whole = '', fraction = ''] = text.split('.')
  const padded = whole.padStart(places + 1, '0')
  return Number(`${padded.slice(0, -places)}.${padded.slice(-places)}${fraction}`)
}

const UNITS = [
  { unitText: 'kg', per: 1, unit: 'kg' },
  { unitText: 'tonne', per: 1, unit: 't' },
  { unitText: 'hl', per: 1, unit: 'hl' },
  { unitText: 'pf. liter', per: 1, unit: 'l-proof' },
  { unitText: 'm2', per: 1, unit: 'm2' },
  { unitText: '1,000', per: 1000, unit: 'no' },
] as const

const specific = (printed: (figure: string, unit: string) => string, currency: string, places: number) =>
  fc.tuple(decimal, fc.constantFrom(...UNITS)).map(([figure, unit]): Printed => ({
    text: printed(figure, unit.unitText),
    rate: {
      kind: 'specific',
      amount: places === 0 ? Number(figure) : movedLeft(figure, places),
      currency,
      ...unit,
    },
  }))

const free = (text: string): fc.Arbitrary<Printed> => fc.constant({ text, rate: { kind: 'free' } })
const dollars = specific((figure, unit) => `$${figure}/${unit}`, 'CAD', 0)
const cents = specific((figure, unit) => `${figure} ¢/${unit}`, 'CAD', 2)
const yen = specific((figure, unit) => `${figure}円/${unit}`, 'JPY', 0)

const joined = (term: fc.Arbitrary<Printed>, sign: string, kind: 'sum' | 'greater-of' | 'less-of') =>
  fc.tuple(term, term).map(([a, b]): Printed => ({
    text: `${a.text}${sign}${b.text}`,
    rate: { kind, of: [a.rate, b.rate] },
  }))

const english = fc.oneof(percentage, dollars, cents)
const englishRate = fc.oneof(
  english,
  free('Free'),
  joined(english, ' plus ', 'sum'),
  joined(english, '+ ', 'sum'),
  joined(english, ' but not less than ', 'greater-of'),
  joined(english, ' or more than ', 'less-of'),
)

const japanese = fc.oneof(percentage, yen)
const japaneseSum = fc.oneof(japanese, joined(japanese, '＋', 'sum'))
const whichever = (word: string, kind: 'greater-of' | 'less-of') =>
  joined(japaneseSum, '又は', kind).map(({ text, rate }): Printed => ({
    text: `${text}のうちいずれか${word}税率`,
    rate,
  }))
const japaneseRate = fc.oneof(
  japaneseSum,
  free('無税'),
  whichever('高い', 'greater-of'),
  whichever('低い', 'less-of'),
  japaneseSum.map(({ text, rate }): Printed => ({ text: `(${text})`, rate: { ...rate, bracketed: true } })),
  fc.tuple(japaneseSum, whichever('低い', 'less-of')).map(([from, to]): Printed => ({
    text: `${from.text}〜${to.text}`,
    rate: { kind: 'range', from: from.rate, to: to.rate },
  })),
)

const byProgramme = fc
  .array(fc.tuple(englishRate, fc.constantFrom('JP', 'A+, AU', 'S+')), { minLength: 1, maxLength: 4 })
  .map((cases): Printed => ({
    text: cases.map(([{ text }, programmes]) => `${text} (${programmes})`).join(' '),
    rate: { kind: 'by-case', of: cases.map(([{ rate }, condition]) => ({ condition, rate })) },
  }))

const byGoods = fc
  .array(fc.tuple(fc.constantFrom('くらげ', 'その他のもの', 'うに及びくらげ以外のもの（4％）'), japaneseRate), {
    minLength: 1,
    maxLength: 4,
  })
  .map((cases): Printed => ({
    text: cases.map(([condition, { text }]) => `${condition} ${text}`).join(' '),
    rate: { kind: 'by-case', of: cases.map(([condition, { rate }]) => ({ condition, rate })) },
  }))

const PIECES =
  '5|1,000|33 1/3|万|.|,|、|%| |¢|$|円|each|/kg|/|1kgにつき|+| plus |-|×|(|)|〜|又は|のうちいずれか高い税率|ただしその税率が|' +
  'を下回る場合は|課税価格|無税|一部|※|◆2|Free|N/A|(A,AU)|See | on |the| but not less than '

/** What rates are made of, mixed as it comes. */
const rateSoup = fc.array(fc.constantFrom(...PIECES.split('|')), { maxLength: 60 }).map((parts) => parts.join(''))

it('a text made by the grammar is read back to the tree that made it', () => {
  fc.assert(
    fc.property(fc.oneof(englishRate, byProgramme), ({ text, rate }) => {
      expect(parseDutyRate(text, 'CA')).toEqual(rate)
    }),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(fc.oneof(japaneseRate, byGoods), ({ text, rate }) => {
      expect(parseDutyRate(text, 'JP')).toEqual(rate)
    }),
    { numRuns: 1000 },
  )
})

it('the fraction of a percentage is the decimal that is printed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_999_999 }), (thousandths) => {
      const text = `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')} %`
      expect(fractionOf(parseDutyRate(text, 'CA'))).toBe(thousandths / 100_000)
    }),
  )
})

it('any text is read without a throw, holds no figure that is not a number, and prints in every language', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ maxLength: 500, unit: 'binary' }), rateSoup),
      fc.constantFrom(...COUNTRIES),
      (text, country) => {
        const rate = parseDutyRate(text, country)
        const fraction = fractionOf(rate)
        expect(fraction === null || Number.isFinite(fraction)).toBe(true)
        expect(figuresOf(rate).every((figure) => Number.isFinite(figure) && figure >= 0)).toBe(true)
        for (const language of LANGUAGES) expect(printDutyRate(rate, language)).not.toMatch(/NaN|undefined|Infinity/)
      },
    ),
    { numRuns: 3000 },
  )
})

function figuresOf(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(figuresOf) : []
}

it('white space and full-width signs change nothing', () => {
  fc.assert(
    fc.property(japaneseRate, ({ text, rate }) => {
      const wide = text.replaceAll(/[!-~]/g, (sign) => String.fromCodePoint(sign.codePointAt(0)! + 0xfee0))
      expect(parseDutyRate(`\u3000${text}\n`, 'JP')).toEqual(rate)
      expect(withoutUnitText(parseDutyRate(wide, 'JP'))).toEqual(withoutUnitText(rate))
    }),
  )
})

function withoutUnitText(rate: DutyRate): unknown {
  return JSON.parse(JSON.stringify(rate, (key, value: unknown) => (key === 'unitText' ? undefined : value)))
}

it('comparing is antisymmetric, and a rate that compares with itself is equal', () => {
  fc.assert(
    fc.property(englishRate, englishRate, (a, b) => {
      const order = compareDutyRates(a.rate, b.rate)
      const reverse = compareDutyRates(b.rate, a.rate)
      expect(reverse === null ? null : -reverse + 0).toBe(order)
      expect(compareDutyRates(a.rate, a.rate)).toBe(0)
    }),
  )
})

it('free is never above a rate that can be computed', () => {
  fc.assert(
    fc.property(englishRate, ({ rate }) => {
      expect(compareDutyRates({ kind: 'free' }, rate)).toBeLessThanOrEqual(0)
    }),
  )
})

it.each([
  ' ',
  '9',
  '(',
  '5%+',
  '※',
  'See ',
  '(A,',
  '5円+',
  '((180円-課税価格)×',
  '毎年 ',
  '〜',
  '1,',
  'あ ',
  'but not less than ',
])('100 kB of %j is finished with', (piece) => {
  const text = piece.repeat(100_000 / piece.length)
  expect(['none', 'unparsed']).toContain(parseDutyRate(text, 'JP').kind)
  expect(() => parseDutyRate(text.slice(0, 1999), 'JP')).not.toThrow()
})
