import { describe, expect, it } from 'vitest'
import type { Asked } from '../../excel-addin/batcher.ts'
import type { CellAnswer } from '../../shared/cell-answer.ts'
import { createSheetFunctions, PREVIEW, type SheetFunctionDeps } from '../../excel-addin/functions.ts'
import { createRecentErrors } from '../../excel-addin/recent-errors.ts'
import { FallbackCellError } from '../../excel-addin/to-cell.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { createFakeClock } from './fake-clock.ts'
import { error } from './open-batcher.ts'

/** Functions over a batcher that answers at once, from `respond`, and counts. */
function openFunctions(respond: (args: readonly CellValue[]) => CellAnswer = (args) => ({ value: args.join('/') })) {
  const asked: (readonly CellValue[])[] = []
  const remembered = new Map<string, CellAnswer>()
  let cancelled = 0
  const deps: SheetFunctionDeps = {
    language: () => 'en',
    errors: createRecentErrors(createFakeClock()),
    balance: { onSaid: () => () => undefined },
    makeError: (code, message) => new FallbackCellError(code, message),
    batcher: {
      ask(_, args): Asked {
        asked.push(args)
        return { answer: Promise.resolve(respond(args)), cancel: () => cancelled++ }
      },
      remembered: (_, args) => remembered.get(String(args[0])),
    },
  }
  return { functions: createSheetFunctions(deps), asked, remembered, cancelled: () => cancelled }
}

describe('preview', () => {
  it.each([true, 'true'])('never asks, whatever type the flag has (%o)', async (isInValuePreview) => {
    const { functions, asked, remembered } = openFunctions()
    remembered.set('known', { value: '6109.10' })
    const cells = await functions.HSCODE([['known'], ['unknown'], ['']], { _functionName: 'HSCODE', isInValuePreview })
    expect(cells).toEqual([['6109.10'], [PREVIEW], ['']])
    expect(asked).toHaveLength(0)
  })

  it('a flag that says no asks as usual', async () => {
    const { functions, asked } = openFunctions()
    await functions.HSCODE([['shirt']], { _functionName: 'HSCODE', isInValuePreview: false })
    expect(asked).toHaveLength(1)
  })
})

describe('a function that streams', () => {
  it('shows in a preview what is known, once, and follows nothing', async () => {
    const { functions, asked } = openFunctions()
    const results: unknown[] = []
    await functions.HSPOINTS({ setResult: (result: unknown) => results.push(result), isInValuePreview: true })
    expect(results).toEqual([[[PREVIEW]]])
    expect(asked).toHaveLength(0)
  })

  it('never rejects: what went wrong is pushed', async () => {
    const { functions } = openFunctions(() => ({ error: error('TC-520') }))
    const results: unknown[] = []
    await functions.HSPOINTS({ setResult: (result: unknown) => results.push(result) })
    expect(results).toMatchObject([{ code: '#N/A' }])
  })

  it('no other does, whatever its invocation offers', async () => {
    const { functions } = openFunctions()
    const results: unknown[] = []
    expect(await functions.HSCODE([['a']], { setResult: (result: unknown) => results.push(result) })).toEqual([['a']])
    expect(results).toEqual([])
  })
})

describe('the invocation object', () => {
  it.each([
    ['setResult', { setResult: () => undefined }],
    ['_functionName', { _functionName: 'HSCODE' }],
    ['address', { address: 'Sheet1!A1' }],
    [
      'onCanceled on its prototype',
      Object.create({
        get onCanceled() {
          return undefined
        },
        set onCanceled(_) {},
      }) as object,
    ],
  ])('is known by its shape (%s) in whatever place it comes', async (_, invocation) => {
    const { functions, asked } = openFunctions()
    await functions.HSCODE([['a']], invocation)
    await functions.HSCODE([['b']], [['CA']], invocation)
    await functions.HSCODE([['c']], [['CA']], [['n=3']], invocation)
    expect(asked).toEqual([['a'], ['b', 'CA'], ['c', 'CA', 'n=3']])
  })

  it('cancelling calls off every cell of the formula', async () => {
    const { functions, cancelled } = openFunctions()
    const invocation: { address: string; onCanceled?: () => void } = { address: 'A1' }
    const cells = functions.HSCODE([['a'], ['b'], ['']], invocation)
    invocation.onCanceled!()
    await cells
    expect(cancelled()).toBe(2)
  })

  it('is not needed', async () => {
    const { functions } = openFunctions()
    expect(await functions.HSCODE([['a']])).toEqual([['a']])
  })
})

describe('arguments', () => {
  it('a cell with a data type counts as the value it shows', async () => {
    const { functions, asked } = openFunctions()
    await functions.HSRATE([[{ type: 'FormattedNumber', basicValue: 610910 }]], 'CA')
    expect(asked).toEqual([[610910, 'CA']])
  })

  it('ranges of sizes that do not go together, and ranges that are too large, are refused without a request', async () => {
    const { functions, asked } = openFunctions()
    const two = [['0101'], ['0202']]
    const three = [['CA'], ['US'], ['JP']]
    await expect(functions.HSRATE(two, three)).rejects.toMatchObject({ code: '#VALUE!' })
    const column = Array.from({ length: 2001 }, () => ['shirt'])
    await expect(functions.HSCODE(column)).rejects.toMatchObject({ code: '#VALUE!', message: /^TC-113 / })
    expect(asked).toHaveLength(0)
  })

  it('a spill too large for Excel to take is refused', async () => {
    const { functions } = openFunctions(() => ({ table: Array.from({ length: 50 }, () => [1, 2, 3, 4, 5]) }))
    const column = Array.from({ length: 100 }, (_, at) => [`product ${at}`])
    await expect(functions.HSALT(column)).rejects.toMatchObject({ code: '#VALUE!', message: /^TC-113 / })
  })
})

describe('results', () => {
  it('tables over a range stand below each other, each row led by its input, errors in place', async () => {
    const { functions } = openFunctions(([code]) =>
      code === 'bad' ? { error: error('TC-210') } : { table: [[`${code}-1`], [`${code}-2`]] },
    )
    const cells = await functions.HSCHILDREN([['0101'], ['bad']])
    expect(cells).toEqual([
      ['0101', '0101-1'],
      ['0101', '0101-2'],
      ['bad', expect.objectContaining({ code: '#N/A' })],
    ])
  })

  it('a cost adds up its cells, equal ones once, and one error stands for the sum', async () => {
    const { functions } = openFunctions(([text]) => (text === 'bad' ? { error: error('TC-101') } : { value: 2 }))
    expect(await functions.HSCOST([['a'], ['b'], ['a']])).toEqual([[4]])
    await expect(functions.HSCOST([['a'], ['bad']])).rejects.toMatchObject({ code: '#VALUE!' })
  })

  it('a table without rows is an empty cell', async () => {
    const { functions } = openFunctions(() => ({ table: [] }))
    expect(await functions.HSALT([['shirt']])).toEqual([['']])
  })
})
