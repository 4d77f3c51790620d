/// <reference types="google-apps-script" />
/**
 * Places that a sidebar follows: the range is given a name that only we use, because Google moves and grows what is named. A sidebar that
 * is closed takes no name off. So each says every few minutes which names it still needs, and what nobody has needed for hours goes:
 * a run that is gone on with finds its rows by what they say, and names them anew.
 */
import type { Place } from '../shared/pane/spreadsheet-host.ts'
import { locked } from './locked.ts'
import { growTo, placeOf, rangeOn, sheetOf } from './sheet-places.ts'

type Properties = GoogleAppsScript.Properties.Properties

const NAME = /^TARIFFCELL_[0-9A-F]{8}$/
/** Before a name, when it was last needed: milliseconds since 1970. */
const NEEDED = 'tariffcell.followed.'
// A machine that sleeps over lunch says nothing either. Over night it loses its places, and its run is offered to be gone on with.
const FORGOTTEN_AFTER_MS = 2 * 3_600_000

export function follow(properties: Properties, place: Place): string {
  const name = `TARIFFCELL_${Utilities.getUuid().slice(0, 8).toUpperCase()}`
  const sheet = sheetOf(place.sheet)
  growTo(sheet, place)
  // First, so that no other sidebar finds a name that nobody seems to need.
  needNow(properties, name)
  SpreadsheetApp.getActiveSpreadsheet().setNamedRange(name, rangeOn(sheet, place))
  return name
}

/** @returns null once it was deleted. */
export function whereIs(name: string): Place | null {
  const range = NAME.test(name) ? SpreadsheetApp.getActiveSpreadsheet().getRangeByName(name) : null
  return range && placeOf(range)
}

export function stillFollowed(properties: Properties, names: readonly string[]): void {
  for (const name of names) if (NAME.test(name)) needNow(properties, name)
}

export function release(properties: Properties, name: string): void {
  // It is gone already where its cells were deleted.
  if (NAME.test(name) && whereIs(name)) SpreadsheetApp.getActiveSpreadsheet().removeNamedRange(name)
  properties.deleteProperty(NEEDED + name)
}

export function releaseForgotten(properties: Properties): void {
  // Two who open a sidebar at once take a name off once.
  locked(() => {
    // Before the times are read: one that is given in between has its time by then, or is not among them.
    const ranges = SpreadsheetApp.getActiveSpreadsheet().getNamedRanges()
    const needed = properties.getProperties()
    const isForgotten = (name: string): boolean =>
      NAME.test(name) && Date.now() - Number(needed[NEEDED + name] ?? 0) > FORGOTTEN_AFTER_MS
    for (const range of ranges) {
      if (isForgotten(range.getName())) range.remove()
    }
    for (const key of Object.keys(needed)) {
      if (key.startsWith(NEEDED) && isForgotten(key.slice(NEEDED.length))) properties.deleteProperty(key)
    }
  })
}

function needNow(properties: Properties, name: string): void {
  properties.setProperty(NEEDED + name, String(Date.now()))
}
