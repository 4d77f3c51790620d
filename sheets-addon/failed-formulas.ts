/// <reference types="google-apps-script" />
/** Formulas that show no value, found by what their cells show, which is all that Google tells. */
import type { ShownFailures } from '../shared/pane/errors/failed-formulas.ts'
import { isErrorOf, isErrorShown } from '../shared/pane/errors/shown-error.ts'
import { callsIn, mayFillOthers } from '../shared/pane/freeze/read-formula.ts'
import type { Place } from '../shared/pane/spreadsheet-host.ts'
import { isBeingCalculated, unmarked } from './calculate-again.ts'
import { hasCells, onGrid, placeOf, rangeOn, sheetOf } from './sheet-places.ts'

/** The sheet the person sees, and what of it is in use. */
export function sheetInUse(): { sheetName: string; place: Place | null } {
  const sheet = SpreadsheetApp.getActiveSpreadsheet().getActiveSheet()
  const isInUse = hasCells(sheet) && sheet.getLastRow() > 0
  return { sheetName: sheet.getName(), place: isInUse ? placeOf(sheet.getDataRange()) : null }
}

export function failedIn(properties: GoogleAppsScript.Properties.Properties, place: Place): ShownFailures {
  const sheet = sheetOf(place.sheet)
  const grid = onGrid(sheet, place)
  const found: ShownFailures = { formulas: [], filled: [] }
  if (!grid) return found
  const range = rangeOn(sheet, grid)
  const formulas = range.getFormulas()
  for (const [down, line] of range.getDisplayValues().entries()) {
    for (const [across, shown] of line.entries()) {
      const typed = formulas[down]?.[across] ?? ''
      const formula = unmarked(typed)
      const cell = { row: grid.row + down, column: grid.column + across, shown }
      // Told apart, where they cannot be put back.
      if (formula !== typed && isBeingCalculated(properties, typed)) continue
      if (formula === '') {
        if (isErrorShown(shown)) found.filled.push(cell)
      } else if (callsIn(formula).length > 0 && (isErrorOf(formula, shown) || mayFillOthers(formula))) {
        found.formulas.push({ ...cell, formula })
      }
    }
  }
  return found
}
