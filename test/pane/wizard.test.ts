/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations, tooWide } from './axe.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse({ upstreams: true })
})
afterAll(() => house.close())

test('a rate is found, seen for nothing, and its formula put into the active cell', async () => {
  const { page, grid, problems } = await house.openInExcel({ view: 'wizard' })
  await page.getByRole('searchbox', { name: 'Search functions' }).fill('duty rate')
  await page.getByRole('button', { name: 'HSRATE', exact: true }).click()
  await page.getByText('Fill in code to see the result.').waitFor()
  await page.getByRole('textbox', { name: /^code/ }).fill('6109.10.00.12')
  await page.getByRole('textbox', { name: /^country/ }).fill('CA')
  const result = page.getByRole('region', { name: 'Result', exact: true })
  await result.getByText('0.18').waitFor()
  await result.getByText('Free preview, from the built-in book').waitFor()
  grid.person.select({ sheet: 'Products', row: 1, column: 7, rows: 1, columns: 1 })
  await page.getByRole('button', { name: 'Insert into Products!H2' }).click()
  await page.getByText('The formula is in Products!H2.').waitFor()
  grid.person.select({ sheet: 'Products', row: 0, column: 1, rows: 1, columns: 1 })
  await page
    .getByText(`Products!B1 holds “${String(grid.person.value('Products', 0, 1))}”, which is replaced.`)
    .waitFor()
  expect(grid.person.formula('Products', 1, 7)).toBe('=HSRATE("6109.10.00.12","CA")')
  expect(problems).toEqual([])
})

test('a selected cell is filled in, the guess says that it is one, and its price in the sheet is said and not paid', async () => {
  const { page, grid, problems } = await house.openInExcel({ view: 'wizard' })
  await page.getByRole('button', { name: 'HSCODE', exact: true }).click()
  grid.person.select({ sheet: 'Products', row: 1, column: 1, rows: 1, columns: 1 })
  await page.getByRole('button', { name: 'Use selected cell Products!B2 for description' }).click()
  const result = page.getByRole('region', { name: 'Result', exact: true })
  await result.getByText('a guess of the built-in classifier').waitFor()
  await result.getByText(/In the sheet: 1 point/).waitFor()
  expect(await page.getByRole('textbox', { name: 'Formula' }).inputValue()).toBe('=HSCODE(B2)')
  expect(await house.balance()).toBe(1000)
  expect(problems).toEqual([])
})

test('a table of results scrolls within itself, reached by keyboard', async () => {
  const { page, problems } = await house.open({ view: 'wizard', width: 320 })
  await page.getByRole('button', { name: 'HSALT', exact: true }).click()
  await page.getByRole('textbox', { name: /^description/ }).fill('B2')
  const table = page.getByRole('region', { name: 'Result as a table' })
  await table.getByRole('columnheader', { name: 'provider' }).waitFor()
  await table.focus()
  expect([...(await axeViolations(page)), ...(await tooWide(page))]).toEqual([])
  expect(problems).toEqual([])
})

test('what only a paid service knows has no preview, and a bad option is said', async () => {
  const { page, problems } = await house.open({ view: 'wizard' })
  await page.getByRole('button', { name: 'HSTRADE', exact: true }).click()
  await page.getByRole('textbox', { name: /^product/ }).fill('"610910"')
  await page.getByText('There is no free preview').waitFor()
  await page.getByRole('button', { name: 'More options' }).click()
  await page.getByRole('textbox', { name: 'n', exact: true }).fill('99')
  await page
    .getByRole('alert')
    .getByText(/TC-109/)
    .waitFor()
  expect(await house.balance()).toBe(1000)
  expect(problems).toEqual([])
})

test('a formula that is half filled in is still there after a look at another view', async () => {
  const { page, problems } = await house.open({ view: 'wizard' })
  await page.getByRole('button', { name: 'HSRATE', exact: true }).click()
  await page.getByRole('textbox', { name: /^code/ }).fill('610910')
  await page.getByRole('button', { name: 'More options' }).click()
  await page.getByRole('textbox', { name: 'treatment', exact: true }).fill('UST')
  await page.getByRole('tab', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'All parts of the pane' }).click()
  await page.getByRole('menuitemradio', { name: 'Formulas' }).click()
  await page.getByRole('textbox', { name: /^country/ }).fill('CA')
  const formula = page.getByRole('textbox', { name: 'Formula' })
  expect(await formula.inputValue()).toBe('=HSRATE("610910","CA","","treatment=UST")')
  await page.getByRole('button', { name: 'All functions' }).click()
  await page.getByRole('button', { name: 'HSRATE', exact: true }).click()
  expect(await page.getByRole('textbox', { name: /^code/ }).inputValue()).toBe('')
  expect(problems).toEqual([])
})

test('where a page may not write to the clipboard, the formula is shown to be copied by hand', async () => {
  const { page, problems } = await house.openInExcel({
    view: 'wizard',
    before: (opened) =>
      opened
        .addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
        .then(() => undefined),
  })
  await page.getByRole('button', { name: 'HSPOINTS', exact: true }).click()
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  expect(await page.getByRole('textbox', { name: 'Copy this text' }).inputValue()).toBe('=HSPOINTS()')
  expect(problems).toEqual([])
})
