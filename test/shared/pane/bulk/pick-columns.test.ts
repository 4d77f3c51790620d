import { expect, test } from 'vitest'
import { guessColumns, NO_COLUMNS } from '../../../../shared/pane/bulk/pick-columns.ts'
import { OUTPUT_HEADERS, placeOutputs } from '../../../../shared/pane/bulk/output-columns.ts'
import { PREVIEW_SHEETS } from '../../../../excel-addin/preview-sheets.ts'

test('the columns of an importer’s sheet are found by name', () => {
  const [headers = [], ...sample] = PREVIEW_SHEETS[0]!.rows
  expect(guessColumns(headers.map(String), sample)).toEqual({
    ...NO_COLUMNS,
    description: 1,
    facts: { ...NO_COLUMNS.facts, material: 2 },
    origin: 3,
    value: 4,
  })
})

test.each([
  [['货号', '品名', '材质', '原产国', '金额'], { description: 1, material: 2, origin: 3, value: 4 }],
  [
    ['Réf.', 'Désignation', 'Matière', 'Pays d’origine', 'Valeur'],
    { description: 1, material: 2, origin: 3, value: 4 },
  ],
  [
    ['SKU', 'Product name', 'Composition', 'Country of origin', 'Unit price'],
    { description: 1, material: 2, origin: 3, value: 4 },
  ],
])('columns named %j are found', (headers, { description, material, origin, value }) => {
  const found = guessColumns(headers, [])
  expect([found.description, found.facts.material, found.origin, found.value]).toEqual([
    description,
    material,
    origin,
    value,
  ])
})

test('without names the column that reads like goods is the description, counted from where the region begins', () => {
  const sample = [
    [1001, 'A-1', "men's knitted cotton shirt", 'CN', 12],
    [1002, 'A-2', 'stainless steel vacuum flask', 'CN', 9],
    [1003, 'A-3', 'wooden dining chair', 'VN', 80],
  ]
  expect(guessColumns(['', '', '', '', ''], sample, 3).description).toBe(5)
})

test('a column of numbers is no description, whatever it is called', () => {
  expect(
    guessColumns(
      ['Product', 'Text'],
      [
        [7, 'leather handbag'],
        [8, 'ceramic mug'],
      ],
    ).description,
  ).toBe(1)
})

test('columns of an earlier run are used again in every language, and others stand right of the table', () => {
  const beside = {
    firstColumn: 2,
    headers: ['Description', OUTPUT_HEADERS.zh.code, 'x'],
    right: [
      ['', 'taken'],
      ['', ''],
    ],
  }
  expect(placeOutputs(beside, ['code', 'label', 'mfn'])).toMatchObject({ code: 3, label: 5, mfn: 7, review: null })
})
