/// <reference lib="dom" />
/**
 * Where the focus goes when what had it is gone: a button whose work is done, a part that gave way to the next one. A browser drops it
 * on the page as a whole, and whoever works by keyboard or listens no longer knows where they are.
 */
import { useEffect, type RefObject } from 'react'

/** On the headings of views and of steps in them, which take the focus: `<h3 {...LANDING}>`. */
export const LANDING = { tabIndex: -1, 'data-landing': '' } as const
// What closes these gives the focus back to what opened them.
const OVERLAYS = '[role=menu], [role=dialog], [role=alertdialog]'

/** @param page holds all views. */
export function useKeptFocus(page: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = page.current
    if (!root) return
    let last: Element | null = null
    const remember = (event: FocusEvent): void => {
      last = event.target instanceof Element ? event.target : null
    }
    const observer = new MutationObserver((records) => {
      if (!last || last.isConnected || root.ownerDocument.activeElement !== root.ownerDocument.body) return
      if (last.closest(OVERLAYS)) return
      const gone = records.find(
        ({ target, removedNodes }) => target.isConnected && [...removedNodes].some(holds(last!)),
      )
      if (gone) landingOf(gone, root)?.focus()
    })
    root.addEventListener('focusin', remember)
    observer.observe(root, { childList: true, subtree: true })
    return () => {
      root.removeEventListener('focusin', remember)
      observer.disconnect()
    }
  }, [page])
}

function holds(element: Element): (node: Node) => boolean {
  return (node) => node.contains(element)
}

/** The entry that took its place in a list; else the innermost step of the nearest part that has one. */
function landingOf({ target, previousSibling, nextSibling }: MutationRecord, root: HTMLElement): HTMLElement | null {
  for (const beside of [nextSibling, previousSibling]) {
    if (!(beside instanceof HTMLLIElement)) continue
    beside.tabIndex = -1
    return beside
  }
  for (let part = target as Element | null; part && root.contains(part); part = part.parentElement) {
    const landing = [...part.querySelectorAll<HTMLElement>('[data-landing]')].at(-1)
    if (landing) return landing
  }
  return null
}
