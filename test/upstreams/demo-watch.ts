/** What happens while the demo runs, a line for each change: calls, and points charged here and there. */
import type { Admin } from '../../proxy/admin/open-admin.ts'
import type { DemoUpstream, Tally } from './demo-upstreams.ts'

export interface WatchDeps {
  upstreams: readonly DemoUpstream[]
  database: Admin['database']
  say: (line: string) => void
}

interface Books {
  /** Of the newest entry. */
  version: number
  paid: number
  got: number
  balance: number
}

/** @returns what looks once and says what is new since the look before; the first one only takes note. */
export function createWatch({ upstreams, database, say }: WatchDeps): () => Promise<void> {
  const tallies = new Map<string, Tally>()
  let version: number | null = null

  const lookAtUpstream = (upstream: DemoUpstream): void => {
    const { name } = upstream
    const now = upstream.tally()
    const before = tallies.get(name)
    tallies.set(name, now)
    if (!before) return
    const calls = now.calls - before.calls
    const taken = (now.taken ?? 0) - (before.taken ?? 0)
    if (calls === 0 && taken === 0 && now.left === before.left) return
    const parts = [
      ...(calls === 0 ? [] : [`got ${counted(calls, 'call')} (${now.calls} so far)`]),
      ...(taken === 0 ? [] : [`took ${short(taken)} ${now.money}`]),
    ]
    const left = now.left === null ? '' : `; ${short(now.left)} left there`
    say(`${name} ${parts.length === 0 ? 'has other points' : parts.join(', ')}${left}`)
  }

  const lookAtWorkspace = async (): Promise<void> => {
    const books = await database.get<Books>(
      `SELECT MAX(version) AS version,
         COALESCE(SUM(CASE WHEN kind = 'usage' THEN -points END), 0) AS paid,
         COALESCE(SUM(CASE WHEN kind <> 'usage' THEN points END), 0) AS got,
         (SELECT SUM(posted) FROM account) AS balance
       FROM entry WHERE version > $1`,
      [version ?? 0],
    )
    const isFirst = version === null
    version = books?.version ?? version ?? 0
    if (isFirst || !books) return
    if (books.got > 0) say(`your workspace got ${counted(books.got, 'point')}; ${books.balance} left`)
    if (books.paid > 0) say(`your workspace paid ${counted(books.paid, 'point')}; ${books.balance} left`)
  }

  return async () => {
    upstreams.forEach(lookAtUpstream)
    await lookAtWorkspace()
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Credits come in fractions. */
function short(amount: number): string {
  return String(Number(amount.toFixed(2)))
}
