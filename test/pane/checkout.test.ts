/// <reference lib="dom" />
/** A recharge from the button in the pane, over the payment page and its signed event, back to the pane. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { StripeEvent, StripeSession } from '../upstreams/stripe.ts'
import { button } from './bulk-journey.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

// The pane looks every five seconds.
vi.setConfig({ testTimeout: 60_000 })

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse({ payments: true })
})
afterAll(() => house.close())

/** The payment page, as far as a payer leaves it. */
function paymentPage({ success_url: paid, cancel_url: back }: StripeSession): string {
  return `<!doctype html><title>Pay</title><a href="${paid}">Pay</a> <a href="${back}">Back</a>`
}

/** A pane on the points, in an Excel that leaves opening pages to the browser. */
async function open() {
  const opened = await house.openInExcel({ view: 'points', office: { lacks: ['OpenBrowserWindowApi'] } })
  const { page } = opened
  await page.context().route('https://checkout.stripe.test/**', (route) => {
    const session = house.stripe!.sessions.get(route.request().url().split('/').at(-1)!)!
    return route.fulfill({ contentType: 'text/html', body: paymentPage(session) })
  })
  const { balance } = (await (await house.proxy.get('/v1/points')).json()) as { balance: number }
  await balanceIs(page, balance)
  return { ...opened, balance }
}

async function balanceIs(page: Page, points: number): Promise<void> {
  await button(page, `${points.toLocaleString('en')} points`).waitFor()
}

/** @returns the payment page that opens, and its session. */
async function pay(page: Page, cny: number): Promise<{ payment: Page; session: string }> {
  await page.getByRole('textbox', { name: 'Amount in CNY' }).fill(String(cny))
  const opening = page.context().waitForEvent('page')
  await button(page, `Pay ¥${cny}.00`).click()
  const payment = await opening
  await payment.getByRole('link', { name: 'Pay' }).waitFor()
  await page.getByText(`¥${cny}.00 is waiting to be paid on the page that opened.`, { exact: false }).waitFor()
  return { payment, session: payment.url().split('/').at(-1)! }
}

function deliver(event: StripeEvent, secret?: string): Promise<number> {
  const url = `${house.proxy.url}/v1/webhooks/stripe`
  return house.stripe!.deliver(url, event, secret === undefined ? {} : { secret })
}

test('paid on the page that opens, it is credited by the signed event alone, and the pane follows by itself', async () => {
  const { page, problems, balance } = await open()
  const { payment, session } = await pay(page, 50)
  const event = house.stripe!.pay(session)
  // Asked, it tells nothing just now: all that can credit is the event.
  house.stripe!.faultAlways({ kind: 'status', status: 503 })
  expect(await deliver(event, 'whsec_somebody')).toBe(401)
  await balanceIs(page, balance)
  expect(await deliver(event)).toBe(204)
  await payment.getByRole('link', { name: 'Pay' }).click()
  await payment.getByText('2500 points were added.').waitFor()
  await page.getByText('Paid: 2,500 points were added.').waitFor()
  await balanceIs(page, balance + 2500)
  await page.getByText('+2,500 points').waitFor()
  house.stripe!.faultAlways(null)
  // Told twice, it is credited once.
  expect(await deliver(event)).toBe(204)
  expect((await house.house.ledger.balance(house.askers[0].workspaceId)).spendable).toBe(balance + 2500)
  expect(problems).toEqual([])
})

test('who turns back has paid nothing and can open the page again; once it has run out, that is said', async () => {
  const { page, problems, balance } = await open()
  const { payment, session } = await pay(page, 10)
  await payment.getByRole('link', { name: 'Back' }).click()
  await payment.getByText('You left the payment page, and nothing was paid.', { exact: false }).waitFor()
  await button(page, 'Look now').click()
  const opening = page.context().waitForEvent('page')
  await page.getByRole('link', { name: 'Open the payment page' }).click()
  await (await opening).getByRole('link', { name: 'Pay' }).waitFor()
  expect(await deliver(house.stripe!.expire(session))).toBe(204)
  await page.getByText('The payment page ran out before it was paid. Nothing was charged.').waitFor()
  await page.getByText('expired', { exact: true }).waitFor()
  await balanceIs(page, balance)
  expect(problems).toEqual([])
})

test('a payment that does not go through later is told, and another one can be made', async () => {
  const { page, problems, balance } = await open()
  const { session } = await pay(page, 20)
  expect(await deliver(house.stripe!.payLater(session))).toBe(204)
  expect(await deliver(house.stripe!.fail(session))).toBe(204)
  await page.getByText('The payment did not go through. Nothing was charged.').waitFor()
  const again = await pay(page, 20)
  expect(again.session).not.toBe(session)
  expect(await deliver(house.stripe!.pay(again.session))).toBe(204)
  await page.getByText('Paid: 1,000 points were added.').waitFor()
  await balanceIs(page, balance + 1000)
  expect(problems).toEqual([])
})
