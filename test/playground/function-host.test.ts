import { beforeEach, describe, expect, test, vi } from 'vitest'
import { FallbackCellError } from '../../excel-addin/to-cell.ts'
import { FUNCTION_NAMES } from '../../shared/functions.ts'
import {
  BUSY,
  createFunctionHost,
  type FunctionHost,
  type Place,
  type SheetFunctions,
} from '../../proxy/playground/function-host.ts'

interface Call {
  name: string
  args: readonly unknown[]
  answer(cells: unknown[][]): void
  fail(shown: '#N/A' | '#VALUE!', message: string): void
}

const at = (row: number, column = 0): Place => ({ sheetId: 'sheet', row, column })
const flushed = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(200))

let calls: Call[]
let recalculated: Place[][]
let host: FunctionHost

beforeEach(() => {
  vi.useFakeTimers()
  calls = []
  recalculated = []
  const functions = Object.fromEntries(
    FUNCTION_NAMES.map((name) => [
      name,
      (...args: readonly unknown[]) =>
        new Promise((resolve, reject) => {
          calls.push({
            name,
            args,
            answer: resolve,
            fail: (shown, message) => reject(new FallbackCellError(shown, message)),
          })
        }),
    ]),
  ) as unknown as SheetFunctions
  host = createFunctionHost({
    functions,
    recalculate: (places) => recalculated.push([...places]),
    askedWhenOpened: ['costly'],
  })
  return () => vi.useRealTimers()
})

test('what was answered for one seat answers no cell of the next', async () => {
  host.call('HSCODE', [[['boots']]], at(1))
  host.call('HSCODE', [[['shoes']]], at(2))
  calls[0]!.answer([['6403']])
  await flushed()
  host.forgetAnswers()
  calls[1]!.answer([['6404']])
  await flushed()
  expect(recalculated.at(-1)).toEqual([at(2)])
  expect(host.call('HSCODE', [[['boots']]], at(1))).toBe(BUSY)
  expect(host.call('HSCODE', [[['shoes']]], at(2))).toBe(BUSY)
  expect(calls).toHaveLength(4)
})

describe('asking', () => {
  test('the first call is busy, the answer calculates the cell, and the second call has it', async () => {
    expect(host.call('HSCODE', [[['boots']]], at(1))).toBe(BUSY)
    expect(host.waiting).toBe(1)
    calls[0]!.answer([['6403']])
    await flushed()
    expect(recalculated).toEqual([[at(1)]])
    expect(host.call('HSCODE', [[['boots']]], at(1))).toEqual([['6403']])
    expect(host.waiting).toBe(0)
  })

  test('equal formulas ask once, and each of their cells is calculated', async () => {
    for (const row of [1, 2, 3]) host.call('HSCODE', [[['boots']]], at(row))
    expect(calls).toHaveLength(1)
    calls[0]!.answer([['6403']])
    await flushed()
    expect(recalculated).toEqual([[at(1), at(2), at(3)]])
  })

  test('answers that come close together are calculated together', async () => {
    host.call('HSCODE', [[['boots']]], at(1))
    host.call('HSCODE', [[['lamp']]], at(2))
    for (const call of calls) call.answer([['1']])
    await flushed()
    expect(recalculated).toEqual([[at(1), at(2)]])
  })

  test('the points left are asked for anew by a later calculation', async () => {
    host.call('HSPOINTS', [], at(1))
    calls[0]!.answer([[12]])
    await flushed()
    expect(host.call('HSPOINTS', [], at(1))).toEqual([[12]])
    await vi.advanceTimersByTimeAsync(5000)
    expect(host.call('HSPOINTS', [], at(1))).toBe(BUSY)
  })
})

describe('failing', () => {
  test('a failed cell shows its error, and its sentence is known by place', async () => {
    host.call('HSCODE', [[['parts']]], at(1))
    calls[0]!.fail('#N/A', 'TC-201 Too vague: parts of what.')
    await flushed()
    const failed = { shown: '#N/A', message: 'TC-201 Too vague: parts of what.' }
    expect(host.call('HSCODE', [[['parts']]], at(1))).toEqual([[failed]])
    expect(host.failureAt(at(1))).toEqual(failed)
  })

  test('a failed cell inside a spill is found where it stands', async () => {
    host.call('HSCODE', [[['boots'], ['parts']]], at(1, 4))
    calls[0]!.answer([['6403'], [new FallbackCellError('#N/A', 'TC-201 Too vague: parts of what.')]])
    await flushed()
    host.call('HSCODE', [[['boots'], ['parts']]], at(1, 4))
    expect(host.failureAt(at(1, 4))).toBeNull()
    expect(host.failureAt(at(2, 4))?.message).toMatch(/^TC-201/)
  })

  test('a cell that failed inside a spill is asked again where its formula stands', async () => {
    host.call('HSCODE', [[['boots'], ['lamp']]], at(1, 4))
    calls[0]!.answer([['6403'], [new FallbackCellError('#N/A', 'TC-520 The proxy is out of reach.')]])
    await flushed()
    host.call('HSCODE', [[['boots'], ['lamp']]], at(1, 4))
    host.askAgain('service failures')
    await flushed()
    expect(recalculated.at(-1)).toEqual([at(1, 4)])
  })

  test('an error passed on by an argument brings its sentence', async () => {
    host.call('HSCODE', [[['parts']]], at(1))
    calls[0]!.fail('#N/A', 'TC-201 Too vague: parts of what.')
    await flushed()
    host.call('HSCODE', [[['parts']]], at(1))
    host.passOn('#N/A', at(1, 5), at(1))
    expect(host.failureAt(at(1, 5))?.message).toMatch(/^TC-201/)
  })

  test('an answer that is a failure is kept, a failure of the service is asked again', async () => {
    host.call('HSCODE', [[['parts']]], at(1))
    host.call('HSCODE', [[['boots']]], at(2))
    calls[0]!.fail('#N/A', 'TC-201 Too vague: parts of what.')
    calls[1]!.fail('#N/A', 'TC-520 The proxy is out of reach.')
    await flushed()
    host.call('HSCODE', [[['parts']]], at(1))
    host.call('HSCODE', [[['boots']]], at(2))
    expect(calls).toHaveLength(2)
    host.askAgain('service failures')
    await flushed()
    expect(recalculated.at(-1)).toEqual([at(2)])
    expect(host.call('HSCODE', [[['boots']]], at(2))).toBe(BUSY)
    expect(host.call('HSCODE', [[['parts']]], at(1))).not.toBe(BUSY)
  })

  test('all failures are asked again for another language, answers are not', async () => {
    host.call('HSCODE', [[['parts']]], at(1))
    host.call('HSCODE', [[['boots']]], at(2))
    calls[0]!.fail('#N/A', 'TC-201 Too vague: parts of what.')
    calls[1]!.answer([['6403']])
    await flushed()
    host.call('HSCODE', [[['parts']]], at(1))
    host.askAgain('all failures')
    expect(host.call('HSCODE', [[['parts']]], at(1))).toBe(BUSY)
    expect(host.call('HSCODE', [[['boots']]], at(2))).toEqual([['6403']])
  })

  test('a bug in a function is an error in its cell, never a cell that waits for ever', async () => {
    host.call('HSCODE', [[['boots']]], at(1))
    calls[0]!.answer(null as unknown as unknown[][])
    await flushed()
    expect(host.waiting).toBe(0)
    expect(host.call('HSCODE', [[['boots']]], at(1))).toEqual([
      [{ shown: '#N/A', message: expect.stringMatching(/^TC-500/) }],
    ])
  })
})

test('after rows moved no old place is calculated', async () => {
  host.call('HSCODE', [[['boots']]], at(5))
  host.forgetPlaces()
  host.call('HSCODE', [[['boots']]], at(4))
  calls[0]!.answer([['6403']])
  await flushed()
  expect(recalculated).toEqual([[at(4)]])
})

test('a sheet that costs is asked when it is opened, for the formulas that stand there then', async () => {
  const costly = (row: number): Place => ({ ...at(row), sheetId: 'costly' })
  expect(host.call('HSPORT', [[['Rotterdam']]], costly(1))).toBe(BUSY)
  host.sheetOpened('sheet')
  await flushed()
  expect([calls.length, host.waiting, recalculated.length]).toEqual([0, 0, 0])
  host.forgetPlaces()
  host.call('HSPORT', [[['Rotterdam']]], costly(2))
  host.sheetOpened('costly')
  await flushed()
  expect(recalculated).toEqual([[costly(2)]])
  host.call('HSPORT', [[['Rotterdam']]], costly(2))
  expect(calls).toHaveLength(1)
})
