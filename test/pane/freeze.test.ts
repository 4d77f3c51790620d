/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations, tooWide } from './axe.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'
import { openExcelGrid, type ExcelGrid } from '../hosts/excel-grid.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse()
})
afterAll(() => house.close())

const FORMULAS = ['=HSCODE(A2)', '=IFERROR(HSCODE(A3),"")', '=HSCODE(A4)', '=HSRATE("610910","CA")']

function openWorkbook(): ExcelGrid {
  const rows = ["men's knitted T-shirt", 'ceramic coffee mug', 'parts', 'shirt'].map((goods) => [goods])
  const grid = openExcelGrid([{ name: 'Goods', rows: [['Description', 'Code'], ...rows] }])
  const shown = ['610910', '0101.21', '#N/A', 0.18]
  for (const [at, formula] of FORMULAS.entries()) {
    grid.person.type('Goods', at + 1, 1, formula)
    grid.person.calculate('Goods', at + 1, 1, shown[at]!)
  }
  return grid
}

const typed = (grid: ExcelGrid) => FORMULAS.map((_, at) => grid.person.formula('Goods', at + 1, 1))

test('formulas become values with their source, and come back after the workbook was opened again', async () => {
  const workbook = openWorkbook()
  const first = await house.openInExcel({ view: 'freeze', workbook })
  await first.page.getByRole('button', { name: 'Find formulas' }).click()
  await first.page.getByText('HSCODE 3').waitFor()
  await first.page.getByText('1 formula shows an error or still waits').waitFor()
  await first.page.getByRole('checkbox', { name: /source and date/ }).check()
  await first.page.getByRole('button', { name: 'Freeze 3 formulas' }).click()
  await first.page.getByText('3 formulas are values now.').waitFor()
  expect(typed(workbook)).toEqual(['610910', '0101.21', '=HSCODE(A4)', 0.18])
  expect(workbook.person.value('Goods', 1, 2)).toMatch(/^embedded · .+ · \d{4}-\d\d-\d\d$/)
  expect(first.problems).toEqual([])
  await first.page.close()

  const { page, problems } = await house.openInExcel({ view: 'freeze', workbook, width: 320 })
  await page.getByRole('button', { name: /^Put formulas back/ }).waitFor()
  expect([...(await axeViolations(page)), ...(await tooWide(page))]).toEqual([])
  workbook.person.type('Goods', 2, 1, 'mine')
  await page.getByRole('button', { name: /^Put formulas back/ }).click()
  await page.getByText('2 formulas were put back.').waitFor()
  await page.getByText(/Goods!B3 holds something else now/).waitFor()
  expect(typed(workbook)).toEqual(['=HSCODE(A2)', 'mine', '=HSCODE(A4)', '=HSRATE("610910","CA")'])
  expect(workbook.person.value('Goods', 1, 2)).toBeNull()

  await page.getByRole('button', { name: /^Take off the list/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Take off the list' }).click()
  await page.getByText('Nothing is frozen yet.').waitFor()
  expect(await house.balance()).toBe(1000)
  expect(problems).toEqual([])
})

test('a sheet without our formulas says so', async () => {
  const { page, problems } = await house.open({ view: 'freeze' })
  await page.getByRole('button', { name: 'Find formulas' }).click()
  await page.getByText('There are no Tariffcell formulas here.').waitFor()
  expect(problems).toEqual([])
})

test('a formula that fills other cells becomes values in all of them, and one formula again', async () => {
  const rows = [['Description', 'Code'], ['shirt'], ['mug'], ['bag']]
  const workbook = openExcelGrid([{ name: 'Goods', rows }])
  const { person } = workbook
  person.type('Goods', 1, 1, '=HSCODE(A2:A4)')
  person.spill('Goods', 1, 1, [['610910'], ['0101.21'], ['420221']])
  const column = () => [1, 2, 3].map((row) => person.formula('Goods', row, 1))
  const { page, problems } = await house.openInExcel({ view: 'freeze', workbook })
  await page.getByRole('button', { name: 'Find formulas' }).click()
  await page.getByRole('button', { name: 'Freeze 1 formula' }).click()
  await page.getByText('1 formula is a value now.').waitFor()
  expect(column()).toEqual(['610910', '0101.21', '420221'])
  await page.getByRole('button', { name: /^Put formulas back/ }).click()
  await page.getByText('1 formula was put back.').waitFor()
  expect(column()).toEqual(['=HSCODE(A2:A4)', null, null])
  expect(problems).toEqual([])
})
