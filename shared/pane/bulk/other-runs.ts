/**
 * Runs of other people in the same workbook. What is kept in a workbook reaches others only when it is saved, so the proxy is asked, which
 * all runs of a workspace pass through: the id of a job begins with what tells workbooks apart.
 */
import type { JobReply } from '../../jobs-protocol.ts'

/** A run over the same sheet, begun in another window or on another machine. */
export interface OtherRun {
  /** ISO. */
  startedAt: string
  rows: number
}

// Beside an id of 36 characters: the proxy takes 64.
const WORKBOOK_SIGNS = 16

export function requestIdIn(workbookKey: string, newId: string): string {
  return `${prefixOf(workbookKey)}${newId}`
}

/** @param own the id of the run that this browser began itself and may go on with. @returns the one begun last. */
export function otherRunIn(
  jobs: readonly JobReply[],
  workbookKey: string,
  sheetName: string,
  own: string | null,
): OtherRun | null {
  const other = jobs
    .filter(
      ({ requestId, name, finishedAt }) =>
        finishedAt === null && requestId !== own && requestId.startsWith(prefixOf(workbookKey)) && name === sheetName,
    )
    .sort((one, two) => two.createdAt.localeCompare(one.createdAt))[0]
  return other ? { startedAt: other.createdAt, rows: other.rows } : null
}

function prefixOf(workbookKey: string): string {
  return `${workbookKey.slice(0, WORKBOOK_SIGNS)}-`
}
