export interface Column<Row> {
  title: string
  /** Numbers stand to the right. */
  value: (row: Row) => string | number | null
}

// Chinese, Japanese and Korean letters take two places on a terminal.
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g

/** Lines of a table for a terminal, the titles first. @param empty what is said in the place of a table without rows. */
export function printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], empty: string): string[] {
  if (rows.length === 0) return [empty]
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ value }) => printable(value(row) ?? '-'))),
  ]
  const isNumber = columns.map(({ value }) => rows.every((row) => typeof (value(row) ?? 0) === 'number'))
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => width(line[at]!))))
  return cells.map((line) =>
    line
      .map((text, at) => {
        const space = ' '.repeat(widths[at]! - width(text))
        return isNumber[at] ? space + text : text + space
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Without the characters that move a terminal's cursor or change its colours: names come from elsewhere. */
export function printable(value: string | number): string {
  return String(value).replaceAll(/\p{Cc}|\p{Cf}/gu, ' ')
}

/** Minutes, in universal time. */
export function printTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function width(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0)
}
