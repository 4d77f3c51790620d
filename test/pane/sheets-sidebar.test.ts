/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import type { JobRunner } from '../../proxy/jobs/runner.ts'
import { bundleSidebar } from '../../sheets-addon/build.ts'
import { serveScriptRun, type ScriptRun } from '../hosts/apps-script/script-run.ts'
import type { Spreadsheet } from '../hosts/apps-script/spreadsheet-state.ts'
import { openBrowser } from '../hosts/browser.ts'
import { testRunner } from '../hosts/job-house.ts'
import { EDITOR, keptTokens, openSheetsHouse, OWNER, type SheetsHouse } from '../sheets-addon/sheets-house.ts'

const PAGE = 'https://n-script.example/sidebar'
const ROWS = [
  ['SKU', 'Description'],
  ...Array.from({ length: 120 }, (_, at) => [`A-${at}`, `cotton shirt number ${'abcdefghij'[at % 10]}`]),
]

let open: SheetsHouse
let runner: JobRunner
let browser: Browser
let html: string
beforeAll(async () => {
  html = await bundleSidebar()
  open = await openSheetsHouse()
  runner = testRunner(open.house)
  await runner.start()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await runner.stop(5000)
  await open.close()
})

async function openSidebar(
  spreadsheet: Spreadsheet,
  user = OWNER,
): Promise<{ page: Page; run: ScriptRun; problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 300, height: 800 } })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  // Whatever else the page would ask for is not there.
  await page.route('**/*', (route) =>
    route.request().url() === PAGE ? route.fulfill({ contentType: 'text/html', body: html }) : route.abort(),
  )
  const run = await serveScriptRun(page, open.world, { user, spreadsheet })
  await page.goto(PAGE)
  return { page, run, problems }
}

test('a person connects, lets formulas answer, and classifies a column; no token comes to the page', async () => {
  const spreadsheet = open.world.spreadsheet({ owner: OWNER, sheets: [{ name: 'Products', rows: ROWS }] })
  const { page, run, problems } = await openSidebar(spreadsheet)
  await page.getByLabel('Connection code').fill(await open.code())
  await page.getByRole('button', { name: 'Connect', exact: true }).click()

  await page.getByText('do not answer in this spreadsheet yet').waitFor()
  await page.getByRole('button', { name: 'Enable…' }).click()
  await page.getByLabel('Points a day').fill('50')
  await page.getByRole('button', { name: 'Enable formulas' }).click()
  await page.getByText('answer here, for everybody').waitFor()
  expect(await page.getByText('do not answer in this spreadsheet yet').count()).toBe(0)
  expect(await open.formula(spreadsheet, 'HSCODE', 'cotton shirt')).toBe('610910')

  spreadsheet.person.select({ sheet: 'Products', row: 1, column: 1, rows: 1, columns: 1 })
  await page.getByRole('tab', { name: 'Classify' }).click()
  await page.getByRole('button', { name: 'See what it costs' }).click()
  await page.getByRole('button', { name: /^Classify 120 rows/ }).click()
  await page.getByRole('heading', { name: 'Done' }).waitFor()
  const column = [1, 60, 120].map((row) => spreadsheet.person.value('Products', row, 2))
  expect(column).toEqual(['6109.10', '6109.10', '6109.10'])
  expect(spreadsheet.person.format('Products', 1, 2)).toBe('@')
  // Written by the hundred, not by the cell.
  expect(open.world.calls.get('Range.setValues')).toBeLessThan(12)

  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText(/^Undone/).waitFor()
  expect(spreadsheet.person.value('Products', 60, 2)).toBeNull()

  const tokens = keptTokens(open.world, OWNER, spreadsheet)
  expect(tokens).toHaveLength(2)
  const shown = await page.content()
  for (const token of tokens) expect(shown).not.toContain(token)
  expect(run.seen.inFlightMost).toBeLessThanOrEqual(10)
  expect(problems).toEqual([])
})

test('another person of the same spreadsheet is not connected by it, and formulas answer for them too', async () => {
  const spreadsheet = await open.openSheet({ sheets: [{ name: 'Products', rows: ROWS }] })
  const { page } = await openSidebar(spreadsheet, EDITOR)
  await page.getByLabel('Connection code').waitFor()
  expect(await open.formula(spreadsheet, 'HSCODE', 'cotton shirt')).toBe('610910')
})

test('where Google takes it for another account, the sidebar says so and what to do', async () => {
  const spreadsheet = await open.openSheet()
  const { page } = await openSidebar(spreadsheet)
  await page.addInitScript(() => {
    type Failing = {
      withSuccessHandler(): Failing
      withFailureHandler(handler: (error: Error) => void): { paneCall(): void }
    }
    const run: Failing = {
      withSuccessHandler: () => run,
      withFailureHandler: (handler) => ({
        paneCall: () => handler(new Error('Authorization is required to perform that action.')),
      }),
    }
    Object.defineProperty(window, 'google', { value: { script: { run } } })
  })
  await page.goto(PAGE)
  expect(await page.getByRole('alert').textContent()).toMatch(/^TC-447 /)
})
