/** Texts that name no goods, or too many: for these the right answer is the question what is missing. */
import { headOf } from './features.ts'
import { canonicalText, tokensOf, type Token } from './tokens.ts'
import { CONTAINERS_SOLD, EMPTY_WORDS, PART_WORDS } from './words/vague-words.ts'
import { COLOUR_WORDS, SIZE_WORDS } from './words/noise-words.ts'

export type VagueReason = 'part-of-what' | 'what-goods' | 'unknown-words' | 'mixed-goods'

const LETTER = /\p{L}/u

/**
 * What is missing by the words alone.
 * @param isKnown whether the model has seen a token's word.
 */
export function vagueReason(
  text: string,
  tokens: readonly Token[],
  isKnown: (at: number) => boolean,
): VagueReason | null {
  // "new items" leaves no token: every word of it is shop talk.
  if (tokens.length === 0) return LETTER.test(text) ? 'what-goods' : 'unknown-words'
  const naming = tokens.filter((token) => !isEmpty(token))
  if (naming.every(({ kind }) => kind === 'material') && tokens.some(({ word }) => PART_WORDS.has(word))) {
    return 'part-of-what'
  }
  if (naming.length === 0 && tokens.some(({ kind }) => kind !== 'unit' && kind !== 'grade')) return 'what-goods'
  return tokens.some((token, at) => !isEmpty(token) && isKnown(at)) ? null : 'unknown-words'
}

/** Whether a token cannot name goods by itself. */
function isEmpty({ kind, word, stem }: Token): boolean {
  if (kind === 'unit' || kind === 'grade') return true
  if (CONTAINERS_SOLD.has(word)) return false
  if (PART_WORDS.has(word) || EMPTY_WORDS.has(word) || EMPTY_WORDS.has(stem)) return true
  return kind === 'weak' && (COLOUR_WORDS.has(word) || SIZE_WORDS.has(word) || OCCASION_WORDS.has(word))
}

// Beside a gift they only say which: "birthday gift set for women".
const OCCASION_WORDS = new Set(
  (
    'birthday christmas xmas wedding valentine easter halloween holiday party men women man woman boy girl boys girls kids kid ' +
    'child children baby unisex adult mens womens ladies set sets pack packs kit kits pair pairs unit units lot various random ' +
    'assorted mixed mystery free house home used personalised personalized custom limited edition special unique type model'
  ).split(' '),
)

export interface GoodsGuess {
  chapter: string
  /** Calibrated chance of that chapter, by its best headings. */
  chance: number
}

// Likelier goods than not, each by itself.
const CHANCE_MIN = 0.5
const WORDS_OF_GOODS_MAX = 3
// Two would be "salt and pepper mill" as often as two goods.
const GOODS_MIN = 3
const GOODS_MAX = 8
const JOINTS = /\s*(?:[,;、，；]|\s[&+]\s|\/|\band\b|\bet\b|和|及)\s*/iu

/**
 * Whether a text lists different goods: "shoes, bag and phone". A title's commas mostly part attributes, so there must be three
 * short parts or more, every one of which is likely goods by its noun, from three chapters at least.
 * @param guess what a part would be taken for alone.
 */
export function listsDifferentGoods(text: string, guess: (part: string) => GoodsGuess | null): boolean {
  const parts = text.split(JOINTS).filter((part) => part !== '')
  if (parts.length < GOODS_MIN || parts.length > GOODS_MAX) return false
  const chapters = new Set<string>()
  for (const part of parts) {
    const tokens = tokensOf(canonicalText(part))
    const head = headOf(tokens)
    if (tokens.length > WORDS_OF_GOODS_MAX || head === null || tokens[head]!.kind !== 'word') return false
    const goods = guess(part)
    if (goods === null || goods.chance < CHANCE_MIN) return false
    chapters.add(goods.chapter)
  }
  return chapters.size >= GOODS_MIN
}
