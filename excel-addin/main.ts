/**
 * The script Excel loads: classic, synchronous, no await. A function that is not associated when the page's scripts have run is an
 * error in every cell that calls it.
 * Its exports are the global `Tariffcell`, for the pane, which lives in the same runtime.
 */
import { FUNCTION_NAMES } from '../shared/functions.ts'
import { languageIn, type Language } from '../shared/language.ts'
import { systemClock } from '../shared/clock.ts'
import { openAnswerShelf } from './answer-shelf.ts'
import { createAddin } from './create-addin.ts'
import { nameScope } from './scope.ts'
import { createSession } from './session.ts'
import { createBrowserStore } from './store.ts'
import { makeCellError } from './to-cell.ts'

/** What may be there: outside Excel `Office.context` is empty and `CustomFunctions` can be missing. */
interface Host {
  CustomFunctions?: { associate?: (id: string, fn: (...args: unknown[]) => unknown) => void }
  Office?: { context?: { partitionKey?: string; displayLanguage?: string } }
  document?: { currentScript?: { src?: string } | null }
  location?: { href: string }
  navigator?: { languages?: readonly string[] }
  indexedDB?: unknown
  /** Without `subtle` on a page that is neither https nor of this machine. */
  crypto?: { subtle?: SubtleCrypto }
}
const host = globalThis as unknown as Host

const session = createSession({
  store: createBrowserStore(globalThis),
  partitionKey,
  defaultBaseUrl: servedFrom(),
  defaultLanguage: hostLanguage,
  fetch: (url, init) => fetch(url, init),
  clock: systemClock,
})

export const addin = createAddin({
  session,
  fetch: (url, init) => fetch(url, init),
  clock: systemClock,
  makeError: makeCellError,
  kept: {
    openShelf: hasShelf() ? openAnswerShelf : null,
    scope: () => nameScope({ session, partitionKey: partitionKey(), subtle: host.crypto?.subtle }),
  },
})

for (const name of FUNCTION_NAMES) host.CustomFunctions?.associate?.(name, addin.functions[name])

function partitionKey(): string {
  return host.Office?.context?.partitionKey ?? ''
}

/** The mere property throws where storage is forbidden. */
function hasShelf(): boolean {
  try {
    return host.indexedDB !== undefined && host.indexedDB !== null
  } catch {
    return false
  }
}

/** This script is `<proxy>/excel/functions.js`, also where the proxy stands under a path. */
function servedFrom(): string {
  const source = host.document?.currentScript?.src || host.location?.href
  return source ? new URL('..', source).href : ''
}

/** Excel's own; outside of Excel, the browser's. */
function hostLanguage(): Language {
  const shown = host.Office?.context?.displayLanguage
  return languageIn(shown === undefined ? (host.navigator?.languages ?? []) : [shown])
}
