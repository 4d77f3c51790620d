/** Where rows are now, after others were inserted, deleted or sorted between them. */

/**
 * @param expected keys of the rows as they stood.
 * @param found keys of the rows as they stand.
 * @returns for each expected row its place among those found, each taken at most once; null where it is gone. Of rows that say the
 * same, what they were answered is the same too: whichever of them is taken gets what is its own.
 */
export function alignRows(expected: readonly string[], found: readonly string[]): (number | null)[] {
  const places: (number | null)[] = Array.from(expected, () => null)
  const shorter = Math.min(expected.length, found.length)
  let top = 0
  while (top < shorter && expected[top] === found[top]) {
    places[top] = top
    top++
  }
  let bottom = 0
  while (bottom < shorter - top && expected.at(-1 - bottom) === found.at(-1 - bottom)) {
    places[expected.length - 1 - bottom] = found.length - 1 - bottom
    bottom++
  }
  const free = new Map<string, number[]>()
  for (let at = found.length - bottom - 1; at >= top; at--) {
    const key = found[at]!
    const stack = free.get(key)
    if (stack) stack.push(at)
    else free.set(key, [at])
  }
  for (let at = top; at < expected.length - bottom; at++) places[at] = free.get(expected[at]!)?.pop() ?? null
  return places
}
