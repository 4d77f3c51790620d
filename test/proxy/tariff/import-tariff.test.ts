import { describe, expect, test } from 'vitest'

import { importTariff, withoutTexts } from '../../../proxy/tariff/import-tariff.ts'
import { PUBLICATION, refusalOf, sourceFile } from './importers/source-files.ts'
import { makePack } from './make-pack.ts'

const japan = sourceFile('j_04_tariff_data.json', '[]')
const page = sourceFile('tariff.csv', '<!doctype html><html></html>')

describe('importTariff', () => {
  test.each([
    ['a country no one reads', 'FR', [page], 'country-unknown'],
    ['a Japanese file as Canada', 'CA', [japan], 'source-format'],
    ['a Japanese file as the United States', 'US', [japan], 'source-incomplete'],
    ['a Japanese file as China', 'CN', [japan], 'source-format'],
    ['a web page as the United States', 'US', [page], 'source-html'],
    ['a CSV as Japan', 'JP', [page], 'source-format'],
    ['no file', 'CA', [], 'source-format'],
    ['two schedules', 'US', [page, sourceFile('other.csv', 'a,b\n')], 'source-format'],
  ])('refuses %s', async (_, country, files, code) => {
    expect(await refusalOf(() => importTariff(country, files, PUBLICATION))).toBe(code)
  })
})

test('a pack without texts has every line and no description', () => {
  const pack = makePack({ '0101': [], '01012100': ['Free'] })
  const described = { ...pack, lines: pack.lines.map((line) => ({ ...line, text: 'A sentence' })) }
  expect(withoutTexts(described)).toEqual(pack)
})
