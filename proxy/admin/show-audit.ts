import type { AuditEntry } from '../audit/audit.ts'
import type { Print } from './command.ts'
import type { Admin } from './open-admin.ts'
import { printTable, printTime } from './print-table.ts'
import { findWorkspace, listWorkspaces } from './workspaces.ts'

const ENTRIES_MAX = 500

/** @param wanted id or name; undefined: every workspace and the deployment. */
export async function showAudit(
  { database, audit }: Admin,
  print: Print,
  wanted: string | undefined,
  isJson: boolean,
): Promise<void> {
  const workspaceId = wanted === undefined ? undefined : (await findWorkspace(database, wanted)).id
  const entries = await audit.list({ workspaceId, limit: ENTRIES_MAX })
  if (isJson) return print(JSON.stringify(entries, null, 2))
  const names = new Map((await listWorkspaces(database)).map(({ id, name }) => [id, name]))
  const lines = printTable<AuditEntry>(
    [
      { title: 'at', value: ({ at }) => printTime(at) },
      { title: 'workspace', value: ({ workspaceId: id }) => (id === '' ? 'everybody' : (names.get(id) ?? id)) },
      { title: 'who', value: ({ actor }) => actor },
      { title: 'what', value: ({ action }) => action },
      { title: 'how', value: ({ detail }) => printDetail(detail) },
    ],
    entries,
    'Nothing was changed yet.',
  )
  lines.forEach(print)
}

function printDetail(detail: AuditEntry['detail']): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${value ?? 'none'}`)
    .join(', ')
}
