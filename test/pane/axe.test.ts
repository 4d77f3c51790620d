/// <reference lib="dom" />
/** Whoever cannot see, cannot tell colours apart, has no mouse or little room can use every view. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SHELL_WORDS } from '../../shared/pane/shell/words.ts'
import { VIEW_IDS } from '../../shared/pane/view-ids.ts'
import { axeViolations, tooWide } from './axe.ts'
import { startPaneHouse, type OpenPaneOptions, type PaneHouse } from './pane-house.ts'
import { fillWorkspace, showView } from './sample-work.ts'

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

test('nor does the open menu', async () => {
  const { page } = await house.open(LOOKS[0]![1])
  await page.getByRole('button', { name: SHELL_WORDS.en.tools }).click()
  await page.getByRole('menuitemradio').first().waitFor()
  expect(await axeViolations(page)).toEqual([])
})
