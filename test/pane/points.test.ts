/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse()
})
afterAll(() => house.close())

test('a voucher adds its points once, and says so when it is typed again', async () => {
  const [voucher] = await house.house.vouchers.create({ points: 500, count: 1, expiresAt: null, note: '' })
  const typed = voucher!.code.replaceAll('-', '').toLowerCase()
  const { page, problems } = await house.open({ view: 'points' })
  const field = page.getByRole('textbox', { name: 'Voucher' })
  await field.pressSequentially(typed)
  expect(await field.inputValue()).toBe(voucher!.code)
  await field.press('Enter')
  await page.getByText('500 points were added.').waitFor()
  await page.getByRole('button', { name: '1,500 points' }).waitFor()
  await page.getByText('+500 points').waitFor()
  await field.fill(voucher!.code)
  await page.getByRole('button', { name: 'Redeem' }).click()
  await page.getByText('You redeemed this voucher before').waitFor()
  expect(await axeViolations(page)).toEqual([])
  expect(problems).toEqual([])
})

test('lists that could not be read once are there when they are read again', async () => {
  let isAway = true
  const { page } = await house.open({
    view: 'points',
    async before(opened) {
      await opened.route(/\/v1\/points\/(entries|recharges)/, (route) => (isAway ? route.abort() : route.continue()))
    },
  })
  const refusals = page.getByRole('alert').filter({ hasText: 'TC-520' })
  await expect.poll(() => refusals.count()).toBe(2)
  isAway = false
  const [voucher] = await house.house.vouchers.create({ points: 70, count: 1, expiresAt: null, note: '' })
  await page.getByRole('textbox', { name: 'Voucher' }).fill(voucher!.code)
  await page.getByRole('button', { name: 'Redeem' }).click()
  await page.getByText('+70 points').waitFor()
  await expect.poll(() => refusals.count()).toBe(0)
})

test('where payments are not set up, that is said and none is offered', async () => {
  const { page, problems } = await house.open({ view: 'points' })
  await page.getByText('TC-436 Paying online is not set up').waitFor()
  expect(await page.getByRole('button', { name: /^Pay/ }).count()).toBe(0)
  await page.getByRole('textbox', { name: 'Voucher' }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  expect(problems).toEqual([])
})

test('who comes back from paying sees it paid, and what was paused goes on', async () => {
  const { page, problems } = await house.open({
    view: 'points',
    async before(opened) {
      await opened.route(/\/v1\/points$/, async (route) => {
        const response = await route.fetch()
        await route.fulfill({ response, json: { ...((await response.json()) as object), canPay: true } })
      })
    },
  })
  const recharge = {
    id: 'r1',
    state: 'open',
    cny: 200,
    currency: 'cny',
    points: 10_000,
    refundedPoints: 0,
    createdAt: '2026-11-22T12:00:00.000Z',
    paidAt: null,
  }
  await page.route('**/v1/points/checkout', (route) =>
    route.fulfill({ json: { recharge, url: 'https://pay.example/1' } }),
  )
  await page.route('**/v1/points/recharges/r1', (route) => route.fulfill({ json: { ...recharge, state: 'paid' } }))
  await page.getByRole('button', { name: '¥200' }).click()
  await page.getByText('10,000 points: as many paid rows').waitFor()
  await page.getByRole('button', { name: 'Pay ¥200.00' }).click()
  const link = page.getByRole('link', { name: 'Open the payment page' })
  expect(await link.getAttribute('href')).toBe('https://pay.example/1')
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await page.getByText('Paid: 10,000 points were added.').waitFor()
  expect(problems).toEqual([])
})

test('a seat with a daily limit sees in words how much of it is left', async () => {
  const { workspaceId } = house.askers[0]
  const { token } = await house.house.seats.createSeat(
    { workspaceId, name: 'Ann', role: 'seat', dailyCapPoints: 200 },
    'test',
  )
  const { page, problems } = await house.open({ view: 'points', token })
  await page.getByText('0 of 200 points used, 200 left').waitFor()
  await page.getByRole('progressbar', { name: 'Today’s limit of this connection' }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  expect(problems).toEqual([])
})
