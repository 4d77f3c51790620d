/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse()
})
afterAll(() => house.close())

test('a code connects the pane, and what is left is shown', async () => {
  const { code } = await house.house.seats.createConnectionCode({
    workspaceId: house.askers[0].workspaceId,
    role: 'seat',
    name: '',
  })
  const { page, problems } = await house.open({ token: null })
  await page.getByRole('textbox', { name: 'Connection code' }).fill(code)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByRole('button', { name: '1,000 points' }).waitFor()
  expect(problems).toEqual([])
})
