/** The grid's box beside a failed cell under the pointer: it shows our sentence, and stays away where the strip shows it already. */
import type { CellAlertManagerService } from '@univerjs/presets/preset-sheets-core'
import type { CellFailure, Place } from './function-host.ts'

// The grid's own name for the box that says what an error value means.
const ERROR_BOX = 'SHEET_FORMULA_ALERT'

export interface ErrorBoxDeps {
  boxes: CellAlertManagerService
  failureAt: (place: Place) => CellFailure | null
  isSelected: (place: Place) => boolean
}

/** @returns what is to be called when another cell was selected. */
export function explainErrors({ boxes, failureAt, isSelected }: ErrorBoxDeps): () => void {
  function explain(): void {
    const box = boxes.currentAlert.get(ERROR_BOX)?.alert
    if (!box) return
    const place = { sheetId: box.location.subUnitId, row: box.location.row, column: box.location.col }
    const failed = failureAt(place)
    if (!failed) return
    if (isSelected(place)) {
      boxes.removeAlert(ERROR_BOX)
      return
    }
    // Drawn after this, from the same object.
    box.title = failed.shown
    box.message = failed.message
  }
  boxes.currentAlert$.subscribe(explain)
  return explain
}
