/// <reference lib="dom" />
/** Whoever cannot see, cannot tell colours apart, has no mouse or little room can use every view. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleCode, OAUTH_SCOPES } from '../../sheets-addon/build.ts'
import type { Door } from '../../sheets-addon/sidebar/door.ts'
import { SHELL_WORDS } from '../../shared/pane/shell/words.ts'
import { VIEW_IDS } from '../../shared/pane/view-ids.ts'
import { createAppsScript, type Spreadsheet } from '../hosts/apps-script/apps-script.ts'
import { doorOf, EDITOR, OWNER } from '../sheets-addon/sheets-house.ts'
import { axeViolations, cutOff, tooWide } from './axe.ts'
import { startPaneHouse, type OpenPaneOptions, type PaneHouse } from './pane-house.ts'
import { fillWorkspace, showView } from './sample-work.ts'
import { serveSidebars, type Sidebars } from './sidebar-house.ts'

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse({ upstreams: true })
  await fillWorkspace(house)
})
afterAll(() => house.close())

const LOOKS: readonly [string, OpenPaneOptions][] = [
  ['light', { context: { colorScheme: 'light', reducedMotion: 'reduce' } }],
  ['dark', { context: { colorScheme: 'dark', reducedMotion: 'reduce' } }],
  ['320 px wide', { width: 320, context: { reducedMotion: 'reduce' } }],
]

test.each(LOOKS)(
  'no view breaks a rule of WCAG 2.2 AA: %s',
  async (_, look) => {
    const { page, problems } = await house.open(look)
    const broken: Record<string, string[]> = {}
    for (const id of VIEW_IDS) {
      await showView(page, SHELL_WORDS.en, id)
      const found = [...(await axeViolations(page)), ...(look.width === 320 ? await tooWide(page) : [])]
      if (found.length > 0) broken[id] = found
    }
    expect(broken).toEqual({})
    expect(problems).toEqual([])
  },
  120_000,
)

test.each(LOOKS)('nor does the form that connects: %s', async (_, look) => {
  const { page, problems } = await house.open({ ...look, token: null })
  expect([...(await axeViolations(page)), ...(await tooWide(page))]).toEqual([])
  expect(problems).toEqual([])
})

// What a person of Google Sheets has not, or is named otherwise there. A classifier is "classeur" in French too.
const NOT_THERE = /Excel|Ctrl|F9|workbook|ce classeur|工作簿|computer|ordinateur|电脑/i

describe('in the sidebar of Google Sheets, as wide as it is there', () => {
  let sidebars: Sidebars
  let spreadsheet: Spreadsheet
  let door: Door
  beforeAll(async () => {
    const world = createAppsScript({ manifest: { oauthScopes: OAUTH_SCOPES }, loopbackHttp: true })
    await world.load(await bundleCode(house.proxy.url))
    sidebars = await serveSidebars(house.browser, world)
    const rows = [
      ['SKU', 'Description'],
      ['A-1', 'cotton shirt'],
      ['A-2', 42],
    ]
    spreadsheet = world.spreadsheet({ owner: OWNER, sheets: [{ name: 'Products', rows }] })
    door = doorOf(world, OWNER, spreadsheet)
    const { workspaceId, seatId } = house.askers[0]
    const { code } = await house.house.seats.createConnectionCode({ workspaceId, role: 'seat', name: 'one' }, seatId)
    await door('connect', { code, language: 'en' })
    await door('enable', { dailyCapPoints: 50, language: 'en' })
    spreadsheet.person.type('Products', 1, 2, '=HSCODE(B2:B3)')
    spreadsheet.person.type('Products', 2, 3, '=HSRATE(B3)')
    await world.recalculate(spreadsheet, OWNER)
  })

  test('nothing is cut off in any language, nothing speaks of another program, and no rule is broken in the dark', async () => {
    const { page, problems } = await sidebars.open(spreadsheet, OWNER, {
      context: { colorScheme: 'dark', reducedMotion: 'reduce' },
    })
    const wrong: Record<string, string[]> = {}
    for (const language of ['en', 'zh', 'fr'] as const) {
      for (const id of VIEW_IDS) {
        await showView(page, SHELL_WORDS[language], id)
        const found = [...(await tooWide(page)), ...(await cutOff(page))]
        const spoken = NOT_THERE.exec(await page.locator('#pane').innerText())
        if (spoken) found.push(spoken[0])
        if (language === 'en') found.push(...(await axeViolations(page)))
        if (found.length > 0) wrong[`${language} ${id}`] = found
      }
      // The settings are the last view, where the next language is chosen.
      if (language !== 'fr') await page.getByRole('radio', { name: language === 'en' ? '中文' : 'Français' }).click()
    }
    expect(wrong).toEqual({})
    expect(problems).toEqual([])
  }, 120_000)

  test('nor is a rule broken in the light by the views that Excel has not, nor by the form that connects', async () => {
    await door('setLanguage', 'en')
    const light = { context: { colorScheme: 'light', reducedMotion: 'reduce' } } as const
    const { page } = await sidebars.open(spreadsheet, OWNER, light)
    for (const id of ['errors', 'settings'] as const) {
      await showView(page, SHELL_WORDS.en, id)
      expect(await axeViolations(page)).toEqual([])
    }
    const other = await sidebars.open(spreadsheet, EDITOR, light)
    await other.page.getByLabel('Connection code').waitFor()
    expect([...(await axeViolations(other.page)), ...(await tooWide(other.page))]).toEqual([])
  })
})

test('nor does the open menu', async () => {
  const { page } = await house.open(LOOKS[0]![1])
  await page.getByRole('button', { name: SHELL_WORDS.en.tools }).click()
  await page.getByRole('menuitemradio').first().waitFor()
  expect(await axeViolations(page)).toEqual([])
})
