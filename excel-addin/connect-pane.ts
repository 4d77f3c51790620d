/** What the pane is given of the add-in that runs beside it. */
import type { PaneDeps, PaneStore } from '../shared/pane/pane-deps.ts'
import type { Addin } from './create-addin.ts'
import { keepInMemoryToo, type Store } from './store.ts'

export function connectPane({ session, batcher, ...addin }: Addin): Pick<PaneDeps, 'session' | 'functions'> {
  return {
    session: { ...session, isConnected: () => session.token() !== null },
    functions: {
      recentErrors: () => addin.recentErrors(),
      onErrors: (listener) => addin.onErrors(listener),
      stoppedBy: () => batcher.stoppedBy(),
      resume: () => batcher.resume(),
      onStopped: (listener) => addin.onStopped(listener),
      onPoints: (listener) => addin.onPoints(listener),
      rememberedCount: () => batcher.rememberedCount,
      forgetAnswers: () => addin.forgetAnswers(),
      tellPoints: (points) => addin.tellPoints(points),
    },
  }
}

/** @param partitionKey read each time: Office sets it after the page was loaded. */
export function createPaneStore(given: Store, partitionKey: () => string): PaneStore {
  const store = keepInMemoryToo(given)
  const keyed = (name: string): string => `${partitionKey()}tariffcell.pane.${name}`
  return {
    get: (name) => store.getItem(keyed(name)),
    set: (name, text) => (text === null ? store.removeItem(keyed(name)) : store.setItem(keyed(name), text)),
  }
}
