/**
 * What upstreams take for their calls, in their own money, beside our points. The balance in each reply shows when they took more
 * than they said: that is what went for replies that never came.
 */
import type { Database, Rows, Transaction } from '../database.ts'
import type { Usage, UpstreamName } from '../providers/upstream.ts'

export interface UsageDeps {
  database: Database
  now: () => number
  newId: () => string
}

export interface UsageRecord extends Usage {
  /** Whose credential paid; '' is the deployment's own. */
  workspaceId: string
  upstream: UpstreamName
}

export interface UsageTotal {
  workspaceId: string
  upstream: string
  calls: number
  items: number
  /** In the upstream's own unit; null when it never said. */
  charged: number | null
  lost: number
  /** As its last reply said; null when none did. */
  balance: number | null
  lastAt: number
}

// Credits come in fractions; sums of doubles would find 0.000000000000002 lost.
const UNITS_PER_CREDIT = 1_000_000
// A reply that is later than this was not overtaken by the next one: it would have timed out.
const OVERTAKEN_WITHIN_MS = 120_000

interface Step {
  id: string
  /** What was there before it, when that was known. */
  before: string
  balance: string
  lost: string
}

export type UpstreamUsage = ReturnType<typeof createUsage>

export function createUsage({ database, now, newId }: UsageDeps) {
  return {
    /** @returns credits that are missing from the upstream's balance since the reply before; null when nothing is, or it is not known. */
    async record(record: UsageRecord): Promise<number | null> {
      const { workspaceId, upstream, items, charged } = record
      const account = [upstream, workspaceId] as const
      const id = newId()
      return database.transaction(async (tx) => {
        const at = await takeTurn(tx, account, now())
        const { balance, lost } =
          record.sentAt === undefined ? await asReplied(tx, account, at, record) : await asFound(tx, account, record)
        await tx.run(
          `INSERT INTO upstream_usage(id, workspace_id, upstream, at, items, charged, balance, lost)
           VALUES($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            id,
            workspaceId,
            upstream,
            at,
            items,
            charged === null ? null : print(units(charged)),
            balance === null ? null : print(balance),
            lost === null ? null : print(lost),
          ],
        )
        return lost === null ? null : lost / UNITS_PER_CREDIT
      })
    },

    /** One row for each credential that was ever used. */
    async totals(): Promise<UsageTotal[]> {
      const rows = await database.all<Omit<UsageTotal, 'balance'>>(
        `SELECT workspace_id AS "workspaceId", upstream, COUNT(*) AS calls, SUM(items) AS items,
           SUM(CAST(charged AS DOUBLE PRECISION)) AS charged,
           COALESCE(SUM(CAST(lost AS DOUBLE PRECISION)), 0) AS lost, MAX(at) AS "lastAt"
         FROM upstream_usage GROUP BY workspace_id, upstream ORDER BY upstream, workspace_id`,
      )
      return Promise.all(
        rows.map(async (row) => {
          const balance = await latestBalance(database, [row.upstream, row.workspaceId])
          return {
            ...row,
            charged: row.charged === null ? null : units(row.charged) / UNITS_PER_CREDIT,
            lost: units(row.lost) / UNITS_PER_CREDIT,
            balance: balance === null ? null : balance / UNITS_PER_CREDIT,
          }
        }),
      )
    },

    /** @returns null when no reply ever said one. */
    async balance(workspaceId: string, upstream: UpstreamName): Promise<number | null> {
      const balance = await latestBalance(database, [upstream, workspaceId])
      return balance === null ? null : balance / UNITS_PER_CREDIT
    },
  }
}

type Account = readonly [upstream: string, workspaceId: string]

/** In units. */
interface Accounted {
  balance: number | null
  lost: number | null
}

async function asReplied(
  tx: Rows,
  account: Account,
  at: number,
  { charged, balance }: UsageRecord,
): Promise<Accounted> {
  if (balance === null) return { balance: null, lost: null }
  if (charged === null) return { balance: units(balance), lost: null }
  const known = { charged: units(charged), balance: units(balance) }
  const overtaken = await findOvertaker(tx, account, at, known)
  if (!overtaken && (await isBeforeFirst(tx, account, at, known.balance))) return { balance: null, lost: null }
  if (!overtaken) return { balance: known.balance, lost: await missing(tx, account, known) }
  await forgiveLoss(tx, overtaken, known.charged)
  // The balance of a reply that was overtaken is an old one.
  return { balance: null, lost: null }
}

/** Its reply never came, and it was found again: what seemed lost since it was sent is its charge, up to that. */
async function asFound(tx: Rows, account: Account, { charged, sentAt = 0 }: UsageRecord): Promise<Accounted> {
  let left = units(charged ?? 0)
  const losses = await tx.all<Pick<Step, 'id' | 'lost'>>(
    `SELECT id, lost FROM upstream_usage
     WHERE upstream = $1 AND workspace_id = $2 AND at >= $3 AND lost IS NOT NULL ORDER BY at`,
    [...account, sentAt],
  )
  for (const loss of losses) {
    const forgiven = Math.min(left, units(Number(loss.lost)))
    if (forgiven > 0) await forgiveLoss(tx, loss, forgiven)
    left -= forgiven
  }
  // No balance has shown the rest yet: the next one will, and nothing is missing from it then.
  const before = left === 0 ? null : await latestBalance(tx, account)
  return { balance: before === null ? null : before - left, lost: null }
}

/**
 * Until the transaction ends no other process records a reply of this credential: each must see the balance before its own.
 * @returns when this reply was recorded: one millisecond a row, so that rows have an order.
 */
async function takeTurn(tx: Transaction, account: Account, at: number): Promise<number> {
  const turn = await tx.get<{ at: number }>(
    `INSERT INTO upstream_turn(upstream, workspace_id, at) VALUES($1, $2, $3)
     ON CONFLICT(upstream, workspace_id) DO UPDATE
       SET at = CASE WHEN upstream_turn.at < excluded.at THEN excluded.at ELSE upstream_turn.at + 1 END
     RETURNING at`,
    [...account, at],
  )
  return turn!.at
}

async function latestBalance(rows: Rows, account: Account): Promise<number | null> {
  const row = await rows.get<{ balance: string }>(
    `SELECT balance FROM upstream_usage WHERE upstream = $1 AND workspace_id = $2 AND balance IS NOT NULL
     ORDER BY at DESC LIMIT 1`,
    account,
  )
  return row ? units(Number(row.balance)) : null
}

/** @returns units that the balance before, less this charge, has and this balance has not; null when none. */
async function missing(
  rows: Rows,
  account: Account,
  known: { charged: number; balance: number },
): Promise<number | null> {
  const before = await latestBalance(rows, account)
  const lost = before === null ? 0 : before - known.charged - known.balance
  return lost > 0 ? lost : null
}

/**
 * Several calls are under way at once, so a reply can be recorded after the one that the upstream charged next. That later one then
 * seemed to lose what this one was charged. It is told by its balance: above the later one's, within what was there before it.
 */
async function findOvertaker(
  rows: Rows,
  account: Account,
  at: number,
  known: { charged: number; balance: number },
): Promise<Step | null> {
  if (known.charged === 0) return null
  const losses = await rows.all<Step>(
    `SELECT u.id, u.balance, u.lost, (
         SELECT b.balance FROM upstream_usage b
         WHERE b.upstream = $1 AND b.workspace_id = $2 AND b.at < u.at AND b.balance IS NOT NULL
         ORDER BY b.at DESC LIMIT 1
       ) AS before
     FROM upstream_usage u
     WHERE u.upstream = $1 AND u.workspace_id = $2 AND u.at >= $3 AND u.lost IS NOT NULL ORDER BY u.at DESC`,
    [...account, at - OVERTAKEN_WITHIN_MS],
  )
  const overtaker = losses.find(
    ({ before, balance, lost }) =>
      units(Number(lost)) >= known.charged &&
      known.balance > units(Number(balance)) &&
      known.balance + known.charged <= units(Number(before)),
  )
  return overtaker ?? null
}

/** The first balance that was ever recorded overtook this one: nothing seemed lost then, because nothing was known before it. */
async function isBeforeFirst(rows: Rows, account: Account, at: number, balance: number): Promise<boolean> {
  const [first, next] = await rows.all<{ at: number; balance: string }>(
    `SELECT at, balance FROM upstream_usage WHERE upstream = $1 AND workspace_id = $2 AND balance IS NOT NULL
     ORDER BY at LIMIT 2`,
    account,
  )
  const isOnly = first !== undefined && next === undefined
  return isOnly && at - first.at <= OVERTAKEN_WITHIN_MS && balance > units(Number(first.balance))
}

async function forgiveLoss(tx: Rows, { id, lost }: Pick<Step, 'id' | 'lost'>, charged: number): Promise<void> {
  const left = units(Number(lost)) - charged
  await tx.run('UPDATE upstream_usage SET lost = $2 WHERE id = $1', [id, left > 0 ? print(left) : null])
}

function units(credits: number): number {
  return Math.round(credits * UNITS_PER_CREDIT)
}

function print(inUnits: number): string {
  const sign = inUnits < 0 ? '-' : ''
  const whole = Math.trunc(Math.abs(inUnits) / UNITS_PER_CREDIT)
  const rest = String(Math.abs(inUnits) % UNITS_PER_CREDIT).padStart(6, '0')
  return `${sign}${whole}.${rest}`.replace(/\.?0+$/, '')
}
