/**
 * Points: the only writer of account, entry and hold.
 * A hold sets points aside; it is settled (charged, in the transaction that stores what was bought), released or expired, once.
 * The database itself refuses a negative balance, a second entry for one ref, and a changed entry.
 */
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { Database, Rows, Transaction } from '../database.ts'

export interface LedgerDeps {
  database: Database
  now: () => number
  newId: () => string
  /** What a recharge sets going again, in the transaction that credits it. Runs before the account is touched: rows before accounts. */
  onCredit?: (tx: Transaction, workspaceId: string) => Promise<void>
}

export interface Hold {
  id: string
  workspaceId: string
  points: number
  /** Why it is less than was asked for; null when it is all of it. */
  shortOf: Failure | null
}

export interface Balance {
  /** What the entries add up to. */
  posted: number
  /** Set aside by open holds. */
  held: number
  /** What can be spent: posted less held. */
  spendable: number
}

export interface HoldRequest {
  workspaceId: string
  seatId: string
  /** Points the seat may spend a day; null is without a limit. */
  dailyCapPoints: number | null
  points: number
  ttlMs: number
  /** The bulk run it is for. */
  jobId?: string | null
}

/** `now`: charged by this call · `before`: this hold was settled already, its reply was lost · `gone`: expired or released. */
export type Settled = 'now' | 'before' | 'gone'

export interface CreditRequest {
  workspaceId: string
  kind: CreditKind
  /** What it is for: one entry for each kind and ref. */
  ref: string
  points: number
}

export type CreditKind = 'recharge' | 'grant' | 'refund' | 'adjust'

export interface Entry {
  version: number
  kind: CreditKind | 'usage'
  points: number
  balanceAfter: number
  ref: string
  createdAt: number
}

export type Ledger = ReturnType<typeof createLedger>

export function createLedger({ database, now, newId, onCredit }: LedgerDeps) {
  // Reads of a balance that have not begun: whoever asks in the same turn of the event loop shares one.
  const balancesToRead = new Map<string, Promise<Balance>>()

  const readNextTurn = async (workspaceId: string): Promise<Balance> => {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    balancesToRead.delete(workspaceId)
    return readBalance(database, workspaceId)
  }

  const holdIn = async (tx: Transaction, id: string, request: HoldRequest): Promise<Hold | Failure> => {
    const { workspaceId, seatId, dailyCapPoints, jobId = null } = request
    const before = await tx.get<{ points: number }>('SELECT points FROM hold WHERE id = $1', [id])
    if (before) return { id, workspaceId, points: before.points, shortOf: null }
    const day = utcDay(now())
    const cap = failure('daily-cap', { cap: dailyCapPoints ?? 0 })
    const capLeft =
      dailyCapPoints === null ? Number.POSITIVE_INFINITY : dailyCapPoints - (await spentBySeat(tx, seatId, day))
    if (capLeft < 1) return cap
    const { spendable } = await readBalance(tx, workspaceId)
    const points = Math.min(request.points, spendable, capLeft)
    if (points < 1) return failure('no-points')

    const changed = await tx.run(
      'UPDATE account SET held = held + $1 WHERE workspace_id = $2 AND posted - held >= $1',
      [points, workspaceId],
    )
    if (changed !== 1) return failure('no-points')
    await tx.run(
      `INSERT INTO hold(id, workspace_id, seat_id, day, points, state, created_at, expires_at, job_id)
       VALUES($1, $2, $3, $4, $5, 'held', $6, $7, $8)`,
      [id, workspaceId, seatId, day, points, now(), now() + request.ttlMs, jobId],
    )
    const reason = capLeft < spendable ? cap : failure('no-points')
    return { id, workspaceId, points, shortOf: points < request.points ? reason : null }
  }

  const settleIn = async (tx: Transaction, hold: Hold, usedPoints: number): Promise<Settled> => {
    const changed = await tx.run(
      "UPDATE hold SET state = 'settled', settled = $2 WHERE id = $1 AND state = 'held' AND points >= $2",
      [hold.id, usedPoints],
    )
    if (changed !== 1) {
      const row = await tx.get<{ state: string }>('SELECT state FROM hold WHERE id = $1', [hold.id])
      return row?.state === 'settled' ? 'before' : 'gone'
    }
    const account = await tx.get<{ posted: number; version: number }>(
      `UPDATE account SET held = held - $1, posted = posted - $2, version = version + $3
       WHERE workspace_id = $4 RETURNING posted, version`,
      [hold.points, usedPoints, usedPoints > 0 ? 1 : 0, hold.workspaceId],
    )
    if (usedPoints > 0 && account) {
      await appendEntry(tx, hold.workspaceId, account, 'usage', -usedPoints, `hold:${hold.id}`, now())
    }
    return 'now'
  }

  const creditIn = async (
    tx: Transaction,
    { workspaceId, kind, ref, points }: CreditRequest,
  ): Promise<'applied' | 'duplicate'> => {
    const before = await tx.get('SELECT 1 AS one FROM entry WHERE kind = $1 AND ref = $2', [kind, ref])
    if (before) return 'duplicate'
    await onCredit?.(tx, workspaceId)
    const account = await tx.get<{ posted: number; version: number }>(
      'UPDATE account SET posted = posted + $1, version = version + 1 WHERE workspace_id = $2 RETURNING posted, version',
      [points, workspaceId],
    )
    if (!account) throw new Error('credit to a workspace without an account')
    await appendEntry(tx, workspaceId, account, kind, points, ref, now())
    await tx.notify('points', workspaceId)
    return 'applied'
  }

  return {
    /** Opens the account of a new workspace, with nothing on it. */
    async openAccount(tx: Rows, workspaceId: string): Promise<void> {
      await tx.run('INSERT INTO account(workspace_id) VALUES($1)', [workspaceId])
    },

    /**
     * Sets aside up to `points`: as many as the balance and the seat's daily cap cover, at least one.
     * @returns the failure `no-points` or `daily-cap` when not even one is covered.
     */
    async hold(request: HoldRequest): Promise<Hold | Failure> {
      const id = newId()
      return database.transaction((tx) => holdIn(tx, id, request), { repeatable: true })
    },

    /** {@link hold} as part of a larger transaction. @param id new, and made outside of it. */
    holdIn,

    /**
     * Charges what was used of a hold and gives the rest back; `store` writes what was bought in the same transaction.
     * @returns false when the hold was no longer open (expired): nothing is charged, nothing stored.
     */
    async settle(hold: Hold, usedPoints: number, store: (tx: Transaction) => Promise<void>): Promise<boolean> {
      return database.transaction(
        async (tx) => {
          const settled = await settleIn(tx, hold, usedPoints)
          if (settled === 'now') await store(tx)
          return settled !== 'gone'
        },
        { repeatable: true },
      )
    },

    /** The charge as part of a larger transaction. */
    settleIn,

    /** How a hold stands, as part of a larger transaction; the row stays locked to its end. */
    async isOpenIn(tx: Transaction, holdId: string): Promise<boolean> {
      return (await tx.run("UPDATE hold SET expires_at = expires_at WHERE id = $1 AND state = 'held'", [holdId])) === 1
    },

    /** Gives a hold's points back. @returns false when it was already resolved. */
    async release(hold: Pick<Hold, 'id'>): Promise<boolean> {
      return database.transaction((tx) => giveBack(tx, hold.id, 'released'), { repeatable: true })
    },

    async releaseIn(tx: Transaction, holdId: string): Promise<boolean> {
      return giveBack(tx, holdId, 'released')
    },

    /** Gives back the points of a hold that has run out. @returns false when it was resolved or extended meanwhile. */
    async expireIn(tx: Transaction, holdId: string): Promise<boolean> {
      return giveBack(tx, holdId, 'expired', now())
    },

    /** Keeps a hold from expiring for so long from now. @returns false when it was already resolved. */
    async extend(holdId: string, ttlMs: number): Promise<boolean> {
      const changed = await database.run("UPDATE hold SET expires_at = $2 WHERE id = $1 AND state = 'held'", [
        holdId,
        now() + ttlMs,
      ])
      return changed === 1
    },

    /** Gives back the points of holds nobody resolved in time. @returns how many. */
    async expireHolds(): Promise<number> {
      const late = await database.all<{ id: string }>(
        "SELECT id FROM hold WHERE state = 'held' AND expires_at <= $1 ORDER BY expires_at LIMIT 1000",
        [now()],
      )
      let expired = 0
      for (const { id } of late) {
        if (await database.transaction((tx) => giveBack(tx, id, 'expired', now()))) expired++
      }
      return expired
    },

    /** Adds points once per (kind, ref), however often it is called. */
    async credit(request: CreditRequest): Promise<'applied' | 'duplicate'> {
      return database.transaction((tx) => creditIn(tx, request), { repeatable: true })
    },

    /** {@link credit} as part of a larger transaction. */
    creditIn,

    /** As it stands after this call: no entry made before is missing. */
    balance(workspaceId: string): Promise<Balance> {
      let read = balancesToRead.get(workspaceId)
      if (!read) {
        read = readNextTurn(workspaceId)
        balancesToRead.set(workspaceId, read)
      }
      return read
    },

    /** Points this seat has spent or set aside today (UTC). */
    spentToday(seatId: string): Promise<number> {
      return spentBySeat(database, seatId, utcDay(now()))
    },

    /** Newest first; `before` is the version to continue below. */
    async entries(workspaceId: string, page: { before: number | null; limit: number }): Promise<Entry[]> {
      return database.all<Entry>(
        `SELECT version, kind, points, balance_after AS "balanceAfter", ref, created_at AS "createdAt"
         FROM entry WHERE workspace_id = $1 AND version < $2 ORDER BY version DESC LIMIT $3`,
        [workspaceId, page.before ?? Number.MAX_SAFE_INTEGER, page.limit],
      )
    },

    /** Checks the ledger against itself. @returns one sentence per violation; empty when it adds up. */
    async verify(): Promise<string[]> {
      const wrong: string[] = []
      const accounts = await database.all<{
        id: string
        posted: number
        held: number
        version: number
        sum: number
        last: number
        open: number
      }>(
        `SELECT a.workspace_id AS id, a.posted, a.held, a.version,
           COALESCE((SELECT SUM(points) FROM entry e WHERE e.workspace_id = a.workspace_id), 0) AS sum,
           COALESCE((SELECT MAX(version) FROM entry e WHERE e.workspace_id = a.workspace_id), 0) AS last,
           COALESCE((SELECT SUM(points) FROM hold h WHERE h.workspace_id = a.workspace_id AND h.state = 'held'), 0) AS open
         FROM account a`,
      )
      for (const account of accounts) {
        if (account.posted !== account.sum)
          wrong.push(`${account.id}: posted ${account.posted}, entries add up to ${account.sum}`)
        if (account.held !== account.open)
          wrong.push(`${account.id}: held ${account.held}, open holds add up to ${account.open}`)
        if (account.version !== account.last)
          wrong.push(`${account.id}: version ${account.version}, last entry ${account.last}`)
      }
      const breaks = await database.all<{ workspace_id: string; version: number }>(
        `SELECT workspace_id, version FROM (
           SELECT workspace_id, version, balance_after, points,
             COALESCE(LAG(balance_after) OVER (PARTITION BY workspace_id ORDER BY version), 0) AS balance_before
           FROM entry) AS chain
         WHERE balance_after <> balance_before + points`,
      )
      for (const row of breaks) wrong.push(`${row.workspace_id}: the balance chain breaks at entry ${row.version}`)
      return wrong
    },
  }
}

async function readBalance(rows: Rows, workspaceId: string): Promise<Balance> {
  const account = await rows.get<{ posted: number; held: number }>(
    'SELECT posted, held FROM account WHERE workspace_id = $1',
    [workspaceId],
  )
  const { posted, held } = account ?? { posted: 0, held: 0 }
  return { posted, held, spendable: posted - held }
}

async function spentBySeat(rows: Rows, seatId: string, day: string): Promise<number> {
  const row = await rows.get<{ spent: number }>(
    `SELECT COALESCE(SUM(CASE state WHEN 'held' THEN points WHEN 'settled' THEN settled ELSE 0 END), 0) AS spent
     FROM hold WHERE seat_id = $1 AND day = $2`,
    [seatId, day],
  )
  return row?.spent ?? 0
}

/** @param runOutBy only a hold that has run out by then; left out: any. */
async function giveBack(
  tx: Rows,
  holdId: string,
  state: 'released' | 'expired',
  runOutBy = Number.MAX_SAFE_INTEGER,
): Promise<boolean> {
  const hold = await tx.get<{ points: number; workspace_id: string }>(
    "UPDATE hold SET state = $2 WHERE id = $1 AND state = 'held' AND expires_at <= $3 RETURNING points, workspace_id",
    [holdId, state, runOutBy],
  )
  if (!hold) return false
  await tx.run('UPDATE account SET held = held - $1 WHERE workspace_id = $2', [hold.points, hold.workspace_id])
  return true
}

async function appendEntry(
  tx: Rows,
  workspaceId: string,
  account: { posted: number; version: number },
  kind: Entry['kind'],
  points: number,
  ref: string,
  at: number,
): Promise<void> {
  await tx.run(
    'INSERT INTO entry(workspace_id, version, kind, points, balance_after, ref, created_at) VALUES($1, $2, $3, $4, $5, $6, $7)',
    [workspaceId, account.version, kind, points, account.posted, ref, at],
  )
}

function utcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
