/// <reference lib="dom" />
/** A file let go beside what takes it would open in the place of the pane, and with the pane go a run and all that was typed. */

/** @returns what takes it off again. */
export function refuseDrops(page: Window): () => void {
  const refuse = (event: DragEvent): void => {
    // Text may be dragged into a field, and what takes files has said so by now.
    if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'none'
  }
  const types = ['dragover', 'drop'] as const
  for (const type of types) page.addEventListener(type, refuse)
  return () => types.forEach((type) => page.removeEventListener(type, refuse))
}
