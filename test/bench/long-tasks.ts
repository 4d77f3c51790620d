/// <reference lib="dom" />
/** What keeps a page from answering: tasks of its main thread of more than 50 ms, as the browser tells them. */
import type { Page } from 'playwright-core'

export interface LongTask {
  /** Milliseconds since the page was navigated to. */
  startMs: number
  durationMs: number
}

// Before any script of the page; the observer of an earlier page is gone with it.
const WATCH = `
  window.tariffcellLongTasks = []
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      window.tariffcellLongTasks.push({ startMs: startTime, durationMs: duration })
  }).observe({ type: 'longtask', buffered: true })`

/** From the next navigation on. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(WATCH)
}

export function longTasks(page: Page): Promise<LongTask[]> {
  return page.evaluate(() => (window as unknown as { tariffcellLongTasks: LongTask[] }).tariffcellLongTasks)
}
