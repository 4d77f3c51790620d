/** A spreadsheet as Google keeps it, and what a person at the keyboard does with it. Rows and columns count from 0 here. */
import type { Place } from '../../../shared/pane/spreadsheet-host.ts'
import type { CellValue } from '../../../shared/tariff-code.ts'
import {
  boxOf,
  cellAt,
  createWorkbook,
  deleteRows,
  eachCell,
  findSheet,
  insertColumns,
  insertRows,
  meet,
  mergeCells,
  parseAddress,
  putCell,
  removeSheet,
  usedBox,
  type Box,
  type GridSheet,
  type Kept,
  type Sheet,
  type Workbook,
} from '../excel-workbook.ts'
import { enter, type Input } from './cell-values.ts'
import { createScreen, type Screen } from './html-service.ts'
import { afterMove, asCopied, type Move } from './move-references.ts'
import { ScriptException } from './service.ts'

export interface Protection {
  kept: Kept
  isWholeSheet: boolean
  /** Besides the owner, who may always edit. */
  editors: string[]
  /** Warns a person, and stops no script. */
  isWarningOnly: boolean
  /** Parts of a protected sheet that everybody may edit. */
  unprotected: Kept[]
}

export interface Metadata {
  id: number
  key: string
  value: string | null
  kind: 'SPREADSHEET' | 'SHEET' | 'ROW' | 'COLUMN'
  /** null: of the spreadsheet as a whole. */
  kept: Kept | null
}

/** All that `copy()` copies. */
interface Contents {
  workbook: Workbook
  /** Rows and columns a sheet has, filled or not. */
  sizes: Map<Sheet, { rows: number; columns: number }>
  namedRanges: Map<string, Kept>
  protections: Protection[]
  metadata: Metadata[]
  /** A row each, hidden by a filter rather than by hand. */
  filtered: Kept[]
  /** Sheets that are a chart, and have no cells. */
  charts: Set<Sheet>
  /** Results of a formula beyond its own cell. */
  spills: { anchor: Kept; area: Kept }[]
  /** What stands in the note of a cell that shows an error. */
  errors: { kept: Kept; message: string }[]
}

export interface Spreadsheet extends Contents {
  readonly id: string
  readonly name: string
  readonly owner: string
  /** Such as en_US. */
  readonly locale: string
  readonly screen: Screen
  readonly person: SheetsPerson
}

export interface SheetsPerson {
  select(place: Place): void
  selectAreas(places: Place[]): void
  type(sheet: string, row: number, column: number, value: CellValue): void
  /** null: empty. A date is its serial number. */
  value(sheet: string, row: number, column: number): CellValue
  formula(sheet: string, row: number, column: number): CellValue
  format(sheet: string, row: number, column: number): string
  /** What the note of a cell with an error says, or null. */
  error(sheet: string, row: number, column: number): string | null
  setFormat(place: Place, format: string): void
  insertRows(sheet: string, row: number, count: number): void
  deleteRows(sheet: string, row: number, count: number): void
  insertColumns(sheet: string, column: number, count: number): void
  /** By one of its columns, smallest first. */
  sort(place: Place, column: number): void
  /** By hand. */
  hide(sheet: string, row: number): void
  filterOut(sheet: string, row: number): void
  /** Makes the sheet one that holds nothing but a chart, and looks at it. */
  makeChart(sheet: string): void
  /** Puts the sheet's one filter over these cells. A table that the sheet was made with is one too. */
  setFilter(place: Place): void
  protect(
    sheet: string,
    isProtected: boolean,
    options?: { editors?: string[]; isWarningOnly?: boolean; except?: Place[] },
  ): void
  protectRange(place: Place, options?: { editors?: string[]; isWarningOnly?: boolean }): void
  merge(sheet: string, address: string): void
  rename(sheet: string, name: string): void
  deleteSheet(sheet: string): void
  selection(): { sheet: string; areas: Box[] }
}

const ROWS = 1000
const COLUMNS = 26
const CELLS_MAX = 10_000_000

export interface SpreadsheetOptions {
  owner: string
  locale?: string
  name?: string
  sheets?: readonly GridSheet[]
}

export function createSpreadsheet(id: string, options: SpreadsheetOptions): Spreadsheet {
  const workbook = createWorkbook(options.sheets ?? [{ name: 'Sheet1', rows: [] }])
  const sizes: Contents['sizes'] = new Map()
  for (const [at, sheet] of workbook.sheets.entries()) {
    sheet.id = String(at === 0 ? 0 : 1000 + at)
    const used = usedBox(sheet) ?? boxOf(0, 0)
    sizes.set(sheet, {
      rows: Math.max(ROWS, used.row + used.rows),
      columns: Math.max(COLUMNS, used.column + used.columns),
    })
  }
  const contents = {
    namedRanges: new Map(),
    protections: [],
    metadata: [],
    filtered: [],
    charts: new Set<Sheet>(),
    spills: [],
    errors: [],
  }
  return withPerson(id, options, { workbook, sizes, ...contents })
}

export function copySpreadsheet(id: string, { workbook, sizes, namedRanges, ...from }: Spreadsheet): Spreadsheet {
  const { protections, metadata, filtered, charts, spills, errors } = from
  const contents = { workbook, sizes, namedRanges, protections, metadata, filtered, charts, spills, errors }
  return withPerson(
    id,
    { owner: from.owner, locale: from.locale, name: `Copy of ${from.name}` },
    structuredClone(contents),
  )
}

function withPerson(
  id: string,
  { owner, locale = 'en_US', name = 'Untitled spreadsheet' }: SpreadsheetOptions,
  contents: Contents,
): Spreadsheet {
  const state: Omit<Spreadsheet, 'person'> = { id, owner, locale, name, screen: createScreen(), ...contents }
  return Object.assign(state, { person: createPerson(state) })
}

export function keep({ workbook }: Contents, sheet: Sheet, box: Box): Kept {
  const kept: Kept = { sheet, box }
  workbook.kept.add(kept)
  return kept
}

export function sizeOf({ sizes }: Contents, sheet: Sheet): { rows: number; columns: number } {
  const size = sizes.get(sheet)
  if (!size) throw new Error(`a sheet without a size: ${sheet.name}`)
  return size
}

export function addRows(state: Contents, sheet: Sheet, row: number, count: number): void {
  grow(state, sheet, count, 0)
  insertRows(state.workbook, sheet, row, count)
  moveReferences(state, sheet, { axis: 'row', at: row, count })
}

export function addColumns(state: Contents, sheet: Sheet, column: number, count: number): void {
  grow(state, sheet, 0, count)
  insertColumns(state.workbook, sheet, column, count)
  moveReferences(state, sheet, { axis: 'column', at: column, count })
}

export function takeRows(state: Contents, sheet: Sheet, row: number, count: number): void {
  sizeOf(state, sheet).rows -= count
  deleteRows(state.workbook, sheet, row, count)
  moveReferences(state, sheet, { axis: 'row', at: row, count: -count })
}

function moveReferences({ workbook }: Contents, changed: Sheet, move: Move): void {
  for (const sheet of workbook.sheets) {
    const used = usedBox(sheet)
    if (!used) continue
    eachCell(used, (row, column) => {
      const { formula } = cellAt(sheet, row, column)
      if (typeof formula !== 'string' || !formula.startsWith('=')) return
      putCell(sheet, row, column, { formula: afterMove(formula, sheet.name, changed.name, move) })
    })
  }
}

/** By what stands in a column, smallest first. Names and formats stay where they are; a formula goes with its row. */
function sortRows(sheet: Sheet, box: Box, by: number): void {
  const rows = Array.from({ length: box.rows }, (_, down) => ({
    from: box.row + down,
    cells: Array.from({ length: box.columns }, (_, across) => cellAt(sheet, box.row + down, box.column + across)),
  }))
  const keyOf = ({ cells }: (typeof rows)[number]): string => String(cells[by - box.column]?.value ?? '')
  rows.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : Number(keyOf(one) > keyOf(other))))
  for (const [down, { from, cells }] of rows.entries()) {
    const row = box.row + down
    for (const [across, { value, formula }] of cells.entries()) {
      const moved = typeof formula === 'string' && formula.startsWith('=') ? asCopied(formula, row - from) : formula
      putCell(sheet, row, box.column + across, { value, formula: moved })
    }
  }
}

export function takeSheet({ workbook, sizes }: Contents, sheet: Sheet): void {
  removeSheet(workbook, sheet)
  sizes.delete(sheet)
}

/** @throws when the spreadsheet would have more cells than Google allows. */
export function grow(state: Contents, sheet: Sheet, rows: number, columns: number): void {
  const size = sizeOf(state, sheet)
  const others = [...state.sizes].reduce((sum, [of, one]) => (of === sheet ? sum : sum + one.rows * one.columns), 0)
  if (others + (size.rows + rows) * (size.columns + columns) > CELLS_MAX) {
    throw new ScriptException(
      `This action would increase the number of cells in the workbook above the limit of ${CELLS_MAX} cells.`,
    )
  }
  size.rows += rows
  size.columns += columns
}

/** Puts values into cells. A result of a formula that reached over one of them is withdrawn, as when something stands in its way. */
export function enterAll(
  state: Spreadsheet,
  sheet: Sheet,
  box: Box,
  input: (row: number, column: number) => Input,
): void {
  for (const spill of state.spills.filter(({ area }) => area.sheet === sheet && area.box && meet(area.box, box))) {
    const { box: anchor } = spill.anchor
    withdraw(state, spill)
    if (anchor && meet(anchor, box) === null) failCell(state, sheet, anchor.row, anchor.column, '#REF!', BLOCKED)
  }
  eachCell(box, (row, column) => {
    forgetError(state, sheet, row, column)
    enter(sheet, row, column, input(row - box.row, column - box.column), state.locale)
  })
}

export const BLOCKED = 'Array result was not expanded because it would overwrite data'

/** @param message stands in the cell's note. */
export function failCell(
  state: Spreadsheet,
  sheet: Sheet,
  row: number,
  column: number,
  value: string,
  message: string,
): void {
  forgetError(state, sheet, row, column)
  putCell(sheet, row, column, { value })
  state.errors.push({ kept: keep(state, sheet, boxOf(row, column)), message })
}

export function forgetError(state: Spreadsheet, sheet: Sheet, row: number, column: number): void {
  for (const error of state.errors.filter(({ kept }) => covers(kept, sheet, row, column))) {
    state.errors.splice(state.errors.indexOf(error), 1)
    state.workbook.kept.delete(error.kept)
  }
}

/** Empties what a formula filled besides its own cell. */
export function withdraw(state: Spreadsheet, spill: Spreadsheet['spills'][number]): void {
  state.spills = state.spills.filter((other) => other !== spill)
  const { anchor, area } = spill
  state.workbook.kept.delete(anchor)
  state.workbook.kept.delete(area)
  if (!area.box) return
  eachCell(area.box, (row, column) => {
    if (!covers(anchor, area.sheet, row, column)) putCell(area.sheet, row, column, { value: '', formula: '' })
  })
}

export function covers({ sheet, box }: Kept, where: Sheet, row: number, column: number): boolean {
  return sheet === where && box !== null && meet(box, boxOf(row, column)) !== null
}

/** Whether this person may change every one of these cells. */
export function mayEdit({ protections, owner }: Spreadsheet, user: string, sheet: Sheet, box: Box): boolean {
  return (
    user === owner ||
    protections.every(({ kept, editors, isWarningOnly, unprotected, isWholeSheet }) => {
      if (kept.sheet !== sheet || isWarningOnly || editors.includes(user)) return true
      if (!isWholeSheet) return kept.box === null || meet(kept.box, box) === null
      return unprotected.some(({ box: open }) => open !== null && isInside(box, open))
    })
  )
}

function isInside(box: Box, other: Box): boolean {
  const met = meet(box, other)
  return met !== null && met.rows === box.rows && met.columns === box.columns
}

export function wholeSheet(state: Contents, sheet: Sheet): Box {
  const { rows, columns } = sizeOf(state, sheet)
  return boxOf(0, 0, rows, columns)
}

function createPerson(state: Omit<Spreadsheet, 'person'>): SheetsPerson {
  const { workbook } = state
  const spreadsheet = state as Spreadsheet
  const sheetOf = (key: string): Sheet => {
    const sheet = findSheet(workbook, key)
    if (!sheet) throw new Error(`there is no sheet ${key}`)
    return sheet
  }
  const clipped = ({ sheet, ...box }: Place): Box => meet(box, wholeSheet(state, sheetOf(sheet))) ?? box
  const shown = (value: string | number | boolean): CellValue => (value === '' ? null : value)
  return {
    select: (place) => Object.assign(workbook, { active: sheetOf(place.sheet), areas: [clipped(place)] }),
    selectAreas: (places) =>
      Object.assign(workbook, { active: sheetOf(places[0]?.sheet ?? ''), areas: places.map(clipped) }),
    type: (sheet, row, column, value) => enterAll(spreadsheet, sheetOf(sheet), boxOf(row, column), () => value),
    value: (sheet, row, column) => shown(cellAt(sheetOf(sheet), row, column).value),
    formula: (sheet, row, column) => shown(cellAt(sheetOf(sheet), row, column).formula),
    format: (sheet, row, column) => cellAt(sheetOf(sheet), row, column).format,
    error: (sheet, row, column) =>
      state.errors.find(({ kept }) => covers(kept, sheetOf(sheet), row, column))?.message ?? null,
    setFormat: (place, format) =>
      eachCell(clipped(place), (row, column) => putCell(sheetOf(place.sheet), row, column, { format })),
    insertRows: (sheet, row, count) => addRows(state, sheetOf(sheet), row, count),
    deleteRows: (sheet, row, count) => takeRows(state, sheetOf(sheet), row, count),
    insertColumns: (sheet, column, count) => addColumns(state, sheetOf(sheet), column, count),
    sort: (place, column) => sortRows(sheetOf(place.sheet), clipped(place), column),
    hide: (sheet, row) => void sheetOf(sheet).hidden.add(row),
    filterOut: (sheet, row) =>
      void state.filtered.push(keep(state, sheetOf(sheet), boxOf(row, 0, 1, sizeOf(state, sheetOf(sheet)).columns))),
    makeChart(key) {
      const sheet = sheetOf(key)
      state.charts.add(sheet)
      Object.assign(workbook, { active: sheet, areas: [] })
    },
    setFilter: (place) =>
      void Object.assign(sheetOf(place.sheet), {
        tables: [{ id: '1', name: '', hasTotals: false, ...clipped(place) }],
      }),
    protect(key, isProtected, { editors = [], isWarningOnly = false, except = [] } = {}) {
      const sheet = sheetOf(key)
      state.protections = state.protections.filter(({ kept, isWholeSheet }) => kept.sheet !== sheet || !isWholeSheet)
      if (!isProtected) return
      const kept = keep(state, sheet, wholeSheet(state, sheet))
      const unprotected = except.map((place) => keep(state, sheet, clipped(place)))
      state.protections.push({ kept, isWholeSheet: true, editors, isWarningOnly, unprotected })
    },
    protectRange(place, { editors = [], isWarningOnly = false } = {}) {
      const kept = keep(state, sheetOf(place.sheet), clipped(place))
      state.protections.push({ kept, isWholeSheet: false, editors, isWarningOnly, unprotected: [] })
    },
    merge: (sheet, address) => mergeCells(sheetOf(sheet), parseAddress(address)),
    rename: (sheet, name) => void Object.assign(sheetOf(sheet), { name }),
    deleteSheet: (sheet) => takeSheet(state, sheetOf(sheet)),
    selection: () => ({ sheet: workbook.active.name, areas: workbook.areas }),
  }
}
