/**
 * Checks the ledger against itself while it is in use. Each statement looks at one moment, and at a bounded number of rows, so that a
 * proxy can do this beside its work: entries never change, so those up to the version that an account had when it was read stand still.
 */
import type { Rows } from '../database.ts'

export interface Inspection {
  accounts: number
  entries: number
  holds: number
  /** One sentence each, with ids. */
  violations: string[]
}

// A ledger in which everything is wrong needs no longer list.
export const VIOLATIONS_MAX = 1000
const ACCOUNTS_A_QUERY = 200
const ENTRIES_A_QUERY = 5000
const HOLDS_A_QUERY = 2000
const ANSWERS_A_QUERY = 2000
const SEAT_DAYS_A_QUERY = 200

interface Account {
  id: string
  posted: number
  held: number
  version: number
  /** Newest entry's version. */
  last: number
  /** Sum of the open holds. */
  open: number
}

export async function inspectLedger(database: Rows): Promise<Inspection> {
  const found: Inspection = { accounts: 0, entries: 0, holds: 0, violations: [] }
  for await (const account of readAccounts(database)) {
    found.accounts++
    found.violations.push(...accountFaults(account))
    found.entries += await inspectEntries(database, account, found.violations)
  }
  await inspectHolds(database, found)
  await inspectSeatDays(database, found.violations)
  await inspectAnswers(database, found.violations)
  if (found.violations.length > VIOLATIONS_MAX) {
    const left = found.violations.length - VIOLATIONS_MAX
    found.violations.splice(VIOLATIONS_MAX, Number.POSITIVE_INFINITY, `and ${left} more`)
  }
  return found
}

async function* readAccounts(database: Rows): AsyncGenerator<Account, void, void> {
  let after = ''
  for (;;) {
    const page = await database.all<Account>(
      `SELECT a.workspace_id AS id, a.posted, a.held, a.version,
         COALESCE((SELECT MAX(version) FROM entry e WHERE e.workspace_id = a.workspace_id), 0) AS last,
         COALESCE((SELECT SUM(points) FROM hold h WHERE h.workspace_id = a.workspace_id AND h.state = 'held'), 0) AS open
       FROM account a WHERE a.workspace_id > $1 ORDER BY a.workspace_id LIMIT $2`,
      [after, ACCOUNTS_A_QUERY],
    )
    yield* page
    if (page.length < ACCOUNTS_A_QUERY) return
    after = page.at(-1)!.id
  }
}

function accountFaults({ id, posted, held, version, last, open }: Account): string[] {
  return [
    ...(held === open ? [] : [`${id}: held ${held}, open holds add up to ${open}`]),
    ...(version === last ? [] : [`${id}: version ${version}, last entry ${last}`]),
    ...(held >= 0 && posted >= held ? [] : [`${id}: posted ${posted} does not cover held ${held}`]),
  ]
}

/** The chain of an account's entries up to its version. @returns how many there are. */
async function inspectEntries(database: Rows, account: Account, violations: string[]): Promise<number> {
  const { id, posted, version: newest } = account
  let count = 0
  let sum = 0
  let balance = 0
  for (let after = 0; after < newest && violations.length <= VIOLATIONS_MAX; after += ENTRIES_A_QUERY) {
    const upTo = Math.min(after + ENTRIES_A_QUERY, newest)
    const range = [id, after, upTo]
    const part = await database.get<{ count: number; sum: number; broken: number; balance: number | null }>(
      `SELECT COUNT(*) AS count, COALESCE(SUM(points), 0) AS sum,
         COALESCE(MIN(CASE WHEN balance_after <> before + points THEN version END), 0) AS broken,
         MAX(CASE WHEN version = $3 THEN balance_after END) AS balance
       FROM (
         SELECT version, points, balance_after, LAG(balance_after, 1, $4) OVER (ORDER BY version) AS before
         FROM entry WHERE workspace_id = $1 AND version > $2 AND version <= $3) AS chain`,
      [...range, balance],
    )
    count += part!.count
    sum += part!.sum
    if (part!.broken > 0) violations.push(`${id}: the balance chain breaks at entry ${part!.broken}`)
    if (part!.count < upTo - after) {
      violations.push(`${id}: ${upTo - after - part!.count} entries are missing between ${after + 1} and ${upTo}`)
    }
    balance = part!.balance ?? balance + part!.sum

    const strayed = await database.all<{ version: number; ref: string }>(
      `SELECT e.version, e.ref FROM entry e LEFT JOIN hold h ON h.id = SUBSTR(e.ref, 6)
       WHERE e.workspace_id = $1 AND e.version > $2 AND e.version <= $3 AND e.kind = 'usage'
         AND (h.id IS NULL OR e.ref <> 'hold:' || h.id OR h.workspace_id <> e.workspace_id
           OR h.state <> 'settled' OR h.settled <> -e.points)
       ORDER BY e.version LIMIT 100`,
      range,
    )
    for (const { version, ref } of strayed) {
      violations.push(`${id}: entry ${version} charges ${ref}, which was not settled for it`)
    }
    const twice = await database.all<{ version: number; kind: string; ref: string }>(
      `SELECT e.version, e.kind, e.ref FROM entry e
       WHERE e.workspace_id = $1 AND e.version > $2 AND e.version <= $3
         AND (SELECT COUNT(*) FROM entry same WHERE same.kind = e.kind AND same.ref = e.ref) > 1
       ORDER BY e.version LIMIT 100`,
      range,
    )
    for (const { version, kind, ref } of twice) {
      violations.push(`${id}: entry ${version} is not the only ${kind} of ref ${ref}`)
    }
  }
  if (sum !== posted) violations.push(`${id}: posted ${posted}, entries add up to ${sum}`)
  return count
}

/** Every settled hold has its entry, every hold a seat of its workspace and that seat's day. */
async function inspectHolds(database: Rows, found: Inspection): Promise<void> {
  let after = ''
  for (;;) {
    const part = await database.get<{ count: number; last: string | null }>(
      'SELECT COUNT(*) AS count, MAX(id) AS last FROM (SELECT id FROM hold WHERE id > $1 ORDER BY id LIMIT $2) AS part',
      [after, HOLDS_A_QUERY],
    )
    if (!part || part.last === null) return
    found.holds += part.count
    const faults = await database.all<{ id: string; owner: string; state: string; settled: number; fault: string }>(
      `SELECT h.id, h.workspace_id AS owner, h.state, h.settled,
         CASE WHEN s.workspace_id <> h.workspace_id THEN 'seat'
           WHEN d.seat_id IS NULL AND (h.state = 'held' OR h.settled > 0) THEN 'day' ELSE 'entry' END AS fault
       FROM hold h
       LEFT JOIN seat s ON s.id = h.seat_id
       LEFT JOIN entry e ON e.kind = 'usage' AND e.ref = 'hold:' || h.id
       LEFT JOIN seat_day d ON d.seat_id = h.seat_id AND d.day = h.day
       WHERE h.id > $1 AND h.id <= $2 AND (
         s.workspace_id <> h.workspace_id
         OR (d.seat_id IS NULL AND (h.state = 'held' OR h.settled > 0))
         OR h.settled <> COALESCE(-e.points, 0)
         OR e.workspace_id <> h.workspace_id)
       ORDER BY h.id`,
      [after, part.last],
    )
    for (const { id, owner, state, settled, fault } of faults) {
      if (fault === 'seat') found.violations.push(`${owner}: hold ${id} is for another workspace's seat`)
      else if (fault === 'day') found.violations.push(`${owner}: hold ${id} counts on no day of its seat`)
      else found.violations.push(`${owner}: hold ${id} is ${state} for ${settled}, its entry says otherwise`)
    }
    if (part.count < HOLDS_A_QUERY || found.violations.length > VIOLATIONS_MAX) return
    after = part.last
  }
}

async function inspectSeatDays(database: Rows, violations: string[]): Promise<void> {
  let after = { seatId: '', day: '' }
  for (;;) {
    const page = await database.all<{ seatId: string; day: string; points: number; spent: number }>(
      `SELECT d.seat_id AS "seatId", d.day, d.points, COALESCE((
           SELECT SUM(CASE h.state WHEN 'held' THEN h.points ELSE h.settled END)
           FROM hold h WHERE h.seat_id = d.seat_id AND h.day = d.day), 0) AS spent
       FROM seat_day d WHERE (d.seat_id, d.day) > ($1, $2) ORDER BY d.seat_id, d.day LIMIT $3`,
      [after.seatId, after.day, SEAT_DAYS_A_QUERY],
    )
    for (const { seatId, day, points, spent } of page) {
      if (points !== spent) violations.push(`seat ${seatId}: ${points} points on ${day}, its holds add up to ${spent}`)
    }
    if (page.length < SEAT_DAYS_A_QUERY || violations.length > VIOLATIONS_MAX) return
    after = page.at(-1)!
  }
}

/** Every answer that costs points names a hold of its workspace that was settled for at least as many. */
async function inspectAnswers(database: Rows, violations: string[]): Promise<void> {
  let after = { owner: '', key: '' }
  for (;;) {
    const page = await database.all<{ owner: string; key: string; hold: string | null; paid: number }>(
      `SELECT a.workspace_id AS owner, a.key_hash AS key, a.hold_id AS hold,
         CASE WHEN a.points = 0 OR (h.state = 'settled' AND h.workspace_id = a.workspace_id AND h.settled >= a.points)
           THEN 1 ELSE 0 END AS paid
       FROM answer a LEFT JOIN hold h ON h.id = a.hold_id
       WHERE (a.workspace_id, a.key_hash) > ($1, $2) ORDER BY a.workspace_id, a.key_hash LIMIT $3`,
      [after.owner, after.key, ANSWERS_A_QUERY],
    )
    for (const { owner, key, hold, paid } of page) {
      if (paid === 0)
        violations.push(`${owner}: answer ${key} costs points, and hold ${hold ?? 'none'} did not pay them`)
    }
    if (page.length < ANSWERS_A_QUERY || violations.length > VIOLATIONS_MAX) return
    after = page.at(-1)!
  }
}
