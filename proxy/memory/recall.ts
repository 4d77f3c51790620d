/**
 * What workspaces approved, in memory, so that a question is routed without a look-up in the database. A change, here or in another
 * process, makes it stale at once; what is stale is brought up to date before the next question is routed, and never used meanwhile.
 */
import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { failureOf, type FailureLog } from '../failure-of.ts'
import type { Country } from '../../shared/country.ts'
import type { Approval, ClassifyInquiry } from '../providers/provider.ts'
import { hashOf, placeOf, type Approvals, type MemoryState } from './approvals.ts'

export interface RecallDeps {
  approvals: Pick<Approvals, 'state' | 'states' | 'since'>
  /** Whether a country's tariff of a day has a code. */
  exists: (code: string, country: Country, date: string) => boolean
  bytesMax?: number
  log: FailureLog
}

export type Recall = ReturnType<typeof createRecall>

/** One workspace's approvals. */
interface Shelf {
  byPlace: Map<string, Approval>
  /** The newest that it holds. */
  version: number
  removals: number
  isFresh: boolean
}

// A full memory of 100,000 is about 30 MB.
const BYTES_MAX = 64 * 1024 * 1024
const BYTES_PER_APPROVAL = 320
const ROWS_PER_PAGE = 2000
const READS_MAX = 5

export function createRecall({ approvals, exists, bytesMax = BYTES_MAX, log }: RecallDeps) {
  const shelves = new LRUCache<string, Shelf>({
    maxSize: bytesMax,
    sizeCalculation: ({ byPlace }) => BYTES_PER_APPROVAL * (byPlace.size + 1),
  })
  /** Reads under way; `isStale` when something changed since they began. */
  const reading = new Map<string, { done: Promise<boolean>; isStale: boolean }>()
  /** How each workspace stood when it was read last, whether its shelf is still there or not. */
  const read = new Map<string, MemoryState>()
  const handlers = new Set<(workspaceId: string | null) => void>()

  const changed = (workspaceId: string | null): void => {
    for (const [id, one] of reading) one.isStale ||= workspaceId === null || id === workspaceId
    if (workspaceId === null) shelves.clear()
    else {
      const shelf = shelves.peek(workspaceId)
      if (shelf) shelf.isFresh = false
    }
    for (const handler of handlers) handler(workspaceId)
  }

  /** Only what is newer, where nothing was taken back. */
  const bringUpToDate = async (workspaceId: string, known: Shelf | undefined): Promise<Shelf> => {
    const state = await approvals.state(workspaceId)
    const shelf: Shelf =
      known?.removals === state.removals
        ? known
        : { byPlace: new Map(), version: 0, removals: state.removals, isFresh: false }
    for (;;) {
      const rows = await approvals.since(workspaceId, shelf.version, ROWS_PER_PAGE)
      for (const { country, keyHash, ...approval } of rows) shelf.byPlace.set(placeOf(country, keyHash), approval)
      shelf.version = rows.at(-1)?.version ?? shelf.version
      if (rows.length < ROWS_PER_PAGE) break
      await setImmediate()
    }
    read.set(workspaceId, state)
    return shelf
  }

  const readShelf = async (workspaceId: string, one: { isStale: boolean }): Promise<boolean> => {
    for (let reads = 0; reads < READS_MAX; reads++) {
      one.isStale = false
      const shelf = await bringUpToDate(workspaceId, shelves.peek(workspaceId))
      if (one.isStale) continue
      shelf.isFresh = true
      shelves.set(workspaceId, shelf)
      return true
    }
    log.warn({ workspaceId }, 'approvals change faster than they are read')
    return false
  }

  return {
    isReady: (workspaceId: string): boolean => shelves.get(workspaceId)?.isFresh === true,

    /** Reads what a workspace approved. @returns false when it could not be read. Never rejects. */
    ready(workspaceId: string): Promise<boolean> {
      const under = reading.get(workspaceId)
      if (under) return under.done
      const one = { done: Promise.resolve(false), isStale: false }
      one.done = readShelf(workspaceId, one)
        .catch((error: unknown) => {
          failureOf(log, error)
          return false
        })
        .finally(() => reading.delete(workspaceId))
      reading.set(workspaceId, one)
      return one.done
    },

    /** @returns null where nothing is approved for this text; undefined where that is not known in this turn. */
    find(workspaceId: string, { description, facts, country, date }: ClassifyInquiry): Approval | null | undefined {
      const shelf = shelves.get(workspaceId)
      if (!shelf?.isFresh) return undefined
      if (shelf.byPlace.size === 0) return null
      const approval = shelf.byPlace.get(placeOf(country, hashOf(description, facts)))
      if (!approval) return null
      // It was approved for today's tariff: of another day it tells only what was a line then too.
      return date === null || exists(approval.code, country, date) ? approval : null
    },

    /** Something was approved or taken back. @param workspaceId null: anywhere, or something was missed. */
    changed,

    onChange(handler: (workspaceId: string | null) => void): void {
      handlers.add(handler)
    },

    /** Notices what a process changed that nobody hears, such as a command line beside a proxy on SQLite. */
    async refresh(): Promise<void> {
      const states = await approvals.states()
      for (const [workspaceId, before] of read) {
        const state = states.get(workspaceId)
        if (!state || (state.version === before.version && state.removals === before.removals)) continue
        read.set(workspaceId, state)
        changed(workspaceId)
      }
    },
  }
}
