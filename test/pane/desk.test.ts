/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePngOfZeros } from '../upstreams/picture-bytes.ts'
import { axeViolations, tooWide } from './axe.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse({ upstreams: true })
})
afterAll(() => house.close())

async function formsSent(): Promise<number> {
  const reply = (await (await house.proxy.get('/v1/consultations')).json()) as { consultations: unknown[] }
  return reply.consultations.length
}

test('a question is sent once, only after the person agreed, and then stands in the list', async () => {
  const { page, problems } = await house.open({ view: 'desk', width: 320 })
  await page.getByText('No consultation yet').waitFor()
  await page.getByRole('button', { name: 'Ask the experts' }).click()
  const send = page.getByRole('button', { name: 'Send to the experts' })
  await page.getByRole('textbox', { name: 'Product name in Chinese' }).fill('不锈钢保温杯')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'flask.png', mimeType: 'image/png', buffer: makePngOfZeros(200, 200) })
  await page.getByRole('img', { name: 'flask.png' }).waitFor()
  expect(await send.isDisabled()).toBe(true)
  await page.getByRole('checkbox').check()
  expect([...(await axeViolations(page)), ...(await tooWide(page))]).toEqual([])
  expect(await formsSent()).toBe(0)
  await send.dblclick()
  await page.getByText('Sent as form').waitFor()
  expect(await formsSent()).toBe(1)
  await page.getByRole('button', { name: 'All consultations' }).click()
  await page.getByText('不锈钢保温杯').waitFor()
  await page.getByText('waiting for an expert').waitFor()
  expect(problems).toEqual([])
})

test('a message about a field is sent in the person’s name and stands in its thread', async () => {
  await house.proxy.post('/v1/consultations', { requestId: 'for a message', confirm: true, productNameCn: '陶瓷杯' })
  const { page, problems } = await house.open({ view: 'desk', width: 320 })
  await page.getByRole('button', { name: 'Open 陶瓷杯' }).click()
  await page.getByRole('combobox', { name: 'About' }).selectOption('Ingredients')
  await page.getByRole('textbox', { name: 'Message' }).fill('炻瓷，带釉')
  await page.getByRole('button', { name: 'Send in my name' }).click()
  const thread = page.getByRole('region', { name: 'About its material' })
  await thread.getByText('炻瓷，带釉').waitFor()
  await thread.getByRole('textbox', { name: 'Your answer about its material' }).waitFor()
  expect([...(await axeViolations(page)), ...(await tooWide(page))]).toEqual([])
  expect(problems).toEqual([])
})

test('a draft outlives a look at another part of the pane, and a page is no picture', async () => {
  const { page } = await house.open({ view: 'desk' })
  await page.getByRole('button', { name: 'Ask the experts' }).click()
  await page.getByRole('textbox', { name: 'Product name in Chinese' }).fill('水壶')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') })
  await page.getByRole('alert').filter({ hasText: 'TC-143' }).waitFor()
  await page.getByRole('tab', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'All parts of the pane' }).click()
  await page.getByRole('menuitemradio', { name: 'Experts' }).click()
  await page.getByRole('button', { name: 'Ask the experts' }).click()
  expect(await page.getByRole('textbox', { name: 'Product name in Chinese' }).inputValue()).toBe('水壶')
})
