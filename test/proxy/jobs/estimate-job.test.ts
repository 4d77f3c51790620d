import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { estimateJob } from '../../../proxy/jobs/estimate-job.ts'
import type { EstimateReply } from '../../../shared/jobs-protocol.ts'
import { fakeProvider, type FakeProvider } from '../../hosts/fake-provider.ts'
import { isDone, jobIs, makeJob, rowsOf, testRunner } from '../../hosts/job-house.ts'
import { openTestHouse, question, type TestHouse } from '../../hosts/test-house.ts'

let house: TestHouse
let paid: FakeProvider

beforeEach(async () => {
  paid = fakeProvider({ name: 'paid', gatherWindowMs: 0 })
  const embedded = fakeProvider({ name: 'embedded', answers: ({ kind }) => kind === 'tariff' })
  house = await openTestHouse({ providers: [paid, embedded], points: 100 })
})
afterEach(() => house.close())

const ROWS = rowsOf([
  'shirt',
  ' shirt',
  ['HSALT', 'shirt'],
  '',
  'sock',
  'known',
  ['HSRATE', '610910', 'CA'],
  ['HSFORMAT', '610910'],
  ['HSFORMAT', '610910'],
  '=cmd()',
  ['HSPOINTS'],
  ['HSSEARCH', 'bicycle', 'CN'],
  ['HSCODE', 'known', 'CA', 'fresh=1'],
])

function estimate(dailyCapPoints: number | null = null, rows = ROWS): Promise<EstimateReply> {
  return estimateJob(house, { ...house.askers[0], dailyCapPoints }, rows, 'en')
}

describe('an estimate', () => {
  test('counts every row once, asks nobody and spends nothing', async () => {
    await house.ask([question('HSCODE', 'known')])
    const calls = paid.calls.length
    const said = await estimate()
    expect(said).toMatchObject({
      rows: 13,
      blanks: 1,
      bad: 3,
      duplicates: 3,
      remembered: 1,
      free: 2,
      toPay: 3,
      points: 3,
      cny: 0.06,
      balance: 99,
      enough: true,
      dailyCapLeft: null,
      byProvider: [
        { provider: 'paid', questions: 3, points: 3 },
        { provider: 'embedded', questions: 1, points: 0 },
      ],
    })
    const { blanks, bad, duplicates, remembered, free, toPay } = said
    expect(blanks + bad + duplicates + remembered + free + toPay).toBe(said.rows)
    expect(said.badRows.map(({ id, row, error }) => [id, row, error.code])).toEqual([
      ['r9', 9, 'TC-102'],
      ['r10', 10, 'TC-112'],
      ['r11', 11, 'TC-225'],
    ])
    expect(paid.calls).toHaveLength(calls)
    expect(await house.balance()).toBe(99)
  })

  test('is what the job then costs, also after a restart that lost memory', async () => {
    await house.ask([question('HSCODE', 'known')])
    const memory = { ...house.answer.cache, peek: () => undefined }
    const said = await estimateJob(
      { ...house, answer: { ...house.answer, cache: memory } },
      house.askers[0],
      ROWS,
      'en',
    )
    expect(said.points).toBe(3)
    house.clock.advance(1)
    const place = await makeJob(house, house.askers[0], ROWS)
    const runner = testRunner(house)
    await runner.start()
    expect((await jobIs(house, place, isDone)).points.spent).toBe(3)
    await runner.stop(0)
  })

  test('says when points or the cap of the day do not reach', async () => {
    const many = rowsOf(Array.from({ length: 101 }, (_, at) => `shirt no ${at}`))
    expect(await estimate(null, many)).toMatchObject({ points: 101, cny: 2.02, balance: 100, enough: false })
    await house.ask([question('HSCODE', 'known')])
    expect((await estimate(40, many)).dailyCapLeft).toBe(39)
    expect((await estimate(0, many)).dailyCapLeft).toBe(0)
  })

  test('knows nothing of what another workspace paid', async () => {
    await house.ask([question('HSCODE', 'known')])
    const other = await estimateJob(house, house.askers[1], rowsOf(['known']), 'en')
    expect(other).toMatchObject({ remembered: 0, toPay: 1 })
  })
})
