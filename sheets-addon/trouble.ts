/// <reference types="google-apps-script" />
/**
 * While the proxy is out of reach each formula would ask it, wait, and use up the day's requests: after a few failures in a row
 * nobody asks for a while. Kept in the document's cache, which is all that executions have in common.
 */
import { parseJson } from '../shared/parse-json.ts'
import { attempt } from './answer-cache.ts'

const KEY = 'trouble'
// After so many failures in a row; the last one again and again.
const PAUSES_S = [0, 0, 30, 60, 300]
const REMEMBERED_S = 900

export interface Trouble {
  isResting(): boolean
  failed(): void
  passed(): void
}

export function createTrouble(cache: GoogleAppsScript.Cache.Cache, now: () => number): Trouble {
  const { failures, until } = read(attempt(() => cache.get(KEY)))
  return {
    isResting: () => until > now(),
    failed() {
      const pauseS = PAUSES_S[Math.min(failures, PAUSES_S.length - 1)]!
      const next = { failures: failures + 1, until: now() + pauseS * 1000 }
      attempt(() => cache.put(KEY, JSON.stringify(next), REMEMBERED_S))
    },
    passed() {
      if (failures > 0) attempt(() => cache.remove(KEY))
    },
  }
}

function read(text: string | null): { failures: number; until: number } {
  const kept = parseJson(text ?? '') as { failures: number; until: number } | undefined
  return kept ?? { failures: 0, until: 0 }
}
