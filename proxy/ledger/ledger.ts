/**
 * Points: the only writer of account, entry and hold.
 * A hold sets points aside; it is settled (charged, in the transaction that stores what was bought), released or expired, once.
 * The database keeps the rules (migration 0007): here rows are added to entry and hold, and their triggers move account and seat_day.
 * A settled hold writes its own entry. Whoever decides by a balance locks its account first.
 */
import assert from 'node:assert/strict'
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { Database, Rows, Transaction } from '../database.ts'
import { inspectLedger, type Inspection } from './inspect-ledger.ts'
import { readUsage } from './read-usage.ts'

export interface LedgerDeps {
  database: Database
  now: () => number
  newId: () => string
  /** What a recharge sets going again, in the transaction that credits it. Runs before the account is touched: rows before accounts. */
  onCredit?: (tx: Transaction, workspaceId: string) => Promise<void>
  /** Told of a credit in its transaction, once its entry stands and the account is locked. */
  onCredited?: (tx: Transaction, credit: Omit<CreditRequest, 'ref'>) => Promise<void>
  /** Told likewise of points that left: a charge, a refund, a correction. @param taken.points above 0. */
  onTaken?: (tx: Transaction, taken: { workspaceId: string; points: number }) => Promise<void>
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
  /** What it is for: one entry for each kind and ref, in all workspaces together. */
  ref: string
  points: number
}

export type CreditKind = 'recharge' | 'grant' | 'adjust'

export type TakeRequest = Omit<CreditRequest, 'kind'>

export interface Entry {
  version: number
  kind: CreditKind | 'usage' | 'refund'
  points: number
  balanceAfter: number
  ref: string
  createdAt: number
}

// Past this many a sweep leaves the rest to the next: others wait for the database too.
export const EXPIRED_A_SWEEP_MAX = 10_000
const LATE_HOLDS_A_QUERY = 500
const NO_POINTS = failure('no-points')

export type Ledger = ReturnType<typeof createLedger>

export function createLedger({ database, now, newId, onCredit, onCredited, onTaken }: LedgerDeps) {
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
    const account = await lockAccount(tx, workspaceId)
    if (!account) return failure('no-points')
    const before = await tx.get<{ workspace_id: string; points: number }>(
      'SELECT workspace_id, points FROM hold WHERE id = $1',
      [id],
    )
    if (before) {
      if (before.workspace_id !== workspaceId) return failure('request-changed')
      return { id, workspaceId, points: before.points, shortOf: before.points < request.points ? NO_POINTS : null }
    }
    const day = utcDay(now())
    const { cap, left: capLeft } = await dailyLimit(tx, seatId, dailyCapPoints, day)
    if (capLeft < 1) return failure('daily-cap', { cap })
    const { spendable } = account
    const points = Math.min(request.points, spendable, capLeft)
    if (points < 1) return NO_POINTS

    const added = await tx.run(
      `INSERT INTO hold(id, workspace_id, seat_id, day, points, state, created_at, expires_at, job_id)
       VALUES($1, $2, $3, $4, $5, 'held', $6, $7, $8) ON CONFLICT(id) DO NOTHING`,
      [id, workspaceId, seatId, day, points, now(), now() + request.ttlMs, jobId],
    )
    // Another workspace made this id its own at the same moment.
    if (added !== 1) return failure('request-changed')
    const reason = capLeft < spendable ? failure('daily-cap', { cap }) : NO_POINTS
    return { id, workspaceId, points, shortOf: points < request.points ? reason : null }
  }

  const settleIn = async (tx: Transaction, hold: Hold, usedPoints: number): Promise<Settled> => {
    assert(Number.isSafeInteger(usedPoints) && usedPoints >= 0 && usedPoints <= hold.points, 'more used than was held')
    const changed = await tx.run(
      `UPDATE hold SET state = 'settled', settled = $3, resolved_at = $4
       WHERE id = $1 AND workspace_id = $2 AND state = 'held'`,
      [hold.id, hold.workspaceId, usedPoints, now()],
    )
    if (changed === 1) {
      if (usedPoints > 0) await onTaken?.(tx, { workspaceId: hold.workspaceId, points: usedPoints })
      return 'now'
    }
    const row = await tx.get<{ state: string }>('SELECT state FROM hold WHERE id = $1 AND workspace_id = $2', [
      hold.id,
      hold.workspaceId,
    ])
    return row?.state === 'settled' ? 'before' : 'gone'
  }

  const creditIn = async (
    tx: Transaction,
    { workspaceId, kind, ref, points }: CreditRequest,
  ): Promise<'applied' | 'duplicate'> => {
    assert(Number.isSafeInteger(points) && points > 0, 'a credit adds whole points')
    if (await findEntry(tx, kind, ref)) return 'duplicate'
    await onCredit?.(tx, workspaceId)
    const account = await mustLockAccount(tx, workspaceId)
    // It may have come while the account was waited for.
    if (await findEntry(tx, kind, ref)) return 'duplicate'
    await appendEntry(tx, account, { kind, ref, points, at: now() })
    await onCredited?.(tx, { workspaceId, kind, points })
    await tx.notify('points', workspaceId)
    return 'applied'
  }

  /** @returns points taken by this call or, of the same ref, before. */
  const takeIn = async (
    tx: Transaction,
    { workspaceId, kind, ref, points, least }: TakeRequest & { kind: 'refund' | 'adjust'; least: number },
  ): Promise<number> => {
    assert(Number.isSafeInteger(points) && points > 0, 'whole points are taken')
    const account = await mustLockAccount(tx, workspaceId)
    const before = await findEntry(tx, kind, ref)
    if (before) {
      assert(before.workspaceId === workspaceId, 'a ref of another workspace')
      return -before.points
    }
    const taken = Math.min(points, account.spendable)
    if (taken < least) return 0
    await appendEntry(tx, account, { kind, ref, points: -taken, at: now() })
    await onTaken?.(tx, { workspaceId, points: taken })
    await tx.notify('points', workspaceId)
    return taken
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

    /**
     * {@link hold} as part of a larger transaction.
     * @param id new, and made outside of it. One of this workspace's own holds gives that hold, whatever has become of it.
     * @returns the failure `request-changed` for an id that is another workspace's.
     */
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

    /** The charge as part of a larger transaction. What it pays for is stored after it: the database wants to see it settled. */
    settleIn,

    /** How a hold stands, as part of a larger transaction; the row stays locked to its end. */
    async isOpenIn(tx: Transaction, holdId: string): Promise<boolean> {
      return (await tx.run("UPDATE hold SET expires_at = expires_at WHERE id = $1 AND state = 'held'", [holdId])) === 1
    },

    /** Gives a hold's points back. @returns false when it was already resolved. */
    async release(hold: Pick<Hold, 'id'>): Promise<boolean> {
      return database.transaction((tx) => release(tx, hold.id, now()), { repeatable: true })
    },

    async releaseIn(tx: Transaction, holdId: string): Promise<boolean> {
      return release(tx, holdId, now())
    },

    /** Gives back the points of a hold that has run out. @returns false when it was resolved or extended meanwhile. */
    async expireIn(tx: Transaction, holdId: string): Promise<boolean> {
      return expire(tx, holdId, now())
    },

    /** Keeps a hold from expiring for so long from now. @returns false when it was already resolved. */
    async extend(holdId: string, ttlMs: number): Promise<boolean> {
      const changed = await database.run("UPDATE hold SET expires_at = $2 WHERE id = $1 AND state = 'held'", [
        holdId,
        now() + ttlMs,
      ])
      return changed === 1
    },

    /**
     * Gives back the points of holds nobody resolved in time, at most {@link EXPIRED_A_SWEEP_MAX} of them. Several proxies may do so at
     * once: each hold expires once, in a transaction of its own, and one that was extended meanwhile stays.
     * @returns how many this call expired.
     */
    async expireHolds(): Promise<number> {
      const sweptAt = now()
      let expired = 0
      for (let seen = 0; seen < EXPIRED_A_SWEEP_MAX;) {
        const late = await database.all<{ id: string }>(
          "SELECT id FROM hold WHERE state = 'held' AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2",
          [sweptAt, LATE_HOLDS_A_QUERY],
        )
        for (const { id } of late) {
          if (await database.transaction((tx) => expire(tx, id, sweptAt))) expired++
        }
        if (late.length < LATE_HOLDS_A_QUERY) break
        seen += late.length
      }
      return expired
    },

    /**
     * Lets holds run out now whose owners are certainly dead.
     * @param orphans.except ids of those that somebody comes back for.
     * @returns how many this call expired.
     */
    async expireOrphans(orphans: { openedBefore: number; except: ReadonlySet<string> }): Promise<number> {
      const open = await database.all<{ id: string }>(
        "SELECT id FROM hold WHERE state = 'held' AND created_at < $1 ORDER BY created_at, id",
        [orphans.openedBefore],
      )
      let expired = 0
      for (const { id } of open) {
        if (orphans.except.has(id)) continue
        const at = now()
        const isExpired = await database.transaction(async (tx) => {
          await tx.run("UPDATE hold SET expires_at = $2 WHERE id = $1 AND state = 'held' AND expires_at > $2", [id, at])
          return expire(tx, id, at)
        })
        if (isExpired) expired++
      }
      return expired
    },

    /** Adds points once per (kind, ref), however often it is called. */
    async credit(request: CreditRequest): Promise<'applied' | 'duplicate'> {
      return database.transaction((tx) => creditIn(tx, request), { repeatable: true })
    },

    /** {@link credit} as part of a larger transaction. */
    creditIn,

    /**
     * Takes back points whose money is given back: as many of them as are unspent and not set aside, once per ref.
     * @returns points taken, the same number for the same ref; 0 when none was left, and then the ref is not used up.
     */
    refundIn: (tx: Transaction, request: TakeRequest): Promise<number> =>
      takeIn(tx, { ...request, kind: 'refund', least: 1 }),

    /**
     * Corrects a balance by hand, once per ref: all of it or nothing.
     * @param request with points above or below zero.
     * @returns the failure `no-points` when it would take more than can be spent.
     */
    async adjustIn(tx: Transaction, { points, ...request }: TakeRequest): Promise<'applied' | 'duplicate' | Failure> {
      if (points > 0) return creditIn(tx, { ...request, kind: 'adjust', points })
      if (await findEntry(tx, 'adjust', request.ref)) return 'duplicate'
      const taken = await takeIn(tx, { ...request, kind: 'adjust', points: -points, least: -points })
      return taken === 0 ? NO_POINTS : 'applied'
    },

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

    /** Points a seat may still spend today (UTC), by its own limit and those of the seats above it. null: without a limit. */
    async leftToday(seatId: string, dailyCapPoints: number | null): Promise<number | null> {
      const { left } = await dailyLimit(database, seatId, dailyCapPoints, utcDay(now()))
      return left === Number.POSITIVE_INFINITY ? null : Math.max(0, left)
    },

    /** {@link spentToday} of every seat of a workspace that spent anything. */
    async spentTodayBySeat(workspaceId: string): Promise<Map<string, number>> {
      const rows = await database.all<{ seatId: string; spent: number }>(
        `SELECT d.seat_id AS "seatId", d.points AS spent
         FROM seat s JOIN seat_day d ON d.seat_id = s.id AND d.day = $2 WHERE s.workspace_id = $1`,
        [workspaceId, utcDay(now())],
      )
      return new Map(rows.map(({ seatId, spent }) => [seatId, spent]))
    },

    /** Newest first; `before` is the version to continue below. */
    async entries(workspaceId: string, page: { before: number | null; limit: number }): Promise<Entry[]> {
      return database.all<Entry>(
        `SELECT version, kind, points, balance_after AS "balanceAfter", ref, created_at AS "createdAt"
         FROM entry WHERE workspace_id = $1 AND version < $2 ORDER BY version DESC LIMIT $3`,
        [workspaceId, page.before ?? Number.MAX_SAFE_INTEGER, page.limit],
      )
    },

    /**
     * The entries of some time, oldest first, each with the hold that it charges; read page by page, so that any number needs little
     * memory.
     * @param period milliseconds since 1970, its end excluded.
     */
    usage: (workspaceId: string, period: { from: number; to: number }) => readUsage(database, workspaceId, period),

    /** Checks the ledger against itself. */
    inspect: (): Promise<Inspection> => inspectLedger(database),

    /** {@link inspect}. @returns one sentence per violation; empty when it adds up. */
    async verify(): Promise<string[]> {
      return (await inspectLedger(database)).violations
    },

    async openHolds(): Promise<number> {
      const row = await database.get<{ count: number }>("SELECT COUNT(*) AS count FROM hold WHERE state = 'held'")
      return row?.count ?? 0
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
  const row = await rows.get<{ points: number }>('SELECT points FROM seat_day WHERE seat_id = $1 AND day = $2', [
    seatId,
    day,
  ])
  return row?.points ?? 0
}

/**
 * The narrowest of the daily limits that bind a seat: its own, and that of each seat it was made from. All that one made count with it,
 * also what has ended: or a new one would be a new allowance.
 * @param own points a day as its token is known to have; null is without a limit.
 * @returns points a day, and what is left of them, both Infinity where there is no limit.
 */
async function dailyLimit(
  rows: Rows,
  seatId: string,
  own: number | null,
  day: string,
): Promise<{ cap: number; left: number }> {
  const makers = await rows.all<{ id: string; cap: number | null; spent: number }>(
    `WITH RECURSIVE up(id, made_from) AS (
       SELECT id, made_from FROM seat WHERE id = $1
       UNION ALL SELECT s.id, s.made_from FROM seat s JOIN up ON s.id = up.made_from
     ), down(maker, id) AS (
       SELECT id, id FROM up
       UNION ALL SELECT d.maker, s.id FROM seat s JOIN down d ON s.made_from = d.id
     )
     SELECT m.id, m.daily_cap_points AS cap, COALESCE(SUM(d.points), 0) AS spent
     FROM down JOIN seat m ON m.id = down.maker LEFT JOIN seat_day d ON d.seat_id = down.id AND d.day = $2
     GROUP BY m.id, m.daily_cap_points`,
    [seatId, day],
  )
  let narrowest = { cap: Number.POSITIVE_INFINITY, left: Number.POSITIVE_INFINITY }
  for (const { id, cap: kept, spent } of makers) {
    for (const cap of id === seatId ? [kept, own] : [kept]) {
      if (cap !== null && cap - spent < narrowest.left) narrowest = { cap, left: cap - spent }
    }
  }
  return narrowest
}

interface LockedAccount {
  workspaceId: string
  posted: number
  version: number
  spendable: number
}

/** Until the transaction ends nobody else moves this account, a hold of it or what its seats have spent today. */
async function lockAccount(tx: Transaction, workspaceId: string): Promise<LockedAccount | null> {
  const account = await tx.get<{ posted: number; held: number; version: number }>(
    'UPDATE account SET held = held WHERE workspace_id = $1 RETURNING posted, held, version',
    [workspaceId],
  )
  if (!account) return null
  const { posted, held, version } = account
  return { workspaceId, posted, version, spendable: posted - held }
}

async function mustLockAccount(tx: Transaction, workspaceId: string): Promise<LockedAccount> {
  const account = await lockAccount(tx, workspaceId)
  assert(account, 'a workspace without an account')
  return account
}

async function release(tx: Transaction, holdId: string, at: number): Promise<boolean> {
  const changed = await tx.run(
    "UPDATE hold SET state = 'released', resolved_at = $2 WHERE id = $1 AND state = 'held'",
    [holdId, at],
  )
  return changed === 1
}

async function expire(tx: Transaction, holdId: string, at: number): Promise<boolean> {
  const changed = await tx.run(
    "UPDATE hold SET state = 'expired', resolved_at = $2 WHERE id = $1 AND state = 'held' AND expires_at <= $2",
    [holdId, at],
  )
  return changed === 1
}

function findEntry(
  rows: Rows,
  kind: Entry['kind'],
  ref: string,
): Promise<{ workspaceId: string; points: number } | undefined> {
  return rows.get('SELECT workspace_id AS "workspaceId", points FROM entry WHERE kind = $1 AND ref = $2', [kind, ref])
}

/** The database moves the account by it. @throws when there is one of this kind and ref. */
async function appendEntry(
  tx: Transaction,
  { workspaceId, posted, version }: LockedAccount,
  { kind, ref, points, at }: { kind: CreditKind | 'refund'; ref: string; points: number; at: number },
): Promise<void> {
  await tx.run(
    'INSERT INTO entry(workspace_id, version, kind, points, balance_after, ref, created_at) VALUES($1, $2, $3, $4, $5, $6, $7)',
    [workspaceId, version + 1, kind, points, posted + points, ref, at],
  )
}

function utcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
