/** How a seat lies in the database, for what makes seats: workspaces, connection codes, pairings. */
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { Rows } from '../database.ts'
import type { Role, Seat } from './seat.ts'
import { sha256 } from './token.ts'

export interface NewSeat {
  workspaceId: string
  name: string
  role: Role
  dailyCapPoints: number | null
  /** As in {@link Seat}. */
  spreadsheet?: string
  /** Whose seat makes it: what it spends counts for that one's daily limit too, and it ends when that is revoked. */
  madeFrom?: string
}

// Of one line that have not ended. Somebody who works with many spreadsheets has dozens.
export const MADE_SEATS_MAX = 100

export interface SeatRow {
  id: string
  firstId: string
  workspaceId: string
  workspaceName: string
  name: string
  role: Role
  dailyCapPoints: number | null
  spreadsheet: string | null
  tokenHash: string
  previousTokenHash: string | null
  previousUntil: number | null
  lastUsedAt: number | null
}

export const SELECT_SEAT = `SELECT s.id, COALESCE(s.made_first, s.id) AS "firstId", s.workspace_id AS "workspaceId", w.name AS "workspaceName",
    s.name, s.role, s.daily_cap_points AS "dailyCapPoints", s.spreadsheet, s.token_hash AS "tokenHash", s.previous_token_hash AS "previousTokenHash",
    s.previous_until AS "previousUntil", s.last_used_at AS "lastUsedAt"
  FROM seat s JOIN workspace w ON w.id = s.workspace_id`

export function toSeat(row: SeatRow, tokenEndsAt: number | null): Seat {
  const { id, firstId, workspaceId, workspaceName, name, role, dailyCapPoints, spreadsheet } = row
  return { id, firstId, workspaceId, workspaceName, name, role, dailyCapPoints, spreadsheet, tokenEndsAt }
}

export interface MadeSeat extends NewSeat {
  id: string
  token: string
}

/** @returns false when a run before has made it. */
export async function insertSeatRow(tx: Rows, seat: MadeSeat, createdAt: number): Promise<boolean> {
  const { id, workspaceId, name, role, token, dailyCapPoints, spreadsheet = null, madeFrom = null } = seat
  const added = await tx.run(
    `INSERT INTO seat(id, workspace_id, name, role, token_hash, daily_cap_points, created_at, spreadsheet, made_from, made_first)
     VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, (SELECT COALESCE(made_first, id) FROM seat WHERE id = $9)) ON CONFLICT(id) DO NOTHING`,
    [id, workspaceId, name, role, sha256(token), dailyCapPoints, createdAt, spreadsheet, madeFrom],
  )
  return added === 1
}

export interface Maker {
  name: string
  dailyCapPoints: number | null
  /** As in {@link Seat}. */
  firstId: string
}

/**
 * The maker of a new seat, with its workspace locked: a revocation that comes meanwhile waits, and then finds the new seat too.
 * @returns null where it has ended, though its token may still be remembered somewhere.
 */
export async function lockMaker(tx: Rows, workspaceId: string, id: string): Promise<Maker | null> {
  await tx.run('UPDATE workspace SET name = name WHERE id = $1', [workspaceId])
  const maker = await tx.get<Maker>(
    `SELECT name, daily_cap_points AS "dailyCapPoints", COALESCE(made_first, id) AS "firstId" FROM seat
     WHERE id = $1 AND workspace_id = $2 AND revoked_at IS NULL`,
    [id, workspaceId],
  )
  return maker ?? null
}

/**
 * Whether one more seat may come from a line of makers. To be asked with the maker locked: of many who make one at once each then
 * counts those before.
 * @param seat its id, for a transaction that is run again has made it already; its spreadsheet, for the one that had this ends.
 * @returns the failure `too-many-made-seats`; null: there is room.
 */
export async function noRoomInLine(
  rows: Rows,
  firstId: string,
  seat: { id?: string; spreadsheet?: string },
): Promise<Failure | null> {
  const made = await rows.get<{ count: number }>(
    `SELECT COUNT(*) AS count FROM seat
     WHERE made_first = $1 AND revoked_at IS NULL AND id <> $2 AND (spreadsheet IS NULL OR spreadsheet <> $3)`,
    [firstId, seat.id ?? '', seat.spreadsheet ?? ''],
  )
  return made!.count < MADE_SEATS_MAX ? null : failure('too-many-made-seats', { max: MADE_SEATS_MAX })
}

/** One that is there, by its newest token. */
export async function readSeat(rows: Rows, id: string): Promise<Seat> {
  const row = await rows.get<SeatRow>(`${SELECT_SEAT} WHERE s.id = $1`, [id])
  return toSeat(row!, null)
}
