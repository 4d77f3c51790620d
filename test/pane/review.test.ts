/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { poorSeat } from './bulk-journey.ts'
import { startPaneHouse, type OpenPane, type OpenPaneOptions, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse()
})
afterAll(() => house.close())

async function classifySample(options: OpenPaneOptions = {}): Promise<OpenPane> {
  const open = await house.open(options)
  const { page } = open
  await page.getByRole('button', { name: 'See what it costs' }).click()
  await page.getByRole('button', { name: /^Classify \d/ }).click()
  await page.getByRole('button', { name: /^Review/ }).click()
  await page.getByRole('list').first().waitFor()
  return open
}

/** Until the row has been there for long enough to be read. */
async function mayDecide(page: Page): Promise<void> {
  await page.locator('button[aria-disabled=true]', { hasText: 'Accept' }).waitFor({ state: 'detached' })
}

async function approvedCodes(): Promise<Map<string, string>> {
  const reply = await house.proxy.get('/v1/memory')
  const { entries } = (await reply.json()) as { entries: { description: string; code: string }[] }
  return new Map(entries.map(({ description, code }) => [description, code]))
}

test('before anything was classified the review says what to do', async () => {
  const { page, problems } = await house.open({ view: 'review' })
  await page.getByText('Nothing waits for a review').waitFor()
  await page.getByRole('button', { name: 'Classify rows' }).click()
  await page.getByRole('button', { name: 'See what it costs' }).waitFor()
  expect(problems).toEqual([])
})

test('the row without a code comes first; a key chooses, remembers and goes on, and nothing is charged', async () => {
  const { page, problems } = await classifySample()
  const card = page.getByRole('region', { name: /^1 of 3: parts/ })
  await card.focus()
  await page.keyboard.press('1')
  const next = page.getByRole('region', { name: /^1 of 2: / })
  await next.waitFor()
  expect(await next.evaluate((element) => element === document.activeElement)).toBe(true)
  expect((await approvedCodes()).get('parts')).toMatch(/^8708/)
  await mayDecide(page)
  await page.keyboard.press('a')
  await page.getByRole('region', { name: /^1 of 1: / }).waitFor()
  expect((await approvedCodes()).size).toBe(2)
  await page.getByRole('button', { name: 'Take back' }).click()
  await page.getByRole('region', { name: /of 2: / }).waitFor()
  expect((await approvedCodes()).size).toBe(1)
  expect(await house.balance()).toBe(1000)
  expect(problems).toEqual([])
})

test('a held key, or a double click, decides one row and not the next, which nobody has read', async () => {
  // A workspace in which nobody has approved anything yet.
  const { token } = await poorSeat(house, { points: 100 })
  const { page } = await classifySample({ token })
  // From where the button that led here left the focus.
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('1 of 3: parts')
  await page.keyboard.press('j')
  await page.getByRole('region', { name: /of 3: (?!parts)/ }).waitFor()
  for (let at = 0; at < 8; at++) await page.keyboard.down('a')
  await page.keyboard.up('a')
  await page.getByRole('region', { name: /of 2: / }).waitFor()
  await mayDecide(page)
  const box = await page.getByRole('button', { name: /^Accept/ }).boundingBox()
  await page.mouse.dblclick(box!.x + 8, box!.y + 8, { delay: 60 })
  await page.getByRole('region', { name: /^1 of 1: / }).waitFor()
  await mayDecide(page)
  expect(await page.getByRole('region', { name: /^1 of 1: / }).count()).toBe(1)
})

test('a code that no tariff has is refused in words, and the row stays', async () => {
  const { page } = await classifySample()
  await page.getByRole('textbox', { name: 'Another code' }).fill('9999.99')
  await page.getByRole('button', { name: 'Use this code' }).click()
  await page
    .getByRole('alert')
    .getByText(/TC-2\d\d/)
    .waitFor()
  await page.getByRole('region', { name: /^1 of / }).waitFor()
})

test('letters typed into a field are no commands', async () => {
  const { page } = await classifySample()
  const before = (await approvedCodes()).size
  await page.getByRole('textbox', { name: 'Another code' }).pressSequentially('a1j')
  await page.getByRole('region', { name: /^1 of / }).waitFor()
  expect((await approvedCodes()).size).toBe(before)
})
