/** How cells stood before a run wrote into them, and back. */
import * as z from 'zod/mini'
import { parseJson } from '../../parse-json.ts'
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
  /** What another pane kept of this run, in the order in which it was kept. */
  load(texts: readonly string[]): void
  /** Cells that were written. */
  readonly written: number
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

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
/** Of each row its n and place, and of each cell its column, how it stood and what was written. */
const keptRows = z.array(
  z.tuple([z.int(), z.int(), z.array(z.tuple([z.int(), z.object({ formula: scalar, format: z.string() }), scalar]))]),
)

/** @param keep called with what {@link RunUndo.load} takes, as soon as something is written. */
export function createRunUndo(
  host: Pick<SpreadsheetHost, 'readAsTheyStand' | 'restore' | 'cellsPerWrite'>,
  keep: (text: string) => void,
): RunUndo {
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
      const texts: z.infer<typeof keptRows> = []
      for (const { n, at, cells } of rows) {
        const before = kept.get(n)?.before
        for (const { column, value } of cells) kept.get(n)?.after.set(column, value)
        texts.push([
          n,
          at,
          cells.map(({ column, value }) => [column, before?.get(column) ?? { formula: '', format: 'General' }, value]),
        ])
      }
      if (texts.length > 0) keep(JSON.stringify(texts))
    },
    load(texts) {
      for (const text of texts) {
        const rows = z.safeParse(keptRows, parseJson(text))
        if (!rows.success) continue
        for (const [n, at, cells] of rows.data) {
          const row = kept.get(n) ?? { at, before: new Map(), after: new Map() }
          kept.set(n, row)
          for (const [column, before, after] of cells) {
            if (!row.before.has(column)) row.before.set(column, before)
            row.after.set(column, after)
          }
        }
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
    get written() {
      return [...kept.values()].reduce((sum, { after }) => sum + after.size, 0)
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
