import { describe, expect, test } from 'vitest'

import { importUnitedStates } from '../../../../proxy/tariff/importers/united-states.ts'
import { ANY_COVERAGE, printed, PUBLICATION, refusalOf, sourceFile } from './source-files.ts'

const HEADER =
  'HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,Column 2 Rate of Duty,Quota Quantity,Additional Duties'
const ROWS = [
  '"0101","0","Live horses:","","","","","",""',
  '"","1","Horses:","","","","","",""',
  '"0101.21.00","2","Purebred","[""""]","Free","","Free","",""',
  '"0101.21.00.10","3","Males","[""No.""]","","","","",""',
  '"0101.30.00.00","1","Asses","[""No."",""kg""]","6.8%","Free (A+,AU) 2% (KR)","15%","",""',
  '"9904.02.01","1","Beef","","","","","","66.6¢/kg"',
]
const CSV = `\uFEFF${[HEADER, ...ROWS].join('\n')}\n`

const JSON_EXPORT = JSON.stringify([
  { htsno: '0101', indent: '0', description: 'Live horses:', units: [], general: '', special: '', other: '' },
  { htsno: '', indent: '1', description: 'Horses:', superior: 'true', units: null, general: null },
  {
    htsno: '0101.21.00',
    indent: '2',
    description: 'Purebred',
    units: [''],
    general: 'Free',
    special: '',
    other: 'Free',
  },
  {
    htsno: '0101.21.00.10',
    indent: '3',
    description: 'Males',
    units: ['No.'],
    footnotes: [{ value: 'See 9903.88.15.' }],
  },
  {
    htsno: '0101.30.00.00',
    indent: '1',
    description: 'Asses',
    units: ['No.', 'kg'],
    general: '6.8%',
    special: 'Free (A+,AU) 2% (KR)',
    other: '15%',
  },
  { htsno: '9904.02.01', indent: '1', description: 'Beef', units: [], additionalDuties: '66.6¢/kg' },
])

const read = (name: string, content: string) => importUnitedStates(sourceFile(name, content), PUBLICATION, ANY_COVERAGE)

describe('the Harmonized Tariff Schedule', () => {
  test('has a treatment for each programme its Special column names', () => {
    const pack = read('hts.csv', CSV)
    expect(pack.treatments.map((treatment) => treatment.id)).toEqual([
      'MFN',
      'SPECIAL',
      'A+',
      'AU',
      'KR',
      'COL2',
      'ADD',
    ])
    expect(printed(pack)['01013000']).toEqual({
      MFN: '6.8%',
      SPECIAL: 'Free (A+,AU) 2% (KR)',
      'A+': 'Free',
      AU: 'Free',
      KR: '2%',
      COL2: '15%',
    })
  })

  test('puts an item printed with its only line on 8 digits, its units on 10', () => {
    const pack = read('hts.csv', CSV)
    expect(printed(pack)['0101300000']).toEqual({})
    expect(pack.lines.find((line) => line.code === '0101300000')?.units).toEqual(['No.', 'kg'])
    expect(pack.lines.find((line) => line.code === '01013000')?.isImplied).toBe(true)
  })

  test('takes a list of blank units for none, and additional duties for a treatment', () => {
    const pack = read('hts.csv', CSV)
    expect(pack.lines.find((line) => line.code === '01012100')?.units).toEqual([])
    expect(printed(pack)['99040201']).toEqual({ ADD: '66.6¢/kg' })
  })

  test('puts the words of rows without number before those below them', () => {
    const texts = Object.fromEntries(read('hts.csv', CSV).lines.map((line) => [line.code, line.text]))
    expect(texts).toMatchObject({ '01012100': 'Horses: Purebred', '0101210010': 'Males', '0101300000': 'Asses' })
  })

  test('is the same from CSV and from JSON', () => {
    const { about: _, ...fromJson } = read('hts.json', JSON_EXPORT)
    const { about: __, ...fromCsv } = read('hts.csv', CSV)
    expect(fromJson).toEqual(fromCsv)
  })

  test.each([
    ['an empty file', 'hts.csv', '', 'source-empty'],
    ['a header without rows', 'hts.csv', HEADER, 'source-empty'],
    ['a web page', 'hts.json', ' <!doctype html>', 'source-html'],
    ['another table', 'hts.csv', 'hs_code,mfn_rate\n0101210010,0.0\n', 'source-columns'],
    ['another JSON', 'hts.json', '{"version":"2026_07_09"}', 'source-columns'],
    ['a CSV cut inside a row', 'hts.csv', CSV.slice(0, -30), 'source-format'],
    ['a JSON cut short', 'hts.json', JSON_EXPORT.slice(0, -9), 'source-format'],
    ['a unit that is no list', 'hts.csv', CSV.replace('"[""No.""]"', 'No.'), 'source-format'],
    ['a number of 9 digits', 'hts.csv', CSV.replace('0101.21.00.10', '0101.21.00.1'), 'source-code'],
    ['a number twice', 'hts.csv', CSV.replace('0101.30.00.00', '0101.21.00.10'), 'source-code'],
    ['bytes that are no text', 'hts.csv', Buffer.from([0x50, 0x4b, 0xff, 0xfe]), 'source-format'],
  ])('%s is refused', async (_, name, content, code) => {
    const file = sourceFile(name, content)
    expect(await refusalOf(() => importUnitedStates(file, PUBLICATION, ANY_COVERAGE))).toBe(code)
  })

  test('a few lines are not taken for the whole of it', async () => {
    expect(await refusalOf(() => importUnitedStates(sourceFile('hts.csv', CSV), PUBLICATION))).toBe('source-incomplete')
  })
})
