import { expect, test } from 'vitest'
import { FUNCTION_NAMES, functionSpec } from '../../shared/functions.ts'
import { LANGUAGES } from '../../shared/language.ts'
import { functionHelp, functionHelpWords } from '../../proxy/playground/function-help.ts'
import { sampleWorkbook } from '../../proxy/playground/sample-workbook.ts'

/** Formulas of a sheet of examples: each stands beside its result, as text. */
function examplesOn(sheet: 'examples' | 'upstreams'): { text: unknown; formula: string; name: string }[] {
  const rows = Object.values(sampleWorkbook('en').sheets![sheet]!.cellData!)
  return rows.flatMap((row) => {
    const formula = row[2]?.f
    return formula ? [{ text: row[0]?.v, formula, name: /^=(\w+)/.exec(formula)![1]! }] : []
  })
}

test('every function of the catalogue has an example whose formula stands beside its result', () => {
  const examples = examplesOn('examples')
  const upstreams = examplesOn('upstreams')
  for (const { text, formula } of [...examples, ...upstreams]) expect(text).toBe(formula)
  const own = FUNCTION_NAMES.filter((name) => ['reference', 'expert'].includes(functionSpec(name).askedOf))
  const others = FUNCTION_NAMES.filter((name) => !own.includes(name))
  expect(examples.map(({ name }) => name).sort()).toEqual([...others].sort())
  expect(upstreams.map(({ name }) => name).sort()).toEqual([...own, 'HSCODE', 'HSALT', 'HSINFO'].sort())
})

test('what a look-up reads from a cell is a cell that was filled in above it', () => {
  const rows = sampleWorkbook('en').sheets!.upstreams!.cellData!
  const reads = examplesOn('upstreams').flatMap(({ formula }) => {
    const row = /\(C(\d+)\)$/.exec(formula)?.[1]
    return row === undefined ? [] : [rows[Number(row) - 1]![2]!.v]
  })
  expect(reads).toHaveLength(2)
  for (const given of reads) expect(given).toBeTruthy()
})

test('examples point at the products, on whatever sheet they stand', () => {
  const formulas = [...examplesOn('examples'), ...examplesOn('upstreams')].map(({ formula }) => formula)
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
