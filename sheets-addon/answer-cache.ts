/// <reference types="google-apps-script" />
/**
 * Answers in the document's cache, for at most the six hours that Google keeps anything. Google recalculates when a spreadsheet is
 * opened or a row is inserted: from here that costs no request. The cache holds a thousand entries, so what a large range asked lies in
 * pieces of some thirty answers. It is best effort by its own terms, may lose entries at any time, and what it refuses is asked for again.
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

/** So few lie alone, where another formula finds them too. */
const ALONE_MAX = 32

export interface AskedAnswer {
  /** As of `questionKey`. */
  question: string
  fn: FunctionName
  args: readonly CellValue[]
}

export interface AnswerCache {
  /** @returns the answers that are there, by question. */
  read(asked: readonly AskedAnswer[]): Map<string, CellAnswer>
  /** @param asked the same as were read; those without an answer are left out. */
  keep(asked: readonly AskedAnswer[], answers: ReadonlyMap<string, CellAnswer>): void
}

/** What lies under one key: for each question of the piece in turn, until when its answer holds, and the answer. */
type KeptPiece = ([until: number, answer: CellAnswer] | null)[]

/** @param scope whose answers, in which language, from which data: another one's are not found. */
export function createAnswerCache(cache: GoogleAppsScript.Cache.Cache, scope: string, now: () => number): AnswerCache {
  const keyOf = (piece: readonly AskedAnswer[]): string => {
    const key = `a ${scope} ${piece.map(({ question }) => question).join('\n')}`
    return key.length <= KEY_CHARACTERS_MAX ? key : `a ${digest(key)}`
  }

  // Of what was read: it holds no longer for being kept again beside others.
  const held = new Map<string, number>()

  return {
    read(asked) {
      const pieces = piecesOf(asked).map((piece) => ({ piece, key: keyOf(piece) }))
      const kept = attempt(() => cache.getAll(pieces.map(({ key }) => key))) ?? {}
      const answers = new Map<string, CellAnswer>()
      for (const { piece, key } of pieces) {
        const found = parseJson(kept[key] ?? '') as KeptPiece | undefined
        for (const [at, { question }] of piece.entries()) {
          const one = found?.[at]
          if (!one || one[0] <= now()) continue
          held.set(question, one[0])
          answers.set(question, one[1])
        }
      }
      return answers
    },

    keep(asked, answers) {
      const bySeconds = new Map<number, Record<string, string>>()
      for (const piece of piecesOf(asked)) {
        const kept = piece.map(({ question, fn, args }): KeptPiece[number] => {
          const answer = answers.get(question)
          if (!answer) return null
          const until = held.get(question) ?? now() + rememberMs(fn, args, answer)
          return until > now() ? [until, answer] : null
        })
        const until = Math.max(...kept.map((one) => one?.[0] ?? 0))
        const seconds = Math.min(SECONDS_MAX, Math.floor((until - now()) / 1000))
        const text = JSON.stringify(kept)
        // A character may take three bytes.
        if (seconds < 1 || text.length * 3 > VALUE_BYTES_MAX) continue
        const entries = bySeconds.get(seconds) ?? {}
        bySeconds.set(seconds, entries)
        entries[keyOf(piece)] = text
      }
      for (const [seconds, entries] of bySeconds) attempt(() => cache.putAll(entries, seconds))
    },
  }
}

/**
 * Which of them lie together. Decided by each text alone: a row more in a range, or the same rows in another order, leave all pieces but
 * one as they were.
 */
function piecesOf(asked: readonly AskedAnswer[]): AskedAnswer[][] {
  if (asked.length <= ALONE_MAX) return asked.map((one) => [one])
  const count = 2 ** Math.ceil(Math.log2(asked.length / ALONE_MAX))
  const pieces = Array.from({ length: count }, (): AskedAnswer[] => [])
  for (const one of asked) pieces[spreadOf(one.question) % count]!.push(one)
  for (const piece of pieces) piece.sort((a, b) => (a.question < b.question ? -1 : 1))
  return pieces.filter(({ length }) => length > 0)
}

/** FNV-1a: the same number for the same text. Google's own digests take a call of a service each. */
function spreadOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  // Its low bits alone are spread badly.
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A cache that fails is a cache without the entry. */
export function attempt<Result>(use: () => Result): Result | null {
  try {
    return use()
  } catch {
    return null
  }
}
