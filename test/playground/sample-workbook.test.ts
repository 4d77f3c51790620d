import { expect, test } from 'vitest'
import { FUNCTION_NAMES } from '../../shared/functions.ts'
import { LANGUAGES } from '../../shared/language.ts'
import { functionHelp, functionHelpWords } from '../../proxy/playground/function-help.ts'
import { sampleWorkbook } from '../../proxy/playground/sample-workbook.ts'

test('every function of the catalogue has an example whose formula stands beside its result', () => {
  const rows = Object.values(sampleWorkbook('en').sheets!.examples!.cellData!)
  const shown = rows.flatMap((row) => (row[2]?.f ? [{ text: row[0]?.v, formula: row[2].f }] : []))
  for (const { text, formula } of shown) expect(text).toBe(formula)
  const named = shown.map(({ formula }) => /^=(\w+)/.exec(formula)?.[1])
  expect(named).toHaveLength(FUNCTION_NAMES.length)
  expect(new Set(named)).toEqual(new Set(FUNCTION_NAMES))
})

test('examples point at the products, on whatever sheet they stand', () => {
  const formulas = Object.values(sampleWorkbook('en').sheets!.examples!.cellData!).map((row) => row[2]?.f ?? '')
  expect(formulas.filter((formula) => /(?<![!:])\b[AB]\d/.test(formula))).toEqual([])
})

test('the columns of codes hold text, so that a code typed there keeps its zero', () => {
  const { sheets, styles } = sampleWorkbook('en')
  expect(sheets!.products!.columnData?.[1]?.s).toBe('code')
  expect(styles!.code).toMatchObject({ n: { pattern: '@' } })
})

test.each(LANGUAGES)('every text of the help is there in %s', (language) => {
  const { tariffcell } = functionHelpWords(language)
  for (const { description, functionParameter } of functionHelp()) {
    for (const key of [description, ...functionParameter.map(({ detail }) => detail)]) {
      const [, group = '', name = ''] = key.split('.')
      expect(tariffcell?.[group]?.[name]).toBeTruthy()
    }
  }
})
