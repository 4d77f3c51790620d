/** A short name of what a row says, to find the row again when it has moved, and to see that it says something else now. */
import type { CellValue } from '../../tariff-code.ts'

// 8 of 36 signs: among 50,000 rows two different ones share a name once in two thousand sheets, and what is written is compared in full.
const SIGNS = 8

export function rowKey(cells: readonly CellValue[]): string {
  return hash53(JSON.stringify(cells.map((cell) => cell ?? '')))
    .toString(36)
    .padStart(SIGNS, '0')
    .slice(-SIGNS)
}

/** Two FNV-1a lanes of 32 bits with multipliers of their own: 53 bits, as many as a number holds exactly. Spread well enough for names. */
function hash53(text: string): number {
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x85ebca6b)
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0)
}
