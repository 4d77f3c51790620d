/** What an operator does with workspaces and seats. Each command prints lines, or JSON where it lists. */
import { CONNECTION_CODE_MINUTES } from '../auth/seats.ts'
import type { Print } from './command.ts'
import type { Admin } from './open-admin.ts'
import { printable, printTable, printTime } from './print-table.ts'
import {
  FALLBACKS,
  findSeat,
  findWorkspace,
  listSeats,
  listWorkspaces,
  refuse,
  setFallback,
  type SeatEntry,
  type Workspace,
} from './workspaces.ts'

export async function showWorkspaces({ database }: Admin, print: Print, isJson: boolean): Promise<void> {
  const workspaces = await listWorkspaces(database)
  if (isJson) return print(JSON.stringify(workspaces, null, 2))
  const lines = printTable<Workspace>(
    [
      { title: 'id', value: ({ id }) => id },
      { title: 'name', value: ({ name }) => name },
      { title: 'points', value: ({ balance }) => balance },
      { title: 'held', value: ({ held }) => held },
      { title: 'fallback', value: ({ fallback }) => fallback },
      { title: 'seats', value: ({ seats }) => seats },
      { title: 'created', value: ({ createdAt }) => printTime(createdAt) },
    ],
    workspaces,
    'There is no workspace yet: npm start makes the first one.',
  )
  lines.forEach(print)
}

export async function changeFallback(
  { database }: Admin,
  print: Print,
  wanted: string | undefined,
  choice: string,
): Promise<void> {
  const fallback = FALLBACKS.find((known) => known === choice)
  if (!fallback) throw refuse(`The fallback is one of: ${FALLBACKS.join(', ')}.`)
  const workspace = await findWorkspace(database, wanted)
  await setFallback(database, workspace.id, fallback)
  print(
    fallback === 'embedded'
      ? `${printable(workspace.name)}: where an upstream fails, the embedded provider answers.`
      : `${printable(workspace.name)}: where an upstream fails, the cell says so.`,
  )
}

export async function showSeats(
  { database }: Admin,
  print: Print,
  wanted: string | undefined,
  isJson: boolean,
): Promise<void> {
  const seats = await listSeats(database, (await findWorkspace(database, wanted)).id)
  if (isJson) return print(JSON.stringify(seats, null, 2))
  const lines = printTable<SeatEntry>(
    [
      { title: 'id', value: ({ id }) => id },
      { title: 'name', value: ({ name }) => name },
      { title: 'role', value: ({ role }) => role },
      { title: 'points a day', value: ({ dailyCapPoints }) => dailyCapPoints },
      { title: 'created', value: ({ createdAt }) => printTime(createdAt) },
      { title: 'revoked', value: ({ revokedAt }) => (revokedAt === null ? null : printTime(revokedAt)) },
    ],
    seats,
    'This workspace has no seats.',
  )
  lines.forEach(print)
}

export async function revokeSeat({ database, seats }: Admin, print: Print, id: string): Promise<void> {
  const seat = await findSeat(database, id)
  if (seat.role === 'owner' && seat.revokedAt === null) {
    const owners = (await listSeats(database, seat.workspaceId)).filter(
      ({ role, revokedAt }) => role === 'owner' && revokedAt === null,
    )
    if (owners.length === 1)
      throw refuse('This is the only owner: without one the workspace could never make a code again.')
  }
  const isNew = await seats.revokeSeat(seat.workspaceId, seat.id)
  print(
    isNew
      ? `${printable(seat.name)} (${seat.role}) is revoked. A running proxy refuses it within 30 seconds.`
      : `${printable(seat.name)} (${seat.role}) was revoked before.`,
  )
}

export async function makeCode(
  { database, seats }: Admin,
  print: Print,
  wanted: string | undefined,
  role: string,
): Promise<void> {
  if (role !== 'seat' && role !== 'cell') throw refuse('--role is one of: seat, cell.')
  const workspace = await findWorkspace(database, wanted)
  const { code } = await seats.createConnectionCode({ workspaceId: workspace.id, role, name: `New ${role}` })
  print(`Connection code of ${printable(workspace.name)}: ${code}`)
  print(`It makes one ${role}, once, within ${CONNECTION_CODE_MINUTES} minutes.`)
}
