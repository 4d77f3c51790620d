/**
 * A spreadsheet in memory behind the pane's host contract: for the preview outside of a spreadsheet program, and for tests of what
 * the pane does with one. It calculates nothing. A person's side (typing, inserting rows, protecting) is on `person`.
 */
import { failure, FailureError } from '../error-codes.ts'
import type { CellValue } from '../tariff-code.ts'
import { headersOf } from './headers.ts'
import { NUMBER_FORMATS } from './number-formats.ts'
import { addressOf, columnOf, intersect } from './place.ts'
import type {
  CellsAsTheyStand,
  Followed,
  Place,
  ReadOptions,
  Region,
  RowsToWrite,
  Selection,
  SpreadsheetHost,
  WriteReport,
} from './spreadsheet-host.ts'

export interface MemorySheet {
  name: string
  rows: CellValue[][]
  /** Name and place of a table; without one the used part is the region, and its first row its headers. */
  table?: { name: string; row: number; column: number; rows: number; columns: number }
}

interface Cell {
  value: CellValue
  formula: CellValue
  format: string
  isLocked: boolean
}

interface Sheet {
  name: string
  cells: Cell[][]
  table: MemorySheet['table'] | null
  isProtected: boolean
  merged: string | null
  hidden: Set<number>
  /** What formulas fill beside their own cells, which are the first. */
  spills: Place[]
  followed: Set<{ place: Place | null }>
}

export interface MemoryHost extends SpreadsheetHost {
  person: {
    select(place: Place, areas?: number): void
    type(sheet: string, row: number, column: number, value: CellValue): void
    /** What a formula comes to. */
    calculate(sheet: string, row: number, column: number, value: CellValue): void
    /** What a formula comes to that fills cells beside its own. */
    spill(sheet: string, row: number, column: number, values: CellValue[][]): void
    value(sheet: string, row: number, column: number): CellValue
    formula(sheet: string, row: number, column: number): CellValue
    format(sheet: string, row: number, column: number): string
    insertRows(sheet: string, row: number, count: number): void
    deleteRows(sheet: string, row: number, count: number): void
    hide(sheet: string, row: number): void
    /** As a person mostly does it: what is unlocked may be written then, and no cell formatted. */
    protect(sheet: string, isProtected: boolean): void
    unlock(place: Place): void
    merge(sheet: string, address: string | null): void
    deleteSheet(sheet: string): void
    /** Writes wait until it is turned off again, as while a cell is being edited. */
    edit(isEditing: boolean): void
    readonly opened: string[]
  }
}

const CELLS_PER_WRITE = 1500
const EMPTY: Cell = { value: null, formula: null, format: 'General', isLocked: true }

export function createMemoryHost(given: MemorySheet[]): MemoryHost {
  const sheets = new Map<string, Sheet>(given.map((sheet) => [sheet.name, readSheet(sheet)]))
  const kept = new Map<string, string>()
  const selectionListeners = new Set<() => void>()
  const waitingListeners = new Set<(reason: 'editing' | 'busy' | null) => void>()
  const opened: string[] = []
  let selected: { place: Place; areas: number } = {
    place: whole(given[0]!.name, sheets.get(given[0]!.name)!),
    areas: 1,
  }
  let edited: { done: Promise<void>; release: () => void } | null = null

  function sheetOf(name: string): Sheet {
    const sheet = sheets.get(name)
    if (!sheet) throw new FailureError(failure('place-gone'))
    return sheet
  }
  function cellAt(sheet: Sheet, row: number, column: number): Cell {
    return sheet.cells[row]?.[column] ?? EMPTY
  }
  function put(sheet: Sheet, row: number, column: number, change: Partial<Cell>): void {
    while (sheet.cells.length <= row) sheet.cells.push([])
    const cells = sheet.cells[row]!
    while (cells.length <= column) cells.push({ ...EMPTY })
    cells[column] = { ...cells[column]!, ...change }
  }
  /** As Excel does: what is put over the formula empties what it filled, and what is put into its way leaves #SPILL!. */
  function breakSpill(sheet: Sheet, row: number, column: number): void {
    const cell = { sheet: '', row, column, rows: 1, columns: 1 }
    const spill = sheet.spills.find((place) => intersect(place, cell))
    if (!spill) return
    sheet.spills = sheet.spills.filter((other) => other !== spill)
    for (let down = 0; down < spill.rows; down++) {
      for (const across of columnsOf(spill)) put(sheet, spill.row + down, across, { value: null })
    }
    put(sheet, spill.row, spill.column, { value: '#SPILL!' })
  }
  function type(sheet: Sheet, row: number, column: number, value: CellValue): void {
    breakSpill(sheet, row, column)
    const isFormula = typeof value === 'string' && value.startsWith('=') && cellAt(sheet, row, column).format !== '@'
    put(sheet, row, column, {
      formula: value,
      value: isFormula ? '#BUSY!' : asTyped(value, cellAt(sheet, row, column).format),
    })
  }
  async function untilLeft(): Promise<void> {
    for (let wait = edited; wait; wait = edited) await wait.done
  }
  function refuseLocked(sheet: Sheet, row: number, column: number): void {
    if (sheet.isProtected && cellAt(sheet, row, column).isLocked) {
      throw new FailureError(failure('sheet-protected', { sheet: sheet.name }))
    }
  }
  async function eachRow<Row>(
    place: Place,
    options: ReadOptions | undefined,
    row: (at: number) => Row,
  ): Promise<Row[]> {
    const rows: Row[] = []
    for (let at = 0; at < place.rows; at++) {
      if (at % 10_000 === 0 && at > 0) {
        options?.onProgress?.(at)
        await Promise.resolve()
      }
      options?.signal?.throwIfAborted()
      rows.push(row(place.row + at))
    }
    options?.onProgress?.(place.rows)
    return rows
  }
  const columnsOf = (place: Place): number[] => Array.from({ length: place.columns }, (_, at) => place.column + at)

  return {
    kind: 'memory',
    cellsPerWrite: CELLS_PER_WRITE,

    async selection(): Promise<Selection> {
      const { place, areas } = selected
      const sheet = sheetOf(place.sheet)
      const used = whole(place.sheet, sheet)
      const cut = intersect(place, used)
      const region = cut && regionOf(place.sheet, sheet, cut)
      return {
        sheetName: sheet.name,
        address: addressOf(sheet.name, cut ?? place),
        place: cut,
        region,
        areas,
        hasMergedCells: sheet.merged !== null,
        hiddenRows: cut ? [...sheet.hidden].filter((row) => row >= cut.row && row < cut.row + cut.rows).length : 0,
      }
    },
    onSelection(listener) {
      selectionListeners.add(listener)
      return () => selectionListeners.delete(listener)
    },
    onWaiting(listener) {
      waitingListeners.add(listener)
      return () => waitingListeners.delete(listener)
    },

    async read(place, options) {
      const sheet = sheetOf(place.sheet)
      return eachRow(place, options, (row) => columnsOf(place).map((column) => cellAt(sheet, row, column).value ?? ''))
    },
    async readAsTheyStand(place, options) {
      const sheet = sheetOf(place.sheet)
      const rows = await eachRow(place, options, (row) => columnsOf(place).map((column) => cellAt(sheet, row, column)))
      return {
        place,
        formulas: rows.map((cells) => cells.map(({ formula }) => formula ?? '')),
        formats: rows.map((cells) => cells.map(({ format }) => format)),
      }
    },
    async spills(name, formulas) {
      const { spills } = sheetOf(name)
      return formulas.map(({ row, column }) => {
        const spill = spills.find((place) => intersect(place, { ...place, row, column, rows: 1, columns: 1 }))
        if (!spill) return null
        return spill.row === row && spill.column === column ? { ...spill, sheet: name } : 'filled'
      })
    },
    async follow(place): Promise<Followed> {
      const sheet = sheetOf(place.sheet)
      const followed = { place: { ...place } as Place | null }
      sheet.followed.add(followed)
      return {
        place: async () => (sheets.get(place.sheet) === sheet ? followed.place && { ...followed.place } : null),
        release: async () => void sheet.followed.delete(followed),
      }
    },

    async assertMayWrite({ sheet: name, column, rows }) {
      const sheet = sheetOf(name)
      for (const row of rows) refuseLocked(sheet, row, column)
    },
    async write(block: RowsToWrite): Promise<WriteReport> {
      const sheet = sheetOf(block.sheet)
      await untilLeft()
      for (const { row } of block.rows) {
        for (const { column } of block.columns) refuseMerged(sheet, row, column)
      }
      const report: WriteReport = { written: [], changed: [] }
      const same: RowsToWrite['rows'] = []
      for (const one of block.rows) {
        const isSame = block.guardColumns.every(
          (column, at) => (cellAt(sheet, one.row, column).value ?? '') === (one.guard[at] ?? ''),
        )
        ;(isSame ? report.written : report.changed).push(one.row)
        if (isSame) same.push(one)
      }
      for (const { row } of same) for (const { column } of block.columns) refuseLocked(sheet, row, column)
      for (const { row, values } of same) {
        block.columns.forEach(({ column, format }, at) => {
          if (!sheet.isProtected) put(sheet, row, column, { format: NUMBER_FORMATS[format] })
          breakSpill(sheet, row, column)
          put(sheet, row, column, written(values[at] ?? null, NUMBER_FORMATS[format]))
        })
      }
      return report
    },
    async restore({ place, formulas, formats }: CellsAsTheyStand, expected, options) {
      const sheet = sheetOf(place.sheet)
      await untilLeft()
      const cells = await eachRow(place, options, (row) =>
        columnsOf(place).flatMap((column, across) => {
          const down = row - place.row
          const shown = cellAt(sheet, row, column).value ?? ''
          return expected && shown !== (expected[down]?.[across] ?? '') ? [] : [{ row, column, down, across }]
        }),
      )
      const same = cells.flat()
      for (const { row, column } of same) refuseLocked(sheet, row, column)
      for (const { row, column, down, across } of same) {
        const [formula, format] = [formulas[down]![across]!, formats[down]![across]!]
        if (!sheet.isProtected) put(sheet, row, column, { format })
        if (typeof formula === 'string' && !formula.startsWith('=')) {
          breakSpill(sheet, row, column)
          put(
            sheet,
            row,
            column,
            formula === '' ? { value: null, formula: null } : { value: withoutMark(formula), formula },
          )
        } else type(sheet, row, column, formula)
      }
      return { restored: same.length, changed: place.rows * place.columns - same.length }
    },

    async goTo(place) {
      sheetOf(place.sheet)
      selected = { place, areas: 1 }
      for (const listener of selectionListeners) listener()
    },
    async insertFormula(formula) {
      const { place } = selected
      const sheet = sheetOf(place.sheet)
      await untilLeft()
      const isText = cellAt(sheet, place.row, place.column).format === NUMBER_FORMATS.text
      refuseLocked(sheet, place.row, place.column)
      if (isText && sheet.isProtected) throw new FailureError(failure('sheet-protected', { sheet: sheet.name }))
      // In a cell of text it would stay the text it is.
      if (isText) put(sheet, place.row, place.column, { format: NUMBER_FORMATS.general })
      type(sheet, place.row, place.column, formula)
      return addressOf(sheet.name, { ...place, rows: 1, columns: 1 })
    },
    kept: async (name) => kept.get(name) ?? null,
    keep: async (name, text) => void (text === null ? kept.delete(name) : kept.set(name, text)),
    workbookKey: async () => 'memory',
    openWindow: (url) => void opened.push(url),

    person: {
      select(place, areas = 1) {
        selected = { place, areas }
        for (const listener of selectionListeners) listener()
      },
      type: (name, row, column, value) => type(sheetOf(name), row, column, value),
      calculate: (name, row, column, value) => put(sheetOf(name), row, column, { value }),
      spill(name, row, column, values) {
        const sheet = sheetOf(name)
        const place = { sheet: name, row, column, rows: values.length, columns: values[0]!.length }
        values.forEach((line, down) =>
          line.forEach((value, across) => put(sheet, row + down, column + across, { value })),
        )
        sheet.spills.push(place)
      },
      value: (name, row, column) => cellAt(sheetOf(name), row, column).value,
      formula: (name, row, column) => cellAt(sheetOf(name), row, column).formula,
      format: (name, row, column) => cellAt(sheetOf(name), row, column).format,
      insertRows(name, row, count) {
        const sheet = sheetOf(name)
        sheet.cells.splice(row, 0, ...Array.from({ length: count }, () => []))
        for (const followed of sheet.followed) followed.place = followed.place && moved(followed.place, row, count)
        sheet.spills = sheet.spills.map((spill) => moved(spill, row, count))
        if (sheet.table) Object.assign(sheet.table, moved({ ...sheet.table, sheet: name }, row, count))
      },
      deleteRows(name, row, count) {
        const sheet = sheetOf(name)
        sheet.cells.splice(row, count)
        for (const followed of sheet.followed) followed.place = followed.place && shrunk(followed.place, row, count)
        sheet.spills = sheet.spills.flatMap((spill) => shrunk(spill, row, count) ?? [])
        if (sheet.table) sheet.table = shrunk({ ...sheet.table, sheet: name }, row, count) && sheet.table
      },
      hide: (name, row) => void sheetOf(name).hidden.add(row),
      protect: (name, isProtected) => {
        sheetOf(name).isProtected = isProtected
      },
      unlock(place) {
        const sheet = sheetOf(place.sheet)
        for (let row = place.row; row < place.row + place.rows; row++) {
          for (const column of columnsOf(place)) put(sheet, row, column, { isLocked: false })
        }
      },
      merge: (name, address) => {
        sheetOf(name).merged = address
      },
      deleteSheet: (name) => void sheets.delete(name),
      edit(isEditing) {
        if (isEditing === (edited !== null)) return
        const before = edited
        edited = isEditing ? deferred() : null
        before?.release()
        for (const listener of waitingListeners) listener(isEditing ? 'editing' : null)
      },
      opened,
    },
  }
}

function readSheet({ name, rows, table }: MemorySheet): Sheet {
  const cells = rows.map((row) =>
    row.map((value): Cell => {
      return { ...EMPTY, value, formula: value, format: typeof value === 'string' ? '@' : 'General' }
    }),
  )
  return {
    name,
    cells,
    table: table ? { ...table } : null,
    isProtected: false,
    merged: null,
    hidden: new Set(),
    spills: [],
    followed: new Set(),
  }
}

/** A text that is written is never a formula, whatever its cell's format. */
function written(value: CellValue, format: string): Partial<Cell> {
  const shown = asTyped(value, format)
  return { value: shown, formula: shown }
}

function refuseMerged(sheet: Sheet, row: number, column: number): void {
  const merged = sheet.merged
  if (merged === null) return
  const [first = '', last = first] = merged.split(':').map((corner) => corner.toUpperCase())
  const isBetween = (at: number, from: number, to: number): boolean => at >= from && at <= to
  const inRows = isBetween(row + 1, Number(/\d+/.exec(first)), Number(/\d+/.exec(last)))
  if (inRows && isBetween(column, columnOf(first), columnOf(last))) {
    throw new FailureError(failure('merged-cells', { address: `${sheet.name}!${merged}` }))
  }
}

/** The apostrophe says that a text follows, and is none of it. */
function withoutMark(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text
}

/** What a cell shows of what is typed into it: a code typed into a cell that is no text loses its zeros. */
function asTyped(value: CellValue, format: string): CellValue {
  if (format === '@' || typeof value !== 'string') return value
  if (value.startsWith("'")) return withoutMark(value)
  return /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
}

/** By values: cells that are only formatted or unlocked are not in use. */
function whole(name: string, sheet: Sheet): Place {
  const isUsed = ({ value }: Cell): boolean => (value ?? '') !== ''
  let [rows, columns] = [0, 0]
  for (const [row, cells] of sheet.cells.entries()) {
    const last = cells.findLastIndex(isUsed)
    if (last < 0) continue
    rows = row + 1
    columns = Math.max(columns, last + 1)
  }
  return { sheet: name, row: 0, column: 0, rows, columns }
}

function regionOf(name: string, sheet: Sheet, within: Place): Region {
  const { table } = sheet
  const isInTable = table !== null && intersect({ ...table!, sheet: name }, within) !== null
  const place = isInTable ? placeOf(name, table!) : whole(name, sheet)
  const first = sheet.cells[place.row] ?? []
  const texts = Array.from({ length: place.columns }, (_, at) => first[place.column + at]?.value ?? '')
  return {
    place,
    table: isInTable ? table!.name : null,
    ...headersOf(texts, place.rows, isInTable || undefined),
  }
}

function placeOf(sheet: string, { row, column, rows, columns }: Omit<Place, 'sheet'>): Place {
  return { sheet, row, column, rows, columns }
}

/** As Excel moves a range: rows inserted above it push it down, rows inserted inside make it longer. */
function moved(place: Place, row: number, count: number): Place {
  if (row <= place.row) return { ...place, row: place.row + count }
  return row < place.row + place.rows ? { ...place, rows: place.rows + count } : place
}

function shrunk(place: Place, row: number, count: number): Place | null {
  const end = place.row + place.rows
  const above = Math.max(0, Math.min(place.row, row + count) - row)
  const inside = Math.max(0, Math.min(end, row + count) - Math.max(place.row, row))
  const rows = place.rows - inside
  return rows > 0 ? { ...place, row: place.row - above, rows } : null
}

function deferred(): { done: Promise<void>; release: () => void } {
  let release!: () => void
  const done = new Promise<void>((resolve) => {
    release = resolve
  })
  return { done, release }
}
