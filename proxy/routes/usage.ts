/** GET /v1/points/usage?from=2026-11-01&to=2026-11-30&format=csv|jsonl: the ledger of some days as a file, for the owner. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import * as z from 'zod/mini'
import { failure } from '../../shared/error-codes.ts'
import { usageQuery } from '../../shared/usage-protocol.ts'
import { seatIn } from '../auth/authenticate.ts'
import { languageOf, sendFailure } from '../errors.ts'
import { failureOf, type FailureLog } from '../failure-of.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { printUsage, readPeriod } from '../ledger/print-usage.ts'

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson' }

const HOW_TO_ASK = 'it takes from=2026-11-01, to=2026-11-30 and format=csv or jsonl'

export interface UsageRouteDeps {
  ledger: Pick<Ledger, 'usage'>
  log: FailureLog
}

export function usageRoute({ ledger, log }: UsageRouteDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const seat = seatIn(response)
    if (seat.role !== 'owner') {
      sendFailure(response, failure('not-allowed'), languageOf(request))
      return
    }
    const query = z.safeParse(usageQuery, request.query)
    const period = query.success ? readPeriod(query.data) : HOW_TO_ASK
    if (!query.success || typeof period === 'string') {
      sendFailure(
        response,
        failure('bad-request', { detail: typeof period === 'string' ? period : HOW_TO_ASK }),
        languageOf(request),
      )
      return
    }
    const { from, to, format } = query.data
    const text = printUsage(ledger.usage(seat.workspaceId, period), format)
    // Before the head: a database that is away is a failure with its status, not a file that ends early.
    const first = await text.next()
    response.setHeader('Cache-Control', 'no-store')
    response.setHeader('Content-Type', TYPES[format])
    response.setHeader('Content-Disposition', `attachment; filename="usage-${from}-${to}.${format}"`)
    try {
      await pipeline(Readable.from(withFirst(first, text)), response)
    } catch (error) {
      // Whoever hung up wants no more of it. Otherwise only the end of the connection can say that the rest is missing.
      if (!isHungUp(error)) failureOf(log, error)
      response.destroy()
    }
  }
}

async function* withFirst(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void, void>,
): AsyncGenerator<string, void, void> {
  if (first.done) return
  yield first.value
  yield* rest
}

function isHungUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
