/**
 * The Excel host of the add-in in Chromium over Microsoft's own script, as a host the test can call. Everything between the test's call
 * and the workbook is the product's code and Microsoft's.
 */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import { FailureError } from '../../shared/error-codes.ts'
import type { Followed, ReadOptions, SpreadsheetHost } from '../../shared/pane/spreadsheet-host.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import {
  attachGrid,
  officeScript,
  openExcelGrid,
  type ExcelGrid,
  type GridSheet,
  type OfficeSurroundings,
} from './excel-grid.ts'
import type { RemoteCall, RemotePage, RemoteReply } from './excel-page.ts'

export interface ExcelPage {
  /** A host of its own on this workbook, in the same page: Microsoft's script takes a second to load. */
  open(workbook: readonly GridSheet[]): Promise<{ host: SpreadsheetHost; grid: ExcelGrid }>
  /** All values in one sync into the workbook that was opened last, from the first row down. */
  writeAtOnce(sheet: string, column: number, values: CellValue[][]): Promise<void>
  /** Address of the next window that the page opens. */
  nextWindow(): Promise<string>
  /** Errors on the console, and uncaught ones. */
  problems: string[]
  close(): Promise<void>
}

// Where the page stands; nothing listens there. A browser gives its ciphers to localhost.
const ADDRESS = 'http://localhost/'

interface Listeners {
  selection: Set<() => void>
  waiting: Set<(reason: 'editing' | 'busy' | null) => void>
  progress: Map<number, (rows: number) => void>
}

export async function openExcelPage(browser: Browser, office?: OfficeSurroundings): Promise<ExcelPage> {
  const script = await bundle()
  const context = await browser.newContext()
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  let grid = openExcelGrid([{ name: 'Sheet1', rows: [] }])
  await attachGrid(page, () => grid)

  const listenersOf = new Map<number, Listeners>()
  await page.exposeFunction('tariffcellTell', (hostId: number, about: string, detail: unknown) => {
    const listeners = listenersOf.get(hostId)
    if (!listeners) return
    if (about === 'selection') for (const listener of listeners.selection) listener()
    if (about === 'waiting') for (const listener of listeners.waiting) listener(detail as 'editing' | 'busy' | null)
    if (about === 'progress') {
      const { id, rows } = detail as { id: number; rows: number }
      listeners.progress.get(id)?.(rows)
    }
  })
  const scripts: Record<string, () => string> = { '/office.js': () => officeScript(office), '/host.js': () => script }
  await page.route(`${ADDRESS}**`, (route) => {
    const body = scripts[new URL(route.request().url()).pathname]?.()
    return route.fulfill(
      body === undefined
        ? { contentType: 'text/html', body: '<script src="office.js"></script><script src="host.js"></script>' }
        : { contentType: 'text/javascript', body },
    )
  })
  await page.goto(ADDRESS)

  let lastId = 0
  return {
    problems,
    writeAtOnce: (sheet, column, values) =>
      page.evaluate(
        ([sheet, column, values]) => (window as unknown as RemotePage).tariffcellWriteAtOnce(sheet, column, values),
        [sheet, column, values] as const,
      ),
    nextWindow: async () => (await context.waitForEvent('page')).url(),
    close: () => context.close(),
    async open(workbook) {
      const hostId = ++lastId
      const listeners: Listeners = { selection: new Set(), waiting: new Set(), progress: new Map() }
      listenersOf.set(hostId, listeners)
      grid = openExcelGrid(workbook)
      grid.pages.add(page)
      await page.evaluate((hostId) => (window as unknown as RemotePage).tariffcellOpenHost(hostId), hostId)
      const call: Call = async (method, args, options, target = 0) => {
        const id = ++lastId
        if (options?.onProgress) listeners.progress.set(id, options.onProgress)
        const abort = (): void => {
          void page.evaluate((id) => (window as unknown as RemotePage).tariffcellAbort(id), id)
        }
        options?.signal?.addEventListener('abort', abort)
        const isAborted = options?.signal?.aborted ?? false
        const remote: RemoteCall = { id, hostId, target, method, args, withOptions: options !== undefined, isAborted }
        const reply: RemoteReply = await page.evaluate(
          (remote) => (window as unknown as RemotePage).tariffcellCall(remote),
          remote,
        )
        options?.signal?.removeEventListener('abort', abort)
        if ('failure' in reply) throw new FailureError(reply.failure)
        if ('error' in reply) throw new Error(reply.error)
        return reply.value as never
      }
      return { host: remoteHost(call, listeners), grid }
    },
  }
}

type Call = <Result>(method: string, args: unknown[], options?: ReadOptions, target?: number) => Promise<Result>

function remoteHost(call: Call, { selection, waiting }: Listeners): SpreadsheetHost {
  return {
    kind: 'excel',
    cellsPerWrite: 1500,
    selection: () => call('selection', []),
    onSelection: (listener) => listen(selection, listener),
    onWaiting: (listener) => listen(waiting, listener),
    read: (place, options = {}) => call('read', [place], options),
    readAsTheyStand: (place, options = {}) => call('readAsTheyStand', [place], options),
    spills: (sheet, formulas, options = {}) => call('spills', [sheet, formulas], options),
    async follow(place): Promise<Followed> {
      const target = await call<number>('follow', [place])
      return {
        place: () => call('place', [], undefined, target),
        release: () => call('release', [], undefined, target),
      }
    },
    assertMayWrite: (cells) => call('assertMayWrite', [cells]),
    write: (rows) => call('write', [rows]),
    restore: (cells, expected, options = {}) => call('restore', [cells, expected], options),
    goTo: (place) => call('goTo', [place]),
    insertFormula: (formula) => call('insertFormula', [formula]),
    kept: (name) => call('kept', [name]),
    keep: (name, text) => call('keep', [name, text]),
    workbookKey: () => call('workbookKey', []),
    startup: {
      get: () => call('startup.get', []),
      set: (isOn) => call('startup.set', [isOn]),
    },
    openWindow: (url) => void call('openWindow', [url]),
  }
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('excel-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
  })
  return outputFiles[0]?.text ?? ''
}
