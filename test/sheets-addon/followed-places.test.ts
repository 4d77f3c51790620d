import { beforeEach, expect, test } from 'vitest'
import type { SpreadsheetHost } from '../../shared/pane/spreadsheet-host.ts'
import { bundleCode } from '../../sheets-addon/build.ts'
import { createSheetsHost } from '../../sheets-addon/sidebar/sheets-host.ts'
import { createFakeClock, type FakeClock } from '../excel-addin/fake-clock.ts'
import { createAppsScript, type AppsScript, type Spreadsheet } from '../hosts/apps-script/apps-script.ts'
import { doorOf, EDITOR, OWNER } from './sheets-house.ts'

const code = await bundleCode('https://hs.example.com')
const PLACE = { sheet: '0', row: 1, column: 1, rows: 3, columns: 2 }

let world: AppsScript
let spreadsheet: Spreadsheet
/** Google's, and that of every sidebar. */
let clock: FakeClock
/** What each sidebar has said so far. */
let sidebars: (() => Promise<unknown>)[]
beforeEach(async () => {
  sidebars = []
  clock = createFakeClock()
  world = createAppsScript({ now: () => 1_800_000_000_000 + clock.now() })
  await world.load(code)
  spreadsheet = world.spreadsheet({ owner: OWNER, sheets: [{ name: 'Products', rows: [['a'], ['b']] }] })
})

interface Sidebar {
  host: SpreadsheetHost
  /** With its page, without a word. */
  close(): void
}

async function openSidebar(user = OWNER): Promise<Sidebar> {
  let isOpen = true
  const door = doorOf(world, user, spreadsheet)
  const said: Promise<unknown>[] = []
  const host = createSheetsHost({
    door(deed, given) {
      if (!isOpen) return new Promise(() => undefined)
      const reply = door(deed, given)
      said.push(reply)
      return reply
    },
    spreadsheetKey: 'key',
    clock,
    onReturn: () => undefined,
    openWindow: () => undefined,
  })
  await door('tidy', null)
  sidebars.push(() => Promise.all(said))
  return {
    host,
    close() {
      isOpen = false
    },
  }
}

/** What open sidebars say by themselves arrives at its time. */
async function pass(hours: number): Promise<void> {
  for (let minutes = 0; minutes < hours * 60; minutes += 10) {
    await clock.advance(10 * 60_000)
    for (const said of sidebars) await said()
  }
}

const names = (): string[] => [...spreadsheet.namedRanges.keys()]
const keys = (): string[] => [...world.properties.document(spreadsheet.id).keys()]

test('what a sidebar follows keeps its name for as long as it is open, whoever opens others meanwhile', async () => {
  const one = await openSidebar()
  const followed = await one.host.follow(PLACE)
  await pass(3)
  const other = await openSidebar(EDITOR)
  const theirs = await other.host.follow({ ...PLACE, column: 5 })
  spreadsheet.person.insertRows('Products', 0, 2)
  await pass(4)
  await openSidebar()
  expect(await followed.place()).toEqual({ ...PLACE, row: 3 })
  expect(await theirs.place()).toEqual({ ...PLACE, row: 3, column: 5 })
  await followed.release()
  await theirs.release()
  expect([names(), keys()]).toEqual([[], []])
})

test('what a closed sidebar followed stays for others’ sake for two hours, then the next sidebar takes its name off', async () => {
  const closed = await openSidebar()
  await closed.host.follow(PLACE)
  await closed.host.follow({ ...PLACE, column: 5 })
  closed.close()
  await pass(1)
  const open = await openSidebar(EDITOR)
  const followed = await open.host.follow(PLACE)
  expect(names()).toHaveLength(3)
  await pass(2)
  await openSidebar()
  expect(names()).toHaveLength(1)
  expect(keys()).toHaveLength(1)
  expect(await followed.place()).toEqual(PLACE)
})

test('names of others, and those whose cells are gone, are no hindrance', async () => {
  spreadsheet.namedRanges.set('TARIFFCELL_RATES', { sheet: spreadsheet.workbook.sheets[0]!, box: null })
  const one = await openSidebar()
  await one.host.follow(PLACE)
  spreadsheet.person.deleteRows('Products', 0, 10)
  one.close()
  await pass(3)
  await openSidebar()
  expect(keys()).toEqual([])
  expect(names()).toContain('TARIFFCELL_RATES')
})

test('two who open a sidebar at once do not stumble over each other', async () => {
  const closed = await openSidebar()
  await closed.host.follow(PLACE)
  closed.close()
  await pass(3)
  await Promise.all([openSidebar(), openSidebar(EDITOR)])
  expect(names()).toEqual([])
})

test('nothing is said while nothing is followed', async () => {
  const { host } = await openSidebar()
  for (let times = 0; times < 3; times++) await (await host.follow(PLACE)).release()
  await pass(1)
  expect(clock.waiting).toBe(0)
})
