/// <reference lib="dom" />
/** What the pane keeps of undoing in this browser's IndexedDB, within bounds. Where it is forbidden, broken or slow, nothing is kept. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { pause, type Clock } from '../clock.ts'
import type { PaneShelf } from './pane-deps.ts'

export interface ShelfRecord {
  name: string
  texts: number
  characters: number
  /** Milliseconds since 1970. */
  usedAt: number
}

interface Shelves extends DBSchema {
  names: { key: string; value: ShelfRecord }
  texts: { key: [name: string, number: number]; value: string }
}

// A run of 50,000 rows over 7 columns is about 12 million; at most two bytes each.
const CHARACTERS_MAX = 30_000_000
const WAIT_MS_MAX = 10_000

export function createBrowserShelf(clock: Clock): PaneShelf {
  let database: Promise<IDBPDatabase<Shelves>> | null = null
  let work: Promise<unknown> = Promise.resolve()

  /** One after the other, so that a text is never added behind what took its name off. */
  function inTurn<Result>(act: (database: IDBPDatabase<Shelves>) => Promise<Result>, otherwise: Result) {
    const done = work.then(async () => {
      database ??= openShelves()
      return Promise.race([database.then(act), pause(clock, WAIT_MS_MAX).then(() => otherwise)])
    })
    const settled = done.catch(() => otherwise)
    work = settled
    return settled
  }

  return {
    read: (name) => inTurn((shelves) => shelves.getAll('texts', allOf(name)), []),
    add: (name, text) =>
      inTurn(async (shelves) => {
        const transaction = shelves.transaction(['names', 'texts'], 'readwrite')
        const [names, texts] = [transaction.objectStore('names'), transaction.objectStore('texts')]
        const all = await names.getAll()
        const before = all.find((record) => record.name === name) ?? { name, texts: 0, characters: 0 }
        const record = {
          name,
          texts: before.texts + 1,
          characters: before.characters + text.length,
          usedAt: clock.now(),
        }
        for (const gone of tooMuch([...all.filter((one) => one.name !== name), record], CHARACTERS_MAX)) {
          await texts.delete(allOf(gone))
          if (gone !== name) await names.delete(gone)
        }
        // Half of an undo is none: what alone is too much keeps its record, and none of its texts.
        if (record.characters <= CHARACTERS_MAX) await texts.put(text, [name, record.texts])
        await names.put(record)
        await transaction.done
      }, undefined),
    clear: (name) =>
      inTurn(async (shelves) => {
        const transaction = shelves.transaction(['names', 'texts'], 'readwrite')
        await transaction.objectStore('texts').delete(allOf(name))
        await transaction.objectStore('names').delete(name)
        await transaction.done
      }, undefined),
  }
}

function openShelves(): Promise<IDBPDatabase<Shelves>> {
  return openDB<Shelves>('tariffcell-pane', 1, {
    upgrade(made) {
      made.createObjectStore('names', { keyPath: 'name' })
      made.createObjectStore('texts')
    },
  })
}

function allOf(name: string): IDBKeyRange {
  return IDBKeyRange.bound([name], [name, []])
}

/** Names whose texts go: those used longest ago, until the rest is within bounds. */
export function tooMuch(records: readonly ShelfRecord[], charactersMax: number): string[] {
  const gone: string[] = []
  let left = records.reduce((sum, { characters }) => sum + characters, 0)
  for (const { name, characters } of [...records].sort((one, other) => one.usedAt - other.usedAt)) {
    if (left <= charactersMax) break
    gone.push(name)
    left -= characters
  }
  return gone
}
