/** The memory host and Excel behind Microsoft's own script: the same guarantees. */
import { afterAll, beforeAll } from 'vitest'
import type { Browser } from 'playwright-core'
import { createMemoryHost } from '../../shared/pane/memory-host.ts'
import { openBrowser } from '../hosts/browser.ts'
import { openExcelPage, type ExcelPage } from '../hosts/excel-page-host.ts'
import { describeHost } from '../hosts/host-contract.ts'

let browser: Browser
let excel: ExcelPage
beforeAll(async () => {
  browser = await openBrowser()
  excel = await openExcelPage(browser)
})
afterAll(() => browser.close())

describeHost('memory', async (sheets) => {
  const { person, ...host } = createMemoryHost(sheets)
  return {
    host,
    person: { ...person, selectAreas: ([first, ...others]) => first && person.select(first, 1 + others.length) },
    close: () => Promise.resolve(),
  }
})

describeHost('Excel', async (sheets) => {
  const { host, grid } = await excel.open(sheets)
  return { host, person: grid.person, close: () => Promise.resolve() }
})
