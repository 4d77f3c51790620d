import { expect, test } from 'vitest'
import { createMetrics } from '../../proxy/metrics.ts'
import { createLedgerWatch, INSPECT_EVERY_MS } from '../../proxy/watch-ledger.ts'
import { SILENT } from '../hosts/test-database.ts'
import { openTestLedger } from '../hosts/test-ledger.ts'

test('the ledger is counted at every look, inspected every five minutes, and what is wrong with it is a metric', async () => {
  const { ledger, database, clock, grant, mustHold } = await openTestLedger()
  const metrics = createMetrics({
    gatherers: { load: () => ({ waiting: 0, calls: 0 }) },
    connections: { states: () => [] },
    cacheEntries: () => 0,
  })
  const shown = async (): Promise<string[]> =>
    (await metrics.text()).split('\n').filter((line) => /^tariffcell_(ledger_violations|holds_open) /.test(line))
  const look = createLedgerWatch({ ledger, metrics, now: clock.now, log: SILENT })
  expect(await shown()).toEqual(['tariffcell_ledger_violations Nan', 'tariffcell_holds_open Nan'])
  await grant(100)
  await mustHold(10)
  await look()
  expect(await shown()).toEqual(['tariffcell_ledger_violations 0', 'tariffcell_holds_open 1'])

  await database.run('DROP TRIGGER account_moves_by_entries')
  await database.run('UPDATE account SET posted = 70 WHERE posted = 100')
  await look()
  expect(await shown()).toContain('tariffcell_ledger_violations 0')
  clock.advance(INSPECT_EVERY_MS)
  await look()
  expect(await shown()).toContain('tariffcell_ledger_violations 1')
  await database.close()
})
