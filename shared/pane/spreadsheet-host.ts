/**
 * What the pane needs of a spreadsheet, and all it knows of one. Excel (excel-addin/excel-host.ts), Google Sheets
 * (sheets-addon/sheets-host.ts) and the grid in memory (memory-host.ts) each stand behind it.
 *
 * Rows and columns count from 0. An error in a cell is read as its text, such as `#N/A`. A method that cannot do its work throws a
 * `FailureError`, whose failure has a sentence for the person; nothing else is thrown on purpose.
 */
import type { CellValue } from '../tariff-code.ts'

/** Never the value of a cell: what is expected of one that is to be left alone. */
export const NEVER_HELD = '\u0000'

export interface Place {
  /** The host's id of the sheet; stays the same when the sheet is renamed. */
  sheet: string
  row: number
  column: number
  rows: number
  columns: number
}

export interface Region {
  place: Place
  /** Name of the table it is, or null where it is only the used part of a sheet. */
  table: string | null
  /** Whether its first row names the columns. */
  hasHeaders: boolean
  /** One for each column, '' where a column has no name; without a header row all are ''. */
  headers: string[]
}

/** What is selected, cut to the cells in use: a column letter clicked is no million rows. */
export interface Selection {
  sheetName: string
  /** In the sheet's own notation, such as `Products!A2:A500`. */
  address: string
  /** null: nothing of it is in use. */
  place: Place | null
  /** The table or used part the selection lies in; null on an empty sheet. */
  region: Region | null
  /** Ranges selected at once. More than one cannot be worked on together. */
  areas: number
  hasMergedCells: boolean
  /** Rows of it that a filter or a person hides. They are worked on too; the pane says so. */
  hiddenRows: number
}

export type NumberFormat = 'text' | 'general' | 'percent' | 'number' | 'date'

export interface CellsAsTheyStand {
  place: Place
  /** As typed: a formula begins with =. */
  formulas: CellValue[][]
  /** In the host's own notation. */
  formats: string[][]
}

/** A block of rows to fill beside their inputs. */
export interface RowsToWrite {
  sheet: string
  /** Columns to fill. `text` is set as the format before the value, so that 0101.21 stays what it is. */
  columns: { column: number; format: NumberFormat }[]
  /** Columns that must still hold what was worked on. */
  guardColumns: number[]
  /** Ascending. */
  rows: { row: number; guard: CellValue[]; values: CellValue[] }[]
}

export interface CellsOfColumn {
  sheet: string
  column: number
  /** Ascending. */
  rows: readonly number[]
}

export interface WriteReport {
  /** Rows filled. */
  written: number[]
  /** Rows left alone, because their input is another one now: moved, edited, or sorted. */
  changed: number[]
}

/** A place that moves when rows or columns are inserted above or before it, and grows when inside it. */
export interface Followed {
  /** Where it is now; null: deleted. */
  place(): Promise<Place | null>
  release(): Promise<void>
}

export interface SpreadsheetHost {
  readonly kind: 'excel' | 'sheets' | 'memory'
  /** Cells one call of {@link write} or {@link restore} should hold at most, so that progress shows and stopping works. */
  readonly cellsPerWrite: number

  selection(): Promise<Selection>
  /** @returns what takes the listener off again. */
  onSelection(listener: () => void): () => void
  /** Why the spreadsheet keeps us waiting: somebody is typing in a cell, or it calculates. null: no longer. */
  onWaiting(listener: (reason: 'editing' | 'busy' | null) => void): () => void

  /** Values as they are, in slices that every host can carry. */
  read(place: Place, options?: ReadOptions): Promise<CellValue[][]>
  readAsTheyStand(place: Place, options?: ReadOptions): Promise<CellsAsTheyStand>

  /**
   * What formulas fill beside their own cells: dynamic arrays.
   * @returns for each, in order, all it fills from its own cell on, or null where that is its own cell only; `filled` where the cell only
   * shows what another's formula fills it with; null in the place of the list where this spreadsheet cannot tell.
   */
  spills(
    sheet: string,
    formulas: readonly { row: number; column: number }[],
    options?: ReadOptions,
  ): Promise<(Place | 'filled' | null)[] | null>

  follow(place: Place): Promise<Followed>
  /**
   * Asks beforehand whether cells may be written, so that nothing is done in vain: on a protected sheet those that are not locked may.
   * @throws {FailureError} `sheet-protected` where one of them is locked.
   */
  assertMayWrite(cells: CellsOfColumn): Promise<void>
  /**
   * Checks the guards and writes in one step, as near to each other as the host can. Values are values: a text that begins with = is
   * no formula, and null empties the cell. Merged cells among them are refused, and locked ones on a protected sheet, and nothing is
   * written. Where a protected sheet lets no formats be set, a text stays the text it is without.
   */
  write(rows: RowsToWrite): Promise<WriteReport>
  /**
   * Puts cells back, or puts formulas and formats there.
   * @param expected what the cells must show now; those that show anything else are left alone. null: any.
   * @returns how many were put back and how many left alone.
   */
  restore(
    cells: CellsAsTheyStand,
    expected: CellValue[][] | null,
    options?: ReadOptions,
  ): Promise<{ restored: number; changed: number }>

  /** Shows these cells to the person. `sheet` may be its name here, as in the address of a failed cell. */
  goTo(place: Place): Promise<void>
  /** Into the active cell, as if typed: a formula, or a text that is none. @returns its address. */
  insertFormula(formula: string): Promise<string>

  /** Kept in the workbook itself, for everybody who opens it: never a token. null: nothing under this name. */
  kept(name: string): Promise<string | null>
  keep(name: string, text: string | null): Promise<void>
  /** Tells workbooks apart on this machine, for runs that go on after the pane was closed. */
  workbookKey(): Promise<string>

  /** A page outside the pane, such as a checkout. */
  openWindow(url: string): void
  /** Whether the add-in starts with this workbook, so that its cells calculate before the pane is opened; absent where there is no such choice. */
  readonly startup?: { get(): Promise<boolean>; set(isOn: boolean): Promise<void> }
}

export interface ReadOptions {
  signal?: AbortSignal
  /** Rows done so far. */
  onProgress?: (rows: number) => void
}
