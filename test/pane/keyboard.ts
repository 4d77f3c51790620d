/// <reference lib="dom" />
/** A person without a mouse, who sees where the focus is and loses it nowhere. */
import type { ElementHandle, Locator, Page } from 'playwright-core'
import { SHELL_WORDS } from '../../shared/pane/shell/words.ts'
import type { ViewId } from '../../shared/pane/view-ids.ts'
import { PATIENCE_MS } from './pane-house.ts'

const WORDS = SHELL_WORDS.en

/** Nothing fades: a look is compared with another one at once. */
const STILL = '*, *::before, *::after { transition: none !important; animation: none !important; }'
// More than any view has stops.
const STOPS_MAX = 120

export interface Keyboard {
  /** Presses Tab until it, or something in it, has the focus, round the page if need be: whatever traps the focus fails here. */
  tabTo(target: Locator): Promise<void>
  /** Presses an arrow key until it has the focus. */
  arrowTo(target: Locator, key?: 'ArrowDown' | 'ArrowRight'): Promise<void>
  press(key: string): Promise<void>
  type(text: string): Promise<void>
  /** `tabTo`, then Enter. */
  activate(target: Locator): Promise<void>
  /** Once an action has shown its outcome. @param on left out: wherever a person sees it. */
  rests(on?: Locator): Promise<void>
  /** Elements with the focus that looked as they do without it; empty when there are none. */
  unmarked(): string[]
}

/** To be used in `before` of a page that a `Keyboard` is for. */
export async function standStill(page: Page): Promise<void> {
  await page.addInitScript((rules) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(rules)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  }, STILL)
}

export function keyboardOf(page: Page): Keyboard {
  const unmarked = new Set<string>()

  /** Says of the one before whether it looked like having the focus. @param on to ask whether it, or something in it, has it. */
  async function stop(on: ElementHandle | null): Promise<Stop> {
    const { plain, ...found } = await page.evaluate(readStop, on)
    if (plain !== null) unmarked.add(plain)
    return found
  }

  async function pressTo(target: Locator, key: string): Promise<void> {
    await target.first().waitFor()
    const wanted = await target.first().elementHandle()
    let { focused, isOn } = await stop(wanted)
    const passed: string[] = []
    while (!isOn && passed.length < STOPS_MAX) {
      await page.keyboard.press(key)
      ;({ focused, isOn } = await stop(wanted))
      passed.push(focused ?? 'nowhere')
    }
    if (!isOn) throw new Error(`${key} does not lead to ${String(target)}, but to\n${passed.slice(0, 40).join('\n')}`)
  }

  const keys: Keyboard = {
    tabTo: (target) => pressTo(target, 'Tab'),
    arrowTo: (target, key = 'ArrowDown') => pressTo(target, key),
    async press(key) {
      await page.keyboard.press(key)
      await stop(null)
    },
    type: (text) => page.keyboard.type(text),
    async activate(target) {
      await keys.tabTo(target)
      await page.keyboard.press('Enter')
    },
    async rests(on) {
      const wanted = on ? await on.elementHandle() : null
      const until = Date.now() + PATIENCE_MS
      let { focused, isOn } = await stop(wanted)
      while ((focused === null || !isOn) && Date.now() < until) ({ focused, isOn } = await stop(wanted))
      if (focused === null) throw new Error('The focus is lost: nobody in sight has it.')
      if (!isOn) throw new Error(`The focus is not on ${String(on)}, but on ${focused}`)
    },
    unmarked: () => [...unmarked],
  }
  return keys
}

/** By the menu. */
export async function goTo(page: Page, keys: Keyboard, id: ViewId): Promise<void> {
  const menu = page.getByRole('button', { name: WORDS.tools })
  await keys.activate(menu)
  await keys.arrowTo(page.getByRole('menuitemradio', { name: WORDS.views[id], exact: true }))
  await keys.press('Enter')
  await page.getByRole('main', { name: WORDS.views[id], exact: true }).waitFor()
  await keys.rests(menu)
}

/** By the tabs: Tab leads to one of them, arrows to the others. */
export async function goToTab(page: Page, keys: Keyboard, id: ViewId): Promise<void> {
  const tab = page.getByRole('tab', { name: WORDS.views[id], exact: true })
  await keys.tabTo(page.getByRole('tablist'))
  await keys.arrowTo(tab, 'ArrowRight')
  await keys.press('Enter')
  await page.getByRole('main', { name: WORDS.views[id], exact: true }).waitFor()
  await keys.rests(tab)
}

interface Stop {
  /** null: nobody in sight has it. */
  focused: string | null
  isOn: boolean
}

/** Runs in the page. */
function readStop(on: Node | null): Stop & { plain: string | null } {
  const memory = window as { stopBefore?: { element: Element; look: string } }
  const before = memory.stopBefore
  const element = document.activeElement
  const isPlain =
    before !== undefined &&
    before.element !== element &&
    before.element.isConnected &&
    before.look === look(before.element)
  const plain = isPlain ? before.element.outerHTML : null
  const isOn = on === null || on.contains(element)
  if (!element || element === document.body || !isInSight(element)) {
    delete memory.stopBefore
    return { focused: null, isOn, plain }
  }
  memory.stopBefore = { element, look: look(element) }
  return { focused: element.outerHTML.slice(0, 160), isOn, plain }

  function isInSight(element: Element): boolean {
    const { top, bottom, left, right } = element.getBoundingClientRect()
    return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
  }
  /** What could mark it: lines and fills around it, those of its frame, and of the mark drawn beside a hidden box. */
  function look(element: Element): string {
    const around = [element, element.nextElementSibling, element.parentElement, element.parentElement?.parentElement]
    return around
      .flatMap((one) =>
        one ? [undefined, '::before', '::after'].map((part) => linesOf(getComputedStyle(one, part))) : [],
      )
      .join('|')
  }
  function linesOf(style: CSSStyleDeclaration): string {
    if (style.opacity === '0' || style.content === 'none') return ''
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor, textDecoration, transform } = style
    const isOutlined = outlineStyle !== 'none' && outlineWidth !== '0px' && isSeen(outlineColor)
    const sides = ['top', 'right', 'bottom', 'left'].map((side) => {
      const [width, color] = ['width', 'color'].map((what) => style.getPropertyValue(`border-${side}-${what}`))
      return width !== '0px' && isSeen(color!) ? `${width} ${color}` : ''
    })
    const outline = isOutlined ? `${outlineWidth} ${outlineColor}` : ''
    return [
      outline,
      ...sides,
      boxShadow,
      isSeen(backgroundColor) ? backgroundColor : '',
      textDecoration,
      transform,
    ].join(' ')
  }
  function isSeen(color: string): boolean {
    return !/^rgba\(.*, 0\)$/.test(color)
  }
}
