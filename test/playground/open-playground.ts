/// <reference lib="dom" />
/** A built playground, its pretended proxy and a real browser, for one test file; and what a person does with them. */
import { errors, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { openBrowser } from '../hosts/browser.ts'
import { madeOnce } from '../hosts/once-a-run.ts'
import { startPlaygroundServer, type PlaygroundServer } from '../hosts/playground-server.ts'

export const PATIENCE_MS = 20_000

export interface Playground {
  server: PlaygroundServer
  /** A page of a new person: nothing stored, nothing connected. */
  open(address: string, options?: BrowserContextOptions): Promise<OpenPage>
  /** Between two tests: no page open, no fault set. */
  reset(): Promise<void>
  close(): Promise<void>
}

export interface OpenPage {
  page: Page
  /** Errors on the console, uncaught ones, and requests that left the page's origin. */
  problems: string[]
  cell: (address: string) => Promise<string>
  /** Waits until the cell shows this. */
  expectCell: (address: string, text: string | RegExp) => Promise<void>
  /** Goes to a cell by the name box, which hands the keys back to the grid. */
  goTo: (address: string) => Promise<void>
  /** Types into the selected cell, letter by letter, each one once the editor shows the one before. */
  type: (text: string) => Promise<void>
  /** Types, then Enter, which closes the editor. */
  enter: (text: string) => Promise<void>
  strip: () => Promise<string>
}

export async function startPlayground(): Promise<Playground> {
  const server = await startPlaygroundServer(await madeOnce('playground'))
  const browser = await openBrowser()
  return {
    server,
    open: (address, options) => openPage(browser, server, address, options),
    reset: async () => {
      server.setFault('none')
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    close: async () => {
      await browser.close()
      await server.close()
    },
  }
}

/** @param server serves the page, and is all it may ask. */
export async function openPage(
  browser: Browser,
  server: Pick<PlaygroundServer, 'url'>,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-CA', ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(`${server.url}/`))
      problems.push(request.url())
  })
  await page.goto(address)
  await page.waitForFunction(() => window.tariffcell !== undefined)
  await page.locator('#strip').waitFor()

  const cell = (at: string): Promise<string> => page.evaluate((wanted) => window.tariffcell!.cellText(wanted), at)
  return {
    page,
    problems,
    cell,
    expectCell: async (at, text) => {
      await expect.poll(() => cell(at), { timeout: PATIENCE_MS, interval: 50 }).toMatch(text)
    },
    goTo: async (at) => {
      const nameBox = page.locator('[data-u-comp=formula-bar] input')
      await nameBox.fill(at)
      await nameBox.press('Enter')
      await page.locator('[data-u-comp=editor]:focus').waitFor({ state: 'attached' })
    },
    type: (text) => typeIntoCell(page, text),
    enter: async (text) => {
      await typeIntoCell(page, text)
      await leaveEditor(page, 'Enter')
    },
    strip: async () => (await page.locator('#strip p').textContent()) ?? '',
  }
}

// How long a loaded machine may take to show one key, and how often a text whose key was lost is typed anew.
const KEY_PATIENCE_MS = 5_000
const ATTEMPTS_MAX = 3

/** The grid opens its editor between two frames and can lose a key that comes then: nobody types on before the key is to be seen. */
async function typeIntoCell(page: Page, text: string): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    if (await typeOnce(page, text)) return
    await leaveEditor(page, 'Escape')
  }
  throw new Error(`The editor never showed ${text}`)
}

/** A key that closes the editor can be lost like any other. */
async function leaveEditor(page: Page, key: 'Enter' | 'Escape'): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    await page.keyboard.press(key)
    if (await isEdited(page, null)) return
  }
  const left = await page.evaluate(() => window.tariffcell!.editedText())
  throw new Error(`${key} did not close the editor, which shows ${left}`)
}

/** @returns false when the editor does not come to hold this text (null: to be closed) in the time a loaded machine may take. */
async function isEdited(page: Page, text: string | null): Promise<boolean> {
  try {
    const isShown = (wanted: string | null): boolean => window.tariffcell!.editedText() === wanted
    await page.waitForFunction(isShown, text, { timeout: KEY_PATIENCE_MS, polling: 10 })
    return true
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false
    throw error
  }
}

/** @returns false when a key was lost. */
async function typeOnce(page: Page, text: string): Promise<boolean> {
  let typed = ''
  for (const letter of text) {
    typed += letter
    await page.keyboard.type(letter)
    if (!(await isEdited(page, typed))) return false
  }
  return true
}
