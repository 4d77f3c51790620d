import { describe, expect, test } from 'vitest'

import { importChina } from '../../../../proxy/tariff/importers/china.ts'
import { ANY_COVERAGE, printed, PUBLICATION, refusalOf, sourceFile } from './source-files.ts'

const HEADER = 'hs_code,standard_name,mfn_rate,general_rate,tentative_rate,vat_rate,consumption_rate'
const read = (...rows: string[]) =>
  importChina(sourceFile('cn.csv', [HEADER, ...rows, ''].join('\n')), PUBLICATION, ANY_COVERAGE)

describe('the Chinese tariff', () => {
  test.each([
    ['0.0', '0%'],
    ['0', '0%'],
    ['0.065', '6.5%'],
    ['0.07', '7%'],
    ['0.1', '10%'],
    ['1.0', '100%'],
    ['1.14', '114%'],
    ['2.7', '270%'],
    ['0.005', '0.5%'],
  ])('prints %s as %s', (fraction, text) => {
    expect(printed(read(`8413703100,泵,${fraction},0.3,,0.13,0.0`))['84137031']?.['MFN']).toBe(text)
  })

  test('puts what the lines of an item share on the item, a blank stays blank', () => {
    const pack = read('1001110001,麦,0.01,1.8,,0.09,0.0', '1001110090,麦,0.65,1.8,,0.09,0.0')
    expect(printed(pack)).toEqual({
      '1001110001': { MFN: '1%' },
      '1001110090': { MFN: '65%' },
      '10011100': { GEN: '180%', VAT: '9%', CT: '0%' },
    })
  })

  test('does not believe a zero duty on goods charged by quantity', () => {
    const pack = read('0207142101,冻鸡翅,0.0,0.0,,0.09,0.0', '0207141900,冻鸡块,0.1,0.0,,0.09,0.0')
    expect(printed(pack)['02071421']).toEqual({ MFN: '?', GEN: '?', VAT: '9%', CT: '0%' })
    expect(printed(pack)['02071419']).toMatchObject({ MFN: '10%', GEN: '?' })
  })

  test('does not take a consumption tax by quantity for a percentage', () => {
    const pack = read('2710121000,汽油,0.05,0.14,,0.13,0.0152', '2402200000,卷烟,0.25,1.8,,0.13,0.0')
    expect(printed(pack)['27101210']?.['CT']).toBe('?')
    expect(printed(pack)['24022000']?.['CT']).toBe('?')
  })

  test.each([
    ['an empty file', '', 'source-empty'],
    ['a web page', '<html>', 'source-html'],
    ['another table', 'HTS Number,Indent\n0101,0\n', 'source-columns'],
    ['a row cut short', `${HEADER}\n0101210010,马,0.0`, 'source-format'],
    ['a code without its zero', `${HEADER}\n101210010,马,0.0,0.0,,0.09,0.0\n`, 'source-code'],
    ['a rate that is a percentage', `${HEADER}\n0101210010,马,10%,0.0,,0.09,0.0\n`, 'source-format'],
    ['a code twice', `${HEADER}\n${'0101210010,马,0.0,0.0,,0.09,0.0\n'.repeat(2)}`, 'source-code'],
  ])('%s is refused', async (_, content, code) => {
    expect(await refusalOf(() => importChina(sourceFile('cn.csv', content), PUBLICATION, ANY_COVERAGE))).toBe(code)
  })

  test('a few lines are not taken for the whole of it', async () => {
    const file = sourceFile('cn.csv', `${HEADER}\n0101210010,马,0.0,0.0,,0.09,0.0\n`)
    expect(await refusalOf(() => importChina(file, PUBLICATION))).toBe('source-incomplete')
  })
})
