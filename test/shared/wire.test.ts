import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classificationKey, questionKey } from '../../shared/answer-key.ts'
import { parseAsk, type DescriptionAsk } from '../../shared/ask.ts'
import { claimableTreatments, parseCountry, treatmentWithoutMfn } from '../../shared/country.ts'
import {
  FAILURES,
  failure,
  isFailure,
  kindOfCode,
  readAt,
  sentence,
  type FailureName,
  type FailureSpec,
} from '../../shared/error-codes.ts'
import { FUNCTION_NAMES, functionSpec, PARAMETERS } from '../../shared/functions.ts'
import { LANGUAGES } from '../../shared/language.ts'
import { gatherOutcomes, spreadArguments, type Spread } from '../../shared/spread.ts'

describe('failures', () => {
  const names = Object.keys(FAILURES) as FailureName[]

  test('every code is its own, and every sentence stands in every language with the same details', () => {
    expect(new Set(names.map((name) => FAILURES[name].code)).size).toBe(names.length)
    for (const name of names) {
      const { code, sentence: usual, elsewhere = {} }: FailureSpec = FAILURES[name]
      expect(code).toMatch(/^TC-\d{3}$/)
      const details = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort()
      for (const texts of [usual, ...Object.values(elsewhere)]) {
        for (const language of LANGUAGES)
          expect(details(texts[language]), `${name} ${language}`).toEqual(details(usual.en))
      }
    }
  })

  test('a sentence leads with its code and never outgrows a cell message, whatever it quotes', () => {
    const long = sentence(failure('not-a-code', { value: 'x'.repeat(5000) }))
    expect(long).toMatch(/^TC-120 "x+…" is not an HS code/)
    expect(long.length).toBeLessThan(400)
  })

  test('a sentence that is read elsewhere keeps its code, and tells of no pane where there is none', () => {
    const wanted = failure('unknown-function', { value: 'HSNOPE' })
    for (const language of LANGUAGES) {
      const inCells = [sentence(wanted, language), sentence(failure('not-connected'), language)]
      const inAddress = [wanted, failure('not-connected')].map((one) => sentence(readAt('address', one), language))
      for (const texts of [inCells, inAddress])
        expect(texts.map((text) => text.slice(0, 6))).toEqual(['TC-111', 'TC-401'])
      for (const text of inCells) expect(text).toMatch(/pane|窗格|volet/)
      for (const text of inAddress) expect(text).not.toMatch(/pane|窗格|volet/)
      expect(sentence(readAt('terminal', wanted), language)).toMatch(/^TC-111 (?!.*(?:pane|窗格|volet)).*README\.md/)
      expect(inAddress[1]).toContain('&key=')
      expect(inCells[1]).not.toContain('Bearer')
      expect(sentence(readAt('program', failure('not-connected')), language)).toContain('Bearer')
    }
    expect(sentence(readAt('address', failure('no-points')))).toBe(sentence(failure('no-points')))
  })

  test('how to ask again is said for Excel and for Google Sheets', () => {
    for (const name of ['pending', 'proxy-unreachable', 'proxy-timeout', 'no-answer-came'] as const) {
      for (const language of LANGUAGES) {
        const text = sentence(failure(name), language)
        expect(text).toMatch(/Excel.*Google|Google.*Excel/)
        expect(text).not.toMatch(/recalc|重新计算/i)
        expect(text.length).toBeLessThan(300)
      }
    }
  })

  test('the kind of a failure follows from its code alone, as the add-ins need it', () => {
    for (const name of names) expect(kindOfCode(FAILURES[name].code)).toBe(FAILURES[name].kind)
    expect(kindOfCode('TC-999')).toBe('service')
  })
})

describe('the catalogue', () => {
  test('every function ends with [options], names no cell address, and explains itself in every language', () => {
    for (const name of FUNCTION_NAMES) {
      const spec = functionSpec(name)
      expect(spec.optional.at(-1), name).toBe('options')
      expect(name).not.toMatch(/^[A-Z]{1,3}\d+$/)
      for (const language of LANGUAGES) expect(spec.summary[language].length, name).toBeGreaterThan(3)
      expect(spec.example.startsWith(`=${name}(`), name).toBe(true)
      if (spec.shape === 'table') expect(spec.columns?.length, name).toBeGreaterThan(1)
    }
    for (const parameter of Object.values(PARAMETERS))
      for (const language of LANGUAGES) expect(parameter.help[language]).not.toBe('')
  })
})

describe('countries', () => {
  test.each([
    ['CA', 'CA'],
    ['canada', 'CA'],
    ['United States', 'US'],
    ['U.S.A.', 'US'],
    ['P.R. China', 'CN'],
    ['中国', 'CN'],
    ['Viet Nam', 'VN'],
    ["Côte d'Ivoire", 'CI'],
    ['UK', 'GB'],
    ['Türkiye', 'TR'],
    ['turkey', 'TR'],
  ])('%s is %s', (text, country) => expect(parseCountry(text)).toBe(country))

  test('what is no country is a failure', () => {
    for (const text of ['XX', 'Atlantis', '', '12', 'constructor']) expect(isFailure(parseCountry(text))).toBe(true)
  })

  test('an origin claims the agreements of its destination', () => {
    expect(claimableTreatments('CA', 'MX')).toEqual(['MXT', 'CPTPT'])
    expect(claimableTreatments('CA', 'DE')).toEqual(['CEUT'])
    expect(claimableTreatments('US', 'KR')).toEqual(['KR'])
    expect(claimableTreatments('JP', 'VN')).toEqual(['EPA-ASEAN', 'EPA-VN', 'EPA-CPTPP', 'EPA-RCEP-ASEAN'])
    expect(claimableTreatments('CA', 'BR')).toEqual([])
    for (const own of ['CA', 'US', 'JP']) expect(claimableTreatments(own, own)).toEqual([])
    expect(treatmentWithoutMfn('US', 'RU')).toBe('COL2')
    expect(treatmentWithoutMfn('CA', 'KP')).toBe('GT')
    expect(treatmentWithoutMfn('CA', 'US')).toBeNull()
  })
})

describe('keys', () => {
  const ask = (text: string, ...more: string[]) => parseAsk('HSCODE', [text, ...more]) as DescriptionAsk

  test('one text has one key, whatever the cell calls the country and however the text is spaced', () => {
    const key = classificationKey(ask(' cotton  shirt', 'Canada'), 'embedded', 'e')
    expect(classificationKey(ask('cotton shirt'), 'embedded', 'e')).toBe(key)
    expect(classificationKey(parseAsk('HSCONF', ['cotton shirt']) as DescriptionAsk, 'embedded', 'e')).toBe(key)
    expect(classificationKey(ask('cotton shirt', 'US'), 'embedded', 'e')).not.toBe(key)
    expect(classificationKey(ask('cotton shirt', 'CA', 'material=silk'), 'embedded', 'e')).not.toBe(key)
    expect(classificationKey(ask('cotton shirt'), 'embedded', 'f')).not.toBe(key)
    expect(classificationKey(ask('Cotton shirt'), 'embedded', 'e')).not.toBe(key)
  })

  test('different cells never have the same key', () => {
    const args = fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(args, args, (a, b) => {
        const trimmed = (list: unknown[]): unknown[] => list.slice(0, list.findLastIndex((one) => one !== '') + 1)
        const same = JSON.stringify(trimmed(a)) === JSON.stringify(trimmed(b))
        expect(questionKey('HSCODE', a) === questionKey('HSCODE', b)).toBe(same)
      }),
    )
  })
})

describe('ranges', () => {
  const spread = (...args: Parameters<typeof spreadArguments>[1]): Spread => {
    const result = spreadArguments('HSRATE', args)
    if (isFailure(result)) throw new Error(sentence(result))
    return result
  }

  test('a column with a row makes a table, a cell goes with everything', () => {
    const { rows, columns, args } = spread([['a'], ['b']], [['CA', 'US', 'JP']], 'MX')
    expect([rows, columns]).toEqual([2, 3])
    expect(args).toEqual([
      ['a', 'CA', 'MX'],
      ['a', 'US', 'MX'],
      ['a', 'JP', 'MX'],
      ['b', 'CA', 'MX'],
      ['b', 'US', 'MX'],
      ['b', 'JP', 'MX'],
    ])
  })

  test('ranges that do not go together and ranges past the limit are refused', () => {
    expect(
      spreadArguments('HSRATE', [
        [['a'], ['b']],
        [['x'], ['y'], ['z']],
      ]),
    ).toMatchObject({ failed: 'bad-arguments' })
    expect(spreadArguments('HSCODE', [Array.from({ length: 2001 }, () => ['a'])])).toMatchObject({
      failed: 'too-many-cells',
    })
  })

  test('a range that is too large without its blank end is taken for what is in it; any other keeps its blank end', () => {
    const column = (filled: number, rows: number) => Array.from({ length: rows }, (_, row) => [row < filled ? 'a' : ''])
    expect(spread(column(300, 50_000), [['CA', 'US']])).toMatchObject({ rows: 300, columns: 2 })
    expect(spread(column(300, 50_000), column(301, 50_000))).toMatchObject({ rows: 301, columns: 1 })
    expect(spread(column(0, 50_000))).toEqual({ rows: 1, columns: 1, args: [['']] })
    expect(spread(column(3, 10))).toMatchObject({ rows: 10 })
    expect(spreadArguments('HSCODE', [column(2001, 50_000)])).toMatchObject({ details: { count: 2001 } })
    expect(spreadArguments('HSCODE', [column(11, 50_000)], 10)).toMatchObject({ details: { count: 11, max: 10 } })
  })

  test('tables over a range stand below each other, each row led by its input', () => {
    const result = gatherOutcomes<unknown>(
      'table',
      spread([['a'], ['b']]),
      [
        {
          table: [
            [1, 2],
            [3, 4],
          ],
        },
        { cell: 'error' },
      ],
      '',
    )
    expect(result).toEqual([
      ['a', 1, 2],
      ['a', 3, 4],
      ['b', 'error', ''],
    ])
  })

  test('a sum counts equal cells once and lets an error through', () => {
    expect(
      gatherOutcomes<unknown>(
        'sum',
        spread([['a'], ['a'], ['b'], ['']]),
        [{ cell: 1 }, { cell: 1 }, { cell: 1 }, { cell: '' }],
        '',
      ),
    ).toEqual([[2]])
    expect(gatherOutcomes<unknown>('sum', spread([['a'], ['b']]), [{ cell: 1 }, { cell: { error: 1 } }], '')).toEqual([
      [{ error: 1 }],
    ])
  })

  test('every answer keeps its place in the shape', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), (rows, columns) => {
        const range = Array.from({ length: rows }, (_, row) =>
          Array.from({ length: columns }, (_, column) => `${row},${column}`),
        )
        const shape = spread(range)
        expect(
          gatherOutcomes(
            'value',
            shape,
            shape.args.map((args) => ({ cell: args[0]! })),
            '',
          ),
        ).toEqual(range)
      }),
    )
  })
})
