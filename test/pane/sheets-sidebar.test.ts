/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import type { JobRunner } from '../../proxy/jobs/runner.ts'
import type { Spreadsheet } from '../hosts/apps-script/spreadsheet-state.ts'
import { putCell } from '../hosts/excel-workbook.ts'
import { answerAll } from '../hosts/fake-provider.ts'
import { openBrowser } from '../hosts/browser.ts'
import { testRunner } from '../hosts/job-house.ts'
import { bundleCode, bundleSidebar } from '../../sheets-addon/build.ts'
import { SHELL_WORDS } from '../../shared/pane/shell/words.ts'
import { EDITOR, keptTokens, openSheetsHouse, OWNER, type SheetsHouse } from '../sheets-addon/sheets-house.ts'
import { button, figure, isDone } from './bulk-journey.ts'
import { goToTab, keyboardOf, standStill } from './keyboard.ts'
import { showView } from './sample-work.ts'
import { serveSidebars, SIDEBAR_PAGE, type Sidebars } from './sidebar-house.ts'

const ROWS = [
  ['SKU', 'Description'],
  ...Array.from({ length: 120 }, (_, at) => [`A-${at}`, `cotton shirt number ${'abcdefghij'[at % 10]}`]),
]

/** Of the same workspace. */
const COLLEAGUE = 'colleague@example.com'

let open: SheetsHouse
let runner: JobRunner
let browser: Browser
let sidebars: Sidebars
beforeAll(async () => {
  open = await openSheetsHouse({ inquiriesPerCallMax: 50 })
  runner = testRunner(open.house)
  await runner.start()
  browser = await openBrowser()
  sidebars = await serveSidebars(browser, open.world)
})
afterAll(async () => {
  await browser.close()
  await runner.stop(5000)
  await open.close()
})

test('by the keyboard alone a person connects, lets formulas answer, and classifies a column; no token comes to the page', async () => {
  const spreadsheet = open.world.spreadsheet({ owner: OWNER, sheets: [{ name: 'Products', rows: ROWS }] })
  const { page, run, problems } = await sidebars.open(spreadsheet, OWNER, { before: standStill })
  const keys = keyboardOf(page)
  await keys.tabTo(page.getByLabel('Connection code'))
  await keys.type(await open.code())
  await keys.activate(button(page, 'Connect'))

  await page.getByText('do not answer in this spreadsheet yet').waitFor()
  await keys.rests()
  await keys.activate(button(page, 'Enable…'))
  await page.getByLabel('Points a day').waitFor()
  await keys.tabTo(page.getByLabel('Points a day'))
  await keys.press('ControlOrMeta+a')
  await keys.type('50')
  await keys.activate(button(page, 'Enable formulas'))
  await page.getByText('answer here, for everybody').waitFor()
  await page.getByText('Spent here today: 0 of 50 points.').waitFor()
  await keys.rests()
  expect(await page.getByText('do not answer in this spreadsheet yet').count()).toBe(0)
  expect(await open.formula(spreadsheet, 'HSCODE', 'cotton shirt')).toBe('610910')

  spreadsheet.person.select({ sheet: 'Products', row: 1, column: 1, rows: 1, columns: 1 })
  await goToTab(page, keys, 'bulk')
  await keys.activate(button(page, 'See what it costs'))
  await page.getByRole('heading', { name: 'Before you start' }).waitFor()
  await keys.activate(button(page, /^Classify 120 rows/))
  await isDone(page)
  await keys.rests()
  const column = [1, 60, 120].map((row) => spreadsheet.person.value('Products', row, 2))
  expect(column).toEqual(['6109.10', '6109.10', '6109.10'])
  expect(spreadsheet.person.format('Products', 1, 2)).toBe('@')
  // Written by the hundred, not by the cell.
  expect(open.world.calls.get('Range.setValues')).toBeLessThan(12)

  await keys.activate(button(page, 'Undo'))
  await page.getByText(/^Undone/).waitFor()
  await keys.rests()
  expect(spreadsheet.person.value('Products', 60, 2)).toBeNull()
  expect(keys.unmarked()).toEqual([])

  const tokens = keptTokens(open.world, OWNER, spreadsheet)
  expect(tokens).toHaveLength(2)
  const shown = await page.content()
  for (const token of tokens) expect(shown).not.toContain(token)
  expect(run.seen.inFlightMost).toBeLessThanOrEqual(10)
  expect(problems).toEqual([])
})

/** Goods that are told apart, 100 of which are answered at once, and 60 when the test lets them be. */
function slowGoods(name: string): { rows: string[][]; goOn: () => void } {
  let goOn!: () => void
  const gate = new Promise<void>((resolve) => {
    goOn = resolve
  })
  open.provider.behave(async (inquiries) => {
    if (JSON.stringify(inquiries).includes(`slow ${name}`)) await gate
    return answerAll(inquiries)
  })
  const goods = [...Array(160).keys()].map((at) => [`A-${at}`, `${at < 100 ? 'quick' : 'slow'} ${name} ${at}`])
  return { rows: [['SKU', 'Description'], ...goods], goOn }
}

async function classify(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('tab', { name: 'Classify' }).click()
  await button(page, 'See what it costs').click()
  await button(page, name).click()
}

const codesOf = ({ person }: Spreadsheet, rows: number[]): unknown[] =>
  rows.map((row) => person.value('Products', row, 2))

test('a sidebar closed in the middle of a run offers to go on when it is opened again, and pays for nothing twice', async () => {
  const { rows, goOn } = slowGoods('shirt')
  const spreadsheet = await open.openSheet({ sheets: [{ name: 'Products', rows }] })
  const before = await open.house.balance()
  const closed = await sidebars.open(spreadsheet, OWNER)
  await classify(closed.page, /^Classify 160 rows/)
  await closed.page.getByText('100 written').waitFor()
  expect(codesOf(spreadsheet, [1, 100, 101])).toEqual(['6109.10', '6109.10', null])
  const again = await sidebars.openIn(closed, spreadsheet, OWNER)
  await closed.page.close()
  // Nobody looks while a colleague puts a row on top.
  spreadsheet.person.insertRows('Products', 1, 1)
  await again.page.getByRole('tab', { name: 'Classify' }).click()
  await again.page.getByText('Products!B2:B161 was not finished: 60 rows are still to be written.').waitFor()
  goOn()
  await button(again.page, 'Continue writing').click()
  await isDone(again.page)
  expect(codesOf(spreadsheet, [1, 2, 101, 102, 161])).toEqual([null, '6109.10', '6109.10', '6109.10', '6109.10'])
  expect(await open.house.balance()).toBe(before - 160)
  await button(again.page, 'Undo').click()
  await again.page.getByText(/^Undone/).waitFor()
  expect(codesOf(spreadsheet, [2, 101, 161])).toEqual([null, null, null])
  expect([...closed.problems, ...again.problems]).toEqual([])
})

test('a colleague who inserts, swaps and edits rows during a run gets no code into a wrong row, and their own sidebar warns of it', async () => {
  const { rows, goOn } = slowGoods('vase')
  const spreadsheet = await open.openSheet({ sheets: [{ name: 'Products', rows }] })
  const { person } = spreadsheet
  const before = await open.house.balance()
  const one = await sidebars.open(spreadsheet, OWNER)
  await classify(one.page, /^Classify 160 rows/)
  await one.page.getByText('100 written').waitFor()
  expect(codesOf(spreadsheet, [1, 100, 101])).toEqual(['6109.10', '6109.10', null])

  await open.door(COLLEAGUE, spreadsheet, 'connect', { code: await open.code(), language: 'en' })
  const other = await sidebars.open(spreadsheet, COLLEAGUE)
  await other.page.getByRole('tab', { name: 'Classify' }).click()
  await button(other.page, 'See what it costs').click()
  await other.page.getByText('A run over 160 rows of this sheet, begun', { exact: false }).waitFor()
  // Theirs does not look like one that they could go on with.
  expect(await other.page.getByText('was not finished').count()).toBe(0)

  person.insertRows('Products', 1, 1)
  for (const [row, text] of [
    [150, 'slow vase 150'],
    [152, 'slow vase 148'],
    [160, 'a different product'],
  ] as const)
    person.type('Products', row, 1, text)
  goOn()
  await isDone(one.page)
  expect(codesOf(spreadsheet, [1, 2, 101, 102, 150, 151, 152, 160, 161])).toEqual([
    null,
    '6109.10',
    '6109.10',
    '6109.10',
    '6109.10',
    '6109.10',
    '6109.10',
    null,
    '6109.10',
  ])
  expect(await figure(one.page, 'Not written, the row had changed')).toBe('1')

  // Both filled it one after the other, and what was known cost nothing.
  await button(other.page, 'Change').click()
  await classify(other.page, /^Classify 1 row · 1 point$/)
  await isDone(other.page)
  expect(codesOf(spreadsheet, [160])).toEqual(['6109.10'])
  expect(await open.house.balance()).toBe(before - 161)
  expect([...one.problems, ...other.problems]).toEqual([])
})

test('another person of the same spreadsheet is not connected by it, and formulas answer for them too', async () => {
  const spreadsheet = await open.openSheet({ sheets: [{ name: 'Products', rows: ROWS }] })
  const { page } = await sidebars.open(spreadsheet, EDITOR)
  await page.getByLabel('Connection code').waitFor()
  expect(await open.formula(spreadsheet, 'HSCODE', 'cotton shirt')).toBe('610910')
})

test('the settings say where answers are kept, have them asked for again, and name the proxy and its version', async () => {
  const spreadsheet = await open.openSheet()
  const { page, problems } = await sidebars.open(spreadsheet, OWNER)
  await showView(page, SHELL_WORDS.en, 'settings')
  await page.getByText(open.proxy.url).waitFor()
  await page.getByText('0.0.0').waitFor()
  const ask = async (): Promise<number> => {
    await open.formula(spreadsheet, 'HSCODE', 'cotton shirt')
    return open.world.web.sent.filter(({ url }) => url.endsWith('/v1/answers')).length
  }
  const first = await ask()
  expect(await ask()).toBe(first)
  await page.getByText('up to six hours').waitFor()
  const before = await open.house.balance()
  await page.getByRole('button', { name: 'Ask for them again' }).click()
  await page.getByText('what was paid for stays paid').waitFor()
  expect(await ask()).toBe(first + 1)
  // What the data are when a sidebar is opened brings no older answers back.
  await open.door(OWNER, spreadsheet, 'tellDataVersion', 'of the test')
  expect(await ask()).toBe(first + 2)
  expect(await open.house.balance()).toBe(before)
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('alertdialog').getByText('Formulas go on answering where they are enabled').waitFor()
  expect(problems).toEqual([])
})

test('formulas that show no value are found when the view opens, shown to the person, and calculated again', async () => {
  const spreadsheet = await open.openSheet({
    sheets: [{ name: 'Products', rows: [['Description'], ['cotton shirt'], ['leather handbag'], [42]] }],
  })
  const { person } = spreadsheet
  for (const row of [1, 2]) person.type('Products', row, 1, `=HSCODE(A${row + 1})`)
  person.type('Products', 0, 2, '=HSCODE(A2:A4)')
  open.world.web.trouble = () => ({ error: 'dns' })
  await open.world.recalculate(spreadsheet, EDITOR)
  open.world.web.trouble = null
  const { page, problems } = await sidebars.open(spreadsheet, OWNER)
  await showView(page, SHELL_WORDS.en, 'errors')
  await page.getByText('Shows #ERROR!').waitFor()
  await page.getByText('HSCODE · Products!C1 · 3 formulas').waitFor()
  await page.getByRole('button', { name: 'Go to cell Products!C1' }).click()
  await expect.poll(() => person.selection()).toMatchObject({ areas: [{ row: 0, column: 2 }] })

  // The failures in a row are over by then.
  open.world.advance(400_000)
  await page.getByRole('button', { name: 'Calculate 3 formulas again' }).click()
  await page.getByText('being calculated again. Look again in a moment').waitFor()
  await open.world.recalculate(spreadsheet, EDITOR)
  expect([1, 2].map((row) => person.value('Products', row, 1))).toEqual(['610910', '610910'])
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByText('TC-105 42 is a number').waitFor()
  await page.getByText('Correct the cell').waitFor()
  expect(await page.getByRole('button', { name: /^Calculate/ }).count()).toBe(0)
  expect(await page.getByText('Shows #ERROR!').count()).toBe(0)
  person.type('Products', 3, 0, 'glass vase')
  await open.world.recalculate(spreadsheet, EDITOR)
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByText('Every Tariffcell formula on Products shows a value.').waitFor()

  // As an execution that was killed leaves it, and a row was deleted since.
  const gone = { row: 8, column: 3, formula: '=HSCODE(A9)', nth: 0 }
  const again = [{ name: null, sheet: '0', isMarked: true, formulas: [gone] }]
  await open.door(OWNER, spreadsheet, 'keep', { name: 'again', text: JSON.stringify(again) })
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByText('Products!D9: =HSCODE(A9)').waitFor()
  await page.getByRole('button', { name: 'Take off the list' }).click()
  await page.getByText('Products!D9: =HSCODE(A9)').waitFor({ state: 'detached' })
  expect(person.formula('Products', 8, 3)).toBeNull()
  expect(problems).toEqual([])
})

/** In the page: from here a press may come when all is done. */
function stopAsSoonAs(progress: string): void {
  const look = (_: unknown, observer: MutationObserver): void => {
    if (!document.body.innerText.includes(progress)) return
    observer.disconnect()
    const buttons = [...document.querySelectorAll('button')]
    buttons.find(({ textContent }) => textContent === 'Stop')!.click()
  }
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
}

test('a person who stops calculating formulas again is told how far it came', async () => {
  const rows = Array.from({ length: 1000 }, (_, at) => [`cotton shirt ${at}`])
  const spreadsheet = await open.openSheet({ sheets: [{ name: 'Products', rows }] })
  for (const row of rows.keys()) {
    spreadsheet.person.type('Products', row, 1, `=HSCODE(A${row + 1})`)
    putCell(spreadsheet.workbook.sheets[0]!, row, 1, { value: '#ERROR!' })
  }
  const { page, problems } = await sidebars.open(spreadsheet, OWNER)
  await showView(page, SHELL_WORDS.en, 'errors')
  await page.evaluate(stopAsSoonAs, '100 / 1,000')
  await page.getByRole('button', { name: 'Calculate 1,000 formulas again' }).click()
  const [calculated, left] = await Promise.all(
    [/^\d00 formulas are being calculated again/, /^\d00 formulas were left as before/].map(async (text) =>
      parseInt(await page.getByText(text).innerText()),
    ),
  )
  expect(calculated! + left!).toBe(1000)
  expect(calculated!).toBeLessThan(1000)
  const shown = [...rows.keys()].map((row) => spreadsheet.person.value('Products', row, 1))
  expect(shown.filter((value) => value === 'Loading...')).toHaveLength(calculated!)
  expect(problems).toEqual([])
})

test('a sidebar that was open before the add-on was pushed anew says to open it again, and does nothing in its name', async () => {
  const spreadsheet = await open.openSheet({ sheets: [{ name: 'Products', rows: ROWS }] })
  const { page } = await sidebars.open(spreadsheet, OWNER)
  await page.getByRole('button', { name: /points$/ }).waitFor()
  await open.world.load(await bundleCode(open.proxy.url, 'a newer door'))
  try {
    await showView(page, SHELL_WORDS.en, 'errors')
    await page.getByText(/^TC-448 .*Close the sidebar and open it again: Extensions > Tariffcell > Open/).waitFor()
  } finally {
    await open.world.load(await bundleCode(open.proxy.url))
  }
})

test('a sidebar that is newer than the add-on it reaches says so too, in the language of its browser', async () => {
  const newer = await serveSidebars(browser, open.world, await bundleSidebar('a newer door'))
  const { page } = await newer.open(await open.openSheet(), OWNER, { context: { locale: 'fr-CA' } })
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toMatch(/^TC-448 .*Fermez-la et rouvrez-la/)
})

test('where Google takes it for another account, the sidebar says so and what to do', async () => {
  const spreadsheet = await open.openSheet()
  const { page } = await sidebars.open(spreadsheet, OWNER)
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
  await page.goto(SIDEBAR_PAGE)
  expect(await page.getByRole('alert').textContent()).toMatch(/^TC-447 /)
})
