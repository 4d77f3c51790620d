/// <reference lib="dom" />
/** The Google Sheets sidebar and the page that connects it, in one browser, over one real proxy. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connectionEntry } from '../../excel-addin/session.ts'
import { buildPage } from '../../proxy/build-page.ts'
import { bundleSidebar } from '../../sheets-addon/build.ts'
import { serveScriptRun } from '../hosts/apps-script/script-run.ts'
import type { Spreadsheet } from '../hosts/apps-script/spreadsheet-state.ts'
import { openBrowser } from '../hosts/browser.ts'
import { keptTokens, openSheetsHouse, OWNER, type SheetsHouse } from '../sheets-addon/sheets-house.ts'
import { axeViolations, tooWide } from './axe.ts'
import { keyboardOf, standStill } from './keyboard.ts'
import { PATIENCE_MS } from './pane-house.ts'

const SIDEBAR = 'https://n-script.example/sidebar'
const EDITOR_PAGE = 'https://docs.example/spreadsheet'
// Source: developers.google.com/apps-script/guides/html/restrictions
const GOOGLE_SANDBOX =
  'allow-same-origin allow-forms allow-scripts allow-popups allow-downloads allow-modals allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation'

let open: SheetsHouse
let browser: Browser
let html: string
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-connect-'))
  await buildPage('connect', join(folder, 'connect'))
  html = await bundleSidebar()
  open = await openSheetsHouse({ distFolder: folder })
  browser = await openBrowser()
})
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))
afterAll(async () => {
  await browser.close()
  await open.close()
  rmSync(folder, { recursive: true })
})

/** A person's browser, connected at the proxy with this token. */
async function openContext(token: string | null, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 300, height: 800 }, locale: 'en-CA', ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  if (token !== null) {
    const [key, value] = connectionEntry({ baseUrl: open.proxy.url, token })
    await context.addInitScript(
      ([origin, name, text]) => {
        if (location.origin === origin) localStorage.setItem(name!, text!)
      },
      [open.proxy.url, key, value],
    )
  }
  return context
}

function watch(page: Page): string[] {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  return problems
}

async function openSidebar(context: BrowserContext, spreadsheet: Spreadsheet, user = OWNER): Promise<Page> {
  const page = await context.newPage()
  await page.route('**/*', (route) =>
    route.request().url() === SIDEBAR ? route.fulfill({ contentType: 'text/html', body: html }) : route.abort(),
  )
  await serveScriptRun(page, open.world, { user, spreadsheet })
  await page.goto(SIDEBAR)
  return page
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
}

const linkIn = (sidebar: Page) => sidebar.getByRole('link', { name: 'Open the page that connects' })

async function openLink(context: BrowserContext, sidebar: Page): Promise<Page> {
  const [page] = await Promise.all([context.waitForEvent('page'), linkIn(sidebar).click()])
  return page
}

/** A person who has nothing at Google yet. */
let people = 0
function newPerson(): { user: string; spreadsheet: Spreadsheet } {
  const user = `person-${++people}@example.com`
  return { user, spreadsheet: open.world.spreadsheet({ owner: user, sheets: [{ name: 'Products', rows: [['x']] }] }) }
}

/** Registered at the proxy as by a sidebar. @returns the address of the page. */
async function begun(): Promise<string> {
  const { user, spreadsheet } = newPerson()
  const reply = (await open.door(user, spreadsheet, 'beginPairing', 'en')) as { value: { text: string } }
  return (JSON.parse(reply.value.text) as { address: string }).address
}

test('who is connected in the browser approves there, and the sidebar becomes connected; no token comes to either page', async () => {
  const { user, spreadsheet } = newPerson()
  const owner = open.house.ownerTokens[0]
  const context = await openContext(owner)
  const sidebar = await openSidebar(context, spreadsheet, user)
  await press(sidebar, 'Connect in the browser')
  await linkIn(sidebar).waitFor()
  expect(await linkIn(sidebar).getAttribute('rel')).toBe('noopener')

  const page = await openLink(context, sidebar)
  const problems = [watch(page), watch(sidebar)]
  await page.getByRole('heading', { name: 'Connect this spreadsheet account?' }).waitFor()
  const code = await page.locator('#match').textContent()
  expect(code).toMatch(/^[0-9A-Z]{3}-[0-9A-Z]{3}$/)
  await sidebar.getByText(code!, { exact: true }).waitFor()
  expect(await page.locator('dl').textContent()).toMatch(/points of\s*one.*connected as\s*owner.*No limit/s)
  expect(await page.evaluate(() => window.opener as unknown)).toBeNull()

  await press(page, 'Approve')
  await page.getByText('Go back to your spreadsheet').waitFor()
  await sidebar.getByText('do not answer in this spreadsheet yet').waitFor()

  const tokens = keptTokens(open.world, user, spreadsheet)
  expect(tokens).toHaveLength(1)
  const shown = [await page.content(), await sidebar.content(), page.url(), sidebar.url(), open.world.log]
  expect(JSON.stringify(shown)).not.toContain(tokens[0])
  for (const one of [page, sidebar])
    expect(await one.evaluate(() => JSON.stringify([sessionStorage, localStorage]))).not.toContain(tokens[0])
  expect(problems).toEqual([[], []])
})

test('the link opens from within the frame that Google puts a sidebar in', async () => {
  const { user, spreadsheet } = newPerson()
  const context = await openContext(open.house.ownerTokens[0])
  const editor = await context.newPage()
  const served = new Map([
    [EDITOR_PAGE, `<iframe sandbox="${GOOGLE_SANDBOX}" src="${SIDEBAR}" width="300" height="780"></iframe>`],
    [SIDEBAR, html],
  ])
  await editor.route('**/*', (route) => {
    const body = served.get(route.request().url())
    return body === undefined ? route.abort() : route.fulfill({ contentType: 'text/html', body })
  })
  await serveScriptRun(editor, open.world, { user, spreadsheet })
  await editor.goto(EDITOR_PAGE)
  const sidebar = editor.frameLocator('iframe')
  await sidebar.getByRole('button', { name: 'Connect in the browser' }).click()
  const link = sidebar.getByRole('link', { name: 'Open the page that connects' })
  const [page] = await Promise.all([context.waitForEvent('page'), link.click()])
  await press(page, 'Approve')
  await sidebar.getByText('do not answer in this spreadsheet yet').waitFor()
})

test('who does not approve is heard in the sidebar, where it can be asked again', async () => {
  const { user, spreadsheet } = newPerson()
  const context = await openContext(open.house.ownerTokens[0])
  const sidebar = await openSidebar(context, spreadsheet, user)
  await press(sidebar, 'Connect in the browser')
  const page = await openLink(context, sidebar)
  await press(page, 'Do not connect')
  await page.getByText('Nothing was connected').waitFor()
  await sidebar.getByText(/^TC-451 /).waitFor()
  expect(await linkIn(sidebar).count()).toBe(0)

  await press(sidebar, 'Try again')
  const second = await openLink(context, sidebar)
  await press(second, 'Approve')
  await sidebar.getByText('do not answer in this spreadsheet yet').waitFor()
})

test('a sidebar that was closed meanwhile goes on with what was begun; what ended by itself is said', async () => {
  const { user, spreadsheet } = newPerson()
  const context = await openContext(open.house.ownerTokens[0])
  const first = await openSidebar(context, spreadsheet, user)
  await press(first, 'Connect in the browser')
  const address = await linkIn(first).getAttribute('href')
  await first.close()

  const sidebar = await openSidebar(context, spreadsheet, user)
  await linkIn(sidebar).waitFor()
  expect(await linkIn(sidebar).getAttribute('href')).toBe(address)
  open.house.clock.advance(600_000)
  await sidebar.getByText(/^TC-450 .*10 minutes/).waitFor()
  await sidebar.getByRole('button', { name: 'Try again' }).waitFor()
  const late = await context.newPage()
  await late.goto(address!)
  await late.getByText(/^TC-450 /).waitFor()
})

test('a browser that is not connected is asked for a code, then goes on', async () => {
  const context = await openContext(null)
  const page = await context.newPage()
  const problems = watch(page)
  await page.goto(await begun())
  await page.getByRole('heading', { name: 'Connect this browser first' }).waitFor()
  await page.getByLabel('Connection code').fill('AAAA')
  await press(page, 'Connect')
  await page.getByText('A connection code has 12 letters and digits').waitFor()
  await page.getByLabel('Connection code').fill(await open.code())
  await page.getByLabel('Your name (optional)').fill('Marie')
  await press(page, 'Connect')
  await page.getByRole('heading', { name: 'Connect this spreadsheet account?' }).waitFor()
  expect(await page.locator('#seat').textContent()).toBe('Marie')
  await press(page, 'Approve')
  await page.getByText('Go back to your spreadsheet').waitFor()
  expect(problems).toEqual([])
})

test.each([
  ['en-CA', 'Something that gives no name asks to be connected.'],
  ['zh-CN', '一个未提供名称的程序请求连接。'],
  ['fr-CA', 'Un programme qui ne donne pas son nom demande à être connecté.'],
])('what asks without a name is said to have none: %s', async (locale, said) => {
  const challenge = randomBytes(32).toString('base64url')
  await open.proxy.post('/v1/pairings', { challenge })
  const page = await (await openContext(open.house.ownerTokens[0], { locale })).newPage()
  await page.goto(`${open.proxy.url}/connect/#${challenge}`)
  await page.getByText(said).waitFor()
  await page.locator('#approve').waitFor()
})

test.each([
  [
    'en-CA',
    'Open this page from your spreadsheet',
    /press “Connect in the browser”, then “Open the page that connects”/,
  ],
  ['zh-CN', '请从您的电子表格打开此页面', /“在浏览器中连接”.*“打开连接页面”/],
  [
    'fr-CA',
    'Ouvrez cette page depuis votre feuille',
    /«\sConnecter dans le navigateur\s».*«\sOuvrir la page de connexion\s»/,
  ],
])('without a pairing in its address the page calmly says what opens it: %s', async (locale, title, said) => {
  for (const token of [null, open.house.ownerTokens[0]]) {
    const page = await (await openContext(token, { locale })).newPage()
    await page.goto(`${open.proxy.url}/connect/`)
    await page.getByRole('heading', { name: title }).waitFor()
    await page.getByText(said).waitFor()
    expect(await page.locator('#refusal').textContent()).toBe('')
    expect(await page.locator('button:visible, input:visible').count()).toBe(0)
  }
})

test('a token that ended is said to be, and who may not approve is told so', async () => {
  const { workspaceId } = open.house.askers[0]
  const gone = await open.house.seats.createSeat({ workspaceId, name: 'x', role: 'seat', dailyCapPoints: null })
  await open.house.seats.revokeSeat(workspaceId, gone.id)
  const first = await (await openContext(gone.token)).newPage()
  await first.goto(await begun())
  await first.getByText(/^TC-401 /).waitFor()
  await first.getByLabel('Connection code').waitFor()

  const cell = await open.house.seats.createSeat({ workspaceId, name: 'x', role: 'cell', dailyCapPoints: null })
  const second = await (await openContext(cell.token)).newPage()
  await second.goto(await begun())
  await second.getByText(/^TC-403 /).waitFor()
})

test('without a mouse: the focus is seen, lost nowhere, and Enter approves', async () => {
  const context = await openContext(open.house.ownerTokens[0])
  const page = await context.newPage()
  await standStill(page)
  await page.goto(await begun())
  const keys = keyboardOf(page)
  await keys.activate(page.getByRole('button', { name: 'Approve' }))
  await page.getByText('Go back to your spreadsheet').waitFor()
  await keys.rests(page.getByRole('heading', { name: 'Approved' }))

  await page.goto('about:blank')
  await page.goto(await begun())
  const others = keyboardOf(page)
  await others.activate(page.getByRole('button', { name: 'Do not connect' }))
  await others.rests(page.getByRole('heading', { name: 'Not connected' }))
  expect([...keys.unmarked(), ...others.unmarked()]).toEqual([])
})

const LOOKS: readonly [string, BrowserContextOptions][] = [
  ['light', { viewport: { width: 1000, height: 800 }, colorScheme: 'light' }],
  ['dark, 320 px wide, in French', { viewport: { width: 320, height: 800 }, colorScheme: 'dark', locale: 'fr-CA' }],
  ['320 px wide, in Chinese', { viewport: { width: 320, height: 800 }, locale: 'zh-CN' }],
]

test.each(LOOKS)('the page breaks no rule of WCAG 2.2 AA, whatever it shows: %s', async (_, look) => {
  const judge = async (page: Page): Promise<string[]> => [...(await axeViolations(page)), ...(await tooWide(page))]
  const context = await openContext(open.house.ownerTokens[0], look)
  const page = await context.newPage()
  await page.goto(await begun())
  await page.locator('#approve').waitFor()
  const found = { question: await judge(page), approved: [''], noLink: [''], trouble: [''], code: [''] }
  await page.locator('#approve').click()
  await page.locator('#question').waitFor({ state: 'hidden' })
  found.approved = await judge(page)
  await page.goto(`${open.proxy.url}/connect/`)
  await page.locator('#heading:not(:empty)').waitFor()
  found.noLink = await judge(page)
  await page.goto(`${open.proxy.url}/connect/#${'c'.repeat(43)}`)
  await page.getByText(/^TC-450 /).waitFor()
  found.trouble = await judge(page)
  const other = await (await openContext(null, look)).newPage()
  await other.goto(await begun())
  await other.locator('#code').waitFor()
  found.code = await judge(other)
  expect(found).toEqual({ question: [], approved: [], noLink: [], trouble: [], code: [] })
})

test.each([
  ['light', { colorScheme: 'light' as const }],
  ['dark', { colorScheme: 'dark' as const }],
])('nor does the sidebar that offers it, begun or not: %s', async (_, look) => {
  const { user, spreadsheet } = newPerson()
  const sidebar = await openSidebar(await openContext(null, look), spreadsheet, user)
  await sidebar.getByRole('button', { name: 'Connect in the browser' }).waitFor()
  const before = [...(await axeViolations(sidebar)), ...(await tooWide(sidebar))]
  await press(sidebar, 'Connect in the browser')
  await linkIn(sidebar).waitFor()
  expect([before, [...(await axeViolations(sidebar)), ...(await tooWide(sidebar))]]).toEqual([[], []])
})

test('the page is served with the strict headers, by either spelling of its address', async () => {
  for (const path of ['/connect', '/connect/']) {
    const response = await fetch(open.proxy.url + path)
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('connect.js')])
    const policy = response.headers.get('content-security-policy') ?? ''
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"])
      expect(policy).toContain(rule)
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  }
})
