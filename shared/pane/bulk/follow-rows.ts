/** Where a run's rows are now, while a person inserts, deletes and sorts around them. */
import { failure, FailureError } from '../../error-codes.ts'
import type { CellValue } from '../../tariff-code.ts'
import type { Followed, Place, SpreadsheetHost } from '../spreadsheet-host.ts'
import { alignRows } from './align-rows.ts'
import { rowKey } from './row-key.ts'

export interface RowsFollowed {
  /**
   * Where things are at this moment.
   * @throws {FailureError} `place-gone`
   */
  look(): Promise<Sight>
  /** Reads the rows again and finds each by what it says. */
  realign(): Promise<Sight>
  release(): Promise<void>
}

export interface Sight {
  sheet: string
  /** @param at among all rows of the region. @returns null: deleted, or it says something else. */
  rowOf(at: number): number | null
  /** @returns null: deleted, or no longer told apart from a column inserted beside it. */
  columnOf(column: number): number | null
  headerRow: number | null
}

export interface FollowRowsDeps {
  host: Pick<SpreadsheetHost, 'follow' | 'read'>
  sheet: string
  firstRow: number
  /** Of all rows of the region. */
  keys: readonly string[]
  /** Behind the last of them, where some were pushed to already. */
  rowsBelow: number
  headerRow: number | null
  guardColumns: readonly number[]
  outputColumns: readonly number[]
}

export async function followRows(deps: FollowRowsDeps): Promise<RowsFollowed> {
  const { host, sheet, firstRow, keys, guardColumns, outputColumns } = deps
  const top = deps.headerRow ?? firstRow
  const blocks = await Promise.all(
    besideEachOther([...guardColumns, ...outputColumns]).map(async ({ column, columns }) => {
      const place: Place = { sheet, row: top, rows: firstRow - top + keys.length + deps.rowsBelow, column, columns }
      return { place, followed: await host.follow(place) }
    }),
  )
  // Where rows were found, counted from where the block was then.
  let aligned: { places: (number | null)[]; blockRow: number; blockRows: number } | null = null

  async function whereBlocksAre(): Promise<Map<Block, Place>> {
    const now = new Map<Block, Place>()
    for (const block of blocks) {
      const place = await block.followed.place()
      if (place) now.set(block, place)
    }
    if (now.size === 0) throw new FailureError(failure('place-gone'))
    return now
  }
  function sightOf(now: ReadonlyMap<Block, Place>): Sight {
    const [place] = now.values()
    const { row: blockRow, rows: blockRows } = place!
    return {
      sheet,
      headerRow: deps.headerRow === null ? null : blockRow,
      rowOf(at) {
        if (aligned && aligned.blockRows === blockRows) {
          const found = aligned.places[at] ?? null
          return found === null ? null : found + blockRow - aligned.blockRow
        }
        return blockRow + firstRow - top + at
      },
      columnOf(column) {
        for (const [block, is] of now) {
          const was = block.place
          if (column < was.column || column >= was.column + was.columns) continue
          return is.columns === was.columns ? column + is.column - was.column : null
        }
        return null
      },
    }
  }

  return {
    look: async () => sightOf(await whereBlocksAre()),
    async realign() {
      const now = await whereBlocksAre()
      const [place] = now.values()
      const sight = sightOf(now)
      const columns = guardColumns.map((column) => sight.columnOf(column))
      const found = await readKeys(host, place!, columns)
      // A header is a row like any other here, and never one of those looked for unless it says the same.
      const from = deps.headerRow === null ? 0 : 1
      const places = alignRows(keys, found.slice(from)).map((at) => (at === null ? null : place!.row + from + at))
      aligned = { places, blockRow: place!.row, blockRows: place!.rows }
      return sightOf(now)
    },
    async release() {
      for (const { followed } of blocks) await followed.release()
    },
  }
}

interface Block {
  place: Place
  followed: Followed
}

/** Keys of what rows say now, by the columns that were read of them. */
export async function readKeys(
  host: Pick<SpreadsheetHost, 'read'>,
  { sheet, row, rows }: Pick<Place, 'sheet' | 'row' | 'rows'>,
  columns: readonly (number | null)[],
): Promise<string[]> {
  const cells: CellValue[][] = []
  for (const column of columns) {
    const read = column === null ? [] : await host.read({ sheet, row, rows, column, columns: 1 })
    cells.push(Array.from({ length: rows }, (_, at) => read[at]?.[0] ?? ''))
  }
  return Array.from({ length: rows }, (_, at) => rowKey(cells.map((column) => column[at] ?? '')))
}

/** As few blocks as hold these columns and no other. */
export function besideEachOther(columns: readonly number[]): { column: number; columns: number }[] {
  const blocks: { column: number; columns: number }[] = []
  for (const column of [...new Set(columns)].sort((one, other) => one - other)) {
    const last = blocks.at(-1)
    if (last && last.column + last.columns === column) last.columns++
    else blocks.push({ column, columns: 1 })
  }
  return blocks
}
