/** Puts answers beside their rows: in blocks of one shape, at the pace a spreadsheet likes, never over a row that says something else now. */
import { pause, type Clock } from '../../clock.ts'
import type { CellValue } from '../../tariff-code.ts'
import type { SpreadsheetHost } from '../spreadsheet-host.ts'
import type { CellToFill } from './fill-cells.ts'
import type { RowsFollowed, Sight } from './follow-rows.ts'

export interface RowToWrite {
  n: number
  /** Among all rows of the region. */
  at: number
  guard: readonly CellValue[]
  cells: readonly CellToFill[]
}

export interface WriteRowsDeps {
  host: Pick<SpreadsheetHost, 'write' | 'cellsPerWrite'>
  clock: Clock
  rows: RowsFollowed
  guardColumns: readonly number[]
  pace: Pace
  /** Called with rows and where they are, just before they are written. */
  remember: (sight: Sight, rows: readonly { row: number; written: RowToWrite }[]) => Promise<void>
  /** Called as soon as they are written, so that what follows can fail without these being written again. */
  onWritten: (rows: readonly RowToWrite[]) => void
}

export interface RowsWritten {
  written: number[]
  /** They say something else now, or are gone. */
  moved: number[]
}

/** When something was written last. */
export interface Pace {
  lastAt: number | null
}

const BETWEEN_WRITES_MS = 500

export async function writeRows(deps: WriteRowsDeps, rows: readonly RowToWrite[]): Promise<RowsWritten> {
  const first = await writeAt(deps, await deps.rows.look(), rows)
  if (first.moved.length === 0) return first
  const left = new Set(first.moved)
  const again = await writeAt(
    deps,
    await deps.rows.realign(),
    rows.filter(({ n }) => left.has(n)),
  )
  return { written: [...first.written, ...again.written], moved: again.moved }
}

async function writeAt(deps: WriteRowsDeps, sight: Sight, rows: readonly RowToWrite[]): Promise<RowsWritten> {
  const result: RowsWritten = { written: [], moved: [] }
  const guardColumns = deps.guardColumns.map((column) => sight.columnOf(column))
  const isGuarded = guardColumns.every((column) => column !== null)
  for (const shape of shapesOf(rows)) {
    const columns = shape.cells.map(({ column, format }) => ({ column: sight.columnOf(column), format }))
    const placed = shape.rows.map((row) => ({ ...row, row: sight.rowOf(row.at) }))
    if (!isGuarded || columns.some(({ column }) => column === null)) {
      result.moved.push(...placed.map(({ n }) => n))
      continue
    }
    result.moved.push(...placed.filter(({ row }) => row === null).map(({ n }) => n))
    const here = placed.filter(({ row }) => row !== null).sort((one, other) => one.row! - other.row!)
    const rowsPerWrite = Math.max(1, Math.floor(deps.host.cellsPerWrite / Math.max(1, columns.length)))
    for (let from = 0; from < here.length; from += rowsPerWrite) {
      const some = here.slice(from, from + rowsPerWrite)
      await keepPace(deps)
      await deps.remember(
        sight,
        some.map((one) => ({ row: one.row!, written: one })),
      )
      const report = await deps.host.write({
        sheet: sight.sheet,
        columns: columns.map(({ column, format }) => ({ column: column!, format })),
        guardColumns: guardColumns.filter((column) => column !== null),
        rows: some.map(({ row, guard, cells }) => ({
          row: row!,
          guard: [...guard],
          values: cells.map(({ value }) => (value === '' ? null : value)),
        })),
      })
      const written = new Set(report.written)
      for (const { n, row } of some) (written.has(row!) ? result.written : result.moved).push(n)
      deps.onWritten(some.filter(({ row }) => written.has(row!)))
    }
  }
  return result
}

async function keepPace({ clock, pace }: WriteRowsDeps): Promise<void> {
  const wait = pace.lastAt === null ? 0 : pace.lastAt + BETWEEN_WRITES_MS - clock.now()
  if (wait > 0) await pause(clock, wait)
  pace.lastAt = clock.now()
}

/** Rows that fill the same columns in the same formats can be written at once. */
function shapesOf(rows: readonly RowToWrite[]): { cells: readonly CellToFill[]; rows: RowToWrite[] }[] {
  const shapes = new Map<string, { cells: readonly CellToFill[]; rows: RowToWrite[] }>()
  for (const row of rows) {
    const key = row.cells.map(({ column, format }) => `${column} ${format}`).join(' ')
    const shape = shapes.get(key)
    if (shape) shape.rows.push(row)
    else shapes.set(key, { cells: row.cells, rows: [row] })
  }
  return [...shapes.values()]
}
