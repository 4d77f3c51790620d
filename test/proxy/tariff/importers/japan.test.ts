import { describe, expect, test } from 'vitest'

import { importJapan } from '../../../../proxy/tariff/importers/japan.ts'
import { ANY_COVERAGE, printed, PUBLICATION, refusalOf, sourceFile } from './source-files.ts'

interface Node {
  stat_code: string
  hs_code: string
  desc: string
  rate: Record<string, string>
  unit: Record<string, string>
  children: Node[]
}

function node(code: string, parts: Partial<Node> = {}): Node {
  const [stat_code = '', hs_code = ''] = code.split(' ')
  return { stat_code, hs_code, desc: 'もの', rate: {}, unit: {}, children: [], ...parts }
}

const read = (...nodes: Node[]) =>
  importJapan([sourceFile('j_01_tariff_data.json', JSON.stringify(nodes))], PUBLICATION, ANY_COVERAGE)

describe('the Japanese schedule', () => {
  test('a line takes each rate from the nearest node above that prints one', () => {
    const line = node('0401.10 110', { rate: { WTO協定: '(21%)', 基本: '' }, unit: { I: '', II: 'KG' } })
    const group = node('0401.10', { rate: { 基本: '25%＋63円/kg', WTO協定: '30%' }, children: [line] })
    const pack = read(node('04.01', { children: [node('0401.10', { children: [group] })] }))
    expect(printed(pack)).toEqual({
      '0401': {},
      '040110': {},
      '040110110': { BASE: '25%＋63円/kg', WTO: '(21%)' },
    })
    expect(pack.lines.at(-1)?.units).toEqual(['KG'])
  })

  test('what stands above speaks only for codes below its own', () => {
    const stray = node('96.20', { children: [node('9620.00 000', { rate: { WTO協定: '無税' } })] })
    const pack = read(node('9619.00 000', { rate: { 基本: '5%' }, children: [stray] }))
    expect(printed(pack)).toEqual({ '961900000': { BASE: '5%' }, '9620': {}, '962000000': { WTO: '無税' } })
  })

  test('a code printed once for each season carries both rates, each after its season', () => {
    const summer = node('0805.10 000', { desc: '1 夏', rate: { 基本: '20%', 特別特恵: '無税', 暫定: '3%' } })
    const winter = node('0805.10 000', { desc: '(2)冬', rate: { 基本: '40%', 特別特恵: '無税' } })
    expect(printed(read(summer, winter))).toEqual({
      '080510000': { BASE: '夏 20% 冬 40%', TEMP: '夏 3%', LDC: '無税' },
    })
  })

  test('headings printed twice are one line, sections none', () => {
    const pack = read(node('', { desc: '第1節' }), node('02.05'), node('0205.00 000', { rate: { 基本: '無税' } }))
    expect(pack.lines.map((line) => line.code)).toEqual(['0205', '020500000'])
  })

  test('line ends and ideographic spaces in a rate are one space', () => {
    const pack = read(node('0205.00 000', { rate: { EPA_メキシコ: 'こい\u3000無税\nその他\u30003.5%' } }))
    expect(printed(pack)['020500000']).toEqual({ 'EPA-MX': 'こい 無税 その他 3.5%' })
  })

  test('words of a grouping stand before those of the line', () => {
    const line = node('0101.21 100', { desc: 'めす' })
    const pack = read(
      node('0101.21', { desc: '馬', children: [node('0101.21', { desc: '1 繁殖用', children: [line] })] }),
    )
    expect(pack.lines.map((found) => found.text)).toEqual(['馬', '1 繁殖用 めす'])
  })

  test('a column it does not know is refused, not dropped', async () => {
    expect(await refusalOf(() => read(node('0205.00 000', { rate: { EPA_月: '無税' } })))).toBe('source-columns')
  })

  test.each([
    ['an empty file', '', 'source-empty'],
    ['a web page', '<html>', 'source-html'],
    ['a chapter cut short', '[{"stat_code":"01.01"', 'source-format'],
    ['another JSON', '[{"h":"0101.21.00.00","us":0}]', 'source-columns'],
    ['a code of 8 digits', JSON.stringify([node('0101.21 10')]), 'source-code'],
  ])('%s is refused', async (_, content, code) => {
    const file = sourceFile('j_01_tariff_data.json', content)
    expect(await refusalOf(() => importJapan([file], PUBLICATION, ANY_COVERAGE))).toBe(code)
  })

  test('one chapter is not taken for the whole of it', async () => {
    const file = sourceFile('j_01_tariff_data.json', JSON.stringify([node('0101.21 100')]))
    expect(await refusalOf(() => importJapan([file], PUBLICATION))).toBe('source-incomplete')
  })
})
