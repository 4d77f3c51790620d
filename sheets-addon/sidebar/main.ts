/// <reference lib="dom" />
/** The pane in a sidebar of Google Sheets. */
import { systemClock } from '../../shared/clock.ts'
import { FailureError, sentence } from '../../shared/error-codes.ts'
import { languageIn } from '../../shared/language.ts'
import { createBrowserShelf } from '../../shared/pane/browser-shelf.ts'
import { mountPane } from '../../shared/pane/mount-pane.tsx'
import { createDoor } from './door.ts'
import { createSheetsFailures } from './sheets-failures.ts'
import { createSheetsHost } from './sheets-host.ts'
import { createSheetsFunctions, createSheetsSession, createSheetsStore } from './sheets-session.ts'

declare const TARIFFCELL_VERSION: string

const element = document.getElementById('pane')!

start().catch((error: unknown) => {
  // Without what runs at Google there is nothing to show but why.
  if (!(error instanceof FailureError)) throw error
  const main = document.createElement('main')
  main.setAttribute('role', 'alert')
  main.textContent = sentence(error.failure, languageIn(navigator.languages))
  element.replaceChildren(main)
})

async function start(): Promise<void> {
  const door = createDoor()
  const { small, ...state } = await door('begin', null)
  mountPane(element, {
    ...createSheetsSession(door, state),
    host: createSheetsHost({
      door,
      spreadsheetKey: state.spreadsheetKey,
      clock: systemClock,
      onReturn(listener) {
        window.addEventListener('focus', listener)
        document.documentElement.addEventListener('pointerenter', listener)
      },
      openWindow: (url) => void window.open(url, '_blank', 'noopener'),
    }),
    functions: createSheetsFunctions(door),
    failures: createSheetsFailures(door),
    store: createSheetsStore(door, small),
    shelf: createBrowserShelf(systemClock),
    clock: systemClock,
    newId: () => crypto.randomUUID(),
    version: TARIFFCELL_VERSION,
    isPreview: false,
  })
  // Best effort: the next sidebar does it.
  door('tidy', null).catch(() => undefined)
}
