/** The routes: one handled before Express, all in Express's table; what guards them, and what becomes of an error. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import express, { Router, type Express, type Request, type RequestHandler, type Response } from 'express'
import { DESK_BODY_BYTES_MAX } from '../shared/desk-protocol.ts'
import { failure } from '../shared/error-codes.ts'
import { bearerToken, notConnected, seatIn } from './auth/authenticate.ts'
import type { Consultations } from './consultations/consultations.ts'
import type { Webhooks } from './webhooks/webhooks.ts'
import type { DataVersion } from './data-version.ts'
import type { Database } from './database.ts'
import { createErrorHandler, languageOf, sendFailure } from './errors.ts'
import { failureOf } from './failure-of.ts'
import { createGuard, type Guard } from './guard-request.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { excelPageHeaders, ownPageHeaders } from './page-headers.ts'
import { answersRoute, type AnswersRouteDeps } from './routes/answers.ts'
import { cellRoute, isLocal, type CellRouteDeps } from './routes/cell.ts'
import {
  createConsultationRoute,
  listConsultationsRoute,
  readConsultationRoute,
  writeMessageRoute,
} from './routes/consultations.ts'
import { excelRouter } from './routes/excel.ts'
import { jobsRouter } from './routes/jobs.ts'
import { imagesRoute } from './routes/images.ts'
import { memoryRouter, type MemoryRouteDeps } from './routes/memory.ts'
import { openApiDocument } from './routes/openapi.ts'
import { pairingsRouter, redeemPairingRoute } from './routes/pairings.ts'
import { BODY_BYTES_MAX } from './routes/read-json.ts'
import { entriesRoute, pointsRoute } from './routes/points.ts'
import { rechargeRouter, type RechargeRouteDeps } from './routes/recharge.ts'
import {
  auditRoute,
  createSheetSeatRoute,
  rotateOwnRoute,
  seatsRouter,
  sheetSeatRoute,
  withNewestToken,
} from './routes/seats.ts'
import { usageRoute } from './routes/usage.ts'
import { createCodeRoute, leaveRoute, redeemRoute, sessionRoute } from './routes/session.ts'
import { webhooksRouter } from './routes/webhooks.ts'
import type { Jobs } from './jobs/jobs.ts'
import { jiayouCallbacksRouter } from './routes/upstream-callbacks.ts'
import { staticFiles } from './static-files.ts'
import type { UpstreamCallbacks } from './upstream-callbacks.ts'
import type { Audit } from './audit/audit.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Pairings } from './auth/pairings.ts'
import type { Seats } from './auth/seats.ts'

const READY_WITHIN_MS = 1000

export interface AppDeps
  extends
    AnswersRouteDeps,
    Pick<CellRouteDeps, 'local'>,
    Pick<MemoryRouteDeps, 'memory'>,
    Pick<RechargeRouteDeps, 'vouchers' | 'recharges'> {
  seats: Seats
  pairings: Pairings
  audit: Audit
  ledger: Ledger
  dataVersion: DataVersion
  consultations: Consultations
  webhooks: Webhooks
  jobs: Jobs
  callbacks: UpstreamCallbacks
  database: Database
  metrics: Metrics
  log: Log
  /** Where the built pages lie. */
  distFolder: string
  version: string
  /** How Excel reaches this proxy, without a slash at the end; null where that is not by https. */
  httpsAddress: () => string | null
  allowedOrigins: readonly string[]
  /** Whose word on who asks is taken (X-Forwarded-For); as Express's `trust proxy` has them. */
  trustedProxies: readonly string[]
}

export interface App {
  express: Express
  /** POST /v1/answers, guards and errors included. It needs Express's request and response, not its router. */
  answers: (request: Request, response: Response) => void
}

export function createApp(deps: AppDeps): App {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.set('trust proxy', deps.trustedProxies)

  const guard = createGuard(deps)
  const answers = guardedAnswers(deps, guard)
  // Here too for who spells the path another way, such as with a query.
  app.post('/v1/answers', answers)
  app.use('/v1', (request, response, next) => void (guard(request, response) && next()), apiRouter(deps))
  // `service`: other services say the rest alike.
  const health = { status: 'ok', service: 'tariffcell', version: deps.version }
  app.get('/healthz', (_request, response) => void response.json(health))
  app.get('/readyz', readiness(deps))
  app.get('/metrics', metricsRoute(deps))
  const openApi = openApiDocument(deps.version)
  app.get('/openapi.json', (_request, response) => void response.json(openApi))
  app.use(pages(deps))
  app.use((request, response) => sendFailure(response, failure('not-found'), languageOf(request)))
  app.use(createErrorHandler(deps.log))
  return { express: app, answers }
}

function guardedAnswers(deps: AppDeps, guard: Guard): App['answers'] {
  const answer = answersRoute(deps)
  const onError = createErrorHandler(deps.log)
  return (request, response) => {
    if (!guard(request, response)) return
    answer(request, response).catch((error: unknown) =>
      onError(error, request, response, () => {
        // Half of the reply is gone out: only the end of the connection can say that the rest is missing.
        failureOf(deps.log, error)
        request.socket.destroy()
      }),
    )
  }
}

function apiRouter(deps: AppDeps): Router {
  const router = Router()
  const readJson = express.json({ limit: BODY_BYTES_MAX })
  const seat = deps.authenticate.required()

  router.use(noStore)
  router.use('/webhooks/jiayou', jiayouCallbacksRouter(deps.callbacks))
  router.get('/cell', cellRoute(deps))
  router.use(rechargeRouter(deps, { seat, person }))
  router.post('/session', readJson, redeemPairingRoute(deps), redeemRoute(deps))
  router.get('/session', seat, sessionRoute())
  router.delete('/session', seat, leaveRoute(deps))
  router.post('/session/codes', seat, owner, withNewestToken, readJson, createCodeRoute(deps))
  router.post('/session/rotate', seat, person, withNewestToken, readJson, rotateOwnRoute(deps))
  router.get('/session/sheet', seat, person, sheetSeatRoute(deps))
  router.post('/session/sheet', seat, person, withNewestToken, readJson, createSheetSeatRoute(deps))
  router.use('/pairings', pairingsRouter(deps, { person: [seat, person], readJson }))
  router.use('/seats', seat, owner, seatsRouter(deps, readJson))
  router.get('/audit', seat, owner, auditRoute(deps))
  router.get('/points', seat, pointsRoute(deps))
  router.get('/points/entries', seat, entriesRoute(deps.ledger))
  router.get('/points/usage', seat, usageRoute(deps))

  // Pictures are large, and read only from somebody who is known.
  const readPictures = express.json({ limit: DESK_BODY_BYTES_MAX })
  const { consultations } = deps
  const tracked =
    (route: (request: Request, response: Response) => Promise<void>): RequestHandler =>
    (request, response) =>
      deps.drain.track(route(request, response))
  router.get('/consultations', seat, person, listConsultationsRoute(consultations))
  router.post('/consultations', seat, person, readPictures, tracked(createConsultationRoute(consultations)))
  router.get('/consultations/:form', seat, person, readConsultationRoute(consultations))
  router.post('/consultations/:form/messages', seat, person, readJson, tracked(writeMessageRoute(consultations)))
  router.use('/webhooks', webhooksRouter({ webhooks: deps.webhooks, owner: [seat, owner] }))
  router.use('/jobs', seat, person, jobsRouter(deps))
  router.post('/images', seat, person, readPictures, tracked(imagesRoute(deps.answer)))
  router.use('/memory', seat, person, memoryRouter(deps))
  return router
}

/** Not for a token that may only ask single cells. */
const person: RequestHandler = (request, response, next) => {
  if (seatIn(response).role === 'cell') sendFailure(response, failure('not-allowed'), languageOf(request))
  else next()
}

/** For whoever runs the workspace. */
const owner: RequestHandler = (request, response, next) => {
  if (seatIn(response).role === 'owner') next()
  else sendFailure(response, failure('not-allowed'), languageOf(request))
}

/** Whose account it is, a cache between does not know. */
const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store')
  next()
}

function readiness({ drain, database }: AppDeps): RequestHandler {
  return async (_request, response) => {
    const ready = !drain.draining && (await inTime(database.get('SELECT 1 AS one')))
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' })
  }
}

/** Whether it came at all, and before whoever asks would give up: a database that is away is waited for. */
async function inTime(answer: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, READY_WITHIN_MS, false)
  })
  try {
    return await Promise.race([answer.then(Boolean, () => false), late])
  } finally {
    clearTimeout(timer)
  }
}

function metricsRoute({ metrics, seats, local }: AppDeps): RequestHandler {
  return async (request, response) => {
    const token = bearerToken(request)
    const seat = token === null ? null : await seats.authenticate(token)
    if (seat?.role !== 'owner' && !(local && isLocal(request))) {
      sendFailure(response, seat ? failure('not-allowed') : notConnected(token), languageOf(request))
      return
    }
    response.type(metrics.contentType).send(await metrics.text())
  }
}

/** The playground at `/`, the page that connects at `/connect`, and the add-in's files under `/excel`, with the strict headers of a page. */
function pages({ distFolder, version, httpsAddress }: AppDeps): Router {
  const router = Router()
  router.use('/excel', excelPageHeaders, excelRouter({ folder: join(distFolder, 'excel'), version, httpsAddress }))
  router.use('/', ownPageHeaders)
  for (const [path, name] of [
    ['/connect', 'connect'],
    ['/', 'playground'],
  ] as const) {
    const folder = join(distFolder, name)
    if (existsSync(folder)) router.use(path, staticFiles(folder, { maxAge: '5m', index: 'index.html' }))
  }
  return router
}
