/** Formulas of the sheet that show no value, looked for and calculated again a piece at a time. */
import { FailureError } from '../../shared/error-codes.ts'
import { groupFailed, type AgainReport, type ShownFailures } from '../../shared/pane/errors/failed-formulas.ts'
import type { PaneFailures } from '../../shared/pane/pane-deps.ts'
import { FORMULAS_PER_CALL_MAX } from '../door-protocol.ts'
import type { Door } from './door.ts'
import { inPieces } from './sheets-host.ts'

// Read at Google, and mostly nothing of it comes here.
const CELLS_PER_LOOK = 20_000

export function createSheetsFailures(door: Door): PaneFailures {
  return {
    async look(options = {}) {
      const unreturned = await door('putBackMarked', null)
      const { sheetName, place } = await door('sheetInUse', null)
      const pieces = place ? await inPieces(place, CELLS_PER_LOOK, options, (piece) => door('failedIn', piece)) : []
      const shown: ShownFailures = {
        formulas: pieces.flatMap(({ formulas }) => formulas),
        filled: pieces.flatMap(({ filled }) => filled),
      }
      return { sheet: place?.sheet ?? sheetName, sheetName, groups: groupFailed(shown), unreturned }
    },
    async calculateAgain(sheet, formulas, { signal, onProgress } = {}) {
      const report: AgainReport = { rewritten: 0, changed: 0, left: formulas.length, failed: null }
      for (let from = 0; from < formulas.length; from += FORMULAS_PER_CALL_MAX) {
        if (signal?.aborted) break
        const piece = formulas.slice(from, from + FORMULAS_PER_CALL_MAX)
        try {
          const { rewritten, changed } = await door('calculateAgain', { sheet, formulas: piece })
          report.rewritten += rewritten
          report.changed += changed
          report.left -= piece.length
        } catch (error) {
          if (!(error instanceof FailureError)) throw error
          return { ...report, failed: error.failure }
        }
        onProgress?.(from + piece.length)
      }
      return report
    },
    forgetGone: async () => void (await door('forgetGone', null)),
  }
}
