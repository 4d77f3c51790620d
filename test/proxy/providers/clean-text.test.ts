import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanText, readCode } from '../../../proxy/providers/clean-text.ts'

// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/
const MARKUP = /<[a-z/!?]/i
const FORMULA = /^\s*[=+\-@＝＋－＠|%]/

/** Text out of what does harm: tags, entities, formulas, invisible characters, halves of pairs, and much of it. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '<b>',
        '</b>',
        '&lt;',
        '&gt;',
        '&amp;',
        'amp;',
        'lt;',
        '<img src=x onerror=1',
        '=',
        '+',
        '-',
        '@',
        '|',
        '\u0000',
        '\u202e',
        '\ufeff',
        '\u00ad',
        '\ud800',
        '\udc00',
        '😀',
        '\n',
        '\t',
        ' ',
        "'",
        '&nbsp;',
        'x'.repeat(300),
      ),
      fc.string({ unit: 'binary', maxLength: 30 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))

describe('cleaned text', () => {
  test('holds no control character, no tag and half of no pair, begins no formula, and is at most 500 characters', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const cleaned = cleanText(text)
        expect(cleaned).not.toMatch(CONTROL)
        expect(cleaned).not.toMatch(MARKUP)
        expect(cleaned).not.toMatch(FORMULA)
        expect(cleaned).not.toMatch(/\p{Surrogate}/u)
        expect(cleaned.length).toBeLessThanOrEqual(500)
      }),
      { numRuns: 1000 },
    )
  })

  test('is the same when it is cleaned again', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(cleanText(cleanText(text))).toBe(cleanText(text))
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['Cotton <em>T-shirt</em>', 'Cotton T-shirt'],
    ['Salt &amp; pepper', 'Salt & pepper'],
    ['less than 5 < 6 kg', 'less than 5 < 6 kg'],
    ['  two\n lines ', 'two lines'],
    ['=1+1', "'=1+1"],
    ['\u0000=1+1', "'=1+1"],
    ['<b>=1+1</b>', "'=1+1"],
    ['-5', "'-5"],
    ['&lt;img src=x onerror=1&gt;shoe', 'shoe'],
    ['&amp;lt;img src=x&amp;gt;shoe', 'shoe'],
    ['<<b>script>shoe', 'shoe'],
    ['shoe <img src=x', 'shoe ＜img src=x'],
    ['手提包', '手提包'],
    [12.5, '12.5'],
    [Number.POSITIVE_INFINITY, ''],
    [Number.NaN, ''],
    [null, ''],
    [{}, ''],
    [true, ''],
  ])('of %j is %j', (value, cleaned) => {
    expect(cleanText(value)).toBe(cleaned)
  })

  test('that is too long ends with an ellipsis, whole characters before it', () => {
    expect(cleanText('x'.repeat(500))).toBe('x'.repeat(500))
    expect(cleanText('x'.repeat(10_000))).toBe(`${'x'.repeat(499)}…`)
    expect(cleanText('😀'.repeat(400))).toBe(`${'😀'.repeat(249)}…`)
    expect(cleanText(`=${'x'.repeat(10_000)}`)).toHaveLength(500)
  })
})

describe('a code', () => {
  test.each([
    ['6109.10', '610910'],
    ['6109 10 00 12', '6109100012'],
    ['0101', '0101'],
    ['9'.repeat(13), '9'.repeat(13)],
    ['610', null],
    ['9'.repeat(14), null],
    [610910, null],
    ['=610910', null],
    ['610910\u202e', null],
    ['٦١٠٩١٠', null],
    ['x'.repeat(10_000), null],
    [null, null],
  ])('%j is read as %j', (value, code) => {
    expect(readCode(value)).toBe(code)
  })
})
