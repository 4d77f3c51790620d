/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse()
})
afterAll(() => house.close())

test('in Excel the pane works on the workbook, and says nothing of a preview', async () => {
  const { page, problems } = await house.openInExcel()
  await page.getByRole('button', { name: '1,000 points' }).waitFor()
  expect(await page.getByText('This is a preview').count()).toBe(0)
  expect(problems).toEqual([])
})

test('a pane that Excel opened says a sentence when the script that speaks with Excel is kept out', async () => {
  const { page } = await house.open({ query: '?_host_Info=Excel$Win32$16.01$en-US$$$$0' })
  await page.getByRole('alert').getByText('TC-180').waitFor()
})

test('in a plain browser without that script the pane shows its preview', async () => {
  const { page, problems } = await house.open()
  await page.getByText('This is a preview').waitFor()
  expect(problems).toEqual([])
})
