/** GET /v1/points: the balance. GET /v1/points/entries?before=&limit= : the ledger, newest first. */
import type { Request, Response } from 'express'
import { seatIn } from '../auth/authenticate.ts'
import type { Ledger } from '../ledger/ledger.ts'

const ENTRIES_PER_PAGE_MAX = 200

export function pointsRoute(ledger: Pick<Ledger, 'balance' | 'spentToday'>) {
  return async (_request: Request, response: Response): Promise<void> => {
    const seat = seatIn(response)
    const { posted, held, spendable } = await ledger.balance(seat.workspaceId)
    response.setHeader('Cache-Control', 'no-store')
    const spentToday = await ledger.spentToday(seat.id)
    const { dailyCapPoints: dailyCap } = seat
    const capLeft = dailyCap === null ? null : Math.max(0, dailyCap - spentToday)
    response.json({ balance: spendable, held, posted, spentToday, dailyCap, capLeft })
  }
}

export function entriesRoute(ledger: Pick<Ledger, 'entries'>) {
  return async (request: Request, response: Response): Promise<void> => {
    const limit = Math.min(whole(request.query.limit) ?? 50, ENTRIES_PER_PAGE_MAX)
    const entries = await ledger.entries(seatIn(response).workspaceId, { before: whole(request.query.before), limit })
    response.setHeader('Cache-Control', 'no-store')
    response.json({
      entries: entries.map(({ createdAt, ...entry }) => ({ ...entry, at: new Date(createdAt).toISOString() })),
      before: entries.length === limit ? (entries.at(-1)?.version ?? null) : null,
    })
  }
}

function whole(text: unknown): number | null {
  return typeof text === 'string' && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}
