/** Bulk jobs over a test house: made in one line, worked through by a runner of the test's own, waited for. */
import type { Asker } from '../../proxy/answer/answer-batch.ts'
import type { Job, JobPlace } from '../../proxy/jobs/job.ts'
import type { JobActor, JobRow, JobWithPoints } from '../../proxy/jobs/jobs.ts'
import { createJobRunner, type JobRunner, type JobRunnerDeps } from '../../proxy/jobs/runner.ts'
import { FailureError, isFailure } from '../../shared/error-codes.ts'
import type { JobQuestion } from '../../shared/jobs-protocol.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import type { TestHouse } from './test-house.ts'

/** What jobs need of a house: a test house, or the whole one. */
export type JobHouse = Pick<TestHouse, 'database' | 'ledger' | 'answer' | 'jobs'>

export const ANYBODY: JobActor = { name: 'test', seatId: null }

/** It has not started. Its pauses last no time, and it is woken by what happens or within a moment. */
export function testRunner(house: JobHouse, changes: Partial<JobRunnerDeps> = {}): JobRunner {
  return createJobRunner({
    database: house.database,
    ledger: house.ledger,
    answer: house.answer,
    log: house.answer.log,
    now: house.answer.now,
    isAlone: false,
    pollMs: 20,
    pausesMs: [0, 0, 0, 0],
    random: () => 1,
    ...changes,
  })
}

/** Row after row, `r0`, `r1`…; a text is asked of HSCODE. */
export function rowsOf(texts: readonly (string | [string, ...CellValue[]])[]): JobQuestion[] {
  return texts.map((text, at) => {
    const [fn, ...args] = typeof text === 'string' ? (['HSCODE', text] as const) : text
    return { id: `r${at}`, fn, args }
  })
}

let requests = 0

export async function makeJob(
  house: JobHouse,
  asker: Asker,
  questions: readonly JobQuestion[],
  requestId = `request ${++requests}`,
): Promise<JobPlace> {
  const made = await house.jobs.create({
    workspaceId: asker.workspaceId,
    seatId: asker.seatId,
    requestId,
    name: '',
    language: 'en',
    reader: 'en',
    questions,
  })
  if (isFailure(made)) throw new FailureError(made)
  return { workspaceId: asker.workspaceId, jobId: made.job.id }
}

export async function readTestJob(house: JobHouse, place: JobPlace): Promise<JobWithPoints> {
  const found = await house.jobs.get(place)
  if (isFailure(found)) throw new FailureError(found)
  return found
}

/** Waits until a job is as wished: told by its house, or by looking, where another process changes it. */
export async function jobIs(house: JobHouse, place: JobPlace, isWished: (job: Job) => boolean): Promise<JobWithPoints> {
  for (;;) {
    const found = await readTestJob(house, place)
    if (isWished(found.job)) return found
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        unlisten()
        resolve()
      }
      const timer = setTimeout(done, 50)
      const unlisten = house.database.listen('jobs', done)
    })
  }
}

export const isDone = ({ state }: Job): boolean => state === 'done'

/** All rows, read page by page. */
export async function allRows(house: JobHouse, place: JobPlace, limit = 700): Promise<JobRow[]> {
  const rows: JobRow[] = []
  for (;;) {
    const page = await house.jobs.rows(place, { after: rows.at(-1)?.n ?? -1, limit, state: null })
    rows.push(...page)
    if (page.length < limit) return rows
  }
}

/** What rows show: a value, or the code of an error; null while there is nothing to show. */
export function shown(rows: readonly JobRow[]): (string | null)[] {
  return rows.map(({ state, answer }) => {
    if (state === 'blank') return ''
    if (answer === null) return null
    const said = JSON.parse(answer) as { value?: unknown; error?: { code: string } }
    return said.error?.code ?? String(said.value)
  })
}
