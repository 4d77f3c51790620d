/// <reference types="office-js" />
/**
 * Writing into Excel. What stands there is read in one reply and written in the next, on ranges that Excel keeps hold of in between: rows
 * inserted meanwhile take them along. Office.js has no nearer step, so an input that somebody changes in the time of one reply (some
 * ten milliseconds) is written over with the answer to the old one.
 */
import { failure, FailureError } from '../shared/error-codes.ts'
import { NUMBER_FORMATS } from '../shared/pane/number-formats.ts'
import type { CellsAsTheyStand, RowsToWrite, WriteReport } from '../shared/pane/spreadsheet-host.ts'
import type { CellValue } from '../shared/tariff-code.ts'
import { entryOf } from './excel-entry.ts'
import { excelCode } from './excel-failure.ts'
import { groupsOf, rangeOf, runsOf, type ColumnGroup, type Run } from './excel-ranges.ts'

type Row = RowsToWrite['rows'][number]

/** One block of cells to fill, and the inputs of its rows. */
interface Part {
  run: Run<Row>
  guards: { group: ColumnGroup; range: Excel.Range }[]
  targets: Target[]
}

interface Target {
  group: ColumnGroup
  range: Excel.Range
  /** Rows to be written into it. */
  rows: readonly number[]
  merged: Excel.RangeAreas | null
}

/** @param rows of the block, few enough for one sync. */
export async function writeRows(
  context: Excel.RequestContext,
  block: RowsToWrite,
  rows: readonly Row[],
): Promise<WriteReport> {
  const sheet = context.workbook.worksheets.getItem(block.sheet)
  const lock = loadLock(sheet)
  const guardGroups = groupsOf(block.guardColumns)
  const targetGroups = groupsOf(block.columns.map(({ column }) => column))
  const parts = runsOf(rows).map((run): Part => {
    const rangeAt = ({ first, count }: ColumnGroup): Excel.Range =>
      sheet.getRangeByIndexes(run.first, first, run.count, count)
    return {
      run,
      guards: guardGroups.map((group) => ({ group, range: rangeAt(group).load('values') })),
      targets: targetGroups.map((group) => {
        const range = rangeAt(group).track()
        return { group, range, rows: run.rows.map(({ row }) => row), merged: loadMerges(range) }
      }),
    }
  })
  const targets = parts.flatMap((part) => part.targets)
  await context.sync()
  return releasing(context, sheet, rangesOf(targets), async () => {
    refuseMerged(targets)
    const mayFormat = await assertMayWrite(context, sheet, lock, targets, block)

    const report: WriteReport = { written: [], changed: [] }
    context.application.suspendApiCalculationUntilNextSync()
    for (const { run, guards, targets } of parts) {
      const same = new Set(run.rows.filter((row) => isSame(row, run, guards)))
      for (const row of run.rows) (same.has(row) ? report.written : report.changed).push(row.row)
      if (same.size === 0) continue
      for (const { group, range } of targets) {
        const columns = group.at.map((at) => ({ at, format: block.columns[at]?.format ?? 'general' }))
        const lines = Array.from({ length: run.count }, () => null as Row | null)
        for (const row of same) lines[row.row - run.first] = row
        // null leaves a cell as it is: rows between ours, and rows whose input is another one now.
        if (mayFormat) {
          range.numberFormat = lines.map((row) => columns.map(({ format }) => (row ? NUMBER_FORMATS[format] : null)))
        }
        range.values = lines.map((row) =>
          columns.map(({ at, format }) => (row ? entryOf(row.values[at] ?? null, format === 'text') : null)),
        )
      }
    }
    return report
  })
}

function isSame(row: Row, run: Run<Row>, guards: Part['guards']): boolean {
  return guards.every(({ group, range }) =>
    group.at.every((at, across) => (range.values[row.row - run.first]?.[across] ?? '') === (row.guard[at] ?? '')),
  )
}

/** Puts back a few rows of what stood there. @param expected as many rows of what the cells must show now; null: any. */
export async function restoreRows(
  context: Excel.RequestContext,
  { place, formulas, formats }: CellsAsTheyStand,
  expected: CellValue[][] | null,
): Promise<{ restored: number; changed: number }> {
  const sheet = context.workbook.worksheets.getItem(place.sheet)
  const lock = loadLock(sheet)
  const range = rangeOf(context, place).track().load('values')
  const target: Target = { group: { first: place.column, count: place.columns, at: [] }, range, rows: [], merged: null }
  await context.sync()
  return releasing(context, sheet, [range], async () => {
    const mayFormat = await assertMayWrite(context, sheet, lock, [target], null)
    let restored = 0
    const cells = formulas.map((line, down) =>
      line.map((formula, across) => {
        if (expected && (range.values[down]?.[across] ?? '') !== (expected[down]?.[across] ?? '')) return null
        restored++
        return { formula, format: formats[down]?.[across] ?? NUMBER_FORMATS.general }
      }),
    )
    if (restored > 0) {
      context.application.suspendApiCalculationUntilNextSync()
      // A text such as 0101.21 in a cell of another format becomes a number when it is written there, and stays a text when the cell
      // gets its format back afterwards.
      if (mayFormat)
        range.numberFormat = cells.map((line) =>
          line.map((cell) => cell && (isPlainText(cell) ? NUMBER_FORMATS.text : cell.format)),
        )
      range.formulas = cells.map((line) =>
        line.map((cell) => {
          if (!cell) return null
          if (!isPlainText(cell)) return cell.formula ?? ''
          return entryOf(cell.formula, mayFormat || cell.format === NUMBER_FORMATS.text)
        }),
      )
      if (mayFormat) range.numberFormat = cells.map((line) => line.map((cell) => cell && cell.format))
    }
    return { restored, changed: place.rows * place.columns - restored }
  })
}

/** Neither a formula, nor an error, nor a text with its apostrophe: those are written as they were typed. */
function isPlainText({ formula, format }: { formula: CellValue; format: string }): boolean {
  return typeof formula === 'string' && formula !== '' && (format === NUMBER_FORMATS.text || !/^[=#']/.test(formula))
}

/** Does the last sync, and lets go of the ranges in it, whatever happens. @param sheet with its name loaded. */
export async function releasing<Result>(
  context: Excel.RequestContext,
  sheet: Excel.Worksheet,
  ranges: readonly Excel.Range[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    const result = await work()
    for (const range of ranges) range.untrack()
    await context.sync()
    return result
  } catch (error) {
    for (const range of ranges) range.untrack()
    // What went wrong is told by the first error; a range that Excel kept costs it memory until the pane closes.
    await context.sync().catch(() => undefined)
    // Protected between the two replies.
    if (excelCode(error) !== 'AccessDenied') throw error
    throw new FailureError(failure('sheet-protected', { sheet: sheet.name }), { cause: error })
  }
}

function rangesOf(targets: Target[]): Excel.Range[] {
  return targets.map(({ range }) => range)
}

function loadMerges(range: Excel.Range): Excel.RangeAreas | null {
  if (!Office.context.requirements.isSetSupported('ExcelApi', '1.13')) return null
  const merged = range.getMergedAreasOrNullObject()
  merged.areas.load('items/address,items/rowIndex,items/rowCount')
  return merged
}

/** Excel would take the values, and show the first one only. Merged titles between the rows are not in the way. */
function refuseMerged(targets: Target[]): void {
  for (const { rows, merged } of targets) {
    if (!merged || merged.isNullObject) continue
    const inTheWay = merged.areas.items.find(({ rowIndex, rowCount }) =>
      rows.some((row) => row >= rowIndex && row < rowIndex + rowCount),
    )
    if (inTheWay) throw new FailureError(failure('merged-cells', { address: inTheWay.address }))
  }
}

interface Lock {
  protection: Excel.WorksheetProtection
}

function loadLock(sheet: Excel.Worksheet): Lock {
  sheet.load('name')
  sheet.protection.load('protected,options')
  return { protection: sheet.protection }
}

/**
 * On a protected sheet unlocked cells may be written, but mostly not formatted. A column of text needs its format then: without it a
 * code would lose its zeros.
 * @returns whether formats may be set.
 * @throws {FailureError} sheet-protected.
 */
async function assertMayWrite(
  context: Excel.RequestContext,
  sheet: Excel.Worksheet,
  { protection }: Lock,
  targets: Target[],
  block: RowsToWrite | null,
): Promise<boolean> {
  if (!protection.protected) return true
  for (const { range } of targets) {
    range.load('numberFormat')
    range.format.protection.load('locked')
  }
  await context.sync()
  const mayFormat = protection.options?.allowFormatCells === true
  const isOpen = targets.every(({ range, group }) => {
    if (isLocked(range)) return false
    if (mayFormat || !block) return true
    return group.at.every(
      (at, across) =>
        block.columns[at]?.format !== 'text' ||
        range.numberFormat.every((line) => line[across] === NUMBER_FORMATS.text),
    )
  })
  if (!isOpen) throw new FailureError(failure('sheet-protected', { sheet: sheet.name }))
  return mayFormat
}

/** @param range with `format.protection.locked` loaded: null where only some of its cells are locked, whatever its type says. */
export function isLocked(range: Excel.Range): boolean {
  const locked: boolean | null = range.format.protection.locked
  return locked ?? true
}
