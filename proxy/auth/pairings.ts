/**
 * Connecting without a code to type. An add-on makes a secret and registers its hash, the challenge; somebody who is connected sees the
 * challenge in a browser and says yes or no; the secret, which only the add-on has, fetches the token: the same one again, until it is used
 * or the pairing's time is over, because a reply can be lost. Any process may do each step.
 */
import { hash } from 'node:crypto'
import { CODE_ALPHABET } from '../../shared/connection-code.ts'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { PAIRING_MINUTES, type PairingReply } from '../../shared/pairing-protocol.ts'
import { NAME_CHARACTERS_MAX } from '../../shared/protocol.ts'
import type { Audit } from '../audit/audit.ts'
import type { Database, Rows } from '../database.ts'
import { insertSeatRow, lockMaker, noRoomInLine, readSeat, SELECT_SEAT, toSeat, type SeatRow } from './seat-rows.ts'
import type { Seat } from './seat.ts'
import { newTokenSalt, pairedToken, sameHash, sha256 } from './token.ts'

export interface PairingsDeps {
  database: Database
  audit: Pick<Audit, 'recordIn'>
  now: () => number
  newId: () => string
}

export interface Pairing {
  challenge: string
  /** '': what asks gave none. */
  name: string
  state: PairingReply['state']
  /** Milliseconds since 1970. */
  expiresAt: number
}

type PairingRow = Omit<Pairing, 'state'> &
  (
    | { state: 'open'; workspaceId: null; decidedBy: null }
    | { state: Exclude<Pairing['state'], 'open'>; workspaceId: string; decidedBy: string }
  ) & { seatId: string | null; tokenSalt: string | null }

interface Redeemed {
  seat: Seat
  token: string
}

export type Pairings = ReturnType<typeof createPairings>

// Of all that wait to be approved, whoever began them: some 2 MB.
export const PAIRINGS_MAX = 5000
const MATCH_CHARACTERS = 6
// In lists of seats.
const NAMELESS = 'seat'

const SELECT_PAIRING = `SELECT challenge, name, state, expires_at AS "expiresAt", workspace_id AS "workspaceId",
    decided_by AS "decidedBy", seat_id AS "seatId", token_salt AS "tokenSalt" FROM pairing`

export function createPairings({ database, audit, now, newId }: PairingsDeps) {
  const read = (rows: Rows, challenge: string): Promise<PairingRow | undefined> =>
    rows.get<PairingRow>(`${SELECT_PAIRING} WHERE challenge = $1 AND expires_at > $2`, [challenge, now()])

  /** What others have decided is none of this workspace's business. */
  const readFor = async (rows: Rows, challenge: string, workspaceId: string): Promise<Pairing | Failure> => {
    const row = await read(rows, challenge)
    if (!row || (row.workspaceId !== null && row.workspaceId !== workspaceId)) return expired()
    return toPairing(row)
  }

  /** Of what made its seat already. @returns `pairing-used` once the token has been used, for then it has arrived; or is not its seat's any more. */
  const redeemAgain = async (challenge: string, secret: string): Promise<Redeemed | Failure> => {
    const pairing = await read(database, challenge)
    if (!pairing) return expired()
    const { seatId, tokenSalt } = pairing
    if (seatId === null || tokenSalt === null) return failure('pairing-used')
    const token = pairedToken(seatId, secret, tokenSalt)
    const row = await database.get<SeatRow>(
      `${SELECT_SEAT} WHERE s.id = $1 AND s.revoked_at IS NULL AND s.last_used_at IS NULL`,
      [seatId],
    )
    return row && sameHash(row.tokenHash, sha256(token)) ? { seat: toSeat(row, null), token } : failure('pairing-used')
  }

  return {
    /** The second time, as after a reply that was lost, it is the same. @returns the failure `too-many-pairings`. */
    async begin(challenge: string, name: string): Promise<Pairing | Failure> {
      const open = await database.get<{ count: number }>(
        `SELECT COUNT(*) AS count FROM (SELECT 1 AS one FROM pairing WHERE state = 'open' AND expires_at > $1 LIMIT $2) waiting`,
        [now(), PAIRINGS_MAX],
      )
      if (open!.count >= PAIRINGS_MAX) return failure('too-many-pairings')
      await database.run(
        `INSERT INTO pairing(challenge, name, state, expires_at) VALUES($1, $2, 'open', $3) ON CONFLICT(challenge) DO NOTHING`,
        [challenge, name, now() + PAIRING_MINUTES * 60_000],
      )
      const row = await read(database, challenge)
      return row ? toPairing(row) : expired()
    },

    /** @returns the failure `pairing-expired` also for one that another workspace has decided. */
    read: (challenge: string, workspaceId: string): Promise<Pairing | Failure> =>
      readFor(database, challenge, workspaceId),

    /** Said once: who says the same again hears the same. @returns why it cannot be said any more. */
    async decide(challenge: string, decision: 'approved' | 'refused', by: Seat): Promise<Pairing | Failure> {
      const { workspaceId, id } = by
      return database.transaction(
        async (tx) => {
          // Told to whoever can end others, and again where it is fetched.
          const isNew = decision === 'approved' && (await read(tx, challenge))?.state === 'open'
          const noRoom = isNew ? await noRoomInLine(tx, by.firstId, {}) : null
          if (noRoom) return noRoom
          const changed = await tx.run(
            `UPDATE pairing SET state = $3, workspace_id = $4, decided_by = $5
             WHERE challenge = $1 AND state = 'open' AND expires_at > $2`,
            [challenge, now(), decision, workspaceId, id],
          )
          const pairing = await readFor(tx, challenge, workspaceId)
          if (isFailure(pairing)) return pairing
          if (changed === 1) {
            const detail = { name: pairing.name, code: matchCode(challenge) }
            await audit.recordIn(tx, { workspaceId, actor: id, action: `pairing.${DEEDS[decision]}`, detail })
          }
          return pairing.state === decision ? pairing : overAs(pairing.state)
        },
        { repeatable: true },
      )
    },

    /**
     * The seat is made here, in the workspace of whoever approved, from their seat: together they spend no more a day than it may.
     * @param secret whose hash is the challenge.
     * @returns the token; until it is approved, the pairing that waits.
     */
    async redeem(secret: string): Promise<Redeemed | { waiting: Pairing } | Failure> {
      const challenge = challengeOf(secret)
      const found = await read(database, challenge)
      if (!found) return expired()
      if (found.state === 'open') return { waiting: toPairing(found) }
      if (found.state === 'used') return redeemAgain(challenge, secret)
      if (found.state !== 'approved') return overAs(found.state)
      const { workspaceId, decidedBy: approvedBy } = found
      const id = newId()
      const salt = newTokenSalt()
      const token = pairedToken(id, secret, salt)
      const made = await database.transaction(
        async (tx) => {
          const approver = await lockMaker(tx, workspaceId, approvedBy)
          // Revoked meanwhile: what it approved goes with it.
          if (!approver) return failure('pairing-refused')
          const noRoom = await noRoomInLine(tx, approver.firstId, { id })
          if (noRoom) return (await read(tx, challenge))?.state === 'used' ? null : noRoom
          // A run before may have used it, for this very seat.
          const changed = await tx.run(
            `UPDATE pairing SET state = 'used', seat_id = $2, token_salt = $4
             WHERE challenge = $1 AND (seat_id = $2 OR (state = 'approved' AND expires_at > $3))`,
            [challenge, id, now(), salt],
          )
          if (changed !== 1) return null
          const name = seatName(approver.name, found.name)
          const { dailyCapPoints } = approver
          const seat = { id, token, workspaceId, name, role: 'seat', dailyCapPoints, madeFrom: approvedBy } as const
          if (await insertSeatRow(tx, seat, now())) {
            const detail = { seat: id, name, role: 'seat', dailyCapPoints, approvedBy }
            await audit.recordIn(tx, { workspaceId, actor: id, action: 'pairing.redeem', detail })
          }
          return readSeat(tx, id)
        },
        { repeatable: true },
      )
      // Another look at the same moment was faster.
      if (made === null) return redeemAgain(challenge, secret)
      return isFailure(made) ? made : { seat: made, token }
    },

    async sweep(): Promise<void> {
      await database.run('DELETE FROM pairing WHERE expires_at <= $1', [now()])
    },
  }
}

const DEEDS = { approved: 'approve', refused: 'refuse' } as const

/** As base64url. */
function challengeOf(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** Short enough to compare at a glance, and another one for nearly every pairing: it proves nothing, it tells two of them apart. */
export function matchCode(challenge: string): string {
  const bytes = hash('sha256', `tariffcell match ${challenge}`, 'buffer')
  const letters = Array.from(bytes.subarray(0, MATCH_CHARACTERS), (byte) => CODE_ALPHABET[byte % CODE_ALPHABET.length])
  return `${letters.slice(0, 3).join('')}-${letters.slice(3).join('')}`
}

/** Whose it is, for an owner who lists seats: what asks is called alike everywhere. */
function seatName(approver: string, asks: string): string {
  const name = asks === '' ? NAMELESS : asks
  return (approver === '' ? name : `${approver} · ${name}`).slice(0, NAME_CHARACTERS_MAX)
}

function toPairing({ challenge, name, state, expiresAt }: PairingRow): Pairing {
  return { challenge, name, state, expiresAt }
}

function expired(): Failure {
  return failure('pairing-expired', { minutes: PAIRING_MINUTES })
}

/** Why one that was decided cannot be decided or fetched any more. */
function overAs(state: Pairing['state']): Failure {
  return failure(state === 'refused' ? 'pairing-refused' : 'pairing-used')
}
