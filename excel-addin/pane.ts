/// <reference lib="dom" />
/** The pane inside Excel, and the preview of it in a browser without Excel. */
import { systemClock } from '../shared/clock.ts'
import { createMemoryHost } from '../shared/pane/memory-host.ts'
import { mountPane } from '../shared/pane/mount-pane.tsx'
import type { PaneDeps } from '../shared/pane/pane-deps.ts'
import type { Addin } from './create-addin.ts'
import { connectPane, createPaneStore } from './connect-pane.ts'
import { PREVIEW_SHEETS } from './preview-sheets.ts'
import type { Store } from './store.ts'

declare global {
  interface Window {
    /** functions.js, which the same page loads before. */
    Tariffcell?: { addin: Addin }
    Office?: { context?: { partitionKey?: string } }
  }
}

const { addin } = window.Tariffcell!
// Asked for on each use: the mere property throws where storage is forbidden.
const browserStore: Store = {
  getItem: (key) => window.localStorage.getItem(key),
  setItem: (key, value) => window.localStorage.setItem(key, value),
  removeItem: (key) => window.localStorage.removeItem(key),
}

void start()

async function start(): Promise<void> {
  const deps: PaneDeps = {
    ...connectPane(addin),
    host: createMemoryHost(PREVIEW_SHEETS),
    store: createPaneStore(browserStore, () => window.Office?.context?.partitionKey ?? ''),
    clock: systemClock,
    newId: () => crypto.randomUUID(),
    version: '',
    isPreview: true,
  }
  mountPane(document.getElementById('pane')!, deps, location.hash.slice(1) || null)
}
