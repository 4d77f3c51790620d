/** Makes the pane's bulk runs. */
import { observable } from '../observable.ts'
import type { BulkRuns } from './bulk-runs.ts'
import type { Classified } from './classified.ts'

export function createBulk(): BulkRuns {
  const rows = observable<readonly Classified[]>([])
  return {
    rows,
    title: observable(''),
    decide: async (n, code, decision) => {
      rows.update((all) => all.map((row) => (row.n === n ? { ...row, code, decision } : row)))
      return 'written'
    },
    goToRow: async () => {},
  }
}
