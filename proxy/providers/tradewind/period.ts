/** The days a question about trade covers. Trade data lag, so what is not said ends with the last whole month. */
import { failure, type Failure } from '../../../shared/error-codes.ts'

/** ISO days, both counted. */
export interface Period {
  from: string
  to: string
}

/**
 * A year's worth of days where an end is not given: `to` ends it, or the last day of the month before this one does.
 * @param now milliseconds; the day it falls on is read in UTC.
 * @returns `future-period` when nothing has been traded yet since `from`.
 */
export function periodOf(asked: { from: string | null; to: string | null }, now: number): Period | Failure {
  const today = printDay(now)
  if (asked.to !== null) return { from: asked.from ?? yearEndingWith(asked.to), to: asked.to }
  const monthEnd = lastMonthEnd(now)
  if (asked.from === null) return { from: yearEndingWith(monthEnd), to: monthEnd }
  if (asked.from <= monthEnd) return { from: asked.from, to: monthEnd }
  if (asked.from <= today) return { from: asked.from, to: today }
  return failure('future-period', { from: asked.from })
}

function lastMonthEnd(now: number): string {
  const date = new Date(now)
  return printDay(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 0))
}

/** The first of the days that make a year up to and with `to`: 2024-04-19 for 2025-04-18, 2023-03-01 for 2024-02-29. */
function yearEndingWith(to: string): string {
  const end = new Date(`${to}T00:00:00Z`)
  // The day after, a year before: the other order would count a 29 February that has no place in this year.
  const after = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth(), end.getUTCDate() + 1))
  return printDay(Date.UTC(after.getUTCFullYear() - 1, after.getUTCMonth(), after.getUTCDate()))
}

function printDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
