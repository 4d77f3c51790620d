import type { Place, SpreadsheetHost } from './spreadsheet-host.ts'

// Columns that are looked at; behind them nobody looks.
const COLUMNS_TRIED = 20

/** @returns the first column from `place.column` on that is empty in the rows of `place`. */
export async function findEmptyColumn(
  host: Pick<SpreadsheetHost, 'read'>,
  place: Place,
  signal: AbortSignal,
): Promise<number> {
  const cells = await host.read({ ...place, columns: COLUMNS_TRIED }, { signal })
  const free = Array.from({ length: COLUMNS_TRIED }, (_, at) => at).find((at) =>
    cells.every((row) => (row[at] ?? '') === ''),
  )
  return place.column + (free ?? COLUMNS_TRIED)
}
