/** A good reply with one leaf replaced, as text: some of what can stand in JSON cannot be made by JSON.stringify. */

export type Path = readonly (string | number)[]

/** What a leaf is replaced by, as it stands in the JSON. */
export const HOSTILE_LEAVES: readonly string[] = [
  '"=HYPERLINK(1)"',
  '"the =HYPERLINK(1)"',
  '"<img src=x onerror=1>"',
  '"&lt;img src=x onerror=1&gt;"',
  String.raw`"\u0000\u202e"`,
  `"${'9'.repeat(13)}"`,
  `"${'x'.repeat(10_000)}"`,
  'null',
  '{}',
  '-1',
  '1e309',
]

const MARK = '\u0001hostile\u0001'

/**
 * Leaves of a reply, of each kind of place the first and the last one: a list of a hundred alike says no more than two of them.
 * @param max how many at most, spread evenly.
 */
export function leavesOf(reply: unknown, max: number): Path[] {
  const places = new Map<string, Path[]>()
  for (const path of walk(reply, [])) {
    const place = path.map((step) => (typeof step === 'number' ? '*' : step)).join('/')
    places.set(place, [...(places.get(place) ?? []), path])
  }
  const paths = [...places.values()].flatMap((alike) => (alike.length === 1 ? alike : [alike[0]!, alike.at(-1)!]))
  const step = Math.max(1, paths.length / max)
  return Array.from({ length: Math.min(max, paths.length) }, (_, at) => paths[Math.floor(at * step)]!)
}

export function replaceLeaf(reply: unknown, path: Path, hostile: string): string {
  return JSON.stringify(put(reply, path)).replace(JSON.stringify(MARK), () => hostile)
}

/** Whether a leaf stands in an item that has neighbours. */
export function hasNeighbours(reply: unknown, path: Path): boolean {
  let value = reply
  for (const step of path) {
    if (Array.isArray(value) && value.length > 1) return true
    value = (value as Record<string | number, unknown>)[step]
  }
  return false
}

function walk(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries: (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value)
  return entries.flatMap(([step, inner]) => walk(inner, [...path, step]))
}

function put(value: unknown, [step, ...rest]: Path): unknown {
  if (step === undefined) return MARK
  if (Array.isArray(value)) return value.map((inner: unknown, at) => (at === step ? put(inner, rest) : inner))
  const object = value as Record<string, unknown>
  return { ...object, [step]: put(object[step], rest) }
}
