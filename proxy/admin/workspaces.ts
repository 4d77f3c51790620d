/** Workspaces and seats as the command line finds them. What changes seats and points stays in auth/ and ledger/. */
import * as z from 'zod/mini'
import { failure, FailureError } from '../../shared/error-codes.ts'
import { givenName } from '../../shared/protocol.ts'
import { OPERATOR, type Audit } from '../audit/audit.ts'
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

export interface NamedSeat {
  id: string
  workspaceId: string
  name: string
  role: Role
}

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

/** @throws {FailureError} `bad-command` when there is none. */
export async function findSeat(database: Database, id: string): Promise<NamedSeat> {
  const seat = await database.get<NamedSeat>(
    'SELECT id, workspace_id AS "workspaceId", name, role FROM seat WHERE id = $1',
    [id],
  )
  if (!seat) throw refuse('There is no seat with this id. List them with: npm run admin -- seats')
  return seat
}

export async function setFallback(
  { database, audit }: { database: Database; audit: Pick<Audit, 'recordIn'> },
  workspaceId: string,
  fallback: Fallback,
): Promise<void> {
  await database.transaction(
    async (tx) => {
      const changed = await tx.run('UPDATE workspace SET fallback = $2 WHERE id = $1 AND fallback <> $2', [
        workspaceId,
        fallback,
      ])
      if (changed !== 1) return
      const action = 'workspace.fallback'
      await audit.recordIn(tx, { workspaceId, actor: OPERATOR, action, detail: { fallback } })
      await tx.notify('credentials', workspaceId)
    },
    { repeatable: true },
  )
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

/** @param what begins the sentence that refuses it. */
export function readName(text: string, what: string): string {
  const name = z.safeParse(givenName, text.trim())
  if (!name.success) throw refuse(`${what} is one line of 1 to 80 characters.`)
  return name.data
}

/** A command that was understood and cannot be done. */
export function refuse(detail: string, cause?: unknown): FailureError {
  return new FailureError(failure('bad-command', { detail }), { cause })
}

function firstFilled<Item>(tests: readonly ((item: Item) => boolean)[], items: readonly Item[]): Item[] | undefined {
  return tests.map((test) => items.filter(test)).find((found) => found.length > 0)
}
