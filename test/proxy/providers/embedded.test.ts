import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEmbedded } from '../../../proxy/providers/embedded/index.ts'
import type { Classification } from '../../../proxy/providers/provider.ts'
import { rootFolder } from '../../../proxy/root-folder.ts'
import { createTariffBook } from '../../../proxy/tariff/book.ts'
import type { CellValue } from '../../../shared/tariff-code.ts'
import { openTestHouse, question, type TestHouse } from '../../hosts/test-house.ts'

const PACKS = join(rootFolder(), 'proxy', 'tariff', 'packs')

type Found = Pick<Classification, 'words' | 'vague' | 'missing'> &
  Record<'candidates' | 'headings', { code: string; score: number }[]>

/** A classifier that knows three kinds of goods; the real one has tests of its own. */
function classify(description: string): Found {
  const of = (code: string): Found => ({
    candidates: [
      { code, score: 0.9 },
      { code: '392490', score: 0.05 },
    ],
    headings: [{ code: code.slice(0, 4), score: 0.95 }],
    words: [description.split(' ')[0]!],
    vague: null,
    missing: null,
  })
  if (description.includes('salmon')) return of('030214')
  if (description.includes('mouse')) return of('847160')
  return of('610910')
}

let house: TestHouse
let folder: string
beforeAll(async () => {
  // A house with one damaged tariff, beside the good ones.
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-packs-'))
  const china = readdirSync(PACKS).find((name) => name.startsWith('cn-'))!
  writeFileSync(join(folder, china), readFileSync(join(PACKS, china), 'utf8').replace('0101', '0102'))
  const provider = createEmbedded({
    classifier: { classify },
    book: createTariffBook({ folders: [PACKS, folder] }),
    labels: { label: (code, language) => (/^(?:61|03|84|39)/.test(code) ? `${language} ${code}` : null) },
    lexiconEdition: 'HS2022 lexicon test',
    log: { error: () => {} },
    now: () => Date.UTC(2026, 10, 22),
  })
  house = await openTestHouse({ providers: [provider] })
})
afterAll(async () => {
  await house.close()
  rmSync(folder, { recursive: true })
})

async function cell(fn: string, ...args: CellValue[]): Promise<unknown> {
  const [answer] = await house.ask([question(fn, ...args)])
  return answer!.value ?? answer!.table ?? answer!.error?.message
}

describe('HSRATE', () => {
  test('is a number: 18 % is 0.18 and Free is 0', async () => {
    expect(await cell('HSRATE', '6109100012', 'CA')).toBe(0.18)
    expect(await cell('HSRATE', '6109.10.00.12', 'US')).toBe(0.165)
    expect(await cell('HSRATE', '847160', 'CA')).toBe(0)
  })

  test('of a ten-digit line is the rate of its eight digits', async () => {
    expect(await cell('HSRATE', '61091000', 'CA')).toBe(0.18)
  })

  test('of a six-digit code is given where every line below has the same', async () => {
    expect(await cell('HSRATE', '610910', 'CA')).toBe(0.18)
    expect(await cell('HSRATE', '0406', 'CA')).toMatch(
      /^TC-213 Rates under 0406 differ: .*3.32 ¢\/kg.* and \d+ more\. Choose/,
    )
  })

  test('takes the lowest preference the origin can claim, and none where there is none', async () => {
    expect(await cell('HSRATE', '6109100012', 'CA', 'Mexico')).toBe(0)
    expect(await cell('HSRATE', '6109100012', 'CA', 'BR')).toBe(0.18)
    expect(await cell('HSRATE', '6109100012', 'US', 'KR')).toBe(0)
    expect(await cell('HSRATE', '610910010', 'JP', 'VN')).toBe(0)
  })

  test('of an origin without most-favoured-nation terms is the rate for such origins', async () => {
    expect(await cell('HSRATE', '6109100012', 'CA', 'KP')).toBe(0.35)
    expect(await cell('HSRATETEXT', '6109100012', 'US', 'RU')).toBe('90%')
  })

  test('that is no plain percentage is an error that quotes it, and text in HSRATETEXT', async () => {
    expect(await cell('HSRATE', '0406102000', 'CA')).toBe(
      'TC-212 The rate is "245.5 % but not less than $4.52/kg", not a plain percentage. Use HSRATETEXT.',
    )
    expect(await cell('HSRATETEXT', '0406102000', 'CA')).toBe('245.5 % but not less than $4.52/kg')
  })

  test('is never zero because nothing is printed or known', async () => {
    expect(await cell('HSRATE', '0406102000', 'CA', '', 'treatment=UST')).toMatch(/^TC-211/)
    expect(await cell('HSRATE', '6109100012', 'CA', 'DE')).toMatch(/^TC-226|^0(?:\.\d+)?$/)
  })

  test.each<[string, CellValue[], RegExp]>([
    [
      'a code that does not exist names the nearest above',
      ['6109109999', 'CA'],
      /^TC-210 6109109999 is not in the CA tariff T2026-0\. Nearest above: 6109\.10, 1 below it/,
    ],
    [
      'an unknown treatment lists the known ones',
      ['610910', 'CA', '', 'treatment=XYZ'],
      /^TC-214 .*Known: MFN, GT, UST/,
    ],
    [
      'a country without a tariff lists the ones at hand',
      ['610910', 'DE'],
      /^TC-215 No tariff for DE here; there is CA, /,
    ],
    [
      'a date before every edition says where the oldest starts',
      ['610910', 'CA', '', 'date=2020-01-01'],
      /^TC-216 .*starts 2026-01-01/,
    ],
    [
      'a damaged tariff says so and leaves the others working',
      ['610910', 'CN'],
      /^TC-217 The CN tariff file is damaged/,
    ],
    ['a 13-digit code is too long', ['6109100012345', 'CA'], /^TC-121/],
    ['a number that lost digits is refused', ['6.1091E+09', 'CA'], /^TC-122/],
    ['a date is refused with the code it may have been', ['01.01.21', 'CA'], /^TC-123 .*0101\.21/],
    [
      'a decimal that fits no code lists what it may be',
      [302.1, 'CA'],
      /^TC-125 "302\.1" has lost a zero and could be: 0302\.11, 0302\.13/,
    ],
  ])('%s', async (_, args, message) => expect(await cell('HSRATE', ...args)).toMatch(message))
})

test('an edition that is not yet in force does not answer for today', async () => {
  expect(await cell('HSRATE', '6109100012', 'CA', '', 'date=2025-12-31')).toMatch(/^TC-216/)
  const early = await openTestHouse({
    providers: [
      createEmbedded({
        classifier: { classify },
        book: createTariffBook({ folders: [PACKS] }),
        labels: { label: () => null },
        lexiconEdition: 'test',
        log: { error: () => {} },
        // The day before the edition of 1 January comes into force.
        now: () => Date.UTC(2025, 11, 31),
      }),
    ],
  })
  const [rate] = await early.ask([question('HSRATE', '6109100012', 'CA')])
  expect(rate!.error?.code).toBe('TC-216')
  // Six digits are international; without a tariff in force there is no national line.
  const [code] = await early.ask([question('HSCODE', 'wireless mouse', 'CA')])
  expect(code).toMatchObject({ value: '847160', source: { edition: 'test' } })
  await early.close()
})

test('HSRATES lists every treatment with the line that prints it and the edition', async () => {
  const table = (await cell('HSRATES', '6109100012', 'CA')) as unknown[][]
  expect(table[0]).toEqual(['MFN', 0.18, '18 %', '61091000', 'T2026-0'])
  expect(table.map((row) => row[0])).toContain('UST')
  const mexico = (await cell('HSRATES', '6109100012', 'CA', 'MX')) as unknown[][]
  expect(mexico.map((row) => row[0])).toEqual(['MFN', 'MXT'])
  const mixed = (await cell('HSRATES', '0406', 'CA')) as unknown[][]
  expect(mixed[0]).toEqual(['MFN', '', expect.stringContaining('3.32 ¢/kg (39)'), '0406', 'T2026-0'])
})

test('HSUNIT names the statistical units', async () => {
  expect(await cell('HSUNIT', '6109100012', 'CA')).toBe('NMB')
  expect(await cell('HSUNIT', '6109100012', 'US')).toBe('doz., kg')
  expect(await cell('HSUNIT', '610910', 'CA')).toBe('NMB')
})

describe('HSCHECK', () => {
  test.each<[string, CellValue[], string]>([
    ['a declarable line', ['6109100012', 'CA'], 'OK'],
    ['a subheading with lines below', ['610910', 'CA'], 'OK-PARENT'],
    ['a heading', ['6109', 'CA'], 'SHORT'],
    ['a line of the United States only', ['6109100004', 'CA'], 'WRONG-COUNTRY'],
    ['the same line at home', ['6109100004', 'US'], 'OK'],
    ['a code that exists nowhere', ['9999999999', 'CA'], 'NOT-FOUND'],
    ['a code whose zero was eaten', [30214, 'CA'], 'ZERO-LOST'],
    ['a code that fits its goods', ['847160', 'CA', 'wireless mouse'], 'OK-PARENT'],
    ['trout called salmon', ['030211', 'CA', 'fresh Atlantic salmon'], 'MISMATCH?'],
    ['a mouse called plastic ware', ['3924900010', 'CA', 'wireless bluetooth mouse'], 'MISMATCH?'],
  ])('%s', async (_, args, status) => {
    expect(await cell('HSCHECK', ...args)).toBe(status)
  })
})

test('HSFIX repairs what is certain or known, and refuses to guess', async () => {
  expect(await cell('HSFIX', 30214, 'CA')).toBe('030214')
  expect(await cell('HSFIX', 302.14, 'CA')).toBe('030214')
  expect(await cell('HSFIX', 6109.1, 'CA')).toBe('610910')
  expect(await cell('HSFIX', 'HTSUS 6109.10.00.12', 'US')).toBe('6109100012')
  expect(await cell('HSFIX', 302140000)).toMatch(/^TC-124/)
  expect(await cell('HSFIX', '61091', 'CA')).toMatch(/^TC-210 061091 is not in the CA tariff/)
})

test('HSDESC, HSPATH and HSCHILDREN speak our words in the language asked for, and say where a national line begins', async () => {
  expect(await cell('HSDESC', '610910', 'CA', 'fr')).toBe('fr 610910')
  expect(await cell('HSDESC', '6109100012', 'CA')).toBe('en 610910 (national line 6109.10.00.12)')
  expect(await cell('HSPATH', '6109100012', 'CA', 'zh')).toEqual([
    ['章', '61', 'zh 61'],
    ['品目', '6109', 'zh 6109'],
    ['子目', '610910', 'zh 610910'],
    ['税号', '61091000', 'zh 610910 (本国税号 6109.10.00)'],
    ['税号', '6109100012', 'zh 610910 (本国税号 6109.10.00.12)'],
  ])
  expect(await cell('HSCHILDREN', '6109', 'CA')).toEqual([
    ['610910', 'en 610910', ''],
    ['610990', 'en 610990', ''],
  ])
  expect(await cell('HSCHILDREN', '6109100012', 'CA')).toMatch(/^TC-224/)
})

test('HSCODE goes below six digits only where a single line stands there', async () => {
  expect(await cell('HSCODE', 'cotton shirt', 'CA')).toBe('610910')
  expect(await cell('HSCODE', 'wireless mouse', 'CA')).toMatch(/^847160\d*$/)
  const lines = createTariffBook({ folders: [PACKS] }).declarableUnder('CA', '847160')
  expect(await cell('HSCODE', 'wireless mouse', 'CA')).toBe(lines.length === 1 ? lines[0] : '847160')
  expect(await cell('HSCODE', 'cotton shirt', 'CA', 'digits=10')).toMatch(
    /^TC-203 Certain only to 610910: 6 CA lines below it/,
  )
  // No tariff of Germany is at hand: six digits are international.
  expect(await cell('HSCODE', 'cotton shirt', 'DE')).toBe('610910')
})

test('every answer names its source and edition', async () => {
  const [rate] = await house.ask([question('HSRATE', '610910', 'CA')])
  expect(rate).toMatchObject({ points: 0, source: { provider: 'embedded', edition: 'T2026-0 (CA, from 2026-01-01)' } })
  const [code] = await house.ask([question('HSCODE', 'cotton shirt', 'CA')])
  expect(code!.source!.edition).toBe('HS2022 lexicon test / T2026-0 (CA, from 2026-01-01)')
  const [failed] = await house.ask([question('HSRATE', '0406102000', 'CA')])
  expect(failed!.source!.provider).toBe('embedded')
})
