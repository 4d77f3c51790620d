/** A file of approvals, taken in whole or not at all. */
import { failure, isFailure, sentence, type Failure } from '../../shared/error-codes.ts'
import type { Language, Localised } from '../../shared/language.ts'
import type { Approvals, Entry, Outcome } from './approvals.ts'
import type { CodeCheck } from './check-code.ts'
import { readCsv } from './read-csv.ts'
import { gatherEntries, readEntry } from './read-entry.ts'

export interface ImportRequest {
  workspaceId: string
  /** A seat's id, or OPERATOR. */
  actor: string
  file: Uint8Array
  /** Tells what would be done, and does nothing. */
  dryRun: boolean
  /** Takes the good lines in although there are bad ones. */
  skipBad: boolean
}

export interface ImportReport {
  imported: boolean
  rows: number
  counts: Record<Outcome, number>
  bad: { line: number; failed: Failure }[]
}

/** @returns `bad-csv` when the file or, without `skipBad`, a line of it cannot be taken in; `memory-full` when it does not fit. */
export async function importCsv(
  { approvals, codes }: { approvals: Pick<Approvals, 'approve' | 'compare'>; codes: Pick<CodeCheck, 'read'> },
  { workspaceId, actor, file, dryRun, skipBad }: ImportRequest,
): Promise<ImportReport | Failure> {
  const read = await readEntries(codes, file)
  if (isFailure(read)) return read
  const { rows, entries, bad } = read
  const report = (imported: boolean, outcomes: readonly Outcome[]): ImportReport => ({
    imported,
    rows,
    counts: countOutcomes(outcomes, rows - bad.length),
    bad,
  })
  if (dryRun) return report(false, await approvals.compare(workspaceId, entries))
  const [first] = bad
  if (first && !skipBad) return failure('bad-csv', { line: first.line, detail: withinSentence(first.failed) })
  const approved = await approvals.approve({ workspaceId, actor, source: 'import', entries, leaveSame: true })
  if (isFailure(approved)) return approved
  return report(
    true,
    approved.map(({ outcome }) => outcome),
  )
}

async function readEntries(
  codes: Pick<CodeCheck, 'read'>,
  file: Uint8Array,
): Promise<{ rows: number; entries: readonly Entry[]; bad: ImportReport['bad'] } | Failure> {
  const gathered = gatherEntries('line')
  const bad: ImportReport['bad'] = []
  const rows = await readCsv(file, ({ line, cells, hasMore }) => {
    const read = hasMore
      ? failure('bad-entry', { detail: 'it has more fields than the first line names' })
      : readEntry(codes, { ...cells, facts: cells })
    const failed = isFailure(read) ? read : gathered.add(read.entry, line)
    if (failed) bad.push({ line, failed })
  })
  return isFailure(rows) ? rows : { rows, entries: gathered.entries, bad }
}

/** A line that only repeats another changes nothing: it is one of the `same`. */
function countOutcomes(outcomes: readonly Outcome[], good: number): Record<Outcome, number> {
  const count = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length
  return { new: count('new'), changed: count('changed'), same: count('same') + good - outcomes.length }
}

/** A failure's sentence as a part of another. */
function withinSentence(failed: Failure): Localised {
  const say = (language: Language): string => sentence(failed, language).replace(/[.。]$/, '')
  return { en: say('en'), zh: say('zh'), fr: say('fr') }
}
