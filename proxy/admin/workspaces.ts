/** Workspaces and seats as the command line lists them. What changes seats and points stays in auth/ and ledger/. */
import { failure, FailureError } from '../../shared/error-codes.ts'
import type { Role } from '../auth/seats.ts'
import type { Database } from '../database.ts'

export const FALLBACKS = ['none', 'embedded'] as const
/** Who answers where a connected upstream fails. */
export type Fallback = (typeof FALLBACKS)[number]

export interface Workspace {
  id: string
  name: string
  /** Points that can be spent. */
  balance: number
  held: number
  fallback: Fallback
  /** Seats that are not revoked. */
  seats: number
  createdAt: number
}

export interface SeatEntry {
  id: string
  workspaceId: string
  name: string
  role: Role
  /** Points a day; null is without a limit. */
  dailyCapPoints: number | null
  createdAt: number
  revokedAt: number | null
}

const SEAT_COLUMNS = `id, workspace_id AS "workspaceId", name, role, daily_cap_points AS "dailyCapPoints",
  created_at AS "createdAt", revoked_at AS "revokedAt"`

export function listWorkspaces(database: Database): Promise<Workspace[]> {
  return database.all<Workspace>(
    `SELECT w.id, w.name, a.posted - a.held AS balance, a.held, w.fallback,
       (SELECT COUNT(*) FROM seat s WHERE s.workspace_id = w.id AND s.revoked_at IS NULL) AS seats,
       w.created_at AS "createdAt"
     FROM workspace w JOIN account a ON a.workspace_id = w.id ORDER BY w.created_at, w.id`,
  )
}

/**
 * @param wanted an id or a name; undefined: the only one there is.
 * @throws {FailureError} `bad-command` when it is none, or could be several.
 */
export async function findWorkspace(database: Database, wanted: string | undefined): Promise<Workspace> {
  const all = await listWorkspaces(database)
  if (all.length === 0) throw refuse('There is no workspace yet: npm start makes the first one.')
  const found =
    wanted === undefined ? all : (firstFilled([({ id }) => id === wanted, ({ name }) => name === wanted], all) ?? [])
  const [only] = found
  if (only && found.length === 1) return only
  if (!only) throw refuse(`There is no workspace "${wanted ?? ''}". List them with: npm run admin -- workspaces`)
  throw refuse(
    wanted === undefined
      ? `There are ${found.length} workspaces: name one. List them with: npm run admin -- workspaces`
      : `${found.length} workspaces are called "${wanted}": give the id. List them with: npm run admin -- workspaces`,
  )
}

export function listSeats(database: Database, workspaceId: string): Promise<SeatEntry[]> {
  return database.all<SeatEntry>(`SELECT ${SEAT_COLUMNS} FROM seat WHERE workspace_id = $1 ORDER BY created_at, id`, [
    workspaceId,
  ])
}

export async function findSeat(database: Database, id: string): Promise<SeatEntry> {
  const seat = await database.get<SeatEntry>(`SELECT ${SEAT_COLUMNS} FROM seat WHERE id = $1`, [id])
  if (!seat) throw refuse('There is no seat with this id. List them with: npm run admin -- seats')
  return seat
}

export async function setFallback(database: Database, workspaceId: string, fallback: Fallback): Promise<void> {
  await database.run('UPDATE workspace SET fallback = $2 WHERE id = $1', [workspaceId, fallback])
}

/** The entry that a reference stands for already; undefined when it is free. */
export function findEntryOf(
  database: Database,
  kind: 'grant' | 'adjust',
  ref: string,
): Promise<{ workspaceId: string; points: number; createdAt: number } | undefined> {
  return database.get(
    `SELECT workspace_id AS "workspaceId", points, created_at AS "createdAt"
     FROM entry WHERE kind = $1 AND ref = $2`,
    [kind, ref],
  )
}

/** A command that was understood and cannot be done. */
export function refuse(detail: string): FailureError {
  return new FailureError(failure('bad-command', { detail }))
}

function firstFilled<Item>(tests: readonly ((item: Item) => boolean)[], items: readonly Item[]): Item[] | undefined {
  return tests.map((test) => items.filter(test)).find((found) => found.length > 0)
}
