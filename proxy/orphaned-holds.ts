/**
 * After a kill nobody settles what was being asked, and others who ask the same wait until its hold runs out. A proxy that starts
 * alone on its SQLite knows that whoever opened these holds is dead. On PostgreSQL another may live, so there they run out.
 */
import type { Claims } from './answer/claims.ts'
import type { Submissions } from './answer/submissions.ts'
import type { Database } from './database.ts'
import type { Ledger } from './ledger/ledger.ts'
import { lockOutCommands } from './lock-folder.ts'

export interface OrphanedHoldsDeps {
  database: Pick<Database, 'engine'>
  ledger: Pick<Ledger, 'expireOrphans'>
  submissions: Pick<Submissions, 'openHolds'>
  claims: Pick<Claims, 'sweep'>
  /** Locked by the caller: no other proxy is at work in it. */
  dataFolder: string
}

/**
 * To be called before anything is asked. What was handed in by bulk keeps its holds: it is come back for.
 * @param openedBefore when this process started, in milliseconds.
 * @returns how many holds it ended; 0 while a command line is at work in the folder.
 */
export async function expireOrphanedHolds(deps: OrphanedHoldsDeps, openedBefore: number): Promise<number> {
  if (deps.database.engine !== 'sqlite') return 0
  const letCommandsIn = await lockOutCommands(deps.dataFolder)
  if (!letCommandsIn) return 0
  try {
    const expired = await deps.ledger.expireOrphans({ openedBefore, except: await deps.submissions.openHolds() })
    await deps.claims.sweep()
    return expired
  } finally {
    letCommandsIn()
  }
}
