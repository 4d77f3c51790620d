/**
 * The parts an operator's commands work on: database, ledger, seats, credentials. No classifier and no tariffs, so that a command
 * is there at once; no lock on the folder, because the proxy that holds it may go on running.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { failure, FailureError } from '../../shared/error-codes.ts'
import { createSubmissions, type Submissions } from '../answer/submissions.ts'
import { createAudit, type Audit } from '../audit/audit.ts'
import { createSeats, type Seats } from '../auth/seats.ts'
import { readConfig, readSecrets, type Environment } from '../config.ts'
import { createCredentials, type Credentials } from '../credentials/credentials.ts'
import { openMasterKey } from '../credentials/master-key.ts'
import { createUsage, type UpstreamUsage } from '../credentials/usage.ts'
import type { Database } from '../database.ts'
import type { FailureLog } from '../failure-of.ts'
import { createJobs, type Jobs } from '../jobs/jobs.ts'
import { resumePausedIn } from '../jobs/resume-paused.ts'
import { createLedger, type Ledger } from '../ledger/ledger.ts'
import { makeFolder } from '../make-folder.ts'
import { createLog } from '../log.ts'
import { createApprovals, type Approvals } from '../memory/approvals.ts'
import { openDatabase } from '../open-database.ts'
import { NETWORK } from '../public-client.ts'
import type { PaymentService } from '../recharge/payment-service.ts'
import { openPaymentServices } from '../recharge/payment-services.ts'
import { createRefunds, type Refunds } from '../recharge/refunds.ts'
import { createVouchers, type Vouchers } from '../recharge/vouchers.ts'
import { rootFolder } from '../root-folder.ts'
import { createEvents } from '../webhooks/events.ts'
import { createOutbox } from '../webhooks/outbox.ts'
import { createWebhooks, type Webhooks } from '../webhooks/webhooks.ts'
import { refuse } from './workspaces.ts'

export interface Admin {
  database: Database
  ledger: Ledger
  vouchers: Vouchers
  /** Only when it is asked for: a payment service takes time to load. */
  openRefunds: () => Promise<Refunds>
  seats: Seats
  audit: Audit
  credentials: Credentials
  usage: UpstreamUsage
  webhooks: Webhooks
  jobs: Jobs
  submissions: Submissions
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
export async function openAdmin(
  environment: Environment,
  { mayCreate, paymentServices }: { mayCreate: boolean; paymentServices?: readonly PaymentService[] },
): Promise<Admin> {
  const { dataFolder, allowPrivateWebhooks } = readConfig(environment)
  const secrets = readSecrets(environment)
  const { masterKey: setting, databaseUrl } = secrets
  const masterKey = openMasterKey({ folder: dataFolder, setting })
  if (databaseUrl === null && !mayCreate && !existsSync(join(dataFolder, 'tariffcell.sqlite'))) {
    throw refuse(`There is no data in ${dataFolder} yet. Start the proxy once, or set DATA_DIR to its data folder.`)
  }
  if (databaseUrl === null || mayCreate) makeDataFolder(dataFolder)
  const now = Date.now
  const migrations = join(rootFolder(), 'proxy', 'migrations')
  const database = await openDatabase({ databaseUrl, dataFolder, migrations, now, log: SILENT })
  const newId = randomUUID
  const outbox = createOutbox({ now, newId })
  const events = createEvents(outbox)
  const ledger = createLedger({
    database,
    now,
    newId,
    onCredit: resumePausedIn,
    onCredited: events.onCredited,
    onTaken: events.onTaken,
  })
  const audit = createAudit({ database, now, newId })
  const credentials = createCredentials({ database, masterKey, now, newId })
  const parts = { database, ledger, audit, now, newId }
  return {
    database,
    ledger,
    vouchers: createVouchers(parts),
    async openRefunds() {
      const log = createLog('warn')
      const services = paymentServices ?? (await openPaymentServices({ secrets, now, log }))
      return createRefunds({ ...parts, log, services })
    },
    seats: createSeats({ database, ledger, now, newId }),
    audit,
    credentials,
    usage: createUsage({ database, now, newId }),
    jobs: createJobs({ database, audit, now, newId, onJobChanged: events.onJobChanged }),
    submissions: createSubmissions({ database, now }),
    webhooks: createWebhooks({
      database,
      masterKey,
      credentials,
      outbox,
      audit,
      network: NETWORK,
      allowPrivate: allowPrivateWebhooks,
      now,
      newId,
    }),
    approvals: createApprovals({
      database,
      audit,
      now,
      newId,
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
