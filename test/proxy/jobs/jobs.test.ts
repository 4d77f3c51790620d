import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isFailure } from '../../../shared/error-codes.ts'
import { fakeProvider } from '../../hosts/fake-provider.ts'
import { ANYBODY, makeJob, rowsOf } from '../../hosts/job-house.ts'
import { ENGINES } from '../../hosts/test-database.ts'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'

describe.each(ENGINES)('on %s', (engine) => {
  let house: TestHouse

  beforeEach(async () => {
    house = await openTestHouse({ providers: [fakeProvider()], points: 100, engine })
  })
  afterEach(() => house.close())

  const request = (changes: object = {}) => ({
    ...house.askers[0],
    requestId: 'one',
    name: 'spring',
    language: null,
    reader: 'en' as const,
    questions: rowsOf(['shirt', 'sock']),
    ...changes,
  })
  const count = async (table: string): Promise<number> =>
    (await house.database.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))!.n

  describe('a request for a job', () => {
    test('that comes ten times at once makes one job, and all are told of it', async () => {
      const made = await Promise.all(Array.from({ length: 10 }, () => house.jobs.create(request())))
      expect(new Set(made.map((one) => (isFailure(one) ? one.failed : one.job.id))).size).toBe(1)
      expect(made.filter((one) => !isFailure(one) && one.isNew)).toHaveLength(1)
      expect([await count('job'), await count('job_row'), await count('job_chunk')]).toEqual([1, 2, 1])
      expect(await house.database.all("SELECT action FROM audit WHERE action LIKE 'job.%'")).toHaveLength(1)
    })

    test('under the id of another request is refused; the same id in another workspace is another one', async () => {
      await house.jobs.create(request())
      expect(await house.jobs.create(request({ name: 'summer' }))).toMatchObject({ failed: 'request-changed' })
      expect(await house.jobs.create(request(house.askers[1]))).toMatchObject({ isNew: true })
      // Whose language the sentences are in is no part of the request where it names none.
      expect(await house.jobs.create(request({ reader: 'zh' }))).toMatchObject({ isNew: false })
    })

    test('past twenty open ones is refused, until one of them ends', async () => {
      const places = []
      for (let n = 0; n < 20; n++) places.push(await makeJob(house, house.askers[0], rowsOf(['x'])))
      expect(await house.jobs.create(request())).toMatchObject({
        failed: 'too-many-jobs',
        details: { count: 20, max: 20 },
      })
      expect(await house.jobs.create(request(house.askers[1]))).toMatchObject({ isNew: true })
      await house.jobs.cancel(places[7]!, ANYBODY)
      expect(await house.jobs.create(request())).toMatchObject({ isNew: true })
      // A retry opens one again, and is bound as well.
      expect(await house.jobs.retry(places[7]!, ANYBODY, false)).toMatchObject({ failed: 'too-many-jobs' })
    })

    test('that fails in the middle leaves nothing', async () => {
      const broken = { ...house.database }
      const { createJobs } = await import('../../../proxy/jobs/jobs.ts')
      let inserts = 0
      broken.transaction = (work, options) =>
        house.database.transaction(
          (tx) =>
            work({
              ...tx,
              run: (sql, values) => {
                if (sql.startsWith('INSERT INTO job_row') && ++inserts === 3) throw new Error('killed')
                return tx.run(sql, values)
              },
            }),
          options,
        )
      const jobs = createJobs({
        database: broken,
        audit: { recordIn: async () => undefined },
        now: house.clock.now,
        newId: () => 'broken-job',
      })
      const many = rowsOf(Array.from({ length: 600 }, (_, at) => `shirt no ${at}`))
      await expect(jobs.create(request({ questions: many }))).rejects.toThrow('killed')
      for (const table of ['job', 'job_chunk', 'job_question', 'job_row']) expect(await count(table), table).toBe(0)
    })
  })

  test('jobs are listed newest first, page by page, each workspace its own', async () => {
    const ids: string[] = []
    for (let n = 0; n < 7; n++) {
      ids.push((await makeJob(house, house.askers[0], rowsOf(['x']))).jobId)
      // Some at the same millisecond.
      if (n % 2) house.clock.advance(1)
    }
    const foreign = await makeJob(house, house.askers[1], rowsOf(['x']))
    const { workspaceId } = house.askers[0]
    const listed: string[] = []
    for (let before: string | null = null; ;) {
      const page: { job: { id: string } }[] = await house.jobs.list(workspaceId, { before, limit: 3 })
      listed.push(...page.map(({ job }) => job.id))
      if (page.length < 3) break
      before = page.at(-1)!.job.id
    }
    expect(listed).toEqual(ids.reverse())
    expect(await house.jobs.list(workspaceId, { before: foreign.jobId, limit: 3 })).toEqual([])
    expect(
      (await house.jobs.list(house.askers[1].workspaceId, { before: null, limit: 3 })).map(({ job }) => job.id),
    ).toEqual([foreign.jobId])
  })

  test('what is done with a job stands in the audit, with who did it', async () => {
    const place = await makeJob(house, house.askers[0], rowsOf(['x']))
    const actor = { name: 'operator', seatId: null }
    await house.jobs.pause(place, actor)
    await house.jobs.resume(place, actor)
    await house.jobs.cancel(place, actor)
    await house.jobs.retry(place, actor, false)
    const records = await house.database.all<{ action: string; actor: string; detail: string }>(
      "SELECT action, actor, detail FROM audit WHERE action LIKE 'job.%' ORDER BY id",
    )
    expect(records.map(({ action, actor }) => [action, actor])).toEqual([
      ['job.create', house.askers[0].seatId],
      ['job.pause', 'operator'],
      ['job.resume', 'operator'],
      ['job.cancel', 'operator'],
      ['job.retry', 'operator'],
    ])
    expect(records.every(({ detail }) => detail.includes(place.jobId))).toBe(true)
  })
})
