/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'
import { failCell } from './sample-work.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse()
})
afterAll(() => house.close())

test('a cell that fails while the list is open appears with its sentence, and the list leads to it', async () => {
  const { page, problems } = await house.open({ view: 'errors' })
  await page.getByText('No formula has failed').waitFor()
  await failCell(page, 'HSRATE', ['abc', 'CA'], 'Products!B2')
  await page.getByText('TC-120').waitFor()
  await page.getByRole('button', { name: 'Go to cell Products!B2' }).click()
  await failCell(page, 'HSRATE', ['abc', 'CA'], 'Gone!B2')
  await page.getByRole('button', { name: 'Go to cell Gone!B2' }).click()
  // The sheet is not there: said in words, not swallowed.
  await page.getByRole('alert').waitFor()
  expect(await axeViolations(page)).toEqual([])
  expect(problems).toEqual([])
})

test('cells that failed for want of a connection lead to the form that connects', async () => {
  const { page, problems } = await house.open({ view: 'errors', token: null })
  await failCell(page, 'HSCODE', ['ceramic mug', 'CA'], 'Products!C3')
  await page.getByText('TC-401').waitFor()
  await page.getByRole('main').getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('textbox', { name: 'Connection code' }).waitFor()
  // Chromium itself writes every refused request to the console.
  expect(problems.filter((problem) => !problem.includes('401'))).toEqual([])
})
