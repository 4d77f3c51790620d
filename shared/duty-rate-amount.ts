/**
 * Figures of a rate text as numbers: decimal places are moved in the text, because 6.8 / 100 is not 0.068 in binary.
 */
import type { Country } from './country.ts'
import type { SpecificRate } from './duty-rate-algebra.ts'
import type { Token } from './duty-rate-notation.ts'
import { countOfUnit } from './duty-unit.ts'

/** The value of a number token, its decimal point moved `places` to the right: ("6.8", -2) is exactly 0.068. */
export function numberOf({ folded }: Token, places = 0): number {
  const mixed = /^(\d+) (\d+)\/(\d+)$/.exec(folded)
  if (mixed) {
    const [, whole, numerator, denominator] = mixed.map(Number) as [number, number, number, number]
    return (whole * denominator + numerator) / (denominator * 10 ** -places)
  }
  const tenThousands = folded.endsWith('万') ? 4 : 0
  return Number(`${folded.replaceAll(/[,万]/g, '')}e${places + tenThousands}`)
}

/** Dollars of the country whose tariff it is, and yen. `places`: cents are two places down. */
export function currencyOf({ folded }: Token, country: Country): { currency: string; places: number } | null {
  if (folded === '円' || folded === 'yen') return { currency: 'JPY', places: 0 }
  const dollars = DOLLARS[country]
  return dollars === undefined ? null : { currency: dollars, places: folded === '¢' ? -2 : 0 }
}

const DOLLARS: Readonly<Record<Country, string>> = { CA: 'CAD', US: 'USD' }

/** The unit a token counts by: "/1,000本", "each", "1kgにつき". `basis`: words around it that narrow what is counted. */
export function unitOf(token: Token): (Pick<SpecificRate, 'per' | 'unit' | 'unitText'> & { basis?: string }) | null {
  if (token.kind === 'per-before') {
    const [, basis = '', unitText = ''] = /^(.*?)1(kg|キログラム)/.exec(token.folded) ?? []
    const count = countOfUnit(unitText)
    return count && { ...count, unitText, ...(basis === '' ? {} : { basis }) }
  }
  const unitText = token.folded.replace(/^\/ ?/, '')
  const count = countOfUnit(unitText)
  return count && { ...count, unitText }
}
