/// <reference lib="dom" />
/** Picture and trade: what costs a point is asked on the button only, once. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeBitmap } from '../upstreams/picture-bytes.ts'
import { axeViolations, tooWide } from './axe.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse({ upstreams: true })
})
afterAll(() => house.close())

test('a picture is looked up for a point, and its kind of goods goes into the active cell', async () => {
  const before = await house.balance()
  const { page, problems } = await house.open({ view: 'picture', width: 320 })
  const lookUp = page.getByRole('button', { name: 'Look up' })
  expect(await lookUp.isDisabled()).toBe(true)
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'flask.bmp', mimeType: 'image/bmp', buffer: makeBitmap(200, 120) })
  await page.getByRole('img', { name: 'The chosen picture' }).waitFor()
  expect(await house.balance()).toBe(before)
  await lookUp.click()
  await page.getByText('Source: juhe').waitFor()
  expect(await house.balance()).toBe(before - 1)
  await page
    .getByRole('button', { name: /^Use as description/ })
    .first()
    .click()
  await page.getByText('is in Products!A1 now').waitFor()
  expect([...(await axeViolations(page)), ...(await tooWide(page))]).toEqual([])
  expect(problems).toEqual([])
})

test('an address that is none is said to be none, and nothing is asked', async () => {
  const { page } = await house.open({ view: 'picture' })
  await page.getByRole('textbox', { name: 'Address of a picture' }).fill('http://example.com/a.jpg')
  await page.getByText('An address begins with https://').waitFor()
  expect(await page.getByRole('button', { name: 'Look up' }).isDisabled()).toBe(true)
})

test('where a product is traded costs one point, is a table, and goes into the sheet as a formula', async () => {
  const before = await house.balance()
  const { page, problems } = await house.open({ view: 'trade', width: 320 })
  await page.getByRole('textbox', { name: 'Code or product' }).fill('610910')
  await page.getByRole('textbox', { name: 'Code or product' }).press('Enter')
  const table = page.getByRole('table', { name: 'Trade in 610910' })
  await table.getByRole('row', { name: /China/ }).waitFor()
  await table.getByRole('row', { name: /^other/ }).waitFor()
  expect(await house.balance()).toBe(before - 1)
  await page.getByText('by number of trades, not by value').waitFor()
  expect([...(await axeViolations(page)), ...(await tooWide(page))]).toEqual([])
  await page.getByRole('button', { name: 'Insert as formula' }).click()
  await page.getByText('The formula is in Products!A1 now.').waitFor()
  await page.getByRole('tab', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'All parts of the pane' }).click()
  await page.getByRole('menuitemradio', { name: 'Trade' }).click()
  await table.waitFor()
  expect(await house.balance()).toBe(before - 1)
  expect(problems).toEqual([])
})
