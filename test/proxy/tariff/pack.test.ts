import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { sealOf, TariffPackError, writePack, type PackLine, type TariffPack } from '../../../proxy/tariff/pack.ts'
import { linesOf, readPack } from '../../../proxy/tariff/read-pack.ts'
import { ABOUT, makePack } from './make-pack.ts'

const SMALL = makePack({
  '0101': [],
  '01012100': ['Free', 'Free'],
  '0101210000': ['', '', 'NMB'],
  '04061020': ['245.5 % but not less than $4.52/kg', '?'],
  '0406102000': ['', '', 'KGM|NMB'],
})

/** The pack with its header and lines changed, sealed again: only what is wrong with its content is wrong. */
function resealed(pack: TariffPack, change: (header: Record<string, unknown>, lines: string[]) => void): string {
  const [first = '', ...lines] = writePack(pack).split('\n')
  const { sha256: _, ...header } = JSON.parse(first) as Record<string, unknown>
  change(header, lines)
  const body = lines.join('\n')
  return `${JSON.stringify({ ...header, sha256: sealOf(header, body) })}\n${body}`
}

function failureOf(text: string): TariffPackError {
  try {
    readPack(text)
  } catch (error) {
    if (error instanceof TariffPackError) return error
    throw error
  }
  throw new Error('The pack was read.')
}

const codes = fc
  .tuple(fc.constantFrom(2, 4, 6, 8, 10), fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }))
  .map(([digits, number]) => String(number).slice(0, digits))
const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll(/\s+/gu, ' ').trim())
const lines = fc.uniqueArray(
  fc.record<PackLine>({
    code: codes,
    units: fc.array(fc.constantFrom('KGM', 'No.', 'm²'), { maxLength: 2 }),
    rates: fc.array(fc.oneof(cell, fc.constantFrom('', '?', 'Free', '無税')), { minLength: 2, maxLength: 2 }),
    isImplied: fc.boolean(),
    isEmpty: fc.boolean(),
    text: fc.option(cell.filter((text) => text !== '')),
  }),
  { selector: (line) => line.code, maxLength: 40 },
)

describe('a pack', () => {
  test('reads back as it was written, with its lines sorted', () => {
    fc.assert(
      fc.property(lines, (drawn) => {
        const pack = { ...SMALL, lines: drawn }
        const loaded = readPack(writePack(pack))
        expect([...linesOf(loaded)]).toEqual(drawn.toSorted((a, b) => (a.code < b.code ? -1 : 1)))
      }),
    )
  })

  test('keeps what is said about the edition', () => {
    const { header } = readPack(writePack({ ...SMALL, about: { ...ABOUT, effectiveTo: '2026-12-31' } }))
    expect(header).toMatchObject({ ...ABOUT, effectiveTo: '2026-12-31', treatments: SMALL.treatments, rows: 5 })
  })

  test('is the same text whatever the order of its lines', () => {
    expect(writePack({ ...SMALL, lines: SMALL.lines.toReversed() })).toBe(writePack(SMALL))
  })

  test('changes only the rows of a rate that changes', () => {
    const raised = makePack({ '01012100': ['5 %', 'Free'], '01012900': ['8 %'], '01013000': ['Free'] })
    const before = makePack({ '01012100': ['Free', 'Free'], '01012900': ['8 %'], '01013000': ['Free'] })
    const rowsOf = (pack: TariffPack) =>
      writePack(pack)
        .split('\n')
        .filter((line) => /^\d{8}/u.test(line))
    const changed = rowsOf(raised).filter((row) => !rowsOf(before).includes(row))
    expect(changed.map((row) => row.slice(0, 8))).toEqual(['01012100'])
  })

  test('holds each distinct rate vector once', () => {
    const { header } = readPack(
      writePack(makePack({ '01012100': ['Free'], '01012900': ['Free'], '01013000': ['8 %'] })),
    )
    expect(header.vectors).toBe(2)
  })

  test('tells blank, free and not known apart', () => {
    const loaded = readPack(writePack(makePack({ '01012100': ['Free', '?'], '01012900': ['', 'Free'] })))
    expect([...linesOf(loaded)].map((line) => line.rates)).toEqual([
      ['Free', '?'],
      ['', 'Free'],
    ])
  })

  test('is not written with a code twice or with a line end in a text', () => {
    const [line] = SMALL.lines
    expect(() => writePack({ ...SMALL, lines: [...SMALL.lines, ...(line ? [line] : [])] })).toThrow(TariffPackError)
    expect(() => writePack(makePack({ '01012100': ['Free\n8 %'] }))).toThrow(TariffPackError)
  })
})

describe('a damaged pack is refused', () => {
  const bytes = Buffer.from(writePack(SMALL))

  test('whichever byte differs', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (position, difference) => {
        const damaged = Buffer.from(bytes)
        damaged[position] = (damaged[position] ?? 0) ^ difference
        expect(() => readPack(damaged.toString('utf8'))).toThrow(TariffPackError)
      }),
      { numRuns: 2_000 },
    )
  })

  test('wherever it was cut', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(failureOf(bytes.subarray(0, length).toString('utf8')).code).toBe('pack-broken')
    }
  })

  test('when bytes were added', () => {
    expect(failureOf(`${bytes.toString('utf8')}0102\n`).code).toBe('pack-broken')
  })

  test.each([
    ['nothing', ''],
    ['a web page', '<!doctype html>\n<html></html>\n'],
    ['JSON that is no header', '[1]\n[rates]\n[rows]\n'],
  ])('when it is %s', (_, text) => {
    expect(failureOf(text).code).toBe('pack-broken')
  })
})

describe('a whole file that is not a pack of this format is refused', () => {
  test.each<[string, (header: Record<string, unknown>, lines: string[]) => void]>([
    ['a newer format', (header) => (header['format'] = 2)],
    ['a format that is no number', (header) => (header['format'] = 'one')],
    ['an unknown field', (header) => (header['colour'] = 'red')],
    ['a date that is none', (header) => (header['effectiveFrom'] = 'soon')],
    ['no treatment', (header) => (header['treatments'] = [])],
    ['a treatment twice', (header) => (header['treatments'] = [SMALL.treatments[0], SMALL.treatments[0]])],
    ['a rate for a treatment it does not name', (header) => (header['treatments'] = [SMALL.treatments[0]])],
    ['fewer rows than promised', (header) => (header['rows'] = 6)],
    ['more rows than promised', (header) => (header['rows'] = 4)],
    ['another number of rate vectors', (header) => (header['vectors'] = 3)],
    ['rows that are not sorted', (_, lines) => lines.splice(-3, 2, ...lines.slice(-3, -1).toReversed())],
    ['a code twice', (_, lines) => lines.splice(-2, 1, lines.at(-3) ?? '')],
    ['a code with a letter', (_, lines) => lines.splice(-2, 1, '04061O2000\tKGM')],
    ['a code of 9 digits outside Japan', (_, lines) => lines.splice(-2, 1, '040610200\tKGM')],
    ['a rate vector it does not hold', (_, lines) => lines.splice(-2, 1, '0406102000\tKGM\tfffff')],
    ['an unknown flag', (_, lines) => lines.splice(-2, 1, '0406102000\tKGM\t\tx')],
    ['a column too many', (_, lines) => lines.splice(-2, 1, '0406102000\tKGM\t\t\ttext\tmore')],
    ['a rate vector without key', (_, lines) => lines.splice(1, 1, '\tFree')],
    ['a rate vector twice', (_, lines) => lines.splice(1, 1, lines[2] ?? '')],
  ])('%s', (_, change) => {
    const failure = failureOf(resealed(SMALL, change))
    expect(failure.code).toBe('pack-format')
    expect(failure.message).toMatch(/\.$/u)
  })
})
