/** What every importer does with the lines it read, before they are a pack. */
import { NOT_KNOWN, type PackLine } from './pack.ts'

/** A line as the publisher prints it. `rates` has a text per treatment, '' where nothing is printed. */
export interface DraftLine {
  code: string
  units: readonly string[]
  rates: readonly string[]
  text: string | null
}

/** White space trimmed, every run of it one space: line ends and the ideographic space are white space too. */
export function collapse(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim()
}

/**
 * Puts each rate on the line it belongs to, without changing what any line pays.
 * A tariff's rates belong to its items (8 digits in Canada, the United States and China). Publishers also repeat them on the
 * statistical lines below, or print an item and its only statistical line as one; some lists name no item at all. So
 * - an item that is not printed is added, flagged as implied, and takes each rate that all of its lines print alike;
 * - a line below an item drops what it merely repeats.
 * @returns new lines, unsorted.
 */
export function arrangeLines(lines: readonly DraftLine[], itemDigits: number): PackLine[] {
  const printed = new Map(lines.map((line) => [line.code, line]))
  const below = new Map<string, DraftLine[]>()
  for (const line of lines) {
    if (line.code.length <= itemDigits) continue
    const item = line.code.slice(0, itemDigits)
    const siblings = below.get(item)
    if (siblings) siblings.push(line)
    else below.set(item, [line])
  }
  const implied = [...below].flatMap(([item, children]) => (printed.has(item) ? [] : [impliedItem(item, children)]))
  const items = new Map([...printed, ...implied.map((line) => [line.code, line] as const)])

  const arranged = [...lines, ...implied].map((line) => {
    const item = line.code.length > itemDigits ? items.get(line.code.slice(0, itemDigits)) : undefined
    const rates = item ? line.rates.map((text, column) => (text === item.rates[column] ? '' : text)) : line.rates
    return { ...line, rates, isImplied: !printed.has(line.code), isEmpty: false }
  })
  return markEmpty(arranged)
}

function impliedItem(code: string, children: readonly DraftLine[]): DraftLine {
  const [first, ...others] = children
  const rates = (first?.rates ?? []).map((text, column) =>
    others.every((child) => child.rates[column] === text) ? text : '',
  )
  return { code, units: [], rates, text: null }
}

/** Flags the lines at the bottom for which the publisher prints neither unit nor rate, there or above: leftovers, not goods. */
function markEmpty(lines: readonly PackLine[]): PackLine[] {
  const parents = new Set(lines.flatMap((line) => prefixes(line.code)))
  const speaking = new Set(lines.filter(says).map((line) => line.code))
  return lines.map((line) => {
    const isBottom = !parents.has(line.code)
    const isEmpty = isBottom && !says(line) && !prefixes(line.code).some((parent) => speaking.has(parent))
    return { ...line, isEmpty }
  })
}

function says(line: PackLine): boolean {
  return line.units.length > 0 || line.rates.some((text) => text !== '' && text !== NOT_KNOWN)
}

function prefixes(code: string): string[] {
  return Array.from({ length: Math.max(0, code.length - 2) }, (_, index) => code.slice(0, index + 2))
}
