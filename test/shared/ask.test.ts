import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BLANK, parseAsk } from '../../shared/ask.ts'
import { normaliseDescription } from '../../shared/read-cell.ts'
import { failureCode, isFailure, sentence } from '../../shared/error-codes.ts'
import { FUNCTION_NAMES, functionSpec } from '../../shared/functions.ts'
import { OPTION_KEYS, parseOptions, printOptions } from '../../shared/options.ts'
import type { CellValue } from '../../shared/tariff-code.ts'

function failed(fn: string, ...args: CellValue[]): string {
  const ask = parseAsk(fn, args)
  return ask !== BLANK && isFailure(ask) ? ask.failed : JSON.stringify(ask)
}

describe('a bad description has its own coded sentence', () => {
  test.each<[string, CellValue, string]>([
    ['600 characters', 'x'.repeat(600), 'text-too-long'],
    ['a million characters', 'x'.repeat(1e6), 'text-too-long'],
    ['emoji alone', '🎁🎉', 'no-words'],
    ['punctuation alone', '???', 'no-words'],
    ['control characters', 'cotton\u0000shirt', 'control-characters'],
    ['a DDE payload', "=cmd|'/C calc'!A0", 'looks-like-formula'],
    ['an at-formula', '@SUM(1)', 'looks-like-formula'],
    ['a plus payload', "+cmd|' /C calc'!A0", 'looks-like-formula'],
    ['a number', 12345, 'number-not-text'],
    ['a number as text', '12,345.67', 'number-not-text'],
    ['a truth value', true, 'number-not-text'],
    ['a date', '2026-01-31', 'date-not-text'],
    ['a date as shown', '31/01/2026', 'date-not-text'],
  ])('%s', (_, value, name) => expect(failed('HSCODE', value)).toBe(name))

  test('goods that begin with a sign or hold an emoji, a line break or a tab are goods', () => {
    for (const text of [
      '-20°C freezer bags',
      '+size dress',
      'mug 🎁 gift',
      'cotton\nshirt',
      'cotton\tshirt',
      '10 mm bolt',
    ]) {
      expect(failed('HSCODE', text)).toContain('"description"')
    }
  })
})

test('a blank cell is blank for every function with a subject, and costs no question', () => {
  for (const name of FUNCTION_NAMES) {
    if (functionSpec(name).required.length === 0) continue
    for (const blank of ['', '  ', null, 0]) expect(parseAsk(name, [blank, 'CA'])).toBe(BLANK)
  }
})

test('names are read in any case, unknown ones are refused', () => {
  expect(parseAsk('hscode', ['shirt'])).toMatchObject({ fn: 'HSCODE' })
  expect(failed('HSNOPE', 'x')).toBe('unknown-function')
  expect(failed('toString', 'x')).toBe('unknown-function')
})

test('too few and too many arguments name the signature', () => {
  const ask = parseAsk('HSRATE', ['610910'])
  expect(ask !== BLANK && isFailure(ask) && sentence(ask)).toBe(
    'TC-110 HSRATE takes HSRATE(code, country, [origin], [options]).',
  )
  expect(failed('HSCODE', 'a', 'CA', '', 'x')).toBe('bad-arguments')
  expect(failed('HSRATE', '610910', '')).toBe('bad-arguments')
})

test('an unknown country, choice or option says what is known', () => {
  expect(failed('HSCODE', 'shirt', 'Narnia')).toBe('unknown-country')
  expect(failed('HSDESC', '6109', 'CA', 'de')).toBe('unknown-choice')
  expect(failed('HSFORMAT', '6109', 'fancy')).toBe('unknown-choice')
  const ask = parseAsk('HSCODE', ['shirt', 'CA', 'colour=red'])
  expect(ask !== BLANK && isFailure(ask) && sentence(ask)).toContain('Known: digits, min, material')
})

describe('options', () => {
  test.each([
    'digits=7',
    'min=2',
    'min=',
    'fresh=yes',
    'date=2026-02-30',
    'date=01/02/2026',
    'n=0',
    'lang=de',
    'material=',
    'country=XX',
  ])('%s is refused with what was expected', (source) => {
    const options = parseOptions(source)
    expect(isFailure(options) && failureCode(options)).toBe('TC-109')
  })

  test('an option that nobody knows is refused with those that are', () => {
    const options = parseOptions('colour=red')
    expect(isFailure(options) && failureCode(options)).toBe('TC-108')
  })

  test('keys come in any order, case and width, and print in one', () => {
    const options = parseOptions(' LANG=fr；min＝0,6 ;; n=3')
    expect(options).toEqual({ lang: 'fr', min: 0.6, n: 3 })
    expect(isFailure(options) || printOptions(options)).toBe('lang=fr;min=0.6;n=3')
  })

  test('no key of the object prototype is an option', () => {
    for (const key of ['constructor', '__proto__', 'hasOwnProperty'])
      expect(isFailure(parseOptions(`${key}=1`))).toBe(true)
    expect(OPTION_KEYS).not.toContain('constructor')
  })
})

test('normalising folds width and white space, keeps case and powers', () => {
  expect(normaliseDescription('  Ｃｏｔｔｏｎ\u200b  T-shirt \n x2')).toBe('Cotton T-shirt x2')
  expect(normaliseDescription('10⁵ Pa, H₂O, ½')).toBe('10⁵ Pa, H₂O, ½')
})

test('no arguments, however odd, make it throw', () => {
  const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.double(), fc.boolean(), fc.constant(null))
  fc.assert(
    fc.property(fc.constantFrom(...FUNCTION_NAMES), fc.array(value, { maxLength: 6 }), (name, args) => {
      expect(() => parseAsk(name, args)).not.toThrow()
    }),
  )
})

describe('look-ups', () => {
  test.each([
    ['HSTRADE', ['610910'], { subject: { code: '610910' }, role: 'exporter', from: null, to: null }],
    ['HSTRADE', [30211], { subject: { code: '030211' } }],
    ['HSTRADE', [610910], { subject: { code: '610910' } }],
    ['HSTRADE', [302], { subject: { code: '0302' } }],
    ['HSTRADE', ['6109.1'], { subject: { code: '61091' } }],
    ['HSTRADE', ['61091'], { subject: { code: '61091' } }],
    ['HSTRADE', ['610910000'], { subject: { code: '610910000' } }],
    ['HSTRADE', ['0302.11 00'], { subject: { code: '03021100' } }],
    ['HSTRADE', [610910000, '', '', '', 'country=CA'], { subject: { code: '0610910000' } }],
    ['HSTRADE', [610910000, '', '', '', 'country=JP'], { subject: { code: '610910000' } }],
    ['HSTRADE', ['3D printer'], { subject: { product: '3D printer' } }],
    ['HSTRADE', ['HS brand shoes 6109'], { subject: { product: 'HS brand shoes 6109' } }],
    [
      'HSTRADE',
      ['pet food', 'importer', '2025/4/1', 46000],
      { subject: { product: 'pet food' }, role: 'importer', from: '2025-04-01', to: '2025-12-09' },
    ],
    ['HSHAZARD', ['67-64-1'], { substance: '67-64-1' }],
    ['HSDETAIL', ['3926909090', 'CN', 'Elements'], { country: 'CN', section: 'elements' }],
    ['HSSEARCH', ['bicycle', '', 'country=US'], { keywords: 'bicycle', country: 'US' }],
    ['HSIMAGE', ['https://example.com/a.jpg'], { url: 'https://example.com/a.jpg' }],
    ['HSEXPERT', ['a1b2c3d4-0000'], { form: 'a1b2c3d4-0000', field: 'status' }],
  ] as const)('%s %j is read', (fn, args, expected) => {
    expect(parseAsk(fn, args)).toMatchObject(expected)
  })

  test.each([
    ['HSTRADE', ['shoes', 'seller'], 'unknown-choice'],
    ['HSTRADE', ['shoes', '', '2026-02-30'], 'bad-date'],
    ['HSTRADE', ['shoes', '', '2026-02-01', '2026-01-01'], 'bad-period'],
    ['HSTRADE', ['1'], 'not-a-code'],
    ['HSTRADE', [1.5], 'not-a-code'],
    ['HSTRADE', [-6109], 'not-a-code'],
    ['HSTRADE', [3926909090101], 'not-a-code'],
    ['HSTRADE', [6109.1], 'ambiguous-code'],
    ['HSTRADE', [8517.1], 'ambiguous-code'],
    ['HSTRADE', [302.11], 'ambiguous-code'],
    ['HSTRADE', [610910000], 'needs-country'],
    ['HSTRADE', ['6.1091E+9'], 'digits-lost'],
    ['HSIMAGE', ['file:///etc/passwd'], 'bad-image-address'],
    ['HSIMAGE', ['https://example.com/a b.jpg'], 'bad-image-address'],
    ['HSIMAGE', ['photo.jpg'], 'bad-image-address'],
    ['HSEXPERT', ['../../etc'], 'not-a-form'],
    ['HSHAZARD', ['=cmd|calc'], 'looks-like-formula'],
    ['HSHAZARD', ['x'.repeat(81)], 'text-too-long'],
    ['HSDETAIL', ['3926909090', ''], 'bad-arguments'],
    ['HSDETAIL', ['3926909090', 'CN', 'colour'], 'unknown-choice'],
  ] as const)('%s %j is refused with %s', (fn, args, failed) => {
    expect(parseAsk(fn, args)).toMatchObject({ failed })
  })

  test('no number becomes a code of trade that it may not have been', () => {
    expect(parseAsk('HSTRADE', [6109.1])).toMatchObject({ details: { value: '6109.1', candidates: '6109.10' } })
    expect(parseAsk('HSTRADE', [302.11])).toMatchObject({ details: { candidates: '0302.11' } })
  })
})
