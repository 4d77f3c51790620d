import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CellValue } from '../../../../shared/tariff-code.ts'
import { rateNumber } from '../../../../proxy/providers/embedded/rates.ts'
import { rootFolder } from '../../../../proxy/root-folder.ts'
import { createTariffBook } from '../../../../proxy/tariff/book.ts'
import type { RateAsk } from '../../../../shared/ask.ts'
import { linesOf } from '../../../upstreams/hsciq-goods.ts'
import { inquiryOf, openHsciq, type OpenHsciq } from './open-hsciq.ts'

let house: OpenHsciq
beforeAll(async () => {
  house = await openHsciq()
})
afterAll(() => house.close())

const failed = (name: string, details: object = {}) => ({ failed: name, details: expect.objectContaining(details) })

/** What the cell shows when the detail is a fixture with some of its rates changed. */
async function cell(
  fixture: 'cn' | 'jp' | 'us',
  question: [fn: string, ...options: CellValue[]],
  taxes: Record<string, unknown> = {},
  extensions?: unknown,
): Promise<unknown> {
  const codes = { cn: '3926909090', jp: '640411000', us: '8211922000' }
  house.replyNext(`code-detail-${fixture}`, ({ data }) => {
    Object.assign(data['Taxes']!, taxes)
    if (extensions !== undefined) Object.assign(data, { Extensions: extensions })
  })
  const [fn, ...more] = question
  const reply = await house.ask(fn, codes[fixture], fixture.toUpperCase(), ...more)
  if ('failed' in reply) return reply
  return reply.kind === 'value' ? reply.value : reply.kind === 'table' ? reply.table : null
}

describe('the rate of a code', () => {
  test('is a number, read from the text HSCIQ prints', async () => {
    expect(await cell('cn', ['HSRATE'])).toBe(0.1)
    expect(await cell('cn', ['HSRATETEXT'])).toBe('10%')
    expect(await cell('jp', ['HSRATE'])).toBe(0.08)
    expect(await cell('us', ['HSRATE', '', 'treatment=S'])).toBe(0)
  })

  test('of the simulator’s own lines is what the tariffs print', async () => {
    expect(await house.ask('HSRATE', '8712002000', 'CN')).toMatchObject({ value: 0.07 })
    expect(await house.ask('HSRATE', '8712.00.15.10', 'US')).toMatchObject({ value: 0.11 })
    expect(await house.ask('HSRATE', '8712.00-310', 'JP')).toMatchObject({ value: 0 })
    expect(await house.ask('HSRATE', '8712001510', 'US', 'KR')).toMatchObject({ value: 0 })
    expect(await house.ask('HSRATE', '8712001510', 'US', 'JP')).toMatchObject({ value: 0.055 })
  })

  test('that is blank is no rate, never 0', async () => {
    for (const blank of ['', null, '-', '--', '/']) {
      expect(await cell('cn', ['HSRATE'], { mfnImportRate: blank })).toEqual(failed('no-rate', { treatment: 'MFN' }))
    }
    expect(await cell('jp', ['HSRATE'], { general: '', wto: null })).toEqual(failed('no-rate'))
  })

  test('that is no plain percentage is an error that quotes it, and text in HSRATETEXT', async () => {
    expect(await cell('us', ['HSRATE'])).toEqual(failed('not-a-percentage', { text: '0.8¢ each + 4.6%' }))
    expect(await cell('us', ['HSRATETEXT'])).toBe('0.8¢ each + 4.6%')
    expect(await cell('us', ['HSRATE'], { generalRateOfDuty: 'See 9903.88.03' })).toEqual(failed('rate-elsewhere'))
  })

  test('without a percent sign is not guessed: 6.5 may be a percentage or a fraction', async () => {
    expect(await cell('cn', ['HSRATE'], { mfnImportRate: '6.5' })).toEqual(failed('rate-unparsed', { text: '6.5' }))
    expect(await cell('cn', ['HSRATE'], { mfnImportRate: 0 })).toEqual(failed('rate-unparsed', { text: '0' }))
    expect(await cell('cn', ['HSRATE'], { mfnImportRate: '=1+1' })).toEqual(failed('rate-unparsed', { text: "'=1+1" }))
    expect(await cell('cn', ['HSRATETEXT'], { mfnImportRate: '=1+1' })).toBe("'=1+1")
  })

  test('by treatment is that column, and says what there is where there is no such column', async () => {
    expect(await cell('cn', ['HSRATE', '', 'treatment=GEN'])).toBe(0.8)
    expect(await cell('cn', ['HSRATE', '', 'treatment=VAT'])).toBe(0.13)
    expect(await cell('us', ['HSRATETEXT', '', 'treatment=COL2'])).toBe('8¢ each + 45%')
    expect(await cell('us', ['HSRATE', '', 'treatment=JO'])).toEqual(failed('no-rate', { treatment: 'JO' }))
    expect(await cell('jp', ['HSRATE', '', 'treatment=GSP'])).toEqual(failed('rate-not-known', { treatment: 'GSP' }))
    expect(await cell('cn', ['HSRATE', '', 'treatment=UST'])).toEqual(
      failed('unknown-treatment', { known: expect.stringMatching(/^MFN, GEN, VAT/) }),
    )
  })
})

describe('the base rate', () => {
  test('of China is the provisional one for as long as one is printed, whatever its key is called', async () => {
    expect(await cell('cn', ['HSRATE'], { provisionalImportRate: '3%' })).toBe(0.03)
    expect(await cell('cn', ['HSRATE'], { tempImportRate: '3%' })).toBe(0.03)
    expect(await cell('cn', ['HSRATE'], { 暂定税率: '3%' })).toBe(0.03)
    expect(await cell('cn', ['HSRATE'], { temporaryExportRate: '3%', provisionalImportRate: '' })).toBe(0.1)
  })

  test('of Japan is the temporary one before the general one, and the lower of that and the WTO rate', async () => {
    expect(await cell('jp', ['HSRATE'], { temporary: '3%' })).toBe(0.03)
    expect(await cell('jp', ['HSRATE'], { wto: '(12%)' })).toBe(0.1)
    expect(await cell('jp', ['HSRATE'], { general: '(10%)', wto: '12%' })).toBe(0.12)
  })
})

describe('a preference', () => {
  test('of Japan is the lowest its origin can claim; bracketed ones do not apply', async () => {
    expect(await cell('jp', ['HSRATE', 'VN'])).toBe(0)
    expect(await cell('jp', ['HSRATE', 'CN'])).toBe(0.057)
    expect(await cell('jp', ['HSRATE', 'CA'])).toBe(0.08)
    expect(await cell('jp', ['HSRATE', 'BR'])).toBe(0.08)
  })

  test('of the United States is read out of the special column, programme by programme', async () => {
    const plain = { generalRateOfDuty: '4.6%' }
    expect(await cell('us', ['HSRATE', 'KR'], plain)).toBe(0.021)
    expect(await cell('us', ['HSRATE', 'MX'], plain)).toBe(0)
    expect(await cell('us', ['HSRATE', 'DE'], plain)).toBe(0.046)
    expect(await cell('us', ['HSRATETEXT', 'RU'], plain)).toBe('8¢ each + 45%')
  })

  test('of China is found under the names of its partners', async () => {
    expect(await cell('cn', ['HSRATE', 'CL'])).toBe(0.05)
    expect(await cell('cn', ['HSRATE', 'VN'])).toBe(0)
    expect(await cell('cn', ['HSRATE', 'JP'])).toBe(0.08)
    expect(await cell('cn', ['HSRATE', 'BR'])).toBe(0.1)
  })

  test('that the reply does not tell is not known, not MFN', async () => {
    expect(await cell('cn', ['HSRATE', 'VN'], {}, {})).toEqual(failed('rate-not-known'))
    expect(await cell('cn', ['HSRATE', 'VN'], {}, { Cn: { Ct: { X7: '1%' } } })).toEqual(failed('rate-not-known'))
    expect(await cell('us', ['HSRATE', 'MX'], { specialRateOfDuty: undefined })).toEqual(failed('rate-not-known'))
    expect(await cell('jp', ['HSRATE', 'VN'], { rcepChina: undefined }, {})).toEqual(failed('rate-not-known'))
  })

  test('cannot be better than free, so that silence does not matter there', async () => {
    expect(await cell('cn', ['HSRATE', 'VN'], { mfnImportRate: '0%' }, {})).toBe(0)
    expect(await cell('cn', ['HSRATE', 'BR'], {}, {})).toBe(0.1)
  })
})

describe('the choice among columns', () => {
  const book = createTariffBook({ folders: [join(rootFolder(), 'proxy', 'tariff', 'packs')] })

  test.each<['JP' | 'US', string[]]>([
    ['JP', ['', 'CN', 'BR']],
    ['US', ['', 'KR', 'MX', 'JP', 'DE', 'RU']],
  ])('is the one the tariff of %s in the house makes on the same texts', async (country, origins) => {
    for (const { code } of linesOf(country)) {
      for (const origin of origins) {
        const { ask } = inquiryOf('HSRATE', [code, country, origin]) as { ask: RateAsk }
        const options = { ...ask.options, date: '2026-11-22' }
        expect([code, origin, await house.ask('HSRATE', code, country, origin)]).toEqual([
          code,
          origin,
          rateNumber(book, code, { ...ask, options }),
        ])
      }
    }
  })
})

describe('HSRATES', () => {
  const edition = 'hsciq, asked 2026-11'

  test('lists what is printed under our treatments, agreements of China by their own names', async () => {
    expect(await cell('cn', ['HSRATES'])).toEqual([
      ['MFN', 0.1, '10%', '3926909090', edition],
      ['GEN', 0.8, '80%', '3926909090', edition],
      ['VAT', 0.13, '13%', '3926909090', edition],
      ['东盟', 0, '0%', '3926909090', edition],
      ['智利', 0.05, '5%', '3926909090', edition],
      ['RCEP 日本', 0.08, '8%', '3926909090', edition],
    ])
  })

  test('has no rate where there is no plain percentage, and one row a programme', async () => {
    const table = (await cell('us', ['HSRATES'])) as unknown[][]
    expect(table.map(([treatment, rate]) => [treatment, rate])).toEqual([
      ['MFN', ''],
      ['SPECIAL', ''],
      ['A*', 0],
      ['AU', 0],
      ['CL', 0],
      ['KR', 0.021],
      ['S', 0],
      ['COL2', ''],
      ['ADD', ''],
    ])
  })

  test('no rate cut out of the special column becomes a formula', async () => {
    const special = { specialRateOfDuty: 'Free (A) =HYPERLINK("http://evil.example") (AU) -5% (KR) – (CL)' }
    const table = (await cell('us', ['HSRATES'], special)) as unknown[][]
    expect(table.flatMap((row) => row.filter((text) => /^[=+\-@]/.test(String(text))))).toEqual([])
    expect(await cell('us', ['HSRATETEXT', 'AU'], { ...special, generalRateOfDuty: 'x' })).toBe(
      '\'=HYPERLINK("http://evil.example")',
    )
  })

  test('of an origin lists the base columns and what that origin can claim', async () => {
    const treatments = async (fixture: 'cn' | 'jp' | 'us', origin: string) =>
      ((await cell(fixture, ['HSRATES', origin])) as unknown[][]).map(([treatment]) => treatment)
    expect(await treatments('us', 'KR')).toEqual(['MFN', 'KR'])
    expect(await treatments('us', 'RU')).toEqual(['COL2'])
    expect(await treatments('jp', 'VN')).toEqual(['BASE', 'WTO', 'EPA-VN', 'EPA-CPTPP'])
    expect(await treatments('cn', 'CL')).toEqual(['MFN', 'VAT', '智利'])
    expect(await cell('cn', ['HSRATES', '', 'treatment=PROV'])).toEqual(failed('rate-not-known'))
  })
})

describe('a code', () => {
  test('has its name and its units, from whichever spelling of the field there is', async () => {
    expect(await cell('cn', ['HSDESC', 'zh'])).toBe('塑料制品')
    expect(await cell('jp', ['HSUNIT'])).toBe('PR, KG')
    const spelled = async (field: string) => {
      house.replyNext('code-detail-jp', ({ data }) => {
        Object.assign(data, { Unit1: null, Unit2: '', UnitofMeasure: undefined, [field]: 'PR' })
      })
      return house.ask('HSUNIT', '640411000', 'JP')
    }
    expect(await spelled('UnitofMeasure')).toMatchObject({ value: 'PR' })
    expect(await spelled('UnitOfMeasure')).toMatchObject({ value: 'PR' })
    expect(await spelled('other')).toEqual(failed('no-unit'))
  })

  test('that is unknown there is no match, and one that is no code is not asked', async () => {
    expect(await house.ask('HSRATE', '9999999999', 'CN')).toEqual(failed('no-match'))
    house.replyNext('code-detail-cn', (reply) => Object.assign(reply, { data: null }))
    expect(await house.ask('HSRATE', '3926909090', 'CN')).toEqual(failed('no-match'))
    const before = house.simulator.requests.length
    expect(await house.ask('HSRATE', 'bicycle', 'CN')).toEqual(failed('not-a-code'))
    expect(house.simulator.requests).toHaveLength(before)
  })

  test('is answered by its own detail only: another code or another country is refused', async () => {
    house.replyNext('code-detail-cn')
    expect(await house.ask('HSRATE', '8712002000', 'CN')).toEqual(
      failed('upstream-code-broken', { value: '3926909090' }),
    )
    house.replyNext('code-detail-cn', ({ data }) => Object.assign(data, { Code: 3926909090 }))
    expect(await house.ask('HSRATE', '3926909090', 'CN')).toEqual(failed('upstream-code-broken'))
    house.replyNext('code-detail-cn', ({ data }) => Object.assign(data, { Country: 'US' }))
    expect(await house.ask('HSRATE', '3926909090', 'CN')).toEqual(failed('upstream-code-broken', { value: 'US' }))
  })

  test('of thirteen digits is asked for by its ten', async () => {
    expect(await house.ask('HSDESC', '3926909090101', 'CN', 'zh')).toMatchObject({ value: '手机壳' })
    expect(house.lastArguments()).toEqual({ country: 'CN', code: '3926909090' })
  })
})

describe('HSDETAIL', () => {
  test('has every section of a Chinese code', async () => {
    expect(await cell('cn', ['HSDETAIL'])).toEqual([
      ['elements', '1', '品名 (required)'],
      ['elements', '2', '用途'],
      ['regulatory', 'A', '入境'],
      ['inspection', 'M', '进口检验'],
      ['ciq', '101', '塑料'],
      ['rebate', '001', '一般 13%'],
      ['taxes', 'mfnImportRate', '10%'],
      ['taxes', 'generalImportRate', '80%'],
      ['taxes', 'vatRate', '13%'],
      ['taxes', 'exportTaxRebateRate', '13%'],
      ['agreements', '东盟', '0%'],
      ['agreements', '智利', '5%'],
      ['agreements', 'RCEP 日本', '8%'],
      ['notes', '39', '章注'],
      ['notes', 'Remark', '备注'],
      ['controls', '4x', '管制; M1; E; 9; 品牌, 型号'],
    ])
  })

  test('of one section has that section, and says where there is nothing in it', async () => {
    expect(await cell('us', ['HSDETAIL', 'notes'])).toEqual([['notes', 'AdditionalDuties', 'See 9903.88.03']])
    expect(await cell('jp', ['HSDETAIL', 'agreements'])).toEqual([
      ['agreements', 'vietnam', '無税'],
      ['agreements', 'cptpp', '(8%)'],
    ])
    expect(await cell('us', ['HSDETAIL', 'elements'])).toEqual(failed('no-match'))
    expect(await cell('cn', ['HSDETAIL', 'taxes', 'n=2'])).toHaveLength(2)
  })

  test('leaves out what is no row, and cleans what is', async () => {
    const extensions = { Cn: { Reporting: [7, null, { Key: '1', Value: '<b>=cmd|x</b>' }, { Key: 2, Value: {} }] } }
    expect(await cell('cn', ['HSDETAIL', 'elements'], {}, extensions)).toEqual([['elements', '1', "'=cmd|x"]])
  })
})
