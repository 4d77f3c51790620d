/**
 * A cell's question, read and routed once: a sheet that recalculates asks the same again, and reading a question costs several times
 * what looking its answer up does.
 */
import { LRUCache } from 'lru-cache'
import { BLANK, parseAsk, type Ask } from '../../shared/ask.ts'
import { isFailure, type Failure } from '../../shared/error-codes.ts'
import type { Language } from '../../shared/language.ts'
import type { Question } from '../../shared/protocol.ts'
import type { Registry } from '../providers/registry.ts'
import { placeOf, type Remembered } from './cache.ts'
import type { Printed } from './print-answer.ts'
import { route, type ProviderAsk, type Wanted } from './route.ts'

export interface RoutedQuestion {
  ask: ProviderAsk
  wanted: Wanted
  /** Where memory holds its reply. */
  place: string
  /** How it was answered last, and from what; null until memory has answered it. */
  lastPrinted: { remembered: Remembered; language: Language; printed: Printed } | null
}

export type ReadQuestion = (
  workspaceId: string,
  question: Question,
) => RoutedQuestion | { ask: Exclude<Ask, ProviderAsk> } | Failure | typeof BLANK

// About 15 MB.
const QUESTIONS_KEPT = 10_000
const DAY_MS = 24 * 3600 * 1000

/** Editions stay what they are for a day, connections for a generation, a workspace's memory until it says otherwise: so long a
 * question is routed the same. */
export function createReadQuestion(registry: Registry, now: () => number): ReadQuestion {
  const kept = new LRUCache<string, RoutedQuestion>({ max: QUESTIONS_KEPT })
  let keptOn = { day: 0, generation: 0 }
  // Told when it happens, so that looking at what memory holds costs no question anything.
  registry.onApproved((workspaceId) => {
    if (workspaceId === null) return kept.clear()
    for (const text of kept.keys()) if (text.startsWith(`${workspaceId} `)) kept.delete(text)
  })
  return (workspaceId, { fn, args }) => {
    const day = Math.floor(now() / DAY_MS)
    const generation = registry.generation()
    if (day !== keptOn.day || generation !== keptOn.generation) {
      kept.clear()
      keptOn = { day, generation }
    }
    const text = textOf(workspaceId, fn, args)
    const known = kept.get(text)
    if (known) return known

    const ask = parseAsk(fn, args)
    if (ask === BLANK || isFailure(ask)) return ask
    if (ask.fn === 'HSFORMAT' || ask.fn === 'HSPOINTS') return { ask }
    const wanted = route(registry, workspaceId, ask)
    if (isFailure(wanted)) return wanted
    const routed = { ask, wanted, place: placeOf(workspaceId, wanted.inquiry.key), lastPrinted: null }
    kept.set(text, routed)
    return routed
  }
}

/** One text for one question. With their lengths before them texts need no quoting: JSON took three times as long. */
function textOf(workspaceId: string, fn: string, args: Question['args']): string {
  let text = `${workspaceId} ${fn.length}:${fn}`
  for (const arg of args) text += typeof arg === 'string' ? `${arg.length}:${arg}` : `${arg};`
  return text
}
