import type { IWorkbookData } from '@univerjs/presets'
import { beforeEach, expect, test } from 'vitest'
import type { Clock } from '../../shared/clock.ts'
import type { Store } from '../../excel-addin/store.ts'
import { createWorkbookKeeper, type KeepingTrouble, type WorkbookKeeper } from '../../proxy/playground/kept-workbook.ts'
import { sampleWorkbook } from '../../proxy/playground/sample-workbook.ts'

let kept: Map<string, string>
let store: Store
let workbook: IWorkbookData
let troubles: KeepingTrouble[]
let due: (() => void) | null

beforeEach(() => {
  kept = new Map()
  store = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
  workbook = sampleWorkbook('en') as IWorkbookData
  troubles = []
  due = null
})

const clock: Clock = {
  now: () => 0,
  schedule: (callback) => {
    due = callback
    return () => (due = null)
  },
}
const cells = (of: Partial<IWorkbookData>) => of.sheets!.products!.cellData!

function open(): WorkbookKeeper {
  return createWorkbookKeeper({
    store,
    clock,
    workbook: () => structuredClone(workbook),
    token: () => 'secret-token',
    onKept: (trouble) => troubles.push(trouble),
  })
}

function reopened(): Partial<IWorkbookData> {
  const found = open().read()
  return found.kind === 'kept' ? found.workbook : expect.fail(found.kind)
}

test('nothing is written before a change, and one pause of changes writes once', () => {
  const keeper = open()
  expect(keeper.read()).toEqual({ kind: 'none' })
  keeper.changed()
  keeper.changed()
  expect(kept.size).toBe(0)
  due!()
  expect(troubles).toEqual([null])
  expect(reopened()).toEqual(workbook)
})

test('a page that goes while a change waits writes it, one that waits for nothing writes nothing', () => {
  const keeper = open()
  keeper.flush()
  expect(kept.size).toBe(0)
  keeper.changed()
  keeper.flush()
  keeper.flush()
  expect(troubles).toEqual([null])
  expect(due).toBeNull()
})

test('typed values are kept as they are, answers are not kept', () => {
  cells(workbook)[1]![0] = { v: '0302140000', t: 1 }
  cells(workbook)[1]![1] = { f: '=HSCODE(A2)', v: '#BUSY!', t: 1, s: 'code' }
  const keeper = open()
  keeper.changed()
  keeper.flush()
  expect(cells(reopened())[1]![0]).toEqual({ v: '0302140000', t: 1 })
  expect(cells(reopened())[1]![1]).toEqual({ f: '=HSCODE(A2)', s: 'code' })
})

test('the token is never written, not even when a person typed it into a cell', () => {
  cells(workbook)[1]![0] = { v: 'my secret-token' }
  const keeper = open()
  keeper.changed()
  keeper.flush()
  expect([...kept.values()].join()).not.toContain('secret-token')
  expect(cells(reopened())[1]![0]).toEqual({ v: 'my …' })
})

test.each([
  ['no JSON', '{"version":1,'],
  ['another version', JSON.stringify({ version: 0, workbook: sampleWorkbook('en') })],
  ['a sheet that is not there', JSON.stringify({ version: 1, workbook: { id: 'w', sheetOrder: ['a'], sheets: {} } })],
  [
    'a cell that is no cell',
    JSON.stringify({
      version: 1,
      workbook: {
        id: 'w',
        sheetOrder: ['a'],
        sheets: { a: { id: 'a', name: 'A', cellData: { 0: { 0: { v: {} } } } } },
      },
    }),
  ],
])('%s is unreadable', (_, text) => {
  const keeper = open()
  keeper.changed()
  keeper.flush()
  kept.set([...kept.keys()][0]!, text)
  expect(keeper.read()).toEqual({ kind: 'unreadable' })
})

test('a workbook larger than its share of the storage is not written, and the one before stays', () => {
  const keeper = open()
  keeper.changed()
  keeper.flush()
  const before = new Map(kept)
  cells(workbook)[20] = { 0: { v: 'x'.repeat(2_000_000) } }
  keeper.changed()
  keeper.flush()
  expect(troubles).toEqual([null, 'too large'])
  expect(kept).toEqual(before)
})

test('forbidden storage is said at the first change, not before', () => {
  const refuse = (): never => {
    throw new Error('SecurityError')
  }
  store = { getItem: refuse, setItem: refuse, removeItem: refuse }
  const keeper = open()
  expect(keeper.read()).toEqual({ kind: 'none' })
  keeper.changed()
  keeper.flush()
  expect(troubles).toEqual(['no storage'])
  keeper.forget()
})

test('what is forgotten does not come back with a change that waited', () => {
  const keeper = open()
  keeper.changed()
  keeper.flush()
  keeper.changed()
  keeper.forget()
  keeper.flush()
  expect(due).toBeNull()
  expect(keeper.read()).toEqual({ kind: 'none' })
})
