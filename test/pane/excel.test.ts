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
