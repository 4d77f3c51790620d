import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { createTariffBook, TariffBookError, type TariffBook } from '../../../proxy/tariff/book.ts'
import { packFileName, writePack, type TariffPack } from '../../../proxy/tariff/pack.ts'
import { makePack } from './make-pack.ts'

const root = mkdtempSync(join(tmpdir(), 'book-'))
afterAll(() => rmSync(root, { recursive: true }))

let folders = 0
function folderWith(...packs: TariffPack[]): string {
  const folder = join(root, String(++folders))
  mkdirSync(folder)
  for (const pack of packs) writeFileSync(join(folder, packFileName(pack.about)), writePack(pack))
  return folder
}

function codeOf(question: () => unknown): string {
  try {
    question()
  } catch (error) {
    if (error instanceof TariffBookError) return error.code
    throw error
  }
  return 'answered'
}

const CANADA = makePack({
  '0101': [],
  '01012100': ['Free', 'Free'],
  '0101210000': ['', '', 'NMB'],
  '01012900': ['8 %', ''],
  '0101290010': ['', '', 'NMB'],
  '0101290020': ['5 %', '', 'NMB|KGM'],
  '02071191': ['5 %', '?'],
  '0207119100': ['', '', 'KGM'],
})

describe('questions about one edition', () => {
  let book: TariffBook
  beforeAll(() => {
    book = createTariffBook({ folders: [folderWith(CANADA)] })
  })

  test('a printed line is found with its units and children', () => {
    expect(book.find('CA', '0101290020')).toEqual({
      code: '0101290020',
      digits: 10,
      units: ['NMB', 'KGM'],
      isDeclarable: true,
      childCount: 0,
      text: null,
    })
    expect(book.find('CA', '01012900')).toMatchObject({ isDeclarable: false, childCount: 2, units: [] })
  })

  test.each(['01', '010121', '0207', '020711'])('%s is found though only its children are printed', (code) => {
    expect(book.find('CA', code)).toMatchObject({ code, digits: code.length, isDeclarable: false })
  })

  test.each(['', '0', '9999', '010122', '01012', '0101.21', '01012100001', '010121000x'])(
    '"%s" is not found',
    (code) => {
      expect(book.find('CA', code)).toBeNull()
      expect(book.rate('CA', code, 'MFN')).toBeNull()
      expect(book.rates('CA', code)).toEqual([])
    },
  )

  test('children are the next level that exists, from the chapters down', () => {
    const below = (code: string) => book.children('CA', code).map((line) => line.code)
    expect(below('')).toEqual(['01', '02'])
    expect(below('01')).toEqual(['0101'])
    expect(below('0101')).toEqual(['010121', '010129'])
    expect(below('010129')).toEqual(['01012900'])
    expect(below('01012900')).toEqual(['0101290010', '0101290020'])
    expect(below('0101290010')).toEqual([])
    expect(below('0102')).toEqual([])
  })

  test('declarable codes are those at the bottom', () => {
    expect(book.declarableUnder('CA', '0101')).toEqual(['0101210000', '0101290010', '0101290020'])
    expect(book.declarableUnder('CA', '0101290010')).toEqual(['0101290010'])
    expect(book.declarableUnder('CA', '0102')).toEqual([])
  })

  test('a rate is inherited from the nearest line that prints one', () => {
    expect(book.rate('CA', '0101290010', 'MFN')).toEqual({
      text: '8 %',
      treatment: 'MFN',
      from: '01012900',
      column: 'MFN',
    })
    expect(book.rate('CA', '0101290020', 'MFN')).toMatchObject({ text: '5 %', from: '0101290020' })
  })

  test('free is a text, a blank is null, and a heading inherits nothing from below', () => {
    expect(book.rate('CA', '0101210000', 'UST')?.text).toBe('Free')
    expect(book.rate('CA', '0101290010', 'UST')).toBeNull()
    expect(book.rate('CA', '0101', 'MFN')).toBeNull()
  })

  test('not known is neither free nor "not listed"', () => {
    expect(book.rate('CA', '0207119100', 'UST')).toBeNull()
    expect(book.isRateKnown('CA', '0207119100', 'UST')).toBe(false)
    expect(book.isRateKnown('CA', '0101290010', 'UST')).toBe(true)
  })

  test('a treatment the edition does not have is not known', () => {
    expect(book.rate('CA', '0101210000', 'AUT')).toBeNull()
    expect(book.isRateKnown('CA', '0101210000', 'AUT')).toBe(false)
  })

  test('all rates come in the order of the publisher’s columns', () => {
    expect(book.rates('CA', '0101210000').map((rate) => rate.treatment)).toEqual(['MFN', 'UST'])
    expect(book.rates('CA', '0207119100').map((rate) => rate.treatment)).toEqual(['MFN'])
  })

  test('a code whose items differ shows each rate with its number of lines', () => {
    expect(book.ratesUnder('CA', '0101', 'MFN')).toEqual([
      { text: 'Free', lineCount: 1, example: '0101210000' },
      { text: '8 %', lineCount: 1, example: '0101290010' },
      { text: '5 %', lineCount: 1, example: '0101290020' },
    ])
    expect(book.ratesUnder('CA', '010129', 'UST')).toEqual([{ text: null, lineCount: 2, example: '0101290010' }])
    expect(book.ratesUnder('CA', '0102', 'MFN')).toEqual([])
  })

  test('a country without tariff is unknown, never empty', () => {
    expect(book.countries()).toEqual(['CA'])
    expect(codeOf(() => book.find('FR', '0101'))).toBe('country-unknown')
  })
})

test('a line the publisher left empty is found but not declarable', () => {
  const [line] = makePack({ '2404110000': [] }).lines
  const pack = { ...CANADA, lines: line ? [{ ...line, isEmpty: true }] : [] }
  const book = createTariffBook({ folders: [folderWith(pack)] })
  expect(book.find('CA', '2404110000')).toMatchObject({ isDeclarable: false })
  expect(book.declarableUnder('CA', '24')).toEqual([])
})

test('Japanese lines have 9 digits right below the subheading', () => {
  const pack = makePack({ '040110110': ['無税', ''], '040110190': ['25%'] }, { country: 'JP' })
  const book = createTariffBook({ folders: [folderWith(pack)] })
  expect(book.children('JP', '040110').map((line) => line.code)).toEqual(['040110110', '040110190'])
  expect(book.find('JP', '040110110')).toMatchObject({ digits: 9, isDeclarable: true })
  expect(book.find('JP', '04011011')).toBeNull()
})

test('an official text is served where the pack has one', () => {
  const lines = CANADA.lines.map((line) => ({ ...line, text: line.code === '0101' ? 'Live animals of a kind' : null }))
  const book = createTariffBook({ folders: [folderWith({ ...CANADA, lines })] })
  expect(book.find('CA', '0101')?.text).toBe('Live animals of a kind')
  expect(book.find('CA', '01012100')?.text).toBeNull()
})

describe('editions', () => {
  const first = makePack(
    { '01012100': ['8 %'] },
    { edition: 'T1', effectiveFrom: '2025-01-01', effectiveTo: '2025-06-30' },
  )
  const second = makePack({ '01012100': ['Free'] }, { edition: 'T2', effectiveFrom: '2026-01-01' })

  test('the newest counts without a date, the valid one with a date', () => {
    const book = createTariffBook({ folders: [folderWith(first, second)] })
    expect(book.edition('CA').edition).toBe('T2')
    expect(book.rate('CA', '01012100', 'MFN', '2025-06-30')?.text).toBe('8 %')
    expect(book.rate('CA', '01012100', 'MFN', '2026-01-01')?.text).toBe('Free')
    expect(book.editions('CA').map((edition) => edition.edition)).toEqual(['T2', 'T1'])
  })

  test('a date no edition covers is an error, never another edition’s rate', () => {
    const book = createTariffBook({ folders: [folderWith(first, second)] })
    expect(codeOf(() => book.rate('CA', '01012100', 'MFN', '2024-12-31'))).toBe('edition-unavailable')
    expect(codeOf(() => book.rate('CA', '01012100', 'MFN', '2025-07-01'))).toBe('edition-unavailable')
  })

  test('a later folder takes the place of the same edition in an earlier one', () => {
    const own = makePack({ '01012100': ['9 %'] }, { edition: 'T2 with texts', effectiveFrom: '2026-01-01' })
    const book = createTariffBook({ folders: [folderWith(first, second), folderWith(own), join(root, 'absent')] })
    expect(book.edition('CA').edition).toBe('T2 with texts')
    expect(book.editions('CA')).toHaveLength(2)
  })
})

describe('a pack that cannot be used', () => {
  test('fails its own country and no other, and is named', () => {
    const folder = folderWith(CANADA, makePack({ '01012100': ['5%'] }, { country: 'US' }))
    const file = join(folder, 'ca-2026-01-01.pack')
    writeFileSync(file, writePack(CANADA).replace('8 %', '3 %'))
    const book = createTariffBook({ folders: [folder] })
    expect(codeOf(() => book.find('CA', '0101'))).toBe('tariff-unavailable')
    expect(book.rate('US', '01012100', 'MFN')?.text).toBe('5%')
    expect(book.problems()).toEqual([{ file, code: 'pack-broken', sentence: expect.stringMatching(/\.$/u) }])
  })

  test('is not replaced by an older edition unasked', () => {
    const older = makePack({ '01012100': ['8 %'] }, { effectiveFrom: '2025-01-01' })
    const folder = folderWith(older)
    writeFileSync(join(folder, 'ca-2026-01-01.pack'), 'cut')
    const book = createTariffBook({ folders: [folder] })
    expect(codeOf(() => book.rate('CA', '01012100', 'MFN'))).toBe('tariff-unavailable')
    expect(book.rate('CA', '01012100', 'MFN', '2025-05-05')?.text).toBe('8 %')
  })

  test.each([
    ['named for another country', 'us-2026-01-01.pack', 'pack-name'],
    ['named for another day', 'ca-2026-01-02.pack', 'pack-name'],
    ['not named as a pack is', 'Canada.pack', 'pack-name'],
  ])('is told when %s', (_, name, code) => {
    const folder = folderWith()
    writeFileSync(join(folder, name), writePack(CANADA))
    expect(createTariffBook({ folders: [folder] }).problems()).toMatchObject([{ file: join(folder, name), code }])
  })

  test('is told when it cannot be read from the disk', () => {
    const folder = folderWith()
    mkdirSync(join(folder, 'ca-2026-01-01.pack'))
    expect(createTariffBook({ folders: [folder] }).problems()).toMatchObject([{ code: 'pack-unreadable' }])
  })

  test('does not exist among whole ones', () => {
    expect(createTariffBook({ folders: [folderWith(CANADA)] }).problems()).toEqual([])
  })
})
