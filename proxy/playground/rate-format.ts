/** Rates as percentages: a rate in a cell nobody formatted shows as many decimals as it has, 18%, 16.5%, 6.25%. */

// A rate is never negative: the second section only marks the format as ours, to be changed when the rate in the cell changes.
const OURS = /^0(?:\.0+)?%;-0(?:\.0+)?%$/
// Below the digits that a fraction gains when it is read as a binary number.
const DECIMALS_MAX = 6

/** @param rate 0.165 is 16.5 %. @returns a number format. */
export function rateFormat(rate: number): string {
  const decimals = /\.(\d*?)0*$/.exec((rate * 100).toFixed(DECIMALS_MAX))?.[1] ?? ''
  const section = decimals === '' ? '0%' : `0.${'0'.repeat(decimals.length)}%`
  return `${section};-${section}`
}

/** The format of a cell after a calculation; null for none. A format of somebody else's stays. */
export function formatFor(cell: { has: string | null; brought: string | null; value: unknown }): string | null {
  const { has, brought, value } = cell
  if (has === null) return brought
  if (!OURS.test(has)) return has
  // Not a text: a code under a percentage would be read as a number.
  return typeof value === 'number' ? rateFormat(value) : null
}
