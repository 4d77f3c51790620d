import { describe, expect, it } from 'vitest'

import type { Country } from '../../shared/country.ts'
import {
  compareDutyRates,
  fractionOf,
  parseDutyRate,
  printDutyRate,
  type DutyRate,
  type SpecificRate,
} from '../../shared/duty-rate.ts'

const free: DutyRate = { kind: 'free' }

function percent(fraction: number, basis?: string): DutyRate {
  return { kind: 'ad-valorem', fraction, ...(basis === undefined ? {} : { basis }) }
}

function amount(figure: number, currency: string, unitText: string, more: Partial<SpecificRate> = {}): DutyRate {
  return { kind: 'specific', amount: figure, currency, per: 1, unit: 'kg', unitText, ...more }
}

describe('a rate is read as the tariff means it', () => {
  const kg = (figure: number, currency: string) => amount(figure, currency, 'kg')
  const cases: [Country, string, DutyRate][] = [
    // Canada
    ['CA', 'Free', free],
    ['CA', '18 %', percent(0.18)],
    ['CA', '154.5 %', percent(1.545)],
    ['CA', '34.2¢/kg', kg(0.342, 'CAD')],
    ['CA', '$30.86/tonne', amount(30.86, 'CAD', 'tonne', { unit: 't' })],
    ['CA', '$.99/tonne', amount(0.99, 'CAD', 'tonne', { unit: 't' })],
    ['CA', '0.86 ¢each', amount(0.0086, 'CAD', 'each', { unit: 'no' })],
    [
      'CA',
      '4.92 ¢/litre of absolute ethyl alcohol',
      amount(0.0492, 'CAD', 'litre of absolute ethyl alcohol', { unit: 'l-alcohol' }),
    ],
    [
      'CA',
      '$106.50/tonne plus 7 %',
      { kind: 'sum', of: [amount(106.5, 'CAD', 'tonne', { unit: 't' }), percent(0.07)] },
    ],
    [
      'CA',
      '256 % but not less than $36.67/hl',
      { kind: 'greater-of', of: [percent(2.56), amount(36.67, 'CAD', 'hl', { unit: 'hl' })] },
    ],
    [
      'CA',
      '1.88 ¢/kg but not less than 4 % plus 4 %',
      { kind: 'sum', of: [{ kind: 'greater-of', of: [kg(0.0188, 'CAD'), percent(0.04)] }, percent(0.04)] },
    ],
    [
      'CA',
      '5 % but not less than 4.74 ¢/kg or more than 9.48 ¢/kg',
      { kind: 'less-of', of: [{ kind: 'greater-of', of: [percent(0.05), kg(0.0474, 'CAD')] }, kg(0.0948, 'CAD')] },
    ],
    // United States
    ['US', '7.5%', percent(0.075)],
    ['US', '33 1/3%', percent(1 / 3)],
    ['US', '6.5% on the entire set', percent(0.065, 'on the entire set')],
    ['US', '1.5 percent of the fair retail value', percent(0.015, 'of the fair retail value')],
    ['US', '3.7¢/kg on drained weight', amount(0.037, 'USD', 'kg', { basis: 'on drained weight' })],
    [
      'US',
      '$1.32/t, including weight of container',
      amount(1.32, 'USD', 't', { unit: 't', basis: 'including weight of container' }),
    ],
    ['US', '10¢/1,000 pins', amount(0.1, 'USD', '1,000 pins', { per: 1000, unit: 'pin' })],
    ['US', '$2.50/thou- sand', amount(2.5, 'USD', 'thou- sand', { per: 1000, unit: 'no' })],
    ['US', '0.5¢/pf.liter', amount(0.005, 'USD', 'pf.liter', { unit: 'l-proof' })],
    ['US', '86.1¢/m2of recording surface', amount(0.861, 'USD', 'm2', { unit: 'm2', basis: 'of recording surface' })],
    ['US', '0.9¢ each + 15.8%', { kind: 'sum', of: [amount(0.009, 'USD', 'each', { unit: 'no' }), percent(0.158)] }],
    ['US', '9.9¢/kg+ 25%', { kind: 'sum', of: [kg(0.099, 'USD'), percent(0.25)] }],
    [
      'US',
      '43¢ each + 2.8¢/jewel over 7 + 3.7% on the case',
      {
        kind: 'sum',
        of: [
          amount(0.43, 'USD', 'each', { unit: 'no' }),
          amount(0.028, 'USD', 'jewel', { unit: 'jewel', basis: 'over 7' }),
          percent(0.037, 'on the case'),
        ],
      },
    ],
    [
      'US',
      '3.6606¢/kg less 0.020668¢ /kg for each degree under 100 but not less 3.143854¢/kg',
      {
        kind: 'greater-of',
        of: [
          {
            kind: 'difference',
            from: kg(0.036606, 'USD'),
            less: amount(0.00020668, 'USD', 'kg', { basis: 'for each degree under 100' }),
          },
          kg(0.03143854, 'USD'),
        ],
      },
    ],
    ['US', 'See 9822.04.25', { kind: 'reference', text: 'See 9822.04.25' }],
    ['US', 'No change.', { kind: 'reference', text: 'No change' }],
    [
      'US',
      'The duty provided in the applicable subheading +25%',
      {
        kind: 'sum',
        of: [{ kind: 'reference', text: 'The duty provided in the applicable subheading' }, percent(0.25)],
      },
    ],
    ['US', 'Free, under bond', { kind: 'by-case', of: [{ condition: 'under bond', rate: free }] }],
    [
      'US',
      'Free (A+, AU,BH ,D,)2.7% (JP) See 9822.04.25 (S+)',
      {
        kind: 'by-case',
        of: [
          { condition: 'A+, AU, BH, D', rate: free },
          { condition: 'JP', rate: percent(0.027) },
          { condition: 'S+', rate: { kind: 'reference', text: 'See 9822.04.25' } },
        ],
      },
    ],
    // China
    ['CN', '0%', percent(0)],
    ['CN', '13.5%', percent(0.135)],
    // Japan
    ['JP', '無税', free],
    ['JP', '免税', free],
    ['JP', '(無税）', { ...free, bracketed: true }],
    ['JP', '（3.3％）', { ...percent(0.033), bracketed: true }],
    ['JP', '1,268.73円/kg', kg(1268.73, 'JPY')],
    ['JP', '170万円/頭', amount(1_700_000, 'JPY', '頭', { unit: 'head' })],
    [
      'JP',
      '8.5%＋290.70円/1,000本',
      { kind: 'sum', of: [percent(0.085), amount(290.7, 'JPY', '1,000本', { per: 1000, unit: 'no' })] },
    ],
    ['JP', '29.8%+ 915円/kg', { kind: 'sum', of: [percent(0.298), kg(915, 'JPY')] }],
    ['JP', '10%又は6円/kgのうちいずれか高い税率', { kind: 'greater-of', of: [percent(0.1), kg(6, 'JPY')] }],
    [
      'JP',
      '15%又は125円/lのうちいずれか低い税率 ただしその税率が67円/lを下回る場合は67円/l',
      {
        kind: 'greater-of',
        of: [
          { kind: 'less-of', of: [percent(0.15), amount(125, 'JPY', 'l', { unit: 'l' })] },
          amount(67, 'JPY', 'l', { unit: 'l' }),
        ],
      },
    ],
    [
      'JP',
      '(2.5%)〜(12%)',
      { kind: 'range', from: { ...percent(0.025), bracketed: true }, to: { ...percent(0.12), bracketed: true } },
    ],
    [
      'JP',
      '無税〜50%又は12円/kgのうちいずれか高い税率 ◆3',
      { kind: 'range', from: free, to: { kind: 'greater-of', of: [percent(0.5), kg(12, 'JPY')] }, marks: ['◆3'] },
    ],
    ['JP', '●2.2%又は非譲許', { kind: 'one-of', of: [percent(0.022), { kind: 'none', text: '非譲許' }], marks: ['●'] }],
    ['JP', '◎10% ◆2', { ...percent(0.1), marks: ['◎', '◆2'] }],
    ['JP', '**(61.9%)', { ...percent(0.619), bracketed: true, marks: ['**'] }],
    ['JP', '◆11', { kind: 'reference', text: '◆11' }],
    [
      'JP',
      '関税割当数量以内のもの 無税 関税割当数量以外のもの ※1%',
      {
        kind: 'by-case',
        of: [
          { condition: '関税割当数量以内のもの', rate: free },
          { condition: '関税割当数量以外のもの', rate: { ...percent(0.01), marks: ['※'] } },
        ],
      },
    ],
    ['JP', '(一部3.5%)', { kind: 'by-case', of: [{ condition: '一部', rate: percent(0.035) }], bracketed: true }],
    [
      'JP',
      '1キログラムにつき、70円に重量比による乳糖の含有率が10%を超える1%ごとに7円を加えた額',
      {
        kind: 'sum',
        of: [
          amount(70, 'JPY', 'キログラム'),
          amount(7, 'JPY', 'キログラム', { basis: '重量比による乳糖の含有率が10%を超える1%ごとに' }),
        ],
      },
    ],
    ['JP', '57 yen/kg or 3%, whichever is the greater', { kind: 'greater-of', of: [kg(57, 'JPY'), percent(0.03)] }],
  ]

  it.each(cases)('%s %s', (country, text, rate) => {
    expect(parseDutyRate(text, country)).toEqual(rate)
  })
})

describe('a gate price comes to price less factor × customs value', () => {
  it.each([
    ['(180円−課税価格)/kg', 180, 1],
    ['（524円×1.004-課税価格）/kg', 526.096, 1],
    ['(535.53円/kg-課税価格/kg)', 535.53, 1],
    ['401.65円/kg-課税価格/kg', 401.65, 1],
    ['(577.15円/kg-課税価格/kg×0.6)', 577.15, 0.6],
    ['((500円−課税価格)×10/16)/kg', 312.5, 0.625],
    ['（（課税価格×（1.007-51.46/897.59）＋51.46円）-課税価格）/kg', 51.46, 51.46 / 897.59 - 0.007],
    ['(535.53yen/kg-the value for customs duty/kg)', 535.53, 1],
  ])('%s', (text, price, valueFactor) => {
    const rate = parseDutyRate(text, 'JP')
    expect(rate).toMatchObject({ kind: 'price-less-value', currency: 'JPY', per: 1, unit: 'kg', price })
    expect(rate).toHaveProperty('valueFactor', expect.closeTo(valueFactor, 10))
  })

  it('stands beside a specific duty where the lower of the two counts', () => {
    const rate = parseDutyRate(
      '(524yen × 1.004 - the value for customs duty)/kg or 58yen/kg, whichever is the less',
      'JP',
    )
    expect(rate).toMatchObject({
      kind: 'less-of',
      of: [{ kind: 'price-less-value' }, { kind: 'specific', amount: 58 }],
    })
  })

  it.each(['(180円×課税価格)/kg×課税価格', '(180円-課税価格)', '(180円/l-課税価格/kg)', '(180円-課税価格)/kg×1/0'])(
    'is not read out of %s',
    (text) => {
      expect(parseDutyRate(text, 'JP').kind).toBe('unparsed')
    },
  )
})

describe('what is not said is not guessed', () => {
  it.each(['', '  ', '\u3000\n'])('nothing printed is no rate: %j', (text) => {
    expect(parseDutyRate(text, 'CA')).toEqual({ kind: 'none' })
  })

  it.each([
    ['N/A', 'CA'],
    ['非譲許', 'JP'],
    ['无', 'CN'],
  ])('%s is no rate, neither free nor zero', (text, country) => {
    const rate = parseDutyRate(text, country)
    expect(rate).toEqual({ kind: 'none', text })
    expect(fractionOf(rate)).toBeNull()
  })

  it.each([
    'Fre',
    '8.47 ¢/kg plus 8.',
    '1.9 ¢',
    '5 % but not less than 4.74 ¢/kg or more than 9.48 ¢',
    '18',
    '$3',
    '6,5 %',
    '5 %%',
  ])('a text that was cut short is unparsed and kept: %s', (text) => {
    expect(parseDutyRate(text, 'CA')).toEqual({ kind: 'unparsed', text })
  })

  it.each(['5% 10%', 'Free (A) 3%', 'その他のもの', '9% その他のもの 5%'])(
    'a rate without its condition is unparsed: %s',
    (text) => {
      expect(parseDutyRate(text, 'JP').kind).toBe('unparsed')
    },
  )

  it('rates by season are unparsed', () => {
    const text = '毎年6月1日から同年11月30日までに輸入されるもの 10% 毎年12月1日から翌年5月31日までに輸入されるもの 20%'
    expect(parseDutyRate(text, 'JP').kind).toBe('unparsed')
  })

  it('dollars of a country whose dollar is not known are unparsed', () => {
    expect(parseDutyRate('$3/kg', 'AU').kind).toBe('unparsed')
    expect(parseDutyRate('3%', 'AU')).toEqual(percent(0.03))
  })
})

describe('fractionOf', () => {
  it.each([
    ['6.8%', 0.068],
    ['2.2 %', 0.022],
    ['14.9%', 0.149],
    ['0.1%', 0.001],
    ['Free', 0],
    ['0%', 0],
    ['(2.5%)', 0.025],
  ])('%s is exactly %d', (text, fraction) => {
    expect(fractionOf(parseDutyRate(text, 'JP'))).toBe(fraction)
  })

  it.each([
    ['a compound rate', '5% + 3¢/kg'],
    ['a sum of percentages', '5% + 3%'],
    ['a specific rate', '3¢/kg'],
    ['a minimum', '5% but not less than 3¢/kg'],
    ['a share of a part', '5% on the case'],
    ['a conditional rate', 'Free, under bond'],
    ['a rate of one programme', '5% (JP)'],
    ['a range', '無税〜3%'],
    ['a rate with a note', '◎5%'],
    ['a reference', 'See 9822.04.25'],
    ['an unparsed text', 'Fre'],
  ])('%s is never collapsed into a number', (_, text) => {
    expect(fractionOf(parseDutyRate(text, 'US'))).toBeNull()
  })
})

describe('compareDutyRates', () => {
  it.each([
    ['5%', '10%', -1],
    ['10%', '5%', 1],
    ['5%', '5.0 %', 0],
    ['Free', '0%', 0],
    ['Free', '3¢/kg', -1],
    ['3¢/kg', '$40/t', -1],
    ['$30/t', '3¢/kg', 0],
    ['5% + 3¢/kg', '6% + 3¢/kg', -1],
    ['5%', '5% + 3¢/kg', -1],
    ['5%', '5% but not less than 3¢/kg', -1],
    ['6% but not less than 3¢/kg', '5%', 1],
    ['5% but not less than 3¢/kg', '5% but not less than 3¢/kg', 0],
    ['5% but not less than 3¢/kg', '6% but not less than 4¢/kg', -1],
    ['5% but not more than 3¢/kg', '5%', -1],
  ])('%s against %s is %d', (a, b, order) => {
    expect(compareDutyRates(parseDutyRate(a, 'US'), parseDutyRate(b, 'US'))).toBe(order)
  })

  it.each([
    ['5%', '3¢/kg'],
    ['3¢/kg', '3¢/liter'],
    ['5% + 3¢/kg', '6% + 2¢/kg'],
    ['3¢/kg', '3¢/kg on drained weight'],
    ['5%', 'See 9822.04.25'],
    ['5%', 'N/A'],
    ['5%', '◎4%'],
    ['Fre', 'Fre'],
  ])('%s against %s depends on more than the text', (a, b) => {
    expect(compareDutyRates(parseDutyRate(a, 'US'), parseDutyRate(b, 'US'))).toBeNull()
  })
})

describe('printDutyRate', () => {
  const print = (country: Country, text: string) => printDutyRate(parseDutyRate(text, country), 'en')

  it.each([
    ['CA', '18 % but not less than $4.52/kg', '18 % but not less than 4.52 CAD/kg'],
    ['CA', '1.88 ¢/kg but not less than 4 % plus 4 %', '(0.0188 CAD/kg but not less than 4 %) + 4 %'],
    ['US', '57¢/pr. + 1.4%', '0.57 USD/pair + 1.4 %'],
    ['JP', '（524円×1.004-課税価格）/kg', '(526.096 JPY − customs value)/kg'],
    ['JP', '関税割当数量以内のもの 無税 その他のもの 10%', 'within the quota: free; other: 10 %'],
    ['US', 'Fre', 'Fre'],
  ])('%s %s is printed for people', (country, text, sentence) => {
    expect(print(country, text)).toBe(sentence)
  })

  it('brackets are shown where they stand and explained once', () => {
    expect(print('JP', '(2.5%)〜(12%)')).toMatch(/^from \[2\.5 %\] to \[12 %\] \([^()]+\)$/)
  })

  it('each language has its own words and decimal sign', () => {
    const rate = parseDutyRate('18.5 % but not less than $4.52/dozen', 'CA')
    expect(printDutyRate(rate, 'fr')).toBe('18,5 %, mais pas moins de 4,52 CAD/douzaine')
    expect(printDutyRate(rate, 'zh')).toBe('18.5%，但不低于4.52 CAD/打')
  })
})
