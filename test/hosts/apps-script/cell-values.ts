/** How Google Sheets reads what is put into a cell, and shows what is in it. */
import { asNumber, cellAt, meet, boxOf, putCell, type GridCell, type Sheet } from '../excel-workbook.ts'

export type Input = string | number | boolean | Date | null

/** What a formula shows until it is calculated. */
export const LOADING = 'Loading...'

const DAY_MS = 86_400_000
/** Days from 30 December 1899 to 1 January 1970. */
const EPOCH_DAYS = 25_569

export function serialOf(date: Date): number {
  return date.getTime() / DAY_MS + EPOCH_DAYS
}
function dateOf(serial: number): Date {
  return new Date(Math.round((serial - EPOCH_DAYS) * DAY_MS))
}
function isDateFormat(format: string): boolean {
  return /[yd]/i.test(format) && !format.includes('0')
}

/** What becomes of an entry, set by a script or typed by a person. Dates are of UTC, as is the script. */
export function enter(sheet: Sheet, row: number, column: number, input: Input, locale: string): void {
  const merged = sheet.merged.find((box) => meet(box, boxOf(row, column)))
  // Behind the first cell of a merged area nothing can be stored.
  if (merged && (merged.row !== row || merged.column !== column)) return
  const put = (value: GridCell['value'], format?: string): void =>
    putCell(sheet, row, column, { value, formula: noFormula(value), ...(format === undefined ? {} : { format }) })
  const { format } = cellAt(sheet, row, column)
  if (input === null || input === '') return put('')
  if (input instanceof Date) return put(serialOf(input), isDateFormat(format) ? undefined : 'yyyy-mm-dd')
  if (format === '@') return put(typeof input === 'boolean' ? String(input).toUpperCase() : withoutMark(String(input)))
  if (typeof input !== 'string') return put(input)
  if (input.startsWith("'")) return put(withoutMark(input))
  if (input.startsWith('=') && input.length > 1) {
    return putCell(sheet, row, column, { value: LOADING, formula: formulaIn(locale, input) })
  }
  const text = input.trim()
  if (/^(?:true|false)$/i.test(text)) return put(text.toLowerCase() === 'true')
  const number = numberIn(text, locale)
  if (number !== null) return put(number, text.endsWith('%') && format === 'General' ? percentOf(text) : undefined)
  const date = dateIn(text, locale)
  if (date) return put(serialOf(date.date), format === 'General' ? date.format : undefined)
  put(input)
}

/** An apostrophe in front says that a text follows, and is none of it. */
function withoutMark(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text
}

/** A text that begins with = and is none stands behind an apostrophe, as in the formula bar. */
export function noFormula(value: GridCell['value']): GridCell['value'] {
  return typeof value === 'string' && value.startsWith('=') ? `'${value}` : value
}

function numberIn(text: string, locale: string): number | null {
  if (decimalOf(locale) === '.') return asNumber(text)
  return /^[-+]?[\d\s\u00A0\u202F]*,?\d+%?$/.test(text) ? asNumber(text.replaceAll(/\s/g, '').replace(',', '.')) : null
}

function percentOf(text: string): string {
  return /[.,]/.test(text) ? '0.00%' : '0%'
}

function dateIn(text: string, locale: string): { date: Date; format: string } | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  if (iso) return dayOf(iso[1], iso[2], iso[3], 'yyyy-mm-dd')
  const local = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text)
  if (!local) return null
  return locale === 'en_US'
    ? dayOf(local[3], local[1], local[2], 'm/d/yyyy')
    : dayOf(local[3], local[2], local[1], 'dd/mm/yyyy')
}

function dayOf(year = '', month = '', day = '', format = ''): { date: Date; format: string } | null {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) ? { date, format } : null
}

const UNQUOTED_SEPARATOR = /"(?:[^"]|"")*"|'(?:[^']|'')*'|[,;]/g

/** What sets arguments apart: a comma, but where that is in numbers. */
export function separatorOf(locale: string): ',' | ';' {
  return decimalOf(locale) === '.' ? ',' : ';'
}

/** A formula as Sheets keeps it: a semicolon is taken everywhere, and shown as the locale writes it. */
export function formulaIn(locale: string, formula: string): string {
  return formula.replaceAll(UNQUOTED_SEPARATOR, (found) => (found === ';' ? separatorOf(locale) : found))
}

function decimalOf(locale: string): string {
  const parts = new Intl.NumberFormat(locale.replace('_', '-')).formatToParts(1.5)
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.'
}

/** As `getValues` gives it. */
export function scriptValue({ value, format }: GridCell): string | number | boolean | Date {
  return typeof value === 'number' && isDateFormat(format) ? dateOf(value) : value
}

/** As a person sees it. Of number formats: percents, fixed decimals, thousands, and days. */
export function display({ value, format }: GridCell, locale: string): string {
  if (typeof value === 'boolean') return String(value).toUpperCase()
  if (typeof value === 'string') return value
  if (isDateFormat(format)) return displayDay(dateOf(value), format)
  const decimals = /0(?:\.([0#]+))?(%?)$/.exec(format)
  if (!decimals) return String(value).replace('.', decimalOf(locale))
  const [, places = '', percent = ''] = decimals
  const text = new Intl.NumberFormat(locale.replace('_', '-'), {
    minimumFractionDigits: places.replaceAll('#', '').length,
    maximumFractionDigits: places.length,
    useGrouping: format.includes(','),
  }).format(percent ? value * 100 : value)
  return text + percent
}

function displayDay(date: Date, format: string): string {
  const [year = '', month = '', day = ''] = date.toISOString().slice(0, 10).split('-')
  const parts: Record<string, string> = {
    yyyy: year,
    mm: month,
    m: String(Number(month)),
    dd: day,
    d: String(Number(day)),
  }
  return format.replaceAll(/y+|m+|d+/gi, (part) => parts[part.toLowerCase()] ?? part)
}
