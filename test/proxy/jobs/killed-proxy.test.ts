/** The whole proxy in a process of its own, with simulated jiayou behind it, killed with -9 while a job runs. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAdmin } from '../../../proxy/admin/open-admin.ts'
import { DEPLOYMENT } from '../../../proxy/providers/upstream.ts'
import type { JobReply, JobRowReply } from '../../../shared/jobs-protocol.ts'
import { rowsOf } from '../../hosts/job-house.ts'
import { startProxyProcess, temporaryFolder, type ProxyProcess } from '../../hosts/proxy-process.ts'
import { JIAYOU_KEY, JIAYOU_SECRET, startJiayouSimulator, type JiayouSimulator } from '../../upstreams/jiayou.ts'

const ROWS = 3000
const DIFFERENT = 2400

let data: ReturnType<typeof temporaryFolder>
let jiayou: JiayouSimulator
let proxy: ProxyProcess | null = null
let token: string
const endings: (() => Promise<void>)[] = []
// As long as a busy machine takes.
const EVENTUALLY = { timeout: 60_000, interval: 20 }
const goods = (count: number): string[] => Array.from({ length: count }, (_, at) => `cotton shirt no ${at}`)

beforeEach(async () => {
  data = temporaryFolder()
  jiayou = await startJiayouSimulator({ balance: 100_000, latencyMs: 150, codes: ['6109100011', '6109100012'] })
  const admin = await openAdmin({ DATA_DIR: data.folder }, { mayCreate: true })
  const { workspaceId, ownerToken } = await admin.seats.createWorkspace('one')
  await admin.ledger.credit({ workspaceId, kind: 'grant', ref: 'start', points: 10_000 })
  await admin.credentials.set(DEPLOYMENT, 'jiayou', { key: JIAYOU_KEY, secret: JIAYOU_SECRET }, jiayou.url)
  await admin.close()
  token = ownerToken
})
afterEach(async () => {
  await proxy?.stop('SIGKILL')
  for (const end of endings.splice(0)) await end()
  await jiayou.close()
  data.remove()
})

async function api<Body>(path: string, body?: unknown): Promise<Body> {
  const response = await fetch(`${proxy!.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return (await response.json()) as Body
}

test(
  'a job whose proxy is killed in the middle completes after the next start: each row once, each text charged once',
  { timeout: 400_000 },
  async () => {
    proxy = await startProxyProcess(data.folder)
    const questions = rowsOf(Array.from({ length: ROWS }, (_, at) => `cotton shirt no ${at % DIFFERENT}`))
    const { id } = await api<JobReply>('/v1/jobs', { requestId: 'one', questions })
    const read = () => api<JobReply>(`/v1/jobs/${id}`)
    await expect
      .poll(async () => (await read()).counts.answered, { timeout: 60_000, interval: 20 })
      .toBeGreaterThan(400)
    await proxy.stop('SIGKILL')

    proxy = await startProxyProcess(data.folder)
    await expect.poll(async () => (await read()).state, { timeout: 180_000, interval: 100 }).toBe('done')
    const done = await read()
    expect(done.counts).toMatchObject({ answered: ROWS, failed: 0, open: 0 })
    expect(done.points.spent).toBe(DIFFERENT)
    const values: unknown[] = []
    for (let after: number | null = -1; after !== null;) {
      const page: { rows: JobRowReply[]; after: number | null } = await api(
        `/v1/jobs/${id}/rows?limit=1000${after < 0 ? '' : `&after=${after}`}`,
      )
      values.push(...page.rows.map(({ answer }) => answer?.value))
      after = page.after
    }
    expect(values).toHaveLength(ROWS)
    expect(new Set(values)).toEqual(new Set(['6109100011', '6109100012']))
    // The same request again is the same job, across the kill.
    expect((await api<JobReply>('/v1/jobs', { requestId: 'one', questions })).id).toBe(id)
    expect(await proxy.stop()).toBe(0)

    const admin = await openAdmin({ DATA_DIR: data.folder }, { mayCreate: false })
    expect(await admin.ledger.verify()).toEqual([])
    await admin.close()
  },
)

test(
  'what cells were asking when their proxy was killed is asked anew at once after the next start; what was handed in keeps its points',
  { timeout: 200_000 },
  async () => {
    await jiayou.close()
    // Tasks that take longer than the test, and batches that nobody answers.
    jiayou = await startJiayouSimulator({ balance: 100_000, workerMs: 1_000_000, codes: ['6109100011'] })
    jiayou.faultAlways(({ path }) => (path.endsWith('batch-query') ? { kind: 'timeout' } : null))
    const admin = await openAdmin({ DATA_DIR: data.folder }, { mayCreate: false })
    endings.push(() => admin.close())
    await admin.credentials.set(DEPLOYMENT, 'jiayou', { key: JIAYOU_KEY, secret: JIAYOU_SECRET }, jiayou.url)
    const holds = () =>
      admin.database.all<{ id: string; state: string; expiresAt: number; resolvedAt: number | null; isCell: number }>(
        `SELECT id, state, expires_at AS "expiresAt", resolved_at AS "resolvedAt",
           CASE WHEN job_id IS NULL THEN 1 ELSE 0 END AS "isCell" FROM hold ORDER BY "isCell", id`,
      )
    proxy = await startProxyProcess(data.folder)
    await api('/v1/jobs', { requestId: 'one', questions: rowsOf(goods(2000)) })
    await expect.poll(() => jiayou.tasks.length, EVENTUALLY).toBe(2000)
    const cell = { requestId: 'cell', questions: [{ id: 'a', fn: 'HSCODE', args: ['wool hat', 'CA'] }] }
    const unanswered = api('/v1/answers', cell).catch(() => null)
    await expect.poll(async () => (await holds()).map(({ state }) => state), EVENTUALLY).toEqual(Array(5).fill('held'))
    const before = await holds()
    await proxy.stop('SIGKILL')
    await unanswered
    jiayou.faultAlways(() => null)

    proxy = await startProxyProcess(data.folder)
    const after = await holds()
    expect(after.map(({ id, state }) => [id, state])).toEqual(
      before.map(({ id, isCell }) => [id, isCell === 1 ? 'expired' : 'held']),
    )
    // Before its time: it would have been waited for.
    expect(after.at(-1)!.resolvedAt!).toBeLessThan(before.at(-1)!.expiresAt)
    expect(await api('/v1/answers', cell)).toMatchObject({ answers: [{ id: 'a', value: '6109100011', points: 1 }] })
    expect(await admin.ledger.verify()).toEqual([])
  },
)
