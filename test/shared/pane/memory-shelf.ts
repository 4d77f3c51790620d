/** A shelf that lasts as long as the test, for panes that are closed and opened again. */
import type { PaneShelf } from '../../../shared/pane/pane-deps.ts'

export function openMemoryShelf(): PaneShelf {
  const texts = new Map<string, string[]>()
  return {
    read: async (name) => texts.get(name) ?? [],
    add: async (name, text) => void texts.set(name, [...(texts.get(name) ?? []), text]),
    clear: async (name) => void texts.delete(name),
  }
}
