/**
 * The script Excel loads: classic, synchronous, no await. A function that is not associated when the page's scripts have run is an
 * error in every cell that calls it.
 * Its exports are the global `Tariffcell`, for the pane, which lives in the same runtime.
 */
import { FUNCTION_NAMES } from '../shared/functions.ts'
import { isLanguage, type Language } from '../shared/language.ts'
import { systemClock } from '../shared/clock.ts'
import { openAnswerShelf } from './answer-shelf.ts'
import { createAddin } from './create-addin.ts'
import { nameScope } from './scope.ts'
import { createSession, type Store } from './session.ts'
import { makeCellError } from './to-cell.ts'

/** What may be there: outside Excel `Office.context` is empty and `CustomFunctions` can be missing. */
interface Host {
  CustomFunctions?: { associate?: (id: string, fn: (...args: unknown[]) => unknown) => void }
  Office?: { context?: { partitionKey?: string; displayLanguage?: string } }
  localStorage?: Store
  document?: { currentScript?: { src?: string } | null }
  location?: { href: string }
  indexedDB?: unknown
  /** Without `subtle` on a page that is neither https nor of this machine. */
  crypto?: { subtle?: SubtleCrypto }
}
const host = globalThis as unknown as Host

const session = createSession({
  store: {
    // Asked for on each use: the mere property throws where storage is forbidden.
    getItem: (key) => host.localStorage?.getItem(key) ?? null,
    setItem: (key, value) => host.localStorage!.setItem(key, value),
    removeItem: (key) => host.localStorage!.removeItem(key),
  },
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

function hostLanguage(): Language {
  const language = host.Office?.context?.displayLanguage?.slice(0, 2).toLowerCase() ?? ''
  return isLanguage(language) ? language : 'en'
}
