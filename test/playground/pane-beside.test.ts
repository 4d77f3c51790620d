/// <reference lib="dom" />
/** The playground and the pane outside of Excel, on one real proxy and in one browser. */
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { z } from 'zod/mini'
import { connectionEntry } from '../../excel-addin/session.ts'
import type { seatsReply } from '../../shared/seats-protocol.ts'
import { OFFICE_JS, PATIENCE_MS, startPaneHouse, type PaneHouse } from '../pane/pane-house.ts'

let house: PaneHouse
/** Of a new person: nothing stored, nothing connected. */
let browser: BrowserContext
let addresses: string[]

beforeAll(async () => {
  house = await startPaneHouse({ playground: true })
}, 120_000)
beforeEach(async () => {
  addresses = []
  browser = await house.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'fr-CA' })
  browser.setDefaultTimeout(PATIENCE_MS)
  browser.on('request', (request) => addresses.push(request.url()))
  await browser.route(OFFICE_JS, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }))
})
afterEach(async () => {
  await browser.close()
  await revoke()
})
afterAll(() => house.close())

const slow = { timeout: 120_000 }

async function makeCode(): Promise<string> {
  const { workspaceId } = house.askers[0]
  return (await house.house.seats.createConnectionCode({ workspaceId, role: 'seat', name: '' })).code
}

async function openPlayground(code?: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(`${house.proxy.url}/${code === undefined ? '' : `?code=${code}`}`)
  await page.locator('#strip').waitFor()
  return page
}

async function openPane(view: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(`${house.proxy.url}/excel/pane.html#${view}`)
  return page
}

const state = (page: Page, kind: string): Promise<void> => page.locator(`#state[data-kind=${kind}]`).waitFor()
const isConnected = (pane: Page): Promise<void> => pane.getByRole('button', { name: '1 000 points' }).waitFor()
const asksForCode = (pane: Page): Promise<void> => pane.getByRole('textbox', { name: 'Code de connexion' }).waitFor()

async function seatsOfPlayground(): Promise<{ id: string }[]> {
  const { seats } = (await (await house.proxy.get('/v1/seats')).json()) as z.infer<typeof seatsReply>
  return seats.filter(({ name, revokedAt }) => name === 'Playground' && revokedAt === null)
}

async function revoke(): Promise<void> {
  for (const { id } of await seatsOfPlayground()) {
    await house.house.seats.revokeSeat(house.askers[0].workspaceId, id, 'test')
  }
}

test(
  'who is connected in the playground is connected in the pane: the same seat, the same language, no token in an address',
  slow,
  async () => {
    const page = await openPlayground(await makeCode())
    await state(page, 'connected')
    await page.locator('#points-and-more').click()
    await isConnected(page)
    await page.getByRole('main', { name: 'Points' }).waitFor()
    await page.getByRole('tab', { name: 'Classer' }).waitFor()
    expect(await seatsOfPlayground()).toHaveLength(1)
    const token = await page.evaluate(
      (key) => localStorage.getItem(key),
      connectionEntry({ baseUrl: '', token: '' })[0],
    )
    const { token: secret } = JSON.parse(token!) as { token: string }
    expect(addresses.filter((address) => address.includes(secret))).toEqual([])
  },
)

test('leaving in the pane leaves in the playground, and a code there connects both again', slow, async () => {
  const playground = await openPlayground(await makeCode())
  await state(playground, 'connected')
  const pane = await openPane('settings')
  await isConnected(pane)
  await pane.getByRole('button', { name: 'Déconnecter' }).click()
  await pane.getByRole('alertdialog').getByRole('button', { name: 'Déconnecter' }).click()
  await state(playground, 'not-connected')
  await expect.poll(seatsOfPlayground).toEqual([])
  await asksForCode(await openPane('points'))
  await playground.locator('#code').fill(await makeCode())
  await playground.locator('#code').press('Enter')
  await state(playground, 'connected')
  await isConnected(pane)
})

test(
  'a connection that its owner took back is asked for anew on both pages, whichever is told first',
  slow,
  async () => {
    const playground = await openPlayground(await makeCode())
    await state(playground, 'connected')
    const pane = await openPane('points')
    await isConnected(pane)
    await revoke()
    await playground.evaluate(() => window.dispatchEvent(new Event('online')))
    await state(playground, 'not-connected')
    await asksForCode(pane)

    await pane.getByRole('textbox', { name: 'Code de connexion' }).fill(await makeCode())
    await pane.getByRole('textbox', { name: 'Votre nom (facultatif)' }).fill('Playground')
    await pane.getByRole('button', { name: 'Connecter', exact: true }).click()
    await isConnected(pane)
    await state(playground, 'connected')
    await revoke()
    await pane.reload()
    await asksForCode(pane)
    await state(playground, 'not-connected')
  },
)

test('a pane in a partition of Office’s is a connection of its own', slow, async () => {
  const playground = await openPlayground(await makeCode())
  await state(playground, 'connected')
  await browser.route(OFFICE_JS, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `Office = { context: { partitionKey: 'excel.' } }` }),
  )
  await asksForCode(await openPane('points'))
  await state(playground, 'connected')
})
