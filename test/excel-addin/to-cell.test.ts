import { afterEach, describe, expect, it, vi } from 'vitest'
import { FallbackCellError, makeCellError, MESSAGE_CHARACTERS_MAX, toCell } from '../../excel-addin/to-cell.ts'
import { FAILURES } from '../../shared/error-codes.ts'
import type { Cell } from '../../shared/protocol.ts'

function shown(value: Cell): unknown {
  return toCell({ value }, makeCellError)
}

describe('errors', () => {
  it('what was typed wrong is #VALUE!, everything else #N/A, an unknown code too', () => {
    for (const { code, kind } of [...Object.values(FAILURES), { code: 'TC-999', kind: 'service' }]) {
      const { cell } = toCell({ error: { code, message: code, retryable: false } }, makeCellError) as { cell: unknown }
      expect(cell).toMatchObject({ code: kind === 'input' ? '#VALUE!' : '#N/A', message: code })
    }
  })

  it('a long sentence is cut to what Excel shows', () => {
    const error = { code: 'TC-201', message: `TC-201 ${'long '.repeat(60)}`, retryable: false }
    const { cell } = toCell({ error }, makeCellError) as unknown as { cell: FallbackCellError }
    expect(cell.message.length).toBeLessThanOrEqual(MESSAGE_CHARACTERS_MAX)
    expect(cell.message).toMatch(/^TC-201 .*…$/)
  })

  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('are of Excel’s own class where there is one, and of ours where there is none', () => {
    class HostError extends Error {}
    expect(makeCellError('#N/A', 'why')).toBeInstanceOf(FallbackCellError)
    vi.stubGlobal('CustomFunctions', {})
    expect(makeCellError('#N/A', 'why')).toBeInstanceOf(FallbackCellError)
    vi.stubGlobal('CustomFunctions', { Error: HostError })
    expect(makeCellError('#N/A', 'why')).toBeInstanceOf(HostError)
  })
})

describe('values', () => {
  it('text that would run as a formula after a paste is made text, alone and in a table', () => {
    expect(shown('＝1+1')).toEqual({ cell: "'＝1+1" })
    expect(toCell({ table: [['@SUM(A1)', -5]] }, makeCellError)).toEqual({ table: [["'@SUM(A1)", -5]] })
  })
})
