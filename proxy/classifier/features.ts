/**
 * Text → features: what the model weighs. A feature is a 32-bit fingerprint of its block and its letters; 200,000 features in
 * 2^32 places leave some five pairs that share one, too few to measure.
 */
import { canonicalText, tokensOf, type Token } from './tokens.ts'

export interface Features {
  tokens: readonly Token[]
  /** Different fingerprints, in the order of the text. */
  fingerprints: number[]
  /** Weight of each feature's block, before rarity and norm. */
  weights: number[]
  /** Positions in `tokens` of the first and last token of each feature. */
  firsts: number[]
  lasts: number[]
}

/** Weight of the features that are a word, not an aspect of one. */
export const WORD_WEIGHT = 1

/** The kinds of features. The number seeds the fingerprint, so a block that is renumbered makes every model unreadable. */
const BLOCKS = {
  word: { seed: 0x1, weight: WORD_WEIGHT },
  without: { seed: 0x2, weight: 0.6 },
  host: { seed: 0x3, weight: 0.6 },
  hosted: { seed: 0x4, weight: 0.6 },
  bigram: { seed: 0x5, weight: 0.6 },
  head: { seed: 0x6, weight: 0.6 },
  headPair: { seed: 0x7, weight: 0.6 },
  start4: { seed: 0x8, weight: 0.5 },
  start6: { seed: 0x9, weight: 0.5 },
  end4: { seed: 0xa, weight: 0.5 },
  end6: { seed: 0xb, weight: 0.5 },
  hanSingle: { seed: 0xc, weight: 0.5 },
  hanPair: { seed: 0xd, weight: WORD_WEIGHT },
  unit: { seed: 0xe, weight: 0.5 },
  grade: { seed: 0xf, weight: 0.6 },
  hanTriple: { seed: 0x10, weight: 0.6 },
  hanEnd: { seed: 0x11, weight: 0.6 },
} as const

type Block = keyof typeof BLOCKS

const AFFIX4_LETTERS_MIN = 5
const AFFIX6_LETTERS_MIN = 7

/** Features of a description. Never fails: a text without letters has none. */
export function featuresOf(text: string): Features {
  const tokens = tokensOf(canonicalText(text))
  const list = new FeatureList(tokens)
  const hasHost = tokens.some(({ role }) => role === 'host')
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'han') list.addHan(token.stem, at)
    else if (token.kind === 'unit') list.add('unit', token.stem, at)
    else if (token.role === 'without') list.add('without', token.stem, at)
    else list.addWord(tokens, at, hasHost)
  }
  list.addHead(headOf(tokens))
  return list
}

class FeatureList implements Features {
  readonly tokens: readonly Token[]
  readonly fingerprints: number[] = []
  readonly weights: number[] = []
  readonly firsts: number[] = []
  readonly lasts: number[] = []
  private readonly known = new Set<number>()

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  add(block: Block, letters: string, first: number, last = first): void {
    const fingerprint = fingerprintOf(block, letters)
    if (this.known.has(fingerprint)) return
    this.known.add(fingerprint)
    this.fingerprints.push(fingerprint)
    this.weights.push(BLOCKS[block].weight)
    this.firsts.push(first)
    this.lasts.push(last)
  }

  addWord(tokens: readonly Token[], at: number, hasHost: boolean): void {
    const { stem, role, kind, isAdjacent } = tokens[at]!
    this.add(kind === 'grade' ? 'grade' : 'word', stem, at)
    if (role === 'host') this.add('host', stem, at)
    else if (hasHost && role === 'goods') this.add('hosted', stem, at)
    const before = tokens[at - 1]
    if (isAdjacent && before && before.kind !== 'han' && before.kind !== 'unit') {
      this.add('bigram', `${before.stem} ${stem}`, at - 1, at)
    }
    if (kind !== 'grade') this.addAffixes(stem, at)
  }

  private addAffixes(stem: string, at: number): void {
    if (stem.length < AFFIX4_LETTERS_MIN) return
    this.add('start4', stem.slice(0, 4), at)
    this.add('end4', stem.slice(-4), at)
    if (stem.length < AFFIX6_LETTERS_MIN) return
    this.add('start6', stem.slice(0, 6), at)
    this.add('end6', stem.slice(-6), at)
  }

  addHan(run: string, at: number): void {
    const characters = Array.from(run)
    for (const [position, character] of characters.entries()) {
      this.add('hanSingle', character, at)
      if (position > 0) this.add('hanPair', characters[position - 1]! + character, at)
      if (position > 1) this.add('hanTriple', characters.slice(position - 2, position + 1).join(''), at)
    }
    // Chinese names the goods last: 自行车坐垫 is a saddle.
    if (characters.length > 1) this.add('hanEnd', characters.slice(-2).join(''), at)
  }

  addHead(at: number | null): void {
    if (at === null) return
    const { stem, isAdjacent } = this.tokens[at]!
    this.add('head', stem, at)
    const before = this.tokens[at - 1]
    if (isAdjacent && before) this.add('headPair', `${before.stem} ${stem}`, at - 1, at)
  }
}

/** The noun: the last word of the first segment that has one; failing that a material, then whatever there is. */
export function headOf(tokens: readonly Token[]): number | null {
  for (const wanted of ['word', 'material', 'weak']) {
    const first = tokens.find(({ kind, role }) => kind === wanted && role === 'goods')
    if (first) {
      return tokens.findLastIndex(({ kind, segment }) => kind === wanted && segment === first.segment)
    }
  }
  return null
}

/** FNV-1a over UTF-16 units, then a finaliser: without it short texts differ in their low bits only. */
function fingerprintOf(block: Block, letters: string): number {
  let hash = 0x811c9dc5 ^ Math.imul(BLOCKS[block].seed, 0x9e3779b1)
  for (let at = 0; at < letters.length; at++) hash = Math.imul(hash ^ letters.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
