import type { Place } from '../../shared/pane/spreadsheet-host.ts'
import { FailureError } from '../../shared/error-codes.ts'
import { bundleCode } from '../../sheets-addon/build.ts'
import type { DoorReply } from '../../sheets-addon/door-protocol.ts'
import type { Door } from '../../sheets-addon/sidebar/door.ts'
import { createSheetsHost } from '../../sheets-addon/sidebar/sheets-host.ts'
import { createAppsScript } from '../hosts/apps-script/apps-script.ts'
import { describeHost, type ContractPerson, type ContractSheet, type Subject } from '../hosts/host-contract.ts'

const USER = 'editor@example.com'
const code = await bundleCode('https://hs.example.com')

describeHost('Google Sheets', open, new Set(['tables', 'editing', 'spills'] as const))

async function open(sheets: ContractSheet[]): Promise<Subject> {
  const world = createAppsScript()
  await world.load(code)
  const spreadsheet = world.spreadsheet({ owner: 'owner@example.com', sheets })
  const door: Door = async (deed, given) => {
    const call = { user: USER, spreadsheet, mode: 'FULL', fn: 'paneCall', args: [deed, given] } as const
    const reply = (await world.execute(call)) as DoorReply
    if ('failure' in reply) throw new FailureError(reply.failure)
    return JSON.parse(JSON.stringify(reply.value)) as never
  }
  let comeBack = (): void => undefined
  const opened: string[] = []
  const host = createSheetsHost({
    door,
    spreadsheetKey: 'key',
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
