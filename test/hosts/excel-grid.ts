/// <reference lib="dom" />
/**
 * Excel without Excel, for the pane: an in-memory workbook at the other end of the pipe that Microsoft's own `excel-web-16.00.js`
 * speaks through, a global `_richApiNativeBridge`. The workbook lives in the test and not in the page, so a pane can be closed and opened
 * again, and one workbook can be open in two panes. It is the client half of Excel: it calculates nothing.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { rootFolder } from '../../proxy/root-folder.ts'
import type { Place } from '../../shared/pane/spreadsheet-host.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { workbookObject, type GridObject, type Trace, type World } from './excel-objects.ts'
import {
  boxOf,
  cellAt,
  createWorkbook,
  deleteRows,
  eachCell,
  enter,
  findSheet,
  GridError,
  insertColumns,
  insertRows,
  mergeCells,
  parseAddress,
  putCell,
  removeSheet,
  ROWS_MAX,
  spill,
  type Box,
  type GridSheet,
  type Sheet,
} from './excel-workbook.ts'

export type { GridSheet } from './excel-workbook.ts'

/** What one `context.sync()` sent and got. */
export interface Sync extends Trace {
  requestBytes: number
  responseBytes: number
  /** Whether Excel would forget what a person could undo. */
  losesUndo: boolean
  /** The error code it was answered with, or null. */
  refused: string | null
}

export interface ExcelGrid {
  /** Lets the page's Office.js speak to this workbook. Call it before the page loads. */
  attach(page: Page): Promise<void>
  /** One message of the pipe, and its reply. */
  answer(text: string): Promise<string>
  /** Pages that are told of what is selected. */
  readonly pages: Set<Page>
  /** Every sync since it was opened, or since it was emptied: `syncs.length = 0`. */
  readonly syncs: Sync[]
  /** Ranges that Excel keeps for a pane, and pays for, until they are let go. */
  readonly rangesKept: number
  /** The next `times` syncs that write are refused with this code, such as ActivityLimitReached. */
  refuse(code: string, times?: number): void
  /** Runs once, between the next two syncs: what a colleague does at the worst moment. */
  betweenSyncs(act: () => void): void
  /** What one request or reply may hold; 5 MB, as Excel on the web. */
  payloadBytesMax: number
  person: GridPerson
}

/** What somebody at the keyboard does. Sheets go by name or id; rows and columns count from 0. */
export interface GridPerson {
  select(place: Place): void
  /** Several ranges with the Ctrl key. */
  selectAreas(places: Place[]): void
  /** By their letters. */
  selectColumns(sheet: string, first: number, count?: number): void
  /** A picture or a chart. */
  selectPicture(): void
  type(sheet: string, row: number, column: number, value: CellValue): void
  /** What a formula comes to. */
  calculate(sheet: string, row: number, column: number, value: CellValue): void
  /** What a formula comes to that fills cells beside its own. */
  spill(sheet: string, row: number, column: number, values: CellValue[][]): void
  /** null: empty. */
  value(sheet: string, row: number, column: number): CellValue
  formula(sheet: string, row: number, column: number): CellValue
  format(sheet: string, row: number, column: number): string
  setFormat(place: Place, format: string): void
  insertRows(sheet: string, row: number, count: number): void
  deleteRows(sheet: string, row: number, count: number): void
  insertColumns(sheet: string, column: number, count: number): void
  /** By a filter, or by hand. */
  hide(sheet: string, row: number): void
  protect(sheet: string, isProtected: boolean, options?: { mayFormat?: boolean }): void
  /** Cells that may be edited on a protected sheet. */
  unlock(place: Place): void
  /** Such as A2:B3; null takes every merge of the sheet apart. */
  merge(sheet: string, address: string | null): void
  rename(sheet: string, name: string): void
  deleteSheet(sheet: string): void
  /** Opens a cell for typing, or leaves it. */
  edit(isEditing: boolean): void
  /** Where the selection is now. */
  selection(): { sheet: string; areas: Box[] }
  /** Pages opened outside of the pane. */
  readonly opened: string[]
}

const PAYLOAD_BYTES_MAX = 5 * 1024 * 1024
const DELAY_FOR_CELL_EDIT = 64
const WRITES = 1
const UNDOABLE = 16
const SELECTION_CHANGED = 2

export function openExcelGrid(given: readonly GridSheet[]): ExcelGrid {
  const workbook = createWorkbook(given)
  const references: World['references'] = new Map()
  const pages = new Set<Page>()
  const syncs: Sync[] = []
  const refusals: string[] = []
  const opened: string[] = []
  const world: World = { workbook, references, trace: untouched(), selected }
  let meanwhile: (() => void) | null = null
  let edited: { done: Promise<void>; leave: () => void } | null = null

  const grid: ExcelGrid = {
    attach: (page) => attachGrid(page, () => grid),
    answer,
    pages,
    syncs,
    get rangesKept() {
      return references.size
    },
    refuse: (code, times = 1) => void refusals.push(...Array.from({ length: times }, () => code)),
    betweenSyncs: (act) => {
      meanwhile = act
    },
    payloadBytesMax: PAYLOAD_BYTES_MAX,
    person: createPerson(),
  }
  return grid

  async function answer(text: string): Promise<string> {
    const { id, flags, message } = JSON.parse(text) as Message
    if (flags & DELAY_FOR_CELL_EDIT) await edited?.done
    const trace = untouched()
    world.trace = trace
    const requestBytes = Buffer.byteLength(text)
    const refused = refusalOf(requestBytes, flags)
    const body: Body = refused === null ? perform(message.body) : {}
    const error = refused ?? body.Error?.Code ?? null
    const reply = JSON.stringify(body)
    const isTooLarge = Buffer.byteLength(reply) > grid.payloadBytesMax
    const code = isTooLarge ? 'ResponsePayloadSizeLimitExceeded' : refused
    syncs.push({
      ...trace,
      requestBytes,
      responseBytes: Buffer.byteLength(reply),
      losesUndo: (flags & WRITES) !== 0 && (flags & UNDOABLE) === 0,
      refused: code ?? error,
    })
    const act = meanwhile
    meanwhile = null
    act?.()
    return JSON.stringify({
      id,
      type: 2,
      message: code
        ? { statusCode: 400, headers: {}, body: JSON.stringify({ error: { code, message: code } }) }
        : { statusCode: 200, headers: {}, body: reply },
    })
  }

  function refusalOf(requestBytes: number, flags: number): string | null {
    if (edited) return 'InvalidOperationInCellEditMode'
    if (requestBytes > grid.payloadBytesMax) return 'RequestPayloadSizeLimitExceeded'
    return flags & WRITES ? (refusals.shift() ?? null) : null
  }

  /** Actions run in order; the first that fails ends the request, and what was done before it stays done, as in Excel. */
  function perform({ Actions, ObjectPaths }: Query): Body {
    const find = createResolver(world, ObjectPaths)
    const Results: Result[] = []
    const TraceIds: number[] = []
    for (const [ActionIndex, action] of Actions.entries()) {
      try {
        Results.push({ ActionId: action.Id, Value: act(world, find, action) })
        if (action.ActionType === TRACE) TraceIds.push(action.Id)
      } catch (error) {
        const Code = error instanceof GridError ? error.code : 'GeneralException'
        const Message = error instanceof Error ? error.message : String(error)
        return { Results, TraceIds, Error: { Code, Message, ActionIndex, HttpStatusCode: 400, Location: action.Name } }
      }
    }
    return { Results, TraceIds }
  }

  function selected(): void {
    const entries = [{ messageCategory: 65_536, messageType: SELECTION_CHANGED, targetId: '', message: '{}' }]
    for (const page of pages) {
      // A page that is closing no longer listens.
      void page.evaluate(tellPane(JSON.stringify({ type: 3, message: { entries } }))).catch(() => undefined)
    }
  }

  function createPerson(): GridPerson {
    const sheetOf = (key: string): Sheet => {
      const sheet = findSheet(workbook, key)
      if (!sheet) throw new Error(`there is no sheet ${key}`)
      return sheet
    }
    const select = (sheet: Sheet, areas: Box[]): void => {
      Object.assign(workbook, { active: sheet, areas })
      selected()
    }
    const shown = (value: string | number | boolean): CellValue => (value === '' ? null : value)
    return {
      select: ({ sheet, ...box }) => select(sheetOf(sheet), [box]),
      selectAreas: (places) =>
        select(
          sheetOf(places[0]!.sheet),
          places.map(({ row, column, rows, columns }) => boxOf(row, column, rows, columns)),
        ),
      selectColumns: (sheet, first, count = 1) => select(sheetOf(sheet), [boxOf(0, first, ROWS_MAX, count)]),
      selectPicture: () => select(workbook.active, []),
      type: (sheet, row, column, value) => enter(sheetOf(sheet), row, column, value ?? ''),
      calculate: (sheet, row, column, value) => putCell(sheetOf(sheet), row, column, { value: value ?? '' }),
      spill: (sheet, row, column, values) => spill(sheetOf(sheet), row, column, values),
      value: (sheet, row, column) => shown(cellAt(sheetOf(sheet), row, column).value),
      formula: (sheet, row, column) => shown(cellAt(sheetOf(sheet), row, column).formula),
      format: (sheet, row, column) => cellAt(sheetOf(sheet), row, column).format,
      setFormat: ({ sheet, ...box }, format) =>
        eachCell(box, (row, column) => putCell(sheetOf(sheet), row, column, { format })),
      insertRows: (sheet, row, count) => insertRows(workbook, sheetOf(sheet), row, count),
      deleteRows: (sheet, row, count) => deleteRows(workbook, sheetOf(sheet), row, count),
      insertColumns: (sheet, column, count) => insertColumns(workbook, sheetOf(sheet), column, count),
      hide: (sheet, row) => void sheetOf(sheet).hidden.add(row),
      protect: (sheet, isProtected, { mayFormat = false } = {}) =>
        void Object.assign(sheetOf(sheet), { isProtected, mayFormat }),
      unlock: ({ sheet, ...box }) =>
        eachCell(box, (row, column) => putCell(sheetOf(sheet), row, column, { isLocked: false })),
      merge(key, address) {
        const sheet = sheetOf(key)
        if (address === null) sheet.merged = []
        else mergeCells(sheet, parseAddress(address))
      },
      rename: (sheet, name) => void Object.assign(sheetOf(sheet), { name }),
      deleteSheet: (sheet) => removeSheet(workbook, sheetOf(sheet)),
      edit(isEditing) {
        if (isEditing === (edited !== null)) return
        const before = edited
        edited = isEditing ? untilLeft() : null
        before?.leave()
      },
      selection: () => ({ sheet: workbook.active.name, areas: workbook.areas }),
      opened,
    }
  }
}

/** Lets the page's Office.js speak to whichever workbook is open in it. */
export async function attachGrid(page: Page, current: () => ExcelGrid): Promise<void> {
  await page.exposeFunction('tariffcellGridRequest', (text: string) => current().answer(text))
  await page.exposeFunction('tariffcellGridOpened', (url: string) => current().person.opened.push(url))
  await page.addInitScript(PIPE)
  current().pages.add(page)
  page.on('close', () => current().pages.delete(page))
}

function untouched(): Trace {
  return { cellsWritten: 0, isCalculationSuspended: false, methods: [] }
}

function untilLeft(): { done: Promise<void>; leave: () => void } {
  let leave!: () => void
  const done = new Promise<void>((resolve) => {
    leave = resolve
  })
  return { done, leave }
}

interface Message {
  id: number
  flags: number
  message: { body: Query }
}
interface Query {
  Actions: Action[]
  ObjectPaths: Record<string, ObjectPath>
}
interface Arguments {
  Arguments?: unknown[]
  /** Beside the arguments: the path of an object that stands there, or 0. */
  ReferencedObjectPathIds?: (number | unknown[])[]
}
interface Action {
  Id: number
  ActionType: number
  Name: string
  ObjectPathId: number
  ArgumentInfo?: Arguments
  QueryInfo?: { Select?: string[] }
}
interface ObjectPath {
  Id: number
  ObjectPathType: number
  Name: string
  ParentObjectPathId?: number
  ArgumentInfo?: Arguments
}
interface Result {
  ActionId: number
  Value: unknown
}
interface Body {
  Results?: Result[]
  TraceIds?: number[]
  Error?: { Code: string; Message: string; ActionIndex: number; HttpStatusCode: number; Location: string }
}

const [INSTANTIATE, QUERY, METHOD, SET_PROPERTY, TRACE] = [1, 2, 3, 4, 5]
const [GLOBAL, METHOD_PATH, PROPERTY_PATH, INDEXER_PATH, REFERENCE_PATH, NULL_PATH] = [1, 3, 4, 5, 6, 7]

type Find = (pathId: number) => GridObject | null

/** An object is looked up when it is first mentioned, and is the same for the rest of the request. */
function createResolver(world: World, paths: Query['ObjectPaths']): Find {
  const found = new Map<number, GridObject | null>()
  const find: Find = (pathId) => {
    if (!found.has(pathId)) found.set(pathId, resolve(pathId))
    return found.get(pathId) ?? null
  }
  function resolve(pathId: number): GridObject | null {
    const path = paths[pathId]
    if (!path) throw new GridError('InvalidObjectPath')
    if (path.ObjectPathType === GLOBAL) return workbookObject(world)
    if (path.ObjectPathType === NULL_PATH) return null
    if (path.ObjectPathType === REFERENCE_PATH) {
      const range = world.references.get(path.Name)
      if (!range) throw new GridError('InvalidObjectPath')
      return range
    }
    const parent = find(path.ParentObjectPathId ?? 0)
    if (!parent) return null
    if (path.ObjectPathType === PROPERTY_PATH) return parent.get(path.Name) as GridObject
    const name = path.ObjectPathType === INDEXER_PATH ? 'GetItem' : path.Name
    if (path.ObjectPathType !== INDEXER_PATH && path.ObjectPathType !== METHOD_PATH) {
      throw new GridError('NotImplemented', `object path of type ${path.ObjectPathType}`)
    }
    world.trace.methods.push(name)
    const reached = parent.call(name, argumentsOf(find, path.ArgumentInfo))
    if (reached && 'result' in reached) throw new GridError('NotImplemented', `${name} leads to no object`)
    return reached
  }
  return find
}

function argumentsOf(find: Find, { Arguments = [], ReferencedObjectPathIds = [] }: Arguments = {}): unknown[] {
  return Arguments.map((argument, at) => {
    const pathId = ReferencedObjectPathIds[at]
    return typeof pathId === 'number' && pathId > 0 ? find(pathId) : argument
  })
}

function act({ trace }: World, find: Find, action: Action): unknown {
  if (action.ActionType === TRACE) return null
  const object = find(action.ObjectPathId)
  if (!object) return null
  switch (action.ActionType) {
    case INSTANTIATE:
      return object.identity()
    case QUERY:
      return query(object, action.QueryInfo?.Select ?? [])
    case SET_PROPERTY: {
      if (!object.set) throw new GridError('ApiNotFound', `${action.Name} cannot be set`)
      object.set(action.Name, argumentsOf(find, action.ArgumentInfo)[0])
      return null
    }
    case METHOD: {
      trace.methods.push(action.Name)
      const reached = object.call(action.Name, argumentsOf(find, action.ArgumentInfo))
      return reached && 'result' in reached ? reached.result : null
    }
    default:
      throw new GridError('NotImplemented', `action of type ${action.ActionType}`)
  }
}

/** @param select as `values`, `worksheet/name`. */
function query(object: GridObject, select: string[]): object {
  if (object.items) return { _Items: object.items().map((item) => ({ ...item.identity(), ...query(item, select) })) }
  const answer: Record<string, unknown> = object.identity() as Record<string, unknown>
  const parts = new Map<string, string[]>()
  for (const path of select) {
    const [first = '', ...rest] = path.split(/[/.]/)
    const name = first.slice(0, 1).toUpperCase() + first.slice(1)
    if (rest.length === 0) answer[name] = object.get(name)
    else parts.set(name, [...(parts.get(name) ?? []), rest.join('/')])
  }
  for (const [name, inner] of parts) answer[name] = query(object.get(name) as GridObject, inner)
  return answer
}

// In the page, before its scripts: Microsoft's script takes the pipe when it loads. Scripts of the page are texts here, because what a
// loader makes of a function's source does not always run in another place.
const PIPE = `
  window._richApiNativeBridge = {
    onMessageFromHost: null,
    sendMessageToHost(text) {
      window.tariffcellGridRequest(text).then((reply) => this.onMessageFromHost(reply))
    },
  }`

function tellPane(text: string): string {
  return `window._richApiNativeBridge?.onMessageFromHost?.(${JSON.stringify(text)})`
}

const OFFICE_FILE = 'node_modules/@microsoft/office-js/dist/excel-web-16.00.debug.js'

export interface OfficeSurroundings {
  /** Address of the workbook, as Office gives it. */
  url?: string
  /** Requirement sets this Excel does not have, such as `OpenBrowserWindowApi`. */
  lacks?: string[]
}

/** Microsoft's script for Excel, and around it what office.js itself adds. */
export function officeScript(surroundings: OfficeSurroundings = {}): string {
  const { url = 'https://contoso.example/Products.xlsx', lacks = [] } = surroundings
  const file = join(rootFolder(), OFFICE_FILE)
  if (!existsSync(file))
    throw new Error(`${OFFICE_FILE} is missing: it comes with the devDependency @microsoft/office-js`)
  return `${readFileSync(file, 'utf8')}
  ;(() => {
    // Kept in the workbook by Excel.
    let startup = 'None'
    const lacks = ${JSON.stringify(lacks)}
    const context = {
      document: { url: ${JSON.stringify(url)} },
      displayLanguage: 'en-US',
      partitionKey: '',
      host: 'Excel',
      platform: 'OfficeOnline',
      requirements: { isSetSupported: (name) => !lacks.includes(name) },
      ui: { openBrowserWindow: (address) => window.tariffcellGridOpened(address) },
    }
    const info = { host: 'Excel', platform: 'OfficeOnline' }
    // Its own context cannot be replaced, and is empty without a host.
    window.Office = Object.create(Office, {
      context: { value: context },
      addin: {
        value: { getStartupBehavior: async () => startup, setStartupBehavior: async (chosen) => void (startup = chosen) },
      },
      onReady: { value: (callback) => Promise.resolve(info).then((info) => (callback?.(info), info)) },
    })
  })()`
}
