/// <reference lib="dom" />
/** What each view is for, done from the opening of the pane to the end without a mouse. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { makeBitmap, makePngOfZeros } from '../upstreams/picture-bytes.ts'
import { button, isDone, poorSeat } from './bulk-journey.ts'
import { goTo, goToTab, keyboardOf, standStill, type Keyboard } from './keyboard.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'
import { failCell } from './sample-work.ts'

// A run that is paused looks every ten seconds.
vi.setConfig({ testTimeout: 120_000 })

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse({ upstreams: true })
})
afterAll(() => house.close())

const OPTIONS = { before: standStill, context: { reducedMotion: 'reduce' } } as const

async function open(token?: string) {
  const opened = await house.openInExcel({ ...OPTIONS, ...(token === undefined ? {} : { token }) })
  return { ...opened, keys: keyboardOf(opened.page) }
}

/** Opens what a button chooses a file by. */
async function chooseFile(
  page: Page,
  keys: Keyboard,
  name: string,
  file: { name: string; mimeType: string; buffer: Buffer },
) {
  const choosing = page.waitForEvent('filechooser')
  await keys.activate(button(page, name))
  await (await choosing).setFiles(file)
}

test('a column is chosen, classified, stopped, paid for by voucher, gone on with, reviewed and undone', async () => {
  const { token } = await poorSeat(house)
  const [voucher] = await house.house.vouchers.create({ points: 100, count: 1, expiresAt: null, note: '' })
  const { page, problems, keys } = await open(token)
  const column = page.getByRole('combobox', { name: 'Product description' })
  await keys.tabTo(column)
  await keys.press('ArrowDown')
  expect(await column.locator('option:checked').textContent()).toContain('Material')
  await keys.press('ArrowUp')
  expect(await column.locator('option:checked').textContent()).toContain('Description')
  await keys.activate(button(page, 'See what it costs'))
  await page.getByRole('heading', { name: 'Before you start' }).waitFor()
  await keys.rests(page.getByRole('heading', { name: 'Before you start' }))
  await keys.activate(button(page, /^Classify 12 rows/))
  await page.getByText('Points have run out.').waitFor()
  await keys.rests()
  await keys.activate(button(page, 'Stop'))
  const stopped = page.getByRole('heading', { name: 'Stopped' })
  await stopped.waitFor()
  await keys.rests(stopped)

  await goTo(page, keys, 'points')
  await keys.tabTo(page.getByRole('textbox', { name: 'Voucher' }))
  await keys.type(voucher!.code)
  await keys.press('Enter')
  await page.getByText('100 points were added.').waitFor()
  await keys.rests()

  await goToTab(page, keys, 'bulk')
  await keys.activate(button(page, /^Go on with \d+ rows$/))
  await isDone(page)
  await keys.rests()
  await keys.activate(button(page, /^Review \d+ rows?$/))
  const card = page.getByRole('region', { name: /^1 of / })
  await card.waitFor()
  await keys.rests()
  await keys.activate(button(page, 'Choose 1'))
  await page.getByText('Written and remembered.').waitFor()
  await keys.rests(card)
  await keys.press('j')
  await page.getByRole('region', { name: /^2 of / }).waitFor()
  await keys.press('k')
  await card.waitFor()
  // A row is read before it is decided.
  await page.locator('button[aria-disabled=true]', { hasText: 'Accept' }).waitFor({ state: 'detached' })
  await keys.press('a')
  await page.getByText('rows decided: 3').waitFor()
  await keys.rests(card)

  await goToTab(page, keys, 'bulk')
  await keys.activate(button(page, 'Undo'))
  await page.getByText(/^Undone: \d+ cells/).waitFor()
  await keys.rests()
  await keys.activate(button(page, 'Classify more'))
  await column.waitFor()
  await keys.rests()
  expect(keys.unmarked()).toEqual([])
  expect(problems).toEqual([])
})

test('a formula is filled in and inserted, made a value, put back, and taken off the list', async () => {
  const { page, grid, problems, keys } = await open()
  await goToTab(page, keys, 'wizard')
  const search = page.getByRole('searchbox', { name: 'Search functions' })
  await keys.tabTo(search)
  await keys.type('duty rate')
  await keys.activate(button(page, 'HSRATE'))
  await page.getByRole('textbox', { name: /^code/ }).waitFor()
  await keys.rests()
  await keys.tabTo(page.getByRole('textbox', { name: /^code/ }))
  await keys.type('6109.10.00.12')
  await keys.tabTo(page.getByRole('textbox', { name: /^country/ }))
  await keys.type('CA')
  await page.getByText('Free preview, from the built-in book').waitFor()
  grid.person.select({ sheet: 'Products', row: 1, column: 7, rows: 1, columns: 1 })
  await keys.activate(button(page, 'Insert into Products!H2'))
  await page.getByText('The formula is in Products!H2.').waitFor()
  await keys.rests(button(page, 'Insert into Products!H2'))
  await keys.activate(button(page, 'All functions'))
  await search.waitFor()
  await keys.rests()
  grid.person.calculate('Products', 1, 7, 0.18)

  await goTo(page, keys, 'freeze')
  await keys.activate(button(page, 'Find formulas'))
  await page.getByText('HSRATE 1').waitFor()
  await keys.rests()
  await keys.activate(button(page, 'Freeze 1 formula'))
  await page.getByText('1 formula is a value now.').waitFor()
  await keys.rests()
  expect(grid.person.formula('Products', 1, 7)).toBe(0.18)
  await keys.activate(button(page, /^Take off the list/))
  await page.getByRole('alertdialog').waitFor()
  await keys.rests()
  await keys.press('Escape')
  await page.getByRole('alertdialog').waitFor({ state: 'detached' })
  await keys.rests(button(page, /^Take off the list/))
  await keys.activate(button(page, /^Put formulas back/))
  await page.getByText('1 formula was put back.').waitFor()
  await keys.rests()
  expect(grid.person.formula('Products', 1, 7)).toBe('=HSRATE("6109.10.00.12","CA")')
  expect(keys.unmarked()).toEqual([])
  expect(problems).toEqual([])
})

test('damaged codes are looked at, repaired and put back', async () => {
  const { page, problems, keys } = await open()
  await goToTab(page, keys, 'doctor')
  await keys.activate(button(page, 'Look at the codes'))
  const repair = page.getByRole('checkbox', { name: 'Repair 40900 to 0409.00' })
  await repair.waitFor()
  await keys.rests()
  await keys.tabTo(repair)
  await keys.press('Space')
  await keys.activate(button(page, 'Repair 3 cells'))
  await page.getByText('3 cells were written in column F.').waitFor()
  await keys.rests()
  await keys.activate(button(page, 'Undo'))
  await page.getByText('3 cells were put back.').waitFor()
  await keys.rests()
  await keys.activate(button(page, 'Look at the codes'))
  await repair.waitFor()
  await keys.activate(button(page, 'Choose another column'))
  await page.getByRole('combobox', { name: 'Column with the codes' }).waitFor()
  await keys.rests()
  expect(keys.unmarked()).toEqual([])
  expect(problems).toEqual([])
})

test('a code is approved, replaced, kept after all, and removed', async () => {
  const { page, problems, keys } = await open()
  await goTo(page, keys, 'memory')
  await keys.activate(button(page, 'Approve a code'))
  const description = page.getByRole('textbox', { name: 'Description of the goods' })
  const code = page.getByRole('textbox', { name: 'Code', exact: true })
  for (const [typed, said] of [
    ['0409.00', '0409.00 is approved.'],
    ['1702.90', '1702.90 takes the place'],
  ] as const) {
    await keys.tabTo(description)
    await keys.type('honey in jars')
    await keys.tabTo(code)
    await keys.type(typed)
    await keys.activate(button(page, 'Approve'))
    await page.getByText(said).waitFor()
    await keys.rests(button(page, 'Approve'))
  }
  const remove = button(page, 'Remove honey in jars')
  const dialog = page.getByRole('alertdialog')
  await keys.activate(remove)
  await dialog.waitFor()
  await keys.rests()
  await keys.activate(dialog.getByRole('button', { name: 'Cancel' }))
  await dialog.waitFor({ state: 'detached' })
  await keys.rests(remove)
  await keys.activate(remove)
  await dialog.waitFor()
  await keys.activate(dialog.getByRole('button', { name: 'Remove', exact: true }))
  await page.getByText('Nothing is approved yet.').waitFor()
  await keys.rests()
  expect(keys.unmarked()).toEqual([])
  expect(problems).toEqual([])
})

test('a picture is chosen and looked up, and a product’s trade too', async () => {
  const { page, problems, keys } = await open()
  await goTo(page, keys, 'picture')
  const file = { name: 'flask.bmp', mimeType: 'image/bmp', buffer: makeBitmap(200, 120) }
  await chooseFile(page, keys, 'Choose a picture', file)
  await page.getByRole('img', { name: 'The chosen picture' }).waitFor()
  await keys.rests(button(page, 'Choose another'))
  await keys.activate(button(page, 'Look up'))
  await page.getByText('Source: juhe').waitFor()
  await keys.rests(button(page, 'Look up'))
  await keys.activate(button(page, /^Use as description/).first())
  await page.getByText('is in Products!').waitFor()
  await keys.rests(button(page, /^Use as description/).first())

  await goTo(page, keys, 'trade')
  const product = page.getByRole('textbox', { name: 'Code or product' })
  await keys.tabTo(product)
  await keys.type('610910')
  await keys.press('Enter')
  await page.getByRole('table').waitFor()
  await keys.rests(product)
  await keys.tabTo(page.getByRole('region', { name: 'Trade in 610910' }))
  await keys.activate(button(page, 'Insert as formula'))
  await page.getByText(/^The formula is in/).waitFor()
  await keys.rests(button(page, 'Insert as formula'))
  expect(keys.unmarked()).toEqual([])
  expect(problems).toEqual([])
})

test('a question to the experts is written, agreed to and sent, and a message after it', async () => {
  const { page, problems, keys } = await open()
  await goTo(page, keys, 'desk')
  await keys.activate(button(page, 'Ask the experts'))
  const name = page.getByRole('textbox', { name: 'Product name in Chinese' })
  await name.waitFor()
  await keys.rests()
  await keys.tabTo(name)
  await keys.type('不锈钢保温杯')
  const file = { name: 'flask.png', mimeType: 'image/png', buffer: makePngOfZeros(200, 200) }
  for (let times = 0; times < 2; times++) {
    await chooseFile(page, keys, 'Add a picture', file)
    await page.getByRole('img', { name: 'flask.png' }).nth(times).waitFor()
    await keys.rests(button(page, 'Add a picture'))
  }
  await keys.activate(button(page, 'Remove flask.png').first())
  await page.getByRole('img', { name: 'flask.png' }).nth(1).waitFor({ state: 'detached' })
  await keys.rests()
  await keys.tabTo(page.getByRole('checkbox'))
  await keys.press('Space')
  await keys.activate(button(page, 'Send to the experts'))
  await page.getByText('Sent as form').waitFor()
  await keys.rests(button(page, 'Send to the experts'))
  await keys.activate(button(page, 'All consultations'))
  await button(page, 'Open 不锈钢保温杯').waitFor()
  await keys.rests()
  await keys.activate(button(page, 'Open 不锈钢保温杯'))
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.waitFor()
  await keys.rests()
  await keys.tabTo(message)
  await keys.type('双层')
  await keys.activate(button(page, 'Send in my name').last())
  await page.getByText('Sent.').waitFor()
  await keys.rests()
  expect(keys.unmarked()).toEqual([])
  expect(problems).toEqual([])
})

test('a failed cell is gone to, the language changed, leaving thought better of, and left', async () => {
  const { workspaceId } = house.askers[0]
  const { token } = await house.house.seats.createSeat(
    { workspaceId, name: 'Leaver', role: 'seat', dailyCapPoints: null },
    'test',
  )
  const { page, problems, keys } = await open(token)
  await failCell(page, 'HSRATE', ['abc', 'CA'], 'Products!B2')
  await goTo(page, keys, 'errors')
  await keys.activate(button(page, 'Go to cell Products!B2'))
  await keys.rests(button(page, 'Go to cell Products!B2'))

  await goTo(page, keys, 'settings')
  await keys.tabTo(page.getByRole('radio', { name: 'English' }))
  await keys.press('ArrowRight')
  await keys.press('ArrowRight')
  await page.getByRole('heading', { name: 'Réglages' }).waitFor()
  await keys.rests(page.getByRole('radio', { name: 'Français' }))
  await keys.press('ArrowRight')
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await keys.rests(page.getByRole('radio', { name: 'English' }))

  const dialog = page.getByRole('alertdialog')
  await keys.activate(button(page, 'Disconnect'))
  await dialog.waitFor()
  await keys.rests()
  await keys.activate(dialog.getByRole('button', { name: 'Cancel' }))
  await dialog.waitFor({ state: 'detached' })
  await keys.rests(button(page, 'Disconnect'))
  await keys.activate(button(page, 'Disconnect'))
  await dialog.waitFor()
  await keys.activate(dialog.getByRole('button', { name: 'Disconnect' }))
  await page.getByRole('textbox', { name: 'Connection code' }).waitFor()
  await keys.rests()

  const { code } = await house.house.seats.createConnectionCode({ workspaceId, role: 'seat', name: '' })
  await keys.tabTo(page.getByRole('textbox', { name: 'Connection code' }))
  await keys.type(code)
  await keys.press('Enter')
  await button(page, 'Disconnect').waitFor()
  await keys.rests()
  expect(keys.unmarked()).toEqual([])
  expect(problems).toEqual([])
})
