/// <reference types="google-apps-script" />
/**
 * Answers in the document's cache, for at most the six hours that Google keeps anything. Google recalculates when a spreadsheet is
 * opened or a row is inserted: from here that costs no request. The cache is best effort by its own terms, may lose entries at any
 * time, and what it refuses is asked for again.
 */
import { rememberMs, type CellAnswer } from '../shared/cell-answer.ts'
import type { FunctionName } from '../shared/functions.ts'
import { parseJson } from '../shared/parse-json.ts'
import type { CellValue } from '../shared/tariff-code.ts'
import { digest } from './digest.ts'

// Google's own limits.
const SECONDS_MAX = 21_600
const KEY_CHARACTERS_MAX = 250
const VALUE_BYTES_MAX = 100_000

export interface AnswerCache {
  /** @param questions keys as of `questionKey`. */
  read(questions: readonly string[]): Map<string, CellAnswer>
  keep(answers: readonly { question: string; fn: FunctionName; args: readonly CellValue[]; answer: CellAnswer }[]): void
}

/** @param scope whose answers, in which language, from which data: another one's are not found. */
export function createAnswerCache(cache: GoogleAppsScript.Cache.Cache, scope: string): AnswerCache {
  const keyOf = (question: string): string => {
    const key = `a ${scope} ${question}`
    return key.length <= KEY_CHARACTERS_MAX ? key : `a ${digest(key)}`
  }

  return {
    read(questions) {
      const found = new Map<string, CellAnswer>()
      const kept = attempt(() => cache.getAll(questions.map(keyOf))) ?? {}
      for (const question of questions) {
        const answer = parseJson(kept[keyOf(question)] ?? '')
        if (answer !== undefined) found.set(question, answer as CellAnswer)
      }
      return found
    },

    keep(answers) {
      const bySeconds = new Map<number, Record<string, string>>()
      for (const { question, fn, args, answer } of answers) {
        const seconds = Math.min(SECONDS_MAX, Math.floor(rememberMs(fn, args, answer) / 1000))
        const text = JSON.stringify(answer)
        // A character may take three bytes.
        if (seconds < 1 || text.length * 3 > VALUE_BYTES_MAX) continue
        const entries = bySeconds.get(seconds) ?? {}
        bySeconds.set(seconds, entries)
        entries[keyOf(question)] = text
      }
      for (const [seconds, entries] of bySeconds) attempt(() => cache.putAll(entries, seconds))
    },
  }
}

/** A cache that fails is a cache without the entry. */
export function attempt<Result>(use: () => Result): Result | null {
  try {
    return use()
  } catch {
    return null
  }
}
