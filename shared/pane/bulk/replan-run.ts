/** The plan of a run that another pane began, made again from what was kept of it and from what stands in the sheet now. */
import type { CellValue } from '../../tariff-code.ts'
import { NEVER_HELD, type SpreadsheetHost } from '../spreadsheet-host.ts'
import { alignRows } from './align-rows.ts'
import { readKeys } from './follow-rows.ts'
import type { KeptRun } from './kept-run.ts'
import { OUTPUTS } from './output-columns.ts'
import { goodsAt, guardColumnsOf, readCells, type RunPlan } from './plan-run.ts'

// Rows inserted or deleted above while no pane was looking.
const MARGIN_ROWS = 500

/**
 * Rows that are not found again keep no text: they are answered, and never written.
 * @returns `rowsBelow`: how far rows were pushed down behind where the region would end.
 */
export async function replanRun(
  host: Pick<SpreadsheetHost, 'read'>,
  kept: KeptRun,
): Promise<{ plan: RunPlan; rowsBelow: number }> {
  const guardColumns = guardColumnsOf(kept.setup)
  const above = Math.min(MARGIN_ROWS, kept.setup.firstRow)
  const row = kept.setup.firstRow - above
  const rows = kept.setup.rows + above + MARGIN_ROWS
  const found = await readKeys(host, { sheet: kept.setup.sheet, row, rows }, guardColumns)
  const places = alignRows(kept.keys, found)
  // The region as a whole has moved as far as its first row that is found.
  const anchor = places.findIndex((place) => place !== null)
  const moved = anchor < 0 ? 0 : row + places[anchor]! - (kept.setup.firstRow + anchor)
  const cells = await readCells({ host, setup: { ...kept.setup, firstRow: row, rows } })
  const isNamed = (at: number): boolean =>
    OUTPUTS.some((output) => (cells.get(kept.setup.outputs[output] ?? -1)?.[at - row] ?? '') !== '')
  const setup = {
    ...kept.setup,
    firstRow: kept.setup.firstRow + moved,
    headerRow: headerRowNow(kept.setup.headerRow, moved, (at) => isNamed(at) && !places.includes(at - row)),
  }
  const keptColumns = new Map(kept.kept)
  const last = places.findLast((place) => place !== null) ?? 0
  const plan: RunPlan = {
    setup,
    guardColumns,
    keys: kept.keys,
    blanks: kept.blanks,
    keptRows: kept.keptRows,
    filledCells: 0,
    rows: kept.ats.map((at, n) => {
      const place = places[at] ?? null
      const cellAt = (column: number): CellValue => (place === null ? '' : (cells.get(column)?.[place] ?? ''))
      return {
        n,
        at,
        goods: goodsAt(setup, cellAt, at),
        // A guard that no cell matches.
        guard: place === null ? guardColumns.map(() => NEVER_HELD) : guardColumns.map(cellAt),
        kept: keptColumns.get(n) ?? [],
      }
    }),
  }
  return { plan, rowsBelow: Math.max(0, row + last + 1 - (setup.firstRow + setup.rows)) }
}

/** Rows inserted right below the header move the rows, and not it. @param isHeader its columns to fill were named when the run began. */
function headerRowNow(was: number | null, moved: number, isHeader: (row: number) => boolean): number | null {
  if (was === null || moved === 0) return was
  return [was + moved, was].find(isHeader) ?? null
}
