/** Bulk jobs worked through on a real database, with providers of the test's own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { answerBatch } from '../../../proxy/answer/answer-batch.ts'
import { buyAnswers } from '../../../proxy/answer/buy-answers.ts'
import { createChunks } from '../../../proxy/jobs/chunks.ts'
import type { Job } from '../../../proxy/jobs/job.ts'
import type { JobRunner, JobRunnerDeps } from '../../../proxy/jobs/runner.ts'
import { BULK_QUESTIONS_MIN } from '../../../proxy/jobs/runner.ts'
import { ProviderError } from '../../../proxy/providers/provider.ts'
import { failure } from '../../../shared/error-codes.ts'
import { answerAll, classification, fakeProvider, type FakeProvider } from '../../hosts/fake-provider.ts'
import {
  allRows,
  ANYBODY,
  isDone,
  jobIs,
  makeJob,
  readTestJob,
  rowsOf,
  shown,
  testRunner,
} from '../../hosts/job-house.ts'
import { ENGINES, type Engine } from '../../hosts/test-database.ts'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'

let house: TestHouse
let provider: FakeProvider
const runners: JobRunner[] = []
const endings: (() => Promise<void> | void)[] = []

let engine: Engine = 'sqlite'

async function open(points: number, changes: Parameters<typeof fakeProvider>[0] = {}, folder?: string): Promise<void> {
  provider = fakeProvider({ gatherWindowMs: 0, ...changes })
  house = await openTestHouse({
    providers: [provider],
    points,
    engine,
    waitingMax: 20_000,
    ...(folder ? { folder } : {}),
  })
}
async function run(changes: Partial<JobRunnerDeps> = {}, where: TestHouse = house): Promise<JobRunner> {
  const runner = testRunner(where, changes)
  runners.push(runner)
  await runner.start()
  return runner
}
afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.stop(0)
  expect(await house.ledger.verify()).toEqual([])
  await house.close()
  for (const end of endings.splice(0)) await end()
})

// As long as a busy machine takes.
const EVENTUALLY = { timeout: 30_000, interval: 10 }
const goods = (count: number, what = 'shirt'): string[] => Array.from({ length: count }, (_, at) => `${what} no ${at}`)
const BUSY = failure('provider-busy', { provider: 'fake' })
const busy = (): Promise<never> => Promise.reject(new ProviderError('busy', { provider: 'fake', failure: BUSY }))
const grant = (points: number, ref = 'more') =>
  house.ledger.credit({ workspaceId: house.askers[0].workspaceId, kind: 'grant', ref, points })

// Thousands of rows, on machines that do other things as well.
describe.each(ENGINES)('on %s', { timeout: 120_000 }, (on) => {
  beforeAll(() => {
    engine = on
  })

  describe('a job', () => {
    test('of 5,000 rows answers each row, blanks and bad ones in their place, and pays each different text once', async () => {
      await open(10_000)
      const texts = Array.from({ length: 5000 }, (_, at) => {
        if (at % 10 === 3) return ''
        if (at % 50 === 7) return '=cmd()'
        return `shirt no ${at % 3000}`
      })
      const different = new Set(texts.filter((text) => text.startsWith('shirt')))
      const place = await makeJob(house, house.askers[0], rowsOf(texts))
      let written = 0
      await run({ onRows: (rows) => void (written += rows) })
      const { job, points } = await jobIs(house, place, isDone)
      const rows = await allRows(house, place)
      expect(rows.map(({ n, rowId }) => [n, rowId])).toEqual(texts.map((_, at) => [at, `r${at}`]))
      expect(shown(rows)).toEqual(texts.map((text) => (text === '' ? '' : text === '=cmd()' ? 'TC-102' : '610910')))
      expect(points).toEqual({ spent: different.size, held: 0 })
      expect(await house.balance()).toBe(10_000 - different.size)
      expect(new Set(provider.calls.flat())).toEqual(different)
      expect(provider.calls.flat()).toHaveLength(different.size)
      const blanks = texts.filter((text) => text === '').length
      const bad = texts.filter((text) => text === '=cmd()').length
      expect(job).toMatchObject({
        state: 'done',
        rows: 5000,
        blanks,
        questions: different.size + 1,
        counts: { open: 0, paused: 0, answered: 5000 - blanks - bad, failed: bad, cancelled: 0 },
      })
      expect(written).toBe(5000 - blanks)
      // The first of equal rows bears the points.
      const charged = rows.filter(({ isFirst, answer }) => isFirst && answer?.includes('"points":1'))
      expect(charged).toHaveLength(different.size)
    })

    test('answers what cells answered, at no price, and cells what it answered', async () => {
      await open(10)
      await house.ask([{ id: 'c', fn: 'HSCODE', args: ['cotton shirt'] }])
      const place = await makeJob(house, house.askers[0], rowsOf(['cotton  shirt', 'wool shirt']))
      await run()
      expect((await jobIs(house, place, isDone)).points.spent).toBe(1)
      const [cell] = await house.ask([{ id: 'c', fn: 'HSCODE', args: ['wool shirt'] }])
      expect(cell).toMatchObject({ value: '610910', points: 0 })
    })

    test('of blanks alone is done at once', async () => {
      await open(0)
      const place = await makeJob(house, house.askers[0], rowsOf(['', ' ', '']))
      const { job } = await readTestJob(house, place)
      expect(job).toMatchObject({ state: 'done', blanks: 3, questions: 0 })
      expect(shown(await allRows(house, place))).toEqual(['', '', ''])
    })

    test('a question that fails fails alone; its neighbours go on', async () => {
      await open(100)
      provider.behave(async (inquiries) => {
        const replies = await answerAll(inquiries)
        for (const inquiry of inquiries) {
          const isBad = inquiry.kind === 'classify' && inquiry.description === 'shirt no 3'
          if (isBad) replies.set(inquiry.key, failure('no-match', { provider: 'fake' }))
        }
        return replies
      })
      const place = await makeJob(house, house.askers[0], rowsOf(goods(5)))
      await run()
      const { job, points } = await jobIs(house, place, isDone)
      expect(job.counts).toMatchObject({ answered: 4, failed: 1 })
      expect(points.spent).toBe(4)
      expect(shown(await allRows(house, place))[3]).toMatch(/^TC-2/)
    })

    test('fresh=1 buys anew what was known before the job, once, and not again when a chunk is done twice', async () => {
      await open(10)
      await house.ask([{ id: 'c', fn: 'HSCODE', args: ['cotton shirt'] }])
      house.clock.advance(1000)
      const place = await makeJob(house, house.askers[0], rowsOf([['HSCODE', 'cotton shirt', 'CA', 'fresh=1'], 'sock']))
      house.clock.advance(1000)
      await run()
      expect((await jobIs(house, place, isDone)).points.spent).toBe(2)
      // As after a kill between the charge and the writing of its rows.
      await house.database.run("UPDATE job_question SET state = 'open', answer = NULL")
      await house.database.run("UPDATE job_chunk SET state = 'queued', open_rows = 2, answered_rows = 0")
      await house.database.run("UPDATE job SET state = 'running', finished_at = NULL")
      await house.database.notify('jobs', place.jobId)
      expect((await jobIs(house, place, isDone)).points.spent).toBe(2)
      expect(await house.balance()).toBe(7)
    })
  })

  describe('trouble that passes', () => {
    test('is tried again, and costs no more', async () => {
      await open(100)
      let calls = 0
      provider.behave((inquiries) => (++calls <= 2 ? busy() : answerAll(inquiries)))
      const place = await makeJob(house, house.askers[0], rowsOf(goods(5)))
      await run()
      const { job, points } = await jobIs(house, place, isDone)
      expect(job.counts).toMatchObject({ answered: 5, failed: 0 })
      expect([calls, points.spent]).toEqual([3, 5])
    })

    test('that stays fails after five tries, and can be retried when it is over', async () => {
      await open(100)
      provider.behave(busy)
      const place = await makeJob(house, house.askers[0], rowsOf(goods(3)))
      await run()
      expect((await jobIs(house, place, isDone)).job.counts).toMatchObject({ failed: 3 })
      expect(provider.calls).toHaveLength(5)
      expect(shown(await allRows(house, place))).toEqual(['TC-503', 'TC-503', 'TC-503'])
      provider.behave(answerAll)
      await house.jobs.retry(place, ANYBODY, false)
      expect((await jobIs(house, place, isDone)).job.counts).toMatchObject({ answered: 3, failed: 0 })
      expect(await house.balance()).toBe(97)
    })

    test('waits as long as its pauses say, and as an upstream that is left alone asks', async () => {
      await open(100)
      let calls = 0
      const paused = new ProviderError('paused', {
        provider: 'fake',
        failure: failure('upstream-paused', { provider: 'fake', seconds: 10 }),
      })
      provider.behave((inquiries) => (++calls === 1 ? Promise.reject(paused) : answerAll(inquiries)))
      const place = await makeJob(house, house.askers[0], rowsOf(goods(1)))
      await run({ pausesMs: [5000, 5000] })
      const due = () =>
        house.database.get<{ dueAt: number; state: string }>('SELECT due_at AS "dueAt", state FROM job_chunk')
      await expect.poll(async () => (await due())!.dueAt).toBe(house.clock.now() + 10_000)
      house.clock.advance(9999)
      expect((await due())!.state).toBe('queued')
      house.clock.advance(1)
      await jobIs(house, place, isDone)
      expect(calls).toBe(2)
    })
  })

  describe('points that run out', () => {
    test('pause what they do not cover; a grant sets it going in its own transaction, and it completes by itself', async () => {
      await open(700)
      const changed: Job[] = []
      const place = await makeJob(house, house.askers[0], rowsOf(goods(1700)))
      await run({ onJobChanged: async (_, job) => void changed.push(job) })
      const short = await jobIs(house, place, ({ state }) => state === 'paused')
      expect(short.job).toMatchObject({
        reason: 'no-points',
        counts: { answered: 700, paused: 1000, open: 0, failed: 0 },
      })
      expect(short.points).toEqual({ spent: 700, held: 0 })
      expect(await house.jobs.rows(place, { after: -1, limit: 2000, state: 'paused' })).toHaveLength(1000)
      expect(changed.map(({ state, reason }) => [state, reason])).toEqual([['paused', 'no-points']])
      await grant(1000)
      expect((await jobIs(house, place, isDone)).points.spent).toBe(1700)
      expect(changed.map(({ state }) => state)).toEqual(['paused', 'done'])
      expect(await house.balance()).toBe(0)
      expect(provider.calls.flat()).toHaveLength(1700)
    })

    test('set nothing going that a person paused', async () => {
      await open(0)
      const place = await makeJob(house, house.askers[0], rowsOf(goods(3)))
      await run()
      await jobIs(house, place, ({ reason }) => reason === 'no-points')
      await house.jobs.pause(place, ANYBODY)
      await grant(5)
      expect((await readTestJob(house, place)).job).toMatchObject({
        state: 'paused',
        reason: 'person',
        counts: { paused: 3 },
      })
      await house.jobs.resume(place, ANYBODY)
      expect((await jobIs(house, place, isDone)).points.spent).toBe(3)
    })

    test('of one workspace are not those of the other', async () => {
      await open(0)
      const place = await makeJob(house, house.askers[0], rowsOf(goods(3)))
      await run()
      await jobIs(house, place, ({ reason }) => reason === 'no-points')
      await house.ledger.credit({ workspaceId: house.askers[1].workspaceId, kind: 'grant', ref: 'x', points: 9 })
      expect((await readTestJob(house, place)).job.state).toBe('paused')
    })

    test('that came between the hold and the end of its chunk are found', async () => {
      await open(0)
      const place = await makeJob(house, house.askers[0], rowsOf(goods(3)))
      const chunks = createChunks({ database: house.database, now: house.clock.now, leaseMs: 30_000 })
      const claim = (await chunks.claim('me'))!
      // Credited after the hold was refused, before the chunk is said to be short: nobody waits yet who could be set going.
      await grant(3)
      expect(await chunks.end(claim, { kind: 'short', reason: 'no-points' })).toBe(true)
      expect((await readTestJob(house, place)).job).toMatchObject({ state: 'running', counts: { open: 3, paused: 0 } })
      house.clock.advance(1000)
      await run()
      await jobIs(house, place, isDone)
    })

    test('that come back from a hold are found by the sweep', async () => {
      await open(5)
      const held = await house.ledger.hold({ ...house.askers[0], points: 5, ttlMs: 1000 })
      const place = await makeJob(house, house.askers[0], rowsOf(goods(3)))
      const runner = await run()
      await jobIs(house, place, ({ reason }) => reason === 'no-points')
      await house.ledger.release(held as { id: string })
      await runner.sweep()
      await jobIs(house, place, isDone)
    })

    test('for today go on at the new day, or when the cap is raised', async () => {
      await open(100)
      await house.database.run('UPDATE seat SET daily_cap_points = 2 WHERE id = $1', [house.askers[0].seatId])
      const place = await makeJob(house, house.askers[0], rowsOf(goods(5)))
      const runner = await run()
      const capped = await jobIs(house, place, ({ reason }) => reason === 'daily-cap')
      expect(capped.job).toMatchObject({ dailyCapPoints: 2, counts: { answered: 2, paused: 3 } })
      await runner.sweep()
      expect((await readTestJob(house, place)).job.state).toBe('paused')
      house.clock.advance(24 * 3600_000)
      await runner.sweep()
      await jobIs(house, place, ({ counts }) => counts.answered === 4)
      await jobIs(house, place, ({ reason }) => reason === 'daily-cap')
      await house.database.run('UPDATE seat SET daily_cap_points = 9 WHERE id = $1', [house.askers[0].seatId])
      await runner.sweep()
      expect((await jobIs(house, place, isDone)).points.spent).toBe(5)
    })
  })

  describe('a person', () => {
    /** Calls that wait until the test lets them go. */
    function heldCalls(): { letGo: () => void; begun: Promise<void> } {
      let letGo = (): void => {}
      let begin = (): void => {}
      const gate = new Promise<void>((resolve) => (letGo = resolve))
      const begun = new Promise<void>((resolve) => (begin = resolve))
      provider.behave(async (inquiries) => {
        begin()
        await gate
        return answerAll(inquiries)
      })
      return { letGo, begun }
    }

    test('pauses: what is under way is finished and kept, nothing more is asked until it is resumed', async () => {
      await open(10_000)
      const { letGo, begun } = heldCalls()
      const place = await makeJob(house, house.askers[0], rowsOf(goods(1200)))
      await run({ chunksAtOnceMax: 1 })
      await begun
      await house.jobs.pause(place, ANYBODY)
      letGo()
      const paused = await jobIs(house, place, ({ counts }) => counts.answered === 500)
      expect(paused.job).toMatchObject({ state: 'paused', reason: 'person', counts: { paused: 700, open: 0 } })
      expect(provider.calls).toHaveLength(1)
      await house.jobs.resume(place, ANYBODY)
      expect((await jobIs(house, place, isDone)).points.spent).toBe(1200)
    })

    test('cancels: what is under way is finished and kept, the rest says so; a retry asks the rest and pays it once', async () => {
      await open(10_000)
      const { letGo, begun } = heldCalls()
      const place = await makeJob(house, house.askers[0], rowsOf([...goods(1200), 'shirt no 1']))
      await run({ chunksAtOnceMax: 1 })
      await begun
      const cancelled = await house.jobs.cancel(place, ANYBODY)
      expect(cancelled).toMatchObject({ state: 'cancelled', finishedAt: null })
      letGo()
      const over = await jobIs(house, place, ({ finishedAt }) => finishedAt !== null)
      expect(over.job).toMatchObject({ state: 'cancelled', counts: { answered: 501, cancelled: 700, open: 0 } })
      expect(over.points.spent).toBe(500)
      await house.jobs.retry(place, ANYBODY, false)
      const done = await jobIs(house, place, isDone)
      expect(done.job.counts).toMatchObject({ answered: 1201, cancelled: 0 })
      expect(done.points.spent).toBe(1200)
    })

    test('cannot do with a job what makes no sense, and hears why', async () => {
      await open(10)
      const place = await makeJob(house, house.askers[0], rowsOf(['sock']))
      await run()
      await jobIs(house, place, isDone)
      const { pause, resume, cancel } = house.jobs
      for (const deed of [pause, resume, cancel]) {
        expect(await deed(place, ANYBODY)).toMatchObject({ failed: 'job-state' })
      }
      expect(await house.jobs.retry(place, ANYBODY, true)).toMatchObject({ failed: 'job-state' })
      const foreign = { ...place, workspaceId: house.askers[1].workspaceId }
      for (const deed of [pause, resume, cancel]) {
        expect(await deed(foreign, ANYBODY)).toMatchObject({ failed: 'job-unknown' })
      }
    })

    test('retries what most likely fails again only when it is asked for all', async () => {
      await open(10)
      const place = await makeJob(house, house.askers[0], rowsOf(['=cmd()', 'sock']))
      await run()
      await jobIs(house, place, isDone)
      expect(await house.jobs.retry(place, ANYBODY, false)).toMatchObject({ failed: 'job-state' })
      expect(await house.jobs.retry(place, ANYBODY, true)).toMatchObject({ state: 'running', counts: { open: 1 } })
      expect((await jobIs(house, place, isDone)).job.counts).toMatchObject({ answered: 1, failed: 1 })
    })

    test('whose seat is revoked pays nothing more; who resumes the job goes on in their own name', async () => {
      await open(10)
      const [asker] = house.askers
      const seat = await house.seats.createSeat({ ...asker, name: 'x', role: 'seat', dailyCapPoints: null })
      const place = await makeJob(house, { ...asker, seatId: seat.id }, rowsOf(goods(2)))
      await house.seats.revokeSeat(asker.workspaceId, seat.id)
      await run()
      await jobIs(house, place, ({ reason }) => reason === 'seat-revoked')
      expect(provider.calls).toEqual([])
      await house.jobs.resume(place, { name: asker.seatId, seatId: asker.seatId })
      expect((await jobIs(house, place, isDone)).job.seatId).toBe(asker.seatId)
      const paidBy = await house.database.all('SELECT DISTINCT seat_id AS id FROM hold')
      expect(paidBy).toEqual([{ id: asker.seatId }])
    })
  })

  describe('in turn', () => {
    test('a small job of another workspace, or of the same, is not starved by one of 20,000 rows', async () => {
      await open(100_000)
      const [one, two] = house.askers
      await makeJob(house, one, rowsOf(goods(20_000, 'large')))
      const chunks = createChunks({ database: house.database, now: house.clock.now, leaseMs: 30_000 })
      const served: string[] = []
      const take = async (times: number): Promise<void> => {
        for (let time = 0; time < times; time++) {
          const claim = (await chunks.claim(`me ${served.length}`))!
          served.push(`${claim.workspaceId === one.workspaceId ? 'one' : 'two'} ${claim.jobQuestions}`)
          await chunks.end(claim, { kind: 'again', afterMs: 0, isTry: false })
        }
      }
      await take(3)
      await makeJob(house, two, rowsOf(goods(900, 'other')))
      await take(4)
      await makeJob(house, one, rowsOf(goods(700, 'small')))
      await take(4)
      expect(served).toEqual([
        'one 20000',
        'one 20000',
        'one 20000',
        'two 900',
        'one 20000',
        'two 900',
        'one 20000',
        'two 900',
        'one 700',
        'two 900',
        'one 20000',
      ])
    })

    test('a runner has so many chunks under way and no more', async () => {
      await open(10_000)
      let [now, most] = [0, 0]
      provider.behave(async (inquiries) => {
        most = Math.max(most, ++now)
        await new Promise((resolve) => setImmediate(resolve))
        now--
        return answerAll(inquiries)
      })
      const place = await makeJob(house, house.askers[0], rowsOf(goods(2000)))
      await run()
      await jobIs(house, place, isDone)
      expect(most).toBeLessThanOrEqual(3)
    })

    test('only a large job goes the way for large ones', async () => {
      await open(10_000)
      const bulk: string[] = []
      const bulkBuy: JobRunnerDeps['bulkBuy'] = ({ jobId, chunk }) => {
        bulk.push(`${jobId} ${chunk}`)
        return buyAnswers
      }
      const small = await makeJob(house, house.askers[0], rowsOf(goods(BULK_QUESTIONS_MIN - 1)))
      const large = await makeJob(house, house.askers[1], rowsOf(goods(BULK_QUESTIONS_MIN)))
      await run({ bulkBuy })
      await jobIs(house, small, isDone)
      await jobIs(house, large, isDone)
      expect(bulk.sort()).toEqual([0, 1, 2, 3].map((chunk) => `${large.jobId} ${chunk}`))
    })
  })

  describe('chunks that only wait', () => {
    /** Large jobs whose chunks wait, at rest, until they are let go; then they are answered as cells are. */
    function waitingBuy() {
      const waiting: { workspaceId: string; letGo: () => void }[] = []
      const bulkBuy: JobRunnerDeps['bulkBuy'] =
        ({ workspaceId, onRest }) =>
        async (deps, buyer, wanted, fill) => {
          await new Promise<void>((letGo) => {
            waiting.push({ workspaceId, letGo })
            onRest(true)
          })
          onRest(false)
          await buyAnswers(deps, buyer, wanted, fill)
        }
      const countOf = ({ workspaceId }: { workspaceId: string }): number =>
        waiting.filter((one) => one.workspaceId === workspaceId).length
      return { waiting, bulkBuy, countOf }
    }

    test('leave their places to others, within the share of their workspace and the bound of all', async () => {
      await open(20_000)
      const [one, two] = house.askers
      const { waiting, bulkBuy, countOf } = waitingBuy()
      const large = await makeJob(house, one, rowsOf(goods(4000, 'large')))
      await run({ bulkBuy, chunksAtOnceMax: 1, largeAtOnceOfWorkspaceMax: 3, largeAtOnceMax: 5 })
      await expect.poll(() => countOf(one), EVENTUALLY).toBe(3)
      const other = await makeJob(house, two, rowsOf(goods(4000, 'other')))
      await expect.poll(() => countOf(two), EVENTUALLY).toBe(2)
      // A small job waits for none of them.
      const small = await makeJob(house, one, rowsOf(goods(20, 'small')))
      await jobIs(house, small, isDone)
      expect([countOf(one), countOf(two)]).toEqual([3, 2])
      // Whoever was served least recently has the next place.
      waiting.shift()!.letGo()
      await expect.poll(() => waiting.length, EVENTUALLY).toBe(5)
      const release = setInterval(() => waiting.splice(0).forEach(({ letGo }) => letGo()), 5)
      endings.push(() => clearInterval(release))
      expect((await jobIs(house, large, isDone)).points.spent).toBe(4000)
      expect((await jobIs(house, other, isDone)).points.spent).toBe(4000)
    })

    test('for a long time are left alone as long as was said, or until their upstream says that it has finished', async () => {
      await open(20_000)
      let visits = 0
      const bulkBuy: JobRunnerDeps['bulkBuy'] = () => async (deps, buyer, wanted, fill) => {
        if (++visits > 4) return buyAnswers(deps, buyer, wanted, fill)
        for (const at of wanted.keys()) fill(at, failure('pending', { seconds: 600 }))
      }
      const place = await makeJob(house, house.askers[0], rowsOf(goods(2000)))
      const runner = await run({ bulkBuy })
      const due = () =>
        house.database.all<{ dueAt: number }>(
          'SELECT due_at AS "dueAt" FROM job_chunk WHERE state = \'queued\' ORDER BY n',
        )
      const at = house.clock.now() + 600_000
      await expect.poll(due, EVENTUALLY).toEqual([{ dueAt: at }, { dueAt: at }, { dueAt: at }, { dueAt: at }])
      await expect.poll(() => runner.working, EVENTUALLY).toBe(0)
      expect(visits).toBe(4)
      await house.database.notify('submissions', `${place.workspaceId} ${place.jobId} 2`)
      await jobIs(house, place, ({ counts }) => counts.answered === 500)
      expect(visits).toBe(5)
      house.clock.advance(600_000)
      expect((await jobIs(house, place, isDone)).job.counts).toMatchObject({ answered: 2000, failed: 0 })
      expect(await house.database.all('SELECT DISTINCT tries FROM job_chunk')).toEqual([{ tries: 0 }])
    })
  })

  describe('two processes on one database', () => {
    async function openTwo(): Promise<{ other: TestHouse; otherProvider: FakeProvider }> {
      const folder = mkdtempSync(join(tmpdir(), 'tariffcell-jobs-'))
      await open(10_000, {}, folder)
      const otherProvider = fakeProvider({ gatherWindowMs: 0 })
      const other = await openTestHouse({
        providers: [otherProvider],
        folder,
        engine,
        beside: house,
        waitingMax: 20_000,
      })
      endings.push(() => rmSync(folder, { recursive: true }))
      return { other, otherProvider }
    }

    test('answer each question once between them', async () => {
      const { other, otherProvider } = await openTwo()
      const place = await makeJob(house, house.askers[0], rowsOf(goods(3000).map((text, at) => (at % 3 ? text : ''))))
      await run({ chunksAtOnceMax: 1 })
      const second = await run({ chunksAtOnceMax: 1 }, other)
      const { job, points } = await jobIs(house, place, isDone)
      expect(job.counts).toMatchObject({ answered: 2000 })
      expect(points.spent).toBe(2000)
      const asked = [...provider.calls.flat(), ...otherProvider.calls.flat()]
      expect([asked.length, new Set(asked).size]).toEqual([2000, 2000])
      await second.stop(0)
      await other.close()
    })

    test('one that dies in the middle of a chunk, charged and not yet written, is finished by the other; charged once', async () => {
      const { other, otherProvider } = await openTwo()
      const place = await makeJob(house, house.askers[0], rowsOf(goods(800)))
      // The other one dies: it bought a chunk and half of the next, and wrote ten rows.
      const chunks = createChunks({ database: other.database, now: house.clock.now, leaseMs: 30_000 })
      for (const [owner, bought] of [
        ['dead 1', 500],
        ['dead 2', 150],
      ] as const) {
        const claim = (await chunks.claim(owner))!
        const questions = (await chunks.openQuestions(claim)).slice(0, bought)
        const answers: { n: number; rows: number; answer: { value: string; points: number } }[] = []
        const asker = { ...house.askers[0], jobId: place.jobId }
        await answerBatch(other.answer, asker, questions, { language: 'en', deadlineMs: null }, ({ id }) =>
          answers.push({ n: Number(id), rows: 1, answer: { value: 'from the dead', points: 1 } }),
        )
        expect(await chunks.write(claim, answers.slice(0, 10))).toBe(true)
      }
      expect(otherProvider.calls.flat()).toHaveLength(650)
      await other.close()

      const runner = await run()
      await runner.sweep()
      expect((await readTestJob(house, place)).job.counts).toMatchObject({ answered: 20, open: 780 })
      house.clock.advance(30_000)
      const { points } = await jobIs(house, place, isDone)
      expect(points).toEqual({ spent: 800, held: 0 })
      expect(provider.calls.flat()).toHaveLength(150)
      const rows = shown(await allRows(house, place))
      expect(rows.filter((value) => value === 'from the dead')).toHaveLength(20)
      expect(rows.filter((value) => value === '610910')).toHaveLength(780)
    })

    test('a worker that lost its lease writes nothing', async () => {
      const { other } = await openTwo()
      const place = await makeJob(house, house.askers[0], rowsOf(goods(3)))
      const chunks = createChunks({ database: other.database, now: house.clock.now, leaseMs: 30_000 })
      const claim = (await chunks.claim('slow'))!
      house.clock.advance(30_000)
      await run()
      await jobIs(house, place, isDone)
      const answer = { value: 'late', points: 0 }
      expect(await chunks.write(claim, [{ n: 0, rows: 1, answer }])).toBe(false)
      expect(await chunks.renew(claim)).toBe(false)
      expect(await chunks.end(claim, { kind: 'worked' })).toBe(false)
      expect(shown(await allRows(house, place))).toEqual(['610910', '610910', '610910'])
      await other.close()
    })

    test('a chunk that takes its process down every time is given up, and says so', async () => {
      await open(10)
      const place = await makeJob(house, house.askers[0], rowsOf(goods(2)))
      const chunks = createChunks({ database: house.database, now: house.clock.now, leaseMs: 30_000 })
      let claims = 0
      while (await chunks.claim(`dead ${claims}`)) {
        claims++
        house.clock.advance(30_000)
      }
      expect(claims).toBe(10)
      const { job } = await readTestJob(house, place)
      expect(job).toMatchObject({ state: 'done', counts: { failed: 2 } })
      expect(shown(await allRows(house, place))).toEqual(['TC-500', 'TC-500'])
    })

    test('chunks of a cancelled job whose worker died are closed by the sweep', async () => {
      await open(10)
      const place = await makeJob(house, house.askers[0], rowsOf(goods(2)))
      const chunks = createChunks({ database: house.database, now: house.clock.now, leaseMs: 30_000 })
      await chunks.claim('dead')
      await house.jobs.cancel(place, ANYBODY)
      const runner = await run()
      await runner.sweep()
      expect((await readTestJob(house, place)).job.finishedAt).toBeNull()
      house.clock.advance(30_000)
      await runner.sweep()
      expect((await readTestJob(house, place)).job).toMatchObject({ state: 'cancelled', counts: { cancelled: 2 } })
      expect((await readTestJob(house, place)).job.finishedAt).toBe(house.clock.now())
    })
  })

  describe('stopping', () => {
    test('lets a chunk under way end, and takes no other', async () => {
      await open(10_000)
      const place = await makeJob(house, house.askers[0], rowsOf(goods(1000)))
      const runner = testRunner(house, { chunksAtOnceMax: 1 })
      const stopped = new Promise<void>((resolve) => {
        provider.behave((inquiries) => {
          void runner.stop(10_000).then(resolve)
          return answerAll(inquiries)
        })
      })
      await runner.start()
      await stopped
      expect((await readTestJob(house, place)).job).toMatchObject({
        state: 'running',
        counts: { answered: 500, open: 500 },
      })
      expect(await house.database.all('SELECT state FROM job_chunk ORDER BY n')).toEqual([
        { state: 'done' },
        { state: 'queued' },
      ])
    })

    test('gives back what does not end in time, for another to take at once', async () => {
      await open(10_000, { timeoutMs: 100 })
      const place = await makeJob(house, house.askers[0], rowsOf(goods(3)))
      const runner = testRunner(house)
      let begun = (): void => {}
      const beginning = new Promise<void>((resolve) => (begun = resolve))
      provider.behave(() => {
        begun()
        return new Promise(() => {})
      })
      await runner.start()
      await beginning
      await runner.stop(0)
      expect(await house.database.all('SELECT state, attempts, tries FROM job_chunk')).toEqual([
        { state: 'queued', attempts: 0, tries: 0 },
      ])
      // Its call is given up too, so that no hold is left.
      await expect.poll(() => house.database.all("SELECT id FROM hold WHERE state = 'held'")).toEqual([])
      provider.behave(async (inquiries) => new Map(inquiries.map(({ key }) => [key, classification('640510')])))
      await run()
      await jobIs(house, place, isDone)
      expect(shown(await allRows(house, place))).toEqual(['640510', '640510', '640510'])
    })

    test('where no other process can be, chunks of one that was killed are taken up at the start', async () => {
      await open(10)
      const place = await makeJob(house, house.askers[0], rowsOf(goods(2)))
      await createChunks({ database: house.database, now: house.clock.now, leaseMs: 30_000 }).claim('killed')
      await run({ isAlone: true })
      await jobIs(house, place, isDone)
    })
  })

  test('answers of a finished job are deleted after its days, and the job stays', async () => {
    await open(5000)
    const place = await makeJob(house, house.askers[0], rowsOf(goods(1500)))
    const runner = await run()
    await jobIs(house, place, isDone)
    house.clock.advance(30 * 24 * 3600_000)
    await runner.sweep()
    expect(await allRows(house, place)).toHaveLength(1500)
    expect(await house.jobs.retry(place, ANYBODY, true)).toMatchObject({ failed: 'job-state' })
    house.clock.advance(3600_000)
    await runner.sweep()
    expect(await allRows(house, place)).toEqual([])
    expect(await house.database.get('SELECT COUNT(*) AS n FROM job_question')).toEqual({ n: 0 })
    const { job, points } = await readTestJob(house, place)
    expect(job).toMatchObject({ state: 'done', rows: 1500, counts: { answered: 1500 } })
    expect(points.spent).toBe(1500)
  })
})
