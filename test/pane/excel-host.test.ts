/** What only Excel does to whoever works in it, on Microsoft's own script over a workbook of the test's. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import type { Place, RowsToWrite } from '../../shared/pane/spreadsheet-host.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { openBrowser } from '../hosts/browser.ts'
import { openExcelPage, type ExcelPage } from '../hosts/excel-page-host.ts'
import { expectFailure } from '../hosts/host-contract.ts'

let browser: Browser
let excel: ExcelPage
beforeAll(async () => {
  browser = await openBrowser()
  excel = await openExcelPage(browser)
})
afterAll(async () => {
  expect(excel.problems).toEqual([])
  await browser.close()
})

const SHEET = 'Products'

function products(count: number): { name: string; rows: CellValue[][] }[] {
  return [{ name: SHEET, rows: Array.from({ length: count }, (_, row) => [`A-${row}`, `product ${row}`]) }]
}

function at(row: number, column: number, rows = 1, columns = 1): Place {
  return { sheet: SHEET, row, column, rows, columns }
}

/** Codes into C and rates into D of these rows of `products`. */
function answers(rows: number[], code = '6109.10'): RowsToWrite {
  return {
    sheet: SHEET,
    columns: [
      { column: 2, format: 'text' },
      { column: 3, format: 'percent' },
    ],
    guardColumns: [1],
    rows: rows.map((row) => ({ row, guard: [`product ${row}`], values: [code, 0.18] })),
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, row) => row)

describe('what a sync carries', () => {
  test('at most 1,500 cells are written in a sync, each time with calculation held back and nothing left to hold', async () => {
    const { host, grid } = await excel.open(products(2000))
    const report = await host.write(answers(upTo(2000)))
    expect(report).toEqual({ written: upTo(2000), changed: [] })
    const writes = grid.syncs.filter(({ cellsWritten }) => cellsWritten > 0)
    expect(writes.map(({ cellsWritten }) => cellsWritten)).toEqual([1500, 1500, 1000])
    expect(writes.every(({ isCalculationSuspended }) => isCalculationSuspended)).toBe(true)
    const looks = grid.syncs.filter(({ methods }) => methods.includes('GetRangeByIndexes'))
    expect(looks.length).toBe(writes.length)
    expect(grid.rangesKept).toBe(0)
  })

  test('ranges are asked for by the block, never by the cell', async () => {
    const { host, grid } = await excel.open(products(700))
    await host.write(answers(upTo(700)))
    const ranges = grid.syncs.flatMap(({ methods }) => methods).filter((method) => method === 'GetRangeByIndexes')
    expect(ranges.length).toBe(2)
  })

  test('rows are never added to a table', async () => {
    const { host, grid } = await excel.open(products(10))
    await host.write(answers(upTo(10)))
    expect(grid.syncs.flatMap(({ methods }) => methods)).not.toContain('Add')
  })

  test('asking what is selected, reading and following never take from a person what they can undo', async () => {
    const { host, grid } = await excel.open(products(10))
    grid.person.select(at(1, 1, 3))
    await host.selection()
    await host.read(at(0, 0, 5, 2))
    const followed = await host.follow(at(0, 0, 5, 2))
    await followed.place()
    await followed.release()
    expect(grid.syncs.filter(({ losesUndo }) => losesUndo)).toEqual([])
  })
})

describe('what Excel refuses', () => {
  test('a request that is too large is halved until it passes, and every row is written once', async () => {
    const { host, grid } = await excel.open(products(600))
    grid.payloadBytesMax = 12_000
    const report = await host.write(answers(upTo(600)))
    expect(report).toEqual({ written: upTo(600), changed: [] })
    expect(grid.syncs.some(({ refused }) => refused === 'RequestPayloadSizeLimitExceeded')).toBe(true)
    expect(grid.person.value(SHEET, 599, 2)).toBe('6109.10')
  })

  test('a reply that is too large is asked for in halves', async () => {
    const { host, grid } = await excel.open(products(3000))
    grid.payloadBytesMax = 20_000
    expect(await host.read(at(0, 0, 3000, 2))).toEqual(upTo(3000).map((row) => [`A-${row}`, `product ${row}`]))
    expect(grid.syncs.some(({ refused }) => refused === 'ResponsePayloadSizeLimitExceeded')).toBe(true)
  })

  test('where even one row is too large the pane says that Excel did not take it, by its own code', async () => {
    const { host, grid } = await excel.open(products(2))
    grid.payloadBytesMax = 300
    await expectFailure(host.read(at(0, 0, 2, 2)), 'TC-176', 'RequestPayloadSizeLimitExceeded')
  })

  test('an Excel that is busy is asked again after a while, and the pane says so', async () => {
    const { host, grid } = await excel.open(products(3))
    const reasons: (string | null)[] = []
    host.onWaiting((reason) => reasons.push(reason))
    grid.refuse('ActivityLimitReached', 2)
    expect((await host.write(answers([0, 1]))).written).toEqual([0, 1])
    expect(reasons).toEqual(['busy', null])
  })

  test('a refusal nobody foresaw is a sentence with its code', async () => {
    const { host, grid } = await excel.open(products(3))
    grid.refuse('SomethingNew')
    await expectFailure(host.write(answers([0])), 'TC-176', 'SomethingNew')
  })

  test('a picture that is selected is nothing to work on', async () => {
    const { host, grid } = await excel.open(products(3))
    grid.person.selectPicture()
    await expectFailure(host.selection(), 'TC-170')
  })

  test('who stops while a cell is being edited waits no longer', async () => {
    const { host, grid } = await excel.open(products(3))
    const reasons: (string | null)[] = []
    host.onWaiting((reason) => reasons.push(reason))
    grid.person.edit(true)
    const stop = new AbortController()
    const reading = host.read(at(0, 0), { signal: stop.signal })
    await expect.poll(() => reasons).toEqual(['editing'])
    stop.abort()
    await expect(reading).rejects.toThrow(/abort/i)
    grid.person.edit(false)
  })
})

describe('what happens between two replies', () => {
  test('rows inserted above take the answers with their inputs', async () => {
    const { host, grid } = await excel.open(products(5))
    grid.betweenSyncs(() => grid.person.insertRows(SHEET, 0, 2))
    await host.write(answers([1, 2]))
    expect(grid.person.value(SHEET, 3, 1)).toBe('product 1')
    expect(grid.person.value(SHEET, 3, 2)).toBe('6109.10')
    expect(grid.person.value(SHEET, 1, 2)).toBeNull()
  })

  test('a row inserted among them stops the write, and what no longer stands where it stood is left alone', async () => {
    const { host, grid } = await excel.open(products(5))
    grid.betweenSyncs(() => grid.person.insertRows(SHEET, 2, 1))
    expect(await host.write(answers([1, 2, 3]))).toEqual({ written: [1], changed: [2, 3] })
    expect([grid.person.value(SHEET, 2, 2), grid.person.value(SHEET, 3, 2)]).toEqual([null, null])
  })

  test('rows deleted under it are said to be deleted', async () => {
    const { host, grid } = await excel.open(products(5))
    grid.betweenSyncs(() => grid.person.deleteRows(SHEET, 1, 2))
    await expectFailure(host.write(answers([1, 2])), 'TC-174')
  })

  test('a sheet protected in the meantime is refused by its name', async () => {
    const { host, grid } = await excel.open(products(5))
    grid.betweenSyncs(() => grid.person.protect(SHEET, true))
    await expectFailure(host.write(answers([1])), 'TC-172', SHEET)
  })

  test('a cell opened for typing in the meantime only delays it', async () => {
    const { host, grid } = await excel.open(products(5))
    const reasons: (string | null)[] = []
    host.onWaiting((reason) => reasons.push(reason))
    grid.betweenSyncs(() => grid.person.edit(true))
    const writing = host.write(answers([1]))
    await expect.poll(() => reasons).toEqual(['editing'])
    grid.person.edit(false)
    expect((await writing).written).toEqual([1])
  })
})

describe('cells that may be edited on a protected sheet', () => {
  test('are filled where they are already text', async () => {
    const { host, grid } = await excel.open(products(5))
    grid.person.unlock(at(0, 2, 5, 2))
    grid.person.setFormat(at(0, 2, 5), '@')
    grid.person.protect(SHEET, true)
    expect((await host.write(answers([1, 2]))).written).toEqual([1, 2])
    expect(grid.person.value(SHEET, 1, 2)).toBe('6109.10')
    expect(grid.person.value(SHEET, 1, 3)).toBe(0.18)
  })

  test('take a code as the text it is where their format may not be changed', async () => {
    const { host, grid } = await excel.open(products(5))
    grid.person.unlock(at(0, 2, 5, 2))
    grid.person.protect(SHEET, true)
    await host.write(answers([1], '0610910'))
    expect([grid.person.value(SHEET, 1, 2), grid.person.format(SHEET, 1, 2)]).toEqual(['0610910', 'General'])
    grid.person.protect(SHEET, true, { mayFormat: true })
    await host.write(answers([2]))
    expect([grid.person.value(SHEET, 2, 2), grid.person.format(SHEET, 2, 2)]).toEqual(['6109.10', '@'])
  })

  test('are refused where one of them is locked', async () => {
    const { host, grid } = await excel.open(products(5))
    grid.person.unlock(at(0, 2, 2, 2))
    grid.person.protect(SHEET, true, { mayFormat: true })
    await expectFailure(host.write(answers([1, 2])), 'TC-172', SHEET)
    expect(grid.person.value(SHEET, 1, 2)).toBeNull()
  })
})

describe('what stood in the cells', () => {
  test('codes that were text in unformatted cells come back as that text, and numbers as numbers', async () => {
    const rows: CellValue[][] = [
      ['x', 'product 0', '0101.21'],
      ['x', 'product 1', 101.21],
      ['x', 'product 2', "'quoted"],
      ['x', 'product 3', true],
    ]
    const { host, grid } = await excel.open([{ name: SHEET, rows }])
    const before = await host.readAsTheyStand(at(0, 2, 4))
    await host.write(answers([0, 1, 2, 3]))
    expect(await host.restore(before, null)).toEqual({ restored: 4, changed: 0 })
    expect(upTo(4).map((row) => grid.person.value(SHEET, row, 2))).toEqual(['0101.21', 101.21, "'quoted", true])
    expect(upTo(4).map((row) => grid.person.format(SHEET, row, 2))).toEqual(Array(4).fill('General'))
  })

  test('a text that begins with = behind an apostrophe comes back as that text', async () => {
    const { host, grid } = await excel.open(products(3))
    grid.person.type(SHEET, 1, 2, "'=1+1")
    const before = await host.readAsTheyStand(at(1, 2))
    await host.write(answers([1]))
    await host.restore(before, null)
    expect([grid.person.value(SHEET, 1, 2), grid.person.formula(SHEET, 1, 2)]).toEqual(['=1+1', '=1+1'])
  })
})

describe('the workbook', () => {
  test('a renamed sheet is still found, by a place that was read before', async () => {
    const { host, grid } = await excel.open(products(3))
    const { place } = await host.selection()
    grid.person.rename(SHEET, 'Goods 2026')
    expect(place).not.toBeNull()
    if (place) expect(await host.read({ ...place, rows: 1 })).toEqual([['A-0', 'product 0']])
  })

  test('the add-in starts with it where a person wants that, and otherwise does not', async () => {
    const { host } = await excel.open(products(1))
    expect(await host.startup?.get()).toBe(false)
    await host.startup?.set(true)
    expect(await host.startup?.get()).toBe(true)
  })

  test('its key holds nothing of its address', async () => {
    const { host } = await excel.open(products(1))
    expect(await host.workbookKey()).toMatch(/^[0-9a-f]{32}$/)
  })

  test('without an address it has a key of its own, and pages open without Office', async () => {
    const bare = await openExcelPage(browser, { url: '', lacks: ['OpenBrowserWindowApi'] })
    const [first, second] = [await bare.open(products(1)), await bare.open(products(1))]
    expect(await first.host.workbookKey()).toMatch(/^unsaved-/)
    expect(await first.host.workbookKey()).not.toBe(await second.host.workbookKey())
    const popup = bare.nextWindow()
    first.host.openWindow('about:blank#checkout')
    expect(await popup).toContain('about:blank')
    expect(first.grid.person.opened).toEqual([])
    await bare.close()
  })

  test('an older Excel is not asked for merged cells while somebody only selects', async () => {
    const older = await openExcelPage(browser, { lacks: ['ExcelApiUndo'] })
    const { host, grid } = await older.open(products(3))
    grid.person.merge(SHEET, 'A1:A2')
    expect((await host.selection()).hasMergedCells).toBe(false)
    expect(grid.syncs.filter(({ losesUndo }) => losesUndo)).toEqual([])
    await older.close()
  })
})
