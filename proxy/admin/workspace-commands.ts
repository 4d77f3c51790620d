/** What an operator does with workspaces. Each command prints lines, or JSON where it lists. */
import type { Print } from './command.ts'
import type { Admin } from './open-admin.ts'
import { printable, printTable, printTime } from './print-table.ts'
import {
  FALLBACKS,
  findWorkspace,
  listWorkspaces,
  readName,
  refuse,
  setFallback,
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

export async function createWorkspace({ seats }: Admin, print: Print, given: string): Promise<void> {
  const name = readName(given, 'The name of a workspace')
  const { workspaceId, ownerToken } = await seats.createWorkspace(name)
  print(`${printable(name)} is workspace ${workspaceId}.`)
  print(`Token of its owner, shown this once: ${ownerToken}`)
}

export async function renameWorkspace(
  { database, seats }: Admin,
  print: Print,
  wanted: string | undefined,
  given: string,
): Promise<void> {
  const name = readName(given, 'The name of a workspace')
  const workspace = await findWorkspace(database, wanted)
  await seats.renameWorkspace(workspace.id, name)
  print(`${printable(workspace.name)} is called ${printable(name)} now.`)
}

export async function changeFallback(
  admin: Admin,
  print: Print,
  wanted: string | undefined,
  choice: string,
): Promise<void> {
  const fallback = FALLBACKS.find((known) => known === choice)
  if (!fallback) throw refuse(`The fallback is one of: ${FALLBACKS.join(', ')}.`)
  const workspace = await findWorkspace(admin.database, wanted)
  await setFallback(admin, workspace.id, fallback)
  print(
    fallback === 'embedded'
      ? `${printable(workspace.name)}: where an upstream fails, the embedded provider answers.`
      : `${printable(workspace.name)}: where an upstream fails, the cell says so.`,
  )
}
