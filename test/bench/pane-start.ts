/// <reference lib="dom" />
/**
 * How long a person waits for the pane: from the navigation to the moment when its first view has answered a press and the page has no
 * long task any more. Held against a page with Microsoft's script alone. The scripts come over loopback, so this is work, not line.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { PREVIEW_SHEETS } from '../../excel-addin/preview-sheets.ts'
import { connectionEntry } from '../../excel-addin/session.ts'
import { openBrowser } from '../hosts/browser.ts'
import { openExcelGrid } from '../hosts/excel-grid.ts'
import { startBuiltProxy } from './built-proxy.ts'
import { scratchFolder } from './child.ts'
import { forTheRecord, median, times, whole, type Figure } from './figure.ts'
import { longTasks, watchLongTasks } from './long-tasks.ts'
import { BARE_PAGE, openOfficeFront } from './office-front.ts'

const ROUNDS = 5
const SLOWER = [1, 4]
// The browser keeps compiled code of what it has seen twice.
const VISITS_BEFORE_WARM = 2
// No long task for so long: the page has come to rest.
const QUIET_MS = 2000
const PATIENCE_MS = 60_000

interface Ready {
  path: string
  /** Runs in the page. @returns a promise of when it was, in milliseconds since the navigation. */
  script: string
  /** Whether it speaks with the workbook before it is ready. */
  readsWorkbook: boolean
}

// Presses the first part of the view that unfolds in the first frame that has it, and looks a frame at a time until it has unfolded.
const PANE: Ready = {
  path: '/excel/pane.html#bulk',
  script: `new Promise((resolve) => {
    let pressed = false
    const look = () => {
      const button = document.querySelector('#pane main button[aria-expanded]')
      if (button?.ariaExpanded === 'true') return resolve(performance.now())
      if (button && !pressed) {
        pressed = true
        button.click()
      }
      requestAnimationFrame(look)
    }
    look()
  })`,
  readsWorkbook: true,
}
const BARE: Ready = {
  path: BARE_PAGE,
  script: `new Promise((resolve) => {
    const look = () =>
      window.Office ? Office.onReady(() => resolve(performance.now())) : requestAnimationFrame(look)
    look()
  })`,
  readsWorkbook: false,
}

export async function measurePaneStart(): Promise<Figure[]> {
  const data = scratchFolder()
  const proxy = await startBuiltProxy(data.folder)
  const front = await openOfficeFront(proxy.url)
  const browser = await openBrowser()
  try {
    const connection = connectionEntry({ baseUrl: front.url, token: await proxy.connect() })
    const visitor: Visitor = { browser, url: front.url, connection }
    const figures: Figure[] = []
    for (const slower of SLOWER) {
      for (const [cache, visit] of [
        ['cold', visitCold],
        ['warm', visitWarm],
      ] as const) {
        const pane = median(await visit(visitor, PANE, slower))
        const bare = median(await visit(visitor, BARE, slower))
        const how = slower === 1 ? cache : `${cache}, a processor ${slower} times slower`
        figures.push(
          forTheRecord(
            `Time to interactive of the pane in Chromium, ${how}`,
            pane,
            (ms) => `${whole(ms)} ms`,
            `${times(pane / bare)} a page with Microsoft's script alone, ${whole(bare)} ms`,
          ),
        )
      }
    }
    return figures
  } finally {
    await browser.close()
    await front.close()
    await proxy.stop()
    data.remove()
  }
}

interface Visitor {
  browser: Browser
  url: string
  /** Of localStorage. */
  connection: [string, string]
}

/** A new browser profile each time. */
async function visitCold(visitor: Visitor, ready: Ready, slower: number): Promise<number[]> {
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const context = await visitor.browser.newContext({ viewport: { width: 400, height: 800 } })
    took.push(await visitOnce(context, visitor, ready, slower))
    await context.close()
  }
  return took
}

/** The same profile again and again. */
async function visitWarm(visitor: Visitor, ready: Ready, slower: number): Promise<number[]> {
  const took: number[] = []
  const context = await visitor.browser.newContext({ viewport: { width: 400, height: 800 } })
  for (let round = 0; round < VISITS_BEFORE_WARM + ROUNDS; round++) {
    took.push(await visitOnce(context, visitor, ready, slower))
  }
  await context.close()
  return took.slice(VISITS_BEFORE_WARM)
}

/** @returns milliseconds from the navigation. @throws when the page says an error. */
async function visitOnce(
  context: BrowserContext,
  { url, connection }: Visitor,
  { path, script, readsWorkbook }: Ready,
  slower: number,
): Promise<number> {
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  const grid = openExcelGrid(PREVIEW_SHEETS)
  await grid.attach(page)
  await watchLongTasks(page)
  await page.addInitScript(([name, text]) => localStorage.setItem(name, text), connection)
  const tools = await context.newCDPSession(page)
  await tools.send('Emulation.setCPUThrottlingRate', { rate: slower })
  await page.goto(`${url}${path}`, { waitUntil: 'commit' })
  const answeredMs = await inTime(page.evaluate<number>(script))
  const restedMs = await rested(page)
  await page.close()
  if (readsWorkbook !== grid.syncs.length > 0) throw new Error(`${path} is not as it would be in Excel`)
  if (problems.length > 0) throw new Error(`the page says: ${problems.join('; ')}`)
  return Math.max(answeredMs, restedMs)
}

/** @returns when the last long task was over, once none has come for a while. */
async function rested(page: Page): Promise<number> {
  for (;;) {
    const over = Math.max(0, ...(await longTasks(page)).map(({ startMs, durationMs }) => startMs + durationMs))
    const now = await page.evaluate(() => performance.now())
    if (now - over >= QUIET_MS) return over
    await page.waitForTimeout(QUIET_MS - (now - over))
  }
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the page was not ready in time')), PATIENCE_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
