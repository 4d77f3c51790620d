/**
 * A memory that outlives the page: read once from this machine's disk when the first cell asks, written behind. The proxy stays the
 * source of truth; where the disk is missing, forbidden, full or slow, answers are remembered as long as the page lives.
 */
import { pause, type Clock } from '../shared/clock.ts'
import type { CellAnswer } from '../shared/cell-answer.ts'
import { createMemory, type Memory } from './memory.ts'

export interface KeptAnswer {
  question: string
  answer: CellAnswer
  /** Milliseconds since 1970. */
  expiresAt: number
  /** To the hour; the least recently used goes first. */
  usedAt: number
  /** Version of the proxy's data it was answered from; null: not told yet. */
  dataVersion: string | null
}

/** Answers on disk. A scope is a seat in a language: none sees another's. */
export interface AnswerShelf {
  /** Least recently used first, without what is over. */
  read(scope: string, now: number): Promise<KeptAnswer[]>
  write(scope: string, answers: readonly KeptAnswer[], gone: readonly string[]): Promise<void>
  clear(scope: string): Promise<void>
}

export interface KeptMemoryDeps {
  clock: Clock
  /** null: this browser keeps nothing. */
  openShelf: (() => Promise<AnswerShelf>) | null
  /** Names who asks, and holds no token; null: nobody who can be named, and nothing is kept. */
  scope: () => Promise<string | null>
  inMemoryMax: number
}

export interface KeptMemory extends Memory<CellAnswer> {
  /** @returns whether what is remembered comes from these data; where not, it should be forgotten. */
  isOf(dataVersion: string): boolean
  /** When everything set until now is on disk, or is given up. Never rejects. */
  written(): Promise<void>
}

export const KEPT_MAX = 5000
export const LOADED_WITHIN_MS = 200
const WRITTEN_AFTER_MS = 1000
const OPENED_WITHIN_MS = 10_000
const HOUR_MS = 3600 * 1000

/** One seat's time with the shelf. */
interface Stay {
  scope: Promise<string | null>
  /** What is on the shelf, or will be: question → last use. Least recently used first. */
  used: Map<string, number>
  /** To be written; null: to be removed. */
  waiting: Map<string, KeptAnswer | null>
  /** What the proxy told; null: nothing yet. */
  dataVersion: string | null
  /** Versions of what was read. */
  versionsRead: Set<string>
  /** Answered before the proxy told its version. */
  unversioned: Set<string>
}

export function createKeptMemory({ clock, openShelf, scope, inMemoryMax }: KeptMemoryDeps): KeptMemory {
  const memory = createMemory<CellAnswer>(inMemoryMax, () => clock.now())
  let stay: Stay | null = null
  let loading: Promise<void> | null = null
  let shelf: Promise<AnswerShelf | null> | null = null
  /** Work on the shelf, one after the other. */
  let work: Promise<void> = Promise.resolve()
  let callOffWrite: (() => void) | null = null
  let isBroken = openShelf === null

  function current(): Stay {
    stay ??= begin()
    return stay
  }

  function begin(): Stay {
    const begun: Stay = {
      scope: isBroken ? Promise.resolve(null) : scope(),
      used: new Map(),
      waiting: new Map(),
      dataVersion: null,
      versionsRead: new Set(),
      unversioned: new Set(),
    }
    if (isBroken) return begun
    const loaded = onShelf(begun, async (opened, name) => fill(begun, await opened.read(name, clock.now())))
    const mine = Promise.race([loaded, pause(clock, LOADED_WITHIN_MS)]).then(() => {
      if (loading === mine) loading = null
    })
    loading = mine
    return begun
  }

  /** Does something on the shelf after all that was to be done before. Never rejects: the first failure is the last try. */
  function onShelf(whose: Stay, act: (opened: AnswerShelf, scope: string) => Promise<void>): Promise<void> {
    work = work.then(async () => {
      if (isBroken) return
      try {
        const [opened, name] = await Promise.all([open(), whose.scope])
        if (opened && name !== null) await act(opened, name)
      } catch {
        isBroken = true
      }
    })
    return work
  }

  async function open(): Promise<AnswerShelf | null> {
    // A database that another page holds in an older version may never open.
    shelf ??= Promise.race([openShelf?.() ?? null, pause(clock, OPENED_WITHIN_MS).then(() => null)])
    const opened = await shelf
    if (!opened) isBroken = true
    return opened
  }

  function fill(begun: Stay, kept: readonly KeptAnswer[]): void {
    if (stay !== begun) return
    const spare = Math.max(0, kept.length - KEPT_MAX)
    for (const [at, { question, answer, expiresAt, usedAt, dataVersion }] of kept.entries()) {
      // Without a version nobody can say whether it still holds.
      if (at < spare || dataVersion === null || dataVersion !== (begun.dataVersion ?? dataVersion)) {
        leaveOut(begun, question)
        continue
      }
      // What was answered while this was read is newer.
      if (begun.used.has(question)) continue
      begun.versionsRead.add(dataVersion)
      begun.used.set(question, usedAt)
      memory.set(question, answer, expiresAt - clock.now())
    }
  }

  function leaveOut(from: Stay, question: string): void {
    if (from.used.has(question)) return
    from.waiting.set(question, null)
    writeSoon(from)
  }

  function keep(answer: KeptAnswer): void {
    const into = current()
    into.used.delete(answer.question)
    into.used.set(answer.question, answer.usedAt)
    into.waiting.set(answer.question, answer)
    const [oldest] = into.used.keys()
    if (into.used.size > KEPT_MAX && oldest !== undefined) {
      into.used.delete(oldest)
      into.waiting.set(oldest, null)
    }
    writeSoon(into)
  }

  function keepAgain(question: string, answer: CellAnswer, dataVersion: string | null): void {
    const expiresAt = memory.expiresAt(question)
    if (expiresAt !== null) keep({ question, answer, expiresAt, usedAt: clock.now(), dataVersion })
  }

  function writeSoon(from: Stay): void {
    if (isBroken) from.waiting.clear()
    else callOffWrite ??= clock.schedule(() => void write(from), WRITTEN_AFTER_MS)
  }

  function write(from: Stay): Promise<void> {
    callOffWrite?.()
    callOffWrite = null
    const waiting = [...from.waiting]
    from.waiting.clear()
    if (waiting.length === 0) return work
    const answers = waiting.flatMap(([, answer]) => answer ?? [])
    const gone = waiting.flatMap(([question, answer]) => (answer ? [] : [question]))
    return onShelf(from, (opened, name) => opened.write(name, answers, gone))
  }

  return {
    get loading() {
      current()
      return loading
    },
    get(question) {
      const { used, dataVersion } = current()
      const answer = memory.get(question)
      const usedAt = used.get(question)
      const now = clock.now()
      // A use is written down once an hour, not with each recalculation.
      if (answer && usedAt !== undefined && now - usedAt >= HOUR_MS) keepAgain(question, answer, dataVersion)
      return answer
    },
    set(question, answer, ttlMs) {
      const { dataVersion, unversioned } = current()
      memory.set(question, answer, ttlMs)
      // What is good for a minute is not worth the disk.
      if (ttlMs < HOUR_MS) return
      const now = clock.now()
      if (dataVersion === null) unversioned.add(question)
      keep({ question, answer, expiresAt: now + ttlMs, usedAt: now, dataVersion })
    },
    expiresAt: (question) => memory.expiresAt(question),
    clear() {
      const old = current()
      old.waiting.clear()
      memory.clear()
      callOffWrite?.()
      callOffWrite = null
      void onShelf(old, (opened, name) => opened.clear(name))
      // Nothing that is still being read comes in any more.
      stay = { ...old, used: new Map(), waiting: new Map(), versionsRead: new Set(), unversioned: new Set() }
      loading = null
    },
    reopen() {
      if (stay) void write(stay)
      memory.clear()
      stay = null
      loading = null
    },
    isOf(dataVersion) {
      const here = current()
      const known = [...here.versionsRead, ...(here.dataVersion === null ? [] : [here.dataVersion])]
      here.dataVersion = dataVersion
      if (known.some((one) => one !== dataVersion)) return false
      for (const question of here.unversioned) {
        const answer = memory.get(question)
        if (answer) keepAgain(question, answer, dataVersion)
      }
      here.unversioned.clear()
      return true
    },
    written: () => (stay ? write(stay) : work),
    get size() {
      current()
      return memory.size
    },
  }
}
