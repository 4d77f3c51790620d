import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseAwayError } from '../database.ts'

// Half a minute: what is in hand is worth some patience with a database that is away.
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 16_000]

/** Tries again while the database is away. @param work may be done more than once. @throws {DatabaseAwayError} in the end. */
export async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const pauseMs of [...PAUSES_MS, null]) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof DatabaseAwayError) || pauseMs === null) throw error
      await pause(pauseMs)
    }
  }
  throw new Error('unreachable')
}
