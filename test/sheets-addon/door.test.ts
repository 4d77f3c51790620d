import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FAILURES, FailureError } from '../../shared/error-codes.ts'
import { bundleCode, doorVersion } from '../../sheets-addon/build.ts'
import { createDoor } from '../../sheets-addon/sidebar/door.ts'
import { createAppsScript, type AppsScript } from '../hosts/apps-script/apps-script.ts'
import type { Spreadsheet } from '../hosts/apps-script/spreadsheet-state.ts'
import { userInterface } from '../../sheets-addon/user-interface.ts'
import { OWNER } from './sheets-house.ts'

const code = await bundleCode('https://hs.example.com')

let world: AppsScript
let spreadsheet: Spreadsheet
beforeEach(async () => {
  world = createAppsScript()
  await world.load(code)
  spreadsheet = world.spreadsheet({ owner: OWNER })
})
afterEach(() => vi.unstubAllGlobals())

function call(...args: unknown[]): Promise<unknown> {
  return world.execute({ user: OWNER, spreadsheet, mode: 'FULL', fn: 'paneCall', args })
}

const OUTDATED = { failure: { failed: 'sidebar-outdated', details: {} } }

test('a sidebar of another version is told to be opened again, and nothing is done', async () => {
  for (const version of [[], ['another']]) {
    expect(await call('insertFormula', '=HSCODE(A2)', ...version)).toEqual(OUTDATED)
    expect(await call('deed of another version', null, ...version)).toEqual(OUTDATED)
  }
  expect(world.calls.has('Range.setFormula')).toBe(false)
})

test('so is one whose request is not as this version gives it', async () => {
  expect(await call('read', { sheet: '0', from: 'A1' }, doorVersion())).toEqual(OUTDATED)
})

test('asking again is no help then', () => {
  expect(FAILURES['sidebar-outdated'].retryable).toBe(false)
})

test('a failure that a sidebar has no sentence for is of another version', async () => {
  const reply = { failure: { failed: 'of-another-version', details: {} } }
  let succeed!: (reply: unknown) => void
  const run = {
    withSuccessHandler(handler: typeof succeed) {
      succeed = handler
      return run
    },
    withFailureHandler: () => run,
    paneCall: () => succeed(reply),
  }
  vi.stubGlobal('window', { google: { script: { run } } })
  vi.stubGlobal('TARIFFCELL_DOOR', 'v')
  const refused = await createDoor()('tidy', null).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(FailureError)
  expect(String(refused)).toContain('TC-448')
})

test('run in the script editor, where there is neither a screen nor a spreadsheet, it says what it is for', () => {
  const getUi = (): never => {
    throw new Error('Cannot call SpreadsheetApp.getUi() from this context.')
  }
  vi.stubGlobal('SpreadsheetApp', { getUi, getActiveSpreadsheet: () => null })
  expect(userInterface).toThrow(/^TC-116/)
})
