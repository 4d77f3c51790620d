/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  button,
  classify,
  figure,
  isDone,
  poorSeat,
  POOR_POINTS,
  preview,
  recharge,
  untilPointsAreGone,
} from './bulk-journey.ts'
import { testRunner } from '../hosts/job-house.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'

// A run that is paused looks every ten seconds.
vi.setConfig({ testTimeout: 90_000 })

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse({ upstreams: true })
})
afterAll(() => house.close())

test('a column is classified by keyboard: what it costs is said before, what it did after, and undo takes it back', async () => {
  const { page, problems } = await house.open()
  await page.getByRole('combobox', { name: 'Product description' }).waitFor()
  await button(page, 'See what it costs').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Before you start' }).waitFor()
  expect(await figure(page, 'Cost')).toBe('11 points (¥0.22)')
  expect(await figure(page, 'Who is asked')).toBe('jiayou: 11')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await isDone(page)
  expect(await figure(page, 'Classified')).toBe('12')
  expect(await figure(page, 'Points spent')).toBe('11')
  expect(await figure(page, 'Points before and after')).toBe('1,000 → 989')
  await button(page, '989 points').waitFor()

  await button(page, 'Undo').click()
  await page.getByText(/^Undone: \d+ cells are as they were/).waitFor()
  await button(page, 'Classify more').click()
  await preview(page)
  expect(await figure(page, 'Known from before')).toBe('11')
  expect(await page.getByText('have something in them').count()).toBe(0)
  expect(problems).toEqual([])
})

test('what stands in a column already is counted, and stays unless a person says otherwise', async () => {
  const { page, problems } = await house.open()
  await classify(page)
  await isDone(page)
  await button(page, 'Classify more').click()
  await preview(page)
  await page.getByText('There is no row left to classify.', { exact: false }).waitFor()
  await page.getByRole('radio', { name: /^Replace them/ }).click()
  await button(page, 'Classify 12 rows · free').waitFor()
  expect(problems).toEqual([])
})

test('the receipt is saved as a file with every row', async () => {
  const { page, problems } = await house.open()
  await classify(page)
  const saving = page.waitForEvent('download')
  await button(page, 'Save as CSV').click()
  const chunks: Buffer[] = []
  for await (const chunk of await (await saving).createReadStream()) chunks.push(Buffer.from(chunk as Uint8Array))
  const csv = Buffer.concat(chunks).toString('utf8')
  expect(csv).toContain("men's knitted T-shirt")
  expect(csv.split('\r\n').filter((line) => /^\d+,/.test(line))).toHaveLength(12)
  expect(problems).toEqual([])
})

test('stopped, it keeps what was paid for and can go on later', async () => {
  const seat = await poorSeat(house)
  const { page, problems } = await house.open({ token: seat.token })
  await untilPointsAreGone(page)
  await button(page, 'Stop').click()
  await page.getByRole('heading', { name: 'Stopped' }).waitFor()
  expect(await figure(page, 'Points spent')).toBe(String(POOR_POINTS))
  await recharge(house, seat)
  await button(page, /^Go on with \d+ rows$/).click()
  await isDone(page)
  expect(await figure(page, 'Classified')).toBe('12')
  expect(problems).toEqual([])
})

test('a daily limit reached in the middle: it says so before and then, and goes on when the owner raises it', async () => {
  const { workspaceId, seatId, token } = await poorSeat(house, { points: 100, dailyCapPoints: POOR_POINTS })
  const { page, problems } = await house.open({ token })
  await preview(page)
  expect(await figure(page, 'You may still spend today')).toBe(String(POOR_POINTS))
  await page.getByText('It costs more than you may spend today.', { exact: false }).waitFor()
  await button(page, /^Classify 12 rows/).click()
  await page.getByText('The daily limit of this connection is reached.', { exact: false }).waitFor()
  await page.getByText(/^[1-9]\d* written$/).waitFor()
  await house.house.seats.changeSeat(workspaceId, seatId, { dailyCapPoints: 50 })
  await isDone(page)
  expect(await figure(page, 'Classified')).toBe('12')
  expect(await figure(page, 'Points spent')).toBe('11')
  expect(problems).toEqual([])
})

test('points gone in the middle: a voucher in the view that it leads to lets it finish by itself', async () => {
  const { token } = await poorSeat(house)
  const [voucher] = await house.house.vouchers.create({ points: 100, count: 1, expiresAt: null, note: '' })
  const { page, problems } = await house.open({ token })
  await untilPointsAreGone(page)
  await button(page, 'Recharge').click()
  await page.getByRole('textbox', { name: 'Voucher' }).fill(voucher!.code)
  await button(page, 'Redeem').click()
  await page.getByText('100 points were added.').waitFor()
  await page.getByRole('tab', { name: 'Classify' }).click()
  await isDone(page)
  expect(await figure(page, 'Classified')).toBe('12')
  expect(await figure(page, 'Points spent')).toBe('11')
  expect(problems).toEqual([])
})

test('paused, nothing is asked until the person goes on', async () => {
  const { workspaceId, token } = await poorSeat(house, { points: 100 })
  const { page, problems } = await house.open({ token })
  // As when the proxy has more to do: nobody has taken the job up yet.
  await house.runner.stop(5000)
  await classify(page)
  await button(page, 'Pause').click()
  await page.getByText('Paused. Nothing is asked until you go on.').waitFor()
  const runner = testRunner(house.house)
  await runner.start()
  try {
    await page.getByText('0 of 12 rows').waitFor()
    expect((await house.house.ledger.balance(workspaceId)).spendable).toBe(100)
    await button(page, 'Go on').click()
    await isDone(page)
    expect(await figure(page, 'Points spent')).toBe('11')
    expect((await house.house.ledger.balance(workspaceId)).spendable).toBe(89)
    expect(problems).toEqual([])
  } finally {
    await runner.stop(5000)
  }
})
