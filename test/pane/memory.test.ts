/// <reference lib="dom" />
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations, tooWide } from './axe.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse()
})
afterAll(() => house.close())

test('a code is approved, found, and removed only after the person said so', async () => {
  const { page, problems } = await house.open({ view: 'memory', width: 320 })
  await page.getByText('Nothing is approved yet.').waitFor()
  await page.getByRole('button', { name: 'Approve a code' }).click()
  expect([...(await axeViolations(page)), ...(await tooWide(page))]).toEqual([])
  await page.getByRole('textbox', { name: 'Description of the goods' }).fill('honey in jars')
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill('40900')
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
  await page.getByText('0409.00 is approved.').waitFor()
  await page.getByText('look whether it is the right one').waitFor()
  await page.getByText('1 approved code', { exact: true }).waitFor()

  await page.getByRole('searchbox', { name: 'Search' }).fill('bicycle')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing approved fits this search.').waitFor()
  await page.getByRole('searchbox', { name: 'Search' }).fill('honey')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove honey in jars' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Remove honey in jars' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByText('Nothing is approved yet.').waitFor()
  expect(problems).toEqual([])
})

test('a file is checked first; its bad lines are named and left out only when the person says so', async () => {
  const { page, problems } = await house.open({ view: 'memory' })
  await page.getByRole('button', { name: 'Import and export' }).click()
  const csv = 'description,country,code,note\nceramic mug,CA,6912.00,=1+1\nnothing,CA,99.99,\n'
  const file = { name: 'codes.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByText('codes.csv: nothing is imported yet').waitFor()
  await page
    .getByRole('region', { name: 'Lines that cannot be read' })
    .getByText(/^Line 3: TC-210/)
    .waitFor()
  expect(await page.getByRole('button', { name: 'Import 1 code' }).isDisabled()).toBe(true)
  expect([...(await axeViolations(page)), ...(await tooWide(page))]).toEqual([])
  await page.getByRole('checkbox', { name: /leave these lines out/ }).check()
  await page.getByRole('button', { name: 'Import 1 code' }).click()
  await page.getByText('Imported: 1 new').waitFor()
  await page.getByRole('listitem').getByText('ceramic mug').waitFor()

  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export as CSV' }).click()
  const download = await coming
  expect(download.suggestedFilename()).toBe('tariffcell-memory.csv')
  const saved = readFileSync(await download.path(), 'utf8')
  expect(saved.startsWith('\ufeff')).toBe(true)
  expect(saved).toContain('ceramic mug')
  expect(saved).not.toMatch(/(?:^|,)=1\+1/m)
  expect(problems).toEqual([])
})

test('a file in another encoding is refused in words', async () => {
  const { page } = await house.open({ view: 'memory' })
  await page.getByRole('button', { name: 'Import and export' }).click()
  const buffer = Buffer.from('description,country,code\ncaf\xe9,CA,0901.21\n', 'latin1')
  await page.locator('input[type=file]').setInputFiles({ name: 'codes.csv', mimeType: 'text/csv', buffer })
  await page
    .getByRole('alert')
    .getByText(/TC-155 Line 2 .*UTF-8/)
    .waitFor()
})
