/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse()
})
afterAll(() => house.close())

test('what cannot be a code is said beside it and not sent; a code connects the pane, and what is left is shown', async () => {
  const { code } = await house.house.seats.createConnectionCode({
    workspaceId: house.askers[0].workspaceId,
    role: 'seat',
    name: '',
  })
  const { page, problems } = await house.open({ token: null })
  const field = page.getByRole('textbox', { name: 'Connection code' })
  await field.fill('ABCD-EFGH')
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByText('A connection code has 12 letters and digits').waitFor()
  await field.fill(code.toLowerCase().replaceAll('-', ' '))
  await page.getByText('A connection code has 12 letters and digits').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByRole('button', { name: '1,000 points' }).waitFor()
  expect(problems).toEqual([])
})

test('a view that cannot be drawn says so; the others stay, and it is drawn anew', async () => {
  const { page, problems } = await house.open({ view: 'errors' })
  await page.evaluate(() => {
    const own = Object.getOwnPropertyDescriptor(Intl.DisplayNames.prototype, 'of')!
    Intl.DisplayNames.prototype.of = () => {
      throw new Error('no names')
    }
    Object.assign(window, { mend: () => Object.defineProperty(Intl.DisplayNames.prototype, 'of', own) })
  })
  await page.getByRole('tab', { name: 'Fix codes' }).click()
  await page
    .getByRole('alert')
    .filter({ hasText: /TC-500 .*\(pane-doctor\)/ })
    .waitFor()
  expect(problems.join('\n')).toMatch(/no names[^]*TC-500 \(pane-doctor\)/)
  await page.getByRole('button', { name: '1,000 points' }).waitFor()
  await page.getByRole('tab', { name: 'Formulas' }).click()
  await page.getByRole('heading', { name: 'Formulas' }).waitFor()
  await page.getByRole('tab', { name: 'Fix codes' }).click()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('alert').waitFor()
  await page.evaluate('mend()')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('combobox', { name: 'Codes of' }).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
})
