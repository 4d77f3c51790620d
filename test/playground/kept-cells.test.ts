/// <reference lib="dom" />
import type { ICellData, IWorksheetData } from '@univerjs/presets'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { LANGUAGES } from '../../shared/language.ts'
import { sampleWorkbook } from '../../proxy/playground/sample-workbook.ts'
import { pretendCode, TOO_VAGUE } from '../hosts/playground-server.ts'
import { startPlayground, type OpenPage, type Playground } from './open-playground.ts'

let playground: Playground

beforeAll(async () => {
  playground = await startPlayground()
}, 120_000)
afterEach(() => playground.reset())
afterAll(() => playground.close())

const slow = { timeout: 120_000 }
const KEY = 'playground.tariffcell.workbook'

async function reload({ page }: OpenPage): Promise<void> {
  await page.reload()
  await page.waitForFunction(() => window.tariffcell !== undefined)
  await page.locator('#strip').waitFor()
}

test('what was typed is there after a reload at once, its formulas answered anew', slow, async () => {
  const opened = await playground.open(playground.server.link())
  const { page, problems, expectCell, goTo, enter, strip } = opened
  await expectCell('G13', '16.5%')
  expect(await page.locator('#start-over').isVisible()).toBe(false)
  await goTo('A2')
  await enter('garden hose')
  await goTo('A20')
  await enter('spare parts')
  await goTo('J2')
  await enter('=HSCODE(A2:A3)')
  await expectCell('J2', pretendCode('garden hose'))
  await goTo('L2')
  await enter('=HSCODE(A20)')
  await reload(opened)
  await expectCell('A2', 'garden hose')
  await expectCell('B2', pretendCode('garden hose'))
  await expectCell('J2', pretendCode('garden hose'))
  await expectCell('J3', pretendCode('stainless steel water bottle 500 ml'))
  await expectCell('E3', /^18%$/)
  await expectCell('L2', '#N/A')
  await goTo('L2')
  await expect.poll(strip).toBe(`L2: ${TOO_VAGUE.en}`)
  expect(await page.locator('#start-over').isVisible()).toBe(true)
  expect(problems).toEqual([])
})

test('a page nobody changed keeps nothing', slow, async () => {
  const opened = await playground.open(playground.server.link())
  await opened.expectCell('G13', '16.5%')
  await opened.page.locator('#language').selectOption('zh')
  await opened.expectCell('B1', 'HS 编码')
  await reload(opened)
  await opened.expectCell('B1', 'HS 编码')
  await opened.expectCell('G13', '16.5%')
  expect(await opened.page.evaluate((key) => localStorage.getItem(key), KEY)).toBeNull()
})

test.each([
  ['damaged', '{"version":1,"workbook":{"id":'],
  ['outdated', JSON.stringify({ version: 0, workbook: sampleWorkbook('en') })],
])('%s cells bring the sample back, and the bar says so until something is kept again', slow, async (_, text) => {
  const opened = await playground.open(playground.server.link())
  const { page, expectCell, goTo, enter } = opened
  await expectCell('B2', '6109100012')
  await page.evaluate(([key, value]) => localStorage.setItem(key!, value!), [KEY, text])
  await reload(opened)
  await expectCell('B2', '6109100012')
  await page.getByText('could not be read').waitFor()
  await goTo('J2')
  await enter('7')
  await page.getByText('could not be read').waitFor({ state: 'detached' })
  await reload(opened)
  await expectCell('J2', /^7$/)
})

test('a sheet that a person cut down to one cell opens again', slow, async () => {
  const opened = await playground.open(playground.server.link())
  await opened.expectCell('B2', '6109100012')
  const sheet = { id: 'a', name: 'A', rowCount: 1, columnCount: 1, cellData: { 0: { 0: { v: 'alone' } } } }
  const value = JSON.stringify({ version: 1, workbook: { id: 'w', sheetOrder: ['a'], sheets: { a: sheet } } })
  await opened.page.evaluate(([key, text]) => localStorage.setItem(key!, text!), [KEY, value])
  await reload(opened)
  await opened.expectCell('A1', 'alone')
  await opened.page.locator('#state[data-kind=connected]').waitFor()
  expect(opened.problems).toEqual([])
})

test('starting again asks first, and then brings the sample back for good', slow, async () => {
  const opened = await playground.open(playground.server.link())
  const { page, problems, expectCell, goTo, enter } = opened
  await expectCell('G13', '16.5%')
  await goTo('A2')
  await enter('garden hose')
  await goTo('J2')
  await enter('=HSCODE(A2)')
  await expectCell('J2', pretendCode('garden hose'))
  await page.locator('#start-over').click()
  await page.keyboard.press('Enter')
  await page.locator('#start-over-ask').waitFor({ state: 'hidden' })
  await expectCell('A2', 'garden hose')
  await page.locator('#start-over').click()
  await page.locator('#start-over-form [type=submit]').click()
  await expectCell('A2', "men's cotton t-shirt, knitted")
  await expectCell('B2', '6109100012')
  await expectCell('G13', '16.5%')
  await expectCell('J2', /^$/)
  expect(await page.locator('#start-over').isVisible()).toBe(false)
  await goTo('J3')
  await enter('=HSCODE(A5)')
  await expectCell('J3', '0304410000')
  await page.locator('#start-over').click()
  await page.locator('#start-over-form [type=submit]').click()
  await expectCell('J3', /^$/)
  await reload(opened)
  await expectCell('B2', '6109100012')
  await expectCell('J3', /^$/)
  expect(problems).toEqual([])
})

test('a language switch relabels the sample at once, and leaves alone what a person wrote', slow, async () => {
  const { page, expectCell, goTo, enter } = await playground.open(playground.server.link())
  await expectCell('G13', '16.5%')
  await goTo('B1')
  await enter('My codes')
  await page.locator('#language').selectOption('fr')
  await expectCell('C1', 'Certitude')
  await expectCell('B1', 'My codes')
  await expectCell('Try it!B1', 'À quoi elle sert')
  await expectCell('Try it!B2', /^Le code SH/)
  await page.locator('#language').selectOption('zh')
  await expectCell('C1', '把握')
  await expectCell('B1', 'My codes')
})

test('every label of the sample fits its column in every language', slow, async () => {
  const { page } = await playground.open(playground.server.link())
  const labels = LANGUAGES.flatMap((language) => Object.values(sampleWorkbook(language).sheets!).flatMap(labelsOf))
  expect(labels.length).toBeGreaterThan(110)
  const cut = await page.evaluate((all) => {
    const pen = document.createElement('canvas').getContext('2d')!
    return all.filter(({ text, isBold, room }) => {
      // The grid's own font and size.
      pen.font = `${isBold ? 'bold ' : ''}11pt Arial`
      return pen.measureText(text).width > room
    })
  }, labels)
  expect(cut).toEqual([])
})

/** `room` is in pixels, without the 7 that the sample leaves on each side; a second line ends somewhat early. */
function labelsOf({ cellData, columnData, rowData, mergeData }: Partial<IWorksheetData>) {
  const widthOf = (row: number, column: number): number => {
    const merged = mergeData?.find(({ startRow, startColumn }) => startRow === row && startColumn === column)
    const columns = Array.from({ length: (merged?.endColumn ?? column) - column + 1 }, (_, at) => column + at)
    return columns.reduce((sum, at) => sum + columnData![at]!.w!, 0)
  }
  const labels: { text: string; isBold: boolean; room: number }[] = []
  for (const [row, line] of Object.entries(cellData!)) {
    for (const [column, cell] of Object.entries(line as Record<string, ICellData>)) {
      if (cell.custom?.label === undefined) continue
      const width = widthOf(Number(row), Number(column)) - 14
      const room = rowData?.[Number(row)] ? width * 1.85 : width
      labels.push({ text: String(cell.v), isBold: cell.s === 'header', room })
    }
  }
  return labels
}

test('a rate typed by hand reads as a percentage, a code in the same cell stays a text', slow, async () => {
  const { expectCell, goTo, enter } = await playground.open(playground.server.link())
  await expectCell('G13', '16.5%')
  await goTo('E15')
  await enter('=HSRATE(B2,"CA")')
  await expectCell('E15', /^18%$/)
  await goTo('E15')
  await enter('=HSRATE("6109100012","US")')
  await expectCell('E15', /^16\.5%$/)
  await goTo('E15')
  await enter('=HSCODE(A5)')
  await expectCell('E15', /^0304410000$/)
})

test('a failed cell under the pointer shows our sentence, the selected one has no box beside it', slow, async () => {
  const { page, expectCell, goTo, strip } = await playground.open(playground.server.link())
  await expectCell('G13', '16.5%')
  const b6 = { x: 370, y: 272 }
  await page.mouse.move(b6.x, b6.y - 60)
  await page.mouse.move(b6.x, b6.y)
  const box = page.locator('[data-u-comp=rect-popup]', { hasText: 'TC-201' })
  await box.waitFor()
  expect(await page.getByText('Error in value').count()).toBe(0)
  await page.mouse.click(b6.x, b6.y)
  await expect.poll(strip).toBe(`B6: ${TOO_VAGUE.en}`)
  await box.waitFor({ state: 'detached' })
  await page.mouse.move(b6.x + 5, b6.y + 2)
  await page.waitForTimeout(500)
  expect(await page.locator('[data-u-comp=rect-popup]').count()).toBe(0)
  await goTo('J2')
})
