/** The proxy's routes as the pane calls them: a bounded call each, and whatever goes wrong is the reply, never a throw. */
import * as z from 'zod/mini'
import { connectionError, refusalOf, withTimeout } from '../call-proxy.ts'
import { parseJson } from '../parse-json.ts'
import type { Clock } from '../clock.ts'
import {
  consultation,
  consultationCreatedReply,
  consultationsReply,
  imagesReply,
  messageReply,
  type consultationRequest,
  type imagesRequest,
  type messageRequest,
} from '../desk-protocol.ts'
import { failure } from '../error-codes.ts'
import { estimateReply, job, jobRowsReply, jobsReply, type JobQuestion } from '../jobs-protocol.ts'
import type { Language } from '../language.ts'
import { approveReply, importReply, memoryReply, type approveRequest } from '../memory-protocol.ts'
import { printFailure } from '../print-failure.ts'
import { answersReply, entriesReply, pointsReply, sessionReply, type AnswerError, type Question } from '../protocol.ts'
import { checkoutReply, recharge, rechargesReply, redeemReply } from '../recharge-protocol.ts'
import { seatEntry, seatsReply, type seatChanges, sheetSeatReply } from '../seats-protocol.ts'

/** A request to the proxy with this seat's token, which the pane never sees. `path` begins with /v1/, or is /healthz. */
export type CallProxy = (path: string, init: RequestInit) => Promise<Response>

export interface Refused {
  error: AnswerError
}
export type Reply<Value> = Value | Refused

export function isRefused<Value extends object>(reply: Reply<Value>): reply is Refused {
  return 'error' in reply
}

export interface ProxyApiDeps {
  call: CallProxy
  clock: Clock
  language: () => Language
}

export interface MemoryPage {
  after?: number | null
  q?: string
  country?: string
}

export type ProxyApi = ReturnType<typeof createProxyApi>

const CALL_MS_MAX = 45_000
// 32 MB of rows over a slow line.
const LARGE_CALL_MS_MAX = 180_000
const ANSWERS_DEADLINE_MS = 40_000
const text = z.object({ text: z.string() })
const nothing = z.object({})

export function createProxyApi(deps: ProxyApiDeps) {
  const get = <Schema extends z.ZodMiniType>(path: string, schema: Schema) => send(deps, 'GET', path, schema)
  const post = <Schema extends z.ZodMiniType>(path: string, schema: Schema, body: unknown = {}, timeoutMs?: number) =>
    send(deps, 'POST', path, schema, { body: JSON.stringify(body), timeoutMs })
  const on = (id: string): string => `/v1/jobs/${encodeURIComponent(id)}`

  return {
    session: () => get('/v1/session', sessionReply),
    /** The proxy's own version. */
    health: () => get('/healthz', z.object({ version: z.string() })),
    /** Owners only, as the next. */
    seats: () => get('/v1/seats', seatsReply),
    changeSeat: (id: string, changes: z.infer<typeof seatChanges>) =>
      send(deps, 'PATCH', `/v1/seats/${encodeURIComponent(id)}`, seatEntry, { body: JSON.stringify(changes) }),
    /** @param spreadsheet as the proxy knows it. */
    sheetSeat: (spreadsheet: string) =>
      get(`/v1/session/sheet?spreadsheet=${encodeURIComponent(spreadsheet)}`, sheetSeatReply),
    points: () => get('/v1/points', pointsReply),
    entries: (before: number | null) =>
      get(`/v1/points/entries${before === null ? '' : `?before=${before}`}`, entriesReply),
    redeem: (code: string) => post('/v1/points/redeem', redeemReply, { code }),
    checkout: (requestId: string, cny: number) => post('/v1/points/checkout', checkoutReply, { requestId, cny }),
    recharges: () => get('/v1/points/recharges', rechargesReply),
    recharge: (id: string) => get(`/v1/points/recharges/${encodeURIComponent(id)}`, recharge),

    /** At most 500 questions. One that takes too long comes back `pending`. */
    answers: (questions: Question[], requestId?: string) =>
      post('/v1/answers', answersReply, {
        questions,
        lang: deps.language(),
        deadlineMs: ANSWERS_DEADLINE_MS,
        ...(requestId === undefined ? {} : { requestId }),
      }),

    estimate: (questions: JobQuestion[]) =>
      post('/v1/jobs/estimate', estimateReply, { questions, lang: deps.language() }, LARGE_CALL_MS_MAX),
    /** Sent again with the same `requestId` it makes no second job. */
    createJob: (request: { requestId: string; name: string; questions: JobQuestion[] }) =>
      post('/v1/jobs', job, { ...request, lang: deps.language() }, LARGE_CALL_MS_MAX),
    jobs: () => get('/v1/jobs', jobsReply),
    job: (id: string) => get(on(id), job),
    /** @param after the last row known; -1 from the first on. At most 1,000 rows. */
    jobRows: (id: string, after: number, limit: number) =>
      get(`${on(id)}/rows?limit=${limit}${after < 0 ? '' : `&after=${after}`}`, jobRowsReply),
    pauseJob: (id: string) => post(`${on(id)}/pause`, job),
    resumeJob: (id: string) => post(`${on(id)}/resume`, job),
    cancelJob: (id: string) => post(`${on(id)}/cancel`, job),
    /** @param all those too that would most likely fail again. */
    retryJob: (id: string, all: boolean) => post(`${on(id)}/retry`, job, { all }),

    memory: (page: MemoryPage) => get(`/v1/memory${queryOf(page)}`, memoryReply),
    approve: (request: z.infer<typeof approveRequest>) => post('/v1/memory', approveReply, request),
    forgetApproval: (id: string) => send(deps, 'DELETE', `/v1/memory/${encodeURIComponent(id)}`, nothing),
    exportMemory: () => get('/v1/memory/export', text),
    /** @param csv the file as it is: the proxy knows its encodings. */
    importMemory: (csv: Blob, how: { dryRun: boolean; skipBad: boolean }) =>
      send(
        deps,
        'POST',
        `/v1/memory/import${queryOf({ dryRun: how.dryRun && '1', skipBad: how.skipBad && '1' })}`,
        importReply,
        {
          body: csv,
          contentType: 'text/csv; charset=utf-8',
          timeoutMs: LARGE_CALL_MS_MAX,
        },
      ),

    consultations: () => get('/v1/consultations', consultationsReply),
    consultation: (form: string) => get(`/v1/consultations/${encodeURIComponent(form)}`, consultation),
    /** Acts in the person's name; `confirm` only after they said so. */
    createConsultation: (request: z.infer<typeof consultationRequest>) =>
      post('/v1/consultations', consultationCreatedReply, request, LARGE_CALL_MS_MAX),
    writeMessage: (form: string, request: z.infer<typeof messageRequest>) =>
      post(`/v1/consultations/${encodeURIComponent(form)}/messages`, messageReply, request),
    lookUpPicture: (request: z.infer<typeof imagesRequest>) =>
      post('/v1/images', imagesReply, request, LARGE_CALL_MS_MAX),
  }
}

interface Sent {
  body?: string | Blob
  contentType?: string
  timeoutMs?: number | undefined
}

/** One call of a route. @param path begins with /v1/. */
export async function send<Schema extends z.ZodMiniType>(
  { call, clock, language }: ProxyApiDeps,
  method: string,
  path: string,
  schema: Schema,
  { body, contentType = 'application/json', timeoutMs = CALL_MS_MAX }: Sent = {},
): Promise<Reply<z.infer<Schema> & object>> {
  try {
    return await withTimeout(clock, timeoutMs, async (signal) => {
      const response = await call(path, {
        method,
        headers: {
          'Accept-Language': language(),
          ...(body === undefined ? {} : { 'Content-Type': contentType }),
        },
        ...(body === undefined ? {} : { body }),
        signal,
      })
      if (!response.ok) return { error: await refusalOf(response, language(), clock.now()) }
      const received = await response.text()
      const reply = z.safeParse(schema, readBody(response, received))
      return reply.success
        ? (reply.data as z.infer<Schema> & object)
        : { error: printFailure(failure('bad-reply'), language()) }
    })
  } catch (error) {
    return { error: connectionError(error, language()) }
  }
}

/** JSON as what it says, other text as `{text}`, nothing as {}. */
function readBody(response: Response, received: string): unknown {
  if (received === '') return {}
  if (response.headers.get('Content-Type')?.includes('json') ?? false) return parseJson(received)
  return { text: received }
}

function queryOf(values: object): string {
  const pairs = Object.entries(values as Record<string, unknown>)
    .filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false)
    .map(([name, value]) => [name, String(value)])
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`
}
