/** The packs against the publishers' own files, read here a second time and differently. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'

import { openSqlite } from '../../../proxy/sqlite.ts'
import { createTariffBook, type TariffBook } from '../../../proxy/tariff/book.ts'
import { buildPacks } from '../../../proxy/tariff/build-packs.ts'
import { NOT_KNOWN } from '../../../proxy/tariff/pack.ts'
import { linesOf, readPack } from '../../../proxy/tariff/read-pack.ts'

const PACKS = fileURLToPath(new URL('../../../proxy/tariff/packs', import.meta.url))
const DATA = fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const TARIFFS = join(DATA, 'tariffs')

const book: TariffBook = createTariffBook({ folders: [PACKS] })

const squeeze = (text: string) => text.split(/\s+/u).filter(Boolean).join(' ')
const textOf = (country: string, code: string, treatment: string) => book.rate(country, code, treatment)?.text ?? ''

/** The same draw each run. */
function draw<T>(items: readonly T[], count: number): T[] {
  const pool = [...items]
  let state = 20_260_101
  return Array.from({ length: Math.min(count, pool.length) }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return pool.splice(state % pool.length, 1)
  }).flat()
}

function linesByDigits(country: string): Record<number, number> {
  const name = readdirSync(PACKS).find((file) => file.startsWith(country.toLowerCase())) ?? ''
  const counts: Record<number, number> = {}
  for (const line of linesOf(readPack(readFileSync(join(PACKS, name), 'utf8')))) {
    if (!line.isImplied) counts[line.code.length] = (counts[line.code.length] ?? 0) + 1
  }
  return counts
}

describe('the packs of the repository', () => {
  test('are all whole', () => {
    expect(book.problems()).toEqual([])
    expect(book.countries()).toEqual(['CA', 'CN', 'JP', 'US'])
  })

  test('hold no official text', () => {
    for (const name of readdirSync(PACKS)) {
      expect(readPack(readFileSync(join(PACKS, name), 'utf8')).descriptions).toBeNull()
    }
  })

  test.each([
    ['CA', { 4: 970, 6: 1_238, 8: 7_351, 10: 10_972 }],
    ['US', { 4: 961, 6: 2_093, 8: 6_897, 10: 19_856 }],
    ['CN', { 10: 12_030 }],
  ])('%s prints as many lines as its publisher', (country, counts) => {
    expect(linesByDigits(country)).toEqual(counts)
  })

  test('Japan has each of its 9,646 codes once, China 8,978 items', () => {
    expect(linesByDigits('JP')[9]).toBe(9_646)
    const items = new Set(book.declarableUnder('CN', '').map((code) => code.slice(0, 8)))
    expect(items.size).toBe(8_978)
  })

  test('7,350 Canadian items have an MFN rate of their own, one has nothing', () => {
    const items = book.declarableUnder('CA', '').map((code) => code.slice(0, 8))
    const without = [...new Set(items)].filter((item) => book.rate('CA', item, 'MFN') === null)
    expect(without).toEqual([])
    expect(book.find('CA', '2404110000')).toMatchObject({ isDeclarable: false })
    expect(book.rate('CA', '24041100', 'MFN')).toBeNull()
  })
})

describe.skipIf(!existsSync(TARIFFS))('against the source files', () => {
  test('a rebuild gives the packs of the repository byte for byte', async () => {
    const packs = await buildPacks(DATA)
    expect([...packs.keys()].toSorted()).toEqual(readdirSync(PACKS).toSorted())
    for (const [name, text] of packs) expect(readFileSync(join(PACKS, name), 'utf8') === text, name).toBe(true)
  }, 60_000)

  describe('Canada', () => {
    interface Row {
      digits: string
      mfn: string
      ust: string
      mxt: string
      general_rate: string
      uom: string
    }
    let rows: Row[]
    beforeAll(async () => {
      const database = await openSqlite(join(TARIFFS, 'canada/ca_tariff.db'), { readOnly: true })
      rows = database.prepare('select * from ca_tariff').all() as Row[]
      database.close()
    })
    const columns = { MFN: 'mfn', UST: 'ust', MXT: 'mxt', GT: 'general_rate' } as const

    test('every treatment of 300 items is what the source prints', () => {
      for (const row of draw(
        rows.filter(({ digits }) => digits.length === 8),
        300,
      )) {
        for (const [treatment, column] of Object.entries(columns)) {
          expect([row.digits, treatment, textOf('CA', row.digits, treatment)]).toEqual([
            row.digits,
            treatment,
            row[column],
          ])
        }
      }
    })

    test('every 10-digit line has what it prints itself, or what its item prints', () => {
      const items = new Map(rows.map((row) => [row.digits, row]))
      for (const row of rows.filter(({ digits }) => digits.length === 10)) {
        const item = items.get(row.digits.slice(0, 8))
        for (const [treatment, column] of Object.entries(columns)) {
          const wanted = row[column] || item?.[column] || ''
          if (textOf('CA', row.digits, treatment) !== wanted) {
            expect([row.digits, treatment, textOf('CA', row.digits, treatment)]).toEqual([
              row.digits,
              treatment,
              wanted,
            ])
          }
        }
        const units = row.uom === '' || row.uom === '-' ? [] : [row.uom]
        if (book.find('CA', row.digits)?.units[0] !== units[0]) expect([row.digits, units]).toEqual([])
      }
    })

    test('free is "Free", a blank is null, over-access dairy keeps its words', () => {
      expect(book.rate('CA', '0101210000', 'MFN')).toMatchObject({ text: 'Free', from: '01012100' })
      expect(book.rate('CA', '0406102000', 'UST')).toBeNull()
      expect(textOf('CA', '0406102000', 'MFN')).toBe('245.5 % but not less than $4.52/kg')
    })

    test('agreement rates are given only on items where the list has the CBSA’s UST rate', () => {
      const list = JSON.parse(readFileSync(join(TARIFFS, 'canada/resilience_hq_tariff.json'), 'utf8')) as {
        h: string
        us?: number
        cp?: number
      }[]
      const below = new Map<string, typeof list>()
      for (const row of list) {
        const item = row.h.replaceAll('.', '').slice(0, 8)
        below.set(item, [...(below.get(item) ?? []), row])
      }
      const items = rows.filter(({ digits }) => digits.length === 8 && book.isRateKnown('CA', digits, 'CPTPT'))
      for (const { digits, ust } of items) {
        const [first, ...others] = below.get(digits) ?? []
        expect([digits, ust, first?.us]).toEqual([digits, 'Free', 0])
        expect(others.every(({ us, cp }) => us === 0 && cp === first?.cp)).toBe(true)
      }
      expect(items).toHaveLength(5_628)
    })
  })

  describe('the United States', () => {
    type Row = Record<string, string>
    let rows: Row[]
    beforeAll(() => {
      const csv = readFileSync(join(TARIFFS, 'us/hts_2026_revision_4_csv.csv'))
      rows = parse<Row>(csv, { columns: true, bom: true }).map((row) => ({
        ...row,
        code: (row['HTS Number'] ?? '').replaceAll('.', ''),
      }))
    })
    const columns = {
      MFN: 'General Rate of Duty',
      SPECIAL: 'Special Rate of Duty',
      COL2: 'Column 2 Rate of Duty',
      ADD: 'Additional Duties',
    }

    test('every treatment of 300 items is what the source prints', () => {
      for (const row of draw(
        rows.filter(({ code }) => code?.length === 8),
        300,
      )) {
        for (const [treatment, column] of Object.entries(columns)) {
          const code = row['code'] ?? ''
          expect([code, treatment, textOf('US', code, treatment)]).toEqual([
            code,
            treatment,
            squeeze(row[column] ?? ''),
          ])
        }
      }
    })

    test('every item printed with its only line has that line’s rates, on 8 and on 10 digits', () => {
      const printed = new Set(rows.map((row) => row['code'] ?? ''))
      const alone = rows.filter(({ code }) => code?.length === 10 && !printed.has(code.slice(0, 8)))
      expect(alone).toHaveLength(8_148)
      for (const row of draw(alone, 300)) {
        const code = row['code'] ?? ''
        const wanted = squeeze(row[columns.MFN] ?? '')
        expect([code, textOf('US', code, 'MFN')]).toEqual([code, wanted])
        expect([code, textOf('US', code.slice(0, 8), 'MFN')]).toEqual([code, wanted])
      }
    })

    test('every 10-digit line inherits from its item', () => {
      const items = new Map(rows.map((row) => [row['code'], row]))
      for (const row of draw(
        rows.filter(({ code }) => code?.length === 10),
        2_000,
      )) {
        const code = row['code'] ?? ''
        const wanted = squeeze(row[columns.MFN] || items.get(code.slice(0, 8))?.[columns.MFN] || '')
        expect([code, textOf('US', code, 'MFN')]).toEqual([code, wanted])
      }
    })

    test('every programme of the Special column has a rate, and one the column names', () => {
      for (const row of rows) {
        const code = row['code'] ?? ''
        const special = squeeze(row[columns.SPECIAL] ?? '')
        if (code.length < 8) continue
        for (const list of special.matchAll(/\((?<symbols>[A-Z]{1,2}[+*]?(?:, ?[A-Z]{1,2}[+*]?)*),?\)/gu)) {
          for (const symbol of (list.groups?.['symbols'] ?? '').split(/, ?/u)) {
            const rate = textOf('US', code, symbol)
            if (rate === '' || !special.replaceAll(' (', '(').includes(`${rate}(`.replaceAll(' (', '(')))
              expect([code, symbol, rate]).toEqual(special)
          }
        }
      }
    })
  })

  describe('China', () => {
    type Row = Record<string, string>
    let rows: Row[]
    beforeAll(() => {
      rows = parse(readFileSync(join(TARIFFS, 'china/hs_codes_fixed.csv')), { columns: true, bom: true })
    })
    const columns = { MFN: 'mfn_rate', GEN: 'general_rate', PROV: 'tentative_rate', VAT: 'vat_rate' }
    const percentOf = (fraction: string) =>
      fraction === '' ? '' : `${Number((Number(fraction) * 100).toFixed(6)).toString()}%`

    test('every rate of 300 items is the percentage of the source, or not known where it says zero', () => {
      const items = [...new Set(rows.map((row) => row['hs_code']?.slice(0, 8) ?? ''))]
      for (const item of draw(items, 300)) {
        for (const row of rows.filter((candidate) => candidate['hs_code']?.startsWith(item))) {
          for (const [treatment, column] of Object.entries(columns)) {
            const code = row['hs_code'] ?? ''
            const wanted = percentOf(row[column] ?? '')
            const known = book.isRateKnown('CN', code, treatment)
            expect([code, treatment, textOf('CN', code, treatment)]).toEqual([code, treatment, known ? wanted : ''])
            if (!known) expect(wanted).toBe('0%')
          }
        }
      }
    })

    test('an item has a rate only where all its lines have that rate', () => {
      for (const row of rows) {
        const code = row['hs_code'] ?? ''
        const item = code.slice(0, 8)
        for (const [treatment, column] of Object.entries(columns)) {
          const rate = textOf('CN', item, treatment)
          if (rate !== '' && rate !== percentOf(row[column] ?? '')) expect([code, treatment, rate]).toEqual([])
        }
      }
    })
  })

  describe('Japan', () => {
    interface Node {
      stat_code: string
      hs_code: string
      rate: Record<string, string>
      unit: Record<string, string>
      children: Node[]
    }
    const leaves: { code: string; node: Node; above: Node[] }[] = []
    const walk = (node: Node, above: Node[]): void => {
      const code = node.stat_code.replace('.', '') + node.hs_code
      if (node.hs_code !== '') leaves.push({ code, node, above })
      for (const child of node.children) walk(child, [node, ...above])
    }
    beforeAll(() => {
      const folder = join(TARIFFS, 'japan')
      for (const name of readdirSync(folder).filter((file) => file.startsWith('j_'))) {
        for (const node of JSON.parse(readFileSync(join(folder, name), 'utf8')) as Node[]) walk(node, [])
      }
    })

    test('every treatment of 300 lines is what the line or the node above it prints', () => {
      const seasonal = new Set(leaves.map(({ code }) => code).filter((code, index, all) => all.indexOf(code) !== index))
      expect(seasonal.size).toBe(8)
      const treatments = book.treatments('JP')
      for (const { code, node, above } of draw(
        leaves.filter((leaf) => !seasonal.has(leaf.code)),
        300,
      )) {
        const nodes = [node, ...above]
        for (const { id, column } of treatments) {
          const wanted = squeeze(nodes.map((part) => part.rate[column] ?? '').find((text) => text !== '') ?? '')
          expect([code, id, textOf('JP', code, id)]).toEqual([code, id, wanted])
        }
        const units = [node.unit['I'] ?? '', node.unit['II'] ?? ''].filter((unit) => unit !== '').map(squeeze)
        expect([code, book.find('JP', code)?.units]).toEqual([code, units])
      }
    })

    test('every column of the source is a treatment', () => {
      const columns = new Set(leaves.flatMap(({ node }) => Object.keys(node.rate)))
      expect([...columns].toSorted()).toEqual(
        book
          .treatments('JP')
          .map((treatment) => treatment.column)
          .toSorted(),
      )
    })

    test('a seasonal line names both of its rates', () => {
      expect(textOf('JP', '080510000', 'BASE')).toMatch(/20% .*40%$/u)
      expect(textOf('JP', '080510000', 'LDC')).toBe('無税')
    })
  })

  test('no published text is the mark for "not known"', () => {
    for (const country of book.countries()) {
      for (const code of draw(book.declarableUnder(country, ''), 200)) {
        expect(book.rates(country, code).some((rate) => rate.text === NOT_KNOWN)).toBe(false)
      }
    }
  })
})
