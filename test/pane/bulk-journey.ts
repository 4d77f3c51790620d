/// <reference lib="dom" />
/** Steps of a bulk run that several tests walk. */
import type { Locator, Page } from 'playwright-core'
import type { PaneHouse } from './pane-house.ts'

/** Fewer than the sample rows need. */
export const POOR_POINTS = 5

export interface PoorSeat {
  workspaceId: string
  seatId: string
  token: string
}

/** A workspace of its own that has points for some of the rows only, or as many as the test says, and a seat in it. */
export async function poorSeat(
  { house }: PaneHouse,
  { points = POOR_POINTS, dailyCapPoints = null }: { points?: number; dailyCapPoints?: number | null } = {},
): Promise<PoorSeat> {
  const { workspaceId } = await house.seats.createWorkspace('poor')
  await house.ledger.credit({ workspaceId, kind: 'grant', ref: `start ${workspaceId}`, points })
  const { id, token } = await house.seats.createSeat({
    workspaceId,
    role: 'seat',
    name: 'a seat',
    dailyCapPoints,
  })
  return { workspaceId, seatId: id, token }
}

export async function recharge({ house }: PaneHouse, { workspaceId }: PoorSeat): Promise<void> {
  await house.ledger.credit({ workspaceId, kind: 'grant', ref: `more for ${workspaceId}`, points: 100 })
}

export function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole('button', { name, exact: true })
}

/** What stands beside a name in the preview or the receipt. */
export async function figure(page: Page, label: string): Promise<string | null> {
  return page.locator('dt', { hasText: label }).locator('xpath=../dd').textContent()
}

export async function preview(page: Page): Promise<void> {
  await button(page, 'See what it costs').click()
  await page.getByRole('heading', { name: 'Before you start' }).waitFor()
}

export async function classify(page: Page): Promise<void> {
  await preview(page)
  await button(page, /^Classify \d+ rows/).click()
}

export async function isDone(page: Page, timeoutMs = 40_000): Promise<void> {
  await page.getByRole('heading', { name: 'Done' }).waitFor({ timeout: timeoutMs })
}

/** A poor workspace's run stands still here, some of its rows written, until it is recharged. */
export async function untilPointsAreGone(page: Page): Promise<void> {
  await classify(page)
  await page.getByText('Points have run out.').waitFor()
  // All that is paid for is one slice.
  await page.getByText(/^[1-9]\d* written$/).waitFor()
}
