/// <reference lib="dom" />
/** Whoever has the system paint everything in a few colours of their own loses nothing that only a background said. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { SHELL_WORDS } from '../../shared/pane/shell/words.ts'
import { VIEW_IDS, type ViewId } from '../../shared/pane/view-ids.ts'
import { button } from './bulk-journey.ts'
import { keyboardOf, standStill } from './keyboard.ts'
import { startPaneHouse, type PaneHouse } from './pane-house.ts'
import { failCell, fillWorkspace, showView } from './sample-work.ts'

// Each stop of each view.
vi.setConfig({ testTimeout: 240_000 })

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse({ upstreams: true, payments: true })
  await fillWorkspace(house)
})
afterAll(() => house.close())

const WORDS = SHELL_WORDS.en

async function open() {
  const options = { before: standStill, context: { forcedColors: 'active', reducedMotion: 'reduce' } } as const
  const opened = await house.open(options)
  return { ...opened, show: (id: ViewId) => showView(opened.page, WORDS, id) }
}

/** What is painted of it and of what is in it, but for text: lines, fills that are not the page's, underlines. */
function painted(element: Locator): Promise<string> {
  return element.evaluate((whole) => {
    const page = document.body.appendChild(document.createElement('i'))
    page.style.backgroundColor = 'Canvas'
    const { backgroundColor: ground } = getComputedStyle(page)
    page.remove()
    const marks = [whole, ...whole.querySelectorAll('*')].flatMap((one) =>
      [undefined, '::before', '::after'].flatMap((part) => {
        const style = getComputedStyle(one, part)
        if (part && style.content === 'none') return []
        const { backgroundColor, borderBottomWidth, borderBottomStyle, textDecorationLine } = style
        const isFilled = backgroundColor !== ground && !/^rgba\(.*, 0\)$/.test(backgroundColor)
        return [
          isFilled && `filled ${backgroundColor}`,
          // Whatever its colour: a transparent one is painted too.
          borderBottomWidth !== '0px' && borderBottomStyle !== 'none' && 'edged',
          textDecorationLine === 'underline' && 'underlined',
        ]
      }),
    )
    return marks.filter((mark) => mark !== false).join(' ')
  })
}

async function unpainted(page: Page, selector: string): Promise<string[]> {
  const found: string[] = []
  for (const one of await page.locator(selector).all()) {
    if ((await one.isVisible()) && (await painted(one)) === '') found.push(await one.innerText())
  }
  return found
}

test('every stop of every view is marked and leads on, and every button is seen as one', async () => {
  const { page, problems, show } = await open()
  await failCell(page, 'HSRATE', ['abc', 'CA'], 'Products!F3')
  const keys = keyboardOf(page)
  const menu = button(page, WORDS.tools)
  const plain: Partial<Record<ViewId, string[]>> = {}
  for (const id of VIEW_IDS) {
    await show(id)
    await page.getByRole('heading', { level: 2 }).waitFor()
    // Once round.
    await keys.press('Tab')
    await keys.tabTo(menu)
    // What opens and closes has its arrow.
    const found = await unpainted(page, 'main button:not([aria-expanded])')
    if (found.length > 0) plain[id] = found
  }
  expect(plain).toEqual({})
  expect(keys.unmarked()).toEqual([])
  expect(problems).toEqual([])
})

test('what is chosen looks unlike what is not: a tab, an amount, a radio button', async () => {
  const { page, show } = await open()
  await show('review')
  expect(await painted(page.getByRole('tab', { name: 'Review' }))).not.toBe('')
  expect(await painted(page.getByRole('tab', { name: 'Classify' }))).toBe('')
  await show('points')
  expect(await painted(button(page, '¥50'))).not.toBe(await painted(button(page, '¥10')))
  await show('bulk')
  const radio = (name: string): Locator => page.locator('.fui-Radio', { hasText: name })
  await radio('with dots').waitFor()
  expect(await painted(radio('with dots'))).not.toBe(await painted(radio('as digits')))
})

test('how much of a limit is used, and how long each bar of the trade is, are seen', async () => {
  const [{ workspaceId, seatId }] = house.askers
  await house.house.seats.changeSeat(workspaceId, seatId, { dailyCapPoints: 6 })
  const { page, show } = await open()
  await show('points')
  const bar = page.getByRole('progressbar', { name: 'Today’s limit of this connection' })
  // What is used, and what it is of.
  expect(new Set((await painted(bar)).match(/filled [^)]+/g)).size).toBe(2)
  await show('trade')
  await page.getByRole('textbox', { name: 'Code or product' }).fill('610910')
  await button(page, 'Look up').click()
  const bars = page.locator('tbody th > div')
  await bars.first().waitFor()
  const widths = await bars.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width))
  expect(new Set(widths).size).toBeGreaterThan(5)
  for (const one of await bars.all()) expect(await painted(one)).toMatch(/edged/)
})
