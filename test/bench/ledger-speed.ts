/** What the ledger does in a second, each commit on the disk before it is acknowledged: mostly the disk's figure. On both engines. */
import { startPostgresServer } from '../hosts/postgres-server.ts'
import { scratchFolder } from './child.ts'
import { forTheRecord, ratio, whole, type Figure } from './figure.ts'
import type { Pins } from './machine.ts'
import type { PurchaseInput } from './programs/purchase.ts'
import { runProgram } from './run-program.ts'

const TRANSACTIONS_A_PURCHASE = 2
const WARM_UP_MS = 500
const MEASURED_MS = 4000
const BUYERS = 10

export async function measureLedger(pins: Pins | null): Promise<Figure[]> {
  const data = scratchFolder()
  const server = await startPostgresServer({ durable: true })
  try {
    const sqlite = await purchase(pins, { folder: data.folder, databaseUrl: null, buyers: 1 })
    await server.createDatabase('one')
    const one = await purchase(pins, { folder: data.folder, databaseUrl: server.urlOf('one'), buyers: 1 })
    await server.createDatabase('many')
    const many = await purchase(pins, { folder: data.folder, databaseUrl: server.urlOf('many'), buyers: BUYERS })
    const disk = whole(sqlite.syncedWritesPerSecond)
    const what = `a hold, then a settlement with its answer; this disk takes ${disk} synced writes a second`
    return [
      forTheRecord(
        'Ledger transactions a second on SQLite, full fsync',
        sqlite.perSecond,
        whole,
        `${whole(sqlite.perSecond / TRANSACTIONS_A_PURCHASE)} purchases: ${what}`,
      ),
      forTheRecord('The same on PostgreSQL, server beside it, full fsync', one.perSecond, whole, 'one after the other'),
      forTheRecord(
        'The same on PostgreSQL against SQLite',
        one.perSecond / sqlite.perSecond,
        ratio,
        `${ratio(many.perSecond / sqlite.perSecond)} with ${BUYERS} workspaces buying at once, ${whole(many.perSecond)} a second`,
      ),
    ]
  } finally {
    await server.close()
    data.remove()
  }
}

async function purchase(
  pins: Pins | null,
  where: Pick<PurchaseInput, 'folder' | 'databaseUrl' | 'buyers'>,
): Promise<{ perSecond: number; syncedWritesPerSecond: number }> {
  const input = { ...where, warmUpMs: WARM_UP_MS, measuredMs: MEASURED_MS }
  const output = await runProgram('purchase', input, pins?.server ?? null)
  const { purchases, seconds, syncedWritesPerSecond, violations } = output
  if (violations.length > 0) throw new Error(`the ledger does not add up: ${violations.join('; ')}`)
  return { perSecond: (purchases / seconds) * TRANSACTIONS_A_PURCHASE, syncedWritesPerSecond }
}
