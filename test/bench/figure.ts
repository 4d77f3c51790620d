/** What the bench hands back: a number, what was aimed at, and how they are printed. */

/** A missed aim is told, never punished: the machine may be slow. A figure that cannot be measured is a throw. */
export interface Figure {
  name: string
  /** With its unit, as printed. */
  value: string
  /** null: for the record, nothing was aimed at. */
  aim: string | null
  isMet: boolean | null
}

type Print = (value: number) => string

export function atLeast(name: string, value: number, aim: number, print: Print, detail = ''): Figure {
  return { name, value: withDetail(print(value), detail), aim: `≥ ${print(aim)}`, isMet: value >= aim }
}

export function atMost(name: string, value: number, aim: number, print: Print, detail = ''): Figure {
  return { name, value: withDetail(print(value), detail), aim: `≤ ${print(aim)}`, isMet: value <= aim }
}

export function exactly(name: string, value: number, aim: number, print: Print, detail = ''): Figure {
  return { name, value: withDetail(print(value), detail), aim: `= ${print(aim)}`, isMet: value === aim }
}

export function below(name: string, value: number, aim: number, print: Print, detail = ''): Figure {
  return { name, value: withDetail(print(value), detail), aim: `< ${print(aim)}`, isMet: value < aim }
}

export function forTheRecord(name: string, value: number, print: Print, detail = ''): Figure {
  return { name, value: withDetail(print(value), detail), aim: null, isMet: null }
}

export const whole: Print = (value) => Math.round(value).toLocaleString('en-US')
export const ratio: Print = (value) => value.toFixed(2)
export const seconds: Print = (value) => `${value.toFixed(2)} s`
export const milliseconds: Print = (value) => `${value.toFixed(1)} ms`
export const times: Print = (value) => `${value.toFixed(1)} times`
export const megabytes: Print = (bytes) => `${whole(bytes / 1e6)} MB`
export const percent: Print = (share) => `${whole(share * 100)} %`

/** @param values at least one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** @param values at least one. @param share of them that is not above it, e.g. 0.99. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

/** A Markdown table that also reads well in a terminal. */
export function printTable(figures: readonly Figure[]): string {
  const rows = [
    ['Figure', 'Measured', 'Aim', ''],
    ...figures.map(({ name, value, aim, isMet }) => [name, value, aim ?? '–', verdict(isMet)]),
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(3, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const [header, ...body] = rows
  return [line(header!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}

function verdict(isMet: boolean | null): string {
  if (isMet === null) return ''
  return isMet ? 'ok' : 'missed'
}

function withDetail(value: string, detail: string): string {
  return detail === '' ? value : `${value} (${detail})`
}
