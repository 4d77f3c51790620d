/** Vouchers: codes that turn into points, once. Only the hash of a code is kept. */
import { failure, type Failure } from '../../shared/error-codes.ts'
import { OPERATOR, type Audit } from '../audit/audit.ts'
import type { Database, Transaction } from '../database.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { hashVoucherCode, newVoucherCode, readVoucherCode } from './voucher-code.ts'

export interface VouchersDeps {
  database: Database
  ledger: Pick<Ledger, 'creditIn' | 'balance'>
  audit: Pick<Audit, 'recordIn'>
  now: () => number
  newId: () => string
}

export interface Voucher {
  id: string
  points: number
  state: 'open' | 'redeemed' | 'void'
  /** The operator's own words. */
  note: string
  createdAt: number
  /** null: it keeps. */
  expiresAt: number | null
  redeemedWorkspaceId: string | null
  redeemedSeatId: string | null
  redeemedAt: number | null
  voidedAt: number | null
}

export interface NewVouchers {
  points: number
  count: number
  /** null: they keep. */
  expiresAt: number | null
  note: string
}

export interface Redeemed {
  points: number
  /** What can be spent now. */
  balance: number
  /** This seat redeemed it before. */
  repeated: boolean
}

/** Who redeems. */
export interface Redeemer {
  workspaceId: string
  seatId: string
}

export type Vouchers = ReturnType<typeof createVouchers>

export function createVouchers({ database, ledger, audit, now, newId }: VouchersDeps) {
  const redeemIn = async (
    tx: Transaction,
    codeHash: string,
    { workspaceId, seatId }: Redeemer,
  ): Promise<Omit<Redeemed, 'balance'> | Failure> => {
    const redeemed = await tx.get<{ id: string; points: number }>(
      `UPDATE voucher SET state = 'redeemed', redeemed_workspace_id = $2, redeemed_seat_id = $3, redeemed_at = $4
       WHERE code_hash = $1 AND state = 'open' AND (expires_at IS NULL OR expires_at > $4) RETURNING id, points`,
      [codeHash, workspaceId, seatId, now()],
    )
    if (!redeemed) {
      const before = await tx.get<{ points: number }>(
        'SELECT points FROM voucher WHERE code_hash = $1 AND redeemed_workspace_id = $2 AND redeemed_seat_id = $3',
        [codeHash, workspaceId, seatId],
      )
      return before ? { points: before.points, repeated: true } : failure('voucher-unknown')
    }
    const { id, points } = redeemed
    const credited = await ledger.creditIn(tx, { workspaceId, kind: 'recharge', ref: `voucher:${id}`, points })
    if (credited === 'duplicate') throw new Error(`voucher ${id} was credited before it was redeemed`)
    await audit.recordIn(tx, { workspaceId, actor: seatId, action: 'voucher.redeem', detail: { voucher: id, points } })
    return { points, repeated: false }
  }

  return {
    /** @returns the codes, to be shown once, with the vouchers' ids. */
    async create({ points, count, expiresAt, note }: NewVouchers): Promise<{ id: string; code: string }[]> {
      const made = Array.from({ length: count }, () => ({ id: newId(), code: newVoucherCode() }))
      await database.transaction(async (tx) => {
        for (const { id, code } of made) {
          await tx.run(
            `INSERT INTO voucher(id, code_hash, points, state, note, created_at, expires_at)
             VALUES($1, $2, $3, 'open', $4, $5, $6)`,
            [id, hashVoucherCode(readVoucherCode(code)!), points, note, now(), expiresAt],
          )
          await audit.recordIn(tx, {
            workspaceId: '',
            actor: OPERATOR,
            action: 'voucher.create',
            detail: { voucher: id, points },
          })
        }
      })
      return made
    },

    /**
     * Turns a code into points, once; the seat that did so may ask again and hears the same.
     * @returns the failure `voucher-mistyped` without a look at the database; `voucher-unknown` for a code that is unknown, used,
     * void or late: the four look alike from outside.
     */
    async redeem(typed: string, redeemer: Redeemer): Promise<Redeemed | Failure> {
      const characters = readVoucherCode(typed)
      if (characters === null) return failure('voucher-mistyped')
      const codeHash = hashVoucherCode(characters)
      const redeemed = await database.transaction((tx) => redeemIn(tx, codeHash, redeemer), { repeatable: true })
      if ('failed' in redeemed) return redeemed
      const { spendable } = await ledger.balance(redeemer.workspaceId)
      return { ...redeemed, balance: spendable }
    },

    /** Newest first. */
    list(): Promise<Voucher[]> {
      return database.all<Voucher>(
        `SELECT id, points, state, note, created_at AS "createdAt", expires_at AS "expiresAt",
           redeemed_workspace_id AS "redeemedWorkspaceId", redeemed_seat_id AS "redeemedSeatId",
           redeemed_at AS "redeemedAt", voided_at AS "voidedAt"
         FROM voucher ORDER BY created_at DESC, id`,
      )
    },

    /** Withdraws a voucher that nobody redeemed. @returns what it is now; undefined when there is none. */
    async makeVoid(id: string): Promise<'void' | 'void already' | 'redeemed' | undefined> {
      return database.transaction(
        async (tx) => {
          const changed = await tx.run(
            "UPDATE voucher SET state = 'void', voided_at = $2 WHERE id = $1 AND state = 'open'",
            [id, now()],
          )
          if (changed === 1) {
            const detail = { voucher: id }
            await audit.recordIn(tx, { workspaceId: '', actor: OPERATOR, action: 'voucher.void', detail })
            return 'void'
          }
          const found = await tx.get<Pick<Voucher, 'state'>>('SELECT state FROM voucher WHERE id = $1', [id])
          return found && (found.state === 'redeemed' ? 'redeemed' : 'void already')
        },
        { repeatable: true },
      )
    },
  }
}
