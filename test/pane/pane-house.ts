/// <reference lib="dom" />
/**
 * The pane in a real browser over the real proxy: the whole answering house, a runner for its jobs, and simulated upstreams where
 * a test wants them. Office.js, which Microsoft serves, is left empty, or is what the test puts in its place.
 */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { buildExcelFunctions, buildPane } from '../../excel-addin/build.ts'
import { PREVIEW_SHEETS } from '../../excel-addin/preview-sheets.ts'
import { connectionEntry } from '../../excel-addin/session.ts'
import type { UpstreamName } from '../../proxy/providers/upstream.ts'
import type { ViewId } from '../../shared/pane/view-ids.ts'
import { openBrowser } from '../hosts/browser.ts'
import {
  officeScript,
  openExcelGrid,
  type ExcelGrid,
  type GridSheet,
  type OfficeSurroundings,
} from '../hosts/excel-grid.ts'
import type { JobRunner } from '../../proxy/jobs/runner.ts'
import { testRunner } from '../hosts/job-house.ts'
import { madeOnce } from '../hosts/once-a-run.ts'
import { startTestProxy, type TestProxy } from '../hosts/test-proxy.ts'
import { openUpstreamHouse, type UpstreamHouse } from '../hosts/upstream-house.ts'
import { testClock } from '../hosts/test-database.ts'
import { startDemoUpstreams, type DemoUpstreams } from '../upstreams/demo-upstreams.ts'
import { connectStripe, startStripe, type StripeSimulator } from '../upstreams/stripe.ts'

export const PATIENCE_MS = 20_000
export const OFFICE_JS = 'https://appsforoffice.microsoft.com/lib/1/hosted/office.js'

export interface PaneHouse extends UpstreamHouse {
  proxy: TestProxy
  /** It works on jobs until it is stopped. */
  runner: JobRunner
  /** null without simulated upstreams. */
  upstreams: DemoUpstreams | null
  /** null without payments. */
  stripe: StripeSimulator | null
  browser: Browser
  /** A pane of a new person; connected as the first workspace's owner, unless told otherwise. */
  open(options?: OpenPaneOptions): Promise<OpenPane>
  /**
   * The same in Excel: Microsoft's own script over a workbook of the test's. Given a grid, another pane on the same workbook.
   * The selection is the used part of the first sheet until `grid.person` selects something else.
   */
  openInExcel(options?: OpenInExcelOptions): Promise<OpenPane & { grid: ExcelGrid }>
}

export interface OpenPaneOptions {
  view?: ViewId
  /** What a host writes into the page's address, such as ?_host_Info=Excel… */
  query?: string
  /** null: not connected. */
  token?: string | null
  width?: number
  context?: BrowserContextOptions
  /** In the place of Microsoft's script, such as that script from node_modules over a host of the test's own. */
  officeJs?: string
  /** Runs in the page before any of its scripts. */
  before?: (page: Page) => Promise<void>
}

export interface OpenInExcelOptions extends Omit<OpenPaneOptions, 'officeJs'> {
  workbook?: readonly GridSheet[] | ExcelGrid
  office?: OfficeSurroundings
}

export interface OpenPane {
  page: Page
  /** Errors on the console, uncaught ones, and requests that left the page's origin. */
  problems: string[]
}

export interface PaneHouseOptions {
  points?: number
  /** Simulated ones: all of them, or those that are named. */
  upstreams?: boolean | readonly UpstreamName[]
  /** Serves the playground too, at `/`. */
  playground?: boolean
  /** With a simulated payment service. */
  payments?: boolean
}

export async function startPaneHouse(options: PaneHouseOptions = {}): Promise<PaneHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-pane-'))
  if (options.playground) symlinkSync(await madeOnce('playground'), join(folder, 'playground'))
  await Promise.all([buildExcelFunctions(join(folder, 'excel')), buildPane(join(folder, 'excel'))])
  const clock = testClock()
  const stripe = options.payments ? await startStripe(clock.now) : null
  const house = await openUpstreamHouse({
    points: options.points ?? 1000,
    clock,
    paymentServices: stripe ? [await connectStripe(stripe, { now: clock.now })] : [],
    returnAddress: () => proxy.url,
  })
  const upstreams = options.upstreams ? await startDemoUpstreams() : null
  const wanted = Array.isArray(options.upstreams) ? new Set(options.upstreams) : null
  for (const { name, url, credential } of upstreams?.all ?? []) {
    if (wanted?.has(name) ?? true) await house.connect(name, credential, url)
  }
  const runner = testRunner(house.house)
  await runner.start()
  const proxy: TestProxy = await startTestProxy(
    { ...house.house, askers: house.askers, ownerTokens: house.ownerTokens },
    { distFolder: folder },
  )
  const browser = await openBrowser()
  return {
    ...house,
    proxy,
    runner,
    upstreams,
    stripe,
    browser,
    open: (open = {}) => openPane(browser, proxy, house.ownerTokens[0], open),
    openInExcel: (open = {}) => openPaneInExcel(browser, proxy, house.ownerTokens[0], open),
    async close() {
      await browser.close()
      await runner.stop(5000)
      await proxy.close()
      await upstreams?.close()
      await stripe?.close()
      await house.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** @param token of the owner; `options.token` goes before it. */
export async function openPaneInExcel(
  browser: Browser,
  proxy: Pick<TestProxy, 'url'>,
  token: string,
  { workbook = PREVIEW_SHEETS, office, ...options }: OpenInExcelOptions,
): Promise<OpenPane & { grid: ExcelGrid }> {
  const grid = 'person' in workbook ? workbook : openExcelGrid(workbook)
  const opened = await openPane(browser, proxy, token, {
    ...options,
    officeJs: officeScript(office),
    async before(page) {
      await grid.attach(page)
      await options.before?.(page)
    },
  })
  return { ...opened, grid }
}

async function openPane(
  browser: Browser,
  proxy: Pick<TestProxy, 'url'>,
  ownerToken: string,
  options: OpenPaneOptions,
): Promise<OpenPane> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 400, height: 800 },
    locale: 'en-CA',
    ...options.context,
  })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('request', (request) => {
    const url = request.url()
    if (url !== OFFICE_JS && !/^(?:data|blob):/.test(url) && !url.startsWith(`${proxy.url}/`)) problems.push(url)
  })
  await page.route(OFFICE_JS, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: options.officeJs ?? '' }),
  )
  const token = options.token === undefined ? ownerToken : options.token
  if (token !== null) {
    const [key, value] = connectionEntry({ baseUrl: proxy.url, token })
    await page.addInitScript(([name, text]) => localStorage.setItem(name!, text!), [key, value])
  }
  await options.before?.(page)
  await page.goto(`${proxy.url}/excel/pane.html${options.query ?? ''}#${options.view ?? 'bulk'}`)
  await page.locator('#pane main').waitFor()
  return { page, problems }
}
