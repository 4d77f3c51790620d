/** SpreadsheetApp over a spreadsheet in memory. Rows and columns count from 1 for a script. */
import {
  boxOf,
  cellAt,
  eachCell,
  meet,
  mergeCells,
  parseAddress,
  putCell,
  usedBox,
  type Box,
  type GridCell,
  type Kept,
  type Sheet,
} from '../excel-workbook.ts'
import { display, formulaIn, LOADING, scriptValue, type Input } from './cell-values.ts'
import { ui } from './html-service.ts'
import { addressIn, bounded, regionAround, same } from './range-shapes.ts'
import {
  asList,
  asText,
  asWhole,
  isFields,
  mismatch,
  ScriptException,
  ServiceObject,
  type Execution,
  type Method,
  type Value,
} from './service.ts'
import {
  addColumns,
  addRows,
  enterAll,
  keep,
  mayEdit,
  sizeOf,
  takeRows,
  takeSheet,
  wholeSheet,
  type Metadata,
  type Protection,
  type Spreadsheet,
} from './spreadsheet-state.ts'

/** Reads that every object with a selection has. */
type Reads = Record<string, Method>

export function spreadsheetApp(
  state: Spreadsheet,
  functions: ReadonlySet<string>,
  execution: Execution,
): ServiceObject {
  const { user } = execution
  const objects = createObjects(state, user)
  const active = (): ServiceObject => objects.spreadsheet
  return new ServiceObject('SpreadsheetApp', 'document', {
    reads: {
      getActiveSpreadsheet: active,
      getActive: active,
      ...objects.selectionReads,
      getActiveSheet: () => objects.sheet(state.workbook.active),
      getSelection: () => objects.selection,
      flush: () => null,
      getUi: () => ui(state.screen, functions, execution),
      openById: () => refuseOther('openById'),
      openByUrl: () => refuseOther('openByUrl'),
    },
    writes: objects.selectionWrites,
    constants: {
      ProtectionType: { SHEET: 'SHEET', RANGE: 'RANGE' },
      SheetType: { GRID: 'GRID', OBJECT: 'OBJECT', DATASOURCE: 'DATASOURCE' },
      DeveloperMetadataVisibility: { DOCUMENT: 'DOCUMENT', PROJECT: 'PROJECT' },
      DeveloperMetadataLocationType: { SPREADSHEET: 'SPREADSHEET', SHEET: 'SHEET', ROW: 'ROW', COLUMN: 'COLUMN' },
    },
    elsewhere: { getUi: 'menu' },
  })
}

/** `spreadsheets.currentonly` opens nothing but the spreadsheet one is in. */
function refuseOther(method: string): never {
  throw new ScriptException(
    `You do not have permission to call SpreadsheetApp.${method}. ` +
      'Required permissions: https://www.googleapis.com/auth/spreadsheets',
  )
}

interface Objects {
  spreadsheet: ServiceObject
  sheet(sheet: Sheet): ServiceObject
  selection: ServiceObject
  selectionReads: Reads
  selectionWrites: Reads
}

/** Objects of one execution on one spreadsheet. A sheet is the same object each time, a range is made anew. */
function createObjects(state: Spreadsheet, user: string): Objects {
  const { workbook } = state
  const sheets = new Map<Sheet, ServiceObject>()
  const ranges = new WeakMap<ServiceObject, { sheet: Sheet; box: Box }>()

  const sheet = (of: Sheet): ServiceObject => {
    const known = sheets.get(of)
    if (known) return known
    const made = sheetObject(of)
    sheets.set(of, made)
    return made
  }
  const sheetOf = (value: Value): Sheet => {
    const found = [...sheets].find(([, object]) => object === value)?.[0]
    if (!found) throw mismatch(value)
    return present(found)
  }
  const present = (of: Sheet): Sheet => {
    if (!workbook.sheets.includes(of)) throw new ScriptException(`Sheet ${of.id} not found`)
    return of
  }
  const rangeOf = (value: Value): { sheet: Sheet; box: Box } => {
    const found = value instanceof ServiceObject ? ranges.get(value) : undefined
    if (!found) throw mismatch(value)
    return found
  }
  const range = (of: Sheet, box: Box): ServiceObject => {
    const size = sizeOf(state, present(of))
    const isInside = box.row + box.rows <= size.rows && box.column + box.columns <= size.columns
    if (box.row < 0 || box.column < 0 || box.rows < 1 || box.columns < 1 || !isInside) {
      throw new ScriptException('The coordinates of the range are outside the dimensions of the sheet.')
    }
    const made = rangeObject(of, box)
    ranges.set(made, { sheet: of, box })
    return made
  }
  const rangeList = (of: Sheet, boxes: Box[]): ServiceObject =>
    new ServiceObject('RangeList', 'document', { reads: { getRanges: () => boxes.map((box) => range(of, box)) } })
  const keptRange = ({ sheet: of, box }: Kept): ServiceObject | null => (box ? range(of, box) : null)
  /** As `A2:C9`, `B:B`, `4:4`, or with the sheet's name before it. */
  const addressed = (on: Sheet, address: string): ServiceObject => {
    const bang = address.lastIndexOf('!')
    const name = address
      .slice(0, Math.max(bang, 0))
      .replace(/^'(.*)'$/, '$1')
      .replaceAll("''", "'")
    const of = bang < 0 ? on : workbook.sheets.find((other) => other.name === name)
    if (!of || !/^\$?[A-Za-z]*\$?\d*(?::\$?[A-Za-z]*\$?\d*)?$/.test(address.slice(bang + 1))) {
      throw new ScriptException(`Range not found`)
    }
    return range(of, bounded(parseAddress(address), wholeSheet(state, of)))
  }

  const activate = (of: Sheet, areas: Box[]): void => void Object.assign(workbook, { active: of, areas })
  const activeArea = (): Box | undefined => workbook.areas[0]
  const activeCell = (): ServiceObject | null => {
    const box = activeArea()
    return box ? range(workbook.active, boxOf(box.row, box.column)) : null
  }
  const selectionReads: Reads = {
    getActiveRange: () => (activeArea() ? range(workbook.active, activeArea()!) : null),
    getActiveRangeList: () => (activeArea() ? rangeList(workbook.active, workbook.areas) : null),
    getCurrentCell: activeCell,
    getActiveCell: activeCell,
  }
  const setActiveRange: Method = (value) => {
    const { sheet: of, box } = rangeOf(value)
    activate(of, [box])
    return value
  }
  const selectionWrites: Reads = {
    setActiveRange,
    setCurrentCell: setActiveRange,
    setActiveSheet(value) {
      activate(sheetOf(value), [boxOf(0, 0)])
      return value
    },
  }
  const selection = new ServiceObject('Selection', 'document', {
    reads: { ...selectionReads, getActiveSheet: () => sheet(workbook.active) },
  })

  const namedRange = (name: string, kept: Kept): ServiceObject => {
    const object: ServiceObject = new ServiceObject('NamedRange', 'document', {
      reads: { getName: () => name, getRange: () => keptRange(kept) },
      writes: {
        remove: () => void state.namedRanges.delete(name),
        setRange(value) {
          const { sheet: of, box } = rangeOf(value)
          Object.assign(kept, { sheet: of, box })
          return object
        },
      },
    })
    return object
  }
  /** A named range whose cells are all deleted is gone. */
  const namedRanges = (of: Sheet | null): ServiceObject[] =>
    [...state.namedRanges]
      .filter(([, kept]) => kept.box !== null && (of === null || kept.sheet === of))
      .map(([name, kept]) => namedRange(name, kept))

  const protection = (held: Protection): ServiceObject =>
    new ServiceObject('Protection', 'document', {
      reads: {
        getProtectionType: () => (held.isWholeSheet ? 'SHEET' : 'RANGE'),
        canEdit: () => user === state.owner || held.editors.includes(user),
        isWarningOnly: () => held.isWarningOnly,
        getRange: () =>
          held.isWholeSheet ? range(held.kept.sheet, wholeSheet(state, held.kept.sheet)) : keptRange(held.kept),
        getUnprotectedRanges: () => held.unprotected.map(keptRange),
      },
    })
  const protections = (type: Value, of: Sheet | null): ServiceObject[] =>
    state.protections
      .filter(({ kept, isWholeSheet }) => (of === null || kept.sheet === of) && isWholeSheet === (type === 'SHEET'))
      .map(protection)

  const filter = (of: Sheet, { row, column, rows, columns }: Box): ServiceObject =>
    new ServiceObject('Filter', 'document', {
      reads: { getRange: () => range(of, boxOf(row, column, rows, columns)) },
      writes: { remove: () => void (of.tables = []) },
    })

  const metadata = (held: Metadata): ServiceObject => {
    const place = (kind: Metadata['kind']): ServiceObject | null =>
      held.kind === kind && held.kept ? keptRange(held.kept) : null
    const location = new ServiceObject('DeveloperMetadataLocation', 'document', {
      reads: {
        getLocationType: () => held.kind,
        getRow: () => place('ROW'),
        getColumn: () => place('COLUMN'),
        getSheet: () => (held.kind === 'SHEET' && held.kept ? sheet(held.kept.sheet) : null),
      },
    })
    return new ServiceObject('DeveloperMetadata', 'document', {
      reads: { getId: () => held.id, getKey: () => held.key, getValue: () => held.value, getLocation: () => location },
      writes: {
        setValue: (value) => void Object.assign(held, { value: asText(value) }),
        remove: () => void (state.metadata = state.metadata.filter((other) => other !== held)),
      },
    })
  }
  const livingMetadata = (within: (held: Metadata) => boolean): Metadata[] =>
    state.metadata.filter(
      (held) => within(held) && (!held.kept || (held.kept.box !== null && workbook.sheets.includes(held.kept.sheet))),
    )
  const addMetadata = (kind: Metadata['kind'], kept: Kept | null, key: Value, rest: Value[]): void => {
    const [value = null] = rest.filter((given) => given !== 'DOCUMENT' && given !== 'PROJECT')
    const id = 1 + Math.max(0, ...state.metadata.map(({ id }) => id))
    state.metadata.push({ id, key: asText(key), value: value === null ? null : asText(value), kind, kept })
  }
  const finder = (within: (held: Metadata) => boolean): ServiceObject => {
    const and = (more: (held: Metadata) => boolean): ServiceObject => finder((held) => within(held) && more(held))
    return new ServiceObject('DeveloperMetadataFinder', 'document', {
      reads: {
        find: () => livingMetadata(within).map(metadata),
        withKey: (key) => and((held) => held.key === key),
        withId: (id) => and((held) => held.id === id),
        withValue: (value) => and((held) => held.value === value),
        withLocationType: (kind) => and((held) => held.kind === kind),
      },
    })
  }

  const spreadsheet: ServiceObject = new ServiceObject('Spreadsheet', 'document', {
    reads: {
      getId: () => state.id,
      getName: () => state.name,
      getUrl: () => `https://docs.google.com/spreadsheets/d/${state.id}/edit`,
      getSpreadsheetLocale: () => state.locale,
      getSpreadsheetTimeZone: () => 'Etc/UTC',
      getSheets: () => workbook.sheets.map(sheet),
      getNumSheets: () => workbook.sheets.length,
      getSheetByName: (name) => orNull(workbook.sheets.find((other) => other.name === name)),
      getSheetById: (id) => orNull(workbook.sheets.find((other) => other.id === String(asWhole(id)))),
      ...selectionReads,
      getActiveSheet: () => sheet(workbook.active),
      getSelection: () => selection,
      getRange: (address) => addressed(workbook.active, asText(address)),
      getRangeByName: (name) => {
        const kept = state.namedRanges.get(asText(name))
        return kept ? keptRange(kept) : null
      },
      getNamedRanges: () => namedRanges(null),
      getProtections: (type) => protections(type, null),
      getDeveloperMetadata: () => livingMetadata(({ kind }) => kind === 'SPREADSHEET').map(metadata),
      createDeveloperMetadataFinder: () => finder(() => true),
    },
    writes: {
      ...selectionWrites,
      setNamedRange(name, value) {
        const { sheet: of, box } = rangeOf(value)
        if (!/^[A-Za-z_]\w{0,249}$/.test(asText(name))) throw new ScriptException('Invalid name for named range.')
        state.namedRanges.set(asText(name), keep(state, of, box))
      },
      removeNamedRange(name) {
        if (!state.namedRanges.delete(asText(name)))
          throw new ScriptException(`The named range ${asText(name)} was not found.`)
      },
      addDeveloperMetadata(key, ...rest) {
        addMetadata('SPREADSHEET', null, key, rest)
        return spreadsheet
      },
      deleteSheet: (value) => takeSheet(state, sheetOf(value)),
      toast: (message) => void state.screen.toasts.push(asText(message)),
    },
  })
  return { spreadsheet, sheet, selection, selectionReads, selectionWrites }

  function orNull(found: Sheet | undefined): ServiceObject | null {
    return found ? sheet(found) : null
  }

  function sheetObject(of: Sheet): ServiceObject {
    const last = (): Box => usedBox(gridded()) ?? boxOf(-1, -1)
    const isFiltered = (row: Value): boolean =>
      state.filtered.some(({ sheet: on, box }) => on === of && box?.row === asWhole(row) - 1)
    const insert = (row: number, count: Value = 1): ServiceObject => {
      mustEdit(of, wholeSheet(state, of))
      addRows(state, of, row, asWhole(count))
      return object
    }
    const insertAcross = (column: number, count: Value = 1): ServiceObject => {
      mustEdit(of, wholeSheet(state, of))
      addColumns(state, of, column, asWhole(count))
      return object
    }
    const remove = (row: Value, count: Value = 1): void => {
      mustEdit(of, boxOf(asWhole(row) - 1, 0, asWhole(count), sizeOf(state, of).columns))
      takeRows(state, of, asWhole(row) - 1, asWhole(count))
    }
    /** What asks for cells. The words are ours: Google's documents have none. */
    const gridded = (): Sheet => {
      if (state.charts.has(present(of))) throw new ScriptException('This sheet has no cells.')
      return of
    }
    const object: ServiceObject = new ServiceObject('Sheet', 'document', {
      reads: {
        getSheetId: () => Number(of.id),
        getName: () => present(of).name,
        getSheetName: () => present(of).name,
        getType: () => (state.charts.has(present(of)) ? 'OBJECT' : 'GRID'),
        getIndex: () => workbook.sheets.indexOf(of) + 1,
        getParent: () => spreadsheet,
        getRange: (row, column, rows = 1, columns = 1) =>
          typeof row === 'string'
            ? addressed(of, row)
            : range(of, boxOf(asWhole(row) - 1, asWhole(column) - 1, asWhole(rows), asWhole(columns))),
        getDataRange() {
          const { row, column, rows, columns } = usedBox(gridded()) ?? boxOf(0, 0)
          return range(of, boxOf(0, 0, row + rows, column + columns))
        },
        getLastRow: () => last().row + last().rows,
        getLastColumn: () => last().column + last().columns,
        getMaxRows: () => sizeOf(state, gridded()).rows,
        getMaxColumns: () => sizeOf(state, gridded()).columns,
        ...selectionReads,
        getSelection: () => selection,
        getProtections: (type) => protections(type, of),
        getNamedRanges: () => namedRanges(of),
        isRowHiddenByUser: (row) => of.hidden.has(asWhole(row) - 1),
        isRowHiddenByFilter: isFiltered,
        isSheetHidden: () => false,
        getSlicers: () => [],
        getFilter: () => {
          const [filtered] = present(of).tables
          return filtered ? filter(of, filtered) : null
        },
        getDeveloperMetadata: () =>
          livingMetadata(({ kind, kept }) => kind === 'SHEET' && kept?.sheet === of).map(metadata),
        createDeveloperMetadataFinder: () => finder(({ kept }) => kept?.sheet === of),
      },
      writes: {
        ...selectionWrites,
        activate() {
          activate(present(of), [boxOf(0, 0)])
          return object
        },
        insertRows: (row, count) => insert(asWhole(row) - 1, count),
        insertRowsBefore: (row, count) => insert(asWhole(row) - 1, count),
        insertRowBefore: (row) => insert(asWhole(row) - 1),
        insertRowsAfter: (row, count) => insert(asWhole(row), count),
        insertRowAfter: (row) => insert(asWhole(row)),
        insertColumns: (column, count) => insertAcross(asWhole(column) - 1, count),
        insertColumnsBefore: (column, count) => insertAcross(asWhole(column) - 1, count),
        insertColumnsAfter: (column, count) => insertAcross(asWhole(column), count),
        deleteRows: remove,
        deleteRow: (row) => remove(row),
        hideRows: (row, count = 1) => {
          for (let at = 0; at < asWhole(count); at++) of.hidden.add(asWhole(row) - 1 + at)
        },
        showRows: (row, count = 1) => {
          for (let at = 0; at < asWhole(count); at++) of.hidden.delete(asWhole(row) - 1 + at)
        },
        addDeveloperMetadata(key, ...rest) {
          addMetadata('SHEET', keep(state, of, wholeSheet(state, of)), key, rest)
          return object
        },
      },
    })
    return object
  }

  function mustEdit(of: Sheet, box: Box): void {
    if (mayEdit(state, user, present(of), box)) return
    throw new ScriptException(
      'You are trying to edit a protected cell or object. ' +
        'Please contact the spreadsheet owner to remove protection if you need to edit.',
    )
  }

  function rangeObject(of: Sheet, box: Box): ServiceObject {
    const { row, column, rows, columns } = box
    const table = (show: (cell: GridCell) => Value): Value[][] => {
      present(of)
      return Array.from({ length: rows }, (_, down) =>
        Array.from({ length: columns }, (_, across) => show(cellAt(of, row + down, column + across))),
      )
    }
    const first = (show: (cell: GridCell) => Value): Value => show(cellAt(present(of), row, column))
    const change = (act: () => void): ServiceObject => {
      mustEdit(of, box)
      act()
      return object
    }
    const enterTable = (values: Value): ServiceObject => {
      const given = tableOf(values, rows, columns)
      return change(() => enterAll(state, of, box, (down, across) => inputOf(given[down]?.[across])))
    }
    const enterOne = (value: Value): ServiceObject => change(() => enterAll(state, of, box, () => inputOf(value)))
    const setFormat = (format: (down: number, across: number) => string): ServiceObject =>
      change(() =>
        eachCell(box, (at, across) => putCell(of, at, across, { format: format(at - row, across - column) })),
      )
    const setFormula = (at: number, across: number, formula: string): void => {
      const text = formula === '' ? '' : formulaIn(state.locale, formula.startsWith('=') ? formula : `=${formula}`)
      enterAll(state, of, boxOf(at, across), () => '')
      putCell(of, at, across, { formula: text, value: text === '' ? '' : LOADING })
    }
    const clear = (contents: boolean, formats: boolean): ServiceObject =>
      change(() => {
        if (contents) enterAll(state, of, box, () => '')
        if (formats) eachCell(box, (at, across) => putCell(of, at, across, { format: 'General' }))
      })
    const metadataKind = (): Metadata['kind'] => {
      const size = sizeOf(state, of)
      if (rows === 1 && columns === size.columns) return 'ROW'
      if (columns === 1 && rows === size.rows) return 'COLUMN'
      throw new ScriptException(
        'Adding developer metadata to arbitrary ranges is not currently supported. Developer metadata may only be ' +
          'added to the top-level spreadsheet, an individual sheet, or an entire row or column.',
      )
    }
    const formatOf = ({ format }: GridCell): string => format
    const displayed = (cell: GridCell): string => display(cell, state.locale)
    const merges = (): Box[] => of.merged.filter((merged) => meet(merged, box) !== null)
    const object: ServiceObject = new ServiceObject('Range', 'document', {
      reads: {
        getRow: () => row + 1,
        getRowIndex: () => row + 1,
        getColumn: () => column + 1,
        getNumRows: () => rows,
        getHeight: () => rows,
        getNumColumns: () => columns,
        getWidth: () => columns,
        getLastRow: () => row + rows,
        getLastColumn: () => column + columns,
        getA1Notation: () => addressIn(of, box, wholeSheet(state, of)),
        getSheet: () => sheet(of),
        getGridId: () => Number(of.id),
        getCell: (down, across) => range(of, boxOf(row + asWhole(down) - 1, column + asWhole(across) - 1)),
        offset: (down, across, height = rows, width = columns) =>
          range(of, boxOf(row + asWhole(down), column + asWhole(across), asWhole(height), asWhole(width))),
        getValue: () => first(scriptValue),
        getValues: () => table(scriptValue),
        getDisplayValue: () => first(displayed),
        getDisplayValues: () => table(displayed),
        getFormula: () => first(formulaOf),
        getFormulas: () => table(formulaOf),
        getNumberFormat: () => first(formatOf),
        getNumberFormats: () => table(formatOf),
        isBlank: () =>
          table(({ formula, value }) => formula === '' && value === '')
            .flat()
            .every(Boolean),
        getMergedRanges: () => merges().map((merged) => range(of, merged)),
        isPartOfMerge: () => merges().length > 0,
        canEdit: () => mayEdit(state, user, present(of), box),
        getDataRegion: () => range(of, regionAround(of, box)),
        getDeveloperMetadata: () =>
          livingMetadata(({ kept }) => kept?.sheet === of && kept.box !== null && same(kept.box, box)).map(metadata),
        createDeveloperMetadataFinder: () =>
          finder(({ kept }) => kept?.sheet === of && kept.box !== null && meet(kept.box, box) !== null),
      },
      writes: {
        setValue: enterOne,
        setValues: enterTable,
        setFormula: (formula) => change(() => eachCell(box, (at, across) => setFormula(at, across, asText(formula)))),
        setFormulas(formulas) {
          const given = tableOf(formulas, rows, columns)
          return change(() =>
            eachCell(box, (at, across) => setFormula(at, across, asText(given[at - row]?.[across - column]))),
          )
        },
        setNumberFormat: (format) => setFormat(() => asText(format)),
        setNumberFormats(formats) {
          const given = tableOf(formats, rows, columns)
          return setFormat((down, across) => asText(given[down]?.[across]))
        },
        clear(options) {
          const { contentsOnly, formatOnly } = isFields(options) ? options : {}
          return clear(formatOnly !== true, contentsOnly !== true)
        },
        clearContent: () => clear(true, false),
        clearFormat: () => clear(false, true),
        merge: () => change(() => mergeCells(of, box)),
        breakApart: () => change(() => void (of.merged = of.merged.filter((merged) => meet(merged, box) === null))),
        activate() {
          activate(present(of), [box])
          return object
        },
        activateAsCurrentCell() {
          activate(present(of), [box])
          return object
        },
        addDeveloperMetadata(key, ...rest) {
          addMetadata(metadataKind(), keep(state, of, box), key, rest)
          return object
        },
      },
    })
    return object
  }
}

function formulaOf({ formula }: GridCell): string {
  return typeof formula === 'string' && formula.startsWith('=') ? formula : ''
}

function inputOf(value: Value): Input {
  if (value === undefined || value === null) return ''
  if (typeof value === 'object' && !(value instanceof Date)) return asText(value)
  return value
}

/** @throws as Google does when it has another shape than the range. */
function tableOf(values: Value, rows: number, columns: number): Value[][] {
  const table = asList(values).map(asList)
  if (table.length !== rows) {
    throw new ScriptException(
      'The number of rows in the data does not match the number of rows in the range. ' +
        `The data has ${table.length} but the range has ${rows}.`,
    )
  }
  const uneven = table.find((row) => row.length !== columns)
  if (uneven) {
    throw new ScriptException(
      'The number of columns in the data does not match the number of columns in the range. ' +
        `The data has ${uneven.length} but the range has ${columns}.`,
    )
  }
  return table
}
