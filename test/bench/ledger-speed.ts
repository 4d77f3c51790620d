/** What the ledger does in a second, one purchase after the other, each commit on the disk before the next: mostly the disk's figure. */
import { scratchFolder } from './child.ts'
import { forTheRecord, whole, type Figure } from './figure.ts'
import type { Pins } from './machine.ts'
import { runProgram } from './run-program.ts'

const TRANSACTIONS_A_PURCHASE = 2
const WARM_UP_MS = 500
const MEASURED_MS = 4000

export async function measureLedger(pins: Pins | null): Promise<Figure[]> {
  const data = scratchFolder()
  try {
    const input = { folder: data.folder, warmUpMs: WARM_UP_MS, measuredMs: MEASURED_MS }
    const { purchases, seconds, syncedWritesPerSecond, violations } = await runProgram(
      'purchase',
      input,
      pins?.server ?? null,
    )
    if (violations.length > 0) throw new Error(`the ledger does not add up: ${violations.join('; ')}`)
    const perSecond = purchases / seconds
    return [
      forTheRecord(
        'Ledger transactions a second on SQLite, full fsync',
        perSecond * TRANSACTIONS_A_PURCHASE,
        whole,
        `${whole(perSecond)} purchases: a hold, then a settlement with its answer; this disk takes ${whole(syncedWritesPerSecond)} synced writes a second`,
      ),
    ]
  } finally {
    data.remove()
  }
}
