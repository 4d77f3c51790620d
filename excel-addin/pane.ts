/// <reference lib="dom" />
/** The pane inside Excel, and the preview of it in a browser without Excel. */
import { systemClock } from '../shared/clock.ts'
import { failure, sentence } from '../shared/error-codes.ts'
import { createMemoryHost } from '../shared/pane/memory-host.ts'
import { mountPane } from '../shared/pane/mount-pane.tsx'
import type { PaneDeps, PaneShelf } from '../shared/pane/pane-deps.ts'
import type { SpreadsheetHost } from '../shared/pane/spreadsheet-host.ts'
import type { Addin } from './create-addin.ts'
import { connectPane, createPaneStore } from './connect-pane.ts'
import { createExcelHost } from './excel-host.ts'
import { findExcel } from './find-excel.ts'
import { createBrowserShelf } from '../shared/pane/browser-shelf.ts'
import { PREVIEW_SHEETS } from './preview-sheets.ts'
import { createBrowserStore } from './store.ts'

declare global {
  /** Of package.json, put in when the pane is bundled. */
  const TARIFFCELL_VERSION: string
  interface Window {
    /** functions.js, which the same page loads before. */
    Tariffcell?: { addin: Addin }
    Office?: { context?: { partitionKey?: string } }
  }
}

const { addin } = window.Tariffcell!
const element = document.getElementById('pane')!

// The sample rows of the preview are new with each page.
const NO_SHELF: PaneShelf = { read: async () => [], add: async () => {}, clear: async () => {} }

void start()

async function start(): Promise<void> {
  const surroundings = await findExcel(systemClock)
  if (surroundings === 'blocked') return showBlocked()
  const isPreview = surroundings === 'browser'
  const newId = (): string => crypto.randomUUID()
  const deps: PaneDeps = {
    ...connectPane(addin),
    host: isPreview ? createPreviewHost() : createExcelHost({ clock: systemClock, newId }),
    shelf: isPreview ? NO_SHELF : createBrowserShelf(systemClock),
    store: createPaneStore(createBrowserStore(window), () => window.Office?.context?.partitionKey ?? ''),
    clock: systemClock,
    newId,
    version: TARIFFCELL_VERSION,
    isPreview,
  }
  mountPane(element, deps, location.hash.slice(1) || null)
}

function createPreviewHost(): SpreadsheetHost {
  const openWindow = (url: string): void => void window.open(url, '_blank', 'noopener')
  return { ...createMemoryHost(PREVIEW_SHEETS), openWindow }
}

/** Without Excel there is nothing to work on, and a blank pane would not say so. */
function showBlocked(): void {
  const language = addin.session.language()
  const main = document.createElement('main')
  main.className = 'blocked'
  main.setAttribute('role', 'alert')
  main.textContent = sentence(failure('office-js-blocked'), language)
  document.documentElement.lang = language
  element.replaceChildren(main)
}
