/// <reference lib="dom" />
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../browser.ts'
import { openScriptHouse, OWNER } from './script-house.ts'
import { serveScriptRun, type ScriptRun } from './script-run.ts'

const CODE = `
function echo(value) { return value }
function who() { return [Session.getActiveUserLocale(), SpreadsheetApp.getActiveSpreadsheet().getId()] }
function fail() { throw new Error("not connected") }
function refused() { UrlFetchApp.fetch("https://elsewhere.example/") }
function today() { return { at: [new Date()] } }
function nothing() {}
function together() {
  var cache = CacheService.getScriptCache(), lock = LockService.getScriptLock()
  lock.waitLock(20000)
  cache.put("count", String(Number(cache.get("count") || 0) + 1))
  lock.releaseLock()
  while (Number(cache.get("count")) < 10) {}
  return Number(cache.get("count"))
}
function secret_() { return "secret" }
var app = (function () { function inside() {} return { inside: inside } })()`

/** What a page of the add-on sees. */
interface Runner {
  withSuccessHandler(handler: ((value: unknown, userObject: unknown) => void) | null): Runner
  withFailureHandler(handler: ((error: Error, userObject: unknown) => void) | null): Runner
  withUserObject(userObject: unknown): Runner
  [fn: string]: unknown
}
interface PageWindow {
  google: { script: { run: Runner; host: { close(): void } } }
}
/** How a call ended, as the page was told. */
type Told = { value: unknown; userObject: unknown } | { name: string; message: string }

let browser: Browser
let page: Page
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
afterEach(() => page.close())

async function open(): Promise<{ house: ReturnType<typeof openScriptHouse>; served: ScriptRun }> {
  const house = openScriptHouse({ users: { [OWNER]: { locale: 'fr' } } })
  await house.world.load(CODE)
  page = await browser.newPage()
  const served = await serveScriptRun(page, house.world, { user: OWNER, spreadsheet: house.spreadsheet })
  await page.goto('about:blank')
  return { house, served }
}

function call(fn: string, ...args: unknown[]): Promise<Told> {
  return page.evaluate(
    ([fn, args]) =>
      new Promise<Told>((resolve) => {
        const { run } = (window as unknown as PageWindow).google.script
        const runner = run
          .withSuccessHandler((value, userObject) => resolve({ value, userObject }))
          .withFailureHandler(({ name, message }) => resolve({ name, message }))
          .withUserObject('mine')
        ;(runner[fn] as (...args: unknown[]) => void)(...args)
      }),
    [fn, args] as const,
  )
}

describe('google.script.run', () => {
  test('calls a function of the script as the user, in the spreadsheet, and tells its handler', async () => {
    const { house } = await open()
    expect(await call('who')).toEqual({ value: ['fr', house.spreadsheet.id], userObject: 'mine' })
    expect(await call('nothing')).toEqual({ value: null, userObject: 'mine' })
  })

  test('objects and lists arrive as copies', async () => {
    await open()
    const value = { rows: [1, 'x', true, null, { deep: [] }] }
    expect(await call('echo', value)).toEqual({ value, userObject: 'mine' })
  })

  test('a failure arrives as a ScriptError with the kind and the message of what was thrown', async () => {
    await open()
    expect(await call('fail')).toEqual({ name: 'ScriptError', message: 'Error: not connected' })
    expect(await call('refused')).toMatchObject({ message: expect.stringContaining('Exception: Access to this URL') })
  })

  test('a date that is returned is a failure', async () => {
    await open()
    expect(await call('today')).toMatchObject({ message: expect.stringContaining('not a supported return type') })
  })

  test('only what the script declares at its top level exists, and nothing that ends in an underscore', async () => {
    await open()
    const names = await page.evaluate(() => Object.keys((window as unknown as PageWindow).google.script.run).sort())
    expect(names).toEqual(
      [
        'withSuccessHandler',
        'withFailureHandler',
        'withUserObject',
        'echo',
        'who',
        'fail',
        'refused',
        'today',
        'nothing',
        'together',
      ].sort(),
    )
  })

  test('what Google does not pass throws before it is sent', async () => {
    const { served } = await open()
    const thrown = await page.evaluate(() => {
      const echo = (window as unknown as PageWindow).google.script.run['echo'] as (value: unknown) => void
      const circle: unknown[] = []
      circle.push(circle)
      const illegal = [new Date(), () => 1, document.body, { deep: [new Map()] }, circle, Symbol('x')]
      return illegal.map((value) => {
        try {
          echo(value)
          return 'sent'
        } catch (error) {
          return String(error)
        }
      })
    })
    expect(thrown).toEqual(thrown.map(() => expect.stringContaining('illegal value in property')))
    expect(served.seen.calls).toBe(0)
  })

  test('nothing in a list becomes null', async () => {
    await open()
    const value = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const { run } = (window as unknown as PageWindow).google.script
          ;(run.withSuccessHandler(resolve)['echo'] as (value: unknown) => void)([1, undefined, { gone: undefined }])
        }),
    )
    expect(value).toEqual([1, null, {}])
  })

  test('ten run at once and the others wait for a place', async () => {
    const { served } = await open()
    const told = await Promise.all(Array.from({ length: 25 }, () => call('together')))
    expect(told.every((end) => 'value' in end && Number(end.value) >= 10)).toBe(true)
    expect(served.seen).toEqual({ inFlightMost: 10, calls: 25 })
  })

  test('without a failure handler the console has it, and null keeps it quiet', async () => {
    await open()
    const errors: string[] = []
    page.on('console', (message) => errors.push(message.text()))
    await page.evaluate(() => {
      const { run } = (window as unknown as PageWindow).google.script
      ;(run.withFailureHandler(null)['fail'] as () => void)()
      ;(run['fail'] as () => void)()
    })
    await expect.poll(() => errors).toEqual([expect.stringContaining('not connected')])
  })

  test('a page can ask for its sidebar to be closed', async () => {
    const { served } = await open()
    await page.evaluate(() => (window as unknown as PageWindow).google.script.host.close())
    await expect.poll(() => served.isClosed).toBe(true)
  })
})
