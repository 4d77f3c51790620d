import { expect, test } from 'vitest'
import { FailureError, failureCode } from '../../../../shared/error-codes.ts'
import { printFrozen, readFrozen, type FrozenBatch } from '../../../../shared/pane/freeze/frozen-list.ts'

function batchOf(count: number, formula: (row: number) => string): FrozenBatch {
  const cells = Array.from({ length: count }, (_, row) => ({
    row,
    column: 1,
    formula: formula(row),
    format: 'General',
    value: '6109.10',
    source: 0,
    isNote: false,
  }))
  return {
    id: 'b',
    at: 0,
    sheet: 's',
    sheetName: 'S',
    sources: [{ provider: 'embedded', edition: 'T2026-0' }],
    spills: [],
    cells,
  }
}

function codeOf(work: () => unknown): string | null {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof FailureError) return failureCode(thrown.failure)
    throw thrown
  }
  return null
}

test('what is kept is what comes back', () => {
  const batches = [batchOf(3, (row) => `=HSCODE(A${row + 1})`)]
  expect(readFrozen(printFrozen(batches))).toEqual(batches)
  expect(printFrozen([])).toBeNull()
  expect(readFrozen(null)).toEqual([])
})

test('formulas filled down are kept once; more than a workbook carries is refused', () => {
  expect(codeOf(() => printFrozen([batchOf(20_000, (row) => `=HSCODE(A${row + 1})`)]))).toBeNull()
  expect(
    codeOf(() => printFrozen([batchOf(20_000, (row) => `=HSCODE("product number ${row} of all that we sell")`)])),
  ).toBe('TC-184')
})

test.each([
  ['of a newer version', '{"v":2,"batches":[]}'],
  ['that is damaged', '{"v":1,"batches":[{"id":"b"'],
  ['of something else', '[]'],
])('a list %s is refused, so that nothing is written over it', (_, text) => {
  expect(codeOf(() => readFrozen(text))).toBe('TC-185')
})
