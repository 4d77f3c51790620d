/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse()
})
afterAll(() => house.close())

async function newSeat(name: string): Promise<string> {
  const { workspaceId } = house.askers[0]
  const request = { workspaceId, name, role: 'seat' as const, dailyCapPoints: null }
  return (await house.house.seats.createSeat(request, 'test')).token
}

test('the language changes at once, everywhere, and stays', async () => {
  const { page, problems } = await house.open({ view: 'settings' })
  await page.getByRole('radio', { name: 'Français' }).click()
  await page.getByRole('heading', { name: 'Réglages' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('fr')
  await page.reload()
  await page.getByRole('heading', { name: 'Réglages' }).waitFor()
  expect(problems).toEqual([])
})

test('who we are, which data answer, and the details for support are shown', async () => {
  const { page, problems } = await house.open({ view: 'settings' })
  await page.getByText('owner (owner)').waitFor()
  await page.getByText('T2026-0').waitFor()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy details' }).click()
  await page.getByText('Copied.').waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain(house.proxy.url)
  expect(copied).toMatch(/^pane: ?\d+\.\d+\.\d+$/m)
  expect(copied).not.toContain(house.ownerTokens[0])
  expect(problems).toEqual([])
})

test('leaving asks first, and ends the token at the proxy', async () => {
  const token = await newSeat('Leaver')
  const { page, problems } = await house.open({ view: 'settings', token })
  await page.getByRole('button', { name: 'Disconnect' }).click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByText('with a new code', { exact: false }).waitFor()
  expect(await dialog.getByText('stays valid', { exact: false }).count()).toBe(0)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect((await house.proxy.get('/v1/session', { Authorization: `Bearer ${token}` })).status).toBe(200)
  await page.getByRole('button', { name: 'Disconnect' }).click()
  expect(await axeViolations(page)).toEqual([])
  const ended = page.waitForResponse((response) => response.request().method() === 'DELETE')
  await dialog.getByRole('button', { name: 'Disconnect' }).click()
  await ended
  await page.getByRole('textbox', { name: 'Connection code' }).waitFor()
  expect((await house.proxy.get('/v1/session', { Authorization: `Bearer ${token}` })).status).toBe(401)
  expect(problems).toEqual([])
})

test('an owner who leaves is told that the token stays valid', async () => {
  const { page, problems } = await house.open({ view: 'settings' })
  await page.getByText('owner (owner)').waitFor()
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('alertdialog').getByText('the token stays valid', { exact: false }).waitFor()
  expect(problems).toEqual([])
})

test('an owner sets what a connection may spend a day; others are not shown it', async () => {
  const token = await newSeat('Ann')
  const { page, problems } = await house.open({ view: 'settings' })
  await page.getByRole('textbox', { name: 'Points a day for Ann' }).fill('250')
  await page.getByRole('button', { name: 'Save: Ann' }).click()
  await page.getByText('Saved.').waitFor()
  const points = (await (await house.proxy.get('/v1/points', { Authorization: `Bearer ${token}` })).json()) as object
  expect(points).toMatchObject({ dailyCap: 250 })

  const seat = await house.open({ view: 'settings', token })
  await seat.page.getByText('Ann (user)').waitFor()
  expect(await seat.page.getByRole('heading', { name: 'Daily limits' }).count()).toBe(0)
  expect([...problems, ...seat.problems]).toEqual([])
})
