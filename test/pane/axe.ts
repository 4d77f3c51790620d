/// <reference lib="dom" />
/** axe-core's judgement of an open page: every rule of WCAG 2.2 A and AA, and its best practices. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
}
// Fluent's own sentinels at the ends of a group: hidden from screen readers, and they pass the focus on as soon as they get it.
const PAGE: AxeContext = { exclude: ['[data-tabster-dummy]'] }

interface AxeContext {
  exclude: string[]
}

declare global {
  interface Window {
    axe?: { run(context: AxeContext, options: RunOptions): Promise<AxeResults> }
  }
}

/** @returns one line for each rule that is broken and place where it is; empty when there is none. */
export async function axeViolations(page: Page): Promise<string[]> {
  await settled(page)
  // Evaluated by the debugger: the page's own policy allows no script that it did not bring.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const { violations } = await page.evaluate(([context, rules]) => window.axe!.run(context, rules), [
    PAGE,
    RULES,
  ] as const)
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`))
}

/** What is wider than the page, for a page that is to scroll down only; empty when nothing is. */
export async function tooWide(page: Page): Promise<string[]> {
  await settled(page)
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const beyond = [...document.querySelectorAll('#pane *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 0.5,
    )
    return beyond.length > 0 ? beyond.map((element) => element.outerHTML.slice(0, 120)) : [`${scrollWidth} px`]
  })
}

/** Texts whose end their own box hides; empty when there are none. */
export async function cutOff(page: Page): Promise<string[]> {
  await settled(page)
  return page.evaluate(() =>
    [...document.querySelectorAll('#pane *')]
      .filter((element) => {
        const { overflowX, position } = getComputedStyle(element)
        // Two pixels: what is there for screen readers alone.
        const isSeen = element.clientWidth > 2 && position !== 'fixed'
        return isSeen && overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1
      })
      .map((element) => element.outerHTML.slice(0, 160)),
  )
}

/** Loaded, and nothing fades any more: a colour half way between two has the contrast of neither. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('main [role=progressbar]:not([aria-valuenow]), [aria-busy=true]') === null &&
      document.getAnimations().every(({ playState }) => playState !== 'running'),
  )
}
