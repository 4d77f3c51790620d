/** A bulk job as a program sees it: made, looked at, read. */
import { setTimeout as wait } from 'node:timers/promises'
import type * as z from 'zod/mini'
import type { JobQuestion, JobReply, JobRowReply, jobRowsReply } from '../../shared/jobs-protocol.ts'

const DONE_WITHIN_MS = 10 * 60_000
const LOOK_EVERY_MS = 100
const ROWS_PER_PAGE = 1000

export function createJob(url: string, token: string, questions: readonly JobQuestion[]): Promise<JobReply> {
  return call(url, token, '/v1/jobs', { requestId: 'bench', questions })
}

/** @throws when it takes longer than anybody would wait. */
export async function jobIs(
  url: string,
  token: string,
  id: string,
  isWished: (job: JobReply) => boolean,
): Promise<JobReply> {
  const deadline = performance.now() + DONE_WITHIN_MS
  for (;;) {
    const job = await call<JobReply>(url, token, `/v1/jobs/${id}`)
    if (isWished(job)) return job
    if (performance.now() > deadline || job.state === 'paused') throw new Error(`the job stays ${JSON.stringify(job)}`)
    await wait(LOOK_EVERY_MS)
  }
}

/** All of its rows in their order. */
export async function* jobRows(url: string, token: string, id: string): AsyncGenerator<JobRowReply> {
  for (let after: number | null = -1; after !== null;) {
    const page: z.infer<typeof jobRowsReply> = await call(
      url,
      token,
      `/v1/jobs/${id}/rows?limit=${ROWS_PER_PAGE}${after < 0 ? '' : `&after=${after}`}`,
    )
    yield* page.rows
    after = page.after
  }
}

async function call<Reply>(url: string, token: string, path: string, body?: unknown): Promise<Reply> {
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Reply
}
