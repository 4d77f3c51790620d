/// <reference types="google-apps-script" />
/** What this person may not write: sheets and ranges that somebody protected. */
import { failure, FailureError } from '../shared/error-codes.ts'
import { intersect } from '../shared/pane/place.ts'
import type { Place } from '../shared/pane/spreadsheet-host.ts'
import { placeOf } from './sheet-places.ts'

/** @param places in the sheet that are to be written. @throws {FailureError} `sheet-protected`. */
export function refuseProtected(sheet: GoogleAppsScript.Spreadsheet.Sheet, places: readonly Place[]): void {
  const { SHEET, RANGE } = SpreadsheetApp.ProtectionType
  const refuse = (): never => {
    throw new FailureError(failure('sheet-protected', { sheet: sheet.getName() }))
  }
  for (const protection of sheet.getProtections(SHEET)) {
    if (protection.canEdit()) continue
    const open = protection.getUnprotectedRanges().map(placeOf)
    if (places.some((place) => !open.some((range) => contains(range, place)))) refuse()
  }
  for (const protection of sheet.getProtections(RANGE)) {
    if (protection.canEdit()) continue
    const closed = placeOf(protection.getRange())
    if (places.some((place) => intersect(place, closed) !== null)) refuse()
  }
}

/** A place that two open ranges cover between them counts as closed. */
function contains(outer: Place, inner: Place): boolean {
  const shared = intersect(outer, inner)
  return shared !== null && shared.rows === inner.rows && shared.columns === inner.columns
}
