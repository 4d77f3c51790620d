/** The question of the trade view, as HSTRADE takes it: asked by the pane, or put into the sheet as a formula. */
import type { CellValue } from '../../tariff-code.ts'

export interface TradeWish {
  /** A code's digits or a product's name, as typed. */
  product: string
  role: 'exporter' | 'importer'
  /** Days as 2026-03-01; '' for the usual period. */
  from: string
  to: string
}

/** Without what goes without saying at the end, as a person would type it. */
export function tradeArguments({ product, role, from, to }: TradeWish): CellValue[] {
  const given = [product.trim(), role, from, to]
  while (given.length > 2 && given.at(-1) === '') given.pop()
  return given.length === 2 && role === 'exporter' ? given.slice(0, 1) : given
}

export function tradeFormula(wish: TradeWish): string {
  const written = tradeArguments(wish).map((value) => `"${String(value).replaceAll('"', '""')}"`)
  return `=HSTRADE(${written.join(',')})`
}
