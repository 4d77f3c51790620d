/** Bulk jobs over HTTP: the real app and a runner, providers of the test's own, two workspaces. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JobRunner } from '../../../proxy/jobs/runner.ts'
import type { EstimateReply, JobReply, JobRowReply } from '../../../shared/jobs-protocol.ts'
import { answerAll, fakeProvider, type FakeProvider } from '../../hosts/fake-provider.ts'
import { rowsOf, testRunner } from '../../hosts/job-house.ts'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'

let provider: FakeProvider
let house: TestHouse
let proxy: TestProxy
let runner: JobRunner

beforeEach(async () => {
  provider = fakeProvider({ gatherWindowMs: 0 })
  house = await openTestHouse({ providers: [provider], points: 1000, waitingMax: 20_000 })
  proxy = await startTestProxy(house)
  runner = testRunner(house)
})
afterEach(async () => {
  await runner.stop(0)
  await proxy.close()
  await house.close()
})

interface Reply<Body> {
  status: number
  body: Body & { error?: { code: string; message: string } }
  headers: Headers
}

const as = (who: 0 | 1): Record<string, string> => ({ Authorization: `Bearer ${house.ownerTokens[who]}` })
async function read<Body>(response: Response): Promise<Reply<Body>> {
  return { status: response.status, body: (await response.json()) as Reply<Body>['body'], headers: response.headers }
}
const post = async <Body = JobReply>(path: string, body: unknown = {}, who: 0 | 1 = 0): Promise<Reply<Body>> =>
  read(await proxy.post(path, body, as(who)))
const get = async <Body = JobReply>(path: string, who: 0 | 1 = 0): Promise<Reply<Body>> =>
  read(await proxy.get(path, as(who)))
const create = (texts: string[], requestId = 'one', who: 0 | 1 = 0) =>
  post('/v1/jobs', { requestId, questions: rowsOf(texts) }, who)

/** Events of a stream, as they come. */
async function* events(path: string, signal?: AbortSignal): AsyncGenerator<{ event: string; job: JobReply }> {
  const response = await fetch(proxy.url + path, { headers: as(0), ...(signal ? { signal } : {}) })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop()!
    for (const block of blocks) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? []
      if (event) yield { event, job: JSON.parse(data!) as JobReply }
    }
  }
}

describe('a job over HTTP', () => {
  test('is estimated, made, followed to its end and read, page by page', async () => {
    const texts = Array.from({ length: 1200 }, (_, at) => (at % 100 === 0 ? '' : `shirt no ${at % 600}`))
    const estimate = await post<EstimateReply>('/v1/jobs/estimate', { questions: rowsOf(texts) })
    expect(estimate.body).toMatchObject({ rows: 1200, blanks: 12, toPay: 594, points: 594, cny: 11.88, enough: true })
    const made = await create(texts)
    expect(made).toMatchObject({ status: 201, body: { state: 'running', rows: 1200, questions: 594 } })
    expect(made.headers.get('cache-control')).toBe('no-store')

    await runner.start()
    const seen: { event: string; job: JobReply }[] = []
    for await (const event of events(`/v1/jobs/${made.body.id}/events`)) seen.push(event)
    expect(seen[0]!.event).toBe('progress')
    expect(seen.map(({ event }) => event).filter((event) => event === 'done')).toHaveLength(1)
    expect(seen.at(-1)).toMatchObject({
      event: 'done',
      job: { state: 'done', counts: { blank: 12, answered: 1188, open: 0 }, points: { spent: 594, held: 0 } },
    })

    const rows: JobRowReply[] = []
    for (let after: number | null = -1; after !== null;) {
      const page: Reply<{ rows: JobRowReply[]; after: number | null }> = await get(
        `/v1/jobs/${made.body.id}/rows?limit=500${after < 0 ? '' : `&after=${after}`}`,
      )
      rows.push(...page.body.rows)
      after = page.body.after
    }
    expect(rows.map(({ row, id }) => [row, id])).toEqual(texts.map((_, at) => [at, `r${at}`]))
    expect(rows[0]).toEqual({ row: 0, id: 'r0', state: 'blank', answer: { id: 'r0', value: '', points: 0 } })
    expect(rows[1]).toMatchObject({
      state: 'answered',
      answer: { id: 'r1', value: '610910', points: 1, source: { provider: 'fake', cached: false } },
    })
    expect(rows[601]).toMatchObject({ answer: { id: 'r601', value: '610910', points: 0 } })
    expect(rows.reduce((points, { answer }) => points + answer!.points, 0)).toBe(594)
    const blanks = await get<{ rows: JobRowReply[] }>(`/v1/jobs/${made.body.id}/rows?state=blank`)
    expect(blanks.body.rows).toHaveLength(12)
    expect((await get<{ jobs: JobReply[] }>('/v1/jobs')).body.jobs.map(({ id }) => id)).toEqual([made.body.id])
  })

  test('made ten times at once by the same request is one, of another request with its id is TC-435', async () => {
    const made = await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (;;) {
          const reply = await create(['sock', 'shirt'])
          // Only so many bodies are read at once.
          if (reply.status !== 503) return reply
        }
      }),
    )
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1)
    expect(made.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(await create(['other'])).toMatchObject({ status: 409, body: { error: { code: 'TC-435' } } })
  })

  test('is paused, resumed, cancelled and retried', async () => {
    const { id } = (await create(['sock', 'shirt'])).body
    expect((await post(`/v1/jobs/${id}/pause`)).body).toMatchObject({
      state: 'paused',
      paused: { reason: 'person', error: null },
      counts: { paused: 2, open: 0 },
    })
    expect((await post(`/v1/jobs/${id}/resume`)).body).toMatchObject({ state: 'running', paused: null })
    expect((await post(`/v1/jobs/${id}/cancel`)).body).toMatchObject({ state: 'cancelled', counts: { cancelled: 2 } })
    const rows = await get<{ rows: JobRowReply[] }>(`/v1/jobs/${id}/rows`)
    expect(rows.body.rows.map(({ answer }) => answer!.error!.code)).toEqual(['TC-434', 'TC-434'])
    expect(await post(`/v1/jobs/${id}/resume`)).toMatchObject({ status: 409, body: { error: { code: 'TC-433' } } })
    expect((await post(`/v1/jobs/${id}/retry`, { all: true })).body).toMatchObject({
      state: 'running',
      finishedAt: null,
    })
  })

  test('says in the reader’s language why it waits', async () => {
    await house.ledger.hold({ ...house.askers[0], points: 1000, ttlMs: 1_000_000 })
    const { id } = (await create(['sock'])).body
    await runner.start()
    await expect.poll(async () => (await get(`/v1/jobs/${id}`)).body.state).toBe('paused')
    const read = await proxy.get(`/v1/jobs/${id}`, { ...as(0), 'Accept-Language': 'zh' })
    expect(await read.json()).toMatchObject({
      paused: { reason: 'no-points', error: { code: 'TC-402', message: expect.stringContaining('充值') } },
    })
  })
})

describe('progress', () => {
  test('comes at once, again when something changed, and survives clients that go away', async () => {
    let letGo = (): void => {}
    const gate = new Promise<void>((resolve) => (letGo = resolve))
    provider.behave(async (inquiries) => {
      await gate
      return answerAll(inquiries)
    })
    const { id } = (await create(['sock', 'shirt'])).body
    const leaves = new AbortController()
    const gone = events(`/v1/jobs/${id}/events`, leaves.signal)
    expect((await gone.next()).value).toMatchObject({ event: 'progress', job: { counts: { open: 2 } } })
    leaves.abort()
    await expect(gone.next()).rejects.toThrow()

    const stays = events(`/v1/jobs/${id}/events`)
    expect((await stays.next()).value).toMatchObject({ event: 'progress', job: { counts: { open: 2 } } })
    await runner.start()
    letGo()
    const rest: string[] = []
    for await (const { event, job } of stays) rest.push(`${event} ${job.state}`)
    expect(rest.at(-1)).toBe('done done')
  })

  test('of a job that another process changes is seen without being told', async () => {
    const { id } = (await create(['sock'])).body
    const stream = events(`/v1/jobs/${id}/events`)
    await stream.next()
    await house.database.run("UPDATE job SET state = 'paused', reason = 'person'")
    expect((await stream.next()).value).toMatchObject({ job: { state: 'paused' } })
    await stream.return(undefined)
  })

  test('of a finished job is one event and its end', async () => {
    const { id } = (await create([''])).body
    const seen: string[] = []
    for await (const { event } of events(`/v1/jobs/${id}/events`)) seen.push(event)
    expect(seen).toEqual(['progress', 'done'])
  })
})

describe('who may not', () => {
  test('a job of another workspace is like none, on every route', async () => {
    const { id } = (await create(['sock'])).body
    await create(['their own'], 'one', 1)
    for (const job of [id, 'nonsense', '%F0%9F%98%80', 'x'.repeat(2000)]) {
      for (const path of ['', '/rows', '/events']) {
        expect(await get(`/v1/jobs/${job}${path}`, 1), path).toMatchObject({
          status: 404,
          body: { error: { code: 'TC-240' } },
        })
      }
      for (const path of ['/pause', '/resume', '/cancel', '/retry']) {
        expect(await post(`/v1/jobs/${job}${path}`, {}, 1), path).toMatchObject({
          status: 404,
          body: { error: { code: 'TC-240' } },
        })
      }
    }
    expect((await get(`/v1/jobs/${id}`)).body).toMatchObject({ state: 'running', rows: 1 })
    const listed = await get<{ jobs: JobReply[] }>('/v1/jobs', 1)
    expect(listed.body.jobs.map(({ id }) => id)).not.toContain(id)
    expect((await get<{ jobs: JobReply[] }>(`/v1/jobs?before=${id}`, 1)).body.jobs).toEqual([])
  })

  test('a token for single cells, or none at all, has no jobs; the body of a stranger is not read', async () => {
    const cell = await house.seats.createSeat({ ...house.askers[0], name: 'c', role: 'cell', dailyCapPoints: null })
    const body = { requestId: 'one', questions: rowsOf(['sock']) }
    for (const [token, status] of [
      [cell.token, 403],
      ['tc_nobody', 401],
    ] as const) {
      const headers = { Authorization: `Bearer ${token}` }
      for (const path of ['/v1/jobs', '/v1/jobs/estimate', '/v1/jobs/x/pause']) {
        expect((await proxy.post(path, body, headers)).status, path).toBe(status)
      }
      for (const path of ['/v1/jobs', '/v1/jobs/x', '/v1/jobs/x/rows', '/v1/jobs/x/events']) {
        expect((await proxy.get(path, headers)).status, path).toBe(status)
      }
    }
    const large = 'x'.repeat(33_000_000)
    // Refused while it is still being sent: either the answer arrives, or the end of the connection.
    const refused = await proxy.post('/v1/jobs', large, { Authorization: 'Bearer tc_nobody' }).then(
      ({ status }) => status,
      () => 401,
    )
    expect(refused).toBe(401)
  })
})

describe('a body', () => {
  const many = (count: number): string =>
    JSON.stringify({ requestId: 'one', questions: Array.from({ length: count }, () => 5) })
  test.each([
    ['that is no JSON', '{', 400, 'TC-131'],
    ['without questions', { requestId: 'one' }, 400, 'TC-131'],
    ['with no question', { requestId: 'one', questions: [] }, 400, 'TC-131'],
    ['without a request id', { questions: rowsOf(['x']) }, 400, 'TC-131'],
    ['with a field too much', { requestId: 'one', questions: rowsOf(['x']), extra: 1 }, 400, 'TC-131'],
    ['with a row that is none', { requestId: 'one', questions: [5] }, 400, 'TC-131'],
    ['with two rows of one id', { requestId: 'one', questions: [...rowsOf(['x']), ...rowsOf(['y'])] }, 400, 'TC-131'],
    ['with a language that is none', { requestId: 'one', questions: rowsOf(['x']), lang: 'de' }, 400, 'TC-131'],
    ['of 50,001 rows', many(50_001), 400, 'TC-153'],
    ['of 33 MB', `"${'x'.repeat(33_000_000)}"`, 413, 'TC-413'],
  ])('%s is refused with its code, and makes nothing', async (_, body, status, code) => {
    expect(await post('/v1/jobs', body)).toMatchObject({ status, body: { error: { code } } })
    expect((await get<{ jobs: JobReply[] }>('/v1/jobs')).body.jobs).toEqual([])
  })

  test('of an estimate with bad rows names the first of them and counts the others', async () => {
    const reply = await post<EstimateReply>('/v1/jobs/estimate', {
      questions: rowsOf(['=x()', 'sock', '=y()']),
      lang: 'fr',
    })
    expect(reply).toMatchObject({ status: 200, body: { bad: 2, toPay: 1 } })
    expect(reply.body.badRows[0]!.error.message).toContain('formule')
  })

  test('or a query that is not as documented is refused, by what there is', async () => {
    const { id } = (await create(['sock'])).body
    for (const [query, detail] of [
      [`/${id}/rows?state=lost`, 'state must be "blank" or "open"'],
      [`/${id}/rows?after=first`, 'after has another form'],
      ['?limit=0', 'limit has another form'],
      ['?limit=1&limit=2', 'limit must be a string'],
      ['?before=', 'before has another form'],
      ['?after=1', 'the address has unknown fields (after)'],
    ] as const) {
      const { status, body } = await get(`/v1/jobs${query}`)
      expect([status, body.error?.code]).toEqual([400, 'TC-131'])
      expect(body.error?.message).toContain(detail)
    }
    expect(await get('/v1/jobs?limit=100000')).toMatchObject({ status: 200, body: { jobs: [{ id }], before: null } })
  })

  test('of a retry that is not as documented is refused', async () => {
    const { id } = (await create(['sock'])).body
    expect(await post(`/v1/jobs/${id}/retry`, { all: 'yes' })).toMatchObject({
      status: 400,
      body: { error: { code: 'TC-131' } },
    })
  })
})

test('metrics tell jobs and chunks by state, and no workspace', async () => {
  await create(['sock'])
  await create(['shirt'], 'two', 1)
  const text = await (await proxy.get('/metrics')).text()
  expect(text).toContain('tariffcell_jobs_open 2')
  expect(text).toContain('tariffcell_job_chunks{state="queued"} 2')
  expect(text).toContain('tariffcell_submits_unknown 0')
  expect(text).toContain('tariffcell_submit_questions_unknown 0')
  expect(text).not.toContain(house.askers[0].workspaceId)
})

test('a proxy that stops takes no job, and ends the streams', async () => {
  const { id } = (await create(['sock'])).body
  const stream = events(`/v1/jobs/${id}/events`)
  await stream.next()
  await proxy.drain.finish(0)
  expect((await stream.next()).done).toBe(true)
  expect(await create(['late'], 'late')).toMatchObject({ status: 503, body: { error: { code: 'TC-505' } } })
})
