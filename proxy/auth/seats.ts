/**
 * Workspaces, their seats, and the tokens that prove one. Whatever changes here is written to the audit in the same transaction and
 * told to the other processes, which forget the tokens they know of it.
 */
import assert from 'node:assert/strict'
import { foldCode } from '../../shared/connection-code.ts'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { createAudit, OPERATOR } from '../audit/audit.ts'
import type { Database, Rows, Transaction } from '../database.ts'
import type { FailureLog } from '../failure-of.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { newConnectionCode } from './connection-code.ts'
import { createKnownTokens, isInForce, type KnownToken } from './known-tokens.ts'
import { createLastUsed } from './last-used.ts'
import {
  insertSeatRow,
  lockMaker,
  noRoomInLine,
  readSeat,
  SELECT_SEAT,
  toSeat,
  type MadeSeat,
  type NewSeat,
  type SeatRow,
} from './seat-rows.ts'
import type { Role, Seat } from './seat.ts'
import { newToken, sameHash, seatIdOf, sha256 } from './token.ts'

export type { Role, Seat } from './seat.ts'
export type { NewSeat } from './seat-rows.ts'

export interface SeatsDeps {
  database: Database
  ledger: Pick<Ledger, 'openAccount'>
  now: () => number
  newId: () => string
  /** Where it is told that the day of a last use could not be noted; nobody is, when left out. */
  log?: FailureLog
}

export interface SeatChanges {
  name?: string | undefined
  /** null: no limit of its own. */
  dailyCapPoints?: number | null | undefined
}

export const CONNECTION_CODE_MINUTES = 60
export const OVERLAP_MS_DEFAULT = 24 * 3_600_000
export const OVERLAP_MS_MAX = 30 * 24 * 3_600_000

export type Seats = ReturnType<typeof createSeats>

export function createSeats({ database, ledger, now, newId, log }: SeatsDeps) {
  const audit = createAudit({ database, now, newId })
  const known = createKnownTokens({ now })
  const lastUsed = createLastUsed({ database, now, log: log ?? null })
  const stopListening = database.listen('seats', (id) => known.drop(id))

  /** A transaction that changes what is known of these tokens: forgotten here before anybody hears of it, elsewhere by the notice. */
  const changing =
    (id: string): Database['transaction'] =>
    async (work, options) => {
      try {
        return await database.transaction(work, options)
      } finally {
        known.drop(id)
      }
    }

  /** Ids and tokens are made before a transaction begins: one that is run again makes the same seat, not a second one. */
  const newSeat = (seat: NewSeat): MadeSeat => {
    const id = newId()
    return { ...seat, id, token: newToken(id) }
  }

  const insertSeat = (tx: Rows, seat: MadeSeat): Promise<boolean> => insertSeatRow(tx, seat, now())

  const newWorkspace = (name: string) => {
    const id = newId()
    return { id, name, owner: newSeat({ workspaceId: id, name: 'owner', role: 'owner', dailyCapPoints: null }) }
  }

  const insertWorkspace = async (tx: Transaction, { id, name, owner }: ReturnType<typeof newWorkspace>) => {
    const added = await tx.run(
      'INSERT INTO workspace(id, name, created_at) VALUES($1, $2, $3) ON CONFLICT(id) DO NOTHING',
      [id, name, now()],
    )
    if (added !== 1) return
    await ledger.openAccount(tx, id)
    await insertSeat(tx, owner)
    const detail = { name, owner: owner.id }
    await audit.recordIn(tx, { workspaceId: id, actor: OPERATOR, action: 'workspace.create', detail })
  }

  /** Two processes that both find no workspace both come here, and the second waits for the first. @returns the first workspace's id. */
  const claimFirst = async (tx: Rows, workspaceId: string): Promise<string> => {
    await tx.run('INSERT INTO first_workspace(one, workspace_id) VALUES(1, $1) ON CONFLICT(one) DO NOTHING', [
      workspaceId,
    ])
    const first = await tx.get<{ id: string }>('SELECT workspace_id AS id FROM first_workspace')
    return first!.id
  }

  const recordSeat = (tx: Transaction, workspaceId: string, actor: string, deed: string, detail: { seat: string }) =>
    audit.recordIn(tx, { workspaceId, actor, action: `seat.${deed}`, detail })

  return {
    /** The first workspace and its owner, made once, by one of all the processes on this database.
     * @returns the owner's token, to be shown once; null when a workspace exists already.
     */
    async createFirstWorkspace(name: string): Promise<{ workspaceId: string; ownerToken: string } | null> {
      const workspace = newWorkspace(name)
      const isFirst = await database.transaction(
        async (tx) => {
          if ((await claimFirst(tx, workspace.id)) !== workspace.id) return false
          await insertWorkspace(tx, workspace)
          return true
        },
        { repeatable: true },
      )
      return isFirst ? { workspaceId: workspace.id, ownerToken: workspace.owner.token } : null
    },

    async createWorkspace(name: string): Promise<{ workspaceId: string; ownerToken: string }> {
      const workspace = newWorkspace(name)
      await database.transaction(
        async (tx) => {
          await claimFirst(tx, workspace.id)
          await insertWorkspace(tx, workspace)
        },
        { repeatable: true },
      )
      return { workspaceId: workspace.id, ownerToken: workspace.owner.token }
    },

    /** @returns false when there is no such workspace. */
    async renameWorkspace(workspaceId: string, name: string, actor = OPERATOR): Promise<boolean> {
      return changing(workspaceId)(
        async (tx) => {
          const before = await tx.get<{ name: string }>(
            'UPDATE workspace SET name = name WHERE id = $1 RETURNING name',
            [workspaceId],
          )
          if (!before) return false
          if (before.name === name) return true
          await tx.run('UPDATE workspace SET name = $2 WHERE id = $1', [workspaceId, name])
          const detail = { from: before.name, to: name }
          await audit.recordIn(tx, { workspaceId, actor, action: 'workspace.rename', detail })
          await tx.notify('seats', workspaceId)
          return true
        },
        { repeatable: true },
      )
    },

    async firstWorkspaceId(): Promise<string | null> {
      const row = await database.get<{ id: string }>('SELECT id FROM workspace ORDER BY created_at, id LIMIT 1')
      return row?.id ?? null
    },

    async ownerSeatId(workspaceId: string): Promise<string | null> {
      const row = await database.get<{ id: string }>(
        "SELECT id FROM seat WHERE workspace_id = $1 AND role = 'owner' ORDER BY created_at, id LIMIT 1",
        [workspaceId],
      )
      return row?.id ?? null
    },

    /** @returns the token, to be shown once. */
    async createSeat(wanted: NewSeat, actor = OPERATOR): Promise<{ id: string; token: string }> {
      const seat = newSeat(wanted)
      const { id, token, workspaceId, name, role, dailyCapPoints } = seat
      await database.transaction(
        async (tx) => {
          if (!(await insertSeat(tx, seat))) return
          const detail = { seat: id, name, role, dailyCapPoints }
          await recordSeat(tx, workspaceId, actor, 'create', detail)
        },
        { repeatable: true },
      )
      return { id, token }
    },

    /**
     * For the formulas of one spreadsheet. The one it had ends: who enables them anew has a reason.
     * @returns the token, to be shown once; or `not-connected`, `too-many-made-seats`.
     */
    async createSheetSeat(
      wanted: { workspaceId: string; name: string; spreadsheet: string; dailyCapPoints: number },
      actor: string,
    ): Promise<{ id: string; token: string } | Failure> {
      const { workspaceId, name, spreadsheet, dailyCapPoints } = wanted
      const seat = newSeat({ ...wanted, role: 'cell', madeFrom: actor })
      const { id, token } = seat
      return changing(workspaceId)(
        async (tx) => {
          // Locked first: of two people who enable them at once the second ends the token of the first.
          const maker = await lockMaker(tx, workspaceId, actor)
          if (!maker) return failure('not-connected')
          const noRoom = await noRoomInLine(tx, maker.firstId, { id, spreadsheet })
          if (noRoom) return noRoom
          const before = await tx.all<{ id: string }>(
            `UPDATE seat SET revoked_at = $1
             WHERE workspace_id = $2 AND spreadsheet = $3 AND revoked_at IS NULL AND id <> $4 RETURNING id`,
            [now(), workspaceId, spreadsheet, id],
          )
          for (const ended of before) {
            await recordSeat(tx, workspaceId, actor, 'revoke', { seat: ended.id })
            await tx.notify('seats', ended.id)
          }
          if (await insertSeat(tx, seat)) {
            const detail = { seat: id, name, role: 'cell', dailyCapPoints, spreadsheet }
            await recordSeat(tx, workspaceId, actor, 'create', detail)
          }
          return { id, token }
        },
        { repeatable: true },
      )
    },

    /** @returns the seat that answers this spreadsheet's formulas; null: none of this workspace does. */
    async sheetSeat(workspaceId: string, spreadsheet: string): Promise<{ id: string; dailyCapPoints: number } | null> {
      const seat = await database.get<{ id: string; dailyCapPoints: number }>(
        `SELECT id, daily_cap_points AS "dailyCapPoints" FROM seat
         WHERE workspace_id = $1 AND spreadsheet = $2 AND revoked_at IS NULL`,
        [workspaceId, spreadsheet],
      )
      return seat ?? null
    },

    /** Name and daily limit. @returns the failure `seat-unknown` for one that is elsewhere, unknown or revoked. */
    async changeSeat(
      workspaceId: string,
      seatId: string,
      { name, dailyCapPoints }: SeatChanges,
      actor = OPERATOR,
    ): Promise<'changed' | Failure> {
      return changing(seatId)(
        async (tx) => {
          const before = await tx.get<{ name: string; cap: number | null }>(
            `UPDATE seat SET name = name WHERE id = $1 AND workspace_id = $2 AND revoked_at IS NULL
             RETURNING name, daily_cap_points AS cap`,
            [seatId, workspaceId],
          )
          if (!before) return unknownSeat(seatId)
          const after = { name: name ?? before.name, cap: dailyCapPoints === undefined ? before.cap : dailyCapPoints }
          await tx.run('UPDATE seat SET name = $2, daily_cap_points = $3 WHERE id = $1', [
            seatId,
            after.name,
            after.cap,
          ])
          if (after.name !== before.name) {
            const detail = { seat: seatId, from: before.name, to: after.name }
            await recordSeat(tx, workspaceId, actor, 'rename', detail)
          }
          if (after.cap !== before.cap) {
            const detail = { seat: seatId, from: before.cap, to: after.cap }
            await recordSeat(tx, workspaceId, actor, 'cap', detail)
          }
          await tx.notify('seats', seatId)
          return 'changed'
        },
        { repeatable: true },
      )
    },

    /**
     * A new token for the same seat. The one before works for `overlapMs` more; one that was replaced earlier ends at once.
     * @param overlapMs 0 to {@link OVERLAP_MS_MAX}.
     * @returns the failure `seat-unknown` for one that is elsewhere, unknown or revoked.
     */
    async rotateSeat(
      workspaceId: string,
      seatId: string,
      overlapMs = OVERLAP_MS_DEFAULT,
      actor = OPERATOR,
    ): Promise<{ token: string; previousEndsAt: number } | Failure> {
      assert(overlapMs >= 0 && overlapMs <= OVERLAP_MS_MAX)
      const token = newToken(seatId)
      const previousEndsAt = now() + overlapMs
      const found = await changing(seatId)(
        async (tx) => {
          const changed = await tx.run(
            `UPDATE seat SET previous_token_hash = token_hash, previous_until = $4, token_hash = $3
             WHERE id = $1 AND workspace_id = $2 AND revoked_at IS NULL AND token_hash <> $3`,
            [seatId, workspaceId, sha256(token), previousEndsAt],
          )
          if (changed === 1) {
            const detail = { seat: seatId, previousEndsAt: new Date(previousEndsAt).toISOString() }
            await recordSeat(tx, workspaceId, actor, 'rotate', detail)
            await tx.notify('seats', seatId)
            return true
          }
          // Run again after a commit that was not acknowledged: then the new token is there.
          const done = await tx.get('SELECT 1 AS one FROM seat WHERE id = $1 AND token_hash = $2', [
            seatId,
            sha256(token),
          ])
          return done !== undefined
        },
        { repeatable: true },
      )
      return found ? { token, previousEndsAt } : unknownSeat(seatId)
    },

    /** Ends the token that was replaced before its time; the newer one stays. */
    async endReplacedToken(workspaceId: string, seatId: string, actor: string): Promise<void> {
      await changing(seatId)(
        async (tx) => {
          const changed = await tx.run(
            `UPDATE seat SET previous_token_hash = NULL, previous_until = NULL
             WHERE id = $1 AND workspace_id = $2 AND previous_token_hash IS NOT NULL`,
            [seatId, workspaceId],
          )
          if (changed !== 1) return
          await recordSeat(tx, workspaceId, actor, 'end-replaced', { seat: seatId })
          await tx.notify('seats', seatId)
        },
        { repeatable: true },
      )
    },

    /**
     * Ends a seat with all its tokens, and the seats that were made from it: at once here and wherever the notice arrives, elsewhere
     * within half a minute. Who leaves by itself takes none along: what a spreadsheet shows to others goes on.
     * @returns the failure `seat-unknown`, or `last-owner`: a workspace without one could never get one again.
     */
    async revokeSeat(workspaceId: string, seatId: string, actor = OPERATOR): Promise<'revoked' | 'before' | Failure> {
      return changing(seatId)(
        async (tx) => {
          // Locked first: of two owners who revoke each other at once one must see that the other is gone.
          await tx.run('UPDATE workspace SET name = name WHERE id = $1', [workspaceId])
          const seat = await tx.get<{ role: Role; revokedAt: number | null }>(
            'SELECT role, revoked_at AS "revokedAt" FROM seat WHERE id = $1 AND workspace_id = $2',
            [seatId, workspaceId],
          )
          if (!seat) return unknownSeat(seatId)
          const isOver = seat.revokedAt !== null
          if (isOver && actor === seatId) return 'before'
          if (!isOver && seat.role === 'owner' && !(await hasOtherOwner(tx, workspaceId, seatId)))
            return failure('last-owner')
          const ended = await tx.all<{ id: string }>(
            `UPDATE seat SET revoked_at = $1
             WHERE workspace_id = $2 AND revoked_at IS NULL AND (id = $3 OR ($3 <> $4 AND id IN (
               WITH RECURSIVE made(id) AS (
                 SELECT id FROM seat WHERE made_from = $3
                 UNION ALL SELECT s.id FROM seat s JOIN made m ON s.made_from = m.id
               ) SELECT id FROM made))) RETURNING id`,
            [now(), workspaceId, seatId, actor],
          )
          for (const { id } of ended) {
            await recordSeat(tx, workspaceId, actor, 'revoke', { seat: id })
            await tx.notify('seats', id)
          }
          return ended.length > 0 ? 'revoked' : 'before'
        },
        { repeatable: true },
      )
    },

    /** @returns null for a token that is unknown, malformed, revoked or ended: they look alike from outside. */
    async authenticate(token: string): Promise<Seat | null> {
      const tokenHash = sha256(token)
      const found =
        known.get(tokenHash) ?? (await known.fill(tokenHash, () => readToken(database, token, tokenHash, now)))
      if (!found) return null
      lastUsed.note(found)
      return found.seat
    },

    /** A one-time code, to be typed or followed as a link: `XXXX-XXXX-XXXX`, good for {@link CONNECTION_CODE_MINUTES}. */
    async createConnectionCode(
      request: { workspaceId: string; role: 'seat' | 'cell'; name: string; dailyCapPoints?: number | null },
      actor = OPERATOR,
    ): Promise<{ code: string; expiresAt: number }> {
      const { workspaceId, role, name, dailyCapPoints = null } = request
      const code = newConnectionCode()
      const expiresAt = now() + CONNECTION_CODE_MINUTES * 60_000
      await database.transaction(
        async (tx) => {
          const added = await tx.run(
            `INSERT INTO connection_code(code_hash, workspace_id, role, name, expires_at, daily_cap_points)
             VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT(code_hash) DO NOTHING`,
            [sha256(foldCode(code)), workspaceId, role, name, expiresAt, dailyCapPoints],
          )
          const detail = { role, name, dailyCapPoints }
          if (added === 1) await audit.recordIn(tx, { workspaceId, actor, action: 'code.create', detail })
        },
        { repeatable: true },
      )
      return { code, expiresAt }
    },

    /** Turns a code into a seat, once. @returns the failure `code-used` for a code that is unknown, used or late. */
    async redeemConnectionCode(code: string, name: string | null): Promise<{ seat: Seat; token: string } | Failure> {
      const id = newId()
      const token = newToken(id)
      const seat = await database.transaction(
        async (tx) => {
          // A run before may have used it, for this very seat.
          const row = await tx.get<{ workspaceId: string; role: 'seat' | 'cell'; name: string; cap: number | null }>(
            `UPDATE connection_code SET used_at = $1, seat_id = $3
             WHERE code_hash = $2 AND (seat_id = $3 OR (used_at IS NULL AND expires_at > $1))
             RETURNING workspace_id AS "workspaceId", role, name, daily_cap_points AS cap`,
            [now(), sha256(foldCode(code)), id],
          )
          if (!row) return failure('code-used', { minutes: CONNECTION_CODE_MINUTES })
          const made = { ...row, name: name ?? row.name, dailyCapPoints: row.cap, id, token }
          if (await insertSeat(tx, made)) {
            const detail = { seat: id, name: made.name, role: row.role, dailyCapPoints: row.cap }
            const { workspaceId } = row
            await audit.recordIn(tx, { workspaceId, actor: id, action: 'code.redeem', detail })
          }
          return readSeat(tx, id)
        },
        { repeatable: true },
      )
      return isFailure(seat) ? seat : { seat, token }
    },

    /** Hears no more, and waits for what is being written. Before the database is closed. */
    async close(): Promise<void> {
      stopListening()
      await lastUsed.written()
    },
  }
}

async function readToken(rows: Rows, token: string, tokenHash: string, now: () => number): Promise<KnownToken | null> {
  const id = seatIdOf(token)
  const row =
    id === null ? undefined : await rows.get<SeatRow>(`${SELECT_SEAT} WHERE s.id = $1 AND s.revoked_at IS NULL`, [id])
  if (!row) return null
  const isNewest = sameHash(row.tokenHash, tokenHash)
  const isPrevious = sameHash(row.previousTokenHash ?? row.tokenHash, tokenHash) && !isNewest
  const seat = toSeat(row, isPrevious ? row.previousUntil : null)
  return (isNewest || isPrevious) && isInForce(seat, now()) ? { seat, lastUsedAt: row.lastUsedAt } : null
}

async function hasOtherOwner(rows: Rows, workspaceId: string, seatId: string): Promise<boolean> {
  const other = await rows.get(
    `SELECT 1 AS one FROM seat WHERE workspace_id = $1 AND id <> $2 AND role = 'owner' AND revoked_at IS NULL LIMIT 1`,
    [workspaceId, seatId],
  )
  return other !== undefined
}

function unknownSeat(id: string): Failure {
  return failure('seat-unknown', { id })
}
