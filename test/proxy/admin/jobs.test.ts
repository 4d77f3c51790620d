import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failure, sentence } from '../../../shared/error-codes.ts'
import { runAdmin } from '../../../proxy/admin/run-admin.ts'
import { createSubmissions } from '../../../proxy/answer/submissions.ts'
import type { JobPlace } from '../../../proxy/jobs/job.ts'
import type { JobRunner } from '../../../proxy/jobs/runner.ts'
import { FailureError, isFailure } from '../../../shared/error-codes.ts'
import { fakeProvider } from '../../hosts/fake-provider.ts'
import { isDone, jobIs, makeJob, readTestJob, rowsOf, testRunner } from '../../hosts/job-house.ts'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'

let folder: string
let house: TestHouse
let runner: JobRunner
let place: JobPlace

// A folder on disk, opened twice at the same time: once here, as by a running proxy, and once by each command.
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-admin-jobs-'))
  house = await openTestHouse({ providers: [fakeProvider({ gatherWindowMs: 0 })], points: 2, folder })
  place = await makeJob(house, house.askers[0], rowsOf(['sock', 'shirt', 'hat', '', '=cmd()']))
  runner = testRunner(house)
})
afterEach(async () => {
  await runner.stop(0)
  await house.close()
  rmSync(folder, { recursive: true })
})

async function admin(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const code = await runAdmin(argv, {
    environment: { DATA_DIR: folder },
    stdin: new PassThrough().end(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    loadUpstreams: () => Promise.resolve([]),
  })
  return { code, stdout, stderr }
}

describe('jobs at the command line', () => {
  test('are listed by workspace and shown with their points', async () => {
    await runner.start()
    await jobIs(house, place, ({ reason }) => reason === 'no-points')
    const { stdout } = await admin('jobs', 'one')
    expect(stdout).toMatch(/^id .*state .*rows .*\n.*paused \(no-points\) +5 +2 +1 +2 /)
    expect((await admin('jobs', 'two')).stdout).toBe('This workspace has no jobs.\n')
    const shown = await admin('job', 'show', place.jobId)
    expect(shown.stdout).toContain('5 rows, 4 questions: 2 answered, 1 failed, 0 cancelled, 1 paused, 0 open, 1 blank')
    expect(shown.stdout).toContain('2 points charged, 0 set aside')
    const { stdout: json } = await admin('jobs', 'one', '--json')
    expect(JSON.parse(json)).toMatchObject([{ id: place.jobId, paused: { reason: 'no-points' }, points: { spent: 2 } }])
    expect(JSON.parse((await admin('job', 'show', place.jobId, '--json')).stdout)).toMatchObject({ rows: 5 })
  })

  test('a grant at the command line sets a job going that a running proxy then completes', async () => {
    await runner.start()
    await jobIs(house, place, ({ reason }) => reason === 'no-points')
    expect((await admin('grant', 'one', '5', '--ref', 'invoice 1')).code).toBe(0)
    const { job, points } = await jobIs(house, place, isDone)
    expect([job.counts.answered, points.spent]).toEqual([3, 3])
  })

  test('are paused, resumed, cancelled and retried, in the operator’s name', async () => {
    expect((await admin('job', 'pause', place.jobId)).stdout).toBe(`${place.jobId}: paused (person)\n`)
    expect((await admin('job', 'resume', place.jobId)).stdout).toBe(`${place.jobId}: running\n`)
    expect((await admin('job', 'cancel', place.jobId)).stdout).toBe(`${place.jobId}: cancelled\n`)
    const refused = await admin('job', 'resume', place.jobId)
    expect([refused.code, refused.stderr]).toEqual([1, 'TC-433 The job is cancelled: it cannot be resumed now.\n'])
    expect((await admin('job', 'retry', place.jobId, '--all')).stdout).toBe(`${place.jobId}: running\n`)
    expect((await readTestJob(house, place)).job.counts.open).toBe(4)
    const actors = await house.database.all("SELECT DISTINCT actor FROM audit WHERE action <> 'job.create'")
    expect(actors).toEqual([{ actor: 'operator' }])
  })

  test('are made of a column of a CSV file, once, after saying what they cost', async () => {
    const file = join(folder, 'products.csv')
    writeFileSync(file, '\ufeffSKU;Description\r\n1;cotton t-shirt\r\n2;\r\n3;"=HYPERLINK(1)"\r\n4;cotton t-shirt\r\n')
    const create = (...argv: string[]) => admin('job', 'create', 'two', file, '--column', 'description', ...argv)
    const unsure = await create()
    expect(unsure.stdout).toBe(
      '4 rows: 1 blank, 1 cannot be asked, 1 the same as another, 0 remembered, 1 free, 0 to pay.\n' +
        `  line 4: ${sentence(failure('looks-like-formula'))}\n` +
        'It costs 0 points (0.00 CNY); there are 2.\n',
    )
    expect([unsure.code, unsure.stderr]).toEqual([1, expect.stringMatching(/TC-610 Nothing was made: .*--yes/)])
    const made = await create('--yes')
    const id = /^Job (\S+)\. /m.exec(made.stdout)![1]!
    expect((await create('--yes')).stdout).toContain(`Job ${id} was made of this file before.`)
    const { stdout } = await admin('job', 'rows', id, '--csv')
    expect(stdout).toBe(
      '\ufeffrow,description,code,error\r\n' +
        "line 2,cotton t-shirt,,open\r\nline 3,,,\r\nline 4,'=HYPERLINK(1),,open\r\nline 5,cotton t-shirt,,open\r\n",
    )
    expect((await admin('job', 'create', 'two', file, '--column', 'colour')).stderr).toMatch(
      /^TC-610 There is no column "colour"\. Known: SKU, Description\.\n$/,
    )
  })

  test('give out the codes that were found, and why the others were not', async () => {
    await runner.start()
    await jobIs(house, place, ({ reason }) => reason === 'no-points')
    const { stdout } = await admin('job', 'rows', place.jobId, '--csv')
    expect(stdout.split('\r\n')[1]).toMatch(/^r0,sock,\d+,$/)
    expect(stdout).toMatch(/\r\nr4,'=cmd\(\),,"TC-102 /)
  })

  test('of which an upstream may have taken more than we heard of are named, and counted', async () => {
    expect((await admin('jobs', 'unknown')).stdout).toBe('Of every submit it is known whether it was taken.\n')
    const hold = await house.ledger.hold({ ...house.askers[0], points: 1, ttlMs: 1000 })
    if (isFailure(hold)) throw new FailureError(hold)
    const submissions = createSubmissions({ database: house.database, now: house.clock.now })
    const sent = { id: 's-1', ...place, chunk: 0, upstream: 'jiayou', token: null }
    await house.database.transaction((tx) => submissions.insertIn(tx, sent, hold.id, ['a', 'b']))
    const read = (await submissions.read(sent))!
    await house.database.transaction((tx) => submissions.failedIn(tx, read, 'submit-unknown'))
    const { stdout } = await admin('jobs', 'unknown')
    expect(stdout).toMatch(new RegExp(`jiayou +one +${place.jobId} +2 .*\\nSubmits: 1, questions: 2\\.`))
    expect(JSON.parse((await admin('jobs', 'unknown', '--json')).stdout)).toMatchObject({
      submissions: 1,
      questions: 2,
      newest: [{ jobId: place.jobId, questions: 2 }],
    })
  })

  test('that are not there are said to be none', async () => {
    const { code, stderr } = await admin('job', 'show', 'nonsense')
    expect([code, stderr]).toEqual([1, expect.stringContaining('There is no job with this id')])
  })
})
