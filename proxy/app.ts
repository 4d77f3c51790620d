/** The Express app: what guards every request, then the table of routes, then the error handler. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import express, { Router, type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { DESK_BODY_BYTES_MAX } from '../shared/desk-protocol.ts'
import { failure } from '../shared/error-codes.ts'
import { bearerToken, seatIn } from './auth/authenticate.ts'
import type { Consultations } from './consultations/consultations.ts'
import type { Database } from './database.ts'
import { createErrorHandler, languageOf, sendFailure } from './errors.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { answersRoute, type AnswersRouteDeps } from './routes/answers.ts'
import { cellRoute, isLocal, type CellRouteDeps } from './routes/cell.ts'
import {
  createConsultationRoute,
  listConsultationsRoute,
  readConsultationRoute,
  writeMessageRoute,
} from './routes/consultations.ts'
import { imagesRoute } from './routes/images.ts'
import { openApiDocument } from './routes/openapi.ts'
import { BODY_BYTES_MAX } from './routes/read-json.ts'
import { entriesRoute, pointsRoute } from './routes/points.ts'
import { createCodeRoute, leaveRoute, redeemRoute, sessionRoute } from './routes/session.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Seats } from './auth/seats.ts'

export interface AppDeps extends AnswersRouteDeps, Pick<CellRouteDeps, 'local'> {
  seats: Seats
  ledger: Ledger
  consultations: Consultations
  database: Database
  metrics: Metrics
  log: Log
  /** Where the built pages lie. */
  distFolder: string
  version: string
  allowedOrigins: readonly string[]
}

export function createApp(deps: AppDeps): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')

  const guards = [apiHeaders, cors(deps.allowedOrigins), refuseWhileDraining(deps)]
  // First and in no router: it is asked thousands of times a second, and a router around it costs half as much as bare HTTP.
  app.post('/v1/answers', guards, answersRoute(deps))
  app.use('/v1', guards, apiRouter(deps))
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok', version: deps.version }))
  app.get('/readyz', readiness(deps))
  app.get('/metrics', metricsRoute(deps))
  const openApi = openApiDocument(deps.version)
  app.get('/openapi.json', (_request, response) => void response.json(openApi))
  app.use(pages(deps.distFolder))
  app.use((request, response) => sendFailure(response, failure('not-found'), languageOf(request)))
  app.use(createErrorHandler(deps.log))
  return app
}

function apiRouter(deps: AppDeps): Router {
  const router = Router()
  const readJson = express.json({ limit: BODY_BYTES_MAX })
  const seat = deps.authenticate.required()

  router.get('/cell', cellRoute(deps))
  router.post('/session', readJson, redeemRoute(deps))
  router.get('/session', seat, sessionRoute())
  router.delete('/session', seat, leaveRoute(deps))
  router.post('/session/codes', seat, readJson, createCodeRoute(deps))
  router.get('/points', seat, pointsRoute(deps.ledger))
  router.get('/points/entries', seat, entriesRoute(deps.ledger))

  // Pictures are large, and read only from somebody who is known.
  const readPictures = express.json({ limit: DESK_BODY_BYTES_MAX })
  const { consultations } = deps
  router.get('/consultations', seat, person, listConsultationsRoute(consultations))
  router.post('/consultations', seat, person, readPictures, createConsultationRoute(consultations))
  router.get('/consultations/:form', seat, person, readConsultationRoute(consultations))
  router.post('/consultations/:form/messages', seat, person, readJson, writeMessageRoute(consultations))
  router.post('/images', seat, person, readPictures, imagesRoute(deps.answer))
  return router
}

/** Not for a token that may only ask single cells. */
const person: RequestHandler = (request, response, next) => {
  if (seatIn(response).role === 'cell') sendFailure(response, failure('not-allowed'), languageOf(request))
  else next()
}

/** The few headers that mean something on a JSON reply; the pages get the full set. */
const apiHeaders: RequestHandler = (_request, response, next) => {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'no-referrer')
  next()
}

/** Known origins only, and no cookies anywhere: a page elsewhere can neither read nor spend. */
function cors(allowedOrigins: readonly string[]): RequestHandler {
  const allowed = new Set(allowedOrigins)
  return (request, response, next) => {
    const { origin } = request.headers
    if (origin === undefined) {
      next()
      return
    }
    response.setHeader('Vary', 'Origin')
    if (allowed.has(origin)) {
      response.setHeader('Access-Control-Allow-Origin', origin)
      response.setHeader('Access-Control-Expose-Headers', 'Retry-After')
    }
    if (request.method !== 'OPTIONS') {
      next()
      return
    }
    if (allowed.has(origin)) {
      response.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE')
      response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type')
      response.setHeader('Access-Control-Max-Age', '86400')
    }
    response.status(204).end()
  }
}

function refuseWhileDraining({ drain }: AppDeps): RequestHandler {
  return (request, response, next) => {
    if (!drain.draining) {
      next()
      return
    }
    response.setHeader('Connection', 'close')
    response.setHeader('Retry-After', '2')
    sendFailure(response, failure('draining'), languageOf(request))
  }
}

function readiness({ drain, database }: AppDeps): RequestHandler {
  return async (_request, response) => {
    const ready = !drain.draining && (await database.get('SELECT 1 AS one').then(Boolean, () => false))
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' })
  }
}

function metricsRoute({ metrics, seats, local }: AppDeps): RequestHandler {
  return async (request, response) => {
    const token = bearerToken(request)
    const seat = token === null ? null : await seats.authenticate(token)
    if (seat?.role !== 'owner' && !(local && isLocal(request))) {
      sendFailure(response, failure(seat ? 'not-allowed' : 'not-connected'), languageOf(request))
      return
    }
    response.type(metrics.contentType).send(await metrics.text())
  }
}

/** The playground at `/` and the add-in's files under `/excel`, with the strict headers of a page. */
function pages(distFolder: string): Router {
  const router = Router()
  router.use(
    helmet({
      contentSecurityPolicy: {
        // Measured in Chromium: nothing more is needed, and nothing less works.
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'script-src': ["'self'"],
          // The spreadsheet adds style elements and positions its cells with inline styles.
          'style-src': ["'self'", "'unsafe-inline'"],
          'img-src': ['data:'],
          'connect-src': ["'self'"],
          'base-uri': ["'none'"],
          'form-action': ["'none'"],
          'frame-ancestors': ["'none'"],
        },
      },
      strictTransportSecurity: false,
      crossOriginEmbedderPolicy: false,
    }),
  )
  for (const [path, folder] of [
    ['/excel', join(distFolder, 'excel')],
    ['/', join(distFolder, 'playground')],
  ] as const) {
    if (existsSync(folder)) router.use(path, express.static(folder, { maxAge: '5m', dotfiles: 'ignore' }))
  }
  return router
}
