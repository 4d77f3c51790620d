/** What an operator does with vouchers and recharges. Each command prints lines, or JSON where it lists. */
import { isFailure, sentence } from '../../shared/error-codes.ts'
import { listDisputes, moneyOf, type ListedDispute } from '../recharge/disputes.ts'
import { listRecharges, type Recharge } from '../recharge/recharge-rows.ts'
import type { Voucher } from '../recharge/vouchers.ts'
import type { Print } from './command.ts'
import { CodedSentence } from './credential-commands.ts'
import type { Admin } from './open-admin.ts'
import { printable, printTable, printTime } from './print-table.ts'
import { findWorkspace, refuse } from './workspaces.ts'

const DAY_MS = 24 * 3600_000
const POINTS_MAX = 10_000_000
const VOUCHERS_PER_CALL_MAX = 1000
const DAYS_MAX = 3650
const NOTE_CHARACTERS_MAX = 200
const LISTED_MAX = 1000

export interface WantedVouchers {
  points: string
  count: string | undefined
  days: string | undefined
  note: string | undefined
}

export async function createVouchers({ vouchers, now }: Admin, print: Print, wanted: WantedVouchers): Promise<void> {
  const points = readWhole(wanted.points, 'Points are', POINTS_MAX)
  const count = readWhole(wanted.count ?? '1', '--count is', VOUCHERS_PER_CALL_MAX)
  const days = wanted.days === undefined ? null : readWhole(wanted.days, '--days is', DAYS_MAX)
  const note = wanted.note ?? ''
  if (note.length > NOTE_CHARACTERS_MAX) throw refuse(`--note takes at most ${NOTE_CHARACTERS_MAX} characters.`)
  const expiresAt = days === null ? null : now() + days * DAY_MS
  const made = await vouchers.create({ points, count, expiresAt, note })
  const until = expiresAt === null ? '' : `, good until ${printTime(expiresAt)}`
  print(`${count === 1 ? 'A voucher' : `${count} vouchers`} of ${points} points${until}. Shown this once:`)
  for (const { id, code } of made) print(`${code}  ${id}`)
}

export async function showVouchers({ vouchers }: Admin, print: Print, isJson: boolean): Promise<void> {
  const listed = await vouchers.list()
  if (isJson) return print(JSON.stringify(listed, null, 2))
  const lines = printTable<Voucher>(
    [
      { title: 'id', value: ({ id }) => id },
      { title: 'points', value: ({ points }) => points },
      { title: 'state', value: ({ state }) => state },
      { title: 'created', value: ({ createdAt }) => printTime(createdAt) },
      { title: 'good until', value: ({ expiresAt }) => (expiresAt === null ? null : printTime(expiresAt)) },
      { title: 'redeemed', value: ({ redeemedAt }) => (redeemedAt === null ? null : printTime(redeemedAt)) },
      { title: 'by workspace', value: ({ redeemedWorkspaceId }) => redeemedWorkspaceId },
      { title: 'note', value: ({ note }) => note },
    ],
    listed,
    'There is no voucher yet. Make one with: npm run admin -- voucher create <points>',
  )
  lines.forEach(print)
}

export async function voidVoucher({ vouchers }: Admin, print: Print, id: string): Promise<void> {
  const state = await vouchers.makeVoid(id)
  if (state === undefined) throw refuse('There is no voucher with this id. List them with: npm run admin -- vouchers')
  if (state === 'redeemed') throw refuse('This voucher is redeemed already: its points are on the account.')
  print(
    state === 'void already'
      ? 'The voucher was void already.'
      : 'The voucher is void: it turns into no points any more.',
  )
}

export async function showRecharges(
  { database }: Admin,
  print: Print,
  wanted: string | undefined,
  isJson: boolean,
): Promise<void> {
  const workspaceId = wanted === undefined ? undefined : (await findWorkspace(database, wanted)).id
  const listed = await listRecharges(database, { workspaceId, limit: LISTED_MAX })
  if (isJson) {
    // Without the address where one is paid: whoever has it can look at the payment.
    return print(JSON.stringify(listed, (key, value: unknown) => (key === 'url' ? undefined : value), 2))
  }
  const lines = printTable<Recharge>(
    [
      { title: 'id', value: ({ id }) => id },
      { title: 'workspace', value: (row) => row.workspaceId },
      { title: 'CNY', value: ({ fen }) => fen / 100 },
      { title: 'points', value: ({ points }) => points },
      { title: 'state', value: ({ state }) => state },
      { title: 'service', value: ({ service }) => service },
      { title: 'created', value: ({ createdAt }) => printTime(createdAt) },
      { title: 'paid', value: ({ paidAt }) => (paidAt === null ? null : printTime(paidAt)) },
      { title: 'given back, CNY', value: ({ refundedFen }) => refundedFen / 100 },
      { title: 'points taken back', value: ({ refundedPoints }) => refundedPoints },
      { title: 'spent before', value: ({ lostPoints }) => lostPoints },
      { title: 'disputed', value: ({ disputedAt }) => (disputedAt === null ? null : printTime(disputedAt)) },
    ],
    listed,
    'There is no payment online yet. What vouchers brought: npm run admin -- entries; who redeemed them: npm run admin -- vouchers',
  )
  lines.forEach(print)
}

export async function showDisputes(
  { database }: Admin,
  print: Print,
  wanted: string | undefined,
  isJson: boolean,
): Promise<void> {
  const workspaceId = wanted === undefined ? undefined : (await findWorkspace(database, wanted)).id
  const listed = await listDisputes(database, { workspaceId, limit: LISTED_MAX })
  if (isJson) return print(JSON.stringify(listed, null, 2))
  const lines = printTable<ListedDispute>(
    [
      { title: 'dispute', value: ({ ref }) => ref },
      { title: 'workspace', value: (row) => row.workspaceId },
      { title: 'recharge', value: ({ rechargeId }) => rechargeId },
      { title: 'opened', value: ({ openedAt }) => printTime(openedAt) },
      { title: 'state', value: ({ state }) => state },
      { title: 'money', value: moneyOf },
      { title: 'reason', value: ({ reason }) => reason },
      // Of CNY, where a bank wants another currency its own smallest unit.
      {
        title: 'disputed',
        value: ({ amount, currency }) => (currency === 'CNY' ? `${printCny(amount)} CNY` : `${amount} (${currency})`),
      },
      { title: 'paid, CNY', value: ({ fen }) => printCny(fen) },
      { title: 'points', value: ({ points }) => points },
      { title: 'taken back', value: ({ refundedPoints }) => refundedPoints },
      { title: 'corrected', value: ({ correctedPoints }) => correctedPoints },
    ],
    listed,
    'There is no dispute.',
  )
  lines.forEach(print)
  if (listed.some(({ state, correctedPoints }) => state === 'lost' && correctedPoints === null)) {
    print(
      'Points stay as they are. To take those of a lost one: npm run admin -- adjust <workspace> -<n> --ref <dispute>',
    )
  }
}

/** @param points how many of its points are to have gone back in all, as typed; undefined: all that are unspent. */
export async function refundRecharge(
  admin: Admin,
  print: Print,
  { id, points }: { id: string; points: string | undefined },
): Promise<void> {
  const pointsInAll = points === undefined ? undefined : readWhole(points, '--points is', POINTS_MAX)
  const given = await (await admin.openRefunds()).giveBack(id, pointsInAll)
  if (isFailure(given)) throw new CodedSentence(sentence(given))
  const { recharge } = given
  const inAll = `${recharge.refundedPoints} of its ${recharge.points} points have gone back in all`
  if (given.points === 0) {
    return print(`Nothing to give back: ${inAll}; the rest is spent, set aside, or was not asked for.`)
  }
  print(`${given.points} points taken back, ${printCny(given.fen)} CNY given back; ${inAll}.`)
  if (given.isByHand) print(`${printable(recharge.service)} gives nothing back by itself: pay it back there by hand.`)
}

function readWhole(text: string, what: string, max: number): number {
  const value = /^\d{1,8}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > max) throw refuse(`${what} a whole number from 1 to ${max}.`)
  return value
}

function printCny(fen: number): string {
  return (fen / 100).toFixed(2)
}
