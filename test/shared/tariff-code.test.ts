import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFailure, sentence } from '../../shared/error-codes.ts'
import { CODE_STYLES, parseTariffCode, printTariffCode, type CellValue } from '../../shared/tariff-code.ts'

function read(value: CellValue, country: string | null) {
  const reading = parseTariffCode(value, country)
  return isFailure(reading) ? reading.failed : reading
}

describe('what spreadsheets do to codes is repaired, row by row of the table', () => {
  test('a number of odd length has lost one leading zero, for certain', () => {
    for (const country of ['CA', 'US', 'GB', 'DE']) {
      expect(read(30214, country)).toEqual({ digits: '030214', repairs: ['leading-zero'], certain: true })
    }
  })

  test('nine digits are a lost zero in Canada, the United States and China, and a whole code in Japan', () => {
    for (const country of ['CA', 'US', 'CN']) {
      expect(read(302140000, country)).toEqual({ digits: '0302140000', repairs: ['leading-zero'], certain: true })
    }
    expect(read(302140000, 'JP')).toEqual({ digits: '302140000', repairs: [], certain: true })
    expect(read(302140000, null)).toBe('needs-country')
  })

  test('eight digits are a lost zero in Japan, whose lines have nine', () => {
    expect(read(20322023, 'JP')).toEqual({ digits: '020322023', repairs: ['leading-zero'], certain: true })
  })

  test('twelve digits are a lost zero in China, where thirteen are a declaration code', () => {
    expect(read(302140000101, 'CN')).toEqual({ digits: '0302140000101', repairs: ['leading-zero'], certain: true })
    expect(read('0302140000101', 'CN')).toEqual({ digits: '0302140000101', repairs: [], certain: true })
  })

  test('a decimal number is heading and subheading, if the tariff knows it', () => {
    expect(read(302.14, 'CA')).toEqual({ digits: '030214', repairs: ['leading-zero'], certain: false })
    expect(read(6109.1, 'CA')).toEqual({ digits: '610910', repairs: ['trailing-zero'], certain: false })
    expect(read(302.1, 'CA')).toEqual({ digits: '030210', repairs: ['leading-zero', 'trailing-zero'], certain: false })
  })

  test.each([
    ['0302.14.00.00', '0302140000', ['separators']],
    ['0302 14', '030214', ['separators']],
    ['0302-14', '030214', ['separators']],
    ['０３０２', '0302', ['full-width']],
    ['O302', '0302', ['letter-o']],
    ['6109100012 ', '6109100012', []],
    ['HS6109.10', '610910', ['prefix', 'separators']],
    ['HTSUS 6109.10.00.12', '6109100012', ['prefix', 'separators']],
    ['HS code: 6109.10', '610910', ['prefix', 'separators']],
    ['61091000', '61091000', []],
  ])('the text %j is %s', (text, digits, repairs) => {
    expect(read(text, 'CA')).toEqual({ digits, repairs, certain: true })
  })

  test('scientific notation has lost digits and is refused', () => {
    for (const text of ['6.1091E+09', '6,1091e+9', '6E9']) expect(read(text, 'CA')).toBe('digits-lost')
  })

  test('a date is never silently a code, and the sentence names the candidate', () => {
    const failed = parseTariffCode('01.01.21', 'CA')
    expect(isFailure(failed) && sentence(failed)).toContain('0101.21')
    for (const date of ['2021-01-01', '2021-01-01T00:00:00.000Z', '1/2/2021'])
      expect(read(date, 'CA')).toBe('looks-like-date')
  })

  test('thirteen digits are too long outside China', () => {
    expect(read('6109100012345', 'CA')).toBe('code-too-long')
    expect(read('6109100012345', 'CN')).toMatchObject({ digits: '6109100012345' })
    expect(read('61091000123456', 'CN')).toBe('code-too-long')
  })

  test.each([true, false, null, '', '   ', 'abc', '=1+1', '12a4', -5, 0.5, Number.NaN, 1e21, '🎁'])(
    '%j is not a code',
    (value) => expect(read(value, 'CA')).toBe('not-a-code'),
  )

  test('text that was cut is not padded: only bare digits lose a leading zero', () => {
    expect(read('0101.2', 'CA')).toBe('not-a-code')
    expect(read('01012', 'CA')).toBe('not-a-code')
  })
})

describe('printing', () => {
  test.each([
    ['0302140000', 'dots', '0302.14.00.00'],
    ['0302140000', 'CA', '0302.14.00.00'],
    ['0302140004', 'US', '0302.14.00.04'],
    ['0302140000', 'CN', '0302.1400.00'],
    ['030214000', 'JP', '0302.14-000'],
    ['030214', 'dots', '0302.14'],
    ['0302', 'dots', '0302'],
    ['0302140000', 'plain', '0302140000'],
    ['0302140000', '6', '030214'],
  ] as const)('%s in style %s is %s', (digits, style, printed) => expect(printTariffCode(digits, style)).toBe(printed))

  test('a code shorter than the digits asked for is not padded', () => {
    expect(printTariffCode('030214', '8')).toBeNull()
  })

  test('whatever is printed in a style reads back as the same digits', () => {
    const digits = fc.constantFrom(4, 6, 8, 10).chain((length) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`)))
    fc.assert(
      fc.property(digits, fc.constantFrom('dots', 'plain', 'CA', 'US', 'CN'), (code, style) => {
        const reading = parseTariffCode(printTariffCode(code, style), 'CN')
        expect(isFailure(reading) ? reading.failed : reading.digits).toBe(code)
      }),
    )
  })
})

test('no text, however odd, throws or takes long', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('CA', 'JP', 'CN', null),
      (text, country) => {
        const reading = parseTariffCode(text, country)
        if (!isFailure(reading)) expect(reading.digits).toMatch(/^\d{2,13}$/)
      },
    ),
  )
  for (const text of [' '.repeat(1e5), '1'.repeat(1e5), `hs${' .'.repeat(1e5)}`]) {
    expect(isFailure(parseTariffCode(text, null))).toBe(true)
  }
})

test('every style of the list prints', () => {
  for (const style of CODE_STYLES) expect(printTariffCode('6109100012', style)).toMatch(/^6[\d.]+$/)
})
