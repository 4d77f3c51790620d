import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Approved } from '../../../proxy/memory/approvals.ts'
import { escapeFormula, unescapeFormula } from '../../../proxy/memory/csv-columns.ts'
import { printCsv } from '../../../proxy/memory/print-csv.ts'
import { readCsv, type CsvRow } from '../../../proxy/memory/read-csv.ts'
import { isFailure, sentence, type Failure } from '../../../shared/error-codes.ts'
import { entry } from './entries.ts'

function approved(
  texts: Partial<Record<'description' | 'note' | 'material' | 'use' | 'gender' | 'category', string>>,
): Approved {
  const { description = 'shirt', note = '', material = '', use = '', gender = '', category = '' } = texts
  return {
    ...entry(description, '0302140000', { note, facts: { material, use, gender, category } }),
    id: 'id',
    approvedBy: 'Anna',
    approvedAt: Date.UTC(2026, 10, 29),
    source: 'review',
    version: 1,
  }
}

async function print(...pages: Approved[][]): Promise<string> {
  const each = async function* (): AsyncGenerator<Approved[]> {
    yield* pages
  }
  let text = ''
  for await (const part of printCsv(each())) text += part
  return text
}

function tryToRead(text: string | Uint8Array, rows: CsvRow[] = []): Promise<number | Failure> {
  return readCsv(typeof text === 'string' ? new TextEncoder().encode(text) : text, (row) => rows.push(row))
}

async function read(text: string | Uint8Array): Promise<CsvRow[]> {
  const rows: CsvRow[] = []
  const counted = await tryToRead(text, rows)
  if (isFailure(counted)) throw new Error(sentence(counted))
  expect(counted).toBe(rows.length)
  return rows
}

// What breaks CSV, spreadsheets and encodings.
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '""',
        ',',
        ';',
        '\t',
        '\r',
        '\n',
        '\r\n',
        '=',
        '+',
        '-',
        '@',
        '＝',
        '＋',
        '－',
        '＠',
        ' ',
        '|',
        '\ufeff',
      ),
      fc.constantFrom('=1+1', "'=1", "''+2", '=cmd|', '鞋', '👟', 'é', '0', '1e5', 'sep=;', '\\', '\u2028', '\u0085'),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(''))

describe('a printed memory', () => {
  test('is read back exactly, whatever its texts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ description: nasty, note: nasty, material: nasty, use: nasty }), { maxLength: 5 }),
        async (texts) => {
          const rows = await read(await print(texts.map(approved)))
          // In a line of its own even an entry without any text has its country and code.
          expect(rows).toHaveLength(texts.length)
          for (const [at, { description, note, material, use }] of texts.entries()) {
            expect(rows[at]).toMatchObject({
              cells: { description, note, material, use, country: 'CA', code: '0302140000', 'approved by': 'Anna' },
              hasMore: false,
            })
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  test('begins no cell with what a spreadsheet takes for a formula', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (description) => {
        expect(escapeFormula(description)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
        expect(unescapeFormula(escapeFormula(description))).toBe(description)
      }),
    )
    const text = await print([
      approved({ description: '-20 °C bags', note: '=HYPERLINK("http://x")', material: '＝1' }),
    ])
    expect(text.split('\r\n')[1]).toBe(
      `'-20 °C bags,'＝1,,,,CA,0302140000,"'=HYPERLINK(""http://x"")",Anna,2026-11-29T00:00:00.000Z,review`,
    )
  })

  test('begins with a byte order mark and names its columns, empty or not', async () => {
    const header = 'description,material,use,gender,category,country,code,note,approved by,approved at,source\r\n'
    expect(await print()).toBe(`\ufeff${header}`)
    expect((await print([approved({})], [approved({})])).split('\r\n')).toHaveLength(4)
  })
})

describe('a file', () => {
  test.each([
    ['description,country,code', ','],
    ['Description;Country;HS Code', ';'],
    ['品名\t国家\tHS编码', '\t'],
    ['Désignation;Pays;Code SH', ';'],
    ['"PRODUCT_NAME","Destination","Tariff-Code"', ','],
    ['Approuvé par;produit;pays d’importation;code tarifaire', ';'],
  ])('with the columns %j is understood', async (header, delimiter) => {
    const cells = header.startsWith('Appro') ? ['x', 'shirt', 'CA', '610910'] : ['shirt', 'CA', '610910']
    const [row] = await read(`${header}\n${cells.join(delimiter)}`)
    expect(row).toMatchObject({ line: 2, cells: { description: 'shirt', country: 'CA', code: '610910' } })
  })

  test('may begin with a byte order mark, be UTF-16, and end its lines as it likes', async () => {
    const text = 'description,country,code\r\nshirt,CA,610910\n"a\r\nb",CA,610910\r\rhat,CA,650500'
    const lines = [2, 3, 6]
    for (const bytes of [
      new TextEncoder().encode(`\ufeff${text}`),
      new TextEncoder().encode(text),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
    ]) {
      const rows = await read(bytes)
      expect(rows.map(({ line }) => line)).toEqual(lines)
      expect(rows[1]!.cells.description).toBe('a\r\nb')
    }
  })

  test('with empty lines and cells beyond its columns is read, and a text that was torn apart is noticed', async () => {
    const rows = await read(
      'description,country,code,,\nshirt,CA,610910,,\n,,,,\n\nhat, with a brim,CA,650500,,\nhat,CA,65,,,,\nhat\n',
    )
    expect(rows.map(({ line, hasMore }) => [line, hasMore])).toEqual([
      [2, false],
      [5, true],
      [6, false],
      [7, false],
    ])
  })

  test.each([
    ['', 1, 'no column description, country, code'],
    ['a,b\nshirt,CA', 1, 'no column description, country, code'],
    ['description,code\nshirt,610910', 1, 'no column country'],
    ['description,country,code,matrial\nx,CA,6,cotton', 1, '"matrial" is none of the columns'],
    ['description,country,code,HS code\nx,CA,6,6', 1, 'code stands there twice'],
    ['description,country,code\nshirt,CA,1\n"a\nb",CA,1\nhat,"CA,1\n', 5, 'never closed'],
    ['description,country,code\nshirt,CA,1\n"a" b,CA,1\n', 3, 'do not pair'],
    [`description,country,code\nshirt,CA,1\n"${'x'.repeat(30_000)}",CA,1`, 3, 'does not end'],
  ])('%j is refused at its line', async (text, line, detail) => {
    expect(await tryToRead(text)).toMatchObject({
      failed: 'bad-csv',
      details: { line, detail: expect.stringContaining(detail) as string },
    })
  })

  test('in another encoding is refused at the first line that shows it', async () => {
    const gbk = Buffer.concat([
      Buffer.from('description,country,code\nshirt,CA,610910\n'),
      Buffer.from([0xc4, 0xd0]),
      Buffer.from(',CA,1\n'),
    ])
    expect(await tryToRead(gbk)).toMatchObject({ failed: 'bad-csv', details: { line: 3 } })
  })

  test('of any bytes is rows or a failure, never a throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), nasty, async (bytes, text) => {
        const header = new TextEncoder().encode('description,country,code\n')
        for (const file of [bytes, Buffer.concat([header, bytes]), Buffer.concat([header, Buffer.from(text)])]) {
          const rows = await tryToRead(file)
          expect(isFailure(rows) || Number.isInteger(rows)).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('with more lines than any memory is refused', async () => {
    const file = `description,country,code\n${'a,CA,1\n'.repeat(100_001)}`
    expect(await tryToRead(file)).toMatchObject({
      failed: 'memory-full',
      details: { count: 100_001, max: 100_000 },
    })
  })
})
