/**
 * The answers of a bulk run written into Excel: the add-in's own host, Microsoft's own script in Chromium, a workbook in memory at the
 * other end. What Excel itself takes for it is not in these figures; what it is asked to take is.
 */
import type { RowsToWrite } from '../../shared/pane/spreadsheet-host.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { openBrowser } from '../hosts/browser.ts'
import type { Sync } from '../hosts/excel-grid.ts'
import { openExcelPage } from '../hosts/excel-page-host.ts'
import { atMost, below, exactly, forTheRecord, ratio, seconds, whole, type Figure } from './figure.ts'
import { productTexts } from './sample-goods.ts'

const ROWS = 10_000
const SHEET = 'Products'
// Code, label, confidence, MFN rate, best preference, what to review.
const COLUMNS: RowsToWrite['columns'] = [
  { column: 1, format: 'text' },
  { column: 2, format: 'text' },
  { column: 3, format: 'percent' },
  { column: 4, format: 'percent' },
  { column: 5, format: 'percent' },
  { column: 6, format: 'text' },
]
export const CELLS_PER_SYNC = 1500
export const SYNC_BYTES_MAX = 5e6
export const kilobytes = (bytes: number): string => `${whole(bytes / 1000)} kB`

export async function measureExcelWrite(): Promise<Figure[]> {
  const browser = await openBrowser()
  try {
    const page = await openExcelPage(browser)
    const texts = productTexts(ROWS)
    const workbook = [{ name: SHEET, rows: texts.map((text) => [text]) }]
    const values = (row: number): CellValue[] => [
      `61091000${String(row % 100).padStart(2, '0')}`,
      `label of tariff item ${row % 400}`,
      0.87,
      0.18,
      0,
      row % 9 === 0 ? 'low confidence' : '',
    ]

    const { host, grid } = await page.open(workbook)
    // The listener of the selection is taken on first.
    await host.selection()
    grid.syncs.length = 0
    const rowsPerCall = Math.floor(host.cellsPerWrite / COLUMNS.length)
    const began = performance.now()
    let written = 0
    for (let from = 0; from < ROWS; from += rowsPerCall) {
      const rows = texts
        .slice(from, from + rowsPerCall)
        .map((text, at) => ({ row: from + at, guard: [text], values: values(from + at) }))
      written += (await host.write({ sheet: SHEET, columns: COLUMNS, guardColumns: [0], rows })).written.length
    }
    const took = (performance.now() - began) / 1000
    if (grid.person.value(SHEET, ROWS - 1, 1) !== values(ROWS - 1)[0])
      throw new Error('the last row is not in the sheet')

    const plain = await page.open(workbook)
    await plain.host.selection()
    plain.grid.syncs.length = 0
    const plainBegan = performance.now()
    await page.writeAtOnce(
      SHEET,
      1,
      Array.from({ length: ROWS }, (_, row) => values(row)),
    )
    const plainTook = (performance.now() - plainBegan) / 1000

    const of = `${whole(ROWS)} rows × ${COLUMNS.length} columns into Excel`
    return [
      exactly(`Rows filled of ${of}`, written, ROWS, whole),
      atMost(`Most cells in a sync of ${of}`, mostCells(grid.syncs), CELLS_PER_SYNC, whole),
      below(`Largest sync of ${of}, request or reply`, largestSync(grid.syncs), SYNC_BYTES_MAX, kilobytes),
      atMost(`Syncs of ${of}, looking and writing`, grid.syncs.length, 2 * Math.ceil(ROWS / rowsPerCall), whole),
      forTheRecord(`Time of ${of}`, took, seconds, `${whole(ROWS / took)} rows a second`),
      forTheRecord(
        'Time of that, of the same in one sync that looks at nothing',
        took / plainTook,
        ratio,
        `one sync of ${kilobytes(largestSync(plain.grid.syncs))}`,
      ),
    ]
  } finally {
    await browser.close()
  }
}

export function mostCells(syncs: readonly Sync[]): number {
  return Math.max(...syncs.map(({ cellsWritten }) => cellsWritten))
}

/** In bytes, of what was sent and what came back. */
export function largestSync(syncs: readonly Sync[]): number {
  return Math.max(...syncs.flatMap(({ requestBytes, responseBytes }) => [requestBytes, responseBytes]))
}
