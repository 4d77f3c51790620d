/** The sidebar of Google Sheets in a real browser, over a world of fakes. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { bundleSidebar } from '../../sheets-addon/build.ts'
import type { AppsScript } from '../hosts/apps-script/apps-script.ts'
import { serveScriptRun, type ScriptRun } from '../hosts/apps-script/script-run.ts'
import type { Spreadsheet } from '../hosts/apps-script/spreadsheet-state.ts'
import { PATIENCE_MS } from './pane-house.ts'

/** As wide as Google makes every sidebar. */
export const SIDEBAR_WIDTH = 300
export const SIDEBAR_PAGE = 'https://n-script.example/sidebar'

export interface OpenSidebar {
  page: Page
  run: ScriptRun
  /** Errors on the console, and uncaught ones. */
  problems: string[]
}

export interface Sidebars {
  /** A new browser of this person, who opens the sidebar. */
  open(
    spreadsheet: Spreadsheet,
    user: string,
    options?: { context?: BrowserContextOptions; before?: (page: Page) => Promise<void> },
  ): Promise<OpenSidebar>
  /** The same person's browser opens it again, or a second time. */
  openIn(opened: OpenSidebar, spreadsheet: Spreadsheet, user: string): Promise<OpenSidebar>
}

/** @param html another one than the sidebar of now. */
export async function serveSidebars(browser: Browser, world: AppsScript, html?: string): Promise<Sidebars> {
  const body = html ?? (await bundleSidebar())

  async function openPage(page: Page, spreadsheet: Spreadsheet, user: string): Promise<OpenSidebar> {
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    // Whatever else the page would ask for is not there.
    await page.route('**/*', (route) =>
      route.request().url() === SIDEBAR_PAGE ? route.fulfill({ contentType: 'text/html', body }) : route.abort(),
    )
    const run = await serveScriptRun(page, world, { user, spreadsheet })
    await page.goto(SIDEBAR_PAGE)
    return { page, run, problems }
  }

  return {
    async open(spreadsheet, user, { context: given, before } = {}) {
      const context = await browser.newContext({
        viewport: { width: SIDEBAR_WIDTH, height: 800 },
        locale: 'en-CA',
        ...given,
      })
      context.setDefaultTimeout(PATIENCE_MS)
      const page = await context.newPage()
      await before?.(page)
      return openPage(page, spreadsheet, user)
    },
    openIn: async ({ page }, spreadsheet, user) => openPage(await page.context().newPage(), spreadsheet, user),
  }
}
