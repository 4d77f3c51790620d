/** What an operator does with points: gives, corrects, lists, checks and exports them. */
import { isFailure } from '../../shared/error-codes.ts'
import { OPERATOR } from '../audit/audit.ts'
import type { Entry } from '../ledger/ledger.ts'
import { printUsage, readPeriod } from '../ledger/print-usage.ts'
import type { AdminWorld, Print } from './command.ts'
import type { Admin } from './open-admin.ts'
import { printable, printTable, printTime } from './print-table.ts'
import { findEntryOf, findWorkspace, refuse } from './workspaces.ts'

const REF_CHARACTERS_MAX = 200
const ENTRIES_A_PAGE = 200

export interface PointsWish {
  wanted: string | undefined
  points: string
  ref: string
}

/** Adds points once for each reference, however often it is called. */
export async function grantPoints(
  admin: Admin,
  print: Print,
  { wanted, points: text, ref }: PointsWish,
): Promise<void> {
  const points = /^\d{1,12}$/.test(text) ? Number(text) : 0
  if (points < 1) throw refuse('Points are a whole number from 1 to 999999999999.')
  await changePoints(admin, print, { wanted, points, ref, kind: 'grant' })
}

/** Corrects a balance once for each reference, up or down. */
export async function adjustPoints(
  admin: Admin,
  print: Print,
  { wanted, points: text, ref }: PointsWish,
): Promise<void> {
  const points = /^[+-]?\d{1,12}$/.test(text) ? Number(text) : 0
  if (points === 0) throw refuse('Points are a whole number up to 999999999999, with a minus to take them.')
  await changePoints(admin, print, { wanted, points, ref, kind: 'adjust' })
}

async function changePoints(
  { database, ledger, audit }: Admin,
  print: Print,
  { wanted, points, ref, kind }: Omit<PointsWish, 'points'> & { points: number; kind: 'grant' | 'adjust' },
): Promise<void> {
  if (ref.trim() === '' || ref.length > REF_CHARACTERS_MAX) {
    throw refuse(`--ref says what the points are for, in 1 to ${REF_CHARACTERS_MAX} characters.`)
  }
  const workspace = await findWorkspace(database, wanted)
  const workspaceId = workspace.id
  const outcome = await database.transaction(
    async (tx) => {
      const done =
        kind === 'grant'
          ? await ledger.creditIn(tx, { workspaceId, kind, ref, points })
          : await ledger.adjustIn(tx, { workspaceId, ref, points })
      if (done === 'applied') {
        const detail = { points, ref }
        await audit.recordIn(tx, { workspaceId, actor: OPERATOR, action: `points.${kind}`, detail })
      }
      return done
    },
    { repeatable: true },
  )
  const { spendable } = await ledger.balance(workspaceId)
  if (isFailure(outcome)) {
    throw refuse(`Nothing was taken: ${printable(workspace.name)} has only ${spendable} points to spend.`)
  }
  const before = outcome === 'duplicate' ? await findEntryOf(database, kind, ref) : undefined
  if (before && (before.workspaceId !== workspaceId || before.points !== points)) {
    const other = kind === 'grant' ? 'another grant' : 'another correction'
    throw refuse(
      `Nothing was ${points > 0 ? 'added' : 'taken'}: this --ref already stands for ${other}, of ${before.points} points on ${printTime(before.createdAt)}.`,
    )
  }
  print(`${printable(workspace.name)}: ${sentenceOf(outcome, kind, points)}. It has ${spendable} points to spend.`)
}

function sentenceOf(outcome: 'applied' | 'duplicate', kind: 'grant' | 'adjust', points: number): string {
  if (outcome === 'duplicate') {
    return kind === 'grant'
      ? 'nothing added, this --ref was granted before'
      : 'nothing changed, this --ref was used before'
  }
  return points > 0 ? `${points} points added` : `${-points} points taken`
}

/** Oldest first, so that the newest stand above the prompt. */
export async function showEntries(
  { database, ledger }: Admin,
  print: Print,
  wanted: string | undefined,
  isJson: boolean,
): Promise<void> {
  const workspace = await findWorkspace(database, wanted)
  const entries = (await ledger.entries(workspace.id, { before: null, limit: ENTRIES_A_PAGE })).reverse()
  if (isJson) return print(JSON.stringify(entries, null, 2))
  const lines = printTable<Entry>(
    [
      { title: 'no.', value: ({ version }) => version },
      { title: 'at', value: ({ createdAt }) => printTime(createdAt) },
      { title: 'kind', value: ({ kind }) => kind },
      { title: 'points', value: ({ points }) => points },
      { title: 'balance', value: ({ balanceAfter }) => balanceAfter },
      { title: 'ref', value: ({ ref }) => ref },
    ],
    entries,
    'This workspace has no entries yet.',
  )
  lines.forEach(print)
  if ((entries[0]?.version ?? 1) > 1) {
    print(`The ${entries.length} newest. All of them: npm run admin -- usage export`)
  }
}

/** @throws {FailureError} `bad-command` after the list, when something does not add up. */
export async function verifyLedger({ ledger }: Admin, print: Print, isJson: boolean): Promise<void> {
  const inspection = await ledger.inspect()
  const { accounts, entries, holds, violations } = inspection
  if (isJson) print(JSON.stringify(inspection, null, 2))
  else {
    violations.forEach((violation) => print(printable(violation)))
    print(`${accounts} accounts, ${entries} entries and ${holds} holds looked at.`)
  }
  if (violations.length > 0) {
    throw refuse(`The ledger does not add up in ${violations.length} ${violations.length === 1 ? 'place' : 'places'}.`)
  }
  if (!isJson) print('The ledger adds up.')
}

/** A file to stdout, as fast as it is taken. */
export async function exportUsage(
  { database, ledger }: Admin,
  { stdout }: Pick<AdminWorld, 'stdout'>,
  wish: { wanted: string | undefined; from: string; to: string; isJsonLines: boolean },
): Promise<void> {
  const period = readPeriod(wish)
  if (typeof period === 'string') throw refuse(`Nothing was exported: ${period}.`)
  const workspace = await findWorkspace(database, wish.wanted)
  for await (const text of printUsage(ledger.usage(workspace.id, period), wish.isJsonLines ? 'jsonl' : 'csv')) {
    // `npm run admin -- usage export … | head` wants no more of it.
    if (stdout.destroyed) return
    if (stdout.write(text) === false) await drained(stdout)
  }
}

/** Waits until more can be written, or nobody reads any more. */
async function drained(stdout: AdminWorld['stdout']): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = (): void => {
      stdout.off?.('drain', go)
      stdout.off?.('close', go)
      resolve()
    }
    stdout.once?.('drain', go)
    stdout.once?.('close', go)
  })
}
