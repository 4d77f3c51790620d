/** The usage export as text, page by page: for a file, a reply, or a pipe. */
import { stringify } from 'csv-stringify/sync'
import { USAGE_DAYS_MAX, type UsageFormat, type UsageLine } from '../../shared/usage-protocol.ts'
import type { UsageEntry } from './read-usage.ts'

const DAY_MS = 24 * 3600_000
const LINES_A_CHUNK = 200
// Without it Excel takes UTF-8 for the code page of its country, and Chinese for something else.
const BYTE_ORDER_MARK = '\uFEFF'

const COLUMNS: readonly { title: string; value: (line: UsageLine) => string | number | null }[] = [
  { title: 'at', value: ({ at }) => at },
  { title: 'kind', value: ({ kind }) => kind },
  { title: 'points', value: ({ points }) => points },
  { title: 'balance after', value: ({ balanceAfter }) => balanceAfter },
  { title: 'seat name', value: ({ seatName }) => seatName },
  { title: 'seat id', value: ({ seatId }) => seatId },
  { title: 'job id', value: ({ jobId }) => jobId },
  { title: 'held', value: ({ held }) => held },
  { title: 'ref', value: ({ ref }) => ref },
]

/** @param days UTC, as YYYY-MM-DD, both inclusive. @returns milliseconds, the end excluded; or what is wrong with them. */
export function readPeriod(days: { from: string; to: string }): { from: number; to: number } | string {
  const [from, to] = [dayStart(days.from), dayStart(days.to)]
  if (from === null || to === null) return 'from and to are days such as 2026-11-30'
  if (to < from) return 'from is after to'
  const count = (to - from) / DAY_MS + 1
  if (count > USAGE_DAYS_MAX) return `${count} days are asked for, at most ${USAGE_DAYS_MAX} can be exported at once`
  return { from, to: to + DAY_MS }
}

/** A file in pieces of at most {@link LINES_A_CHUNK} lines. */
export async function* printUsage(
  entries: AsyncIterable<UsageEntry>,
  format: UsageFormat,
): AsyncGenerator<string, void, void> {
  if (format === 'csv') yield BYTE_ORDER_MARK + printCsv([COLUMNS.map(({ title }) => title)])
  let lines: UsageLine[] = []
  const print = format === 'csv' ? (): string => printCsv(lines.map(toCells)) : (): string => lines.map(toJson).join('')
  for await (const entry of entries) {
    lines.push(toLine(entry))
    if (lines.length < LINES_A_CHUNK) continue
    yield print()
    lines = []
  }
  if (lines.length > 0) yield print()
}

function toLine({ createdAt, kind, points, balanceAfter, seatName, seatId, jobId, held, ref }: UsageEntry): UsageLine {
  return { at: new Date(createdAt).toISOString(), kind, points, balanceAfter, seatName, seatId, jobId, held, ref }
}

function toCells(line: UsageLine): (string | number | null)[] {
  return COLUMNS.map(({ value }) => value(line))
}

function toJson(line: UsageLine): string {
  return `${JSON.stringify(line)}\n`
}

/** A text that a spreadsheet would run gets an apostrophe in front; a number stays one. */
function printCsv(rows: readonly (string | number | null)[][]): string {
  return stringify([...rows], { escape_formulas: true, record_delimiter: '\r\n', cast: { string: quoteControls } })
}

/** Spreadsheets drop some characters at the front, and run what stands behind them. */
function quoteControls(text: string): string {
  return /^[\0\n\v\f \u00A0\u3000\uFEFF]+[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text
}

function dayStart(day: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  // The 31st of a month that has none is another day, or none.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? null : at
}
