/// <reference lib="dom" />

// Long enough for the browser to have begun reading it.
const KEPT_MS = 60_000

/** Hands a table to the person as a file. */
export function saveCsv(name: string, text: string): void {
  // Excel takes a CSV file for UTF-8 only with this mark.
  const file = new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS)
}
