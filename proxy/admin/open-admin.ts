/**
 * The parts an operator's commands work on: database, ledger, seats, credentials. No classifier and no tariffs, so that a command
 * is there at once; no lock on the folder, because the proxy that holds it may go on running.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { failure, FailureError } from '../../shared/error-codes.ts'
import { createAudit, type Audit } from '../audit/audit.ts'
import { createSeats, type Seats } from '../auth/seats.ts'
import { readConfig, readSecrets, type Environment } from '../config.ts'
import { createCredentials, type Credentials } from '../credentials/credentials.ts'
import { openMasterKey } from '../credentials/master-key.ts'
import { createUsage, type UpstreamUsage } from '../credentials/usage.ts'
import type { Database } from '../database.ts'
import type { FailureLog } from '../failure-of.ts'
import { createLedger, type Ledger } from '../ledger/ledger.ts'
import { makeFolder } from '../make-folder.ts'
import { createApprovals, type Approvals } from '../memory/approvals.ts'
import { openDatabase } from '../open-database.ts'
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

/** A command says itself what went wrong; that a database comes and goes meanwhile is nothing to it. */
const SILENT: FailureLog = { warn: () => undefined, error: () => undefined }

/**
 * @param mayCreate whether a data folder that is not there yet is made.
 * @throws {FailureError} with a sentence of kind `start`.
 */
export async function openAdmin(environment: Environment, { mayCreate }: { mayCreate: boolean }): Promise<Admin> {
  const { dataFolder } = readConfig(environment)
  const { masterKey: setting, databaseUrl } = readSecrets(environment)
  const masterKey = openMasterKey({ folder: dataFolder, setting })
  if (databaseUrl === null && !mayCreate && !existsSync(join(dataFolder, 'tariffcell.sqlite'))) {
    throw refuse(`There is no data in ${dataFolder} yet. Start the proxy once, or set DATA_DIR to its data folder.`)
  }
  if (databaseUrl === null || mayCreate) makeDataFolder(dataFolder)
  const now = Date.now
  const migrations = join(rootFolder(), 'proxy', 'migrations')
  const database = await openDatabase({ databaseUrl, dataFolder, migrations, now, log: SILENT })
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

function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder)
  } catch (error) {
    const { message } = error as Error
    throw new FailureError(failure('folder-not-writable', { folder, detail: message }), { cause: error })
  }
}
