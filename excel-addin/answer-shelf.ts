/// <reference lib="dom" />
/** Answers in this browser's IndexedDB. */
import { openDB, type DBSchema } from 'idb'
import type { AnswerShelf, KeptAnswer } from './kept-memory.ts'

interface Row extends KeptAnswer {
  scope: string
}

interface Shelves extends DBSchema {
  answers: { key: [scope: string, question: string]; value: Row; indexes: { expiresAt: number } }
}

export const DATABASE_NAME = 'tariffcell'

/** @throws where IndexedDB is forbidden or broken. */
export async function openAnswerShelf(): Promise<AnswerShelf> {
  const database = await openDB<Shelves>(DATABASE_NAME, 1, {
    upgrade(made) {
      const answers = made.createObjectStore('answers', { keyPath: ['scope', 'question'] })
      answers.createIndex('expiresAt', 'expiresAt')
    },
    // A newer page of ours waits for this one: it keeps what it remembers, and writes no more.
    blocking: () => database.close(),
  })
  // Lists sort after texts, so this is every question of a scope.
  const all = (scope: string): IDBKeyRange => IDBKeyRange.bound([scope], [scope, []])

  return {
    async read(scope, now) {
      const transaction = database.transaction('answers', 'readwrite')
      // Of every scope: a seat that never comes back must not fill the disk.
      for (const key of await transaction.store.index('expiresAt').getAllKeys(IDBKeyRange.upperBound(now))) {
        await transaction.store.delete(key)
      }
      const rows = await transaction.store.getAll(all(scope))
      await transaction.done
      return rows.sort((a, b) => a.usedAt - b.usedAt)
    },
    async write(scope, answers, gone) {
      const transaction = database.transaction('answers', 'readwrite')
      await Promise.all([
        ...answers.map((answer) => transaction.store.put({ ...answer, scope })),
        ...gone.map((question) => transaction.store.delete([scope, question])),
        transaction.done,
      ])
    },
    async clear(scope) {
      await database.delete('answers', all(scope))
    },
  }
}
