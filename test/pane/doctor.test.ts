/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations, tooWide } from './axe.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse()
})
afterAll(() => house.close())

const codes = (grid: Awaited<ReturnType<PaneHouse['openInExcel']>>['grid']) =>
  Array.from({ length: 12 }, (_, at) => grid.person.value('Products', at + 1, 5))

test('a damaged column is looked at, repaired and put back in Excel, and nothing is charged', async () => {
  const { page, grid, problems } = await house.openInExcel({ view: 'doctor' })
  const before = codes(grid)
  await page.getByRole('button', { name: 'Look at the codes' }).click()
  await page.getByRole('checkbox', { name: 'Repair 30481 to 0304.81' }).waitFor()
  await page.getByText('3048.10 is not').waitFor()
  await page.getByRole('radio', { name: /as digits/ }).check()
  await page.getByRole('button', { name: 'Repair 4 cells' }).click()
  await page.getByText('4 cells were written in column F.').waitFor()
  expect(codes(grid).filter((code) => typeof code === 'number')).toEqual([])
  expect(codes(grid)).toContain('030481')
  expect(grid.person.format('Products', 4, 5)).toBe('@')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('4 cells were put back.').waitFor()
  expect(codes(grid)).toEqual(before)
  expect(await house.balance()).toBe(1000)
  expect(problems).toEqual([])
})

test('what was found stays when the person looks elsewhere, and one repair can be left out', async () => {
  const { page, problems } = await house.open({ view: 'doctor', width: 320 })
  await page.getByRole('button', { name: 'Look at the codes' }).click()
  await page.getByRole('checkbox', { name: 'Repair 40900 to 0409.00' }).uncheck()
  expect([...(await axeViolations(page)), ...(await tooWide(page))]).toEqual([])
  await page.getByRole('tab', { name: 'Classify' }).click()
  await page.getByRole('tab', { name: 'Fix codes' }).click()
  await page.getByRole('button', { name: 'Repair 3 cells' }).waitFor()
  expect(problems).toEqual([])
})

test('in a column beside the old codes stay as they are', async () => {
  const { page, grid, problems } = await house.openInExcel({ view: 'doctor' })
  const before = codes(grid)
  await page.getByRole('button', { name: 'Look at the codes' }).click()
  await page.getByRole('radio', { name: /empty column beside/ }).check()
  await page.getByRole('button', { name: /^Repair \d+ cells/ }).click()
  await page.getByText('10 cells were written in column G.').waitFor()
  expect(codes(grid)).toEqual(before)
  expect(grid.person.value('Products', 0, 6)).toBe('Supplier code, repaired')
  expect(grid.person.value('Products', 4, 6)).toBe('0304.81')
  expect(problems).toEqual([])
})

test('a protected sheet is named, and nothing is written', async () => {
  const { page, grid } = await house.openInExcel({ view: 'doctor' })
  const before = codes(grid)
  await page.getByRole('button', { name: 'Look at the codes' }).click()
  await page.getByRole('button', { name: 'Repair 4 cells' }).waitFor()
  grid.person.protect('Products', true)
  await page.getByRole('button', { name: 'Repair 4 cells' }).click()
  await page
    .getByRole('alert')
    .getByText(/TC-172/)
    .waitFor()
  expect(codes(grid)).toEqual(before)
})

test('a repair is undone after the pane was closed and opened again', async () => {
  const { page, grid, problems } = await house.openInExcel({ view: 'doctor' })
  const before = codes(grid)
  await page.getByRole('button', { name: 'Look at the codes' }).click()
  await page.getByRole('button', { name: 'Repair 4 cells' }).click()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  expect(codes(grid)).not.toEqual(before)
  await page.reload()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => codes(grid)).toEqual(before)
  expect(problems).toEqual([])
})
