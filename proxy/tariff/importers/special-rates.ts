/** One rate of the United States' "Special" column and the programmes that get it. */
export interface SpecialRate {
  rate: string
  /** Programme symbols as in General Note 3(c): `A*`, `CL`, `S+`. */
  programmes: string[]
}

const SYMBOL = /^[A-Z]{1,2}[+*]?$/u

/**
 * Reads a special rate text: `Free (A+,AU,BH) 3.2% (KR)` is two rates.
 * A bracket that lists anything but programme symbols belongs to the words of the rate: "(see U.S. note 3) (B,C)".
 * @returns nothing where the text names no programme ("No change"): it then holds for the column as a whole.
 */
export function parseSpecialRates(text: string): SpecialRate[] {
  const found: SpecialRate[] = []
  let rateStart = 0
  for (const match of text.matchAll(/\((?<list>[^()]*)\)+/gu)) {
    const programmes = (match.groups?.['list'] ?? '').split(',').map((symbol) => symbol.trim())
    const symbols = programmes.filter((symbol) => symbol !== '')
    if (symbols.length === 0 || !symbols.every((symbol) => SYMBOL.test(symbol))) continue
    // Revision 4 prints "(PA (PA)" once: the first of a doubled bracket is part of neither rate nor list.
    const rate = text
      .slice(rateStart, match.index)
      .replace(/\(\s*[A-Z]{1,2}[+*]?\s*$/u, '')
      .trim()
    if (rate !== '') found.push({ rate, programmes: symbols })
    rateStart = match.index + match[0].length
  }
  return found
}
