/**
 * The add-in's asynchronous sheet functions behind a grid that calculates synchronously: the first call of a formula asks and
 * shows #BUSY!, the answer makes the grid calculate exactly the cells that waited for it.
 * (Registered as asynchronous functions, the grid would ask for one cell at a time and stop all cells at the first failure.)
 */
import { kindOfCode, failure, sentence } from '../../shared/error-codes.ts'
import type { FunctionName } from '../../shared/functions.ts'
import type { Matrix } from '../../shared/spread.ts'
import type { CellValue } from '../../shared/tariff-code.ts'

/** Where a formula stands; rows and columns count from 0. */
export interface Place {
  sheetId: string
  row: number
  column: number
}

/** What a failed cell shows, and the sentence behind it. */
export interface CellFailure {
  /** `#N/A` or `#VALUE!`. */
  shown: string
  /** Stable code and sentence, `TC-201 Too vague: …`. */
  message: string
}

export type HostCell = CellValue | CellFailure

/** The sheet functions of the add-in: ranges in, a matrix out whose failed cells are errors; a single failed cell throws. */
export type SheetFunctions = Readonly<Record<FunctionName, (...args: Matrix<CellValue>[]) => Promise<Matrix<unknown>>>>

export const BUSY = '#BUSY!'

export interface FunctionHost {
  /** @returns the cells of the formula's result, or BUSY when the answer is on its way. */
  call(name: FunctionName, args: readonly Matrix<CellValue>[], place: Place): Matrix<HostCell> | typeof BUSY
  /** An error that came in by an argument goes through, and takes its sentence along. */
  passOn(shown: string, place: Place, from: Place | null): void
  /** The failure a cell shows, for the status strip. */
  failureAt(place: Place): CellFailure | null
  /** Formulas that wait for an answer. */
  readonly waiting: number
  /** Asks again for the cells that show a failure: those that asking again can mend, or all, to read them in another language. */
  askAgain(which: 'service failures' | 'all failures'): void
  /** Another seat from now on: what was answered for the one before answers no cell that is calculated from now on. */
  forgetAnswers(): void
  /** A person looks at this sheet: formulas on it that were held back until now are asked. */
  sheetOpened(sheetId: string): void
  /** Rows or columns moved: no place is what it was. The grid calculates everything afterwards. */
  forgetPlaces(): void
}

export interface FunctionHostDeps {
  functions: SheetFunctions
  /** Makes the grid calculate the formulas in these places, and what depends on them. */
  recalculate: (places: readonly Place[]) => void
  /** A formula came to a failure that asking again can mend. */
  onServiceFailure?: (failed: CellFailure) => void
  /** Sheets whose formulas wait until a person opens the sheet. */
  askedWhenOpened?: readonly string[]
  now?: () => number
}

// Answers come line by line; the grid calculates them in groups, the first one soon.
const FIRST_CALCULATION_MS = 20
const CALCULATION_EVERY_MS = 150
// Long enough for the grid to fetch a failure it was told of, short enough to ask anew when the person does.
const FAILURE_KEPT_MS = 2_000
const RESULTS_MAX = 10_000

interface Result {
  /** null while the answer is on its way. */
  cells: Matrix<HostCell> | null
  waiting: Map<string, Place>
  keptUntil: number
}

export function createFunctionHost(deps: FunctionHostDeps): FunctionHost {
  const now = deps.now ?? Date.now
  const results = new Map<string, Result>()
  /** By the place that shows it; `place` is where the formula stands, which a spill shows in other cells too. */
  const failures = new Map<string, { place: Place; failed: CellFailure }>()
  const unopened = new Set(deps.askedWhenOpened)
  const heldBack = new Map<string, Place>()
  let due = new Map<string, Place>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let calculatedAt = 0

  function call(name: FunctionName, args: readonly Matrix<CellValue>[], place: Place): Matrix<HostCell> | typeof BUSY {
    if (unopened.has(place.sheetId)) {
      heldBack.set(placeKey(place), place)
      return BUSY
    }
    const key = JSON.stringify([name, args])
    let result = results.get(key)
    if (!result || result.keptUntil < now()) result = ask(key, name, args)
    if (result.cells) {
      remember(place, result.cells)
      return result.cells
    }
    result.waiting.set(placeKey(place), place)
    return BUSY
  }

  function ask(key: string, name: FunctionName, args: readonly Matrix<CellValue>[]): Result {
    const result: Result = { cells: null, waiting: new Map(), keptUntil: Infinity }
    results.delete(key)
    results.set(key, result)
    dropOldest()
    // HSPOINTS changes by itself; whoever calculates it later wants the new number.
    const isShortLived = name === 'HSPOINTS'
    void answerOf(name, args).then((cells) => settle(result, cells, isShortLived))
    return result
  }

  /** Never rejects. */
  async function answerOf(name: FunctionName, args: readonly Matrix<CellValue>[]): Promise<Matrix<HostCell>> {
    try {
      const cells = await deps.functions[name](...args)
      return cells.map((row) => row.map(toHostCell))
    } catch (error) {
      return [[toFailure(error)]]
    }
  }

  function settle(result: Result, cells: Matrix<HostCell>, isShortLived: boolean): void {
    const failed = cells.flat().find(isServiceFailure)
    result.cells = cells
    if (isShortLived || failed) result.keptUntil = now() + FAILURE_KEPT_MS
    calculate(result.waiting)
    result.waiting = new Map()
    if (failed) deps.onServiceFailure?.(failed)
  }

  function calculate(places: ReadonlyMap<string, Place>): void {
    for (const [key, place] of places) due.set(key, place)
    if (due.size === 0) return
    timer ??= setTimeout(flush, Math.max(FIRST_CALCULATION_MS, calculatedAt + CALCULATION_EVERY_MS - now()))
  }

  function flush(): void {
    timer = null
    calculatedAt = now()
    const places = [...due.values()]
    due = new Map()
    deps.recalculate(places)
  }

  /** Keeps the sentence of every failed cell of a formula, and lets go of the ones it no longer shows. */
  function remember(place: Place, cells: Matrix<HostCell>): void {
    failures.delete(placeKey(place))
    cells.forEach((row, down) =>
      row.forEach((cell, right) => {
        const key = placeKey({ sheetId: place.sheetId, row: place.row + down, column: place.column + right })
        if (isFailureCell(cell)) failures.set(key, { place, failed: cell })
        else failures.delete(key)
      }),
    )
  }

  function askAgain(which: 'service failures' | 'all failures'): void {
    const isMeant = which === 'all failures' ? isFailureCell : isServiceFailure
    for (const [key, { cells }] of results) if (cells?.some((row) => row.some(isMeant))) results.delete(key)
    const places = [...failures.values()].filter(({ failed }) => isMeant(failed)).map(({ place }) => place)
    calculate(new Map(places.map((place) => [placeKey(place), place])))
  }

  function sheetOpened(sheetId: string): void {
    if (!unopened.delete(sheetId)) return
    const waited = [...heldBack].filter(([, place]) => place.sheetId === sheetId)
    for (const [key] of waited) heldBack.delete(key)
    calculate(new Map(waited))
  }

  function dropOldest(): void {
    if (results.size <= RESULTS_MAX) return
    for (const [key, { cells }] of results) {
      if (!cells) continue
      results.delete(key)
      return
    }
  }

  return {
    call,
    passOn: (shown, place, from) => {
      // Without a cell it came from, the error was calculated inside this formula, and its sentence stands here already.
      if (!from) return
      const source = failures.get(placeKey(from))?.failed
      if (source) failures.set(placeKey(place), { place, failed: { ...source, shown } })
      else failures.delete(placeKey(place))
    },
    failureAt: (place) => failures.get(placeKey(place))?.failed ?? null,
    get waiting() {
      let count = 0
      for (const { waiting } of results.values()) count += waiting.size
      return count
    },
    askAgain,
    forgetAnswers: () => results.clear(),
    sheetOpened,
    forgetPlaces: () => {
      failures.clear()
      heldBack.clear()
      due.clear()
      for (const { waiting } of results.values()) waiting.clear()
    },
  }
}

export function isFailureCell(cell: HostCell): cell is CellFailure {
  return typeof cell === 'object' && cell !== null
}

/** @returns true for failures that asking again can mend: the proxy is away, no points are left, not connected. */
export function isServiceFailure(cell: HostCell): cell is CellFailure {
  return isFailureCell(cell) && kindOfCode(codeOf(cell)) === 'service'
}

/** The stable code, `TC-520`. */
export function codeOf({ message }: CellFailure): string {
  return message.split(' ', 1)[0] ?? ''
}

function placeKey({ sheetId, row, column }: Place): string {
  return `${sheetId} ${row} ${column}`
}

function toHostCell(cell: unknown): HostCell {
  if (cell === null || typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean') return cell
  return toFailure(cell)
}

/** What the add-in's error object carries; anything else is a bug of ours. */
function toFailure(error: unknown): CellFailure {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return { shown: error.code, message: error.message }
  }
  return { shown: '#N/A', message: sentence(failure('bug', { id: 'playground' })) }
}
