/** Looks at the ledger from time to time while the proxy works, and says what it saw. */
import type { FailureLog } from './failure-of.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Metrics } from './metrics.ts'

export interface WatchLedgerDeps {
  ledger: Pick<Ledger, 'inspect' | 'openHolds'>
  metrics: Pick<Metrics, 'ledgerViolations' | 'holdsOpen'>
  now: () => number
  log: FailureLog
}

// Every entry is read anew: often enough for an alarm, seldom enough to be no load.
export const INSPECT_EVERY_MS = 5 * 60_000
const VIOLATIONS_LOGGED = 5

/** @returns one look: counts open holds, and inspects the ledger when that is due and not under way. Rejects when it cannot. */
export function createLedgerWatch({ ledger, metrics, now, log }: WatchLedgerDeps): () => Promise<void> {
  let nextAt = now()
  let isInspecting = false
  return async () => {
    metrics.holdsOpen(await ledger.openHolds())
    if (isInspecting || now() < nextAt) return
    isInspecting = true
    try {
      const { violations } = await ledger.inspect()
      metrics.ledgerViolations(violations.length)
      if (violations.length > 0) {
        const details = { count: violations.length, violations: violations.slice(0, VIOLATIONS_LOGGED) }
        log.error(details, 'the ledger does not add up: npm run admin -- ledger verify')
      }
      nextAt = now() + INSPECT_EVERY_MS
    } finally {
      isInspecting = false
    }
  }
}
