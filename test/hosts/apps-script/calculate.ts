/**
 * What Sheets does with formulas that are one call of a custom function, such as `=HSCODE(A2:A500, "CA")`: one execution a cell, at
 * most 30 at once. Arguments are read before any of them runs, so a formula that reads another's result needs a second calculation.
 */
import {
  boxOf,
  cellAt,
  eachCell,
  meet,
  parseAddress,
  putCell,
  usedBox,
  type Box,
  type GridCell,
  type Sheet,
} from '../excel-workbook.ts'
import { noFormula, scriptValue, separatorOf, serialOf } from './cell-values.ts'
import {
  BLOCKED,
  covers,
  failCell,
  forgetError,
  grow,
  keep,
  sizeOf,
  withdraw,
  type Spreadsheet,
} from './spreadsheet-state.ts'

export interface FormulaCall {
  sheet: Sheet
  row: number
  column: number
  fn: string
  args: unknown[]
}

type Scalar = string | number | boolean

/** Every formula of the spreadsheet that is a call; what the others come to, these fakes do not know. */
export function formulaCalls(spreadsheet: Spreadsheet): FormulaCall[] {
  const found: FormulaCall[] = []
  for (const sheet of spreadsheet.workbook.sheets) {
    const used = usedBox(sheet)
    if (!used) continue
    eachCell(used, (row, column) => {
      const { formula } = cellAt(sheet, row, column)
      const call = typeof formula === 'string' ? parseCall(formula, separatorOf(spreadsheet.locale)) : null
      if (!call) return
      const args = call.args.map((arg) => argumentOf(spreadsheet, sheet, arg))
      found.push({ sheet, row, column, fn: call.fn, args })
    })
  }
  return found
}

const ARGUMENT =
  /\s*("(?:[^"]|"")*"|(?:'(?:[^']|'')+'!|\w+!)?\$?[A-Z]{1,3}\$?\d*(?::\$?[A-Z]{1,3}\$?\d*)?|TRUE|FALSE|-?\d+(?:[.,]\d+)?|)\s*([,;)])/y

/** @returns null when it is anything but one call with literals and ranges, its arguments set apart as the locale has it. */
export function parseCall(formula: string, separator: ',' | ';'): { fn: string; args: string[] } | null {
  const head = /^=\s*([A-Za-z_]\w*)\(/.exec(formula)
  if (!head) return null
  const args: string[] = []
  ARGUMENT.lastIndex = head[0].length
  for (;;) {
    const match = ARGUMENT.exec(formula)
    if (!match) return null
    const [whole, text = '', end] = match
    args.push(text)
    if (end === separator) continue
    if (end !== ')') return null
    const at = head[0].length
    const isEmpty = args.length === 1 && text === '' && ARGUMENT.lastIndex === at + whole.length
    if (formula.slice(ARGUMENT.lastIndex).trim() !== '') return null
    return { fn: head[1] ?? '', args: isEmpty ? [] : args }
  }
}

function argumentOf(spreadsheet: Spreadsheet, on: Sheet, text: string): unknown {
  if (text === '') return ''
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"')
  if (text === 'TRUE' || text === 'FALSE') return text === 'TRUE'
  if (/^-?\d/.test(text)) return Number(text.replace(',', '.'))
  const bang = text.lastIndexOf('!')
  const name = text
    .slice(0, Math.max(bang, 0))
    .replace(/^'(.*)'$/, '$1')
    .replaceAll("''", "'")
  const sheet = bang < 0 ? on : spreadsheet.workbook.sheets.find((other) => other.name === name)
  if (!sheet) return '#REF!'
  const { rows, columns } = sizeOf(spreadsheet, sheet)
  const box = meet(parseAddress(text), boxOf(0, 0, rows, columns))
  if (!box) return '#REF!'
  const values = Array.from({ length: box.rows }, (_, down) =>
    Array.from({ length: box.columns }, (_, across) => scriptValue(cellAt(sheet, box.row + down, box.column + across))),
  )
  return box.rows === 1 && box.columns === 1 ? values[0]?.[0] : values
}

/** Puts what a function returned where its formula stands, and over the cells beside and below it. */
export function showResult(spreadsheet: Spreadsheet, call: FormulaCall, result: unknown): void {
  const { sheet, row, column } = call
  const rows = tableOf(result)
  const area = boxOf(row, column, rows.length, Math.max(1, ...rows.map((cells) => cells.length)))
  withdrawOf(spreadsheet, call)
  if (isBlocked(sheet, area)) return failCell(spreadsheet, sheet, row, column, '#REF!', BLOCKED)
  forgetError(spreadsheet, sheet, row, column)
  const size = sizeOf(spreadsheet, sheet)
  grow(spreadsheet, sheet, Math.max(0, row + area.rows - size.rows), Math.max(0, column + area.columns - size.columns))
  eachCell(area, (at, across) => {
    const { value, format } = shown(rows[at - row]?.[across - column])
    const isAnchor = at === row && across === column
    putCell(sheet, at, across, {
      value,
      ...(isAnchor ? {} : { formula: noFormula(value) }),
      ...(format === undefined ? {} : { format }),
    })
  })
  if (area.rows * area.columns === 1) return
  const anchor = keep(spreadsheet, sheet, boxOf(row, column))
  spreadsheet.spills.push({ anchor, area: keep(spreadsheet, sheet, area) })
}

export function showError(spreadsheet: Spreadsheet, call: FormulaCall, value: string, message: string): void {
  withdrawOf(spreadsheet, call)
  failCell(spreadsheet, call.sheet, call.row, call.column, value, message)
}

/** Takes away what the formula filled the last time. */
function withdrawOf(spreadsheet: Spreadsheet, { sheet, row, column }: FormulaCall): void {
  const spill = spreadsheet.spills.find(({ anchor }) => covers(anchor, sheet, row, column))
  if (spill) withdraw(spreadsheet, spill)
}

/** A list is a column. */
function tableOf(result: unknown): unknown[][] {
  if (!Array.isArray(result)) return [[result]]
  const rows = result.map((row: unknown): unknown[] => (Array.isArray(row) ? row : [row]))
  return rows.length === 0 ? [[undefined]] : rows
}

function isBlocked(sheet: Sheet, area: Box): boolean {
  let blocked = false
  eachCell(area, (row, column) => {
    if (row === area.row && column === area.column) return
    const { value, formula } = cellAt(sheet, row, column)
    blocked ||= value !== '' || formula !== ''
  })
  return blocked
}

/** Texts stay texts: what a function returns is not read as if typed. */
function shown(value: unknown): { value: GridCell['value']; format?: string } {
  if (value instanceof Date) return { value: serialOf(value), format: 'yyyy-mm-dd' }
  if (value === null || value === undefined) return { value: '' }
  return { value: typeof value === 'object' ? JSON.stringify(value) : (value as Scalar) }
}
