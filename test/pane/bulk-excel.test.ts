/// <reference lib="dom" />
/** Bad days of a bulk run, on a workbook in memory behind Microsoft's own script. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { PREVIEW_SHEETS } from '../../excel-addin/preview-sheets.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { officeScript, type ExcelGrid } from '../hosts/excel-grid.ts'
import { axeViolations, tooWide } from './axe.ts'
import { button, classify, figure, isDone, poorSeat, preview, recharge, untilPointsAreGone } from './bulk-journey.ts'
import { OFFICE_JS, startPaneHouse, type PaneHouse } from './pane-house.ts'

// A run that is paused looks every ten seconds.
vi.setConfig({ testTimeout: 90_000 })

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse({ upstreams: true })
})
afterAll(() => house.close())

const SHEET = 'Products'
const ROWS = 12
const DESCRIPTION = 1
// Right of the six columns that the sheet has: code, label, confidence, MFN, best preference, review.
const CODE = 6
const REVIEW = 11

const codesIn = (grid: ExcelGrid, rows = ROWS): CellValue[] =>
  Array.from({ length: rows }, (_, at) => grid.person.value(SHEET, at + 1, CODE))
const isCode = (value: CellValue): boolean => typeof value === 'string' && /^\d{4}\.\d\d/.test(value)
/** What a browser says of calls that were meant to fail. */
const unexpected = (problems: string[]): string[] =>
  problems.filter((problem) => !problem.startsWith('Failed to load resource'))

test('whole columns are cut to their rows, and codes come as text beside them; undo leaves no trace', async () => {
  const { page, problems, grid } = await house.openInExcel()
  grid.person.selectColumns(SHEET, 0, 6)
  await classify(page)
  await isDone(page)
  expect(await figure(page, 'Classified')).toBe(String(ROWS))
  expect(codesIn(grid).every(isCode)).toBe(true)
  expect(grid.person.format(SHEET, 1, CODE)).toBe('@')
  expect(grid.person.value(SHEET, 0, CODE)).toBe('HS code')
  await button(page, 'Undo').click()
  await page.getByText(/^Undone: \d+ cells/).waitFor()
  for (let row = 0; row <= ROWS; row++) {
    for (let column = CODE; column <= REVIEW; column++) {
      expect(grid.person.value(SHEET, row, column)).toBeNull()
      expect(grid.person.format(SHEET, row, column)).toBe('General')
    }
  }
  expect(problems).toEqual([])
})

test('what stands in the way is said before anything is asked', async () => {
  const workbook = [...PREVIEW_SHEETS, { name: 'Empty', rows: [] }]
  const { page, problems, grid } = await house.openInExcel({ workbook })
  const { person } = grid
  const says = (code: string): Promise<void> => page.getByText(code, { exact: false }).waitFor()
  const block = { sheet: SHEET, row: 1, column: 0, rows: 3, columns: 6 }

  person.selectAreas([block, { ...block, row: 6 }])
  await says('TC-171')
  person.merge(SHEET, 'A3:A4')
  person.select(block)
  await says('TC-173')
  person.merge(SHEET, null)
  person.protect(SHEET, true)
  person.select({ ...block, rows: 4 })
  await button(page, 'See what it costs').click()
  await says('TC-172')
  person.protect(SHEET, false)
  person.select({ sheet: 'Empty', row: 0, column: 0, rows: 1, columns: 1 })
  await says('TC-170')
  person.select(block)
  await button(page, 'See what it costs').waitFor()
  expect(problems).toEqual([])
})

test('a protected sheet is filled where its output cells may be edited', async () => {
  const { page, problems, grid } = await house.openInExcel()
  grid.person.unlock({ sheet: SHEET, row: 1, column: CODE, rows: ROWS, columns: REVIEW - CODE + 1 })
  grid.person.protect(SHEET, true)
  await classify(page)
  await isDone(page)
  expect(await figure(page, 'Classified')).toBe(String(ROWS))
  expect(codesIn(grid).every(isCode)).toBe(true)
  expect(grid.person.value(SHEET, 0, CODE)).toBeNull()
  expect(problems).toEqual([])
})

test('rows that a filter hides are worked on too, and that is said', async () => {
  const { page, problems, grid } = await house.openInExcel()
  grid.person.hide(SHEET, 3)
  grid.person.hide(SHEET, 4)
  grid.person.select({ sheet: SHEET, row: 2, column: 0, rows: 5, columns: 6 })
  await page.getByText('2 of the selected rows are hidden', { exact: false }).waitFor()
  await classify(page)
  await isDone(page)
  expect(codesIn(grid).map(isCode)).toEqual(Array.from({ length: ROWS }, (_, at) => at >= 1 && at < 6))
  expect(problems).toEqual([])
})

test('rows and columns inserted while it runs take their answers along, and a text changed meanwhile keeps its cells', async () => {
  const seat = await poorSeat(house)
  const { page, problems, grid } = await house.openInExcel({ token: seat.token })
  await untilPointsAreGone(page)
  const { person } = grid
  const before = codesIn(grid)
  const open = before.findLastIndex((code) => code === null) + 1
  person.type(SHEET, open, DESCRIPTION, 'something else')
  person.insertRows(SHEET, 2, 3)
  person.insertColumns(SHEET, 0, 1)
  await recharge(house, seat)
  await isDone(page)
  expect(await figure(page, 'Not written, the row had changed')).toBe('1')
  const rows = Array.from({ length: ROWS + 3 }, (_, at) => person.value(SHEET, at + 1, CODE + 1))
  const isEmpty = (at: number): boolean => (at >= 1 && at < 4) || at === open - 1 + 3
  expect(rows.map(isCode)).toEqual(rows.map((_, at) => !isEmpty(at)))
  expect(problems).toEqual([])
})

test('a cell being edited is waited for, and that is said', async () => {
  const { page, problems, grid } = await house.openInExcel()
  await preview(page)
  grid.person.edit(true)
  await button(page, /^Classify \d+ rows/).click()
  await page.getByText('A cell is being edited.', { exact: false }).waitFor()
  grid.person.edit(false)
  await isDone(page)
  expect(codesIn(grid).every(isCode)).toBe(true)
  expect(problems).toEqual([])
})

test('points gone in the middle: it says what is left, keeps what is written, and a recharge lets it finish', async () => {
  const seat = await poorSeat(house)
  const { page, problems, grid } = await house.openInExcel({ token: seat.token })
  await preview(page)
  await page.getByText('6 points are missing.', { exact: false }).waitFor()
  await button(page, /^Classify 12 rows/).click()
  await page.getByText('Points have run out.').waitFor()
  await page.getByText(/rows are left; they need about 6 points/).waitFor()
  await recharge(house, seat)
  await isDone(page)
  expect(await figure(page, 'Points spent')).toBe('11')
  expect(codesIn(grid).every(isCode)).toBe(true)
  expect(problems).toEqual([])
})

test('a token revoked in the middle: it says so, and a new connection lets it finish', async () => {
  const seat = await poorSeat(house)
  const { page, problems, grid } = await house.openInExcel({ token: seat.token })
  await untilPointsAreGone(page)
  await house.house.seats.revokeSeat(seat.workspaceId, seat.seatId)
  await page.getByText('This connection has ended.', { exact: false }).waitFor()
  const { code } = await house.house.seats.createConnectionCode({
    workspaceId: seat.workspaceId,
    role: 'seat',
    name: '',
  })
  await page.getByRole('textbox', { name: 'Connection code' }).fill(code)
  await recharge(house, seat)
  await button(page, 'Connect').click()
  await isDone(page)
  expect(await figure(page, 'Points spent')).toBe('11')
  expect(codesIn(grid).every(isCode)).toBe(true)
  expect(unexpected(problems)).toEqual([])
})

test('offline in the middle: it says so and goes on by itself', async () => {
  const seat = await poorSeat(house)
  const { page, problems, grid } = await house.openInExcel({ token: seat.token })
  await untilPointsAreGone(page)
  await page.context().setOffline(true)
  await page.getByText('The proxy is out of reach. This goes on', { exact: false }).waitFor()
  expect(await page.getByText('type the formula again').count()).toBe(0)
  await recharge(house, seat)
  await page.context().setOffline(false)
  await isDone(page)
  expect(await figure(page, 'Points spent')).toBe('11')
  expect(codesIn(grid).every(isCode)).toBe(true)
  expect(unexpected(problems)).toEqual([])
})

test('a pane closed in the middle offers to continue writing, and pays for nothing twice', async () => {
  const seat = await poorSeat(house)
  const { page, problems, grid } = await house.openInExcel({ token: seat.token })
  await untilPointsAreGone(page)
  await page.reload()
  await recharge(house, seat)
  await button(page, 'Continue writing').click()
  await isDone(page)
  expect(await figure(page, 'Points spent')).toBe('11')
  expect(codesIn(grid).every(isCode)).toBe(true)
  expect(problems).toEqual([])
})

test('the same workbook open in two windows is filled by one of them', async () => {
  const seat = await poorSeat(house)
  const { page, problems, grid } = await house.openInExcel({ token: seat.token })
  await untilPointsAreGone(page)
  const other = await page.context().newPage()
  await other.route(OFFICE_JS, (route) => route.fulfill({ contentType: 'text/javascript', body: officeScript() }))
  await grid.attach(other)
  await other.goto(page.url())
  await preview(other)
  await button(other, /^Classify \d+ rows/).click()
  await other.getByText('TC-178', { exact: false }).waitFor()
  expect(await house.house.jobs.list(seat.workspaceId, { before: null, limit: 10 })).toHaveLength(1)
  expect(problems).toEqual([])
})

test('a colleague on another machine is told of a run over the same sheet before beginning one', async () => {
  const seat = await poorSeat(house)
  const { page, problems, grid } = await house.openInExcel({ token: seat.token })
  await untilPointsAreGone(page)
  const colleague = await house.openInExcel({ token: seat.token, workbook: grid, width: 320 })
  await preview(colleague.page)
  await colleague.page.getByText(/^A run over 12 rows of this sheet, begun .+ is not over\./).waitFor()
  expect([...(await axeViolations(colleague.page)), ...(await tooWide(colleague.page))]).toEqual([])
  expect([...problems, ...colleague.problems]).toEqual([])
})

test('a run is undone after the pane was closed and opened again, but for what a person changed since', async () => {
  const { page, problems, grid } = await house.openInExcel({ width: 320 })
  await classify(page)
  await isDone(page)
  await page.reload()
  grid.person.type(SHEET, 2, CODE, 'mine')
  await page.getByText(/classified .+, can still be undone: \d+ cells\./).waitFor()
  expect([...(await axeViolations(page)), ...(await tooWide(page))]).toEqual([])
  await button(page, 'Undo').click()
  await page.getByText(/^Undone: \d+ cells are as they were\. 1 cell was changed since/).waitFor()
  expect(codesIn(grid)).toEqual(Array.from({ length: ROWS }, (_, at) => (at === 1 ? 'mine' : null)))
  expect(grid.person.value(SHEET, 0, CODE)).toBeNull()
  await page.reload()
  await button(page, 'See what it costs').waitFor()
  expect(await button(page, 'Undo').count()).toBe(0)
  expect(problems).toEqual([])
})
