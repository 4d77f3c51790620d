/** A column of codes as it stands: its values, and what a spreadsheet hides behind them. */
import type { CellValue } from '../../tariff-code.ts'
import type { Place, SpreadsheetHost } from '../spreadsheet-host.ts'

export interface ColumnCell {
  /** A date is its day as 2021-01-01: its number would be taken for a code. */
  value: CellValue
  /** As the sheet has it, to compare with. */
  held: CellValue
  isFormula: boolean
}

export async function readColumn(
  host: SpreadsheetHost,
  place: Place,
  { signal, onProgress = () => {} }: { signal: AbortSignal; onProgress?: (rows: number) => void },
): Promise<ColumnCell[]> {
  const values = await host.read(place, { signal, onProgress })
  const { formulas, formats } = await host.readAsTheyStand(place, { signal })
  return values.map((row, at) => {
    const held = row[0] ?? ''
    const format = formats[at]?.[0] ?? ''
    const formula = formulas[at]?.[0]
    const isDate = typeof held === 'number' && isDateFormat(format)
    return {
      value: isDate ? dayOf(held) : held,
      held,
      isFormula: format !== '@' && typeof formula === 'string' && formula.startsWith('='),
    }
  })
}

/** Codes of a format stand outside of quotes, brackets and escapes: `[Red]0 "days"` shows a number. */
function isDateFormat(format: string): boolean {
  return /[dy]/i.test(format.replaceAll(/"[^"]*"|\[[^\]]*\]|\\./g, ''))
}

const DAY_MS = 24 * 3600 * 1000

/** Of a day's number as spreadsheets count: from the last days of 1899, because Lotus 1-2-3 took 1900 for a leap year. */
function dayOf(serial: number): string {
  const day = new Date(Date.UTC(1899, 11, 30) + Math.floor(serial) * DAY_MS)
  return Number.isNaN(day.getTime()) ? String(serial) : day.toISOString().slice(0, 10)
}
