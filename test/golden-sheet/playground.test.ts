/// <reference lib="dom" />
/** The golden sheet in the playground: a real browser, the real proxy behind it. */
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../hosts/browser.ts'
import { madeOnce } from '../hosts/once-a-run.ts'
import { temporaryFolder } from '../hosts/proxy-process.ts'
import { startTestProxy, type TestProxy } from '../hosts/test-proxy.ts'
import { openUpstreamHouse, type UpstreamHouse } from '../hosts/upstream-house.ts'
import { openPage, PATIENCE_MS, type OpenPage } from '../playground/open-playground.ts'
import { byFormula, errorValue, goldenColumn, printFormula, readGoldenSheet, type GoldenRow } from './golden-sheet.ts'

const rows = readGoldenSheet()
const column = goldenColumn(rows)
const dist = temporaryFolder()
let house: UpstreamHouse
let proxy: TestProxy
let browser: Browser

beforeAll(async () => {
  symlinkSync(await madeOnce('playground'), join(dist.folder, 'playground'))
  house = await openUpstreamHouse({ points: 0 })
  proxy = await startTestProxy(
    { ...house.house, askers: house.askers, ownerTokens: house.ownerTokens },
    { distFolder: dist.folder },
  )
  browser = await openBrowser()
}, 120_000)
afterAll(async () => {
  await browser.close()
  await proxy.close()
  await house.close()
  dist.remove()
})

async function openPlayground(): Promise<OpenPage> {
  const { workspaceId } = house.askers[0]
  const { code } = await house.house.seats.createConnectionCode({ workspaceId, role: 'seat', name: '' })
  const permissions = ['clipboard-read', 'clipboard-write']
  const opened = await openPage(browser, proxy, `${proxy.url}/?code=${code}`, { permissions })
  // The sample is there: nothing else calculates.
  await opened.expectCell('G13', /%|#N/)
  return opened
}

// As playground.test.ts says, of the grid under load.
const slow = { timeout: 120_000, retry: 1 }

// Beside the sample.
const FORMULAS = 'J'
const DESCRIPTIONS = 'Q'
const CODES = 'R'
const FIRST_ROW = 2

/** On the sheet below each other, each with the rows its table takes. */
const placed = rows.map((row, at) => ({
  row,
  table: tableOf(row),
  at: FIRST_ROW + rows.slice(0, at).reduce((sum, before) => sum + tableOf(before).length, 0),
}))

/** The cells a row fills, as the grid shows them. */
function tableOf(row: GoldenRow): string[][] {
  if ('fails' in row) return [[errorValue(row.fails)]]
  if (Array.isArray(row.shows)) return row.shows.map((cells) => cells.map(String))
  // A rate is shown as a percentage, with as many decimals as it has.
  const isRate = row.fn === 'HSRATE' && typeof row.shows === 'number'
  return [[isRate ? `${Number((Number(row.shows) * 100).toFixed(6))}%` : String(row.shows)]]
}

async function paste({ page, goTo }: OpenPage, at: string, lines: readonly string[]): Promise<void> {
  await page.evaluate((text) => navigator.clipboard.writeText(text), lines.join('\n'))
  await goTo(at)
  await page.keyboard.press('Control+V')
}

/** What is shown from a cell on, in as many rows and columns as the table has. */
function shownAt({ page }: OpenPage, letter: string, at: number, table: readonly string[][]): Promise<string[][]> {
  const addresses = table.map((cells, down) =>
    cells.map((_, right) => `${String.fromCodePoint(letter.codePointAt(0)! + right)}${at + down}`),
  )
  return page.evaluate(
    (all) => all.map((cells) => cells.map((address) => window.tariffcell!.cellText(address))),
    addresses,
  )
}

test(
  'every cell shows what the sheet says, pasted or typed over a column, and the bar why one failed',
  slow,
  async () => {
    const playground = await openPlayground()
    await paste(playground, `${DESCRIPTIONS}${FIRST_ROW}`, column.goods)
    await playground.goTo(`${CODES}${FIRST_ROW}`)
    await playground.enter(`=HSCODE(${DESCRIPTIONS}${FIRST_ROW}:${DESCRIPTIONS}${FIRST_ROW + column.goods.length - 1})`)
    const spilled = column.rows.flatMap(tableOf)
    await expect
      .poll(() => shownAt(playground, CODES, FIRST_ROW, spilled), { timeout: PATIENCE_MS, interval: 200 })
      .toEqual(spilled)

    const pasted = placed.flatMap(({ row, table }) => [printFormula(row), ...table.slice(1).map(() => '')])
    await paste(playground, `${FORMULAS}${FIRST_ROW}`, pasted)
    const shown = () => Promise.all(placed.map(({ table, at }) => shownAt(playground, FORMULAS, at, table)))
    await expect
      .poll(async () => byFormula(rows, await shown()), { timeout: PATIENCE_MS, interval: 200 })
      .toEqual(byFormula(rows, rows.map(tableOf)))

    for (const { row, at } of placed) {
      if (!('fails' in row)) continue
      const address = `${FORMULAS}${at}`
      await playground.goTo(address)
      await expect
        .poll(playground.strip, { timeout: PATIENCE_MS, message: printFormula(row) })
        .toMatch(new RegExp(`^${address}: ${row.fails} .{20}`))
    }
    expect(playground.problems).toEqual([])
  },
)
