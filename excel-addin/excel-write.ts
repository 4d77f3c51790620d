/// <reference types="office-js" />
/**
 * Writing into Excel. What stands there is read in one reply and written in the next, on ranges that Excel keeps hold of in between: rows
 * inserted meanwhile take them along. Office.js has no nearer step, so an input that somebody changes in the time of one reply (some
 * ten milliseconds) is written over with the answer to the old one.
 */
import { failure, FailureError } from '../shared/error-codes.ts'
import { NUMBER_FORMATS } from '../shared/pane/number-formats.ts'
import type { CellsAsTheyStand, Place, RowsToWrite, WriteReport } from '../shared/pane/spreadsheet-host.ts'
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
    const report: WriteReport = { written: [], changed: [] }
    const fillings: Filling[] = []
    for (const { run, guards, targets } of parts) {
      // null: rows between ours, and rows whose input is another one now.
      const lines = Array.from({ length: run.count }, () => null as Row | null)
      for (const row of run.rows) {
        const isHere = isSame(row, run, guards)
        ;(isHere ? report.written : report.changed).push(row.row)
        if (isHere) lines[row.row - run.first] = row
      }
      for (const { group, range } of targets) {
        const columns = group.at.map((at) => ({ at, format: block.columns[at]?.format ?? 'general' }))
        const cells = lines.map((row) =>
          columns.map(({ at, format }) => row && { value: row.values[at] ?? null, format: NUMBER_FORMATS[format] }),
        )
        fillings.push({ range, cells })
      }
    }
    const may = await assertMayFill(context, sheet, lock, fillings)
    context.application.suspendApiCalculationUntilNextSync()
    for (const { range, cells } of fillings) {
      const held = may.format ? null : range.numberFormat
      if (may.format) {
        fill(
          range,
          'numberFormat',
          cells.map((line) => line.map((cell) => cell && cell.format)),
          may,
        )
      }
      const entries = cells.map((line, down) =>
        line.map((cell, across) => {
          if (!cell) return null
          const isText = cell.format === NUMBER_FORMATS.text
          return isText
            ? textEntry(cell.value, may.format || held?.[down]?.[across] === NUMBER_FORMATS.text)
            : entryOf(cell.value, false)
        }),
      )
      fill(range, 'values', entries, may)
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
  await context.sync()
  return releasing(context, sheet, [range], async () => {
    let restored = 0
    const cells = formulas.map((line, down) =>
      line.map((formula, across) => {
        if (expected && (range.values[down]?.[across] ?? '') !== (expected[down]?.[across] ?? '')) return null
        restored++
        return { value: formula, format: formats[down]?.[across] ?? NUMBER_FORMATS.general }
      }),
    )
    if (restored > 0) {
      const may = await assertMayFill(context, sheet, lock, [{ range, cells }])
      const held = may.format ? null : range.numberFormat
      context.application.suspendApiCalculationUntilNextSync()
      const setFormats = (formatOf: (cell: CellToFill) => string): void => {
        if (!may.format) return
        const matrix = cells.map((line) => line.map((cell) => cell && formatOf(cell)))
        fill(range, 'numberFormat', matrix, may)
      }
      // A text such as 0101.21 in a cell of another format becomes a number when it is written there, and stays a text when the cell
      // gets its format back afterwards.
      setFormats((cell) => (isPlainText(cell) ? NUMBER_FORMATS.text : cell.format))
      const entries = cells.map((line, down) =>
        line.map((cell, across) => {
          if (!cell) return null
          if (!isPlainText(cell)) return cell.value ?? ''
          return textEntry(cell.value, may.format || held?.[down]?.[across] === NUMBER_FORMATS.text)
        }),
      )
      fill(range, 'formulas', entries, may)
      setFormats(({ format }) => format)
    }
    return { restored, changed: place.rows * place.columns - restored }
  })
}

/** Neither a formula, nor an error, nor a text with its apostrophe: those are written as they were typed. */
function isPlainText({ value, format }: CellToFill): boolean {
  return typeof value === 'string' && value !== '' && (format === NUMBER_FORMATS.text || !/^[=#']/.test(value))
}

/** A text as it must stay, also in a cell that would make a number of it and cannot be made one of text. */
function textEntry(value: CellValue, isTextCell: boolean): string | number | boolean {
  return isTextCell || typeof value !== 'string' || value === '' ? entryOf(value, isTextCell) : `'${value}`
}

interface CellToFill {
  value: CellValue
  format: string
}

interface Filling {
  range: Excel.Range
  /** null: stays as it is. */
  cells: (CellToFill | null)[][]
}

/**
 * Sets what is given and leaves the rest, which is null. On a protected sheet that rest may be locked, and Excel may refuse a range for
 * one locked cell in it: there it is set piece by piece.
 */
function fill(
  range: Excel.Range,
  property: 'values' | 'formulas' | 'numberFormat',
  matrix: (string | number | boolean | null)[][],
  { write }: MayFill,
): void {
  if (write === 'all' || matrix.every((line) => line.every((value) => value !== null))) {
    range[property] = matrix
    return
  }
  for (let across = 0; across < (matrix[0]?.length ?? 0); across++) {
    for (let from = 0; from < matrix.length;) {
      let to = from
      while (to < matrix.length && matrix[to]![across] !== null) to++
      if (to > from) {
        const piece = range.getCell(from, across).getResizedRange(to - from - 1, 0)
        piece[property] = matrix.slice(from, to).map((line) => [line[across]])
      }
      from = to + 1
    }
  }
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

interface MayFill {
  /** `unlocked`: the sheet is protected, and what is to be filled is not locked. */
  write: 'all' | 'unlocked'
  format: boolean
}

/**
 * On a protected sheet unlocked cells may be written, but mostly not formatted.
 * @returns what may be done; where formats may not be set, the ranges have `numberFormat` loaded.
 * @throws {FailureError} sheet-protected.
 */
async function assertMayFill(
  context: Excel.RequestContext,
  sheet: Excel.Worksheet,
  { protection }: Lock,
  fillings: Filling[],
): Promise<MayFill> {
  if (!protection.protected) return { write: 'all', format: true }
  for (const { range } of fillings) {
    range.load('numberFormat')
    range.format.protection.load('locked')
  }
  await context.sync()
  const areLocked = await readLocks(
    context,
    fillings.map(({ range }) => range),
  )
  const isOpen = fillings.every(({ cells }, at) =>
    cells.every((line, down) => line.every((cell, across) => !cell || !areLocked[at]!(down, across))),
  )
  if (!isOpen) throw new FailureError(failure('sheet-protected', { sheet: sheet.name }))
  return { write: 'unlocked', format: protection.options?.allowFormatCells === true }
}

/**
 * Asks beforehand what {@link writeRows} would find.
 * @param place one column. @param rows of it, to be filled.
 * @throws {FailureError} sheet-protected.
 */
export async function assertUnlocked(
  context: Excel.RequestContext,
  place: Place,
  rows: readonly number[],
): Promise<void> {
  const sheet = context.workbook.worksheets.getItem(place.sheet)
  const { protection } = loadLock(sheet)
  const range = rangeOf(context, place).track()
  range.format.protection.load('locked')
  await context.sync()
  await releasing(context, sheet, [range], async () => {
    if (!protection.protected) return
    const [isLockedAt] = await readLocks(context, [range])
    if (rows.some((row) => isLockedAt!(row - place.row, 0))) {
      throw new FailureError(failure('sheet-protected', { sheet: sheet.name }))
    }
  })
}

type LockedAt = (down: number, across: number) => boolean

/** @param ranges with `format.protection.locked` loaded: null where only some cells are, and then each is asked about. */
async function readLocks(context: Excel.RequestContext, ranges: readonly Excel.Range[]): Promise<LockedAt[]> {
  const asked = ranges.map((range) =>
    isLocked(range) === null ? range.getCellProperties({ format: { protection: true } }) : null,
  )
  if (asked.some((cells) => cells !== null)) await context.sync()
  return ranges.map((range, at) => {
    const cells = asked[at]?.value
    return cells
      ? (down, across) => cells[down]?.[across]?.format?.protection?.locked !== false
      : () => isLocked(range) === true
  })
}

/** @param range with `format.protection.locked` loaded. @returns null where only some of its cells are locked, whatever Excel's type says. */
export function isLocked(range: Excel.Range): boolean | null {
  return range.format.protection.locked
}
