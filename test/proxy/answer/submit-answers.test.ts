/** Chunks of large jobs over a simulated jiayou: what is paid here and there, and what a fault or a death on the way leaves of it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answerBatch, type Asker } from '../../../proxy/answer/answer-batch.ts'
import type { SubmitSettings } from '../../../proxy/answer/attend-submission.ts'
import { createSubmissions } from '../../../proxy/answer/submissions.ts'
import { createSubmitAnswers, type SubmitAnswers, type SubmitDeps } from '../../../proxy/answer/submit-answers.ts'
import { createUsage } from '../../../proxy/credentials/usage.ts'
import type { Failure } from '../../../shared/error-codes.ts'
import type { Answer, Question } from '../../../shared/protocol.ts'
import { question } from '../../hosts/test-house.ts'
import { testIds } from '../../hosts/test-database.ts'
import { openUpstreamHouse, type UpstreamHouse } from '../../hosts/upstream-house.ts'
import { JIAYOU_KEY, JIAYOU_SECRET, startJiayouSimulator, type JiayouSimulator } from '../../upstreams/jiayou.ts'
import type { Fault, SimulatedRequest } from '../../upstreams/simulator.ts'

const QUICK: Partial<SubmitSettings> = {
  questionsMin: 10,
  submitTimeoutMs: 5000,
  lookTimeoutMs: 5000,
  pausesMs: [5, 10, 20],
  announcedPauseMs: 20,
  lostPausesMs: [1, 1, 5],
}
/** As long as a busy machine takes. */
const eventually = <Value>(read: () => Value) => expect.poll(read, { timeout: 15_000, interval: 10 })
const NEVER_MS = 1e6

let jiayou: JiayouSimulator
let house: UpstreamHouse
let waiting: (string | null)[]
let wanted: boolean
beforeEach(() => open())
afterEach(async () => {
  await house.close()
  await jiayou.close()
})

async function open({ balance = 10_000, points = 10_000, workerMs = 1 } = {}): Promise<void> {
  waiting = []
  wanted = true
  jiayou = await startJiayouSimulator({ balance, workerMs })
  house = await openUpstreamHouse({ points, breaker: { pauseMs: 1, failuresInARow: 1000 } })
  await house.connect('jiayou', { key: JIAYOU_KEY, secret: JIAYOU_SECRET }, jiayou.url)
}

async function reopen(options: Parameters<typeof open>[0]): Promise<void> {
  await house.close()
  await jiayou.close()
  await open(options)
}

function goods(count: number, from = 0): Question[] {
  return Array.from({ length: count }, (_, at) => question('HSCODE', `Goods number ${from + at}`))
}

interface Worker {
  answers: Answer[]
  ended: Promise<Answer[]>
  stop(): void
}

let workers = 0

function workerDeps(settings: Partial<SubmitSettings> = {}): SubmitDeps {
  return {
    database: house.house.database,
    now: house.clock.now,
    newId: testIds(`worker${++workers}`),
    settings: { ...QUICK, ...settings },
    isWanted: async () => wanted,
    onWaiting: (_, reason: Failure | null) => void waiting.push(reason?.failed ?? null),
  }
}

/** A worker of its own where none is given, as in another process: it shares the database and nothing else. */
function work(
  questions: readonly Question[],
  {
    chunk = 0,
    settings = {},
    asker = house.askers[0],
    buy = createSubmitAnswers(workerDeps(settings)),
    onRest = () => undefined,
  }: {
    chunk?: number
    settings?: Partial<SubmitSettings>
    asker?: Asker
    buy?: SubmitAnswers
    onRest?: (isAtRest: boolean) => void
  } = {},
): Worker {
  const { answer } = house.house
  const stopping = new AbortController()
  const answers: Answer[] = []
  const place = { jobId: 'job-1', chunk, workspaceId: asker.workspaceId, signal: stopping.signal, onRest }
  const ended = answerBatch(
    answer,
    { ...asker, jobId: 'job-1' },
    questions,
    { language: 'en', deadlineMs: null, buy: buy(place) },
    (given) => answers.push(given),
  ).then(() => answers)
  return { answers, ended, stop: () => stopping.abort() }
}

async function answersOf(questions: readonly Question[], options?: Parameters<typeof work>[1]): Promise<Answer[]> {
  return work(questions, options).ended
}

const isSubmit = ({ path }: SimulatedRequest): boolean => path === '/api/api/submit'
const submits = (): number => jiayou.requests.filter(isSubmit).length
const looks = (): number => jiayou.requests.filter(({ path }) => path === '/api/api/tasks').length

function faultOnSubmits(faults: (Fault | null)[]): void {
  jiayou.faultAlways((request) => (isSubmit(request) ? (faults.shift() ?? null) : null))
}

/** Changes the items of every page of tasks. */
function rewriteTasks(change: (items: Record<string, unknown>[]) => Record<string, unknown>[]): void {
  jiayou.faultAlways((request) =>
    isSubmit(request)
      ? null
      : {
          kind: 'rewrite',
          rewrite(reply) {
            const { tasks } = (reply as { data: { tasks: { items: Record<string, unknown>[] } } }).data
            return { code: 0, data: { tasks: { ...tasks, items: change(tasks.items) } } }
          },
        },
  )
}

async function states(): Promise<Record<string, number>> {
  const rows = await house.house.database.all<{ state: string; n: number }>(
    'SELECT state, COUNT(*) AS n FROM submission GROUP BY state',
  )
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}

function errorsOf(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { error } of answers) {
    const code = error?.code ?? 'answered'
    counts[code] = (counts[code] ?? 0) + 1
  }
  return counts
}

async function expectBooks({ paid, there = paid }: { paid: number; there?: number }): Promise<void> {
  expect(await house.spent()).toBe(paid)
  expect(jiayou.pointsCharged).toBe(there)
  expect(await house.openHolds()).toBe(0)
  expect(await house.house.ledger.verify()).toEqual([])
  expect(await house.house.database.all('SELECT * FROM question_claim')).toEqual([])
}

describe('a large job', () => {
  test(
    'of 2,500 names goes by five submits; what is charged here is charged there, answered as cells are',
    { timeout: 120_000 },
    async () => {
      const questions = goods(2500)
      const answers = await answersOf(questions)
      expect(errorsOf(answers)).toEqual({ answered: 2500 })
      expect(answers.reduce((points, answer) => points + answer.points, 0)).toBe(2500)
      expect(submits()).toBe(5)
      expect(jiayou.requests.filter(({ path }) => path.endsWith('batch-query'))).toEqual([])
      await expectBooks({ paid: 2500 })
      expect(await states()).toEqual({ settled: 5 })
      const jobs = await house.house.database.all('SELECT DISTINCT job_id FROM hold')
      expect(jobs).toEqual([{ job_id: 'job-1' }])
      // Another workspace asks some of it as cells: by batch-query the answers are the same.
      const cells = await house.ask(questions.slice(0, 100), house.askers[1])
      const byId = new Map(answers.map((answer) => [answer.id, answer]))
      for (const cell of cells) expect(cell.value).toBe(byId.get(cell.id)!.value)
    },
  )

  test('what its upstream took is recorded as ever', async () => {
    await answersOf(goods(600))
    const usage = createUsage({ database: house.house.database, now: house.clock.now, newId: () => 'unused' })
    await eventually(async () => (await usage.totals())[0]).toMatchObject({
      calls: 2,
      items: 600,
      charged: 600,
      lost: 0,
    })
  })

  test('asks what is remembered, free, too few, or not to be handed in as cells do', async () => {
    await answersOf(goods(20))
    const before = submits()
    const answers = await answersOf(
      [
        ...goods(20),
        question('HSCODE', 'm'.repeat(500), 'CA', 'material=cotton and more of it'),
        question('HSCODE', 'wooden kitchen chair', 'US'),
        question('HSRATE', '6109100012', 'CA'),
        ...goods(5, 100),
      ],
      { chunk: 1 },
    )
    expect(errorsOf(answers)).toEqual({ answered: 27, 'TC-101': 1 })
    expect(submits()).toBe(before)
    await expectBooks({ paid: 25 })
  })

  test('that finds nothing for some charges nothing for these', async () => {
    jiayou.failFor('number 7')
    const answers = await answersOf(goods(20))
    expect(errorsOf(answers)).toEqual({ answered: 19, 'TC-230': 1 })
    await expectBooks({ paid: 19 })
  })

  test('beyond the points there are sends what is covered, and says what the others lack', async () => {
    await reopen({ points: 15 })
    const answers = await answersOf(goods(40))
    expect(errorsOf(answers)).toEqual({ answered: 15, 'TC-402': 25 })
    expect(jiayou.tasks).toHaveLength(15)
    await expectBooks({ paid: 15 })
  })

  test('beyond a seat’s daily cap stops at it', async () => {
    const answers = await answersOf(goods(40), { asker: { ...house.askers[0], dailyCapPoints: 12 } })
    expect(errorsOf(answers)).toEqual({ answered: 12, 'TC-430': 28 })
  })

  test('whose upstream refuses the submit is answered as cells are', { timeout: 120_000 }, async () => {
    faultOnSubmits([{ kind: 'status', status: 400 }])
    const answers = await answersOf(goods(20))
    expect(errorsOf(answers)).toEqual({ answered: 20 })
    await expectBooks({ paid: 20 })
    expect(await states()).toEqual({ failed: 1 })
  })
})

describe('a submit whose reply was lost', () => {
  test.each<[string, Fault]>([
    ['by a reset', { kind: 'reset-after' }],
    ['by half of it', { kind: 'truncated' }],
  ])('%s is found, and paid once', async (_, fault) => {
    faultOnSubmits([fault])
    const answers = await answersOf(goods(30))
    expect(errorsOf(answers)).toEqual({ answered: 30 })
    expect([submits(), jiayou.tasks.length]).toEqual([1, 30])
    await expectBooks({ paid: 30 })
  })

  test('by silence is found, and paid once', async () => {
    faultOnSubmits([{ kind: 'timeout-after' }])
    const answers = await answersOf(goods(30), { settings: { submitTimeoutMs: 200 } })
    expect(errorsOf(answers)).toEqual({ answered: 30 })
    expect(submits()).toBe(1)
    await expectBooks({ paid: 30 })
  })

  test('and that was found counts as charged, not as lost, whether the next reply came before or after', async () => {
    const usage = createUsage({ database: house.house.database, now: house.clock.now, newId: () => 'unused' })
    const totals = async () => (await usage.totals())[0]
    // A reply before it, for the balance.
    await answersOf(goods(20))
    await eventually(totals).toMatchObject({ calls: 1, charged: 20, lost: 0 })
    faultOnSubmits([{ kind: 'reset-after' }])
    const worker = work(goods(30, 100), { chunk: 1, settings: { lostPausesMs: [NEVER_MS] } })
    await eventually(() => jiayou.tasks.length).toBe(50)
    worker.stop()
    await worker.ended
    await house.ask(goods(1, 500))
    await eventually(totals).toMatchObject({ calls: 2, charged: 21, lost: 30 })
    expect(errorsOf(await answersOf(goods(30, 100), { chunk: 1 }))).toEqual({ answered: 30 })
    await eventually(totals).toMatchObject({ calls: 3, items: 51, charged: 51, lost: 0 })

    faultOnSubmits([{ kind: 'reset-after' }])
    expect(errorsOf(await answersOf(goods(40, 200), { chunk: 2 }))).toEqual({ answered: 40 })
    await eventually(totals).toMatchObject({ charged: 91, lost: 0, balance: 10_000 - 91 })
    await house.ask(goods(1, 501))
    await eventually(totals).toMatchObject({ charged: 92, lost: 0, balance: 10_000 - 92 })
  })

  test('before it arrived is sent again, once it is sure that there is none', async () => {
    faultOnSubmits([{ kind: 'reset' }])
    const answers = await answersOf(goods(30))
    expect(errorsOf(answers)).toEqual({ answered: 30 })
    expect([submits(), jiayou.tasks.length]).toEqual([2, 30])
    await expectBooks({ paid: 30 })
  })

  test('and that cannot be looked for is not sent again: nothing is charged, and it is counted', async () => {
    jiayou.faultAlways((request) => (isSubmit(request) ? { kind: 'reset-after' } : { kind: 'status', status: 500 }))
    const answers = await answersOf(goods(30))
    expect(errorsOf(answers)).toEqual({ 'TC-519': 30 })
    expect(submits()).toBe(1)
    await expectBooks({ paid: 0, there: 30 })
    const submissions = createSubmissions({ database: house.house.database, now: house.clock.now })
    expect(await submissions.countUnknown()).toEqual({ submissions: 1, questions: 30 })
    const { workspaceId } = house.askers[0]
    const sentAt = house.clock.now()
    expect(await submissions.listUnknown(10)).toEqual([
      { upstream: 'jiayou', workspaceId, jobId: 'job-1', questions: 30, sentAt },
    ])
  })

  test('twice in a row is sent no third time', async () => {
    faultOnSubmits([{ kind: 'reset' }, { kind: 'reset' }, { kind: 'reset' }])
    expect(errorsOf(await answersOf(goods(30)))).toEqual({ 'TC-519': 30 })
    expect(submits()).toBe(2)
    await expectBooks({ paid: 0 })
  })
})

describe('a worker that is gone', () => {
  const count = 30
  const questions = goods(count)

  /** Works until the submission stands so, and is then seen no more. */
  async function abandonAt(state: 'sending' | 'sent', settings: Partial<SubmitSettings> = {}): Promise<void> {
    const worker = work(questions, {
      settings: { pausesMs: [NEVER_MS], lostPausesMs: [NEVER_MS], ...settings },
    })
    await eventually(states).toEqual({ [state]: 1 })
    // Past the submit, in the pause before the next step.
    await eventually(() => jiayou.tasks.length).toBe(count)
    worker.stop()
    expect(errorsOf(await worker.ended)).toEqual({ 'TC-408': count })
  }

  test('between send and settle is followed by another, by the same ticket and hold', async () => {
    await abandonAt('sent')
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: count })
    expect(submits()).toBe(1)
    await expectBooks({ paid: count })
    expect(await house.house.database.all('SELECT state FROM hold')).toEqual([{ state: 'settled' }])
  })

  test('for longer than its hold lives is followed by another with a new hold: nothing is free, nothing is sent again', async () => {
    await abandonAt('sent')
    house.clock.advance(3_600_000)
    await house.house.ledger.expireHolds()
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: count })
    expect(submits()).toBe(1)
    await expectBooks({ paid: count })
  })

  test('and whose points are spent elsewhere meanwhile delivers nothing, until there are points again', async () => {
    await abandonAt('sent')
    house.clock.advance(3_600_000)
    await house.house.ledger.expireHolds()
    const { workspaceId } = house.askers[0]
    const hold = await house.house.ledger.hold({ ...house.askers[0], points: 9980, ttlMs: 1000 })
    if ('failed' in hold) throw new Error('no hold')
    await house.house.ledger.settle(hold, 9980, async () => {})
    expect(errorsOf(await answersOf(questions))).toEqual({ 'TC-402': count })
    await house.house.ledger.credit({ workspaceId, kind: 'grant', ref: 'more', points: 100 })
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: count })
    expect(submits()).toBe(1)
    await expectBooks({ paid: 9980 + count, there: count })
  })

  test('before it heard of its submit is followed by another, that finds it', async () => {
    faultOnSubmits([{ kind: 'reset-after' }])
    await abandonAt('sending')
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: count })
    expect(submits()).toBe(1)
    await expectBooks({ paid: count })
  })

  test('before it heard of its submit, of which some questions are answered meanwhile, is not sent again on half a look', async () => {
    faultOnSubmits([{ kind: 'reset-after' }])
    await abandonAt('sending')
    house.clock.advance(3_600_000)
    await house.house.ledger.expireHolds()
    await house.ask(questions.slice(0, 1))
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: 1, 'TC-519': count - 1 })
    expect(submits()).toBe(1)
    await expectBooks({ paid: 1, there: count + 1 })
  })

  test('across the turn of a month is followed by its questions, not by their keys', async () => {
    await abandonAt('sent')
    house.clock.advance(40 * 24 * 3_600_000)
    await house.house.ledger.expireHolds()
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: count })
    expect(submits()).toBe(1)
    await expectBooks({ paid: count })
  })

  test('and comes back finds that another has gone on', async () => {
    const slow = work(questions, { settings: { pausesMs: [NEVER_MS] } })
    await eventually(states).toEqual({ sent: 1 })
    const quick = work(questions)
    expect(errorsOf(await quick.ended)).toEqual({ answered: count })
    await house.house.database.notify('submissions', `${house.askers[0].workspaceId} job-1 0`)
    expect(errorsOf(await slow.ended)).toEqual({ 'TC-408': count })
    expect(submits()).toBe(1)
    await expectBooks({ paid: count })
  })

  test('after it settled has left answers that are not paid again', async () => {
    await answersOf(questions)
    const again = await answersOf(questions)
    expect(again.reduce((points, answer) => points + answer.points, 0)).toBe(0)
    await expectBooks({ paid: count })
  })
})

describe('one question in two places', () => {
  test('that a cell asks while it is handed in is not asked twice, nor paid twice', async () => {
    await reopen({ workerMs: 150 })
    const questions = goods(20)
    const job = work(questions)
    await eventually(states).toEqual({ sent: 1 })
    const cells = house.ask(questions.slice(0, 5))
    expect(errorsOf(await cells)).toEqual({ answered: 5 })
    expect(errorsOf(await job.ended)).toEqual({ answered: 20 })
    await expectBooks({ paid: 20 })
  })

  test('that two chunks hand in at the same time is paid once', async () => {
    const [one, two] = await Promise.all([answersOf(goods(40)), answersOf(goods(40, 20), { chunk: 1 })])
    expect([errorsOf(one), errorsOf(two)]).toEqual([{ answered: 40 }, { answered: 40 }])
    await expectBooks({ paid: 60 })
  })
})

describe('an upstream that is out of points of its own', () => {
  test('delivers what it could pay; the rest lets go of place and points, and is come back for after a recharge there', async () => {
    await reopen({ balance: 12 })
    const buy = createSubmitAnswers(workerDeps())
    const questions = goods(30)
    expect(errorsOf(await work(questions, { buy }).ended)).toEqual({ answered: 12, 'TC-408': 18 })
    expect([await house.spent(), await house.balance(), await house.openHolds()]).toEqual([12, 9988, 0])
    // Said once, however often it is looked at; and points are held again only when there is something to pay for.
    const holds = () => house.house.database.all('SELECT id FROM hold')
    const before = await holds()
    expect(errorsOf(await work(questions, { buy }).ended)).toEqual({ answered: 12, 'TC-408': 18 })
    expect(waiting).toEqual(['upstream-no-points'])
    expect(await holds()).toEqual(before)
    jiayou.recharge(100)
    await eventually(() => jiayou.tasks.every(({ status }) => status === 'success')).toBe(true)
    expect(errorsOf(await work(questions, { buy }).ended)).toEqual({ answered: 30 })
    expect(waiting.at(-1)).toBeNull()
    expect(submits()).toBe(1)
    await expectBooks({ paid: 30 })
  })

  test('is asked again the more seldom the longer it lasts', async () => {
    await reopen({ balance: 0 })
    const questions = goods(20)
    const secondsTold = async (): Promise<unknown[]> => {
      const outcomes: unknown[] = []
      const buy = createSubmitAnswers({ ...workerDeps(), random: () => 1 })
      const spy: typeof buy = (place) => (buyDeps, buyer, wanted, fill) =>
        buy(place)(buyDeps, buyer, wanted, (at, outcome) => {
          outcomes.push('details' in outcome && outcome.details.seconds)
          fill(at, outcome)
        })
      await work(questions, { buy: spy }).ended
      return [...new Set(outcomes)]
    }
    expect(await secondsTold()).toEqual([60])
    house.clock.advance(3_600_000)
    expect(await secondsTold()).toEqual([360])
    house.clock.advance(10 * 3_600_000)
    expect(await secondsTold()).toEqual([600])
  })

  test('for a day is told in the rows, and what was handed in is still come back for', async () => {
    await reopen({ balance: 12 })
    const questions = goods(30)
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: 12, 'TC-408': 18 })
    house.clock.advance(24 * 3_600_000 - 1)
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: 12, 'TC-408': 18 })
    house.clock.advance(1)
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: 12, 'TC-512': 18 })
    expect(await house.openHolds()).toBe(0)
    jiayou.recharge(100)
    await eventually(() => jiayou.tasks.every(({ status }) => status === 'success')).toBe(true)
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: 30 })
    expect(submits()).toBe(1)
    await expectBooks({ paid: 30 })
  })

  test('and never recharged is given up after a week, and handed in anew', async () => {
    await reopen({ balance: 0 })
    const questions = goods(20)
    expect(errorsOf(await answersOf(questions))).toEqual({ 'TC-408': 20 })
    house.clock.advance(8 * 24 * 3_600_000)
    expect(errorsOf(await answersOf(questions))).toEqual({ 'TC-512': 20 })
    expect(await states()).toEqual({ failed: 1 })
  })
})

describe('waiting', () => {
  test('is told from work, so that another chunk may have the place meanwhile', async () => {
    await reopen({ workerMs: 1_000_000 })
    const rest: boolean[] = []
    const job = work(goods(20), { onRest: (isAtRest) => void rest.push(isAtRest), settings: { pausesMs: [NEVER_MS] } })
    await eventually(states).toEqual({ sent: 1 })
    await eventually(() => rest.at(-1)).toBe(true)
    job.stop()
    await job.ended
    expect(rest.at(-1)).toBe(false)
  })

  test('in line for a submit has no row yet and holds nothing: stopped or killed there, it leaves nothing to be looked for', async () => {
    faultOnSubmits(Array.from({ length: 4 }, () => ({ kind: 'timeout-after' })))
    const buy = createSubmitAnswers(workerDeps({ submitTimeoutMs: NEVER_MS }))
    const first = Array.from({ length: 4 }, (_, chunk) => work(goods(20, 100 * chunk), { chunk, buy }))
    await eventually(submits).toBe(4)
    const rest: boolean[] = []
    const last = work(goods(20, 1000), { chunk: 9, buy, onRest: (isAtRest) => void rest.push(isAtRest) })
    await eventually(() => rest.at(-1)).toBe(true)
    expect([await states(), await house.openHolds()]).toEqual([{ sending: 4 }, 4])
    last.stop()
    expect(errorsOf(await last.ended)).toEqual({ 'TC-408': 20 })
    expect(await states()).toEqual({ sending: 4 })
    for (const one of first) one.stop()
    expect(errorsOf(await answersOf(goods(20, 1000), { chunk: 9 }))).toEqual({ answered: 20 })
    // Else the house waits for the calls that nobody answers.
    await jiayou.close()
    await house.close()
    await Promise.all(first.map(({ ended }) => ended))
    await open()
  })

  test('for an upstream that delivers bit by bit gives its place to others after a while, and keeps what has come', async () => {
    let listed = 2
    rewriteTasks((items) => items.filter(({ product_name: name }) => Number(/\d+$/.exec(String(name))![0]) < listed))
    const questions = goods(20)
    const job = work(questions)
    await eventually(looks).toBeGreaterThan(3)
    listed = 5
    house.clock.advance(30 * 60_000)
    expect(errorsOf(await job.ended)).toEqual({ answered: 5, 'TC-408': 15 })
    expect([await house.spent(), await house.openHolds()]).toEqual([5, 1])
    listed = 20
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: 20 })
    expect(submits()).toBe(1)
    await expectBooks({ paid: 20 })
  })

  test('ends when the job is not wanted any more: points come back, and the ticket stays', async () => {
    const questions = goods(20)
    let isSlow = true
    rewriteTasks((items) => (isSlow ? items.map((item) => ({ ...item, status: 'processing' })) : items))
    const job = work(questions)
    await eventually(looks).toBeGreaterThan(0)
    wanted = false
    expect(errorsOf(await job.ended)).toEqual({ 'TC-408': 20 })
    isSlow = false
    expect([await house.openHolds(), await house.balance()]).toEqual([0, 10_000])
    wanted = true
    expect(errorsOf(await answersOf(questions))).toEqual({ answered: 20 })
    expect(submits()).toBe(1)
    await expectBooks({ paid: 20 })
  })

  test('outlasts looks that fail, in every way they can', async () => {
    const faults: Fault[] = [
      { kind: 'status', status: 500 },
      { kind: 'reset' },
      { kind: 'truncated' },
      { kind: 'html' },
      { kind: 'status', status: 429, retryAfter: '0' },
      { kind: 'rewrite', rewrite: () => ({ code: 0, data: {} }) },
    ]
    jiayou.faultAlways((request) => (isSubmit(request) ? null : (faults.shift() ?? null)))
    expect(errorsOf(await answersOf(goods(20)))).toEqual({ answered: 20 })
    await expectBooks({ paid: 20 })
  })

  test('for an upstream that says nothing new for an hour ends, and what is there is come back for', async () => {
    await reopen({ workerMs: 1_000_000 })
    const questions = goods(20)
    const job = work(questions)
    await eventually(looks).toBeGreaterThan(2)
    house.clock.advance(3_600_000)
    expect(errorsOf(await job.ended)).toEqual({ 'TC-504': 20 })
    expect(await states()).toEqual({ sent: 1 })
    expect(await house.openHolds()).toBe(0)
  })

  test('for a row that is never listed does not keep the others from their answers', async () => {
    rewriteTasks((items) => items.filter(({ product_name: name }) => name !== 'Goods number 3'))
    const job = work(goods(20))
    await eventually(looks).toBeGreaterThan(3)
    house.clock.advance(2 * 60_000)
    await eventually(() => job.answers.length).toBe(19)
    house.clock.advance(3_600_000)
    expect(errorsOf(await job.ended)).toEqual({ answered: 19, 'TC-504': 1 })
    expect([await house.spent(), await house.openHolds()]).toEqual([19, 0])
  })

  test('is over when the house closes: nothing hangs, and nothing is lost', async () => {
    await reopen({ workerMs: 1_000_000 })
    const { bulkBuy, answer } = house.house
    const questions = goods(60)
    const answers: Answer[] = []
    const buy = bulkBuy({ jobId: 'job-2', chunk: 0, workspaceId: house.askers[0].workspaceId })
    const ended = answerBatch(answer, house.askers[0], questions, { language: 'en', deadlineMs: null, buy }, (given) =>
      answers.push(given),
    )
    await eventually(states).toEqual({ sent: 1 })
    await house.close()
    await ended
    expect(errorsOf(answers)).toEqual({ 'TC-408': 60 })
    house = await openUpstreamHouse()
  })
})
