/** Whether a part of a sheet names its columns, where nothing but its cells can tell. */
import type { Region } from './spreadsheet-host.ts'

/** @param top its first row. @param isTitled whether the spreadsheet itself says so, as of a table; left out: all texts, not all empty. */
export function headersOf(
  top: readonly unknown[],
  rows: number,
  isTitled: boolean = rows > 1 && top.some((value) => value !== '') && top.every((value) => typeof value === 'string'),
): Pick<Region, 'hasHeaders' | 'headers'> {
  return { hasHeaders: isTitled, headers: top.map((value) => (isTitled ? String(value) : '')) }
}
