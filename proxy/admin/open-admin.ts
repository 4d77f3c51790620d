/**
 * The parts an operator's commands work on: database, ledger, seats, credentials. No classifier and no tariffs, so that a command
 * is there at once; no lock on the folder, because the proxy that holds it may go on running.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { failure, FailureError } from '../../shared/error-codes.ts'
import { createAudit, type Audit } from '../audit/audit.ts'
import { createSeats, type Seats } from '../auth/seats.ts'
import { readConfig, readSecrets, type Environment } from '../config.ts'
import { createCredentials, type Credentials } from '../credentials/credentials.ts'
import { openMasterKey } from '../credentials/master-key.ts'
import { createUsage, type UpstreamUsage } from '../credentials/usage.ts'
import type { Database } from '../database.ts'
import { openSqliteDatabase } from '../sqlite-database.ts'
import { createLedger, type Ledger } from '../ledger/ledger.ts'
import { makeFolder } from '../make-folder.ts'
import { createApprovals, type Approvals } from '../memory/approvals.ts'
import { migrate } from '../migrate.ts'
import { rootFolder } from '../root-folder.ts'
import { refuse } from './workspaces.ts'

export interface Admin {
  database: Database
  ledger: Ledger
  seats: Seats
  audit: Audit
  credentials: Credentials
  usage: UpstreamUsage
  approvals: Approvals
  now: () => number
  close(): Promise<void>
}

const OPEN_ATTEMPTS_MAX = 5
const OPEN_AGAIN_AFTER_MS = 100

/**
 * @param mayCreate whether a data folder that is not there yet is made.
 * @throws {FailureError} with a sentence of kind `start`.
 */
export async function openAdmin(environment: Environment, { mayCreate }: { mayCreate: boolean }): Promise<Admin> {
  const { dataFolder } = readConfig(environment)
  const masterKey = openMasterKey({ folder: dataFolder, setting: readSecrets(environment).masterKey })
  const file = join(dataFolder, 'tariffcell.sqlite')
  if (!mayCreate && !existsSync(file)) {
    throw refuse(`There is no data in ${dataFolder} yet. Start the proxy once, or set DATA_DIR to its data folder.`)
  }
  const now = Date.now
  const database = await openDatabase(dataFolder, file, now)
  const ledger = createLedger({ database, now, newId: randomUUID })
  const audit = createAudit({ database, now, newId: randomUUID })
  return {
    database,
    ledger,
    seats: createSeats({ database, ledger, now, newId: randomUUID }),
    audit,
    credentials: createCredentials({ database, masterKey, now, newId: randomUUID }),
    usage: createUsage({ database, now, newId: randomUUID }),
    approvals: createApprovals({
      database,
      audit,
      now,
      newId: randomUUID,
      // Nothing is at hand here that could be out of date.
      onChange: () => undefined,
    }),
    now,
    close: () => database.close(),
  }
}

async function openDatabase(folder: string, file: string, now: () => number): Promise<Database> {
  try {
    makeFolder(folder)
  } catch (error) {
    const { message } = error as Error
    throw new FailureError(failure('folder-not-writable', { folder, detail: message }), { cause: error })
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await openMigrated(folder, now)
    } catch (error) {
      if (error instanceof FailureError) throw error
      const { message } = error as Error
      // A proxy that starts at the same moment makes the same tables: then its are there, and ours need not be made.
      if (attempt < OPEN_ATTEMPTS_MAX && /already exists|UNIQUE|duplicate column|locked/.test(message)) {
        await setTimeout(OPEN_AGAIN_AFTER_MS)
        continue
      }
      throw new FailureError(failure('database-broken', { file, detail: message }), { cause: error })
    }
  }
}

async function openMigrated(folder: string, now: () => number): Promise<Database> {
  const database = await openSqliteDatabase(folder)
  try {
    await migrate(database, join(rootFolder(), 'proxy', 'migrations'), now)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
