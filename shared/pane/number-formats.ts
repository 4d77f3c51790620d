/** Number formats in the notation that spreadsheets share. */
import type { NumberFormat } from './spreadsheet-host.ts'

export const NUMBER_FORMATS: Record<NumberFormat, string> = {
  text: '@',
  general: 'General',
  // At least one decimal: Excel would print a lone point after 18.
  percent: '0.0##%',
  number: '0.00',
  date: 'yyyy-mm-dd',
}
