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

/** cyrb53 (public domain, github.com/bryc/code): quick, and spread well enough for names. */
function hash53(text: string): number {
  let one = 0xdeadbeef
  let two = 0x41c6ce57
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    one = Math.imul(one ^ code, 2654435761)
    two = Math.imul(two ^ code, 1597334677)
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909)
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909)
  return 4294967296 * (2097151 & two) + (one >>> 0)
}
