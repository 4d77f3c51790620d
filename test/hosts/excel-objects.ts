/**
 * Excel's objects over the workbook: what their properties answer, what their methods do, and which they lead to. Only what the pane
 * uses is here; anything else is `ApiNotFound`, so that a test of something new fails by name and not by silence.
 */
import {
  boxOf,
  cellAt,
  COLUMNS_MAX,
  eachCell,
  enter,
  findSheet,
  GridError,
  meet,
  parseAddress,
  printAddress,
  putCell,
  ROWS_MAX,
  usedBox,
  type Box,
  type GridTable,
  type Kept,
  type Sheet,
  type Workbook,
} from './excel-workbook.ts'

/** Reading more than this answers null. */
const CELLS_READ_MAX = 5_000_000
const ERROR_TEXT = /^#(?:[A-Z/0]+[!?]|N\/A)$/

/** What a request leaves behind besides its results. */
export interface Trace {
  cellsWritten: number
  isCalculationSuspended: boolean
  methods: string[]
}

export interface GridObject {
  /** Answered when the object is first reached, such as its id. */
  identity(): object
  get(name: string): unknown
  set?(name: string, value: unknown): void
  /** @returns an object to go on from, null for one that is not there, or a plain result. */
  call(name: string, args: unknown[]): GridObject | { result: unknown } | null
  /** Set on a collection. */
  items?(): GridObject[]
}

export interface World {
  workbook: Workbook
  /** Ranges that a pane keeps, by reference id. */
  references: Map<string, RangeObject>
  /** Of the request that is being answered. */
  trace: Trace
  /** As when somebody selects cells. */
  selected(): void
}

const NOTHING = { result: null }

function unknown(kind: string, name: string): never {
  throw new GridError('ApiNotFound', `the grid has no ${kind}.${name}`)
}

export function workbookObject(world: World): GridObject {
  const { workbook } = world
  return {
    identity: () => ({}),
    get(name) {
      switch (name) {
        case 'Worksheets':
          return sheetsObject(world)
        case 'Application':
          return applicationObject(world)
        case 'CustomXmlParts':
          return partsObject(world, () => workbook.parts)
        case 'Tables':
          return tablesObject(world, () =>
            workbook.sheets.flatMap((sheet) => sheet.tables.map((table) => ({ sheet, table }))),
          )
        case 'Name':
          return 'Products.xlsx'
        default:
          return unknown('Workbook', name)
      }
    },
    call(name, args) {
      switch (name) {
        case 'GetSelectedRange':
          if (workbook.areas.length !== 1) throw new GridError('InvalidSelection')
          return rangeObject(world, workbook.active, workbook.areas[0]!)
        case 'GetSelectedRanges':
          if (workbook.areas.length === 0) throw new GridError('InvalidSelection')
          return areasObject(world, workbook.active, workbook.areas)
        case 'GetActiveCell': {
          const area = workbook.areas[0] ?? boxOf(0, 0)
          return rangeObject(world, workbook.active, boxOf(area.row, area.column))
        }
        case '_RemoveReference':
          release(world, String(args[0]))
          return NOTHING
        default:
          return unknown('Workbook', name)
      }
    },
  }
}

function release(world: World, reference: string): void {
  const range = world.references.get(reference)
  if (range) world.workbook.kept.delete(range.kept)
  world.references.delete(reference)
}

function applicationObject(world: World): GridObject {
  return {
    identity: () => ({}),
    get: (name) =>
      name === 'CalculationState' ? 'Done' : name === 'CalculationMode' ? 'Automatic' : unknown('Application', name),
    call(name) {
      if (name !== 'SuspendApiCalculationUntilNextSync') return unknown('Application', name)
      world.trace.isCalculationSuspended = true
      return NOTHING
    },
  }
}

function sheetsObject(world: World): GridObject {
  const { workbook } = world
  return {
    identity: () => ({}),
    items: () => workbook.sheets.map((sheet) => sheetObject(world, sheet)),
    get: (name) => unknown('WorksheetCollection', name),
    call(name, args) {
      switch (name) {
        case 'GetActiveWorksheet':
          return sheetObject(world, workbook.active)
        case 'GetItem':
        case 'GetItemOrNullObject': {
          const sheet = findSheet(workbook, String(args[0]))
          if (!sheet && name === 'GetItem') throw new GridError('ItemNotFound')
          return sheet && sheetObject(world, sheet)
        }
        case 'GetCount':
          return { result: workbook.sheets.length }
        default:
          // Events are told to every pane, whoever registered.
          return /^_(?:Unr|R)egister/.test(name) ? NOTHING : unknown('WorksheetCollection', name)
      }
    },
  }
}

function sheetObject(world: World, sheet: Sheet): GridObject {
  const { workbook } = world
  const assertThere = (): void => {
    if (!workbook.sheets.includes(sheet)) throw new GridError('ItemNotFound')
  }
  return {
    identity: () => ({ Id: sheet.id }),
    get(name) {
      assertThere()
      switch (name) {
        case 'Id':
          return sheet.id
        case 'Name':
          return sheet.name
        case 'Visibility':
          return 'Visible'
        case 'Protection':
          return protectionObject(sheet)
        case 'Tables':
          return tablesObject(world, () => sheet.tables.map((table) => ({ sheet, table })))
        default:
          return unknown('Worksheet', name)
      }
    },
    call(name, args) {
      assertThere()
      switch (name) {
        case 'GetRange':
          return rangeObject(
            world,
            sheet,
            typeof args[0] === 'string' ? parseAddress(args[0]) : boxOf(0, 0, ROWS_MAX, COLUMNS_MAX),
          )
        case 'GetRangeByIndexes': {
          const [row, column, rows, columns] = args as number[]
          return rangeObject(world, sheet, boxOf(row!, column!, rows, columns))
        }
        case 'GetCell':
          return rangeObject(world, sheet, boxOf(Number(args[0]), Number(args[1])))
        case 'GetUsedRange':
          return rangeObject(world, sheet, usedBox(sheet) ?? boxOf(0, 0))
        case 'GetUsedRangeOrNullObject': {
          const used = usedBox(sheet)
          return used && rangeObject(world, sheet, used)
        }
        case 'Activate':
          workbook.active = sheet
          workbook.areas = [boxOf(0, 0)]
          world.selected()
          return NOTHING
        default:
          return unknown('Worksheet', name)
      }
    },
  }
}

function protectionObject(sheet: Sheet): GridObject {
  return {
    identity: () => ({}),
    get(name) {
      if (name === 'Protected') return sheet.isProtected
      if (name === 'Options') return { allowFormatCells: sheet.mayFormat }
      return unknown('WorksheetProtection', name)
    },
    call: (name) => unknown('WorksheetProtection', name),
  }
}

function tablesObject(world: World, list: () => { sheet: Sheet; table: GridTable }[]): GridObject {
  const objects = (): GridObject[] => list().map(({ sheet, table }) => tableObject(world, sheet, table.id))
  return {
    identity: () => ({}),
    items: objects,
    get: (name) => (name === 'Count' ? list().length : unknown('TableCollection', name)),
    call(name, args) {
      switch (name) {
        case 'GetCount':
          return { result: list().length }
        case 'GetFirst': {
          const [first] = objects()
          if (!first) throw new GridError('ItemNotFound')
          return first
        }
        case 'GetItem':
        case 'GetItemOrNullObject': {
          const found = list().find(({ table }) => table.id === args[0] || table.name === args[0])
          if (!found && name === 'GetItem') throw new GridError('ItemNotFound')
          return found ? tableObject(world, found.sheet, found.table.id) : null
        }
        default:
          return unknown('TableCollection', name)
      }
    },
  }
}

function tableObject(world: World, sheet: Sheet, id: string): GridObject {
  const table = (): GridTable => {
    const found = sheet.tables.find((table) => table.id === id)
    if (!found) throw new GridError('ItemNotFound')
    return found
  }
  return {
    identity: () => ({ Id: id }),
    get(name) {
      switch (name) {
        case 'Id':
          return id
        case 'Name':
          return table().name
        case 'ShowHeaders':
          return true
        case 'ShowTotals':
          return table().hasTotals
        case 'Worksheet':
          return sheetObject(world, sheet)
        default:
          return unknown('Table', name)
      }
    },
    call(name) {
      const { row, column, rows, columns, hasTotals } = table()
      switch (name) {
        case 'GetRange':
          return rangeObject(world, sheet, boxOf(row, column, rows, columns))
        case 'GetHeaderRowRange':
          return rangeObject(world, sheet, boxOf(row, column, 1, columns))
        case 'GetDataBodyRange':
          return rangeObject(world, sheet, boxOf(row + 1, column, rows - 1 - (hasTotals ? 1 : 0), columns))
        default:
          return unknown('Table', name)
      }
    },
  }
}

function areasObject(world: World, sheet: Sheet, boxes: Box[]): GridObject {
  return {
    identity: () => ({}),
    get(name) {
      switch (name) {
        case 'AreaCount':
          return boxes.length
        case 'Address':
          return boxes.map((box) => printAddress(sheet, box)).join(',')
        case 'Areas':
          return {
            identity: () => ({}),
            items: () => boxes.map((box) => rangeObject(world, sheet, box)),
            get: (member) => unknown('RangeCollection', member),
            call: (member, [at]) =>
              member === 'GetItemAt'
                ? rangeObject(world, sheet, boxes[Number(at)]!)
                : unknown('RangeCollection', member),
          } satisfies GridObject
        case 'Worksheet':
          return sheetObject(world, sheet)
        default:
          return unknown('RangeAreas', name)
      }
    },
    call: (name) => (name === '_KeepReference' ? NOTHING : unknown('RangeAreas', name)),
  }
}

export interface RangeObject extends GridObject {
  kept: Kept
}

function rangeObject(world: World, sheet: Sheet, given: Box): RangeObject {
  const { workbook, references } = world
  if (
    ![given.row, given.column, given.rows, given.columns].every(Number.isInteger) ||
    Math.min(given.row, given.column) < 0 ||
    Math.min(given.rows, given.columns) < 1 ||
    given.row + given.rows > ROWS_MAX ||
    given.column + given.columns > COLUMNS_MAX
  ) {
    throw new GridError('InvalidArgument')
  }
  const kept: Kept = { sheet, box: { ...given } }
  let reference: string | null = null

  const box = (): Box => {
    if (!workbook.sheets.includes(sheet)) throw new GridError('ItemNotFound')
    if (!kept.box) throw new GridError('InvalidReference')
    return kept.box
  }
  const matrix = <Value>(read: (row: number, column: number) => Value): Value[][] | null => {
    const { row, column, rows, columns } = box()
    if (rows * columns > CELLS_READ_MAX) return null
    return Array.from({ length: rows }, (_, down) =>
      Array.from({ length: columns }, (_, across) => read(row + down, column + across)),
    )
  }
  const from = (next: Box): RangeObject => rangeObject(world, sheet, next)
  const shared = (flags: boolean[]): boolean | null => (flags.every((flag) => flag === flags[0]) ? flags[0]! : null)

  function setCells(value: unknown, put: (row: number, column: number, input: string | number | boolean) => void) {
    const { row, column, rows, columns } = box()
    if (Array.isArray(value)) {
      const isFitting = value.length === rows && value.every((line) => Array.isArray(line) && line.length === columns)
      if (!isFitting) throw new GridError('InvalidArgument', 'the array has another size than the range')
    }
    eachCell(box(), (at, across) => {
      const input = Array.isArray(value) ? (value as unknown[][])[at - row]![across - column] : value
      // null leaves a cell as it is.
      if (input !== null && input !== undefined) put(at, across, input as string | number | boolean)
    })
  }
  function mayEnter(row: number, column: number): void {
    if (sheet.isProtected && cellAt(sheet, row, column).isLocked) throw new GridError('AccessDenied')
  }

  const self: RangeObject = {
    kept,
    identity: () => (reference === null ? {} : { _ReferenceId: reference }),
    get(name) {
      const { row, column, rows, columns } = box()
      switch (name) {
        case 'Address':
          return printAddress(sheet, box())
        case 'RowIndex':
          return row
        case 'ColumnIndex':
          return column
        case 'RowCount':
          return rows
        case 'ColumnCount':
          return columns
        case 'CellCount':
          return rows * columns > 2 ** 31 - 1 ? -1 : rows * columns
        case 'IsEntireColumn':
          return rows === ROWS_MAX
        case 'IsEntireRow':
          return columns === COLUMNS_MAX
        case 'RowHidden': {
          const hidden = [...sheet.hidden].filter((at) => at >= row && at < row + rows).length
          return hidden === 0 ? false : hidden === rows ? true : null
        }
        case 'HasSpill': {
          const spilled: boolean[] = []
          eachCell(box(), (at, across) => spilled.push(sheet.spills.some((area) => meet(area, boxOf(at, across)))))
          return shared(spilled)
        }
        case 'Values':
          return matrix((at, across) => cellAt(sheet, at, across).value)
        case 'Formulas':
          return matrix((at, across) => cellAt(sheet, at, across).formula)
        case 'NumberFormat':
          return matrix((at, across) => cellAt(sheet, at, across).format)
        case 'Text':
          return matrix((at, across) => {
            const { value, format } = cellAt(sheet, at, across)
            return typeof value === 'number' && format.endsWith('%') ? `${value * 100}%` : String(value)
          })
        case 'ValueTypes':
          return matrix((at, across) => typeOf(cellAt(sheet, at, across).value))
        case 'Worksheet':
          return sheetObject(world, sheet)
        case 'Format':
          return formatObject(() => {
            const locked: boolean[] = []
            eachCell(box(), (at, across) => locked.push(cellAt(sheet, at, across).isLocked))
            return shared(locked)
          })
        default:
          return unknown('Range', name)
      }
    },
    set(name, value) {
      switch (name) {
        case 'Values':
        case 'Formulas':
          // A range with one locked cell in it is refused as a whole.
          eachCell(box(), mayEnter)
          return setCells(value, (row, column, input) => {
            world.trace.cellsWritten++
            enter(sheet, row, column, input)
          })
        case 'NumberFormat':
          if (sheet.isProtected && !sheet.mayFormat) throw new GridError('AccessDenied')
          return setCells(value, (row, column, input) => putCell(sheet, row, column, { format: String(input) }))
        default:
          return unknown('Range', name)
      }
    },
    call(name, args) {
      const { row, column, rows, columns } = box()
      switch (name) {
        case '_KeepReference':
          if (reference === null) {
            reference = `range-${references.size}-${Math.random().toString(36).slice(2)}`
            references.set(reference, self)
            workbook.kept.add(kept)
          }
          return NOTHING
        case '_ValidateArraySize':
          if (args[0] !== rows || args[1] !== columns) throw new GridError('InvalidArgument')
          return NOTHING
        case 'GetCell':
          return from(boxOf(row + Number(args[0]), column + Number(args[1])))
        case 'GetCellProperties':
          return {
            result: matrix((at, across) => {
              return { format: { protection: { locked: cellAt(sheet, at, across).isLocked, formulaHidden: false } } }
            }),
          }
        case 'GetRow':
          return from(boxOf(row + Number(args[0]), column, 1, columns))
        case 'GetColumn':
          return from(boxOf(row, column + Number(args[0]), rows, 1))
        case 'GetOffsetRange':
          return from(boxOf(row + Number(args[0]), column + Number(args[1]), rows, columns))
        case 'GetResizedRange':
          return from(boxOf(row, column, rows + Number(args[0]), columns + Number(args[1])))
        case 'GetEntireColumn':
          return from(boxOf(0, column, ROWS_MAX, columns))
        case 'GetEntireRow':
          return from(boxOf(row, 0, rows, COLUMNS_MAX))
        case 'GetBoundingRect': {
          const other = (args[0] as RangeObject).kept.box!
          const [top, left] = [Math.min(row, other.row), Math.min(column, other.column)]
          return from(
            boxOf(
              top,
              left,
              Math.max(row + rows, other.row + other.rows) - top,
              Math.max(column + columns, other.column + other.columns) - left,
            ),
          )
        }
        case 'GetIntersection':
        case 'GetIntersectionOrNullObject': {
          const met = meet(box(), (args[0] as RangeObject).kept.box!)
          if (!met && name === 'GetIntersection') throw new GridError('ItemNotFound')
          return met && from(met)
        }
        case 'GetUsedRangeOrNullObject': {
          const used = usedBox(sheet)
          const met = used && meet(box(), used)
          return met && from(met)
        }
        case 'GetSpillingToRangeOrNullObject': {
          const spilling = sheet.spills.find((area) => area.row === row && area.column === column)
          return spilling && rows * columns === 1 ? from(spilling) : null
        }
        case 'GetVisibleView': {
          const hidden = [...sheet.hidden].filter((at) => at >= row && at < row + rows).length
          return {
            identity: () => ({}),
            get: (member: string) => (member === 'RowCount' ? rows - hidden : unknown('RangeView', member)),
            call: (member: string) => unknown('RangeView', member),
          }
        }
        case 'GetTables':
          return tablesObject(world, () =>
            sheet.tables.filter((table) => meet(table, box())).map((table) => ({ sheet, table })),
          )
        case 'GetMergedAreasOrNullObject': {
          const merged = sheet.merged.filter((area) => meet(area, box()))
          return merged.length > 0 ? areasObject(world, sheet, merged) : null
        }
        case 'Select':
          workbook.active = sheet
          workbook.areas = [box()]
          world.selected()
          return NOTHING
        case 'Clear':
          eachCell(meet(box(), usedBox(sheet) ?? boxOf(0, 0)) ?? boxOf(row, column), (at, across) => {
            mayEnter(at, across)
            const format = args[0] === 'Contents' ? {} : { format: 'General' }
            putCell(sheet, at, across, { value: '', formula: '', ...format })
          })
          return NOTHING
        default:
          return unknown('Range', name)
      }
    },
  }
  return self
}

function formatObject(isLocked: () => boolean | null): GridObject {
  return {
    identity: () => ({}),
    get: (name) =>
      name === 'Protection'
        ? ({
            identity: () => ({}),
            get: (member) => (member === 'Locked' ? isLocked() : unknown('FormatProtection', member)),
            call: (member) => unknown('FormatProtection', member),
          } satisfies GridObject)
        : unknown('RangeFormat', name),
    call: (name) => unknown('RangeFormat', name),
  }
}

function typeOf(value: string | number | boolean): string {
  if (value === '') return 'Empty'
  if (typeof value === 'number') return 'Double'
  if (typeof value === 'boolean') return 'Boolean'
  return ERROR_TEXT.test(value) ? 'Error' : 'String'
}

function partsObject(world: World, list: () => Workbook['parts']): GridObject {
  const { workbook } = world
  const partObject = (part: Workbook['parts'][number]): GridObject => ({
    identity: () => ({ Id: part.id }),
    get(name) {
      if (name === 'Id') return part.id
      return name === 'NamespaceUri' ? namespaceOf(part.xml) : unknown('CustomXmlPart', name)
    },
    call(name, args) {
      switch (name) {
        case 'GetXml':
          return { result: part.xml }
        case 'SetXml':
          part.xml = String(args[0])
          return NOTHING
        case 'Delete':
          workbook.parts = workbook.parts.filter((other) => other !== part)
          return NOTHING
        default:
          return unknown('CustomXmlPart', name)
      }
    },
  })
  return {
    identity: () => ({}),
    items: () => list().map(partObject),
    get: (name) => unknown('CustomXmlPartCollection', name),
    call(name, args) {
      switch (name) {
        case 'Add': {
          const part = {
            id: `{PART-${workbook.parts.length}-${Math.random().toString(36).slice(2)}}`,
            xml: String(args[0]),
          }
          workbook.parts = [...workbook.parts, part]
          return partObject(part)
        }
        case 'GetByNamespace':
          return partsObject(world, () => workbook.parts.filter((part) => namespaceOf(part.xml) === args[0]))
        case 'GetOnlyItemOrNullObject': {
          const parts = list()
          if (parts.length > 1) throw new GridError('GeneralException')
          return parts[0] ? partObject(parts[0]) : null
        }
        case 'GetItem':
        case 'GetItemOrNullObject': {
          const found = list().find((part) => part.id === args[0])
          if (!found && name === 'GetItem') throw new GridError('ItemNotFound')
          return found ? partObject(found) : null
        }
        default:
          return unknown('CustomXmlPartCollection', name)
      }
    },
  }
}

function namespaceOf(xml: string): string {
  return /xmlns="([^"]*)"/.exec(xml)?.[1] ?? ''
}
