/** The classifier: a description in, ranked subheadings with calibrated chances out. No network, no clock, no chance. */
import { chanceOf, type CalibrationCurve } from './calibration.ts'
import { featuresOf, WORD_WEIGHT, type Features } from './features.ts'
import type { Lexicon } from './lexicon.ts'
import { missingFact, type MissingFact } from './missing-fact.ts'
import type { Model } from './model.ts'
import { canonicalText } from './tokens.ts'
import { listsDifferentGoods, vagueReason, type GoodsGuess, type VagueReason } from './vague.ts'
import { createWeigher, type Weighed, type Weigher } from './weigh.ts'

/** What is said beside the description; empty and absent are the same. */
export interface DescriptionFacts {
  material?: string
  use?: string
  gender?: string
  category?: string
}

export interface ScoredCode {
  code: string
  /** Calibrated chance of being right at the depth of the code, 0–1. */
  score: number
}

export interface ClassifiedDescription {
  /** Subheadings, best first, at most ten; empty when nothing of the text is known. */
  candidates: ScoredCode[]
  /** Headings, best first, at most five. The best one need not be the best subheading's. */
  headings: ScoredCode[]
  /** Words of the description that spoke for the best subheading, strongest first, at most four. */
  words: string[]
  /** Why the text names no goods at all; the candidates are then guesses. */
  vague: VagueReason | null
  /** The kind of fact that would part the best subheading from its rival; null where it has none worth naming. */
  missing: MissingFact | null
}

export interface Classifier {
  /** Never fails: any text has an answer, if an empty one. The same text has the same answer on every machine. */
  classify(description: string, facts?: DescriptionFacts): ClassifiedDescription
}

const CANDIDATES_MAX = 10
const HEADINGS_MAX = 5
const WORDS_MAX = 4
// Far above what a cell may hold: bounds the work that a caller without that limit can ask for.
const CHARACTERS_READ_MAX = 2000
// A word is named when it spoke at least this much of what the strongest did.
const WORD_SHARE_MIN = 0.1
// A rival with less than this of the best one's chance is none: the fact would be asked for a code nobody believes.
const RIVAL_SHARE_MIN = 0.1

/** @param labels of the lexicon the model was trained on. */
export function createClassifier(model: Model, labels: Pick<Lexicon, 'label'>): Classifier {
  const weigher = createWeigher(model)
  const { calibration } = model

  const guessGoods = (part: string): GoodsGuess | null => {
    const { vector, headings } = weigher.weigh(featuresOf(part), 1, HEADINGS_MAX)
    if (vector.ids.length === 0) return null
    const chapter = headings[0]!.code.slice(0, 2)
    const chance = scored(headings, calibration.heading)
      .filter(({ code }) => code.startsWith(chapter))
      .reduce((sum, { score }) => sum + score, 0)
    return { chapter, chance }
  }

  return {
    classify(description, facts = {}) {
      const typed = description.slice(0, CHARACTERS_READ_MAX).normalize('NFC')
      const own = canonicalText(typed)
      const features = featuresOf(withFacts(own, facts))
      const weighed = weigher.weigh(features, CANDIDATES_MAX, HEADINGS_MAX)
      const vague =
        vagueReason(own, features.tokens, (at) => isKnown(features, weighed, at)) ??
        (listsDifferentGoods(own, guessGoods) ? 'mixed-goods' : null)
      if (weighed.vector.ids.length === 0) return { candidates: [], headings: [], words: [], vague, missing: null }

      const candidates = scored(weighed.subheadings, calibration.subheading)
      const headings = scored(weighed.headings, calibration.heading)
      return {
        candidates,
        headings,
        words: decidingWords(weigher, features, weighed, typed),
        vague,
        missing: missingBetween(candidates, labels, features),
      }
    },
  }
}

/** Chances, best first, that add up to 1 at most: each is measured by itself, so rivals share what the best one leaves. */
function scored(found: readonly { code: string; belief: number }[], curve: CalibrationCurve): ScoredCode[] {
  const chances = found.map(({ belief }) => chanceOf(curve, belief))
  const [best = 0, ...rivals] = chances
  const rivalSum = rivals.reduce((sum, chance) => sum + chance, 0)
  const share = best + rivalSum > 1 ? (1 - best) / rivalSum : 1
  return found.map(({ code }, at) => ({ code, score: at === 0 ? best : chances[at]! * share }))
}

/** Facts follow the description as segments of their own: they add their words, and a noun only where it has none. */
function withFacts(description: string, { material, use, gender, category }: DescriptionFacts): string {
  const parts = [description, material, gender, category].filter(Boolean)
  return canonicalText([...parts, use ? `goods for ${use}` : ''].filter(Boolean).join(' ; '))
}

/** Whether the model has seen the word of a token, not just its first or last letters. */
function isKnown({ tokens, weights, firsts, lasts }: Features, { vector }: Weighed, token: number): boolean {
  const { kind, text } = tokens[token]!
  if (kind === 'unit' || kind === 'grade') return false
  // 鞋 is a word; of a longer run, single characters say no more than letters do.
  const isSingleHan = kind === 'han' && text.length === 1
  return vector.sources.some(
    (at) => firsts[at] === token && lasts[at] === token && (isSingleHan || weights[at] === WORD_WEIGHT),
  )
}

/** @param typed the description as positions count it, before its letters were made narrow. */
function decidingWords(
  weigher: Weigher,
  features: Features,
  { vector, subheadings }: Weighed,
  typed: string,
): string[] {
  const added = new Map<string, number>()
  for (const [at, logit] of weigher.contributions(features, vector, subheadings[0]!.code).entries()) {
    const { text, start } = features.tokens[at]!
    if (start >= typed.length || logit <= 0) continue
    const word = typed.slice(start, start + text.length)
    added.set(word, (added.get(word) ?? 0) + logit)
  }
  const strongest = Math.max(...added.values())
  return [...added]
    .filter(([, logit]) => logit >= strongest * WORD_SHARE_MIN)
    .sort(([, one], [, other]) => other - one)
    .slice(0, WORDS_MAX)
    .map(([word]) => word)
}

/** The rival is the next one of the same heading, or the next one at all. */
function missingBetween(
  [best, ...others]: readonly ScoredCode[],
  labels: Pick<Lexicon, 'label'>,
  { tokens }: Features,
): MissingFact | null {
  if (!best) return null
  const rivals = others.filter(({ score }) => score > best.score * RIVAL_SHARE_MIN)
  const rival = rivals.find(({ code }) => code.slice(0, 4) === best.code.slice(0, 4)) ?? rivals[0]
  if (!rival) return null
  const ownLabel = labels.label(best.code, 'en')
  const rivalLabel = labels.label(rival.code, 'en')
  return ownLabel === null || rivalLabel === null ? null : missingFact(ownLabel, rivalLabel, tokens)
}
