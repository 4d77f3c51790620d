/** The table of HSTRADE as rows to draw. Kept while other parts of the pane are open: it may have cost a point. */
import type { AnswerSource, Cell } from '../../protocol.ts'
import type { TradeWish } from './trade-question.ts'

export interface TradeRow {
  country: string
  /** Part of all trades by their number, 0–1: never by value. */
  share: number
  /** null where they are not known. */
  trades: number | null
  sellers: number | null
  buyers: number | null
  /** All countries that are not listed. */
  isOther: boolean
}

export interface TradeLook {
  wish: TradeWish
  rows: TradeRow[]
  source: AnswerSource | null
  points: number
}

/** Rows whose share is no number are left out. */
export function toTradeRows(table: readonly (readonly Cell[])[]): TradeRow[] {
  return table.flatMap(([country = '', share, trades, sellers, buyers], at) => {
    if (typeof share !== 'number') return []
    const counts = { trades: readCount(trades), sellers: readCount(sellers), buyers: readCount(buyers) }
    // Only the row for all others, the last, has neither sellers nor buyers: they would be counted twice.
    const isOther = at === table.length - 1 && counts.sellers === null && counts.buyers === null && at > 0
    return [{ country: String(country), share, ...counts, isOther }]
  })
}

function readCount(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null
}

/** Width of a row's bar, 0–1: the longest is whole, so that small countries can be told apart. */
export function barOf({ share }: TradeRow, rows: readonly TradeRow[]): number {
  const largest = Math.max(...rows.map((row) => row.share))
  return largest > 0 ? share / largest : 0
}
