/** /v1/memory: what people of a workspace approved. Every query carries the workspace of the token. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { json, raw, Router, type Request, type Response } from 'express'
import * as z from 'zod/mini'
import { parseCountry, type Country } from '../../shared/country.ts'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import {
  approveRequest,
  importQuery,
  MEMORY_BODY_BYTES_MAX,
  MEMORY_CSV_BYTES_MAX,
  memoryQuery,
  type ApproveReply,
  type ImportReply,
  type MemoryReply,
} from '../../shared/memory-protocol.ts'
import { printFailure } from '../../shared/print-failure.ts'
import { seatIn } from '../auth/authenticate.ts'
import { languageOf, sendFailure } from '../errors.ts'
import { failureOf, type FailureLog } from '../failure-of.ts'
import type { Approved } from '../memory/approvals.ts'
import { importCsv } from '../memory/import-csv.ts'
import type { WorkspaceMemory } from '../memory/open-memory.ts'
import { printCsv } from '../memory/print-csv.ts'
import { gatherEntries, readEntry } from '../memory/read-entry.ts'
import { badRequest } from './bad-request.ts'
import type { Drain } from './drain.ts'
import { idIn } from './path-id.ts'
import { readQuery } from './read-query.ts'

export interface MemoryRouteDeps {
  memory: Pick<WorkspaceMemory, 'approvals' | 'codes'>
  drain: Drain
  log: FailureLog
}

const ENTRIES_PER_PAGE = 100
const ENTRIES_PER_PAGE_MAX = 500
const BAD_LINES_NAMED = 100
// `text/csv`, and what Windows calls a CSV file where Excel is installed.
const CSV_TYPES = ['text/csv', 'application/csv', 'application/vnd.ms-excel', 'text/tab-separated-values']

/** @returns the routes below /v1/memory, for whoever has been let in already. */
export function memoryRouter(deps: MemoryRouteDeps): Router {
  const router = Router()
  router.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.get('/', listRoute(deps))
  router.post('/', json({ limit: MEMORY_BODY_BYTES_MAX }), approveRoute(deps))
  router.get('/export', exportRoute(deps))
  router.post('/import', raw({ type: CSV_TYPES, limit: MEMORY_CSV_BYTES_MAX }), importRoute(deps))
  router.delete('/:id', removeRoute(deps))
  return router
}

/** GET ?after=&limit=&country=&q= → {entries, after, total}, approved last first. */
function listRoute({ memory }: MemoryRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const page = readPage(request)
    if (isFailure(page)) return sendFailure(response, page, languageOf(request))
    const { workspaceId } = seatIn(response)
    const entries = await memory.approvals.list(workspaceId, page)
    const { entries: total } = await memory.approvals.state(workspaceId)
    const after = entries.length === page.limit ? (entries.at(-1)?.version ?? null) : null
    response.json({ entries: entries.map(toWire), after, total } satisfies MemoryReply)
  }
}

interface Page {
  after: number | null
  limit: number
  country: Country | null
  words: string[]
}

function readPage(request: Request): Page | Failure {
  const query = readQuery(memoryQuery, request)
  if (isFailure(query)) return query
  const country = query.country === undefined ? null : parseCountry(query.country)
  if (isFailure(country)) return country
  return {
    after: query.after === undefined ? null : Number(query.after),
    limit: Math.min(Number(query.limit ?? ENTRIES_PER_PAGE), ENTRIES_PER_PAGE_MAX),
    country,
    words: (query.q ?? '').split(/\s+/).filter(Boolean),
  }
}

/** POST {entries} → an outcome for each, in order; one that is refused leaves its neighbours alone. */
function approveRoute({ memory, drain }: MemoryRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const body = z.safeParse(approveRequest, request.body)
    if (!body.success) {
      return sendFailure(response, badRequest(body.error, request.body), languageOf(request))
    }
    const { workspaceId, id: actor } = seatIn(response)
    const gathered = gatherEntries('entry')
    const reads = body.data.entries.map(({ facts = {}, note = '', ...typed }, at) => {
      const read = readEntry(memory.codes, { ...typed, facts, note })
      return isFailure(read) ? read : (gathered.add(read.entry, at + 1) ?? read)
    })
    const { entries } = gathered
    const { source = 'api' } = body.data
    const approved = await drain.track(
      memory.approvals.approve({ workspaceId, actor, source, entries, leaveSame: false }),
    )
    if (isFailure(approved)) return sendFailure(response, approved, languageOf(request))
    const language = languageOf(request)
    const outcomes = reads.map((read): ApproveReply['entries'][number] => {
      if (isFailure(read)) return { error: printFailure(read, language) }
      const { id, outcome } = approved[gathered.indexOf(read.entry)]!
      return { id, code: read.entry.code, repairs: read.repairs, outcome }
    })
    response.json({ entries: outcomes } satisfies ApproveReply)
  }
}

/** DELETE /:id → 204. */
function removeRoute({ memory, drain }: MemoryRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const { workspaceId, id: actor } = seatIn(response)
    const id = idIn(request, 'id')
    if (await drain.track(memory.approvals.remove({ workspaceId, actor, id }))) response.status(204).end()
    else sendFailure(response, failure('memory-unknown', { id }), languageOf(request))
  }
}

/** GET /export → all of it as CSV, sent as it is read. */
function exportRoute({ memory, drain, log }: MemoryRouteDeps) {
  return async (_request: Request, response: Response): Promise<void> => {
    const { workspaceId, id: actor } = seatIn(response)
    await memory.approvals.recordExport(workspaceId, actor)
    response.setHeader('Content-Type', 'text/csv; charset=utf-8')
    response.setHeader('Content-Disposition', 'attachment; filename="tariffcell-memory.csv"')
    const lines = Readable.from(printCsv(memory.approvals.pages(workspaceId)))
    // Half of it is gone out when it fails: only the end of the connection, which this brings, can say so.
    await drain.track(pipeline(lines, response)).catch((error: unknown) => void failureOf(log, error))
  }
}

/** POST /import?dryRun=1&skipBad=1 with a CSV file → what was done, or would be. */
function importRoute({ memory, drain }: MemoryRouteDeps) {
  let isBusy = false
  return async (request: Request, response: Response): Promise<void> => {
    const language = languageOf(request)
    const query = readQuery(importQuery, request)
    if (isFailure(query)) return sendFailure(response, query, language)
    const file: unknown = request.body
    if (!Buffer.isBuffer(file)) {
      return sendFailure(
        response,
        failure('bad-request', { detail: 'the body is the file itself, sent with the header Content-Type: text/csv' }),
        language,
      )
    }
    // A file of 100,000 lines takes as much memory as everything else: one at a time.
    if (isBusy) return sendFailure(response, failure('overloaded'), language)
    isBusy = true
    try {
      const { workspaceId, id: actor } = seatIn(response)
      const [dryRun, skipBad] = [query.dryRun === '1', query.skipBad === '1']
      const report = await drain.track(importCsv(memory, { workspaceId, actor, file, dryRun, skipBad }))
      if (isFailure(report)) return sendFailure(response, report, language)
      const { imported, rows, counts, bad } = report
      const badLines = bad
        .slice(0, BAD_LINES_NAMED)
        .map(({ line, failed }) => ({ line, error: printFailure(failed, language) }))
      response.json({ imported, rows, ...counts, bad: bad.length, badLines } satisfies ImportReply)
    } finally {
      isBusy = false
    }
  }
}

function toWire(one: Approved): MemoryReply['entries'][number] {
  const { id, description, facts, country, code, note, approvedBy, source } = one
  const approvedAt = new Date(one.approvedAt).toISOString()
  return { id, description, facts, country, code, note, approvedBy, approvedAt, source }
}
