/** GET /v1/points: the balance. GET /v1/points/entries?before=&limit= : the ledger, newest first. */
import type { Request, Response } from 'express'
import { isFailure } from '../../shared/error-codes.ts'
import { entriesQuery } from '../../shared/usage-protocol.ts'
import { seatIn } from '../auth/authenticate.ts'
import type { DataVersion } from '../data-version.ts'
import { languageOf, sendFailure } from '../errors.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Recharges } from '../recharge/recharges.ts'
import { readQuery } from './read-query.ts'

const ENTRIES_PER_PAGE = 50
const ENTRIES_PER_PAGE_MAX = 200

export interface PointsRouteDeps {
  ledger: Pick<Ledger, 'balance' | 'spentToday' | 'leftToday'>
  recharges: Pick<Recharges, 'services'>
  dataVersion: DataVersion
  /** Of the product: another one may answer another way. */
  version: string
}

export function pointsRoute({ ledger, recharges, dataVersion, version }: PointsRouteDeps) {
  return async (_request: Request, response: Response): Promise<void> => {
    const seat = seatIn(response)
    const { posted, held, spendable } = await ledger.balance(seat.workspaceId)
    response.setHeader('Cache-Control', 'no-store')
    const spentToday = await ledger.spentToday(seat.id)
    const { dailyCapPoints: dailyCap } = seat
    const capLeft = await ledger.leftToday(seat.id, dailyCap)
    const data = `${version} ${await dataVersion(seat.workspaceId)}`
    const canPay = recharges.services.length > 0
    response.json({ balance: spendable, held, posted, spentToday, dailyCap, capLeft, canPay, dataVersion: data })
  }
}

export function entriesRoute(ledger: Pick<Ledger, 'entries'>) {
  return async (request: Request, response: Response): Promise<void> => {
    const query = readQuery(entriesQuery, request)
    if (isFailure(query)) return sendFailure(response, query, languageOf(request))
    const limit = Math.min(Number(query.limit ?? ENTRIES_PER_PAGE), ENTRIES_PER_PAGE_MAX)
    const before = query.before === undefined ? null : Number(query.before)
    const entries = await ledger.entries(seatIn(response).workspaceId, { before, limit })
    response.setHeader('Cache-Control', 'no-store')
    response.json({
      entries: entries.map(({ createdAt, ...entry }) => ({ ...entry, at: new Date(createdAt).toISOString() })),
      before: entries.length === limit ? (entries.at(-1)?.version ?? null) : null,
    })
  }
}
