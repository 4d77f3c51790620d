import { expect, test } from 'vitest'
import type { BulkRuns } from '../../../../shared/pane/bulk/bulk-runs.ts'
import type { Classified } from '../../../../shared/pane/bulk/classified.ts'
import { observable } from '../../../../shared/pane/observable.ts'
import { createReview, type ReviewDeps } from '../../../../shared/pane/review/create-review.ts'
import type { Question } from '../../../../shared/protocol.ts'
import { classified } from './classified-row.ts'

type Approve = ReviewDeps['api']['approve']

function open(rows: Classified[], options: { moved?: number[]; approve?: Approve } = {}) {
  const written: [number, string, string][] = []
  const forgotten: string[] = []
  const asked: Question[] = []
  const bulk: BulkRuns = {
    rows: observable<readonly Classified[]>(rows),
    title: observable('Products!B2:B9'),
    async decide(n, code, decision) {
      if (options.moved?.includes(n)) return 'moved'
      written.push([n, code, decision])
      bulk.rows.update((now) => now.map((row) => (row.n === n ? { ...row, code, decision, reviews: [] } : row)))
      return 'written'
    },
    async takeBack(before) {
      if (options.moved?.includes(before.n)) return 'moved'
      bulk.rows.update((now) => now.map((row) => (row.n === before.n ? before : row)))
      return 'written'
    },
    goToRow: async () => undefined,
  }
  const approve: Approve =
    options.approve ??
    (async ({ entries }) => ({
      entries: entries.map(({ code }) => ({ id: 'm1', code: String(code), outcome: 'new' as const })),
    }))
  const review = createReview({
    bulk,
    api: {
      approve,
      async forgetApproval(id) {
        forgotten.push(id)
        return {}
      },
      async answers(questions) {
        asked.push(...questions)
        return {
          points: { balance: 0, held: 0 },
          answers: questions.map(({ id, args }) => ({ id, table: [['MFN', 0.18, '18%', String(args[0])]], points: 0 })),
        }
      },
    },
  })
  return { bulk, review, written, asked, forgotten }
}

test('one decision settles every row that says the same, and the next item comes', async () => {
  const same = { description: 'T-shirt', value: 10 }
  const { review, written } = open([classified(0, same), classified(1, { value: 5 }), classified(2, same)])
  const { queue, current } = review.state.get()
  expect(current).toBe(queue[0]!.key)
  expect(await review.decide(queue[0]!, '6109100012', '')).toEqual({ written: 2, moved: 0 })
  expect(written).toEqual([
    [0, '6109100012', 'accepted'],
    [2, '6109100012', 'accepted'],
  ])
  expect(review.state.get()).toMatchObject({ decidedRows: 2, current: review.state.get().queue[0]!.key })
  expect(review.state.get().queue.map(({ ns }) => ns)).toEqual([[1]])
})

test('the latest decision can be taken back: its rows wait as before, and the memory forgets it', async () => {
  const same = { description: 'T-shirt', value: 10 }
  const { bulk, review, forgotten } = open([classified(0, same), classified(1, { value: 5 }), classified(2, same)])
  const before = bulk.rows.get()
  const { queue, current } = review.state.get()
  await review.decide(queue[0]!, '6109100012', '')
  expect(review.state.get()).toMatchObject({ mayTakeBack: true, decidedRows: 2 })
  expect(await review.takeBack()).toEqual({ written: 2, moved: 0 })
  expect(forgotten).toEqual(['m1'])
  expect(bulk.rows.get()).toEqual(before)
  expect(review.state.get()).toMatchObject({ mayTakeBack: false, decidedRows: 0, current })
})

test('a decision that replaced an older approval is not offered to be taken back: the older code is not known', async () => {
  const { review, forgotten } = open([classified(0, {})], {
    approve: async ({ entries }) => ({
      entries: entries.map(({ code }) => ({ id: 'm1', code: String(code), outcome: 'changed' as const })),
    }),
  })
  await review.decide(review.state.get().queue[0]!, '6109100012', '')
  expect(review.state.get().mayTakeBack).toBe(false)
  expect(await review.takeBack()).toEqual({ written: 0, moved: 0 })
  expect(forgotten).toEqual([])
})

test('a code that the memory refuses changes no cell', async () => {
  const error = { code: 'TC-226', message: 'Not in the tariff.', retryable: false }
  const { review, written } = open([classified(0)], { approve: async () => ({ entries: [{ error }] }) })
  expect(await review.decide(review.state.get().queue[0]!, '9999', '')).toEqual({ error })
  expect(written).toEqual([])
  expect(review.state.get().queue).toHaveLength(1)
})

test('what is remembered is the text, its facts and the code as the tariff writes it', async () => {
  const sent: unknown[] = []
  const { review, written } = open([classified(0, { facts: { material: 'cotton', use: '' } })], {
    approve: async (request) => {
      sent.push(request)
      return { entries: [{ id: 'm1', code: '0101210000', outcome: 'new' }] }
    },
  })
  await review.decide(review.state.get().queue[0]!, '101210000', 'ruling 1')
  expect(sent).toEqual([
    {
      source: 'review',
      entries: [
        { description: 'goods 0', country: 'CA', code: '101210000', facts: { material: 'cotton' }, note: 'ruling 1' },
      ],
    },
  ])
  expect(written).toEqual([[0, '0101210000', 'changed']])
})

test('rows that moved are counted and left alone', async () => {
  const same = { description: 'T-shirt' }
  const { review } = open([classified(0, same), classified(1, same)], { moved: [1] })
  expect(await review.decide(review.state.get().queue[0]!, '6109100012', '')).toEqual({ written: 1, moved: 1 })
  expect(review.state.get()).toMatchObject({ decidedRows: 1, movedRows: 1 })
})

test('rates are asked of the tariffs in the house, free, each code once', async () => {
  const candidates = ['610910', '610990'].map((code) => ({ code, label: '', score: null, provider: 'jiayou' }))
  const { review, asked } = open([classified(0, { candidates }), classified(1, { candidates, description: 'other' })])
  await review.order()
  await review.order()
  const codes = asked.map(({ fn, args }) => `${fn} ${args.join(' ')}`)
  expect(codes).toHaveLength(3)
  expect(new Set(codes).size).toBe(3)
  for (const { args } of asked) expect(args).toContain('treatment=MFN;provider=embedded')
})

test('moving stops at both ends', () => {
  const { review } = open([classified(0, { value: 2 }), classified(1, { value: 1 })])
  const keys = review.state.get().queue.map(({ key }) => key)
  review.move(-1)
  expect(review.state.get().current).toBe(keys[0])
  review.move(1)
  review.move(1)
  expect(review.state.get().current).toBe(keys[1])
})

test('another run starts a new count', async () => {
  const { bulk, review } = open([classified(0)])
  await review.decide(review.state.get().queue[0]!, '6109100012', '')
  bulk.title.set('Products!B2:B3')
  bulk.rows.set([classified(5)])
  expect(review.state.get()).toMatchObject({ decidedRows: 0, movedRows: 0 })
})
