import { expect, test, vi } from 'vitest'
import { failureCode, FailureError } from '../../../../shared/error-codes.ts'
import { previewRun } from '../../../../shared/pane/bulk/preview-run.ts'
import type { Receipt } from '../../../../shared/pane/bulk/receipt.ts'
import type { CellValue } from '../../../../shared/tariff-code.ts'
import { OFFLINE, openBulkHouse, REVOKED, SHEET, type BulkHouse } from './bulk-house.ts'

// Description, then code, label, confidence, MFN, review.
const [DESCRIPTION, CODE, LABEL, CONFIDENCE, MFN, REVIEW] = [0, 1, 2, 3, 4, 5]
const VAGUE = { code: 'TC-202', message: 'TC-202 Not certain enough.', retryable: false }
const DOWN = { code: 'TC-503', message: 'TC-503 The provider is down.', retryable: true }

function products(...texts: string[]): CellValue[][] {
  return [['Description'], ...texts.map((text) => [text])]
}
function many(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `shirt number ${at}`)
}
function progressOf({ bulk }: BulkHouse) {
  const state = bulk.state.get()
  if (state.kind !== 'running') throw new Error(`it is ${state.kind}`)
  return state.progress
}
const codes = (count: number): CellValue[] => Array.from({ length: count }, () => '6109.10')

test('codes, labels, confidence and rates stand beside their products, as text where zeros could be lost', async () => {
  const house = openBulkHouse(products('shirt', '', 'salmon'))
  house.proxy.goods.set('salmon', { code: '030481', score: 0.55 })
  house.proxy.rates.set('030481', '2.5%')
  await house.start()
  const receipt = await house.over()

  expect(house.column(CODE)).toEqual(['6109.10', null, '0304.81'])
  expect(house.column(LABEL)).toEqual(['label 610910', null, 'label 030481'])
  expect(house.column(CONFIDENCE)).toEqual([0.9, null, 0.55])
  expect(house.column(MFN)).toEqual([0.18, null, 0.025])
  expect(house.column(REVIEW)).toEqual([null, null, 'Low confidence'])
  expect(house.host.person.format(SHEET, 3, CODE)).toBe('@')
  expect(house.host.person.value(SHEET, 0, CODE)).toBe('HS code')
  expect(receipt).toMatchObject({
    rows: 2,
    classified: 2,
    failed: 0,
    moved: 0,
    blanks: 1,
    spent: 2,
    toReview: 1,
    error: null,
  })
})

test('a row without an answer has no code, and says why it needs a person', async () => {
  const house = openBulkHouse(products('parts', 'shirt', 'gadget'))
  house.proxy.goods.set('parts', { error: VAGUE, rivals: [{ code: '870899', score: 0.2 }] })
  house.proxy.goods.set('gadget', { error: DOWN })
  await house.start()
  const receipt = await house.over()
  expect(house.column(CODE)).toEqual([null, '6109.10', null])
  expect(house.column(REVIEW)).toEqual([
    'Needs review: TC-202 Not certain enough.',
    null,
    'Needs review: TC-503 The provider is down.',
  ])
  expect(house.bulk.rows.get().map(({ reviews }) => reviews)).toEqual([['not-certain'], [], ['failed']])
  expect(receipt).toMatchObject({ classified: 1, failed: 1, notCertain: 1, spent: 1 })
  expect(house.proxy.asked.filter(({ args }) => args[0] === 'gadget')).toEqual([])
})

test('a lost reply makes no second job: it is sent again under its id', async () => {
  const house = openBulkHouse(products('shirt'))
  house.proxy.loseReplies = 2
  await house.start()
  await house.over()
  expect(house.proxy.jobs.map(({ requests }) => requests)).toEqual([3])
})

test('rows inserted while it runs move its answers with their products', async () => {
  const house = openBulkHouse(products(...many(6)))
  house.proxy.finish(0)
  await house.start()
  await house.clock.advance(1000)
  house.host.person.insertRows(SHEET, 3, 2)
  house.host.person.type(SHEET, 3, DESCRIPTION, 'another product')
  house.proxy.finish(Infinity)
  const receipt = await house.over()
  expect(receipt).toMatchObject({ classified: 6, moved: 0 })
  expect([1, 2, 3, 4, 5, 8].map((row) => house.host.person.value(SHEET, row, CODE))).toEqual([
    '6109.10',
    '6109.10',
    null,
    null,
    '6109.10',
    '6109.10',
  ])
})

test('a row whose text was changed or deleted while it ran is left alone, and reported as moved', async () => {
  const house = openBulkHouse(products(...many(6)))
  house.proxy.finish(0)
  await house.start()
  await house.clock.advance(1000)
  house.host.person.type(SHEET, 2, DESCRIPTION, 'something else')
  house.host.person.deleteRows(SHEET, 5, 1)
  house.proxy.finish(Infinity)
  const receipt = await house.over()
  expect(receipt).toMatchObject({ classified: 6, moved: 2, spent: 6 })
  expect(house.host.person.value(SHEET, 2, CODE)).toBeNull()
  expect(house.host.person.value(SHEET, 5, CODE)).toBe('6109.10')
})

test('stopped, it asks no further row, writes what was paid for, and goes on when a person says so', async () => {
  const house = openBulkHouse(products(...many(10)))
  house.proxy.finish(4)
  await house.start()
  await house.until(() => progressOf(house).written === 4)
  house.bulk.stop()
  const receipt = await house.over()
  expect(receipt).toMatchObject({ isStopped: true, classified: 4, notAsked: 6, spent: 4 })
  expect(house.column(CODE).filter((code) => code !== null)).toEqual(codes(4))

  house.proxy.finish(Infinity)
  await house.bulk.retry()
  expect(await house.over()).toMatchObject({ isStopped: false, classified: 10, notAsked: 0 })
  expect(house.proxy.jobs).toHaveLength(1)
})

test('paused, nothing is asked until it goes on', async () => {
  const house = openBulkHouse(products(...many(5)))
  house.proxy.finish(1)
  await house.start()
  await house.until(() => progressOf(house).written === 1)
  house.bulk.pause()
  await house.until(() => progressOf(house).hold?.reason === 'person')
  house.proxy.finish(Infinity)
  await house.clock.advance(60_000)
  expect(progressOf(house).answered).toBe(1)
  house.bulk.resume()
  expect(await house.over()).toMatchObject({ classified: 5 })
})

test('offline in the middle, it says so and goes on by itself', async () => {
  const house = openBulkHouse(products(...many(5)))
  house.proxy.finish(2)
  await house.start()
  await house.until(() => progressOf(house).written === 2)
  house.proxy.refuse(OFFLINE)
  await house.until(() => progressOf(house).hold?.reason === 'offline')
  house.proxy.refuse(null)
  house.proxy.finish(Infinity)
  expect(await house.over()).toMatchObject({ classified: 5, error: null })
})

test('a token revoked in the middle keeps what is written, and connecting again goes on', async () => {
  const house = openBulkHouse(products(...many(5)))
  house.proxy.finish(2)
  await house.start()
  await house.until(() => progressOf(house).written === 2)
  house.proxy.refuse(REVOKED)
  await house.until(() => progressOf(house).hold?.reason === 'disconnected')
  house.proxy.refuse(null)
  house.proxy.pause('seat-revoked')
  house.proxy.finish(Infinity)
  house.connectionChanged()
  expect(await house.over()).toMatchObject({ classified: 5, error: null })
})

test('another workspace connected in the middle is asked nothing and pays nothing; back in its own, the run goes on', async () => {
  const house = openBulkHouse(products(...many(5)))
  house.proxy.finish(2)
  await house.start()
  await house.until(() => progressOf(house).written === 2)
  house.workspace = 'Globex'
  house.connectionChanged()
  await house.until(() => progressOf(house).hold?.reason === 'elsewhere')
  expect(progressOf(house).hold).toMatchObject({ workspace: 'Acme' })
  house.proxy.finish(Infinity)
  await house.clock.advance(120_000)
  expect(progressOf(house).written).toBe(2)
  house.workspace = 'Acme'
  house.connectionChanged()
  expect(await house.over()).toMatchObject({ classified: 5, error: null })
})

test('stopped while nobody could tell the proxy, its job is called off as soon as its workspace can be reached', async () => {
  const house = openBulkHouse(products(...many(5)))
  house.proxy.finish(2)
  await house.start()
  await house.until(() => progressOf(house).written === 2)
  house.proxy.refuse(OFFLINE)
  await house.until(() => progressOf(house).hold?.reason === 'offline')
  house.bulk.stop()
  expect(await house.over()).toMatchObject({ isStopped: true })
  house.proxy.refuse(null)
  house.workspace = 'Globex'
  house.connectionChanged()
  await house.clock.advance(1000)
  expect(house.proxy.jobs[0]!.reply.state).toBe('running')
  house.workspace = 'Acme'
  house.connectionChanged()
  await house.until(() => house.proxy.jobs[0]!.reply.state === 'cancelled')
})

test('stopped while it is not known whether its job was made, that job is found and called off, by the next pane too', async () => {
  const house = openBulkHouse(products(...many(5)))
  house.proxy.finish(0)
  house.proxy.loseReplies = Infinity
  await house.start()
  await house.until(() => progressOf(house).hold?.reason === 'offline')
  house.proxy.refuse(OFFLINE)
  house.bulk.stop()
  expect(await house.over()).toMatchObject({ isStopped: true })
  house.bulk.close()
  house.proxy.refuse(null)
  house.another()
  house.connectionChanged()
  await house.until(() => house.proxy.jobs[0]!.reply.state === 'cancelled')
})

test('a run whose job was not made yet makes it in the workspace it was begun in, by the next pane too', async () => {
  const house = openBulkHouse(products(...many(3)))
  await house.start()
  house.proxy.refuse(OFFLINE)
  await house.until(() => progressOf(house).hold?.reason === 'offline')
  house.bulk.close()
  await house.clock.advance(5000)
  house.proxy.refuse(null)
  house.workspace = 'Globex'
  const next = house.another()
  await next.recall()
  await next.continueLeftOver()
  await house.clock.advance(120_000)
  expect(next.state.get()).toMatchObject({ progress: { hold: { reason: 'elsewhere', workspace: 'Acme' } } })
  expect(house.proxy.jobs).toHaveLength(0)
  house.workspace = 'Acme'
  house.connectionChanged()
  expect(await house.over(next)).toMatchObject({ classified: 3 })
  expect(house.proxy.jobs).toHaveLength(1)
})

test('points gone in the middle, it waits for a recharge and goes on by itself', async () => {
  const house = openBulkHouse(products(...many(5)))
  house.proxy.finish(2)
  await house.start()
  await house.until(() => progressOf(house).written === 2)
  house.proxy.pause('no-points')
  await house.until(() => progressOf(house).hold?.reason === 'no-points')
  house.proxy.pause(null)
  house.proxy.finish(Infinity)
  house.connectionChanged()
  expect(await house.over()).toMatchObject({ classified: 5 })
})

test('a cell being edited holds the writing up and loses nothing', async () => {
  const house = openBulkHouse(products(...many(3)))
  house.proxy.finish(0)
  await house.start()
  await house.clock.advance(1000)
  house.host.person.edit(true)
  house.proxy.finish(Infinity)
  await house.clock.advance(30_000)
  expect(house.column(CODE)).toEqual([null, null, null])
  house.host.person.edit(false)
  await house.over()
  expect(house.column(CODE)).toEqual(codes(3))
})

test('a sheet protected in the middle is said, and unprotected it goes on', async () => {
  const house = openBulkHouse(products(...many(3)))
  house.proxy.finish(0)
  await house.start()
  await house.clock.advance(1000)
  house.host.person.protect(SHEET, true)
  house.proxy.finish(Infinity)
  await house.until(() => progressOf(house).hold?.error?.code === 'TC-172')
  house.host.person.protect(SHEET, false)
  expect(await house.over()).toMatchObject({ classified: 3, moved: 0 })
  expect(house.column(CODE)).toEqual(codes(3))
})

test('on a protected sheet it runs where the output cells may be edited, and a locked header is left unnamed', async () => {
  const house = openBulkHouse(products('shirt', '', 'mug'))
  for (const row of [1, 3]) house.host.person.unlock({ sheet: SHEET, row, column: CODE, rows: 1, columns: 5 })
  house.host.person.protect(SHEET, true)
  await house.start()
  expect(await house.over()).toMatchObject({ classified: 2, moved: 0, error: null })
  expect(house.column(CODE)).toEqual(['6109.10', null, '6109.10'])
  expect(house.host.person.value(SHEET, 0, CODE)).toBeNull()
})

test('locked output cells are said at the preview, before anything is asked or paid', async () => {
  const house = openBulkHouse(products('shirt', 'mug'))
  house.host.person.unlock({ sheet: SHEET, row: 1, column: CODE, rows: 2, columns: 4 })
  house.host.person.protect(SHEET, true)
  await expect(house.start()).rejects.toThrow(/TC-172 .*Products/)
  await house.start((draft) => ({ ...draft, outputs: { ...draft.outputs, review: null } }))
  await house.over()
  expect(house.column(CODE)).toEqual(codes(2))
  expect(house.proxy.jobs).toHaveLength(1)
})

test('a deleted sheet ends the run in words, and what was found is kept for the review', async () => {
  const house = openBulkHouse(products(...many(3)))
  house.proxy.finish(0)
  await house.start()
  await house.clock.advance(1000)
  house.host.person.deleteSheet(SHEET)
  house.proxy.finish(Infinity)
  const receipt: Receipt = await house.over()
  expect(receipt.error?.code).toBe('TC-174')
  expect(house.bulk.rows.get().map(({ code }) => code)).toEqual(['610910', '610910', '610910'])
})

test('the same workbook open twice is filled by one window only', async () => {
  const house = openBulkHouse(products(...many(3)))
  house.proxy.finish(0)
  const other = house.another()
  const plan = await other.plan((await planned(house)).setup)
  await house.start()
  const refused = await other.start(plan, { points: 3, balance: 10 }).catch((thrown: unknown) => thrown)
  expect(refused instanceof FailureError && failureCode(refused.failure)).toBe('TC-178')
  await expect(other.forgetLeftOver()).rejects.toThrow('TC-178')
  house.proxy.finish(Infinity)
  await house.over()
  expect(house.proxy.jobs).toHaveLength(1)
  await other.start(plan, { points: 3, balance: 10 })
  await house.over(other)
})

async function planned(house: BulkHouse) {
  const { previewRun } = await import('../../../../shared/pane/bulk/preview-run.ts')
  const preview = await previewRun(house.bulk, await house.draft(), 'replace', 'en')
  if ('error' in preview) throw new Error(preview.error.message)
  return preview.plan
}

test('a run of somebody else over the same sheet is told at the preview, and no other', async () => {
  const house = openBulkHouse(products('shirt', 'mug'))
  house.proxy.finish(0)
  await house.start()
  await house.clock.advance(1000)
  const other = house.anotherMachine()
  const plan = async () => {
    const preview = await previewRun(other, await house.draft(), null, 'en')
    if ('error' in preview) throw new Error(preview.error.message)
    return preview
  }
  expect((await plan()).other).toEqual({ startedAt: '2026-12-01T00:00:00.000Z', rows: 2 })
  expect(await house.bulk.otherRun((await plan()).plan)).toBeNull()
  house.proxy.finish(Infinity)
  await house.over()
  expect((await plan()).other).toBeNull()
  const { plan: planned } = await plan()
  house.proxy.refuse(OFFLINE)
  expect(await other.otherRun(planned)).toBeNull()
})

test('a pane closed over a run leaves enough for another to go on with the same job, rows moved meanwhile', async () => {
  const house = openBulkHouse(products(...many(6)))
  house.proxy.finish(2)
  await house.start()
  await house.until(() => progressOf(house).written === 2)
  house.bulk.close()
  await house.clock.advance(1000)
  house.proxy.finish(Infinity)
  house.host.person.insertRows(SHEET, 1, 3)

  const next = house.another()
  await next.recall()
  expect(next.leftOver.get()).toMatchObject({ rows: 6, dealtWith: 2 })
  house.host.person.type(SHEET, 4, CODE, 'changed by a person')
  await next.continueLeftOver()
  const receipt = await house.over(next)
  expect(receipt).toMatchObject({ moved: 0, notWritten: 0 })
  expect(house.proxy.jobs).toHaveLength(1)
  expect([4, 5, 6, 7, 8, 9].map((row) => house.host.person.value(SHEET, row, CODE))).toEqual([
    'changed by a person',
    ...codes(5),
  ])
  expect(next.leftOver.get()).toBeNull()
})

test('a header stays where it is when rows came in right below it before another pane goes on', async () => {
  const house = openBulkHouse(products(...many(4)))
  house.proxy.finish(2)
  await house.start()
  await house.until(() => progressOf(house).written === 2)
  house.bulk.close()
  await house.clock.advance(1000)
  house.proxy.finish(Infinity)
  house.host.person.insertRows(SHEET, 1, 1)

  const next = house.another()
  await next.recall()
  await next.continueLeftOver()
  await house.over(next)
  const header = house.host.person.value(SHEET, 0, CODE)
  expect([header, house.host.person.value(SHEET, 1, CODE)]).toEqual(['HS code', null])
  await next.undo()
  expect(house.host.person.value(SHEET, 2, CODE)).toBeNull()
})

test('a pane that died before its job answered finds that job again, and makes no second one', async () => {
  const house = openBulkHouse(products(...many(3)))
  house.proxy.loseReplies = 1
  await house.start()
  await house.clock.advance(100)
  house.bulk.close()
  await house.clock.advance(5000)
  const next = house.another()
  await next.recall()
  await next.continueLeftOver()
  expect(await house.over(next)).toMatchObject({ classified: 3 })
  expect(house.proxy.jobs).toHaveLength(1)
})

test('undo puts everything back, header and formats too, and leaves what a person changed since', async () => {
  const house = openBulkHouse([
    ['Description', 'HS code'],
    ['shirt', '=A2'],
    ['salmon', 'old'],
    ['lamp', ''],
  ])
  const before = house.host.person.formula(SHEET, 1, CODE)
  await house.start(undefined, 'replace')
  await house.over()
  expect(house.column(CODE)).toEqual(codes(3))
  house.host.person.type(SHEET, 2, CODE, 'mine')
  await house.bulk.undo()
  const state = house.bulk.state.get()
  expect(state.kind === 'over' && state.undone?.changed).toBe(1)
  expect(house.host.person.formula(SHEET, 1, CODE)).toBe(before)
  expect(house.column(CODE).slice(1)).toEqual(['mine', null])
  expect(house.host.person.value(SHEET, 0, LABEL)).toBeNull()
  expect(house.host.person.value(SHEET, 1, LABEL)).toBeNull()
  expect(house.bulk.canUndo()).toBe(false)
})

test('what a run wrote can be undone by the next pane too, rows moved meanwhile, and what a person changed stays', async () => {
  const house = openBulkHouse([
    ['Description', 'HS code'],
    ...many(6).map((text, at) => [text, at === 1 ? 'mine' : '']),
  ])
  await house.start((draft) => ({ ...draft, scope: 'table' }), 'replace')
  await house.over()
  house.bulk.close()
  const { person } = house.host
  person.insertRows(SHEET, 0, 2)
  person.type(SHEET, 5, CODE, 'changed since')

  const next = house.another()
  await next.recall()
  expect(next.undoable.get()).toMatchObject({ title: 'Products!A2:A7', undone: null })
  const cells = next.undoable.get()!.cells
  await next.undoKept()
  expect(next.undoable.get()?.undone).toEqual({ restored: cells - 1, changed: 1 })
  const codesNow = [3, 4, 5, 6, 7, 8].map((row) => person.value(SHEET, row, CODE))
  expect(codesNow).toEqual([null, 'mine', 'changed since', null, null, null])
  const later = house.another()
  await later.recall()
  expect(later.undoable.get()).toBeNull()
})

test('that a run is undone is said only once the next pane knows it too', async () => {
  const house = openBulkHouse(products(...many(3)))
  await house.start()
  await house.over()
  const saidBefore: unknown[] = []
  const clear = house.shelf.clear.bind(house.shelf)
  const say = vi.spyOn(house.shelf, 'clear')
  say.mockImplementation((name) => {
    const state = house.bulk.state.get()
    saidBefore.push(state.kind === 'over' && state.undone)
    return clear(name)
  })
  await house.bulk.undo()
  expect(saidBefore).toEqual([null])
  expect(house.bulk.state.get()).toMatchObject({ undone: { changed: 0 } })
})

test('rows inserted between its rows while no pane was open take nothing from a run that goes on, or from its undo', async () => {
  const house = openBulkHouse(products(...many(6)))
  house.proxy.finish(2)
  await house.start()
  await house.until(() => progressOf(house).written === 2)
  house.bulk.close()
  await house.clock.advance(1000)
  house.host.person.insertRows(SHEET, 3, 2)
  house.proxy.finish(Infinity)
  const next = house.another()
  await next.recall()
  await next.continueLeftOver()
  expect(await house.over(next)).toMatchObject({ moved: 0, notWritten: 0 })
  const rows = [1, 2, 5, 6, 7, 8]
  expect(rows.map((row) => house.host.person.value(SHEET, row, CODE))).toEqual(codes(6))
  next.close()
  house.host.person.insertRows(SHEET, 6, 1)
  const later = house.another()
  await later.recall()
  await later.undoKept()
  expect(later.undoable.get()?.undone).toMatchObject({ changed: 0 })
  expect(Array.from({ length: 9 }, (_, at) => house.host.person.value(SHEET, at + 1, CODE))).toEqual(
    Array(9).fill(null),
  )
})

test('a run that another pane went on with is undone as one, from its first cell', async () => {
  const house = openBulkHouse(products(...many(6)))
  house.proxy.finish(2)
  await house.start()
  await house.until(() => progressOf(house).written === 2)
  house.bulk.close()
  await house.clock.advance(1000)
  house.proxy.finish(Infinity)
  const next = house.another()
  await next.recall()
  expect(next.undoable.get()).toBeNull()
  await next.continueLeftOver()
  await house.over(next)
  await next.undo()
  expect(next.state.get()).toMatchObject({ undone: { changed: 0 } })
  expect(house.column(CODE)).toEqual(Array(6).fill(null))
  expect(house.host.person.value(SHEET, 0, CODE)).toBeNull()
})

test('what is to stay written is offered no more, and a new run takes the place of an older one', async () => {
  const house = openBulkHouse(products('shirt'))
  await house.start()
  await house.over()
  const next = house.another()
  await next.recall()
  expect(next.undoable.get()).not.toBeNull()
  await next.forgetUndo()
  await next.recall()
  expect(next.undoable.get()).toBeNull()
  expect(house.column(CODE)).toEqual(codes(1))
})

test('cells with something in them stay where only empty ones are to be filled, and rows with a code are not asked', async () => {
  const house = openBulkHouse([
    ['Description', 'HS code', 'HS label'],
    ['shirt', '1234.56', ''],
    ['salmon', '', 'my own label'],
  ])
  await house.start()
  const receipt = await house.over()
  expect(receipt).toMatchObject({ rows: 1, keptRows: 1, spent: 1 })
  expect(house.column(CODE)).toEqual(['1234.56', '6109.10'])
  expect(house.column(LABEL)).toEqual(['', 'my own label'])
})

test('rows that failed, and rows changed since, can be asked alone', async () => {
  const house = openBulkHouse(products('shirt', 'gadget', 'lamp'))
  house.proxy.goods.set('gadget', { error: DOWN })
  await house.start()
  await house.over()
  house.host.person.type(SHEET, 3, DESCRIPTION, 'a better lamp')
  house.proxy.goods.delete('gadget')

  await house.start((draft) => ({ ...draft, scope: 'failed' }))
  await house.over()
  expect(house.proxy.jobs[1]!.questions.map(({ args }) => args[0])).toEqual(['gadget'])
  await house.start((draft) => ({ ...draft, scope: 'changed' }))
  await house.over()
  expect(house.proxy.jobs[2]!.questions.map(({ args }) => args[0])).toEqual(['a better lamp'])
  expect(house.column(REVIEW)).toEqual([null, null, null])
})

test('failed rows asked again are written where they failed, and paid for only now', async () => {
  const house = openBulkHouse(products('shirt', 'gadget'))
  house.proxy.goods.set('gadget', { error: DOWN })
  await house.start()
  await house.over()
  house.proxy.goods.delete('gadget')
  await house.bulk.retry()
  expect(await house.over()).toMatchObject({ classified: 2, failed: 0, spent: 2 })
  expect(house.column(CODE)).toEqual(codes(2))
  expect(house.column(REVIEW)).toEqual([null, null])
})

test('a code that a person decided is written with its label and rate, and never over another text', async () => {
  const house = openBulkHouse(products('shirt', 'salmon'))
  house.proxy.goods.set('salmon', { code: '160411', score: 0.3 })
  house.proxy.rates.set('030481', '3%')
  await house.start()
  await house.over()
  expect(await house.bulk.decide(1, '030481', 'changed')).toBe('written')
  expect([CODE, LABEL, MFN, REVIEW].map((column) => house.host.person.value(SHEET, 2, column))).toEqual([
    '0304.81',
    'label 030481',
    0.03,
    null,
  ])
  expect(house.bulk.rows.get()[1]).toMatchObject({ code: '030481', decision: 'changed', reviews: [] })
  house.host.person.type(SHEET, 1, DESCRIPTION, 'trousers')
  expect(await house.bulk.decide(0, '620342', 'changed')).toBe('moved')
  expect(house.host.person.value(SHEET, 1, CODE)).toBe('6109.10')
})

test('2,500 rows are written in slices that a host can carry, each row once', async () => {
  const house = openBulkHouse(products(...many(2500)))
  const sizes: number[] = []
  const write = house.host.write.bind(house.host)
  house.host.write = (block) => {
    sizes.push(block.rows.length * block.columns.length)
    return write(block)
  }
  await house.start()
  expect(await house.over()).toMatchObject({ classified: 2500, moved: 0 })
  expect(Math.max(...sizes)).toBeLessThanOrEqual(house.host.cellsPerWrite)
  expect(house.column(CODE)).toEqual(codes(2500))
})

test('rates that are no percentage are texts, and are looked at and written together with their neighbours', async () => {
  const texts = many(600)
  const house = openBulkHouse(products(...texts))
  texts.forEach((text, at) => at % 2 === 1 && house.proxy.goods.set(text, { code: '030481', score: 0.9 }))
  house.proxy.rates.set('030481', '5¢/kg')
  const calls = { reads: 0, writes: 0 }
  const readAsTheyStand = house.host.readAsTheyStand.bind(house.host)
  const write = house.host.write.bind(house.host)
  house.host.readAsTheyStand = (...given) => (calls.reads++, readAsTheyStand(...given))
  house.host.write = (block) => {
    calls.writes++
    return write(block)
  }
  await house.start()
  await house.over()
  expect(house.column(MFN)).toEqual(texts.map((_, at) => (at % 2 === 1 ? '5¢/kg' : 0.18)))
  // The headers, and 250 rows at once.
  expect(calls).toEqual({ reads: 4, writes: 4 })
})
