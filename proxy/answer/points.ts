/** What an answer costs, in whole points. 1 CNY = 50 points. The one table of prices. */
// One upstream look-up is one point; what the house knows by itself is free, and so are memory and remembered answers.
const FREE_PROVIDERS: ReadonlySet<string> = new Set(['embedded'])
const POINTS_PER_LOOKUP = 1

/** Of one answer of this provider. */
export function pointsFor(provider: string): number {
  return FREE_PROVIDERS.has(provider) ? 0 : POINTS_PER_LOOKUP
}
