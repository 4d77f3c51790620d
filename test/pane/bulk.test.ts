/// <reference lib="dom" />
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

// A run that is paused looks every ten seconds.
vi.setConfig({ testTimeout: 90_000 })

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse({ upstreams: true })
})
afterAll(() => house.close())

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const figure = (page: Page, label: string) => page.locator('dt', { hasText: label }).locator('xpath=../dd')
const POINTS = 5

/** A workspace of its own that has points for some of the rows only, and a seat in it. */
async function poorSeat(): Promise<{ workspaceId: string; seatId: string; token: string }> {
  const { seats, ledger } = house.house
  const { workspaceId } = await seats.createWorkspace('poor')
  await ledger.credit({ workspaceId, kind: 'grant', ref: `start ${workspaceId}`, points: POINTS })
  const { id, token } = await seats.createSeat({ workspaceId, role: 'seat', name: 'a seat', dailyCapPoints: null })
  return { workspaceId, seatId: id, token }
}
async function recharge(workspaceId: string): Promise<void> {
  await house.house.ledger.credit({ workspaceId, kind: 'grant', ref: `more for ${workspaceId}`, points: 100 })
}
async function preview(page: Page): Promise<void> {
  await button(page, 'See what it costs').click()
  await page.getByRole('heading', { name: 'Before you start' }).waitFor()
}
async function runUntilPointsAreGone(page: Page): Promise<void> {
  await preview(page)
  await button(page, /^Classify 12 rows · \d+ points$/).click()
  await page.getByText('Points have run out.').waitFor()
}
/** What a browser says of calls that were meant to fail. */
const unexpected = (problems: string[]): string[] =>
  problems.filter((problem) => !problem.startsWith('Failed to load resource'))

test('a column is classified by keyboard: what it costs is said before, what it did after, and undo takes it back', async () => {
  const { page, problems } = await house.open()
  await page.getByRole('combobox', { name: 'Product description' }).waitFor()
  await button(page, 'See what it costs').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Before you start' }).waitFor()
  expect(await figure(page, 'Cost').textContent()).toBe('11 points (¥0.22)')
  expect(await figure(page, 'Who is asked').textContent()).toBe('jiayou: 11')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Done' }).waitFor()
  expect(await figure(page, 'Classified').textContent()).toBe('12')
  expect(await figure(page, 'Points spent').textContent()).toBe('11')
  expect(await figure(page, 'Points before and after').textContent()).toBe('1,000 → 989')
  await button(page, '989 points').waitFor()

  await button(page, 'Undo').click()
  await page.getByText(/^Undone: \d+ cells are as they were/).waitFor()
  await button(page, 'Classify more').click()
  await preview(page)
  expect(await figure(page, 'Known from before').textContent()).toBe('11')
  expect(await page.getByText('have something in them').count()).toBe(0)
  expect(problems).toEqual([])
})

test('what stands in a column already is counted, and stays unless a person says otherwise', async () => {
  const { page, problems } = await house.open()
  await preview(page)
  await button(page, /^Classify 12 rows/).click()
  await page.getByRole('heading', { name: 'Done' }).waitFor()
  await button(page, 'Classify more').click()
  await preview(page)
  await page.getByText('There is no row left to classify.', { exact: false }).waitFor()
  await page.getByRole('radio', { name: /^Replace them/ }).click()
  await button(page, 'Classify 12 rows · free').waitFor()
  expect(problems).toEqual([])
})

test('the receipt is saved as a file with every row', async () => {
  const { page, problems } = await house.open()
  await preview(page)
  await button(page, /^Classify 12 rows/).click()
  const saving = page.waitForEvent('download')
  await button(page, 'Save as CSV').click()
  const chunks: Buffer[] = []
  for await (const chunk of await (await saving).createReadStream()) chunks.push(Buffer.from(chunk as Uint8Array))
  const csv = Buffer.concat(chunks).toString('utf8')
  expect(csv).toContain("men's knitted T-shirt")
  expect(csv.split('\r\n').filter((line) => /^\d+,/.test(line))).toHaveLength(12)
  expect(problems).toEqual([])
})

test('points gone in the middle: it says what is left, keeps what is written, and a recharge lets it finish', async () => {
  const { workspaceId, token } = await poorSeat()
  const { page, problems } = await house.open({ token })
  await preview(page)
  await page.getByText('6 points are missing.', { exact: false }).waitFor()
  await button(page, /^Classify 12 rows/).click()
  await page.getByText('Points have run out.').waitFor()
  await page.getByText(/rows are left; they need about 6 points/).waitFor()
  await recharge(workspaceId)
  await page.getByRole('heading', { name: 'Done' }).waitFor()
  expect(await figure(page, 'Points spent').textContent()).toBe('11')
  expect(problems).toEqual([])
})

test('a token revoked in the middle: it says so, and a new connection lets it finish', async () => {
  const { workspaceId, seatId, token } = await poorSeat()
  const { page, problems } = await house.open({ token })
  await runUntilPointsAreGone(page)
  await house.house.seats.revokeSeat(workspaceId, seatId)
  await page.getByText('This connection has ended.', { exact: false }).waitFor()
  const { code } = await house.house.seats.createConnectionCode({ workspaceId, role: 'seat', name: '' })
  await page.getByRole('textbox', { name: 'Connection code' }).fill(code)
  await recharge(workspaceId)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByRole('heading', { name: 'Done' }).waitFor()
  expect(await figure(page, 'Points spent').textContent()).toBe('11')
  expect(unexpected(problems)).toEqual([])
})

test('offline in the middle: it says so and goes on by itself', async () => {
  const { workspaceId, token } = await poorSeat()
  const { page, problems } = await house.open({ token })
  await runUntilPointsAreGone(page)
  await page.context().setOffline(true)
  await page.getByText('The proxy is out of reach. This goes on', { exact: false }).waitFor()
  await recharge(workspaceId)
  await page.context().setOffline(false)
  await page.getByRole('heading', { name: 'Done' }).waitFor({ timeout: 40_000 })
  expect(await figure(page, 'Points spent').textContent()).toBe('11')
  expect(unexpected(problems)).toEqual([])
})

test('stopped, it keeps what was paid for and can go on later', async () => {
  const { workspaceId, token } = await poorSeat()
  const { page, problems } = await house.open({ token })
  await runUntilPointsAreGone(page)
  await button(page, 'Stop').click()
  await page.getByRole('heading', { name: 'Stopped' }).waitFor()
  expect(await figure(page, 'Points spent').textContent()).toBe(String(POINTS))
  await recharge(workspaceId)
  await button(page, /^Go on with \d+ rows$/).click()
  await page.getByRole('heading', { name: 'Done' }).waitFor()
  expect(await figure(page, 'Classified').textContent()).toBe('12')
  expect(problems).toEqual([])
})

test('a pane closed in the middle offers to continue writing, and pays for nothing twice', async () => {
  const { workspaceId, token } = await poorSeat()
  const { page, problems } = await house.open({ token })
  await runUntilPointsAreGone(page)
  await page.reload()
  await recharge(workspaceId)
  await button(page, 'Continue writing').click()
  await page.getByRole('heading', { name: 'Done' }).waitFor()
  expect(await figure(page, 'Points spent').textContent()).toBe('11')
  expect(problems).toEqual([])
})

test('the same workbook open in two windows is filled by one of them', async () => {
  const { token } = await poorSeat()
  const { page, problems } = await house.open({ token })
  await runUntilPointsAreGone(page)
  const other = await page.context().newPage()
  await other.goto(page.url())
  await preview(other)
  await button(other, /^Classify 12 rows/).click()
  await other.getByText('TC-178', { exact: false }).waitFor()
  expect(problems).toEqual([])
})
