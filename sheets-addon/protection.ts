/// <reference types="google-apps-script" />
/** What this person may not write: sheets and ranges that somebody protected. */
import { failure, FailureError } from '../shared/error-codes.ts'
import { intersect } from '../shared/pane/place.ts'
import type { Place } from '../shared/pane/spreadsheet-host.ts'
import { placeOf } from './sheet-places.ts'

/** @param places in the sheet that are to be written. @throws {FailureError} `sheet-protected`. */
export function refuseProtected(sheet: GoogleAppsScript.Spreadsheet.Sheet, places: readonly Place[]): void {
  if (isProtected(sheet, places)) throw new FailureError(failure('sheet-protected', { sheet: sheet.getName() }))
}

/** Whether this person may not write one of them. */
export function isProtected(sheet: GoogleAppsScript.Spreadsheet.Sheet, places: readonly Place[]): boolean {
  const { SHEET, RANGE } = SpreadsheetApp.ProtectionType
  for (const protection of sheet.getProtections(SHEET)) {
    if (protection.canEdit()) continue
    const open = protection.getUnprotectedRanges().map(placeOf)
    if (places.some((place) => !open.some((range) => contains(range, place)))) return true
  }
  return sheet.getProtections(RANGE).some((protection) => {
    if (protection.canEdit()) return false
    const closed = placeOf(protection.getRange())
    return places.some((place) => intersect(place, closed) !== null)
  })
}

/** A place that two open ranges cover between them counts as closed. */
function contains(outer: Place, inner: Place): boolean {
  const shared = intersect(outer, inner)
  return shared !== null && shared.rows === inner.rows && shared.columns === inner.columns
}
