/// <reference types="google-apps-script" />
/**
 * While the proxy is out of reach each formula would ask it, wait, and use up the day's requests: after a few failures in a row
 * nobody asks for a while. Kept in the document's cache, which is all that executions have in common.
 */
import { parseJson } from '../shared/parse-json.ts'
import type { AnswerError } from '../shared/protocol.ts'
import { attempt } from './answer-cache.ts'

const KEY = 'trouble'
// After so many failures in a row; the last one again and again.
const PAUSES_S = [0, 0, 30, 60, 300]
const REMEMBERED_S = 900

export interface Trouble {
  /** Why nobody asks just now; null: ask. */
  resting(): AnswerError | null
  failed(error: AnswerError): void
  passed(): void
}

export function createTrouble(cache: GoogleAppsScript.Cache.Cache, now: () => number): Trouble {
  const { failures, until, error } = read(attempt(() => cache.get(KEY)))
  return {
    resting: () => (until > now() ? error : null),
    failed(why) {
      const pauseS = PAUSES_S[Math.min(failures, PAUSES_S.length - 1)]!
      const next = { failures: failures + 1, until: now() + pauseS * 1000, error: why }
      attempt(() => cache.put(KEY, JSON.stringify(next), REMEMBERED_S))
    },
    passed() {
      if (failures > 0) attempt(() => cache.remove(KEY))
    },
  }
}

interface Kept {
  failures: number
  until: number
  error: AnswerError | null
}

function read(text: string | null): Kept {
  return (parseJson(text ?? '') as Kept | undefined) ?? { failures: 0, until: 0, error: null }
}
