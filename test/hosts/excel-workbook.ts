/**
 * The workbook behind the grid: cells, tables, protection, merges, and what moves when rows and columns come and go. It behaves as
 * Excel where that matters to whoever writes into it; it calculates nothing, so a formula shows #BUSY!.
 */
import { addressOf, columnOf, intersect } from '../../shared/pane/place.ts'
import type { CellValue } from '../../shared/tariff-code.ts'

export const ROWS_MAX = 1_048_576
export const COLUMNS_MAX = 16_384

export interface GridSheet {
  name: string
  rows: CellValue[][]
  table?: { name: string; row: number; column: number; rows: number; columns: number; hasTotals?: boolean }
}

/** Rows and columns from 0. */
export interface Box {
  row: number
  column: number
  rows: number
  columns: number
}

export interface GridCell {
  /** '' is an empty cell. */
  value: string | number | boolean
  /** As typed: a formula begins with =. */
  formula: string | number | boolean
  format: string
  isLocked: boolean
}

export interface GridTable extends Box {
  id: string
  name: string
  hasTotals: boolean
}

export interface Sheet {
  id: string
  name: string
  /** Sparse: what was never touched is empty. */
  cells: (GridCell | undefined)[][]
  tables: GridTable[]
  hidden: Set<number>
  merged: Box[]
  /** What formulas fill beside their own cells, which are the first. */
  spills: Box[]
  isProtected: boolean
  mayFormat: boolean
}

/** Part of a sheet that a pane keeps hold of: it moves with its cells. */
export interface Kept {
  sheet: Sheet
  /** null: its cells were deleted. */
  box: Box | null
}

export interface Workbook {
  sheets: Sheet[]
  active: Sheet
  /** What is selected on the active sheet; none where it is a picture or a chart. */
  areas: Box[]
  kept: Set<Kept>
  parts: { id: string; xml: string }[]
}

/** What Excel answers instead of a result. */
export class GridError extends Error {
  readonly code: string
  constructor(code: string, message: string = code) {
    super(message)
    this.code = code
  }
}

export function createWorkbook(given: readonly GridSheet[]): Workbook {
  const sheets = given.map(createSheet)
  const active = sheets[0]
  if (!active) throw new Error('a workbook has at least one sheet')
  return { sheets, active, areas: [usedBox(active) ?? boxOf(0, 0)], kept: new Set(), parts: [] }
}

function createSheet({ name, rows, table }: GridSheet, at: number): Sheet {
  const sheet: Sheet = {
    id: `{00000000-0001-0000-${String(at).padStart(4, '0')}-000000000000}`,
    name,
    cells: [],
    tables: table ? [{ hasTotals: false, ...table, id: `{${at + 1}}` }] : [],
    hidden: new Set(),
    merged: [],
    spills: [],
    isProtected: false,
    mayFormat: false,
  }
  rows.forEach((values, row) =>
    values.forEach((value, column) => {
      if (value === null || value === '') return
      // As a sheet comes from a broker: text stays text in an unformatted cell.
      putCell(sheet, row, column, { value, formula: value })
    }),
  )
  return sheet
}

/** By its id or by its name, as Excel finds it. */
export function findSheet(workbook: Workbook, key: string): Sheet | null {
  const name = key.toLowerCase()
  return workbook.sheets.find((sheet) => sheet.id === key || sheet.name.toLowerCase() === name) ?? null
}

const EMPTY: GridCell = { value: '', formula: '', format: 'General', isLocked: true }

export function cellAt(sheet: Sheet, row: number, column: number): GridCell {
  return sheet.cells[row]?.[column] ?? EMPTY
}

export function putCell(sheet: Sheet, row: number, column: number, change: Partial<GridCell>): void {
  const cells = (sheet.cells[row] ??= [])
  cells[column] = { ...(cells[column] ?? EMPTY), ...change }
}

export function boxOf(row: number, column: number, rows = 1, columns = 1): Box {
  return { row, column, rows, columns }
}

export function meet(one: Box, other: Box): Box | null {
  const met = intersect({ ...one, sheet: '' }, { ...other, sheet: '' })
  return met && boxOf(met.row, met.column, met.rows, met.columns)
}

/** As `Products!A2:C9`, whole columns as `Products!A:C`. */
export function printAddress(sheet: Sheet, box: Box): string {
  const address = addressOf(sheet.name, box)
  return box.rows === ROWS_MAX ? address.replaceAll(/\$?(?<=[A-Z])\d+/g, '') : address
}

/** Reads `A2:C9`, `B3`, `A:C` and `2:4`, with or without a sheet before it. */
export function parseAddress(address: string): Box {
  const [first, last = first] = address
    .slice(address.lastIndexOf('!') + 1)
    .replaceAll('$', '')
    .split(':')
  const from = parseCorner(first ?? '', 0, 0)
  const to = parseCorner(last ?? '', ROWS_MAX - 1, COLUMNS_MAX - 1)
  return boxOf(from.row, from.column, to.row - from.row + 1, to.column - from.column + 1)
}

function parseCorner(text: string, row: number, column: number): { row: number; column: number } {
  const match = /^([A-Za-z]*)(\d*)$/.exec(text)
  if (!match || text === '') throw new GridError('InvalidArgument', `no address: ${text}`)
  const [, letters = '', digits = ''] = match
  return {
    row: digits === '' ? row : Number(digits) - 1,
    column: letters === '' ? column : columnOf(letters.toUpperCase()),
  }
}

/** The smallest part that holds every value; null on an empty sheet. */
export function usedBox(sheet: Sheet): Box | null {
  let used: { top: number; bottom: number; left: number; right: number } | null = null
  sheet.cells.forEach((cells, row) =>
    cells.forEach((cell, column) => {
      if (!cell || cell.formula === '') return
      used = used
        ? { top: used.top, bottom: row, left: Math.min(used.left, column), right: Math.max(used.right, column) }
        : { top: row, bottom: row, left: column, right: column }
    }),
  )
  const found = used as { top: number; bottom: number; left: number; right: number } | null
  return found && boxOf(found.top, found.left, found.bottom - found.top + 1, found.right - found.left + 1)
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i
const THOUSANDS = /^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/
const MONTH_DAY = /^(\d{1,2})[/-](\d{1,2})$/

/** What becomes of an entry, typed by a person or set by a script. */
export function enter(sheet: Sheet, row: number, column: number, input: string | number | boolean): void {
  const { format } = cellAt(sheet, row, column)
  const merged = sheet.merged.find((box) => meet(box, boxOf(row, column)))
  // Behind the first cell of a merged area nothing can be stored.
  if (merged && (merged.row !== row || merged.column !== column)) return
  const filling = sheet.spills.find((box) => meet(box, boxOf(row, column)))
  if (filling) {
    // What a formula filled cannot be emptied by itself.
    if (input === '' && (filling.row !== row || filling.column !== column)) return
    endSpill(sheet, filling)
  }
  if (format === '@') {
    const text = String(input).replace(/^'/, '')
    return putCell(sheet, row, column, { value: text, formula: text })
  }
  if (typeof input !== 'string') return putCell(sheet, row, column, { value: input, formula: input })
  if (input.startsWith("'")) return putCell(sheet, row, column, { value: input.slice(1), formula: input.slice(1) })
  const text = input.trim()
  if (/^=./s.test(text)) return putCell(sheet, row, column, { value: '#BUSY!', formula: text })
  const number = asNumber(text)
  if (number !== null) return putCell(sheet, row, column, { value: number, formula: number })
  const monthDay = MONTH_DAY.exec(text)
  if (monthDay && Number(monthDay[1]) <= 12 && Number(monthDay[2]) <= 31) {
    const serial = Date.UTC(2026, Number(monthDay[1]) - 1, Number(monthDay[2])) / 86_400_000 + 25_569
    return putCell(sheet, row, column, { value: serial, formula: serial, format: 'd-mmm' })
  }
  if (/^(?:true|false)$/i.test(text)) {
    const value = text.toLowerCase() === 'true'
    return putCell(sheet, row, column, { value, formula: value })
  }
  // Excel takes these for the beginning of a formula too.
  if (/^[+\-@]./s.test(text)) return putCell(sheet, row, column, { value: '#BUSY!', formula: `=${text}` })
  putCell(sheet, row, column, { value: input, formula: input })
}

/** A formula fills cells beside its own; where something stands in its way, it fills none. */
export function spill(sheet: Sheet, row: number, column: number, values: CellValue[][]): void {
  const box = boxOf(row, column, values.length, values[0]!.length)
  let isFree = true
  eachCell(box, (at, across) => {
    if ((at !== row || across !== column) && cellAt(sheet, at, across).value !== '') isFree = false
  })
  if (!isFree) return putCell(sheet, row, column, { value: '#SPILL!' })
  const { formula } = cellAt(sheet, row, column)
  eachCell(box, (at, across) =>
    // Each cell that it fills is read with its formula.
    putCell(sheet, at, across, { value: values[at - row]![across - column] ?? '', formula }),
  )
  sheet.spills.push(box)
}

function endSpill(sheet: Sheet, box: Box): void {
  sheet.spills = sheet.spills.filter((other) => other !== box)
  const { formula } = cellAt(sheet, box.row, box.column)
  eachCell(box, (row, column) => putCell(sheet, row, column, { value: '', formula: '' }))
  putCell(sheet, box.row, box.column, { value: '#SPILL!', formula })
}

export function asNumber(text: string): number | null {
  if (NUMBER.test(text)) return Number(text)
  if (THOUSANDS.test(text)) return Number(text.replaceAll(',', ''))
  if (text.endsWith('%') && NUMBER.test(text.slice(0, -1))) return Number(text.slice(0, -1)) / 100
  return null
}

export function mergeCells(sheet: Sheet, box: Box): void {
  const first = cellAt(sheet, box.row, box.column)
  eachCell(box, (row, column) => putCell(sheet, row, column, { value: '', formula: '' }))
  putCell(sheet, box.row, box.column, { value: first.value, formula: first.formula })
  sheet.merged.push(box)
}

export function eachCell({ row, column, rows, columns }: Box, visit: (row: number, column: number) => void): void {
  for (let at = row; at < row + rows; at++) {
    for (let across = column; across < column + columns; across++) visit(at, across)
  }
}

export function insertRows(workbook: Workbook, sheet: Sheet, row: number, count: number): void {
  sheet.cells.length = Math.max(sheet.cells.length, row)
  sheet.cells.splice(row, 0, ...Array.from({ length: count }, () => []))
  sheet.hidden = new Set([...sheet.hidden].map((hidden) => (hidden >= row ? hidden + count : hidden)))
  move(workbook, sheet, (box) => {
    if (row <= box.row) return { ...box, row: box.row + count }
    return row < box.row + box.rows ? { ...box, rows: box.rows + count } : box
  })
}

export function deleteRows(workbook: Workbook, sheet: Sheet, row: number, count: number): void {
  sheet.cells.splice(row, count)
  sheet.hidden = new Set(
    [...sheet.hidden]
      .filter((hidden) => hidden < row || hidden >= row + count)
      .map((hidden) => (hidden >= row ? hidden - count : hidden)),
  )
  move(workbook, sheet, (box) => {
    const above = Math.max(0, Math.min(box.row, row + count) - row)
    const inside = Math.max(0, Math.min(box.row + box.rows, row + count) - Math.max(box.row, row))
    return inside < box.rows ? { ...box, row: box.row - above, rows: box.rows - inside } : null
  })
}

export function insertColumns(workbook: Workbook, sheet: Sheet, column: number, count: number): void {
  for (const cells of sheet.cells) {
    if (cells && cells.length > column) cells.splice(column, 0, ...Array.from({ length: count }, () => undefined))
  }
  move(workbook, sheet, (box) => {
    if (column <= box.column) return { ...box, column: box.column + count }
    return column < box.column + box.columns ? { ...box, columns: box.columns + count } : box
  })
}

export function removeSheet(workbook: Workbook, sheet: Sheet): void {
  workbook.sheets = workbook.sheets.filter((other) => other !== sheet)
  for (const kept of workbook.kept) if (kept.sheet === sheet) kept.box = null
  const left = workbook.sheets[0]
  if (workbook.active === sheet && left) Object.assign(workbook, { active: left, areas: [boxOf(0, 0)] })
}

function move(workbook: Workbook, sheet: Sheet, change: (box: Box) => Box | null): void {
  for (const kept of workbook.kept) {
    if (kept.sheet === sheet && kept.box) kept.box = change(kept.box)
  }
  sheet.tables = sheet.tables.flatMap((table) => {
    const box = change(table)
    return box ? [{ ...table, ...box }] : []
  })
  sheet.merged = sheet.merged.flatMap((box) => change(box) ?? [])
  sheet.spills = sheet.spills.flatMap((box) => change(box) ?? [])
  if (workbook.active === sheet) workbook.areas = workbook.areas.flatMap((box) => change(box) ?? [])
}
