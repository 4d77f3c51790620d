import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { openSqlite } from '../../../../proxy/sqlite.ts'
import { readCanadaAgreements } from '../../../../proxy/tariff/importers/canada-agreements.ts'
import { readCanadaRows, type CanadaRow } from '../../../../proxy/tariff/importers/canada-rows.ts'
import { importCanada } from '../../../../proxy/tariff/importers/canada.ts'
import { ANY_COVERAGE, printed, PUBLICATION, refusalOf, sourceFile } from './source-files.ts'

function copyRow(tariff: string, mfn = '', ust = '', uom = '', description = 'Goods'): CanadaRow {
  return { digits: tariff.replaceAll('.', ''), tariff, description, mfn, ust, mxt: '', general_rate: mfn && '35%', uom }
}

function imported(rows: readonly CanadaRow[], list?: object[]) {
  const agreements = list ? readCanadaAgreements(sourceFile('list.json', JSON.stringify(list))) : null
  return importCanada({ rows, agreements, files: [] }, PUBLICATION, ANY_COVERAGE)
}

describe('the Customs Tariff of Canada', () => {
  test('keeps rate texts as printed, on the 8-digit item', () => {
    const pack = imported([
      copyRow('0406.10.20', '245.5 %  but not less than $4.52/kg'),
      copyRow('0406.10.20.00', '245.5 % but not less than $4.52/kg', '', 'KGM'),
    ])
    expect(printed(pack)).toEqual({
      '04061020': { MFN: '245.5 % but not less than $4.52/kg', GT: '35%' },
      '0406102000': {},
    })
    expect(pack.lines[1]?.units).toEqual(['KGM'])
  })

  test('leaves groupings of 5, 7 and 9 digits and the unit "-" out, and their words in', () => {
    const pack = imported([
      copyRow('01.01'),
      copyRow('0101.2', '', '', '', 'Horses:'),
      copyRow('0101.21.00\n', 'Free', 'Free', '', 'Pure-bred'),
      copyRow('0101.21.00.00', '', '', '-', 'Pure-bred'),
    ])
    expect(pack.lines.map((line) => line.code)).toEqual(['0101', '01012100', '0101210000'])
    expect(pack.lines.map((line) => line.text)).toEqual(['Goods', 'Horses: Pure-bred', 'Pure-bred'])
    expect(pack.lines.at(-1)?.units).toEqual([])
  })

  test('gives an item that only its line prints the rates of that line', () => {
    const pack = imported([copyRow('0207.11.92.00', '238 % but not less than $1.67/kg', '', 'KGM')])
    expect(printed(pack)['02071192']?.['MFN']).toBe('238 % but not less than $1.67/kg')
    expect(pack.lines.find((line) => line.code === '02071192')?.isImplied).toBe(true)
  })

  test('reads the columns of the CBSA’s Access table, each as a treatment', () => {
    const row = { TARIFF: '0101.21.00', EFF_DATE: new Date(0), DESC1: 'Live', DESC2: 'horses', DESC3: null, UOM: 'NMB' }
    const pack = imported([{ ...row, MFN: 'Free', 'General Tariff': '35%', AUT: 'N/A', UST: 'Free', CPTPT: null }])
    expect(pack.treatments.map((treatment) => treatment.id)).toEqual(['MFN', 'GT', 'AUT', 'UST', 'CPTPT'])
    expect(pack.treatments[1]?.column).toBe('General Tariff')
    expect(printed(pack)['01012100']).toEqual({ MFN: 'Free', GT: '35%', AUT: 'N/A', UST: 'Free' })
    expect(pack.lines[0]?.text).toBe('Live horses')
  })

  test('refuses what is not that tariff', async () => {
    expect(await refusalOf(() => imported([]))).toBe('source-empty')
    expect(await refusalOf(() => imported([{ hs_code: '0101210010', mfn_rate: '0.0' }]))).toBe('source-columns')
    expect(await refusalOf(() => imported([copyRow('live horses')]))).toBe('source-code')
    expect(await refusalOf(() => imported([copyRow('0101.21.00'), copyRow('0101.21.00')]))).toBe('source-code')
    const few = { rows: [copyRow('0101.21.00', 'Free')], agreements: null, files: [] }
    expect(await refusalOf(() => importCanada(few, PUBLICATION))).toBe('source-incomplete')
  })
})

describe('rates of other agreements', () => {
  const all = { us: 0, mx: 0, eu: 0, cp: 0, uk: 0, jp: 0, kr: 0 }
  const known = { CEUT: 'Free', CPTPT: 'Free', UKT: 'Free', KRT: 'Free' }
  const notKnown = { CEUT: '?', CPTPT: '?', UKT: '?', KRT: '?' }

  function ratesOf(mfn: string, ust: string, ...list: object[]) {
    const pack = imported([copyRow('0101.21.00', mfn, ust)], list)
    const { MFN: _mfn, UST: _ust, GT: _gt, ...others } = printed(pack)['01012100'] ?? {}
    return others
  }

  test('are taken where the United States’ rate agrees', () => {
    expect(ratesOf('8 %', 'Free', { h: '0101.21.00.00', ...all })).toEqual(known)
    expect(ratesOf('8 %', '5%', { h: '0101.21.00.00', ...all, us: 5 })).toEqual(known)
  })

  test.each([
    ['the list lacks the item', 'Free', [{ h: '0101.29.00.00', ...all }]],
    ['the United States’ rate differs', '5 %', [{ h: '0101.21.00.00', ...all }]],
    ['the United States’ rate is printed on neither side', '', [{ h: '0101.21.00.00', ...all, us: null }]],
    [
      'the rows under the item differ',
      'Free',
      [
        { h: '0101.21.00.10', ...all },
        { h: '0101.21.00.20', ...all, cp: 3 },
      ],
    ],
    ['a row under the item is silent', 'Free', [{ h: '0101.21.00.10', ...all }, { h: '0101.21.00.20' }]],
  ])('are not known where %s', (_, ust, list) => {
    expect(ratesOf('8 %', ust, ...list)).toEqual(notKnown)
  })

  test('are percentages only beside an MFN that is one', () => {
    expect(ratesOf('8 %', 'Free', { h: '0101.21.00.00', ...all, cp: 2.5 })).toEqual({ ...known, CPTPT: '2.5%' })
    expect(ratesOf('$98.60/tonne plus 7 %', 'Free', { h: '0101.21.00.00', ...all, cp: 2.5 })).toEqual({
      ...known,
      CPTPT: '?',
    })
  })

  test('are "not listed" only beside an MFN without quantities', () => {
    const { KRT: _, ...rest } = known
    expect(ratesOf('8 %', 'Free', { h: '0101.21.00.00', ...all, kr: null })).toEqual(rest)
    expect(ratesOf('$139.83/tonne', 'Free', { h: '0101.21.00.00', ...all, kr: null })).toEqual({ ...rest, KRT: '?' })
  })

  test('are the CBSA’s own where its table has them', () => {
    const row = { ...copyRow('0101.21.00', '8 %', 'Free'), CEUT: 'N/A' }
    const pack = imported([row], [{ h: '0101.21.00.00', ...all }])
    expect(printed(pack)['01012100']).toMatchObject({ CEUT: 'N/A' })
    expect(pack.treatments.map((treatment) => treatment.id)).not.toContain('CPTPT')
  })

  test('come from that list and no other JSON', async () => {
    expect(await refusalOf(() => imported([copyRow('0101.21.00')], [{ hs_code: '0101' }]))).toBe('source-columns')
    expect(await refusalOf(() => readCanadaAgreements(sourceFile('list.json', '[{"h":"01')))).toBe('source-format')
  })
})

describe('the files it comes in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'canada-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('a SQLite copy is read in the order of its codes', async () => {
    const path = join(folder, 'copy.db')
    const database = await openSqlite(path)
    database.exec(`create table ca_tariff (digits text, tariff text, mfn text);
      insert into ca_tariff values ('0102', '01.02', ''), ('0101', '01.01', 'Free')`)
    database.close()
    const rows = await readCanadaRows({ name: 'copy.db', path, bytes: readFileSync(path) })
    expect(rows.map((row) => row['tariff'])).toEqual(['01.01', '01.02'])
  })

  test('a CSV export is read', async () => {
    const csv = 'TARIFF,UOM,MFN,General Tariff\n0101.21.00,,Free,35%\n'
    expect(printed(imported(await readCanadaRows(sourceFile('TPHS.csv', csv))))['01012100']).toEqual({
      MFN: 'Free',
      GT: '35%',
    })
  })

  test.each([
    ['an empty file', 'a.csv', '', 'source-empty'],
    ['a web page', 'a.csv', '<html></html>', 'source-html'],
    ['a zip archive', 'tariff.zip', 'PK\u0003\u0004', 'source-format'],
    ['a CSV cut inside a cell', 'a.csv', 'TARIFF,MFN\n0101.21,"Fr', 'source-format'],
    ['a page named as a database', 'a.accdb', '<html></html>', 'source-format'],
  ])('%s is refused', async (_, name, content, code) => {
    expect(await refusalOf(() => readCanadaRows(sourceFile(name, content)))).toBe(code)
  })

  test('a database of something else is refused', async () => {
    const path = join(folder, 'other.db')
    const database = await openSqlite(path)
    database.exec('create table hs (code text)')
    database.close()
    const file = { name: 'other.db', path, bytes: readFileSync(path) }
    expect(await refusalOf(() => readCanadaRows(file))).toBe('source-format')
  })
})
