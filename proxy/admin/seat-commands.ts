/** What an operator does with seats. A token is printed once, to stdout, by the command that makes it. */
import { FailureError, isFailure, type Failure } from '../../shared/error-codes.ts'
import { DAILY_CAP_POINTS_MAX } from '../../shared/protocol.ts'
import { OVERLAP_HOURS_MAX } from '../../shared/seats-protocol.ts'
import { listSeats, type SeatEntry } from '../auth/list-seats.ts'
import { CONNECTION_CODE_MINUTES } from '../auth/seats.ts'
import type { Print } from './command.ts'
import type { Admin } from './open-admin.ts'
import { printable, printTable, printTime } from './print-table.ts'
import { findSeat, findWorkspace, readName, refuse } from './workspaces.ts'

const HOUR_MS = 3_600_000

export async function showSeats(
  admin: Admin,
  print: Print,
  wanted: string | undefined,
  isJson: boolean,
): Promise<void> {
  const seats = await listSeats(admin, (await findWorkspace(admin.database, wanted)).id)
  if (isJson) return print(JSON.stringify(seats, null, 2))
  const lines = printTable<SeatEntry>(
    [
      { title: 'id', value: ({ id }) => id },
      { title: 'name', value: ({ name }) => name },
      { title: 'role', value: ({ role }) => role },
      { title: 'points a day', value: ({ dailyCapPoints }) => dailyCapPoints },
      { title: 'spent today', value: ({ spentToday }) => spentToday },
      { title: 'created', value: ({ createdAt }) => printTime(createdAt) },
      {
        title: 'last used',
        value: ({ lastUsedAt }) => (lastUsedAt === null ? null : printTime(lastUsedAt).slice(0, 10)),
      },
      { title: 'revoked', value: ({ revokedAt }) => (revokedAt === null ? null : printTime(revokedAt)) },
    ],
    seats,
    'This workspace has no seats.',
  )
  lines.forEach(print)
}

export async function createSeat(
  { database, seats }: Admin,
  print: Print,
  wish: { wanted: string | undefined; name: string; role: string; cap: string | undefined },
): Promise<void> {
  const name = readName(wish.name, '--name says what the seat is called, and')
  const role = (['seat', 'cell', 'owner'] as const).find((known) => known === wish.role)
  if (!role) throw refuse('--role is one of: seat, cell, owner.')
  const dailyCapPoints = readCap(wish.cap ?? 'none', '--cap')
  const workspace = await findWorkspace(database, wish.wanted)
  const { id, token } = await seats.createSeat({ workspaceId: workspace.id, name, role, dailyCapPoints })
  print(`${printable(name)} is seat ${id} of ${printable(workspace.name)}: ${role}, ${printCap(dailyCapPoints)}.`)
  print(`Its token, shown this once: ${token}`)
}

export async function rotateSeat(admin: Admin, print: Print, id: string, overlap = '24'): Promise<void> {
  const hours = /^\d{1,3}$/.test(overlap) ? Number(overlap) : OVERLAP_HOURS_MAX + 1
  if (hours > OVERLAP_HOURS_MAX) throw refuse(`--overlap is whole hours, from 0 to ${OVERLAP_HOURS_MAX}.`)
  const seat = await findSeat(admin.database, id)
  const { token, previousEndsAt } = done(await admin.seats.rotateSeat(seat.workspaceId, id, hours * HOUR_MS))
  print(
    hours === 0
      ? `The token of ${printable(seat.name)} is replaced. ${refusedWhen(admin)}`
      : `The token of ${printable(seat.name)} is replaced; the one before works until ${printTime(previousEndsAt)}.`,
  )
  print(`Its new token, shown this once: ${token}`)
}

export async function capSeat({ database, seats }: Admin, print: Print, id: string, text: string): Promise<void> {
  const dailyCapPoints = readCap(text, 'The limit')
  const seat = await findSeat(database, id)
  done(await seats.changeSeat(seat.workspaceId, id, { dailyCapPoints }))
  print(`${printable(seat.name)}: ${printCap(dailyCapPoints)}.`)
}

export async function renameSeat({ database, seats }: Admin, print: Print, id: string, given: string): Promise<void> {
  const name = readName(given, 'The name of a seat')
  const seat = await findSeat(database, id)
  done(await seats.changeSeat(seat.workspaceId, id, { name }))
  print(`${printable(seat.name)} is called ${printable(name)} now.`)
}

export async function revokeSeat(admin: Admin, print: Print, id: string): Promise<void> {
  const seat = await findSeat(admin.database, id)
  const revoked = done(await admin.seats.revokeSeat(seat.workspaceId, seat.id))
  const who = `${printable(seat.name)} (${seat.role})`
  print(revoked === 'revoked' ? `${who} is revoked. ${refusedWhen(admin)}` : `${who} was revoked before.`)
}

export async function makeCode(
  { database, seats }: Admin,
  print: Print,
  { wanted, role, cap }: { wanted: string | undefined; role: string; cap: string | undefined },
): Promise<void> {
  if (role !== 'seat' && role !== 'cell') throw refuse('--role is one of: seat, cell.')
  const dailyCapPoints = readCap(cap ?? 'none', '--cap')
  const { id: workspaceId, name } = await findWorkspace(database, wanted)
  const { code } = await seats.createConnectionCode({ workspaceId, role, name: `New ${role}`, dailyCapPoints })
  print(`Connection code of ${printable(name)}: ${code}`)
  print(`It makes one ${role}, ${printCap(dailyCapPoints)}, once, within ${CONNECTION_CODE_MINUTES} minutes.`)
}

/** @throws {FailureError} what could not be done. */
function done<Result>(result: Result | Failure): Result {
  if (isFailure(result)) throw new FailureError(result)
  return result
}

function readCap(text: string, what: string): number | null {
  if (text === 'none') return null
  const points = /^\d{1,10}$/.test(text) ? Number(text) : DAILY_CAP_POINTS_MAX + 1
  if (points > DAILY_CAP_POINTS_MAX) {
    throw refuse(`${what} is the points a day, a whole number up to ${DAILY_CAP_POINTS_MAX}, or none.`)
  }
  return points
}

function printCap(points: number | null): string {
  return points === null ? 'without a daily limit' : `at most ${points} points a day`
}

/** PostgreSQL carries the news to every proxy; a SQLite file does not. */
function refusedWhen({ database }: Admin): string {
  return database.engine === 'postgres'
    ? 'Every proxy refuses it now.'
    : 'A running proxy refuses it within 30 seconds.'
}
