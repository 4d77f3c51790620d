/**
 * Workspaces, their seats, and the tokens that prove one. A token is `tc_<seat id>_<256 random bits>`; only its SHA-256 is kept.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { Database, Rows } from '../database.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** `owner` runs the workspace; `seat` is a person or add-in; `cell` is for WEBSERVICE and IMPORTDATA, whose token stands in an address. */
export type Role = 'owner' | 'seat' | 'cell'

export interface Seat {
  id: string
  workspaceId: string
  workspaceName: string
  name: string
  role: Role
  /** Points a day; null is without a limit of its own. */
  dailyCapPoints: number | null
}

export interface SeatsDeps {
  database: Database
  ledger: Pick<Ledger, 'openAccount'>
  now: () => number
  newId: () => string
}

export const CONNECTION_CODE_MINUTES = 60
// A revoked token is refused at once in this process; elsewhere within this time.
const TOKEN_CACHE_TTL_MS = 30_000
const TOKEN_CACHE_MAX = 5000

interface SeatRow {
  id: string
  workspace_id: string
  workspace_name: string
  name: string
  role: Role
  token_hash: string
  daily_cap_points: number | null
}

const SELECT_SEAT = `SELECT s.id, s.workspace_id, w.name AS workspace_name, s.name, s.role, s.token_hash, s.daily_cap_points
  FROM seat s JOIN workspace w ON w.id = s.workspace_id`

export type Seats = ReturnType<typeof createSeats>

export function createSeats({ database, ledger, now, newId }: SeatsDeps) {
  // Keyed by the token's hash, so that no token lies in memory longer than its request.
  const known = new LRUCache<string, Seat>({ max: TOKEN_CACHE_MAX, ttl: TOKEN_CACHE_TTL_MS })

  const insertSeat = async (
    tx: Rows,
    seat: { workspaceId: string; name: string; role: Role; dailyCapPoints: number | null },
  ): Promise<{ id: string; token: string }> => {
    const id = newId()
    const token = `tc_${id}_${randomBytes(32).toString('base64url')}`
    await tx.run(
      'INSERT INTO seat(id, workspace_id, name, role, token_hash, daily_cap_points, created_at) VALUES($1, $2, $3, $4, $5, $6, $7)',
      [id, seat.workspaceId, seat.name, seat.role, sha256(token), seat.dailyCapPoints, now()],
    )
    return { id, token }
  }

  const insertWorkspace = async (tx: Rows, name: string): Promise<{ workspaceId: string; ownerToken: string }> => {
    const workspaceId = newId()
    await tx.run('INSERT INTO workspace(id, name, created_at) VALUES($1, $2, $3)', [workspaceId, name, now()])
    await ledger.openAccount(tx, workspaceId)
    const owner = await insertSeat(tx, { workspaceId, name: 'owner', role: 'owner', dailyCapPoints: null })
    return { workspaceId, ownerToken: owner.token }
  }

  return {
    /** The first workspace and its owner, made once.
     * @returns the owner's token, to be shown once; null when a workspace exists already.
     */
    async createFirstWorkspace(name: string): Promise<{ workspaceId: string; ownerToken: string } | null> {
      return database.transaction(async (tx) => {
        const existing = await tx.get('SELECT id FROM workspace LIMIT 1')
        return existing ? null : insertWorkspace(tx, name)
      })
    },

    async createWorkspace(name: string): Promise<{ workspaceId: string; ownerToken: string }> {
      return database.transaction((tx) => insertWorkspace(tx, name))
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

    async createSeat(seat: {
      workspaceId: string
      name: string
      role: Role
      dailyCapPoints: number | null
    }): Promise<{ id: string; token: string }> {
      return database.transaction((tx) => insertSeat(tx, seat))
    },

    /** @returns null for a token that is unknown, malformed or revoked: the three look alike from outside. */
    async authenticate(token: string): Promise<Seat | null> {
      const tokenHash = sha256(token)
      const cached = known.get(tokenHash)
      if (cached) return cached
      const id = /^tc_([A-Za-z0-9-]{8,64})_[\w-]{43}$/.exec(token)?.[1]
      if (!id) return null
      const row = await database.get<SeatRow>(`${SELECT_SEAT} WHERE s.id = $1 AND s.revoked_at IS NULL`, [id])
      if (!row || !timingSafeEqual(Buffer.from(row.token_hash), Buffer.from(tokenHash))) return null
      const seat = toSeat(row)
      known.set(tokenHash, seat)
      return seat
    },

    async revokeSeat(workspaceId: string, seatId: string): Promise<boolean> {
      const changed = await database.run(
        'UPDATE seat SET revoked_at = $1 WHERE id = $2 AND workspace_id = $3 AND revoked_at IS NULL',
        [now(), seatId, workspaceId],
      )
      for (const [hash, seat] of known.entries()) if (seat.id === seatId) known.delete(hash)
      return changed === 1
    },

    /** A one-time code, to be typed or followed as a link: `XXXX-XXXX-XXXX`, good for {@link CONNECTION_CODE_MINUTES}. */
    async createConnectionCode(request: {
      workspaceId: string
      role: 'seat' | 'cell'
      name: string
    }): Promise<{ code: string; expiresAt: number }> {
      const code = newConnectionCode()
      const expiresAt = now() + CONNECTION_CODE_MINUTES * 60_000
      await database.run(
        'INSERT INTO connection_code(code_hash, workspace_id, role, name, expires_at) VALUES($1, $2, $3, $4, $5)',
        [sha256(foldCode(code)), request.workspaceId, request.role, request.name, expiresAt],
      )
      return { code, expiresAt }
    },

    /** Turns a code into a seat, once. @returns the failure `code-used` for a code that is unknown, used or late. */
    async redeemConnectionCode(code: string, name: string | null): Promise<{ seat: Seat; token: string } | Failure> {
      return database.transaction(async (tx) => {
        const row = await tx.get<{ workspace_id: string; role: 'seat' | 'cell'; name: string }>(
          `UPDATE connection_code SET used_at = $1 WHERE code_hash = $2 AND used_at IS NULL AND expires_at > $1
           RETURNING workspace_id, role, name`,
          [now(), sha256(foldCode(code))],
        )
        if (!row) return failure('code-used', { minutes: CONNECTION_CODE_MINUTES })
        const { id, token } = await insertSeat(tx, {
          workspaceId: row.workspace_id,
          name: name ?? row.name,
          role: row.role,
          dailyCapPoints: null,
        })
        const seat = await tx.get<SeatRow>(`${SELECT_SEAT} WHERE s.id = $1`, [id])
        return { seat: toSeat(seat!), token }
      })
    },
  }
}

function toSeat(row: SeatRow): Seat {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    workspaceName: row.workspace_name,
    name: row.name,
    role: row.role,
    dailyCapPoints: row.daily_cap_points,
  }
}

function sha256(text: string): string {
  return hash('sha256', text)
}

// No I, L, O, U, 0 or 1: a code is read aloud and typed by hand. 12 of 30 characters are 58 bits, good for an hour.
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

function newConnectionCode(): string {
  let code = ''
  while (code.length < 12) {
    // Bytes past the last whole multiple of 30 are thrown away: they would favour the first letters.
    const byte = randomBytes(1)[0]!
    if (byte < 240) code += CODE_ALPHABET[byte % CODE_ALPHABET.length]
  }
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`
}

function foldCode(code: string): string {
  return code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
}
