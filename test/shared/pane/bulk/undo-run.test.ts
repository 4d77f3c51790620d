import { expect, test } from 'vitest'
import type { RowsFollowed, Sight } from '../../../../shared/pane/bulk/follow-rows.ts'
import { createRunUndo } from '../../../../shared/pane/bulk/undo-run.ts'
import type { RowToWrite } from '../../../../shared/pane/bulk/write-rows.ts'
import { createMemoryHost } from '../../../../shared/pane/memory-host.ts'

const ROWS = 10_000
const COLUMNS = [1, 2, 3, 4, 5, 6]
const LABEL = 'T-shirts, singlets and other vests, of cotton, knitted'

test('what is kept of 10,000 rows by 6 columns fits where it is kept, and brings every cell back', async () => {
  const host = createMemoryHost([{ name: 'S', rows: Array.from({ length: ROWS }, (_, row) => [`goods ${row}`]) }])
  const sight: Sight = { sheet: 'S', rowOf: (at) => at, columnOf: (column) => column, headerRow: null }
  const rows: RowsFollowed = { look: async () => sight, realign: async () => sight, release: async () => {} }
  const texts: string[] = []
  const undo = createRunUndo(host, (text) => texts.push(text))
  for (let from = 0; from < ROWS; from += 250) {
    const some = Array.from({ length: 250 }, (_, at): RowToWrite => {
      const cells = COLUMNS.map((column) => ({ column, format: 'text' as const, value: LABEL }))
      return { n: from + at, at: from + at, guard: [], cells }
    })
    await undo.remember(
      sight,
      some.map((written) => ({ row: written.at, written })),
    )
    await host.write({
      sheet: 'S',
      columns: COLUMNS.map((column) => ({ column, format: 'text' })),
      guardColumns: [],
      rows: some.map(({ at, cells }) => ({ row: at, guard: [], values: cells.map(({ value }) => value) })),
    })
    undo.wrote(some)
  }
  // The shelf holds thirty million characters.
  expect(texts.reduce((sum, text) => sum + text.length, 0)).toBeLessThan(10_000_000)

  const next = createRunUndo(host, () => {})
  next.load(texts)
  expect(next.written).toBe(ROWS * COLUMNS.length)
  expect(await next.undo(rows)).toEqual({ restored: ROWS * COLUMNS.length, changed: 0 })
  expect(host.person.value('S', ROWS - 1, 6)).toBeNull()
})
