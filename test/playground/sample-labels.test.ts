import { expect, test } from 'vitest'
import { LANGUAGES } from '../../shared/language.ts'
import { labelCell, relabelled } from '../../proxy/playground/sample-labels.ts'
import { sampleWorkbook } from '../../proxy/playground/sample-workbook.ts'

const sheets = (language: (typeof LANGUAGES)[number]) => Object.values(sampleWorkbook(language).sheets!)

test.each(LANGUAGES)('the sample of any language, relabelled, is the sample in %s', (language) => {
  for (const from of LANGUAGES) {
    sheets(from).forEach((sheet, at) => {
      const { cellData } = structuredClone(sheet)
      for (const [row, line] of Object.entries(relabelled(cellData!, language))) {
        for (const [column, { v }] of Object.entries(line)) cellData![Number(row)]![Number(column)]!.v = v
      }
      expect(cellData).toEqual(sheets(language)[at]!.cellData)
    })
  }
})

test('what a person wrote over a label, and words that are no label, stay', () => {
  const cells = { 0: { 0: { ...labelCell('code', 'en'), v: 'My codes' }, 1: { v: 'HS code' }, 2: null } }
  expect(relabelled(cells, 'fr')).toEqual({})
})

test('a label is known wherever it was moved to', () => {
  expect(relabelled({ 7: { 9: labelCell('sure', 'en') } }, 'fr')).toEqual({ 7: { 9: { v: 'Certitude' } } })
})

test('a label that nobody knows is left alone', () => {
  expect(relabelled({ 0: { 0: { v: 'x', custom: { label: 'toString' } } } }, 'zh')).toEqual({})
})
