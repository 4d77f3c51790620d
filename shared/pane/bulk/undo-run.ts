/** How cells stood before a run wrote into them, and back. In memory only: it goes with the pane. */
import type { CellValue } from '../../tariff-code.ts'
import type { Place, SpreadsheetHost } from '../spreadsheet-host.ts'
import { besideEachOther, type RowsFollowed, type Sight } from './follow-rows.ts'
import type { RowToWrite } from './write-rows.ts'

export interface RunUndo {
  /** Keeps how the cells of these rows stand; a row that it knows already keeps its first. */
  remember(sight: Sight, rows: readonly { row: number; written: RowToWrite }[]): Promise<void>
  /** What these rows show now, because it was written. */
  wrote(rows: readonly RowToWrite[]): void
  /** @returns cells put back, and cells left alone because a person changed them since. */
  undo(rows: RowsFollowed): Promise<{ restored: number; changed: number }>
  /** Whether there is anything to take back. */
  readonly hasWritten: boolean
}

interface Kept {
  at: number
  before: Map<number, { formula: CellValue; format: string }>
  /** As written last, by column. */
  after: Map<number, CellValue>
}

/** Rows between that are read with the others: asking a spreadsheet once more takes longer. */
const GAP_ROWS_MAX = 50

/** Of the header row, which is no row of the run. */
export const HEADER_N = -1

export function createRunUndo(host: Pick<SpreadsheetHost, 'readAsTheyStand' | 'restore' | 'cellsPerWrite'>): RunUndo {
  const kept = new Map<number, Kept>()

  return {
    async remember(sight, rows) {
      const fresh = rows.filter(({ written }) =>
        written.cells.some(({ column }) => !kept.get(written.n)?.before.has(column)),
      )
      for (const run of runsOf(fresh, ({ row }) => row, GAP_ROWS_MAX)) {
        const first = run[0]!.row
        const columns = [...new Set(run.flatMap(({ written }) => written.cells.map(({ column }) => column)))]
        for (const block of besideEachOther(columns)) {
          const column = sight.columnOf(block.column)
          if (column === null) continue
          const place: Place = {
            sheet: sight.sheet,
            row: first,
            rows: run.at(-1)!.row - first + 1,
            column,
            columns: block.columns,
          }
          const cells = await host.readAsTheyStand(place)
          for (const { row, written } of run) {
            const keep = kept.get(written.n) ?? { at: written.at, before: new Map(), after: new Map() }
            kept.set(written.n, keep)
            for (let across = 0; across < block.columns; across++) {
              if (keep.before.has(block.column + across)) continue
              keep.before.set(block.column + across, {
                formula: cells.formulas[row - first]?.[across] ?? '',
                format: cells.formats[row - first]?.[across] ?? 'General',
              })
            }
          }
        }
      }
    },
    wrote(rows) {
      for (const { n, cells } of rows) {
        for (const { column, value } of cells) kept.get(n)?.after.set(column, value)
      }
    },
    async undo(rows) {
      const sight = await rows.realign()
      let [restored, changed] = [0, 0]
      const placed: { row: number; keep: Kept }[] = []
      for (const [n, keep] of kept) {
        if (keep.after.size === 0) continue
        const row = n === HEADER_N ? sight.headerRow : sight.rowOf(keep.at)
        if (row === null) changed += keep.after.size
        else placed.push({ row, keep })
      }
      placed.sort((one, other) => one.row - other.row)
      for (const run of runsOf(placed, ({ row }) => row, 0, shapeOf)) {
        for (const block of besideEachOther([...run[0]!.keep.after.keys()])) {
          const column = sight.columnOf(block.column)
          if (column === null) {
            changed += block.columns * run.length
            continue
          }
          const rowsPerCall = Math.max(1, Math.floor(host.cellsPerWrite / block.columns))
          for (let from = 0; from < run.length; from += rowsPerCall) {
            const some = run.slice(from, from + rowsPerCall)
            const columns = Array.from({ length: block.columns }, (_, across) => block.column + across)
            const report = await host.restore(
              {
                place: { sheet: sight.sheet, row: some[0]!.row, rows: some.length, column, columns: block.columns },
                formulas: some.map(({ keep }) => columns.map((one) => keep.before.get(one)?.formula ?? '')),
                formats: some.map(({ keep }) => columns.map((one) => keep.before.get(one)?.format ?? 'General')),
              },
              some.map(({ keep }) => columns.map((one) => keep.after.get(one) ?? '')),
            )
            restored += report.restored
            changed += report.changed
          }
        }
      }
      kept.clear()
      return { restored, changed }
    },
    get hasWritten() {
      for (const { after } of kept.values()) if (after.size > 0) return true
      return false
    },
  }
}

function shapeOf({ keep }: { keep: Kept }): string {
  return [...keep.after.keys()].sort((one, other) => one - other).join(' ')
}

/** Parts of a list whose rows lie together, with at most `gapMax` others between two of them, and are of one shape. */
function runsOf<Item>(
  items: readonly Item[],
  rowOf: (item: Item) => number,
  gapMax: number,
  shape: (item: Item) => string = () => '',
): Item[][] {
  const runs: Item[][] = []
  for (const item of items) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    const isNear = last !== undefined && rowOf(item) - rowOf(last) <= gapMax + 1
    if (run && isNear && shape(last) === shape(item)) run.push(item)
    else runs.push([item])
  }
  return runs
}
