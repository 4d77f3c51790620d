/** /v1/jobs: bulk runs. A seat sees all jobs of its workspace; one of another workspace is like none. */
import express, { Router, type Request, type RequestHandler, type Response } from 'express'
import * as z from 'zod/mini'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import {
  estimateRequest,
  JOB_BODY_BYTES_MAX,
  JOB_ROWS_PER_PAGE_MAX,
  jobRequest,
  jobRowsQuery,
  jobsQuery,
  JOBS_PER_PAGE_MAX,
  retryRequest,
} from '../../shared/jobs-protocol.ts'
import type { AnswerDeps } from '../answer/answer-batch.ts'
import { seatIn } from '../auth/authenticate.ts'
import type { Database } from '../database.ts'
import { languageOf, sendFailure } from '../errors.ts'
import { estimateJob } from '../jobs/estimate-job.ts'
import type { Job, JobPlace } from '../jobs/job.ts'
import type { JobActor, Jobs } from '../jobs/jobs.ts'
import { readJobQuestions } from '../jobs/read-questions.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { askerOf } from './answers.ts'
import { badRequest } from './bad-request.ts'
import type { Drain } from './drain.ts'
import { jobEventsRoute } from './job-events.ts'
import { placeOf } from './job-place.ts'
import { printJob, printRow } from './print-job.ts'
import { BODY_BYTES_MAX } from './read-json.ts'
import { readQuery } from './read-query.ts'

export interface JobsRouteDeps {
  jobs: Jobs
  answer: AnswerDeps
  ledger: Ledger
  database: Pick<Database, 'listen'>
  drain: Drain
}

// Each holds its body and what is read of it in memory: a heap of 256 MB is good for two of the largest.
const BODIES_AT_ONCE_MAX = 2
const JOBS_PER_PAGE = 20
const ROWS_PER_PAGE = 500

/** Behind the guard that lets persons through. */
export function jobsRouter(deps: JobsRouteDeps): Router {
  const { jobs, drain } = deps
  const router = Router()
  // Large, and read only from somebody who is known.
  const readRows = [limitBodies(), express.json({ limit: JOB_BODY_BYTES_MAX })]
  const readSmall = express.json({ limit: BODY_BYTES_MAX })
  const tracked =
    (route: (request: Request, response: Response) => Promise<void>): RequestHandler =>
    (request, response) =>
      drain.track(route(request, response))

  router.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.post('/estimate', readRows, estimateRoute(deps))
  router.post('/', readRows, tracked(createRoute(deps)))
  router.get('/', listRoute(deps))
  router.get('/:job', readRoute(deps))
  router.get('/:job/rows', rowsRoute(deps))
  router.get('/:job/events', jobEventsRoute(deps))
  router.post('/:job/pause', tracked(changeRoute(deps, jobs.pause)))
  router.post('/:job/resume', tracked(changeRoute(deps, jobs.resume)))
  router.post('/:job/cancel', tracked(changeRoute(deps, jobs.cancel)))
  router.post('/:job/retry', readSmall, tracked(retryRoute(deps)))
  return router
}

/** POST /estimate {questions, lang?} → what it would cost. */
function estimateRoute(deps: JobsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(estimateRequest, request.body)
    const questions = body.success ? await readJobQuestions(body.data.questions) : badRequest(body.error, request.body)
    if (isFailure(questions)) return sendFailure(response, questions, languageOf(request))
    const language = body.data?.lang ?? languageOf(request)
    response.json(await estimateJob(deps, askerOf(seatIn(response)), questions, language))
  }
}

/** POST / {requestId, name?, questions, lang?} → 201 with the job; 200 with the same one when the request came before. */
function createRoute(deps: JobsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(jobRequest, request.body)
    const questions = body.success
      ? await readUniqueQuestions(body.data.questions)
      : badRequest(body.error, request.body)
    if (!body.success || isFailure(questions)) {
      return sendFailure(response, isFailure(questions) ? questions : failure('bug'), languageOf(request))
    }
    const { requestId, name = '', lang = null } = body.data
    const { workspaceId, id: seatId } = seatIn(response)
    const reader = languageOf(request)
    const made = await deps.jobs.create({ workspaceId, seatId, requestId, name, language: lang, reader, questions })
    if (isFailure(made)) return sendFailure(response, made, reader)
    response.status(made.isNew ? 201 : 200)
    await sendJob(deps, request, response, made.job)
  }
}

/** GET /?before=&limit= → {jobs, before}, newest first. */
function listRoute({ jobs, answer }: JobsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const query = readQuery(jobsQuery, request)
    if (isFailure(query)) return sendFailure(response, query, languageOf(request))
    const limit = Math.min(Number(query.limit ?? JOBS_PER_PAGE), JOBS_PER_PAGE_MAX)
    const listed = await jobs.list(seatIn(response).workspaceId, { before: query.before ?? null, limit })
    const last = listed.length === limit ? (listed.at(-1)?.job.id ?? null) : null
    const language = languageOf(request)
    response.json({ jobs: listed.map((job) => printJob(job, answer.now(), language)), before: last })
  }
}

/** GET /:job → the job. */
function readRoute({ jobs, answer }: JobsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const found = await jobs.get(placeOf(request, response))
    const language = languageOf(request)
    if (isFailure(found)) sendFailure(response, found, language)
    else response.json(printJob(found, answer.now(), language))
  }
}

/** GET /:job/rows?after=&limit=&state= → {rows, after}, in the rows' order. */
function rowsRoute({ jobs }: JobsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const query = readQuery(jobRowsQuery, request)
    if (isFailure(query)) return sendFailure(response, query, languageOf(request))
    const place = placeOf(request, response)
    const found = await jobs.get(place)
    if (isFailure(found)) return sendFailure(response, found, languageOf(request))
    const limit = Math.min(Number(query.limit ?? ROWS_PER_PAGE), JOB_ROWS_PER_PAGE_MAX)
    const rows = await jobs.rows(place, { after: Number(query.after ?? -1), limit, state: query.state ?? null })
    const after = rows.length === limit ? (rows.at(-1)?.n ?? null) : null
    response.json({ rows: rows.map((row) => printRow(row, found.job.language)), after })
  }
}

/** POST /:job/pause, resume, cancel → the job as it stands now; TC-433 where it cannot be done. */
function changeRoute(deps: JobsRouteDeps, change: (place: JobPlace, actor: JobActor) => Promise<Job | Failure>) {
  return async (request: Request, response: Response): Promise<void> => {
    const changed = await change(placeOf(request, response), actorOf(response))
    if (isFailure(changed)) sendFailure(response, changed, languageOf(request))
    else await sendJob(deps, request, response, changed)
  }
}

/** POST /:job/retry {all?} → the job. */
function retryRoute(deps: JobsRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(retryRequest, request.body ?? {})
    if (!body.success) return sendFailure(response, badRequest(body.error, request.body), languageOf(request))
    const { all = false } = body.data
    const retried = await deps.jobs.retry(placeOf(request, response), actorOf(response), all)
    if (isFailure(retried)) sendFailure(response, retried, languageOf(request))
    else await sendJob(deps, request, response, retried)
  }
}

/** With its points, which stand in the ledger. */
async function sendJob({ jobs, answer }: JobsRouteDeps, request: Request, response: Response, job: Job): Promise<void> {
  const found = await jobs.get({ workspaceId: job.workspaceId, jobId: job.id })
  const withPoints = isFailure(found) ? { job, points: { spent: 0, held: 0 } } : { job, points: found.points }
  response.json(printJob(withPoints, answer.now(), languageOf(request)))
}

async function readUniqueQuestions(given: readonly unknown[]) {
  const questions = await readJobQuestions(given)
  if (isFailure(questions)) return questions
  const ids = new Set(questions.map(({ id }) => id))
  return ids.size === questions.length
    ? questions
    : failure('bad-request', { detail: 'two questions have the same id' })
}

/** Too many large bodies at once are refused before they are read. */
function limitBodies(): RequestHandler {
  let bodies = 0
  return (request, response, next) => {
    if (bodies >= BODIES_AT_ONCE_MAX) {
      response.setHeader('Retry-After', '2')
      sendFailure(response, failure('overloaded'), languageOf(request))
      return
    }
    bodies++
    response.once('close', () => bodies--)
    next()
  }
}

function actorOf(response: Response): JobActor {
  const { id } = seatIn(response)
  return { name: id, seatId: id }
}
