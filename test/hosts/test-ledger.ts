/** A ledger of one workspace with one seat, on a migrated database of its own. */
import { createSeats } from '../../proxy/auth/seats.ts'
import type { Database } from '../../proxy/database.ts'
import { createLedger, type Hold, type HoldRequest, type Ledger } from '../../proxy/ledger/ledger.ts'
import { isFailure, type Failure } from '../../shared/error-codes.ts'
import { openTestDatabase, testClock, testIds, type Engine, type TestClock } from './test-database.ts'

export interface TestLedger {
  database: Database
  ledger: Ledger
  clock: TestClock
  workspaceId: string
  seatId: string
  /** Another workspace, without points. */
  stranger: { workspaceId: string; seatId: string }
  grant: (points: number, ref?: string) => Promise<'applied' | 'duplicate'>
  /** Without a cap, for a second. */
  hold(points: number, changes?: Partial<HoldRequest>): Promise<Hold | Failure>
  mustHold: (points: number) => Promise<Hold>
}

export async function openTestLedger(folder: string | null = null, engine: Engine = 'sqlite'): Promise<TestLedger> {
  const database = await openTestDatabase(folder, engine)
  const clock = testClock()
  const newId = testIds()
  const ledger = createLedger({ database, now: clock.now, newId })
  const seats = createSeats({ database, ledger, now: clock.now, newId })
  const [own, stranger] = [await seats.createWorkspace('own'), await seats.createWorkspace('stranger')]
  const { workspaceId } = own
  const seatId = (await seats.ownerSeatId(workspaceId))!
  const hold: TestLedger['hold'] = (points, changes = {}) =>
    ledger.hold({ workspaceId, seatId, dailyCapPoints: null, points, ttlMs: 1000, ...changes })
  return {
    database,
    ledger,
    clock,
    workspaceId,
    seatId,
    stranger: {
      workspaceId: stranger.workspaceId,
      seatId: (await seats.ownerSeatId(stranger.workspaceId))!,
    },
    grant: (points, ref = `test:${points}`) => ledger.credit({ workspaceId, kind: 'grant', ref, points }),
    hold,
    async mustHold(points) {
      const held = await hold(points)
      if (isFailure(held)) throw new Error(held.failed)
      return held
    },
  }
}

export const storeNothing = async (): Promise<void> => {}
