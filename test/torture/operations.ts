/**
 * What the tortured processes do, and what must be there afterwards of what they were told is done. To torture something more, add an
 * operation: `act` does it and says what was acknowledged; `find` looks for that among the rows that are left.
 */
import { createAnswerCache } from '../../proxy/answer/cache.ts'
import type { Database } from '../../proxy/database.ts'
import type { Hold, Ledger } from '../../proxy/ledger/ledger.ts'
import { isFailure } from '../../shared/error-codes.ts'
import type { Random } from './random.ts'

export interface Owner {
  workspaceId: string
  seatId: string
  dailyCapPoints: number | null
}

export interface World {
  database: Database
  ledger: Ledger
  owners: readonly Owner[]
  random: Random
  /** Numbers from here on have not been used; those just below are in everybody's hands. */
  newest: () => number
}

/** What an operation was told: this is done. */
export interface Acknowledged {
  operation: string
  /** Of the hold, or the ref of the entry. */
  id: string
  outcome: string | number | boolean
}

export interface Operation {
  /** How often it is done, against the others. */
  weight: number
  /** @returns null when there was nothing to do. */
  act(world: World): Promise<Acknowledged | null>
  /** @returns what is lost or doubled of it; null when it is there once. */
  find(left: Left, told: Acknowledged): Fault | null
}

export type Fault = 'lost' | 'doubled'

export interface HoldRow {
  id: string
  points: number
  settled: number
  state: string
}

/** Everything that is left in the database. */
export interface Left {
  holds: ReadonlyMap<string, HoldRow>
  /** Points of each entry, by `kind ref`. */
  entries: ReadonlyMap<string, readonly number[]>
  /** Ids of holds, by the answers they paid for. */
  answers: ReadonlyMap<string, number>
}

// Short: the late ones must be there to be swept.
const TTL_MS = 400
// So many of the newest numbers are drawn from: several workers meet at each.
const WITHIN = 24

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  credit: {
    weight: 2,
    async act({ ledger, owners, ...world }) {
      const number = pick(world)
      const { workspaceId } = owners[number % owners.length]!
      const id = `credit-${number}`
      await ledger.credit({ workspaceId, kind: 'grant', ref: id, points: pointsOf(number) })
      return { operation: 'credit', id, outcome: pointsOf(number) }
    },
    find: ({ entries }, { id, outcome }) => onlyEntry(entries, `grant ${id}`, Number(outcome)),
  },

  hold: {
    weight: 5,
    async act({ database, ledger, owners, ...world }) {
      const number = pick(world)
      const id = `hold-${number}`
      const request = { ...owners[number % owners.length]!, points: pointsOf(number) / 4, ttlMs: TTL_MS }
      const hold = await database.transaction((tx) => ledger.holdIn(tx, id, request), { repeatable: true })
      return isFailure(hold) ? null : { operation: 'hold', id, outcome: hold.points }
    },
    find: ({ holds }, { id, outcome }) => (holds.get(id)?.points === outcome ? null : 'lost'),
  },

  settle: {
    weight: 4,
    async act(world) {
      const { database, ledger, random } = world
      const hold = await findHold(world)
      if (!hold) return null
      const used = random.between(0, hold.points)
      const cache = createAnswerCache({ database, memoryBytesMax: 1000 })
      const outcome = await database.transaction(
        async (tx) => {
          const settled = await ledger.settleIn(tx, hold, used)
          if (settled === 'now' && used > 0) {
            await cache.store(tx, hold.workspaceId, hold.id, answerFor(used), hold.id)
          }
          return settled
        },
        { repeatable: true },
      )
      // A lost COMMIT that was done again says `before`, as it does when another worker was faster.
      return { operation: 'settle', id: hold.id, outcome: outcome === 'now' ? used : outcome }
    },
    find({ holds, entries, answers }, { id, outcome }) {
      const hold = holds.get(id)
      if (outcome === 'gone') return hold && ['released', 'expired'].includes(hold.state) ? null : 'lost'
      if (hold?.state !== 'settled') return 'lost'
      if (typeof outcome === 'number' && hold.settled !== outcome) return 'lost'
      if (hold.settled === 0) return entries.has(`usage hold:${id}`) || answers.has(id) ? 'doubled' : null
      if (answers.get(id) !== 1) return 'lost'
      return onlyEntry(entries, `usage hold:${id}`, -hold.settled)
    },
  },

  release: {
    weight: 1,
    async act(world) {
      const hold = await findHold(world)
      if (!hold) return null
      const outcome = await world.ledger.release(hold)
      return { operation: 'release', id: hold.id, outcome }
    },
    find({ holds }, { id }) {
      const state = holds.get(id)?.state
      return state === undefined || state === 'held' ? 'lost' : null
    },
  },

  extend: {
    weight: 1,
    async act(world) {
      const hold = await findHold(world)
      if (!hold) return null
      return { operation: 'extend', id: hold.id, outcome: await world.ledger.extend(hold.id, TTL_MS) }
    },
    find: ({ holds }, { id, outcome }) => (outcome === false && holds.get(id)?.state === 'held' ? 'lost' : null),
  },

  sweep: {
    weight: 1,
    async act({ ledger }) {
      await ledger.expireHolds()
      return null
    },
    find: () => null,
  },

  refund: {
    weight: 1,
    async act({ database, ledger, owners, ...world }) {
      const number = pick(world)
      const { workspaceId } = owners[number % owners.length]!
      const request = { workspaceId, ref: `refund-${number}`, points: pointsOf(number) / 2 }
      const outcome = await database.transaction((tx) => ledger.refundIn(tx, request), { repeatable: true })
      return outcome === 0 ? null : { operation: 'refund', id: request.ref, outcome }
    },
    find: ({ entries }, { id, outcome }) => onlyEntry(entries, `refund ${id}`, -Number(outcome)),
  },

  adjust: {
    weight: 1,
    async act({ database, ledger, owners, ...world }) {
      const number = pick(world)
      const { workspaceId } = owners[number % owners.length]!
      const points = number % 2 === 0 ? pointsOf(number) : -pointsOf(number) / 4
      const request = { workspaceId, ref: `adjust-${number}`, points }
      const outcome = await database.transaction((tx) => ledger.adjustIn(tx, request), { repeatable: true })
      return isFailure(outcome) ? null : { operation: 'adjust', id: request.ref, outcome: points }
    },
    find: ({ entries }, { id, outcome }) => onlyEntry(entries, `adjust ${id}`, Number(outcome)),
  },
}

/** One of the operations, by their weights. */
export function drawOperation(random: Random): Operation {
  const all = Object.values(OPERATIONS)
  let left = random.next() * all.reduce((sum, { weight }) => sum + weight, 0)
  return all.find(({ weight }) => (left -= weight) < 0) ?? all[0]!
}

export async function readLeft(database: Database): Promise<Left> {
  const holds = await database.all<HoldRow>('SELECT id, points, settled, state FROM hold')
  const rows = await database.all<{ kind: string; ref: string; points: number }>('SELECT kind, ref, points FROM entry')
  const answers = await database.all<{ id: string; count: number }>(
    'SELECT hold_id AS id, COUNT(*) AS count FROM answer GROUP BY hold_id',
  )
  const entries = new Map<string, number[]>()
  for (const { kind, ref, points } of rows) {
    entries.set(`${kind} ${ref}`, [...(entries.get(`${kind} ${ref}`) ?? []), points])
  }
  return {
    holds: new Map(holds.map((hold) => [hold.id, hold])),
    entries,
    answers: new Map(answers.map(({ id, count }) => [id, count])),
  }
}

function onlyEntry(entries: Left['entries'], name: string, points: number): Fault | null {
  const found = entries.get(name) ?? []
  if (found.length > 1) return 'doubled'
  return found[0] === points ? null : 'lost'
}

function pick({ random, newest }: Pick<World, 'random' | 'newest'>): number {
  return Math.max(1, newest() - random.between(0, WITHIN))
}

/** Whoever names a number means the same points. */
function pointsOf(number: number): number {
  return 4 * (1 + (number % 50))
}

async function findHold({ database, owners, ...world }: World): Promise<Hold | null> {
  const number = pick(world)
  const id = `hold-${number}`
  const row = await database.get<{ points: number }>('SELECT points FROM hold WHERE id = $1', [id])
  if (!row) return null
  return { id, workspaceId: owners[number % owners.length]!.workspaceId, points: row.points, shortOf: null }
}

function answerFor(points: number): Parameters<ReturnType<typeof createAnswerCache>['store']>[3] {
  return { reply: { kind: 'value', value: 'x' }, provider: 'torture', edition: 'e', answeredAt: 0, points }
}
