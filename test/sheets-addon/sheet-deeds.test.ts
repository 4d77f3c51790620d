import { beforeEach, expect, test } from 'vitest'
import { bundleCode } from '../../sheets-addon/build.ts'
import { createAppsScript, type AppsScript } from '../hosts/apps-script/apps-script.ts'
import type { Spreadsheet } from '../hosts/apps-script/spreadsheet-state.ts'
import { doorOf, EDITOR, OWNER } from './sheets-house.ts'

const code = await bundleCode('https://hs.example.com')

let world: AppsScript
let spreadsheet: Spreadsheet
beforeEach(async () => {
  world = createAppsScript()
  await world.load(code)
  spreadsheet = world.spreadsheet({
    owner: OWNER,
    sheets: [
      { name: 'Products', rows: [['Goods'], ['mug'], ['vase']] },
      { name: 'Archive', rows: [] },
    ],
  })
})

const door = (user = OWNER) => doorOf(world, user, spreadsheet)

/** Codes beside the goods, in this column. */
const codes = (column: number) => ({
  sheet: '0',
  columns: [{ column, format: 'text' as const }],
  guardColumns: [0],
  rows: [1, 2].map((row) => ({ row, guard: [row === 1 ? 'mug' : 'vase'], values: ['0101.21'] })),
})

test('beside the last column of a protected sheet it is the protection that is told, and the grid stays', async () => {
  spreadsheet.person.protect('Products', true)
  await expect(door(EDITOR)('write', codes(26))).rejects.toThrow(/^TC-172/)
  expect(spreadsheet.sizes.get(spreadsheet.workbook.sheets[0]!)).toEqual({ rows: 1000, columns: 26 })
  await door()('write', codes(26))
  expect(spreadsheet.person.value('Products', 2, 26)).toBe('0101.21')
})

test('a spreadsheet that Google lets grow no further says so, and what to delete', async () => {
  spreadsheet.sizes.set(spreadsheet.workbook.sheets[1]!, { rows: 9_974_000, columns: 1 })
  await expect(door()('write', codes(26))).rejects.toThrow(/^TC-188 .*10 million.*Delete rows/)
  await expect(door()('follow', { sheet: '0', row: 0, column: 26, rows: 9, columns: 1 })).rejects.toThrow(/^TC-188/)
  // Where nothing has to grow nothing is in the way.
  expect(await door()('write', codes(1))).toEqual({ written: [1, 2], changed: [] })
})

test('on a sheet that is a chart nothing is selected, no formula failed, and a formula is put nowhere', async () => {
  spreadsheet.person.makeChart('Archive')
  const nothing = { place: null, region: null, areas: 1, hasMergedCells: false, hiddenRows: 0 }
  expect(await door()('selection', null)).toEqual({ sheetName: 'Archive', address: 'Archive', ...nothing })
  expect(await door()('sheetInUse', null)).toEqual({ sheetName: 'Archive', place: null })
  await expect(door()('insertFormula', '=HSCODE(A2)')).rejects.toThrow(/^TC-189 .*"Archive"/)
  // Its cells are not counted either, when another sheet grows.
  expect(await door()('write', codes(26))).toEqual({ written: [1, 2], changed: [] })
})

test('rows that a filter hides are counted where there is one, and not asked for where there is none', async () => {
  spreadsheet.person.select({ sheet: '0', row: 0, column: 0, rows: 3, columns: 1 })
  spreadsheet.person.hide('Products', 1)
  expect(await door()('selection', null)).toMatchObject({ hiddenRows: 1 })
  expect(world.calls.has('Sheet.isRowHiddenByFilter')).toBe(false)
  spreadsheet.person.setFilter({ sheet: '0', row: 0, column: 0, rows: 3, columns: 1 })
  spreadsheet.person.filterOut('Products', 2)
  expect(await door()('selection', null)).toMatchObject({ hiddenRows: 2 })
})
