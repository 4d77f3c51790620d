import type { Place } from '../../shared/pane/spreadsheet-host.ts'
import { bundleCode } from '../../sheets-addon/build.ts'
import { createSheetsHost } from '../../sheets-addon/sidebar/sheets-host.ts'
import { createFakeClock } from '../excel-addin/fake-clock.ts'
import { createAppsScript } from '../hosts/apps-script/apps-script.ts'
import { describeHost, type ContractPerson, type ContractSheet, type Subject } from '../hosts/host-contract.ts'
import { doorOf, EDITOR, OWNER } from './sheets-house.ts'

const code = await bundleCode('https://hs.example.com')

describeHost('Google Sheets', open, new Set(['tables', 'editing', 'spills'] as const))

async function open(sheets: ContractSheet[]): Promise<Subject> {
  const world = createAppsScript()
  await world.load(code)
  const spreadsheet = world.spreadsheet({ owner: OWNER, sheets })
  const door = doorOf(world, EDITOR, spreadsheet)
  let comeBack = (): void => undefined
  const opened: string[] = []
  const host = createSheetsHost({
    door,
    spreadsheetKey: 'key',
    clock: createFakeClock(),
    onReturn(listener) {
      comeBack = listener
    },
    openWindow: (url) => void opened.push(url),
  })
  const unlocked: Place[] = []
  const person: ContractPerson = {
    ...spreadsheet.person,
    // Whoever selects comes back to the sidebar afterwards.
    select(place) {
      spreadsheet.person.select(place)
      comeBack()
    },
    spill: () => {
      throw new Error('Google Sheets does not say how far a formula reaches')
    },
    edit: () => {
      throw new Error('Google Sheets is not edited cell by cell')
    },
    unlock: (place) => void unlocked.push(place),
    protect: (sheet, isProtected) =>
      spreadsheet.person.protect(sheet, isProtected, { except: unlocked.filter((place) => place.sheet === sheet) }),
    opened,
  }
  return { host, person, close: async () => undefined }
}
